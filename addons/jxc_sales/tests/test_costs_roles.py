# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools.costs import CLOSED
from .price_common import PriceCommon

#: Roles that sellers may have beside, none of which works with costs.
ROLES = (
    "stock.group_stock_user",
    "account.group_account_invoice",
    "account.group_account_basic",
    "jxc_stock.group_stock_counter",
    "jxc_base.group_credit_manager",
    "jxc_purchase.group_purchase_requester",
    "jxc_sales.group_price_manager",
    "stock.group_stock_user,account.group_account_invoice",
)
#: Fields that tell what goods cost.
OWN_CLOSED = {
    "product.product": ["standard_price", "avg_cost", "total_value"],
    "product.template": ["standard_price"],
    "product.supplierinfo": ["price", "price_discounted", "discount"],
    "stock.lot": ["standard_price", "avg_cost", "total_value"],
    "stock.quant": ["value"],
    "stock.move": [
        "value",
        "value_manual",
        "value_justification",
        "value_computed_justification",
        "standard_price",
        "price_unit",
        "remaining_value",
    ],
    "stock.move.line": ["jxc_lot_cost"],
    "sale.order": ["jxc_margin_amount", "jxc_margin_percent"],
    "sale.order.line": ["jxc_margin_percent"],
    "jxc.stock.ledger": ["value"],
    "jxc.stock.overview": ["value"],
    "jxc.stock.count": ["gain_value", "loss_value", "variance_value"],
    "jxc.stock.count.line": ["unit_cost", "difference_value"],
    "jxc.stock.ledger.report.line": [
        "opening_value",
        "in_value",
        "out_value",
        "closing_value",
        "adjust_value",
        "average_value",
        "turnover_value_rate",
    ],
    "jxc.price.exception": ["margin_percent"],
    "jxc.sale.analysis": ["cost", "margin", "margin_rate"],
    "jxc.sale.ranking.line": ["margin", "margin_rate"],
}

#: Where a field comes from another addon than its model.
ADDED_BY = {
    "suggest_estimated_price": "purchase_stock",
    "price_total_cc": "purchase_requisition",
    "jxc_budget_hint": "jxc_purchase",
    "jxc_price_increase_percent": "jxc_purchase",
    "jxc_budget_available": "jxc_purchase",
    "jxc_called_amount": "jxc_purchase",
    "jxc_quoted_price": "jxc_purchase",
}


def closed_fields(env):
    """(model, field) of all that is closed; unknown ones of addons that are there, too.

    A name that nothing has any more would be found closed for ever.
    """
    elsewhere = [(closed.model, closed.fields) for closed in CLOSED]
    for model, names in (*OWN_CLOSED.items(), *elsewhere):
        for name in names if model in env else ():
            addon = ADDED_BY.get(name)
            if addon is None or addon in env.registry._init_modules:
                yield model, name


