# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .control_common import ControlCase


@tagged("post_install", "-at_install")
class TestLotExpiry(ControlCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls._create_product("Milk", tracking="lot", use_expiration_date=True)
        cls.customer = cls.env["res.partner"].create({"name": "Supermarket"})
        cls.vendor = cls.env["res.partner"].create({"name": "Dairy"})

    def _milk(self, name, days, quantity=5):
        """A lot on the shelf that expires in so many days."""
        expires = fields.Datetime.now() + timedelta(days=days)
        lot = self._create_lot(self.milk, name, expiration_date=expires)
        lot.removal_date = False
        self._stock(self.milk, quantity, lot=lot)
        return lot

    def _hand_over(self, lot, quantity=1, **values):
        """Give a lot to the customer by hand, not by reservation."""
        move = self._create_move(
            self.milk,
            quantity,
            **{
                "location_id": self.shelf.id,
                "location_dest_id": self.customers.id,
                "partner_id": self.customer.id,
                **values,
            },
        )
        move._action_confirm(merge=False)
        move.move_line_ids.unlink()
        move.move_line_ids = [
            (
                0,
                0,
                {"product_id": self.milk.id, "lot_id": lot.id, "quantity": quantity},
            )
        ]
        move.picked = True
        move._action_done()
        return move

    # ------------------------------------------------------------
    # Expired
    # ------------------------------------------------------------

    def test_expired_lots_stay(self):
        lot = self._milk("L1", -1)
        with self._refused("Milk: lot L1 expired on"):
            self._hand_over(lot)
        with self._refused("Milk: lot L1 expired on"):
            self._hand_over(lot, location_dest_id=self._production().id)
        self._hand_over(lot, location_dest_id=self._place("Waste").id)
        self.assertEqual(self._hand_over(self._milk("L2", 1)).state, "done")

    def test_another_date_is_no_release(self):
        """Who may not release a lot does not let it last longer, either."""
        lot = self._milk("L1", -1).with_user(self.keeper)
        later = fields.Datetime.now() + timedelta(days=100)
        for date in (later, fields.Datetime.to_string(later), False):
            with self._refused("Milk, lot L1: only people", AccessError):
                lot.expiration_date = date
        lot.expiration_date = fields.Datetime.now() - timedelta(days=9)
        lot.with_user(self.controller).expiration_date = later
        self.assertEqual(self._hand_over(lot.sudo()).state, "done")
        fresh = self._create_lot(self.milk, "L2", expiration_date=later)
        fresh.with_user(self.keeper).expiration_date = later + timedelta(days=9)

    def _production(self):
        return self.env["stock.location"].search(
            [("usage", "=", "production")], limit=1
        )

    def test_expired_lots_may_go_back_or_away(self):
        lot = self._milk("L1", -1)
        self._hand_over(lot, location_dest_id=self.supplier.id)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.milk.id,
                "lot_id": lot.id,
                "scrap_qty": 1,
                "location_id": self.shelf.id,
            }
        )
        scrap.do_scrap()
        self.assertEqual(self.milk.qty_available, 3)

    def test_not_by_a_done_transfer(self):
        move = self._hand_over(self._milk("L2", 9))
        lot = self._milk("L1", -1)
        with self._refused("lot L1 expired"):
            move.move_line_ids.lot_id = lot
        with self._refused("lot L1 expired"):
            move.move_line_ids.copy({"lot_id": lot.id, "quantity": 1})

    def test_released_with_right_and_reason(self):
        lot = self._milk("L1", -1)
        with self._refused(error=AccessError):
            lot.with_user(self.keeper).action_jxc_release("Retested")
        for reason in (None, " "):
            with self._refused("why"):
                lot.action_jxc_release(reason)
        for until in ("2020-01-01", "2999-01-01", "tomorrow"):
            with self._refused():
                lot.action_jxc_release("Retested", until)
        released = lot.with_user(self.controller)
        self.assertTrue(released.action_jxc_release("Retested"))
        today = fields.Date.context_today(released)
        self.assertEqual(lot.jxc_released_until, today)
        self._hand_over(lot)
        record = self.env["jxc.stock.release"].search([("lot_id", "=", lot.id)])
        self.assertRecordValues(
            record,
            [
                {
                    "kind": "release",
                    "user_id": self.controller.id,
                    "reason": "Retested",
                    "valid_until": today,
                }
            ],
        )
        released.action_jxc_revoke_release("Second test failed")
        with self._refused("lot L1 expired"):
            self._hand_over(lot)
        with self._refused("not released"):
            released.action_jxc_revoke_release("Again")

    def test_release_records_are_kept(self):
        self._milk("L1", -1).action_jxc_release("Retested")
        record = self.env["jxc.stock.release"].search([], limit=1)
        with self._refused():
            record.valid_until = "2999-01-01"
        with self._refused():
            record.unlink()
        with self._refused():
            record.copy()

    def test_a_release_is_its_company_s(self):
        other = self.env["res.company"].create({"name": "Other"})
        lot = self._milk("L1", -1)
        lot.with_company(other).action_jxc_release("Retested")
        self.assertFalse(lot.jxc_released_until)
        with self._refused("lot L1 expired"):
            self._hand_over(lot)
        mine = self.env["jxc.stock.release"].with_user(self.keeper)
        self.assertFalse(mine.search([("lot_id", "=", lot.id)]))

    # ------------------------------------------------------------
    # Minimum shelf life
    # ------------------------------------------------------------

    def _reserved(self, **values):
        move = self._delivery(
            self.milk, 8, **{"partner_id": self.customer.id, **values}
        )
        return set(move.move_line_ids.lot_id.mapped("name"))

    def test_reservation_takes_lots_that_last(self):
        self._milk("Short", 10)
        self._milk("Long", 40)
        self.milk.jxc_shelf_days = 30
        self.assertEqual(self._reserved(), {"Long"})

    def test_the_customer_s_days_win(self):
        self._milk("Short", 10)
        self._milk("Long", 40)
        self.milk.jxc_shelf_days = 30
        self.customer.jxc_shelf_days = 5
        self.assertEqual(self._reserved(), {"Short", "Long"})

    def test_the_customer_s_company_decides(self):
        self._milk("Short", 10)
        self._milk("Long", 40)
        self.customer.write({"jxc_shelf_days": 30, "is_company": True})
        shop = self.env["res.partner"].create(
            {"name": "Shop 1", "parent_id": self.customer.id, "type": "delivery"}
        )
        self.assertEqual(self._reserved(partner_id=shop.id), {"Long"})

    def test_counted_from_the_day_of_delivery(self):
        self._milk("Long", 40)
        self.milk.jxc_shelf_days = 30
        later = fields.Datetime.now() + timedelta(days=20)
        self.assertFalse(self._reserved(date=later))

    def test_not_for_transfers_inside(self):
        self._milk("Short", 10)
        self.milk.jxc_shelf_days = 30
        place = self._place("Elsewhere")
        self.assertEqual(self._reserved(location_dest_id=place.id), {"Short"})
        final = self.customers.id
        self.assertFalse(
            self._reserved(location_dest_id=place.id, location_final_id=final),
            "the first step of a delivery asks for it already",
        )

    def test_by_hand_neither(self):
        lot = self._milk("Short", 10)
        self.customer.jxc_shelf_days = 30
        with self._refused("lot Short expires on .* must last 30 days"):
            self._hand_over(lot)
        lot.action_jxc_release("The customer agrees")
        self._hand_over(lot)

    # ------------------------------------------------------------
    # Trace, freezing by lot
    # ------------------------------------------------------------

    def _trace(self, lot, direction):
        self.env.flush_all()
        action = getattr(lot.with_user(self.keeper), f"action_jxc_{direction}s")()
        rows = self.env[action["res_model"]].with_user(self.keeper)
        rows = rows.search(action["domain"])
        return {(row.lot_id.name, row.partner_id.name): row.quantity for row in rows}

    def test_trace(self):
        lot = self._milk("L1", 20, quantity=0.001)
        self._hand_over(
            lot,
            9,
            location_id=self.supplier.id,
            location_dest_id=self.shelf.id,
            partner_id=self.vendor.id,
        )
        self._hand_over(lot, 4)
        self._hand_over(
            lot, 1, location_id=self.customers.id, location_dest_id=self.shelf.id
        )
        self._hand_over(
            lot, 2, location_dest_id=self.supplier.id, partner_id=self.vendor.id
        )
        self.assertEqual(self._trace(lot, "vendor"), {("L1", "Dairy"): 7})
        self.assertEqual(self._trace(lot, "customer"), {("L1", "Supermarket"): 3})

    def test_trace_through_production(self):
        """Who received the cheese made from this milk, and whose milk is in it."""
        milk = self._milk("Milk 1", 20)
        cheese = self._milk("Cheese 1", 90)
        self._hand_over(
            milk,
            3,
            location_id=self.supplier.id,
            location_dest_id=self.shelf.id,
            partner_id=self.vendor.id,
        )
        consumed = self._hand_over(milk, 2, location_dest_id=self._production().id)
        made = self._hand_over(
            cheese,
            1,
            location_id=self._production().id,
            location_dest_id=self.shelf.id,
        )
        made.move_line_ids.consume_line_ids = consumed.move_line_ids
        self._hand_over(cheese, 1)
        self.assertEqual(
            self._trace(milk, "customer"), {("Cheese 1", "Supermarket"): 1}
        )
        self.assertEqual(self._trace(cheese, "vendor"), {("Milk 1", "Dairy"): 3})

    def test_trace_is_of_own_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        lot = self._milk("L1", 20)
        self._hand_over(
            lot,
            9,
            location_id=self.supplier.id,
            location_dest_id=warehouse.lot_stock_id.id,
            company_id=other.id,
            partner_id=self.vendor.id,
        )
        self.assertFalse(self._trace(lot, "vendor"))

    def test_freeze_a_lot(self):
        lot = self._milk("L1", 20)
        lot.with_user(self.controller).action_jxc_freeze("Recall")
        self.assertFalse(self._reserved())
        lot.with_user(self.controller).action_jxc_unfreeze("Over")
        self.assertEqual(self._reserved(), {"L1"})
