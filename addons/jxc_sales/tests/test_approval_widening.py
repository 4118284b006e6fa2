# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon

#: Not changed here: a confirmed order keeps its company and, with its price list, its
#: currency and the goods of its lines; lines below zero, the gaps to a minimum order
#: and to the terms of pre-sales and catch weight have tests of their own.
ELSEWHERE = {
    "company_id",
    "currency_id",
    "jxc_below_zero",
    "jxc_minimum_gap",
    "jxc_terms_gap",
}
LINES_ELSEWHERE = {"jxc_aux_qty", "product_id"}


@tagged("post_install", "-at_install")
class TestApprovalWidening(PriceCommon):
    """Whatever goes beyond what was approved is approved again, field by field."""

    def _approved(self):
        order = self._order(20, 100)
        order.action_confirm()
        order.with_user(self.manager).validate_tier()
        order.invalidate_recordset()
        self.assertEqual(order.state, "sale")
        return order

    def _assert_asked_again(self, name, values, on_line=False):
        order = self._approved()
        (order.order_line if on_line else order).write(values)
        order.invalidate_recordset()
        with self.subTest(name):
            self.assertEqual(order.state, "draft")
            self.assertEqual(order.validation_status, "pending")
            self.assertEqual(set(order.picking_ids.mapped("state")), {"cancel"})

    def test_every_field(self):
        self._activate("sale_amount", "sales_team.group_sale_manager", 1000)
        fields = dict(self.env["sale.order"]._jxc_widening_fields())
        lines = fields.pop("order_line")
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        # Without an account he would not be billed at all.
        self.env["jxc.credit.account"].create(
            {"partner_id": other.id, "unlimited": True}
        )
        term = self.env.ref("account.account_payment_term_30days")
        changes = {
            "partner_id": {"partner_id": other.id},
            "partner_invoice_id": {"partner_invoice_id": other.id},
            "payment_term_id": {"payment_term_id": term.id},
        }
        self.assertEqual(set(changes) | ELSEWHERE, set(fields))
        tax = self.company_data["default_tax_sale"]
        line_changes = {
            "discount": {"discount": 5},
            "price_unit": {"price_unit": 99},
            "product_uom_id": {"product_uom_id": self.box.uom_id.id},
            "product_uom_qty": {"product_uom_qty": 21},
            "tax_ids": {"tax_ids": [Command.set(tax.ids)]},
        }
        self.assertEqual(set(line_changes) | LINES_ELSEWHERE, set(lines))
        for name, values in changes.items():
            self._assert_asked_again(name, values)
        for name, values in line_changes.items():
            self._assert_asked_again(name, values, on_line=True)

    def test_more_below_zero(self):
        """A quantity below zero takes off the more the smaller it gets."""
        self._activate("sale_amount", "sales_team.group_sale_manager", 1000)
        service = self.env["product.product"].create(
            {"name": "Help", "type": "service", "list_price": 100, "taxes_id": False}
        )
        for before, after in ((-1, -9), (1, -9)):
            with self.subTest(before=before, after=after):
                order = self._order(20, 100)
                order.order_line = [
                    Command.create(
                        {"product_id": service.id, "product_uom_qty": before}
                    )
                ]
                line = order.order_line[1]
                order.action_confirm()
                order.with_user(self.manager).validate_tier()
                order.invalidate_recordset()
                self.assertEqual(order.state, "sale")
                line.product_uom_qty = after
                self.assertLess(order.amount_untaxed, 2000)
                self.assertEqual(order.validation_status, "pending")
                self.assertEqual(order.state, "draft")
