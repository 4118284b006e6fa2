# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import UserError
from odoo.tests import tagged

from .hold_common import HoldCommon


@tagged("post_install", "-at_install")
class TestCreditHoldLanguage(HoldCommon):
    """Why an order waits is read by everybody: it is in the company's language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.company.partner_id.lang = "zh_CN"
        cls.salesman.lang = "en_US"

    def _asked(self, order):
        """Confirm in English; return what the salesman is told."""
        order = order.with_user(self.salesman).with_context(lang="en_US")
        return order.action_confirm()["params"]["message"]

    def _assert_chinese(self, order, *facts):
        self.assertEqual(order.jxc_credit_state, "hold")
        for fact in ("Bright Trading", *facts):
            self.assertIn(fact, order.jxc_credit_hold_reason)
        for word in ("limit", "overdue", "Ordered", "Ways out"):
            self.assertNotIn(word, order.jxc_credit_hold_reason)
        note = order.message_ids.filtered(
            lambda one: "Bright Trading" in (one.body or "")
        )
        self.assertTrue(note)
        self.assertNotIn("On hold", str(note.mapped("body")))

    def test_over_the_limit(self):
        """With the figures of when it was asked for."""
        earlier = self._create_order(4)
        earlier.action_confirm()
        order = self._create_order(11)
        told = self._asked(order)
        self.assertIn("is on hold", told)
        self.assertIn("the credit limit does not suffice", told, "in his language")
        self._assert_chinese(order, "1,000.00", "500.00", "400.00", "1,100.00")
        # Found again by the judging job, it is what it was.
        reason = order.jxc_credit_hold_reason
        self._judge()
        self.assertEqual(order.jxc_credit_hold_reason, reason)

    def test_overdue(self):
        self.account.write({"unlimited": True, "control_overdue": True})
        self._due(500, 40)
        order = self._create_order(1)
        self._asked(order)
        self._assert_chinese(order, "500.00")

    def test_delivery(self):
        self.account.write({"order_action": "warn", "delivery_action": "hold"})
        order = self._create_order(11)
        order.with_user(self.salesman).action_confirm()
        picking = order.picking_ids
        picking.move_ids.picked = True
        with suppress(UserError):
            picking.with_context(lang="en_US").button_validate()
        self.assertNotEqual(picking.state, "done")
        self._assert_chinese(order, "1,100.00", "1,000.00")

    def test_no_more_on_hold(self):
        order = self._create_order(11)
        self._asked(order)
        self.account.credit_limit = 5000
        self._judge()
        self.assertEqual(order.state, "sale")
        self.assertNotIn("suffices now", str(order.message_ids.mapped("body")))
