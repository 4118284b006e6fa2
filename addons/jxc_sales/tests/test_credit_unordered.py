# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .unordered_common import UnorderedCommon


@tagged("post_install", "-at_install")
class TestCreditUnordered(UnorderedCommon):
    """Deliveries made by hand, without an order, are held to the customer's credit."""

    def _refused(self, picking, text="Bright Trading"):
        with self.assertRaisesRegex(UserError, text):
            picking.button_validate()
        picking.invalidate_recordset()
        self.assertEqual(picking.state, "assigned")

    def test_no_credit(self):
        self.account.credit_limit = 0
        self._refused(self._picking())

    def test_limit_by_the_customers_own_prices(self):
        self._picking(10).button_validate()
        self.assertEqual(self._parts(), {"delivered": 1000})
        self._refused(self._picking(1))
        self.account.credit_limit = 2000
        self._refused(self._picking(11))
        self.env.ref("base.group_user")._apply_group(
            self.env.ref("product.group_product_pricelist")
        )
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "item_ids": [
                    Command.create({"compute_price": "fixed", "fixed_price": 50})
                ],
            }
        )
        self.customer.specific_property_product_pricelist = pricelist
        picking = self._picking(20)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._exposure(), 2000)

    def test_where_only_orders_are_held(self):
        """No order was judged for these goods: its action counts at the delivery."""
        self.account.write({"order_action": "block", "delivery_action": "none"})
        self._refused(self._picking(11))
        self.account.write({"order_action": "none", "delivery_action": "block"})
        self._refused(self._picking(11))
        self.account.write({"order_action": "none", "delivery_action": "none"})
        picking = self._picking(11)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_hold_waits_and_tells(self):
        self.account.write({"order_action": "hold", "delivery_action": "hold"})
        picking = self._picking(11)
        answer = picking.button_validate()
        self.assertEqual(picking.state, "assigned")
        self.assertIn(picking.name, answer["params"]["message"])
        self.assertIn("Bright", "".join(picking.message_ids.mapped("body")))
        self.account.credit_limit = 1100
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_warn_is_kept(self):
        self.account.write({"order_action": "warn", "delivery_action": "none"})
        picking = self._picking(11)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertIn("1,100.00", "".join(picking.message_ids.mapped("body")))

    def test_overdue(self):
        self.account.write({"unlimited": True, "control_overdue": True})
        self._due(10, 20)
        self._refused(self._picking(), "overdue")

    def test_customers_without_account(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.company.jxc_credit_no_account = "block"
        self._refused(self._picking(partner_id=stranger.id), "Stranger")

    def test_batch(self):
        one, two = self._picking(9), self._picking(12)
        (one | two).button_validate()
        self.assertEqual((one.state, two.state), ("done", "assigned"))

    def test_by_other_ways(self):
        """Correcting what left, or writing that it did, is judged like leaving."""
        done = self._picking(9)
        done.button_validate()
        waiting = self._picking(1)
        move = done.move_ids
        values = {
            "product_id": self.product.id,
            "quantity": 15,
            "move_id": move.id,
            "picking_id": done.id,
        }
        for name, attempt in {
            "move": lambda: move.write({"quantity": 25}),
            "line": lambda: move.move_line_ids.write({"quantity": 25}),
            "new line": lambda: move.move_line_ids.create(values),
            "state": lambda: waiting.move_ids.write({"state": "done", "quantity": 25}),
            "place": lambda: (
                waiting.with_context(jxc_sales_settling=True)
                .move_ids.with_context(jxc_sales_settling=True)
                .write({"state": "done", "quantity": 25})
            ),
        }.items():
            with self.subTest(name), self.assertRaises(UserError):
                attempt()
            self.env.invalidate_all()
            self.assertEqual(move.quantity, 9)
        move.quantity = 10
        self.assertEqual(move.quantity, 10)

    def test_other_goods_are_not_judged(self):
        """Neither what stays in the house, nor goods without price."""
        self.account.credit_limit = 0
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        internal = self._picking(
            picking_type_id=self.warehouse.int_type_id.id, location_dest_id=shelf.id
        )
        internal.move_ids.location_dest_id = shelf
        self.product.list_price = 0
        gift = self._picking()
        for picking in (internal, gift):
            picking.button_validate()
            self.assertEqual(picking.state, "done")

    def test_for_nobody_named(self):
        """Goods leave for somebody, or nobody's credit would be asked."""
        picking = self._picking(partner_id=False)
        self._refused(picking, "Enter the customer")
        with self.assertRaisesRegex(UserError, "Enter the customer"):
            picking.move_ids.write({"state": "done"})
        picking.invalidate_recordset()
        picking.partner_id = self.customer
        picking.button_validate()
        self.assertEqual(self._parts(), {"delivered": 100})

    def test_left_for_nobody_before(self):
        """What left so before is corrected, but nothing is added to it."""
        picking = self._picking(5, partner_id=False)
        picking.sudo().button_validate()
        self.assertEqual(picking.state, "done")
        picking.move_ids.quantity = 4
        with self.assertRaisesRegex(UserError, "Enter the customer"):
            picking.move_ids.quantity = 6

    def test_returns_to_the_customer(self):
        """What came back without order and is sent again was not paid either."""
        picking = self._picking(10)
        picking.button_validate()
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 10
        back = wizard._create_return()
        self.account.credit_limit = 0
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
