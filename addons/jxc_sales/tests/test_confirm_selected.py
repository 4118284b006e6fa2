# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestConfirmSelected(CreditCommon):
    """Quotations confirmed from a list: the good ones, whatever the others lack."""

    def _confirm(self, orders):
        """What the entry of the menu does with a selection; the text it shows."""
        action = self.env.ref("jxc_sales.sale_order_confirm_server_action")
        result = (
            action.with_user(self.salesman)
            .with_context(
                active_model="sale.order",
                active_ids=orders.ids,
                active_id=orders[:1].id,
            )
            .run()
        )
        orders.invalidate_recordset()
        return result["params"]["message"] if isinstance(result, dict) else ""

    def test_is_offered_on_lists_and_cards(self):
        Actions = self.env["ir.actions.actions"].with_user(self.salesman)
        action = self.env.ref("jxc_sales.sale_order_confirm_server_action")
        offered = Actions.get_bindings("sale.order")["action"]
        found = [one for one in offered if one["id"] == action.id]
        self.assertEqual(found[0]["binding_view_types"], "list,kanban")
        clerk = self._create_user("jxc_clerk", "account.group_account_invoice")
        offered = Actions.with_user(clerk).get_bindings("sale.order").get("action", [])
        self.assertNotIn(action.id, [one["id"] for one in offered])

    def test_all_good(self):
        orders = self._create_order(4) + self._create_order(5)
        self.assertFalse(self._confirm(orders))
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])

    def test_each_is_judged_with_the_others(self):
        self.account.order_action = "block"
        orders = self._create_order(6) + self._create_order(6) + self._create_order(4)
        text = self._confirm(orders)
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale"])
        self.assertIn(orders[1].name, text)
        self.assertIn("Bright Trading", text)

    def test_nothing_fits(self):
        self.account.order_action = "block"
        orders = self._create_order(11) + self._create_order(12)
        text = self._confirm(orders)
        self.assertEqual(orders.mapped("state"), ["draft", "draft"])
        for order in orders:
            self.assertIn(order.name, text)

    def test_others_are_told(self):
        """Confirmed ones, and what the platform itself refuses, stop nobody."""
        confirmed, good, more = (self._create_order(1) for _number in range(3))
        confirmed.action_confirm()
        nameless = self._create_order(1)
        nameless.order_line = [
            Command.create({"name": "Forgotten", "product_id": False})
        ]
        text = self._confirm(confirmed + good + nameless + more)
        self.assertEqual((good + more).mapped("state"), ["sale", "sale"])
        self.assertEqual(nameless.state, "draft")
        self.assertIn(confirmed.name, text)
        self.assertIn(nameless.name, text)
        self.assertNotIn(good.name, text)

    def test_holds(self):
        self.account.order_action = "hold"
        orders = self._create_order(6) + self._create_order(6)
        text = self._confirm(orders)
        self.assertEqual(orders.mapped("jxc_credit_state"), ["free", "hold"])
        self.assertIn(orders[1].name, text)

    def test_a_single_one_raises(self):
        self.account.order_action = "block"
        with self.assertRaises(UserError):
            self._confirm(self._create_order(11))
