# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .control_common import ControlCase


@tagged("post_install", "-at_install")
class TestLotRelease(ControlCase):
    """Released goods are reserved and promised like others, as long as it says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls._create_product("Milk", tracking="lot", use_expiration_date=True)
        cls.customer = cls.env["res.partner"].create({"name": "Supermarket"})
        cls.lot = cls._lot("L1", -2)

    @classmethod
    def _lot(cls, name, days, location=None):
        expires = fields.Datetime.now() + timedelta(days=days)
        lot = cls._create_lot(cls.milk, name, expiration_date=expires)
        cls._stock(cls.milk, 6, location, lot=lot)
        return lot

    def _shown(self, company=None):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["jxc.stock.overview"].with_user(self.keeper)
        if company:
            self.keeper.company_ids |= company
            rows = rows.with_context(allowed_company_ids=company.ids)
        rows = rows.search([("lot_id.product_id", "=", self.milk.id)])
        return [(row.lot_id.name, row.status, row.available) for row in rows]

    def _reserved(self, **values):
        move = self._delivery(
            self.milk, 4, **{"partner_id": self.customer.id, **values}
        )
        quantity = move.quantity
        move._do_unreserve()
        move._action_cancel()
        return quantity

    def _later(self, days):
        return fields.Datetime.now() + timedelta(days=days)

    def test_released_goods_are_available(self):
        self.assertEqual(self._shown(), [("L1", "expired", 0)])
        self.assertEqual((self._reserved(), self.milk.free_qty), (0, 0))
        self.lot.action_jxc_release("Retested")
        self.assertEqual(self._shown(), [("L1", "available", 6)])
        quant = self._quant(self.milk)
        self.assertEqual(quant.available_quantity, 6)
        self.assertEqual((self.milk.free_qty, self.milk.virtual_available), (6, 6))
        move = self._delivery(self.milk, 4, partner_id=self.customer.id)
        self.assertEqual((move.quantity, move.lot_ids), (4, self.lot))
        self.assertEqual(self._shown(), [("L1", "available", 2)])
        self._validate(move)
        self.assertEqual(self._shown(), [("L1", "available", 2)])

    def test_only_as_far_as_it_says(self):
        self.lot.action_jxc_release("Retested", fields.Date.today() + timedelta(days=3))
        self.assertEqual(self._reserved(date=self._later(2)), 4)
        self.assertEqual(self._reserved(date=self._later(5)), 0)
        # What is a record of a past release makes nothing available today.
        self.lot.action_jxc_revoke_release("Over")
        self.env["jxc.stock.release"]._jxc_log(
            [
                {
                    "kind": "release",
                    "lot_id": self.lot.id,
                    "valid_until": fields.Date.today() - timedelta(days=1),
                    "reason": "Old",
                }
            ]
        )
        self.assertEqual(self._shown(), [("L1", "expired", 0)])
        self.assertEqual((self._reserved(), self.milk.free_qty), (0, 0))

    def test_released_revoked_released(self):
        self.lot.action_jxc_release("Retested")
        move = self._delivery(self.milk, 4, partner_id=self.customer.id)
        self.lot.action_jxc_revoke_release("Second test failed")
        self.assertEqual(self._shown(), [("L1", "expired", 0)])
        with self._refused("lot L1 expired"):
            self._validate(move)
        move._do_unreserve()
        move._action_assign()
        self.assertEqual((move.quantity, self.milk.free_qty), (0, 0))
        self.lot.action_jxc_release("Third test passed")
        move._action_assign()
        self.assertEqual(move.quantity, 4)
        self._validate(move)
        self.assertEqual(self._shown(), [("L1", "available", 2)])

    def test_what_comes_later_is_released_too(self):
        self.lot.action_jxc_release("Retested")
        place = self._place("Cold Store")
        self._stock(self.milk, 5, place, lot=self.lot)
        self.assertEqual(self._reserved(location_id=place.id), 4)
        self.assertEqual(self.milk.free_qty, 11)

    def test_its_company_only(self):
        other = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self._stock(self.milk, 5, warehouse.lot_stock_id, lot=self.lot)
        self.lot.with_company(other).action_jxc_release("Retested")
        self.assertEqual(self._shown(), [("L1", "expired", 0)])
        self.assertEqual(self._shown(other), [("L1", "available", 5)])
        self.assertEqual(self._reserved(), 0)
        theirs = {
            "location_id": warehouse.lot_stock_id.id,
            "picking_type_id": warehouse.out_type_id.id,
            "company_id": other.id,
        }
        self.assertEqual(self._reserved(**theirs), 4)
        self.lot.with_company(other).action_jxc_revoke_release("Over")
        self.assertEqual(self._reserved(**theirs), 0)

    def test_lots_that_last_too_short(self):
        """A release also lets out what lasts shorter than the customer asks for."""
        short = self._lot("L2", 10)
        self.customer.jxc_shelf_days = 30
        self.assertEqual(self._reserved(), 0)
        short.action_jxc_release("The customer agrees")
        move = self._delivery(self.milk, 4, partner_id=self.customer.id)
        self.assertEqual((move.quantity, move.lot_ids), (4, short))

    def test_expired_without_removal_date(self):
        """What would be refused at the door is not reserved for it, either."""
        self.lot.removal_date = False
        self.assertEqual(self._reserved(), 0)
        production = self.env["stock.location"].search(
            [("usage", "=", "production")], limit=1
        )
        self.assertEqual(self._reserved(location_dest_id=production.id), 0)
        waste = self._place("Waste")
        self.assertEqual(self._reserved(location_dest_id=waste.id), 4)
        self.lot.action_jxc_release("Retested")
        self.assertEqual(self._reserved(), 4)

    def test_frozen_and_held_goods_stay(self):
        self._quant(self.milk).action_jxc_freeze(4, "Smells")
        self._stock(self.milk, 3, self._place("Q", "inspect"), lot=self.lot)
        self.lot.action_jxc_release("Retested")
        self.assertEqual(self._reserved(), 2)
        self.assertCountEqual(
            self._shown(),
            [("L1", "available", 2), ("L1", "frozen", 0), ("L1", "inspect", 0)],
        )

    def test_alerts_show_the_release(self):
        """Expired goods are expired; the alert says that they may go out."""
        self.env["jxc.stock.alert"].scan()
        alert = self.env["jxc.stock.alert"].search([("lot_id", "=", self.lot.id)])
        self.assertRecordValues(alert, [{"kind": "expired", "released_until": False}])
        self.lot.action_jxc_release("Retested")
        self.env["jxc.stock.alert"].scan()
        self.assertRecordValues(
            alert,
            [
                {
                    "kind": "expired",
                    "state": "open",
                    "released_until": fields.Date.context_today(self.lot),
                }
            ],
        )
