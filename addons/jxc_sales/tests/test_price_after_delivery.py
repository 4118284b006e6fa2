# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What is owed for goods that left goes down by a right only, and with a trace."""

from contextlib import suppress

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceAfterDelivery(PriceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pricing = cls._create_user(
            "jxc_pricing",
            "sales_team.group_sale_salesman_all_leads,jxc_sales.group_price_manager",
        )
        cls.rebate = cls.env["product.product"].create(
            {"name": "Rebate", "type": "service", "taxes_id": [Command.clear()]}
        )

    def _confirmed(self, quantity=4, **values):
        order = self._order(quantity, **values)
        order.action_confirm()
        return order

    def _delivered(self, quantity=4, delivered=None, **values):
        order = self._confirmed(quantity, **values)
        self._deliver(order.with_user(self.env.user), delivered)
        return order

    def _logs(self, order):
        return self.env["jxc.price.log"].search([("what", "like", order.name)])

    def _rebate(self, amount=-50):
        values = {"product_id": self.rebate.id, "price_unit": amount}
        return {"order_line": [Command.create(values)]}

    def test_free_until_goods_leave(self):
        order = self._confirmed()
        order.order_line.price_unit = 90
        order.write(self._rebate())
        self.assertEqual(order.amount_total, 310)
        self.assertFalse(self._logs(order))

    def test_seller_gives_nothing_away_afterwards(self):
        """Neither of all goods nor of a part, by whichever way."""
        tax = self.env["account.tax"].create({"name": "T", "amount": -20})
        for delivered in (None, 1):
            order = self._delivered(4, delivered)
            line = order.order_line
            for values in (
                {"price_unit": 99},
                {"discount": 1},
                {"tax_ids": [Command.link(tax.id)]},
                {"product_uom_qty": 5, "price_unit": 90},
            ):
                with self.subTest(**values), self.assertRaisesRegex(UserError, "left"):
                    line.write(values)
                with suppress(UserError):
                    order.order_line = [Command.update(line.id, values)]
                self.assertEqual(order.amount_total, 400)
            with self.assertRaisesRegex(UserError, "Rebate"):
                order.write(self._rebate())
            wizard = self.env["sale.order.discount"].with_user(self.salesman)
            for values in (
                {"discount_type": "so_discount", "discount_percentage": 0.1},
                {"discount_type": "sol_discount", "discount_percentage": 0.1},
                {"discount_type": "amount", "discount_amount": 10},
            ):
                discount = wizard.create({"sale_order_id": order.id, **values})
                with self.subTest(**values), self.assertRaises(UserError):
                    discount.action_apply_discount()
            order.invalidate_recordset()
            self.assertEqual(order.amount_total, 400)

    def test_dearer_and_more_are_free(self):
        order = self._delivered()
        order.order_line.price_unit = 110
        order.order_line.product_uom_qty = 6
        self.assertEqual(order.amount_total, 660)
        # A line that was there before may take off less.
        boss = order.with_user(self.manager)
        boss.write(self._rebate(-60))
        order.order_line[1].price_unit = -10
        self.assertEqual(order.amount_total, 650)

    def test_price_list_says_less_for_more(self):
        """What the list asks of a larger quantity is nobody's gift."""
        self.env["product.pricelist"].search([]).action_archive()
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Steps",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": self.product.product_tmpl_id.id,
                            "compute_price": "fixed",
                            "min_quantity": 10,
                            "fixed_price": 80,
                        }
                    )
                ],
            }
        )
        order = self._delivered(pricelist_id=pricelist.id)
        with self.assertRaises(UserError):
            order.order_line.price_unit = 80
        order.order_line.write({"product_uom_qty": 10, "price_unit": 80})
        self.assertEqual(order.amount_total, 800)
        with self.assertRaises(UserError):
            order.order_line.write({"product_uom_qty": 11, "price_unit": 79})

    def test_managers_grant_it_with_a_trace(self):
        for user, reason in ((self.manager, "Scratches"), (self.pricing, False)):
            order = self._delivered().with_user(user)
            line = order.order_line.with_context(jxc_price_reason=reason)
            line.price_unit = 90
            order.write(self._rebate())
            self.assertEqual(order.amount_total, 310)
            second, first = self._logs(order)
            self.assertRecordValues(
                first,
                [
                    {
                        "user_id": user.id,
                        "company_id": self.company.id,
                        "product_tmpl_id": self.product.product_tmpl_id.id,
                        "old_text": order.currency_id.format(100),
                        "new_text": order.currency_id.format(90),
                        "percent": -10,
                        "reason": reason,
                    }
                ],
            )
            self.assertIn("Rebate", second.what)

    def test_price_managers_do_not_lower_what_is_invoiced(self):
        order = self._delivered()
        order.sudo()._create_invoices().action_post()
        with self.assertRaisesRegex(UserError, "invoiced"):
            order.with_user(self.pricing).order_line.price_unit = 90
        order.with_user(self.manager).order_line.price_unit = 90
        self.assertEqual(len(self._logs(order)), 1)

    def test_cancelling_is_no_way_round(self):
        order = self._delivered()
        order._action_cancel()
        order.action_draft()
        with self.assertRaises(UserError):
            order.order_line.price_unit = 1
        with self.assertRaises(UserError):
            order.order_line.unlink()
        self.assertEqual(order.jxc_credit_delivered, 400)
