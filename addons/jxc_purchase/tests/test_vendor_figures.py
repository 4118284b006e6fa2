# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .vendor_common import VendorCommon


@tagged("post_install", "-at_install")
class TestVendorFigures(VendorCommon):
    """Every figure, worked out by hand."""

    def test_on_time(self):
        self._criterion("on_time")
        promised = "2026-02-10 04:00:00"
        # At the last minute of the promised day in Shanghai, which is 16:00 UTC.
        early = self._ordered(self.vendor, (self.water, 10, 1.0), promised=promised)
        self._came(early, "2026-02-10 15:59:00")
        late = self._ordered(self.vendor, (self.water, 10, 1.0), promised=promised)
        self._came(late, "2026-02-10 16:00:00")
        partly = self._ordered(self.vendor, (self.water, 10, 1.0), promised=promised)
        self._came(partly, "2026-02-09 04:00:00", 9)
        self._came(partly, "2026-02-12 04:00:00", 1)
        never = self._ordered(self.vendor, (self.water, 10, 1.0), promised=promised)
        # In boxes, in two parts: 2 boxes are 24 bottles.
        boxes = self._ordered(
            self.vendor,
            (self.wine, 2, 60.0, {"product_uom_id": self.box.id}),
            promised=promised,
        )
        self.assertEqual(boxes.picking_ids.move_ids.product_uom, self.bottle)
        self._came(boxes, "2026-02-09 04:00:00", 12)
        self._came(boxes, "2026-02-10 04:00:00", 12)
        # Of other periods, not due yet, from somebody else, a service: no cases.
        self._ordered(self.vendor, (self.water, 1, 1.0), promised="2026-03-31 16:30:00")
        self._ordered(self.vendor, (self.water, 1, 1.0), promised="2025-12-31 15:30:00")
        service = self.env["product.product"].create({"name": "S", "type": "service"})
        self._ordered(self.vendor, (service, 1, 1.0), promised=promised)
        one = self._evaluate(self.vendor)
        self.assertFigure(one, "on_time", 40.0, 5)
        action = self._line(one, "on_time").action_open_cases()
        lines = self.env["purchase.order.line"].browse(action["domain"][0][2])
        self.assertEqual(lines.order_id, early | late | partly | never | boxes)

    def test_on_time_with_grace(self):
        criterion = self._criterion("on_time", grace_days=1)
        order = self._ordered(self.vendor, (self.water, 10, 1.0))
        self._came(order, "2026-02-11 15:00:00")
        one = self._evaluate(self.vendor)
        self.assertFigure(one, "on_time", 100.0, 1)
        criterion.grace_days = 0
        one.action_compute()
        self.assertFigure(one, "on_time", 0.0, 1)

    def test_postponing_is_late(self):
        self._criterion("on_time")
        order = self._ordered(self.vendor, (self.water, 10, 1.0))
        line = order.order_line
        line.date_planned = "2026-03-10 04:00:00"
        self.assertEqual(line.jxc_date_promised, self._moment("2026-02-10 04:00:00"))
        self._came(order, "2026-03-09 04:00:00")
        one = self._evaluate(self.vendor)
        self.assertFigure(one, "on_time", 0.0, 1)
        with self.assertRaises(AccessError):
            line.with_user(self.manager).jxc_date_promised = "2026-03-10 04:00:00"
        with self.assertRaises(AccessError):
            order.with_user(self.buyer).action_jxc_accept_dates()
        order.with_user(self.manager).action_jxc_accept_dates()
        one.action_compute()
        self.assertFigure(one, "on_time", 100.0, 1)
        with self.assertRaises(UserError):
            order.with_user(self.manager).action_jxc_accept_dates()

    def test_drafts_follow_the_expected_arrival(self):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [Command.create({"product_id": self.water.id})],
            }
        )
        order.order_line.date_planned = "2026-06-01 04:00:00"
        self.assertEqual(
            order.order_line.jxc_date_promised, self._moment("2026-06-01 04:00:00")
        )

    def test_what_is_not_due_says_nothing(self):
        self._criterion("on_time")
        self._criterion("fill")
        self._ordered(
            self.vendor,
            (self.water, 1, 1.0),
            on="2026-04-18 02:00:00",
            promised="2026-04-25 04:00:00",
        )
        one = self._evaluate(self.vendor, date_from="2026-04-01", date_to="2026-04-30")
        self.assertFigure(one, "on_time", 0.0, 0)
        self.assertFigure(one, "fill", 0.0, 0)
        self.assertFalse(one.has_score)

    def test_fill(self):
        self._criterion("fill")
        whole = self._ordered(self.vendor, (self.water, 10, 1.0))
        self._came(whole, "2026-03-10 04:00:00")
        part = self._ordered(self.vendor, (self.water, 8, 1.0))
        self._came(part, "2026-02-10 04:00:00", 2)
        more = self._ordered(self.vendor, (self.water, 4, 1.0))
        self._came(more, "2026-02-10 04:00:00", 6)
        self._ordered(self.vendor, (self.water, 4, 1.0))
        # 1, 1/4, 1 (never more) and 0
        self.assertFigure(self._evaluate(self.vendor), "fill", 56.25, 4)

    def test_goods_in_place_of_others_came_before(self):
        """10 of 20, of which 4 are exchanged: half, not 14 of 20."""
        self._criterion("fill")
        order = self._ordered(self.vendor, (self.water, 20, 1.0))
        picking = self._came(order, "2026-02-10 04:00:00", 10)
        for on in ("2026-02-11 04:00:00", "2026-02-12 04:00:00"):
            wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
            wizard.product_return_moves.write({"quantity": 4, "to_refund": False})
            picking = wizard._create_return()
            picking.move_ids.write({"quantity": 4, "picked": True})
            with freeze_time(on):
                picking._action_done()
                self.env.flush_all()
        self.assertEqual(picking.move_ids.location_id.usage, "supplier")
        self.assertEqual(order.order_line.qty_received, 10)
        self.assertFigure(self._evaluate(self.vendor), "fill", 50.0, 1)

    def test_fill_is_not_rounded(self):
        """One bottle of a box is a twelfth; the order line shows 0.08."""
        self._criterion("fill")
        box = {"product_uom_id": self.box.id}
        order = self._ordered(self.vendor, (self.wine, 1, 60.0, box))
        self._came(order, "2026-02-10 04:00:00", 1)
        self.assertFigure(self._evaluate(self.vendor), "fill", 8.33, 1)

    def test_accepted(self):
        self._criterion("accepted", concession_percent=50)
        self._criterion("fill")
        self._criterion("on_time")
        self.rule.active = True
        whole = self._ordered(self.vendor, (self.wine, 24, 5.0))
        self._came(whole, "2026-02-05 04:00:00")
        self._decide(self._inspection(whole), accepted=24)
        mixed = self._ordered(self.vendor, (self.wine, 10, 5.0))
        self._came(mixed, "2026-02-05 04:00:00")
        self._decide(
            self._inspection(mixed, self.keeper),
            accepted=5,
            concession=2,
            rejected=3,
            concession_reason="Only the labels",
            defect_id=self.scratched.id,
        )
        # Not inspected yet: no case, and not the vendor's fault.
        waiting = self._ordered(self.vendor, (self.wine, 10, 5.0))
        self._came(waiting, "2026-02-05 04:00:00")
        one = self._evaluate(self.vendor)
        # (1 + (5 + 2/2) / 10) / 2
        self.assertFigure(one, "accepted", 80.0, 2)
        # (1 + 7/10) / 2; rejected goods did not come in time either
        self.assertFigure(one, "fill", 85.0, 2)
        self.assertFigure(one, "on_time", 50.0, 2)

    def test_what_waits_for_its_inspection(self):
        """It says nothing; decided on however late, the day it came counts."""
        self._criterion("fill")
        self._criterion("on_time")
        self.rule.active = True
        order = self._ordered(self.vendor, (self.wine, 10, 5.0))
        self._came(order, "2026-02-05 04:00:00", 6)

        one = self._evaluate(self.vendor)

        def figures(fill, on_time, count=1):
            one.action_compute()
            self.assertFigure(one, "fill", fill, count)
            self.assertFigure(one, "on_time", on_time, count)

        # What waits says nothing; 4 never came, so nothing of the rest did.
        figures(0.0, 0.0)
        with freeze_time("2026-03-30 04:00:00"):
            self._decide(self._inspection(order), accepted=6)
        figures(60.0, 0.0)
        self._came(order, "2026-02-06 04:00:00", 4)
        # All that was looked at is good, and came in time.
        figures(100.0, 100.0)
        with freeze_time("2026-03-30 04:00:00"):
            self._decide(self._inspection(order), accepted=4)
        figures(100.0, 100.0)
        other = self._ordered(self.vendor, (self.wine, 10, 5.0))
        self._came(other, "2026-02-05 04:00:00")
        figures(100.0, 100.0)
        with freeze_time("2026-03-30 04:00:00"):
            self._decide(
                self._inspection(other, self.keeper),
                accepted=6,
                rejected=4,
                defect_id=self.scratched.id,
            )
        figures(80.0, 50.0, 2)

    def test_lines_that_wait_in_part(self):
        """What of a line has been judged counts, by its share of the line."""
        self._criterion("fill")
        self._criterion("on_time")
        self.rule.active = True

        def ordered(*parts):
            """An order of 10; parts are (day, quantity, accepted or None)."""
            order = self._ordered(self.vendor, (self.wine, 10, 5.0))
            for day, quantity, accepted in parts:
                self._came(order, f"2026-02-{day} 04:00:00", quantity)
                if accepted is not None:
                    self._decide(
                        self._inspection(order, self.keeper),
                        accepted=accepted,
                        rejected=quantity - accepted,
                        defect_id=quantity > accepted and self.scratched.id,
                    )
            return order

        # In time, 6 accepted, 4 wait: 6 of 6; on time so far, by 6/10 of a line.
        ordered(("05", 6, 6), ("06", 4, None))
        one = self._evaluate(self.vendor)
        self.assertFigure(one, "fill", 100.0, 1)
        self.assertFigure(one, "on_time", 100.0, 1)
        # 6 accepted, 2 wait, 2 never came: 6 of 8; late whatever is found.
        ordered(("05", 6, 6), ("06", 2, None))
        one.action_compute()
        # (6 + 6) / (6 + 8); 6 / (6 + 10)
        self.assertFigure(one, "fill", 85.71, 2)
        self.assertFigure(one, "on_time", 37.5, 2)
        # 6 accepted in time, 4 too late and waiting: 6 of 6; late whatever is found.
        ordered(("05", 6, 6), ("20", 4, None))
        one.action_compute()
        # (6 + 6 + 6) / (6 + 8 + 6); 6 / (6 + 10 + 10)
        self.assertFigure(one, "fill", 90.0, 3)
        self.assertFigure(one, "on_time", 23.08, 3)
        # 3 of 6 rejected, 4 wait: 3 of 6; late whatever is found.
        ordered(("05", 6, 3), ("06", 4, None))
        one.action_compute()
        # (6 + 6 + 6 + 3) / (6 + 8 + 6 + 6); 6 / (6 + 10 + 10 + 10)
        self.assertFigure(one, "fill", 80.77, 4)
        self.assertFigure(one, "on_time", 16.67, 4)
        # All of it and 2 more, which wait: 10 of 10.
        ordered(("05", 10, 10), ("06", 2, None))
        one.action_compute()
        # (21 + 10) / (26 + 10); (6 + 10) / (36 + 10)
        self.assertFigure(one, "fill", 86.11, 5)
        self.assertFigure(one, "on_time", 34.78, 5)
        # All of it waits: nothing to say.
        ordered(("05", 10, None))
        one.action_compute()
        self.assertFigure(one, "fill", 86.11, 5)
        self.assertFigure(one, "on_time", 34.78, 5)

    def test_price_against_the_last_one_and_the_market(self):
        self._criterion("price")
        before = "2025-11-03 02:00:00"
        self._ordered(self.vendor, (self.water, 5, 9.0), on="2025-10-03 02:00:00")
        self._ordered(self.vendor, (self.water, 1, 10.0), on=before)
        # In the period: 12 from one vendor, 8 from the other; the market is at 10.
        self._ordered(self.vendor, (self.water, 100, 12.0))
        self._ordered(self.other_vendor, (self.water, 100, 8.0))
        both = self._evaluate(self.vendor, self.other_vendor)
        # The reference is (10 + 10) / 2, for who never sold it before the market alone.
        self.assertFigure(both[0], "price", 120.0, 1)
        self.assertFigure(both[1], "price", 80.0, 1)

    def test_price_in_units_and_discounts(self):
        self._criterion("price")
        self._ordered(
            self.vendor,
            (self.wine, 12, 6.0),
            on="2025-12-03 02:00:00",
        )
        # A box of 12 for 80, less 10 percent: 6 a bottle again.
        self._ordered(
            self.vendor,
            (self.wine, 2, 80.0, {"product_uom_id": self.box.id, "discount": 10}),
        )
        self.assertFigure(self._evaluate(self.vendor), "price", 100.0, 1)

    def test_price_in_currencies(self):
        self._criterion("price")
        money = self.env["res.currency"].create(
            {
                "name": "XVD",
                "symbol": "v",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 8.0})],
            }
        )
        self._ordered(self.vendor, (self.water, 10, 2.0), on="2025-12-03 02:00:00")
        # 20 of a currency of which 8 are one of ours: 2.5.
        self._ordered(self.vendor, (self.water, 3, 20.0), currency_id=money.id)
        self.assertFigure(self._evaluate(self.vendor), "price", 125.0, 1)

    def test_price_without_reference(self):
        self._criterion("price")
        self._ordered(self.vendor, (self.water, 3, 20.0))
        self._ordered(self.vendor, (self.wine, 3, 20.0))
        self.assertFigure(self._evaluate(self.vendor), "price", 0.0, 0)

    def test_response(self):
        self._criterion("response", full_value=24, zero_value=72)
        orders = self.env["purchase.order"].create(
            [{"partner_id": self.vendor.id} for _number in range(4)]
        )
        with freeze_time("2026-03-29 16:00:00"):
            orders.with_user(self.buyer).print_quotation()
        with freeze_time("2026-03-30 16:00:00"):
            orders[0].with_user(self.buyer).action_jxc_vendor_answered()
        with freeze_time("2026-03-31 04:00:00"):
            orders[1].button_confirm()
        # Two days until the end of the period in Shanghai; given up says nothing.
        orders[3].button_cancel()
        one = self._evaluate(self.vendor)
        self.assertFigure(one, "response", (24 + 36 + 48) / 3, 3)
        self.assertAlmostEqual(one.score, 75.0, 2)
        with self.assertRaises(UserError):
            orders[0].action_jxc_vendor_answered()

    def test_when_answered_is_not_written(self):
        orders = self.env["purchase.order"].with_user(self.buyer)
        order = orders.create({"partner_id": self.vendor.id})
        for name in ("jxc_date_sent", "jxc_date_answered"):
            with self.assertRaises(AccessError):
                order.write({name: "2026-01-01 00:00:00"})
            made = orders.with_context(**{f"default_{name}": "2026-01-01 00:00:00"})
            self.assertFalse(made.create({"partner_id": self.vendor.id})[name])

    def test_after_sales_has_no_data_without_tickets(self):
        self._criterion("after_sales", weight=50)
        self._criterion(weight=50)
        one = self._evaluate(self.vendor)
        self._line(one, False).with_user(self.rater).my_score = 80
        self.assertEqual(one.score, 80)
        self.assertEqual(one.left_out, "after_sales")
        self.assertRecordValues(
            self._line(one, "after_sales") | self._line(one, False),
            [
                {"weight": 50, "weight_effective": 0, "has_score": False},
                {"weight": 50, "weight_effective": 100, "has_score": True},
            ],
        )

    def test_contacts_count_for_their_company(self):
        self._criterion("fill")
        contact = self.env["res.partner"].create(
            {"name": "Sales", "parent_id": self.vendor.id}
        )
        order = self._ordered(contact, (self.water, 10, 1.0))
        self._came(order, "2026-02-10 04:00:00")
        one = self._evaluate(contact)
        self.assertEqual(one.partner_id, self.vendor)
        self.assertFigure(one, "fill", 100.0, 1)

    def test_other_companies_are_left_out(self):
        self._criterion("fill")
        second = self.env["res.company"].create({"name": "Second"})
        order = self._ordered(self.vendor, (self.water, 10, 1.0))
        self._came(order, "2026-02-10 04:00:00")
        self.env["jxc.vendor.criterion"].create(
            {
                "name": "Own",
                "code": "own",
                "kind": "manual",
                "company_id": second.id,
            }
        )
        one = self.env["jxc.vendor.evaluation"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": second.id,
                "date_from": "2026-01-01",
                "date_to": "2026-03-31",
            }
        )
        one.action_compute()
        self.assertEqual(one.line_ids.mapped("name"), ["Own"])
        self.assertFalse(one.has_score)
