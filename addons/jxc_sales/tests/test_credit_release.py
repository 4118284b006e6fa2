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
