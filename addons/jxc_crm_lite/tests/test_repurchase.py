# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime
import statistics
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import TODAY
from .common_repurchase import RepurchaseCommon


@tagged("post_install", "-at_install")
class TestRepurchase(RepurchaseCommon):
    def test_average_or_median(self):
        """One long break moves the average, not the median."""
        partner = self._customer("Shop")
        for days_ago in (131, 31, 21, 10):
            self._buy(partner, days_ago, (self.soy, 1))
        self._recompute_cycles()
        cycle = self._cycle(partner)
        self.assertEqual(self.company.jxc_repurchase_by, "average")
        self.assertEqual(cycle.interval_days, 40.3)  # (100 + 10 + 11) / 3
        self.assertEqual(cycle.next_date, TODAY + datetime.timedelta(days=30))
        self.company.jxc_repurchase_by = "median"
        self.assertEqual(self._recompute_cycles()["changed"], 1)
        self.assertEqual(cycle.interval_days, 11)
        self.assertEqual(cycle.next_date, TODAY + datetime.timedelta(days=1))
        self.assertFalse(any(self._recompute_cycles().values()))

    def test_median_in_base_units(self):
        self.company.jxc_repurchase_by = "median"
        partner = self._customer("Shop")
        contact = self._customer("Buyer", parent_id=partner.id)
        for days_ago, buyer, line in (
            (100, partner, (self.soy, 1, self.box)),
            (70, contact, (self.soy, 30)),
            (40, partner, (self.soy, 2, self.box)),
            (30, partner, (self.soy, 24)),
        ):
            self._buy(buyer, days_ago, line)
        self._recompute_cycles()
        day = datetime.timedelta(days=1)
        self.assertRecordValues(
            self._cycle(partner),
            [
                {
                    "purchase_count": 4,
                    "interval_days": 30,
                    "usual_qty": 24,
                    "last_date": TODAY - 30 * day,
                    "next_date": TODAY,
                }
            ],
        )
        self.assertFalse(self._cycle(contact))

    def test_second_run_writes_nothing(self):
        partner = self._customer("Shop")
        for days_ago in (90, 60, 30):
            self._buy(partner, days_ago, (self.soy, 1))
        first = self._recompute_cycles()
        self.assertEqual(first, {"created": 1, "changed": 0, "removed": 0})
        again = self._recompute_cycles()
        self.assertEqual(again, {"created": 0, "changed": 0, "removed": 0})
        order = self._buy(partner, 10, (self.soy, 1))
        self.assertEqual(self._recompute_cycles()["changed"], 1)
        order._action_cancel()
        self._recompute_cycles()
        self.assertEqual(self._cycle(partner).purchase_count, 3)
        self.soy.active = False
        self.assertEqual(self._recompute_cycles()["removed"], 1)

    def test_three_purchases_on_different_days(self):
        partner = self._customer("Shop")
        for days_ago in (60, 60, 30):
            self._buy(partner, days_ago, (self.soy, 1))
        self._recompute_cycles()
        self.assertFalse(self._cycle(partner))
        self.company.jxc_repurchase_min = 2
        self._recompute_cycles()
        self.assertEqual(self._cycle(partner).usual_qty, 1.5)
        with self.assertRaises(ValidationError):
            self.company.jxc_repurchase_min = 1

    def test_days_in_the_time_zone_of_the_company(self):
        """17:00 UTC is the next day in Shanghai."""
        partner = self._customer("Shop")
        self.company.partner_id.tz = "Asia/Shanghai"
        for days_ago, hour in ((61, 17), (30, 12), (2, 17)):
            self._buy(partner, days_ago, (self.soy, 1), hour=hour)
        self._recompute_cycles()
        cycle = self._cycle(partner)
        self.assertEqual(cycle.last_date, TODAY - datetime.timedelta(days=1))
        self.assertEqual(cycle.interval_days, 29.5)

    def test_returned_and_negative_lines(self):
        partner = self._customer("Shop")
        for days_ago in (90, 60, 30):
            self._buy(partner, days_ago, (self.soy, 5))
        self._buy(partner, 10, (self.soy, 5), (self.soy, -5))
        self._recompute_cycles()
        self.assertEqual(self._cycle(partner).purchase_count, 3)

    def _move(self, order, picking=None):
        """Move all of an order's goods, or all of a transfer back; return it."""
        if picking:
            wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
            wizard.product_return_moves.write({"quantity": 5, "to_refund": True})
            picking = wizard._create_return()
        picking = picking or order.picking_ids
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        picking._action_done()
        return picking

    def test_goods_that_came_back_and_left_again(self):
        """A return that was undone is no return, a line below zero is one already."""
        partner = self._customer("Shop")
        for days_ago in (90, 60, 30):
            last = self._buy(partner, days_ago, (self.soy, 5))
        self._recompute_cycles()
        self.assertEqual(self._cycle(partner).purchase_count, 3)
        back = self._move(last, self._move(last))
        self._recompute_cycles()
        self.assertFalse(self._cycle(partner), "two purchases are left")
        self._move(last, back)
        self._recompute_cycles()
        self.assertEqual(self._cycle(partner).purchase_count, 3)
        mixed = self._buy(partner, 10, (self.soy, 9), (self.soy, -5))
        self._move(mixed)
        self._recompute_cycles()
        self.assertEqual(self._cycle(partner).purchase_count, 4)
        self.assertEqual(self._cycle(partner).usual_qty, 5)

    def test_window(self):
        partner = self._customer("Shop")
        for days_ago in (90, 60, 29):
            self._buy(partner, days_ago, (self.soy, 1))
        self.company.jxc_repurchase_months = 2
        self._recompute_cycles()
        self.assertFalse(self._cycle(partner))

    def test_two_companies(self):
        other = self._create_class_company("Other Ltd")
        self.env.user.company_ids += other
        partner = self._customer("Shop")
        for days_ago in (90, 60, 30):
            self._buy(partner, days_ago, (self.soy, 1), company=other)
        self._recompute_cycles()
        self._recompute_cycles(other)
        self.assertFalse(self._cycle(partner))
        self.assertTrue(self._cycle(partner, company=other))
        stranger = self._user("stranger", "sales_team.group_sale_manager")
        cycles = self.cycles.with_user(stranger)
        self.assertFalse(cycles.search([("partner_id", "=", partner.id)]))
        found = partner.with_user(stranger).jxc_cycle_ids
        self.assertFalse(found)

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        gaps=st.lists(st.integers(1, 60), min_size=2, max_size=6),
        quantities=st.lists(st.integers(1, 50), min_size=7, max_size=7),
    )
    def test_any_history(self, gaps, quantities):
        """The gaps, and nothing else, say when the next order comes."""
        with self.env.cr.savepoint() as savepoint:
            partner = self._customer("Any")
            days = [0]
            for gap in gaps:
                days.append(days[-1] + gap)
            for days_ago, quantity in zip(days, quantities, strict=False):
                self._buy(partner, days_ago, (self.rice, quantity))
            for way, interval in (
                ("average", Fraction(sum(gaps), len(gaps))),
                ("median", Fraction(statistics.median(gaps))),
            ):
                self.company.jxc_repurchase_by = way
                self._recompute_cycles()
                cycle = self._cycle(partner, self.rice)
                half = Fraction(1, 2)
                self.assertEqual(cycle.interval_days, int(interval * 10 + half) / 10)
                self.assertEqual(
                    (cycle.next_date - cycle.last_date).days, int(interval + half)
                )
            bought = quantities[: len(days)]
            self.assertAlmostEqual(cycle.usual_qty, statistics.median(bought))
            savepoint.rollback()
            self.env.invalidate_all()

    # What people do -----------------------------------------------------------

    def _due_cycle(self, **values):
        partner = self._customer("Due", **values)
        for days_ago in (93, 62, 31):
            self._buy(partner, days_ago, (self.soy, 6), (self.salt, 1))
        self._recompute_cycles()
        return self._cycle(partner)

    @freeze_time("2024-06-30 06:00:00")
    def test_owner_is_reminded_once(self):
        seller = self._user("seller", "sales_team.group_sale_salesman")
        cycle = self._due_cycle(user_id=seller.id)
        nobody = self._due_cycle()
        first = self.cycles._remind(self.company)
        self.assertRecordValues(
            first,
            [
                {
                    "user_id": seller.id,
                    "res_id": cycle.partner_id.id,
                    "res_model": "res.partner",
                }
            ],
        )
        self.assertIn("Soy", first.note)
        self.assertIn("Salt", first.note)
        self.assertFalse(nobody.reminded_for)
        self.assertFalse(self.cycles._remind(self.company))
        self._buy(cycle.partner_id, 1, (self.soy, 6), (self.salt, 1))
        self._recompute_cycles()
        self.assertFalse(self.cycles._remind(self.company))
        self.assertFalse(first.exists().active)
        with freeze_time("2024-07-31 06:00:00"):
            self.assertEqual(len(self.cycles._remind(self.company)), 1)

    @freeze_time("2024-06-30 06:00:00")
    def test_snooze(self):
        cycle = self._due_cycle()
        self.assertTrue(cycle.is_due)
        self.assertIn(cycle, self.cycles.search([("is_due", "=", True)]))
        executive = self._user("executive", "jxc_base.group_executive")
        with self.assertRaises(AccessError):
            cycle.with_user(executive).action_snooze()
        seller = self._user("seller", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            cycle.with_user(seller).snoozed_until = TODAY
        for wrong in ("soon", float("nan")):
            with self.assertRaisesRegex(UserError, "number of days"):
                cycle.with_user(seller).action_snooze(wrong)
        cycle.with_user(seller).action_snooze(7)
        cycle.invalidate_recordset()
        self.assertFalse(cycle.is_due)
        self.assertNotIn(cycle, self.cycles.search([("is_due", "=", True)]))
        self.assertIn(cycle, self.cycles.search([("is_due", "=", False)]))
        self._buy(cycle.partner_id, 0, (self.soy, 6))
        self._recompute_cycles()
        self.assertFalse(cycle.snoozed_until)

    def test_quotation(self):
        seller = self._user("seller", "sales_team.group_sale_salesman")
        cycle = self._due_cycle(user_id=seller.id)
        both = cycle | self._cycle(cycle.partner_id, self.salt)
        executive = self._user("executive", "jxc_base.group_executive")
        with self.assertRaises(AccessError):
            both.with_user(executive).action_make_quotation()
        action = both.with_user(seller).action_make_quotation()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.partner_id, cycle.partner_id)
        self.assertEqual(order.state, "draft")
        self.assertEqual(
            {(line.product_id, line.product_uom_qty) for line in order.order_line},
            {(self.soy, 6), (self.salt, 1)},
        )
        self.assertEqual(set(order.order_line.mapped("price_unit")), {10})

    def test_who_sees_what(self):
        seller = self._user("seller", "sales_team.group_sale_salesman")
        colleague = self._user("colleague", "sales_team.group_sale_salesman")
        leader = self._user("leader", "sales_team.group_sale_salesman_all_leads")
        executive = self._user("executive", "jxc_base.group_executive")
        manager = self._user("manager", "sales_team.group_sale_manager")
        clerk = self._user("clerk", "base.group_user")
        cycle = self._due_cycle(user_id=seller.id)
        for user, seen in (
            (seller, True),
            (colleague, False),
            (leader, True),
            (executive, True),
        ):
            found = self.cycles.with_user(user).search([("id", "=", cycle.id)])
            self.assertEqual(bool(found), seen, user.login)
        with self.assertRaises(AccessError):
            self.cycles.with_user(clerk).search([])
        with self.assertRaises(AccessError):
            cycle.with_user(manager).write({"purchase_count": 9})
        with self.assertRaises(AccessError):
            cycle.with_user(leader).action_recompute()
        cycle.with_user(manager).action_recompute()

    def test_sleeping_customers(self):
        seller = self._user("seller", "sales_team.group_sale_salesman")
        sleeper = self._customer(
            "Sleeper", user_id=seller.id, email="sleeper@example.com"
        )
        self._buy(sleeper, 700, (self.soy, 50))
        self._buy(sleeper, 300, (self.soy, 3), (self.rice, 2))
        self._buy(sleeper, 200, (self.rice, 5))
        awake = self._customer("Awake")
        self._buy(awake, 1, (self.soy, 1))
        self._recompute()
        report = self.env["jxc.sleeping.customer"]
        row = report.with_user(seller).search([("company_id", "=", self.company.id)])
        self.assertEqual(row.partner_id, sleeper)
        self.assertEqual((row.life_cycle, row.amount_lost), ("sleeping", 100))
        self.assertEqual(row.last_product_ids, self.rice)
        action = row.action_email()
        self.assertEqual(action["context"]["default_res_ids"], sleeper.ids)
        composer = Form(
            self.env["mail.compose.message"].with_context(**action["context"])
        )
        self.assertEqual(composer.composition_mode, "mass_mail")
        with self.assertRaises(UserError):
            row.action_sms()
        colleague = self._user("colleague", "sales_team.group_sale_salesman")
        self.assertFalse(report.with_user(colleague).search([]))
