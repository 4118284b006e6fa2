# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import os
from collections import Counter
from datetime import date, datetime
from random import Random

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install")
class PurchaseBudgetCommon(AccountTestInvoicingCommon):
    """A company with two categories, two vendors, products without taxes, and users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.currency = cls.company.currency_id
        cls.env.user.group_ids += cls.env.ref("jxc_base.group_budget_manager")
        cls.env.user.group_ids += cls.env.ref("purchase.group_purchase_manager")
        cls.env.user.group_ids += cls.env.ref("analytic.group_analytic_accounting")
        categories = cls.env["product.category"]
        cls.food = categories.create({"name": "Food"})
        cls.drinks = categories.create({"name": "Drinks", "parent_id": cls.food.id})
        cls.office = categories.create({"name": "Office"})
        cls.bread = cls._create_product_in(cls.food, "Bread")
        cls.juice = cls._create_product_in(cls.drinks, "Juice")
        cls.paper = cls._create_product_in(cls.office, "Paper")
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor A"})
        cls.other_vendor = cls.env["res.partner"].create({"name": "Vendor B"})
        plan = cls.env["account.analytic.plan"].create({"name": "Departments"})
        accounts = cls.env["account.analytic.account"]
        cls.shop = accounts.create({"name": "Shop", "plan_id": plan.id})
        cls.web = accounts.create({"name": "Web", "plan_id": plan.id})

    @classmethod
    def _create_product_in(cls, category, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": False,
                "categ_id": category.id,
                "standard_price": 10.0,
                "purchase_method": "purchase",
                "supplier_taxes_id": [Command.clear()],
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def _create_budget(cls, *lines, confirm=True, **values):
        """Create a budget for 2026 with lines given as dicts or planned amounts."""
        lines = [
            line if isinstance(line, dict) else {"amount_planned": line}
            for line in lines
        ]
        company = values.get("company_id", cls.company.id)
        budgets = cls.env["jxc.purchase.budget"]
        number = budgets.sudo().search_count([("company_id", "=", company)])
        budget = budgets.create(
            {
                "name": f"Budget {number}",
                "company_id": company,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 12, 31),
                "line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )
        if confirm:
            budget.action_confirm()
        return budget

    @classmethod
    def _create_order(cls, *lines, **values):
        """Create an RFQ of 2026-06-15; lines are ``(product, quantity, price)``.

        As if it came from another system: its date is the day of its budget.
        """
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "company_id": cls.company.id,
                "date_order": datetime(2026, 6, 15, 4, 0),
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                            **(extra[0] if extra else {}),
                        }
                    )
                    for product, quantity, price, *extra in lines
                ],
                **values,
            }
        )
        order.sudo().jxc_import_number = "T1"
        return order

    @classmethod
    def _create_bill(cls, order, quantities=None, price=None, refund=False):
        """Create a draft bill or refund of an order: ``{order line: quantity}``."""
        if quantities is None:
            quantities = {line: line.product_qty for line in order.order_line}
        return cls.env["account.move"].create(
            {
                "move_type": "in_refund" if refund else "in_invoice",
                "partner_id": order.partner_id.id,
                "company_id": order.company_id.id,
                "currency_id": order.currency_id.id,
                "invoice_date": date(2026, 6, 20),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_uom_id": line.product_uom_id.id,
                            "quantity": quantity,
                            "price_unit": line.price_unit if price is None else price,
                            "discount": line.discount,
                            "purchase_line_id": line.id,
                            "analytic_distribution": line.analytic_distribution,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for line, quantity in quantities.items()
                ],
            }
        )

    def _create_request(self, *lines, **values):
        """Create a draft request; lines are ``(product, quantity, price)``."""
        return self.env["jxc.purchase.request"].create(
            {
                "company_id": self.company.id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            **(extra[0] if extra else {}),
                        }
                    )
                    for product, quantity, price, *extra in lines
                ],
                **values,
            }
        )

    def _approve(self, requests):
        """Submit requests and have another manager approve them."""
        requests.action_submit()
        requests.with_user(self._second_manager()).action_approve()
        return requests

    def _play_seeds(self, seeds, play):
        """Play random events once for each seed, from the same start.

        A number in JXC_TEST_SEEDS plays so many other histories instead, for long runs.

        :param play: callable returning a Counter of what happened
        :return: the sum of what happened
        """
        happened = Counter()
        many = int(os.environ.get("JXC_TEST_SEEDS") or 0)
        for seed in range(1000, 1000 + many) if many else seeds:
            with self.subTest(seed=seed):
                savepoint = self.cr.savepoint()
                self.orders = self.env["purchase.order"]
                self.bills = self.env["account.move"]
                self.requests = self.env["jxc.purchase.request"]
                self.random = Random(seed)
                happened += play()
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)
        return happened

    def _second_manager(self):
        """Return somebody who may approve what the test's own user asked for."""
        user = self.env["res.users"].search([("login", "=", "second_manager")])
        return user or new_test_user(
            self.env,
            "second_manager",
            groups="purchase.group_purchase_manager,jxc_base.group_budget_manager",
            company_id=self.company.id,
        )

    def _give(self, line, amount):
        """Add an amount to a line of a confirmed budget; below zero: cut it.

        By the document that it takes, approved by somebody else.
        """
        addition = amount > 0
        change = self.env["jxc.purchase.budget.transfer"].create(
            {
                "kind": "addition" if addition else "cut",
                "company_id": line.company_id.id,
                "reason": "Needed",
                "line_ids": [
                    Command.create(
                        {
                            "line_to_id" if addition else "line_from_id": line.id,
                            "amount": abs(amount),
                        }
                    )
                ],
            }
        )
        change.action_submit()
        change.with_user(self._second_manager()).action_approve()

    def _loosen(self, line, **limits):
        """Let a line of a confirmed budget let more through, by the document for it."""
        change = self.env["jxc.purchase.budget.transfer"].create(
            {
                "kind": "control",
                "company_id": line.company_id.id,
                "reason": "Needed",
                "line_ids": [Command.create({"line_to_id": line.id, **limits})],
            }
        )
        change.action_submit()
        change.with_user(self._second_manager()).action_approve()
        return change

    def _order_request(self, request, quantities=None, **values):
        """Make one RFQ of an approved request: ``{request line: quantity}``."""
        wizard = self.env["jxc.purchase.request.order"].browse(
            request.action_create_orders()["res_id"]
        )
        for line in wizard.line_ids:
            line.vendor_id = self.vendor
            if quantities is not None:
                line.quantity = quantities.get(line.request_line_id, 0)
        known = request.line_ids.link_ids.order_line_id.order_id
        wizard.action_create()
        order = request.line_ids.link_ids.order_line_id.order_id - known
        order.write({"date_order": datetime(2026, 6, 15, 4, 0), **values})
        order.sudo().jxc_import_number = "T1"
        order.order_line.tax_ids = [Command.clear()]
        return order

    def assertAmounts(self, line, committed=0.0, actual=0.0, reserved=0.0):
        """Assert the amounts of a budget line, and that the ledger is right."""
        line.invalidate_recordset()
        self.assertAlmostEqual(line.amount_reserved, reserved, 2, "reserved")
        self.assertAlmostEqual(line.amount_committed, committed, 2, "committed")
        self.assertAlmostEqual(line.amount_actual, actual, 2, "actual")
        self.assertAlmostEqual(
            line.amount_available,
            line.amount_planned + line.amount_adjusted - reserved - committed - actual,
            2,
        )
        self.assertEqual(line.budget_id.action_recompute_check(), [])
