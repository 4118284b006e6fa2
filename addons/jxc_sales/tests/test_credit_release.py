# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .hold_common import HoldCommon


@tagged("post_install", "-at_install")
class TestCreditRelease(HoldCommon):
    """Releasing several orders at once."""

    def test_release_of_several_needs_a_reason(self):
        orders = (self._held(15) | self._held(15)).with_user(self.manager)
        for some in (orders, orders.browse()):
            with self.assertRaisesRegex(UserError, "Say why"):
                some.action_jxc_credit_release()
        orders.action_jxc_credit_release(reason="Old friends")
        self.assertEqual(orders.mapped("jxc_credit_state"), ["released"] * 2)

    def test_release_of_nothing(self):
        releases = self.env["jxc.credit.release"].with_user(self.manager)
        for order_id in (None, False, True, "x"):
            with self.subTest(order_id), self.assertRaises(ValidationError):
                releases.create({"order_id": order_id, "reason": "Old friends"})
        with self.assertRaises(ValidationError):
            releases.create({"reason": "Old friends"})
        order = self._held(15)
        with self.assertRaises(UserError):
            releases.create({"order_id": order.id, "reason": "x", "until": "soon"})

    def test_values_that_are_none(self):
        """The answer names the order and the value; no fault of the server."""
        order = self._held(15).with_user(self.manager)
        for amount in ("abc", "12 000", [1], {"a": 1}, float("nan"), 1e300):
            with (
                self.subTest(amount=amount),
                self.assertRaises(UserError) as refused,
            ):
                order.action_jxc_credit_release(amount=amount, reason="Old friends")
            self.assertIn(order.name, str(refused.exception))
            self.assertIn(str(amount), str(refused.exception))
        for until in ("soon", "2199-13-01", 7, True, [2199], "0001-01-01"):
            with (
                self.subTest(until=until),
                self.assertRaises(UserError) as refused,
            ):
                order.action_jxc_credit_release(until=until, reason="Old friends")
            self.assertIn(f"{order.name} cannot", str(refused.exception))
            self.assertIn(str(until), str(refused.exception))
        self.assertEqual(order.jxc_credit_state, "hold")
        order.action_jxc_credit_release("600", "2199-12-31", "Old friends")
        self.assertEqual(order.state, "sale")
        raises = self.env["jxc.credit.override"].with_user(self.manager)
        values = {"account_id": self.account.id, "amount": 5, "reason": "x"}
        for wrong in ({"amount": "abc"}, {"until": "soon"}):
            with self.subTest(wrong), self.assertRaises(UserError):
                raises.create({"until": "2199-12-31", **values, **wrong})
