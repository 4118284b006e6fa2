# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .mode_common import ModeCommon


@tagged("post_install", "-at_install")
class TestModeRequestPrice(ModeCommon):
    """Who approved a request approved what it costs, with 20 % for the market."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_direct_policy = "never"

    def _ordered(self, price, *lines, user=None):
        """An RFQ of the buyer for 10 wine, estimated at 5 each."""
        lines = lines or ((self.wine, 10, {"price_unit": 5}),)
        user = user or self.buyer
        request = self._request(*lines, approve=True)
        order = self._order(request.line_ids, user=user).with_user(user)
        order.order_line.write({"price_unit": price, "tax_ids": [Command.clear()]})
        return order

    def test_a_pencil_becomes_something_dear(self):
        """A line in words, filled in with a product by the buyer."""
        request = self.env["jxc.purchase.request"].with_user(self.requester)
        request = request.create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "name": "Pencils",
                            "product_qty": 10,
                            "product_uom_id": self.bottle.id,
                            "price_unit": 1,
                        }
                    )
                ]
            }
        )
        request.action_submit()
        request.with_user(self.approver).action_approve()
        lines = request.line_ids.with_user(self.buyer)
        wizard = self.env["jxc.purchase.request.order"].browse(
            lines.action_create_orders()["res_id"]
        )
        wizard = wizard.with_user(self.buyer)
        wizard.line_ids.write({"product_id": self.wine.id, "vendor_id": self.vendor.id})
        wizard.action_create()
        order = lines.sudo().link_ids.order_line_id.order_id.with_user(self.buyer)
        order.order_line.write({"price_unit": 99999, "tax_ids": [Command.clear()]})
        with self.refused(r"999,990\.00 untaxed is more than 20 % above .*10\.00"):
            order.button_confirm()
        order.order_line.price_unit = 1.2
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_within_the_percentage(self):
        order = self._ordered(6)
        order.button_confirm()
        with self.refused("more than 20 % above"):
            order.order_line.price_unit = 6.01
        with self.refused("more than 20 % above"):
            order.order_line.write({"price_unit": 12, "discount": 49})
        order.order_line.write({"price_unit": 12, "discount": 50})
        self.assertEqual(order.amount_untaxed, 60)

    def test_a_manager_decides(self):
        order = self._ordered(50)
        with self.refused("Have a purchase manager confirm"):
            order.button_confirm()
        order.with_user(self.manager).button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_double_validation(self):
        """What waits for the manager is not refused to the buyer."""
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 100}
        )
        order = self._ordered(50)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        order.with_user(self.manager).button_approve()
        self.assertEqual(order.state, "purchase")

    def test_tiers_decide(self):
        self.approver.group_ids += self.env.ref("purchase.group_purchase_user")
        self.env["tier.definition"].create(
            {
                "name": "Boss",
                "model_id": self.env["ir.model"]._get_id("purchase.order"),
                "review_type": "individual",
                "reviewer_id": self.approver.id,
                "definition_domain": "[]",
            }
        )
        order = self._ordered(50)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        order.with_user(self.approver).validate_tier()
        self.assertEqual(order.state, "purchase")

    def _second_pair_of_eyes(self, threshold=20):
        """Activate the preset for orders above their requests."""
        preset = self.env.ref("jxc_purchase.tier_preset_order_request_price")
        preset.jxc_threshold = threshold
        preset.action_jxc_activate()
        self.other_manager = self._user(
            "mode_other_manager", "purchase.group_purchase_manager"
        )

    def test_managers_own_order_without_the_preset(self):
        """Who enters it may be who decides on it, as long as nobody asks for two."""
        order = self._ordered(50, user=self.manager)
        self.assertEqual(order.create_uid, self.manager)
        self.assertAlmostEqual(order.jxc_over_request_percent, 900)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_managers_own_order_with_the_preset(self):
        """Somebody else decides, however high the rights of who made the order."""
        self._second_pair_of_eyes()
        order = self._ordered(50, user=self.manager)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        with self.assertRaises(ValidationError), self.cr.savepoint():
            order.button_approve()
        order.button_confirm()
        self.assertFalse(order.can_review)
        with self.assertRaises(UserError), self.cr.savepoint():
            order.validate_tier()
        self.assertEqual(order.state, "to approve")
        order.with_user(self.other_manager).validate_tier()
        self.assertEqual(order.state, "purchase")

    def test_preset_lets_through_what_the_request_covers(self):
        self._second_pair_of_eyes()
        order = self._ordered(5.95, user=self.manager)
        self.assertAlmostEqual(order.jxc_over_request_percent, 19)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_preset_asks_again_when_a_manager_widens(self):
        """Confirmed within the estimate, then made dearer by who made it."""
        self._second_pair_of_eyes()
        order = self._ordered(5, user=self.manager)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        order.order_line.price_unit = 7
        self.assertEqual(order.state, "to approve")
        order.with_user(self.other_manager).validate_tier()
        self.assertEqual(order.state, "purchase")

    def test_preset_for_a_buyer(self):
        self._second_pair_of_eyes()
        order = self._ordered(50)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertIn("900.0", order._jxc_approval_summary())
        order.with_user(self.manager).validate_tier()
        self.assertEqual(order.state, "purchase")

    def test_how_far_above_the_requests(self):
        """By the dearest line; requests without a price, and others, say nothing."""
        order = self._ordered(
            6,
            (self.wine, 10, {"price_unit": 5}),
            (self.wine, 10, {"price_unit": 0}),
        )
        self.assertAlmostEqual(order.jxc_over_request_percent, 20)
        self.assertEqual(self._rfq((self.wine, 1, 999)).jxc_over_request_percent, 0)

    def test_other_unit_and_currency(self):
        """5 a bottle is 60 a box, and 30 of a currency worth two of ours."""
        currency = self.env["res.currency"].create(
            {
                "name": "JXG",
                "symbol": "G",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 0.5})],
            }
        )
        request = self._request((self.wine, 24, {"price_unit": 5}), approve=True)
        line = request.line_ids
        order = self._order(line, (line, 24, self.vendor, self.box))
        order = order.with_user(self.buyer)
        order.currency_id = currency
        order.order_line.tax_ids = False
        self.assertEqual(order.order_line.product_qty, 2)
        order.order_line.price_unit = 36.1
        with self.refused(r"144\.40 untaxed"):
            order.button_confirm()
        order.order_line.price_unit = 36
        order.button_confirm()

    def test_several_requests(self):
        """What one request says nothing about raises no other one's limit."""
        free = self._request((self.wine, 10, {"price_unit": 0}), approve=True)
        dear = self._request((self.wine, 10, {"price_unit": 5}), approve=True)
        order = self._order((free | dear).line_ids).with_user(self.buyer)
        order.order_line.write({"price_unit": 6.1, "tax_ids": [Command.clear()]})
        with self.refused(r"122\.00 untaxed is more than 20 % above .*100\.00"):
            order.button_confirm()

    def test_without_an_estimate(self):
        """Who approves a request without a price leaves it to the buyer."""
        order = self._ordered(50, (self.wine, 10, {"price_unit": 0}))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_estimates_stay_as_approved(self):
        request = self._request((self.wine, 10, {"price_unit": 5}), approve=True)
        for user in (self.buyer, self.requester, self.manager):
            with self.assertRaises(UserError), self.cr.savepoint():
                request.line_ids.with_user(user).price_unit = 500

    def test_settings(self):
        settings = self.env["res.config.settings"].create({})
        with Form(settings) as form:
            form.jxc_request_price_policy = "limit"
            form.jxc_request_price_tolerance = 7
        settings.execute()
        self.assertEqual(self.company.jxc_request_price_tolerance, 7)
        with self.refused("more than 7 % above"):
            self._ordered(5.5).button_confirm()
        with self.refused("below zero"):
            self.company.jxc_request_price_tolerance = -1
        self.company.jxc_request_price_policy = "free"
        order = self._ordered(50)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
