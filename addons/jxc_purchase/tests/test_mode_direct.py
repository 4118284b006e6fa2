# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .mode_common import ModeCommon


@tagged("post_install", "-at_install")
class TestModeDirect(ModeCommon):
    """One need is not split over several direct orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "jxc_direct_policy": "limit",
                "jxc_direct_limit": 100,
                "jxc_direct_days": 7,
                "jxc_direct_scope": "any",
            }
        )
        cls.water = cls._product("Water")
        cls.colleague = cls._user("colleague", "purchase.group_purchase_user")

    def _direct(self, amount, product=None, confirm=True, **values):
        order = self._rfq((product or self.wine, 1, amount), **values)
        if confirm:
            order.button_confirm()
        return order

    def test_split_over_orders(self):
        self._direct(60)
        rest = self._direct(60, confirm=False)
        with self.refused("120.00 untaxed would be bought"):
            rest.button_confirm()
        rest.order_line.price_unit = 40
        rest.button_confirm()
        self.assertEqual(rest.state, "purchase")

    def test_split_over_colleagues_vendors_and_products(self):
        self._direct(60)
        colleague = {"user": self.colleague, "confirm": False}
        same_product = self._direct(60, vendor=self.third_vendor, **colleague)
        same_vendor = self._direct(60, product=self.water, **colleague)
        neither = self._direct(
            60, product=self.water, vendor=self.third_vendor, **colleague
        )
        for order in (same_product, same_vendor):
            with self.refused("same vendor or of the same products"):
                order.button_confirm()
        neither.button_confirm()
        self.company.jxc_direct_scope = "vendor"
        with self.refused("120.00 untaxed"):
            same_vendor.button_confirm()
        self.company.jxc_direct_scope = "product"
        self._direct(60, product=self._product("Paper"))

    def test_confirmed_together(self):
        orders = self._direct(60, confirm=False) | self._direct(60, confirm=False)
        with self.refused("120.00 untaxed"):
            orders.button_confirm()

    def test_window_passes(self):
        first = self._direct(60)
        with freeze_time(fields.Datetime.now() + timedelta(days=8)):
            self._direct(60)
        with self.assertRaises(AccessError):
            first.with_user(self.buyer).write({"date_approve": "2020-01-01 08:00:00"})
        self.company.jxc_direct_days = 0
        self._direct(60)

    def test_cancelled_and_requested_do_not_count(self):
        self._direct(60).button_cancel()
        self._direct(60)
        line = self._request((self.wine, 10), approve=True).line_ids
        requested = self._order(line).order_line.order_id
        requested.order_line.price_unit = 50
        requested.button_confirm()
        self._direct(40)

    def test_widened_orders_count_together(self):
        self._direct(60)
        second = self._direct(30)
        with self.refused("110.00 untaxed"):
            second.order_line.price_unit = 50

    def test_other_company(self):
        self._direct(60)
        other = self._other_company()
        other.write({"jxc_direct_policy": "limit", "jxc_direct_limit": 100})
        theirs = {"user": self.env.user, "company_id": other.id}
        self.env.user.company_ids += other
        first = self._rfq((self.wine, 1, 60), **theirs)
        first.button_confirm()
        self.assertEqual(first.state, "purchase", "what we bought is not theirs")
        second = self._rfq((self.wine, 1, 60), **theirs)
        with self.refused("120.00 untaxed"):
            second.button_confirm()

    def test_takes_turns(self):
        """What parallel confirmations of one need collide on."""
        order = self._direct(60)
        turns = self.env["jxc.duplicate.turn"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertIn(order.partner_id.commercial_partner_id, turns.partner_id)
        self.assertIn(self.wine, turns.product_id)

    def test_settings(self):
        settings = self.env["res.config.settings"]
        with Form(settings) as form:
            form.jxc_direct_days = 14
            form.jxc_direct_scope = "vendor"
        form.save().execute()
        self.assertEqual(self.company.jxc_direct_days, 14)
        self.assertEqual(self.company.jxc_direct_scope, "vendor")