class CostsRolesCommon(PriceCommon):
    """Sellers with second roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.standard_price = 61.5
        cls.purchases = cls.company_data["default_journal_purchase"]
        cls.sellers = cls.env["res.users"]
        for role in ROLES:
            groups = [name for name in role.split(",") if cls.env.ref(name, False)]
            if groups:
                cls.sellers += cls._create_user(
                    f"jxc_{role}",
                    ",".join(
                        [
                            "sales_team.group_sale_manager",
                            "base.group_allow_export",
                            *groups,
                        ]
                    ),
                )

    def _user(self, role, base="sales_team.group_sale_manager"):
        return self._create_user(f"jxc_user_{role}", f"{base},{role}")


@tagged("post_install", "-at_install")
class TestCostsRoles(CostsRolesCommon):
    """Who sells sees no costs, whatever he does beside that works without them."""

    def test_names_are_those_of_fields(self):
        for model, name in closed_fields(self.env):
            with self.subTest(model=model):
                self.assertIn(name, self.env[model]._fields)

    def test_no_field(self):
        closed = list(closed_fields(self.env))
        self.assertGreater(len(closed), 25)
        for user in self.sellers:
            for name, field in closed:
                model = self.env[name].with_user(user)
                with self.subTest(user=user.login, model=name, field=field):
                    self.assertFalse(
                        model._has_field_access(model._fields[field], "read")
                    )
                    self.assertNotIn(field, model.fields_get())
                    for attempt in (
                        lambda m=model, n=field: m.search_read([], [n], limit=1),
                        lambda m=model, n=field: m.web_search_read([], {n: {}}),
                        lambda m=model, n=field: m.export_data([n]),
                        lambda m=model, n=field: m.read([n]),
                    ):
                        if model._abstract:
                            continue
                        try:
                            told = attempt()
                        except AccessError:
                            continue
                        self.assertFalse(told.get("datas") if told else told)

    def test_no_oracle(self):
        """Domains, orders and groups over what is closed say nothing."""
        for user in self.sellers:
            for name, field in closed_fields(self.env):
                model = self.env[name].with_user(user)
                if model._abstract or not model._fields[field].store:
                    continue
                for attempt in (
                    lambda m=model, n=field: m.search_count([(n, ">", 0)]),
                    lambda m=model, n=field: m.search([], order=n, limit=1),
                    lambda m=model, n=field: m.formatted_read_group(
                        [], [], [f"{n}:max"]
                    ),
                ):
                    with self.subTest(user=user.login, model=name, field=field):
                        # Nothing at all where he may read not one record.
                        try:
                            told = attempt()
                        except AccessError:
                            continue
                        if isinstance(told, list):
                            told = [group[f"{field}:max"] for group in told]
                            told = any(told)
                        self.assertFalse(told)

    def test_no_report(self):
        """The report on the value of stock is public to RPC: it says nothing."""
        for user in self.sellers:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["stock_account.stock.valuation.report"].with_user(
                    user
                ).get_report_values()

    def _bill(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-05",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 61.5,
                            "quantity": 1,
                        }
                    )
                ],
            }
        )
        bill.action_post()
        return bill

    def test_no_vendor_bill(self):
        bill = self._bill()
        for user in self.sellers:
            if not self.env["account.move"].with_user(user).has_access("read"):
                continue
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                Moves = self.env["account.move"].with_user(user)
                self.assertFalse(Moves.search([("id", "=", bill.id)]))
                with self.assertRaises(AccessError):
                    bill.with_user(user).read(["amount_total"])
                Lines = self.env["account.move.line"].with_user(user)
                self.assertFalse(Lines.search([("move_id", "=", bill.id)]))
                with self.assertRaises(AccessError):
                    bill.line_ids.with_user(user).read(["price_unit"])
                Report = self.env["account.invoice.report"].with_user(user)
                if Report.has_access("read"):
                    self.assertFalse(Report.search([("move_id", "=", bill.id)]))
        clerk = self._user("account.group_account_invoice", "base.group_user")
        self.assertEqual(bill.with_user(clerk).amount_total, bill.amount_total)
        both = self._user("account.group_account_user")
        self.assertEqual(bill.with_user(both).amount_total, bill.amount_total)

    def test_no_entry_of_stock(self):
        general = self.company_data["default_journal_misc"]
        accounts = self.company_data["default_account_expense"]
        entry = self.env["account.move"].create(
            {
                "journal_id": general.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": accounts.id,
                            "product_id": self.product.id,
                            "balance": balance,
                        }
                    )
                    for balance in (61.5, -61.5)
                ],
            }
        )
        biller = self._user("account.group_account_invoice")
        Lines = self.env["account.move.line"].with_user(biller)
        self.assertFalse(Lines.search([("move_id", "=", entry.id)]))

    def test_who_needs_vendor_prices_has_them(self):
        """A clerk who sells nothing works with bills, and an accountant with all."""
        price = self.env["product.supplierinfo"]._fields["price"]
        value = self.env["stock.move"]._fields["value"]
        for role, sees in (
            ("account.group_account_invoice", (True, False)),
            ("stock.group_stock_user", (False, False)),
            ("stock.group_stock_manager", (True, True)),
            ("account.group_account_user", (True, True)),
            ("account.group_account_manager", (True, True)),
            ("account.group_account_readonly", (True, True)),
            ("jxc_base.group_see_costs", (True, True)),
        ):
            user = self._user(role, "base.group_user")
            told = tuple(
                self.env[field.model_name]
                .with_user(user)
                ._has_field_access(field, "read")
                for field in (price, value)
            )
            with self.subTest(role=role):
                self.assertEqual(told, sees)
                if role == "account.group_account_invoice":
                    user.group_ids += self.env.ref("sales_team.group_sale_salesman")
                    self.assertFalse(
                        price and user.has_group("jxc_sales.group_vendor_prices")
                    )
                    user.group_ids += self.env.ref("jxc_base.group_see_costs")
                    self.assertTrue(user.has_group("jxc_sales.group_vendor_prices"))
