# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspection(InspectionCommon):
    def test_nothing_is_stock_before_it_is_accepted(self):
        order = self._buy((self.wine, 10))
        receipt = self._come(order)
        self.assertEqual(receipt.state, "done")
        inspection = self._inspection(order)
        self.assertRecordValues(
            inspection,
            [
                {
                    "state": "draft",
                    "picking_id": receipt.id,
                    "partner_id": self.vendor.id,
                    "purchase_ids": order.ids,
                    "purchase_id": order.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(inspection.line_ids.qty_received, 10)
        self.assertEqual((self._free(), self._in(self.place)), (0, 10))
        line = order.order_line
        self.assertEqual(
            (line.jxc_qty_arrived, line.qty_received, line.jxc_qty_inspecting),
            (10, 0, 10),
        )
        self._decide(inspection, accepted=7, rejected=3, defect_id=self.scratched.id)
        self.assertRecordValues(
            inspection,
            [{"state": "done", "user_id": self.inspector.id, "result": "partly"}],
        )
        self.assertEqual((self._free(), self._in(self.stock)), (7, 7))
        self.assertEqual((self._in(self.place), self._in(self.defective)), (0, 3))
        self.assertEqual(
            (line.qty_received, line.jxc_qty_inspecting, line.jxc_qty_rejected),
            (7, 0, 3),
        )

    def test_requests_are_served_by_what_is_accepted(self):
        request = self._request((self.wine, 10), approve=True)
        order = self._order(request.line_ids)
        order.button_confirm()
        self._come(order)
        # All of it is here, and none of it for anybody yet.
        self.assertEqual(order.order_line.jxc_qty_arrived, 10)
        self.assertQuantities(request.line_ids, ordered=10)
        self.assertEqual(request.state, "in_progress")
        self._decide(
            self._inspection(order),
            accepted=7,
            rejected=3,
            defect_id=self.scratched.id,
        )
        self.assertQuantities(request.line_ids, ordered=10, received=7)
        self.assertEqual(request.line_ids.progress, "ordered")
        self.assertEqual(request.state, "in_progress")

    def test_requests_are_done_when_all_is_accepted(self):
        request = self._request((self.wine, 10), approve=True)
        order = self._order(request.line_ids)
        order.button_confirm()
        self._come(order)
        self._decide(self._inspection(order), accepted=10)
        self.assertQuantities(request.line_ids, ordered=10, received=10)
        self.assertEqual(request.state, "done")

    def test_goods_without_rule_go_to_stock(self):
        order = self._buy((self.wine, 10), (self.water, 5))
        self._come(order)
        self.assertEqual(self._free(self.water), 5)
        self.assertEqual(self._inspection(order).line_ids.product_id, self.wine)
        self.assertEqual(order.order_line.mapped("qty_received"), [0, 5])

    def test_tranches(self):
        """Every part that comes is inspected for itself."""
        order = self._buy((self.wine, 10))
        self._come(order, 6)
        first = self._inspection(order)
        self.assertEqual(first.line_ids.qty_received, 6)
        self._come(order, 4)
        both = self._inspection(order)
        second = both - first
        self.assertEqual(second.line_ids.qty_received, 4)
        self._decide(second, accepted=4)
        self.assertEqual((self._free(), self._in(self.place)), (4, 6))
        self._decide(first, rejected=6)
        self.assertEqual((self._free(), self._in(self.defective)), (4, 6))
        self.assertEqual(order.order_line.qty_received, 4)

    def test_units(self):
        """Decided in boxes or bottles, it is the same goods."""
        order = self._buy((self.wine, 2, self.box))
        self._come(order)
        inspection = self._inspection(order)
        line = inspection.line_ids
        self.assertEqual(
            (line.product_uom_id, line.qty_received, line.qty_received_base),
            (self.box, 2, 24),
        )
        line.product_uom_id = self.bottle
        self.assertEqual(line.qty_received, 24)
        self._decide(inspection, accepted=19, rejected=5)
        self.assertEqual((self._free(), self._in(self.defective)), (19, 5))
        self.assertAlmostEqual(order.order_line.jxc_qty_rejected, 0.42)
        self.assertEqual(line.qty_rejected_base, 5)

    def test_unit_must_fit(self):
        order = self._buy((self.wine, 2))
        self._come(order)
        with self.assertRaises(ValidationError):
            self._inspection(order).line_ids.product_uom_id = self.env.ref(
                "uom.product_uom_kgm"
            )

    def test_it_must_add_up(self):
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        for accepted, rejected in ((7, 2), (10, 1), (0, 0)):
            with self.assertRaisesRegex(UserError, "received 10"):
                self._decide(inspection, accepted, rejected)
        self.assertEqual((inspection.state, self._free()), ("draft", 0))
        with self.assertRaises(ValidationError):
            inspection.line_ids.write({"qty_accepted": 12, "qty_rejected": -2})

    def test_accept_rest(self):
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        inspection.line_ids.qty_rejected = 2
        inspection.action_accept_rest()
        self.assertEqual(inspection.line_ids.qty_accepted, 8)
        inspection.action_done()
        self.assertEqual(self._free(), 8)

    def test_concession(self):
        """Goods taken on concession are stock; it needs the right and a reason."""
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        with self.assertRaisesRegex(AccessError, "concession"):
            self._decide(inspection, 6, 0, 4, concession_reason="Cheap")
        inspection = inspection.with_user(self.keeper)
        with self.assertRaisesRegex(UserError, "reason"):
            self._decide(inspection, 6, 0, 4, concession_reason=" ")
        self.scratched.severity = "critical"
        with self.assertRaisesRegex(UserError, "Scratched"):
            self._decide(
                inspection,
                6,
                0,
                4,
                concession_reason="Cheap",
                defect_id=self.scratched.id,
            )
        self.scratched.severity = "minor"
        inspection.action_done()
        self.assertEqual((self._free(), inspection.result), (10, "concession"))
        self.assertEqual(order.order_line.qty_received, 10)

    def test_done_is_final(self):
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        self._decide(inspection, accepted=10)
        with self.assertRaisesRegex(UserError, inspection.name):
            inspection.line_ids.qty_accepted = 9
        with self.assertRaisesRegex(UserError, inspection.name):
            inspection.note = "Later"
        with self.assertRaisesRegex(UserError, inspection.name):
            inspection.action_done()
        with self.assertRaises(UserError):
            inspection.sudo().unlink()

    def test_correct_the_receipt_while_open(self):
        order = self._buy((self.wine, 10))
        receipt = self._come(order)
        inspection = self._inspection(order)
        receipt.move_line_ids.quantity = 9
        self.assertEqual(inspection.line_ids.qty_received, 9)
        self.assertEqual(self._in(self.place), 9)
        self._decide(inspection, accepted=9)
        with self.assertRaisesRegex(UserError, inspection.name):
            receipt.move_line_ids.quantity = 8
        self.assertEqual((self._free(), order.order_line.qty_received), (9, 9))

    def test_nothing_came_after_all(self):
        order = self._buy((self.wine, 10))
        receipt = self._come(order)
        inspection = self._inspection(order, self.keeper)
        with self.assertRaisesRegex(UserError, receipt.name):
            inspection.action_cancel()
        receipt.move_line_ids.quantity = 0
        inspection.action_cancel()
        self.assertEqual(inspection.state, "cancelled")

    def test_take_back(self):
        """A decision is taken back while the goods are there, and made anew."""
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        self._decide(inspection, accepted=7, rejected=3, reject_to="return")
        with self.assertRaises(AccessError):
            inspection.action_cancel()
        inspection.with_user(self.keeper).action_cancel()
        self.assertEqual((self._free(), self._in(self.place)), (0, 10))
        self.assertEqual(inspection.move_ids.picking_id.state, "cancel")
        self.assertEqual(
            (inspection.state, inspection.line_ids.qty_received), ("cancelled", 10)
        )
        anew = self._inspection(order)
        self.assertEqual(anew.replaces_id, inspection)
        self.assertEqual(order.order_line.qty_received, 0)
        self._decide(anew, accepted=10)
        self.assertEqual((self._free(), self._in(self.place)), (10, 0))
        self.assertEqual(order.order_line.qty_received, 10)
        self.assertEqual(order.order_line.jxc_qty_rejected, 0)

    def test_not_taken_back_when_gone(self):
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        self._decide(inspection, accepted=10)
        quant = self.env["stock.quant"]._gather(self.wine, self.stock)
        quant.with_context(inventory_mode=True).inventory_quantity = 4
        quant.action_apply_inventory()
        with self.assertRaises(UserError) as caught:
            inspection.with_user(self.keeper).action_cancel()
        self.assertRegex(str(caught.exception), "only 4.+still there")
        self.assertEqual(inspection.state, "done")

    def test_return_to_vendor(self):
        """Rejected goods go back on the order; what comes for them is inspected."""
        order = self._buy((self.wine, 10))
        receipt = self._come(order)
        inspection = self._inspection(order)
        self._decide(inspection, accepted=7, rejected=3, reject_to="exchange")
        back = inspection.move_ids.picking_id
        self.assertRecordValues(
            back,
            [
                {
                    "state": "assigned",
                    "partner_id": self.vendor.id,
                    "return_id": receipt.id,
                    "location_id": self.defective.id,
                    "location_dest_id": receipt.location_id.id,
                }
            ],
        )
        self.assertEqual(back.purchase_id, order)
        line = order.order_line
        self.assertEqual(line.qty_received, 7)
        back.with_user(self.inspector).button_validate()
        self.assertEqual(back.state, "done")
        self.assertEqual(
            (line.jxc_qty_arrived, line.qty_received, line.jxc_qty_rejected), (7, 7, 3)
        )
        again = self._come(order)
        self.assertEqual(again.move_ids.product_qty, 3)
        self.assertEqual(self._free(), 7)
        self._decide(self._inspection(order), accepted=3)
        self.assertEqual((line.jxc_qty_arrived, line.qty_received), (10, 10))
        with self.assertRaisesRegex(UserError, back.name):
            inspection.with_user(self.keeper).action_cancel()

    def test_return_later(self):
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        self._decide(inspection, accepted=7, rejected=3)
        self.assertFalse(inspection.move_ids.picking_id)
        inspection.action_return_rejected()
        back = inspection.move_ids.picking_id
        self.assertEqual((back.state, back.move_ids.product_qty), ("assigned", 3))
        with self.assertRaises(UserError):
            inspection.action_return_rejected()

    def test_return_of_accepted_goods(self):
        """The platform's return takes accepted goods, and not before."""
        order = self._buy((self.wine, 10))
        receipt = self._come(order)
        wizard = self.env["stock.return.picking"].with_user(self.inspector)
        wizard = wizard.with_context(active_id=receipt.id, active_model="stock.picking")
        with self.assertRaisesRegex(UserError, self._inspection(order).name):
            wizard.create({}).action_create_returns_all()
        self._decide(self._inspection(order), accepted=8, rejected=2)
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 5
        action = wizard.action_create_returns()
        back = self.env["stock.picking"].browse(action["res_id"])
        self.assertEqual((back.state, back.move_ids.quantity), ("assigned", 5))
        back.move_ids.picked = True
        back.button_validate()
        line = order.order_line
        self.assertEqual((line.jxc_qty_arrived, line.qty_received), (5, 3))
        self.assertEqual((self._free(), self._in(self.defective)), (3, 2))

    def test_plain_return_of_rejected_goods(self):
        """What was never accepted is not taken off what was."""
        order = self._buy((self.wine, 10))
        receipt = self._come(order)
        self._decide(self._inspection(order), rejected=10, reject_to="return")
        wizard = self.env["stock.return.picking"].with_user(self.inspector)
        wizard = wizard.with_context(active_id=receipt.id, active_model="stock.picking")
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 4
        action = wizard.action_create_returns()
        back = self.env["stock.picking"].browse(action["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(self._in(self.defective), 6)
        line = order.order_line
        self.assertEqual((line.jxc_qty_arrived, line.qty_received), (6, 0))

    def test_rest_of_the_order_after_an_inspection(self):
        """What an inspection moves is not taken for goods that are still to come."""
        order = self._buy((self.wine, 20))

        def expected():
            open_moves = order.picking_ids.move_ids.filtered(
                lambda move: (
                    move.state not in ("done", "cancel")
                    and move.picking_type_id.code == "incoming"
                )
            )
            return sum(open_moves.mapped("product_qty"))

        self._come(order, 3)
        self.assertEqual(expected(), 17)
        self._decide(self._inspection(order), rejected=3, reject_to="exchange")
        self.assertEqual(expected(), 20)
        order.order_line.product_qty = 25
        self.assertEqual(expected(), 25)

    def test_two_steps(self):
        """Accepted goods go on to where they are stocked."""
        self.warehouse.reception_steps = "two_steps"
        order = self._buy((self.wine, 10))
        self._come(order)
        self.assertEqual(self._in(self.place), 10)
        on = self.env["stock.move"].search(
            [("product_id", "=", self.wine.id), ("state", "not in", ("done", "cancel"))]
        )
        self.assertFalse(on)
        self._decide(self._inspection(order), accepted=6, rejected=4)
        self.assertEqual(self._in(self.warehouse.wh_input_stock_loc_id), 6)
        on = self.env["stock.move"].search(
            [("product_id", "=", self.wine.id), ("state", "not in", ("done", "cancel"))]
        )
        self.assertEqual((on.state, on.product_qty), ("assigned", 6))
        on.picked = True
        on.picking_id.with_user(self.inspector).button_validate()
        self.assertEqual(self._free(), 6)
        self.assertEqual(order.order_line.qty_received, 6)

    def test_goods_that_somebody_waits_for(self):
        """A delivery bought for waits for what is accepted."""
        buy = self.env.ref("purchase_stock.route_warehouse0_buy")
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        self.wine.write(
            {
                "route_ids": [Command.set((buy | mto).ids)],
                "seller_ids": [Command.create({"partner_id": self.vendor.id})],
            }
        )
        customers = self.env.ref("stock.stock_location_customers")
        delivery = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": 10,
                            "location_id": self.stock.id,
                            "location_dest_id": customers.id,
                            "procure_method": "make_to_order",
                        }
                    )
                ],
            }
        )
        delivery.action_confirm()
        move = delivery.move_ids
        order = self.env["purchase.order"].search([("partner_id", "=", self.vendor.id)])
        order.button_confirm()
        self.assertEqual(order.picking_ids.move_ids.move_dest_ids, move)
        self._come(order)
        self.assertEqual((move.state, move.quantity), ("waiting", 0))
        self._decide(self._inspection(order), accepted=8, rejected=2)
        self.assertEqual((move.state, move.quantity), ("partially_available", 8))

    def test_ask_for_inspection(self):
        order = self._buy((self.water, 10))
        receipt = order.picking_ids
        with self.assertRaises(AccessError):
            receipt.with_user(self.outsider).action_jxc_ask_inspection()
        receipt.with_user(self.inspector).action_jxc_ask_inspection()
        self.assertEqual(receipt.jxc_to_inspect, "Water")
        self._come(order, 4)
        self.assertEqual(self._inspection(order).line_ids.qty_received, 4)
        self._come(order)
        self.assertEqual(len(self._inspection(order)), 2)
