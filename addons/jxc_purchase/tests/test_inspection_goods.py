# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import InspectionCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw"
    "AAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestInspectionGoods(InspectionCommon):
    """Lots, serial numbers, packages, two quantities, samples and measured values."""

    def _receive_lots(self, product, lots):
        """Receive {lot name: quantity} and return order and receipt."""
        order = self._buy((product, sum(lots.values())))
        picking = order.picking_ids.with_user(self.inspector)
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_id": product.uom_id.id,
                    "lot_name": name,
                    "quantity": quantity,
                }
            )
            for name, quantity in lots.items()
        ]
        picking.move_ids.picked = True
        picking.button_validate()
        return order, picking

    def _lots_in(self, place, product):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", place.id),
                ("quantity", ">", 0),
            ]
        )
        return {quant.lot_id.name: quant.quantity for quant in quants}

    def test_lots(self):
        milk = self._product("Milk", tracking="lot")
        self._rule(product_id=milk.id)
        order, _receipt = self._receive_lots(milk, {"A": 6, "B": 4})
        inspection = self._inspection(order)
        first, second = inspection.line_ids.sorted(lambda line: line.lot_id.name)
        self.assertEqual((first.lot_id.name, first.qty_received), ("A", 6))
        self.assertEqual((second.lot_id.name, second.qty_received), ("B", 4))
        first.qty_accepted = 6
        second.write({"qty_accepted": 1, "qty_rejected": 3, "reject_to": "return"})
        inspection.action_done()
        self.assertEqual(self._lots_in(self.stock, milk), {"A": 6, "B": 1})
        self.assertEqual(self._lots_in(self.defective, milk), {"B": 3})
        back = inspection.move_ids.picking_id
        self.assertEqual(back.move_line_ids.lot_id.name, "B")
        self.assertEqual(back.move_line_ids.quantity, 3)

    def test_serial_numbers(self):
        radio = self._product("Radio", tracking="serial")
        self._rule(product_id=radio.id)
        order, _receipt = self._receive_lots(radio, {"S1": 1, "S2": 1, "S3": 1})
        line = self._inspection(order).line_ids
        self.assertEqual(line.qty_received, 3)
        line.write({"qty_accepted": 2, "qty_rejected": 1})
        with self.assertRaisesRegex(UserError, "serial"):
            line.inspection_id.action_done()
        line.rejected_lot_ids = line.lot_ids.filtered(lambda lot: lot.name == "S2")
        line.inspection_id.action_done()
        self.assertEqual(self._lots_in(self.stock, radio), {"S1": 1, "S3": 1})
        self.assertEqual(self._lots_in(self.defective, radio), {"S2": 1})

    def test_packages(self):
        """What is accepted stays in its package, what is rejected leaves it."""
        order = self._buy((self.wine, 10))
        picking = order.picking_ids
        package = self.env["stock.package"].create({"name": "PAL-1"})
        picking.move_line_ids.result_package_id = package
        self._come(order)
        self._decide(self._inspection(order), accepted=8, rejected=2)
        self.assertEqual(package.location_id, self.stock)
        self.assertEqual(sum(package.quant_ids.mapped("quantity")), 8)
        self.assertEqual(self._in(self.defective), 2)

    def test_two_quantities(self):
        """Pieces and kilograms stay together, and none is left behind."""
        head = self.env["uom.uom"].create({"name": "头"})
        kilogram = self.env.ref("uom.product_uom_kgm")
        pig = self.env["product.product"].create(
            {
                "name": "Pig",
                "is_storable": True,
                "uom_id": kilogram.id,
                "jxc_aux_uom_id": head.id,
                "jxc_aux_ratio": 95.0,
                "jxc_aux_tolerance": 20.0,
            }
        )
        self._rule(product_id=pig.id)
        order = self._buy((pig, 1900))
        picking = order.picking_ids
        picking.move_line_ids.write({"quantity": 1873.5, "jxc_aux_qty": 20})
        self._come(order)
        line = self._inspection(order).line_ids
        self.assertEqual((line.qty_received, line.aux_received), (1873.5, 20))
        line.write({"qty_accepted": 1580.5, "qty_rejected": 293})
        self.assertEqual(line.aux_rejected, 3.13)
        line.aux_rejected = 3
        line.inspection_id.action_done()
        for place, base, aux in (
            (self.stock, 1580.5, 17),
            (self.defective, 293, 3),
            (self.place, 0, 0),
        ):
            quants = self.env["stock.quant"].search(
                [("product_id", "=", pig.id), ("location_id", "=", place.id)]
            )
            self.assertAlmostEqual(sum(quants.mapped("quantity")), base)
            self.assertAlmostEqual(sum(quants.mapped("jxc_aux_qty")), aux)

    def test_sampling(self):
        self.rule.write({"sampling": "aql", "aql": "2.5", "reject_to": "return"})
        order = self._buy((self.wine, 1000))
        self._come(order)
        inspection = self._inspection(order)
        line = inspection.line_ids
        self.assertEqual(
            (line.qty_sample, line.accept_number, line.reject_to), (80, 5, "return")
        )
        self.assertEqual(line.sample_result, "open")
        with self.assertRaisesRegex(UserError, "80"):
            self._decide(inspection, accepted=1000)
        line.write({"qty_checked": 80, "qty_nonconforming": 6})
        self.assertEqual(line.sample_result, "fail")
        with self.assertRaisesRegex(UserError, "6 nonconforming of 80"):
            inspection.action_done()
        line.write({"qty_checked": 1000, "qty_nonconforming": 40})
        with self.assertRaisesRegex(UserError, "only 960"):
            inspection.action_done()
        self._decide(inspection, accepted=960, rejected=40)
        self.assertEqual(self._free(), 960)

    def test_sampling_plans(self):
        """Samples and acceptance numbers of table 2-A, each at its limit and above.

        By lot size: (AQL, sample size n, acceptance number c), read off the table.
        """
        cases = {
            8: (("1.0", 8, 0), ("2.5", 5, 0), ("10", 5, 1)),
            50: (("1.0", 13, 0), ("2.5", 5, 0), ("10", 8, 2)),
            150: (("1.0", 13, 0), ("2.5", 20, 1), ("10", 20, 5)),
            280: (("1.0", 50, 1), ("2.5", 32, 2), ("10", 32, 7)),
            1200: (("1.0", 80, 2), ("2.5", 80, 5), ("10", 80, 14)),
            3200: (("1.0", 125, 3), ("2.5", 125, 7), ("10", 125, 21)),
            10000: (("1.0", 200, 5), ("2.5", 200, 10), ("10", 125, 21)),
        }
        for lot, plans in cases.items():
            for aql, size, most in plans:
                with self.subTest(lot=lot, aql=aql):
                    self.rule.write({"sampling": "aql", "aql": aql})
                    order = self._buy((self.wine, lot))
                    self._come(order)
                    inspection = self._inspection(order)
                    line = inspection.line_ids
                    self.assertEqual(
                        (line.qty_sample, line.accept_number), (size, most)
                    )
                    self._assert_limit(inspection, lot, size, most)

    def _assert_limit(self, inspection, lot, size, most):
        """Up to so many bad ones the lot passes, with one more it does not."""
        line = inspection.line_ids
        line.qty_checked = size - 1
        self.assertEqual(line.sample_result, "open")
        line.write({"qty_checked": size, "qty_nonconforming": most + 1})
        self.assertEqual(line.sample_result, "fail")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._decide(inspection, accepted=lot)
        line.qty_nonconforming = most
        self.assertEqual(line.sample_result, "pass")
        self._decide(inspection, accepted=lot)
        self.assertEqual(inspection.state, "done")

    def test_percent_sample_that_fails(self):
        """One bad unit of five fails the lot: nothing of it is simply accepted."""
        self.rule.write({"sampling": "percent", "percent": 5})
        order = self._buy((self.wine, 100))
        self._come(order)
        inspection = self._inspection(order, self.keeper)
        line = inspection.line_ids
        self.assertEqual((line.qty_sample, line.accept_number), (5, 0))
        line.write({"qty_checked": 5, "qty_nonconforming": 1})
        self.assertEqual(line.sample_result, "fail")
        for accepted in (100, 99, 1):
            with (
                self.subTest(accepted=accepted),
                self.assertRaisesRegex(UserError, "1 nonconforming of 5"),
                self.env.cr.savepoint(),
            ):
                self._decide(inspection, accepted, 100 - accepted)
        self._decide(inspection, 0, 60, 40, concession_reason="Needed")
        self.assertEqual((self._free(), order.order_line.qty_received), (40, 40))

    def test_percent_sample_that_fails_is_looked_at_whole(self):
        self.rule.write({"sampling": "percent", "percent": 5})
        order = self._buy((self.wine, 100))
        self._come(order)
        inspection = self._inspection(order)
        inspection.line_ids.write({"qty_checked": 100, "qty_nonconforming": 7})
        self._decide(inspection, accepted=93, rejected=7)
        self.assertEqual(order.order_line.qty_received, 93)

    def test_sample_quantities_are_possible(self):
        """No more is looked at than came, no more is bad than was looked at."""
        self.rule.write({"sampling": "full"})
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        line = inspection.line_ids
        for checked, found in ((10, -5), (5, 6), (-1, -1), (0, 1)):
            with self.subTest(checked=checked, found=found):
                with self.assertRaisesRegex(ValidationError, "cannot be nonconforming"):
                    with self.env.cr.savepoint():
                        line.write({"qty_checked": checked, "qty_nonconforming": found})
                self.env.invalidate_all()
        line.write({"qty_checked": 20, "qty_nonconforming": 10})
        self.assertEqual(line.sample_result, "fail")
        with self.assertRaisesRegex(UserError, "20.*cannot have been looked at"):
            with self.env.cr.savepoint():
                self._decide(inspection, accepted=10)
        line.write({"qty_checked": 10, "qty_nonconforming": 10})
        with self.assertRaisesRegex(UserError, "only 0 are good"):
            with self.env.cr.savepoint():
                self._decide(inspection, accepted=10)
        self._decide(inspection, rejected=10)
        self.assertEqual(self._free(), 0)

    def test_sample_that_passes(self):
        self.rule.write({"sampling": "percent", "percent": 5})
        order = self._buy((self.wine, 100))
        self._come(order)
        inspection = self._inspection(order)
        inspection.line_ids.qty_checked = 5
        self.assertEqual(inspection.line_ids.sample_result, "pass")
        self._decide(inspection, accepted=100)
        self.assertEqual(self._free(), 100)

    def test_measured_values(self):
        self.wine.categ_id = self.env["product.category"].create({"name": "Wines"})
        alcohol = self.env["jxc.inspection.characteristic"].create(
            {
                "name": "Alcohol",
                "category_id": self.wine.categ_id.id,
                "lower_limit": 11,
                "upper_limit": 13,
                "unit": "%",
            }
        )
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        measure = inspection.line_ids.measure_ids
        self.assertEqual(
            (measure.characteristic_id, measure.limits), (alcohol, "11 – 13 %")
        )
        # The limits are those of the day of the receipt.
        alcohol.upper_limit = 20
        with self.assertRaisesRegex(UserError, "measure Alcohol"):
            self._decide(inspection, accepted=10)
        with self.assertRaises(AccessError):
            measure.upper_limit = 20
        with self.assertRaises(UserError):
            measure.unlink()
        measure.value = 14.5
        self.assertTrue(measure.is_outside)
        with self.assertRaisesRegex(UserError, "Alcohol 14.5"):
            inspection.action_done()
        with self.assertRaisesRegex(UserError, "Reject 1.* at least"):
            with self.env.cr.savepoint():
                self._decide(inspection, accepted=9.99, rejected=0.01)
        inspection.line_ids.write({"qty_checked": 10, "qty_nonconforming": 3})
        with self.assertRaisesRegex(UserError, "Reject 3.* at least"):
            with self.env.cr.savepoint():
                self._decide(inspection, accepted=8, rejected=2)
        self._decide(inspection, accepted=6, rejected=4)
        self.assertEqual(self._free(), 6)
        with self.assertRaises(UserError):
            measure.value = 12

    def _measured(self, values, **limits):
        """Whether each value is outside the limits, as an inspector enters it."""
        self.wine.categ_id = self.env["product.category"].create({"name": "Wines"})
        self.env["jxc.inspection.characteristic"].create(
            {"name": "Acidity", "category_id": self.wine.categ_id.id, **limits}
        )
        order = self._buy((self.wine, 10))
        self._come(order)
        measure = self._inspection(order).line_ids.measure_ids
        found = []
        for value in values:
            measure.write({"value": value, "is_measured": True})
            found.append(measure.is_outside)
        return measure, found

    def test_lower_limit_only(self):
        measure, outside = self._measured(
            (10.9999, 11, 1000000), has_upper=False, lower_limit=11
        )
        self.assertEqual(measure.limits, "≥ 11")
        self.assertEqual(outside, [True, False, False])

    def test_upper_limit_only(self):
        measure, outside = self._measured(
            (-5, 0, 13, 13.0001), has_lower=False, upper_limit=13
        )
        self.assertEqual(measure.limits, "≤ 13")
        self.assertEqual(outside, [False, False, False, True])

    def test_limits_of_zero(self):
        """Zero is a limit like any other: nothing but zero is between these."""
        measure, outside = self._measured(
            (0, 0.0001, -0.0001), lower_limit=0, upper_limit=0
        )
        self.assertEqual(measure.limits, "0 – 0")
        self.assertEqual(outside, [False, True, True])

    def test_upper_limit_of_zero(self):
        """What may not be found at all."""
        measure, outside = self._measured(
            (0, 0.01), has_lower=False, upper_limit=0, unit="mg"
        )
        self.assertEqual(measure.limits, "≤ 0 mg")
        self.assertEqual(outside, [False, True])
        inspection = measure.line_id.inspection_id
        with self.assertRaisesRegex(UserError, "Acidity 0.01"):
            with self.env.cr.savepoint():
                self._decide(inspection, accepted=10)
        measure.value = 0
        self.assertFalse(measure.is_outside)
        self._decide(inspection, accepted=10)

    def test_zero_has_to_be_measured(self):
        """No value is not zero, although zero is within the limits."""
        measure, _outside = self._measured((), has_upper=False, lower_limit=0)
        inspection = measure.line_id.inspection_id
        with self.assertRaisesRegex(UserError, "measure Acidity"):
            with self.env.cr.savepoint():
                self._decide(inspection, accepted=10)
        measure.is_measured = True
        self._decide(inspection, accepted=10)

    def test_value_without_limits(self):
        measure, outside = self._measured((-9, 0, 9), has_lower=False, has_upper=False)
        self.assertEqual(measure.limits, "–")
        self.assertEqual(outside, [False, False, False])

    def test_photos(self):
        """A photo that one inspector takes is seen by the other one."""
        order = self._buy((self.wine, 10))
        self._come(order)
        line = self._inspection(order).line_ids
        photo = (
            self.env["ir.attachment"]
            .with_user(self.inspector)
            .create({"name": "crack.png", "raw": PIXEL})
        )
        secret = (
            self.env["ir.attachment"]
            .with_user(self.colleague_inspector)
            .create({"name": "mine.png", "raw": PIXEL})
        )
        line.photo_ids = [Command.link(photo.id)]
        self.assertEqual(photo.with_user(self.colleague_inspector).raw, PIXEL)
        with self.assertRaises(AccessError):
            line.photo_ids = [Command.link(secret.id)]
