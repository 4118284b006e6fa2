# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .floor_common import FloorCase


@tagged("post_install", "-at_install")
class TestFloorRelease(FloorCase):
    """Held goods become available from a phone too: with the right and a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controller = cls._new_user(
            "jxc_floor_control", "jxc_stock.group_stock_control"
        )
        cls.bad = cls.env["stock.location"].create(
            {
                "name": "Bad",
                "location_id": cls.shelf.id,
                "barcode": "BAD-1",
                "jxc_stock_status": "defective",
            }
        )
        quants = cls.env["stock.quant"]
        quants._update_available_quantity(cls.wine, cls.bad, 5)
        cls.places = {"location_id": cls.bad.id, "location_dest_id": cls.bin.id}

    def _release(self, user, **payload):
        return self._submit(
            "transfer", [self._line("3")], user=user, **self.places, **payload
        )

    def test_transfer_with_a_reason(self):
        with (
            self.assertRaisesRegex(UserError, "why they become available"),
            self.cr.savepoint(),
        ):
            self._release(self.controller, release_reason="  ")
        self.env.invalidate_all()
        result = self._release(self.controller, release_reason=" Washed ")
        self.assertEqual(result["state"], "done")
        self.assertEqual(self._on_hand(self.bin), 3)
        record = self.env["jxc.stock.freeze"].search(
            [("picking_id", "=", result["picking_id"])]
        )
        self.assertEqual(
            (record.kind, record.reason, record.quantity, record.user_id),
            ("release", "Washed", 3, self.controller),
        )

    def test_a_reason_is_no_right(self):
        with self.assertRaisesRegex(AccessError, "Stock Control"):
            self._release(self.keeper, release_reason="Washed")

    def test_document_with_a_reason(self):
        picking = self._picking("internal", quantity=3)
        picking.do_unreserve()
        for one in (picking, picking.move_ids):
            one.write(self.places)
        picking.action_assign()
        floor = self.env["jxc.floor.operation"].with_user(self.controller)
        self.assertTrue(floor.get_document(picking.id)["is_release"])
        done = {"picking_id": picking.id, "finish": True}
        with (
            self.assertRaisesRegex(UserError, "why they become available"),
            self.cr.savepoint(),
        ):
            self._submit("put_away", [self._line("3")], user=self.controller, **done)
        self.env.invalidate_all()
        self._submit(
            "put_away",
            [self._line("3")],
            user=self.controller,
            release_reason="Washed",
            **done,
        )
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.jxc_release_reason, "Washed")

    def test_devices_know_what_is_held(self):
        floor = self.env["jxc.floor.operation"].with_user(self.keeper)
        self.assertTrue(floor.look_up("BAD-1")["held"])
        self.assertFalse(floor.look_up("BIN-1")["held"])
        plain = self._picking("internal")
        self.assertFalse(floor.get_document(plain.id)["is_release"])
