# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestOrderHands(PriceCommon):
    """Who gives more on somebody else's order does not approve it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_user("jxc_second", "sales_team.group_sale_manager")

    def _asked(self, change):
        self._activate("sale_amount", "sales_team.group_sale_manager", 1000)
        order = self._order(20, 100)
        change(order.with_user(self.manager))
        order.action_confirm()
        order.invalidate_recordset()
        self.assertEqual(order.validation_status, "pending")
        return order

    def test_who_gives_more_does_not_approve_it(self):
        new = {"product_id": self.product.id, "product_uom_qty": 5}
        changes = {
            "price": lambda order: order.order_line.write({"price_unit": 70}),
            "discount": lambda order: order.order_line.write({"discount": 30}),
            "line": lambda order: order.write({"order_line": [Command.create(new)]}),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                order = self._asked(change)
                with self.assertRaises(AccessError):
                    order.with_user(self.manager).validate_tier()
                order.with_user(self.second).validate_tier()
                order.invalidate_recordset()
                self.assertEqual(order.state, "sale")

    def test_less_and_notes_leave_the_reviewer(self):
        def change(order):
            order.note = "As agreed"
            order.order_line.price_unit = 110

        order = self._asked(change)
        self.assertFalse(order.jxc_hand_ids)
        order.with_user(self.manager).validate_tier()
        order.invalidate_recordset()
        self.assertEqual(order.state, "sale")

    def test_hands_are_not_written(self):
        order = self._asked(lambda mine: mine.order_line.write({"price_unit": 90}))
        self.assertEqual(order.jxc_hand_ids, self.manager)
        with self.assertRaises(AccessError):
            order.with_user(self.manager).jxc_hand_ids = False


@tagged("post_install", "-at_install")
class TestOrderRate(PriceCommon):
    """No order date makes a quotation cheaper than it is today."""

    def test_old_rate(self):
        euro = self.env["res.currency"].create(
            {
                "name": "JXG",
                "symbol": "G",
                "rate_ids": [
                    Command.create(
                        {"name": day, "rate": rate, "company_id": self.company.id}
                    )
                    for day, rate in (("2015-01-01", 0.5), ("2025-01-01", 0.25))
                ],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": euro.id, "company_id": self.company.id}
        )
        self._activate("sale_amount", "sales_team.group_sale_manager", 1000)
        order = self._order(3, 100, pricelist_id=pricelist.id)
        order.order_line.price_unit = 100
        order.date_order = "2015-06-01 08:00:00"
        self.assertEqual(order.jxc_value, 1200)
        order.action_confirm()
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.validation_status, "pending")
