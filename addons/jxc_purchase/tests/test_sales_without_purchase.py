# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSalesWithoutPurchase(TransactionCase):
    """Salespeople do their work without rights in purchase."""

    def test_cancel_a_confirmed_order(self):
        salesman = new_test_user(
            self.env, "jxc_seller_only", "sales_team.group_sale_salesman"
        )
        product = self.env["product.product"].create(
            {"name": "Lamp", "is_storable": True, "list_price": 100}
        )
        order = (
            self.env["sale.order"]
            .with_user(salesman)
            .create(
                {
                    "partner_id": self.env["res.partner"].create({"name": "Shop"}).id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
            )
        )
        order.action_confirm()
        # As in a call of its own: nothing is known of the moves yet.
        order.env.invalidate_all()
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.picking_ids.sudo().mapped("state"), ["cancel"])
