# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestComputedAttacks(PriceCommon):
    """What follows from documents, and limits are judged by, is written by nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.unlimited = False
        cls.biller = cls._create_user("jxc_biller", "account.group_account_invoice")
        cls.pricing = cls._create_user(
            "jxc_pricing", "sales_team.group_sale_manager,product.group_product_manager"
        )
        cls.shell = cls.env["res.partner"].create({"name": "Shell"})

    def _invoice(self, amount, **line):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2024-01-01",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "W", "price_unit": amount, "tax_ids": False, **line}
                    )
                ],
            }
        )

    def _owed(self, move):
        return move.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )

    def test_open_amounts(self):
        invoice = self._invoice(900)
        invoice.action_post()
        item = self._owed(invoice).with_user(self.biller)
        for values in (
            {"amount_residual": 0},
            {"amount_residual_currency": 0},
            {"reconciled": True},
            {"parent_state": "draft"},
            {"company_id": False},
        ):
            with self.subTest(values=values), suppress(AccessError):
                item.write(values)
            with self.subTest(values=values), suppress(UserError):
                command = Command.update(item.id, values)
                invoice.with_user(self.biller).write({"line_ids": [command]})
            self.env.invalidate_all()
            self.assertEqual(self._exposure(), 900)

    def test_invoice_that_somebody_else_owes(self):
        invoice = self._invoice(5000).with_user(self.biller)
        with suppress(AccessError):
            invoice.commercial_partner_id = self.shell
        with self.assertRaises(UserError):
            invoice.action_post()

    def test_amount_of_what_is_billed_beside_an_order(self):
        order = self._create_order(1)
        order.action_confirm()
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.invoice_line_ids = [
            Command.create({"name": "W", "price_unit": 5000, "tax_ids": False})
        ]
        own = invoice.with_user(self.biller)
        line = own.invoice_line_ids.filtered(lambda one: not one.sale_line_ids)
        with suppress(AccessError):
            line.write({"price_total": 0, "price_subtotal": 0})
        with self.assertRaises(UserError):
            own.action_post()

    def test_goods_that_have_a_lowest_price(self):
        template = self.product.product_tmpl_id
        template.jxc_min_price = 90
        self._set_action("block")
        for record in (template, self.product):
            with suppress(AccessError):
                record.with_user(self.pricing).jxc_has_min_price = False
        self.account.unlimited = True
        order = self._order(1, 50)
        with self.assertRaisesRegex(UserError, "below the lowest price"):
            order.action_confirm()
