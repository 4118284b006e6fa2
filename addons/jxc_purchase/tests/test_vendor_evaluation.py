# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .vendor_common import FIRST, LAST, VendorCommon


@tagged("post_install", "-at_install")
class TestVendorEvaluation(VendorCommon):
    """Who computes, scores and validates; what is final stays as it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill = cls._criterion("fill", weight=30, full_value=100, zero_value=0)
        cls.manual = cls._criterion(weight=10)
        order = cls._ordered(cls.vendor, (cls.water, 10, 1.0))
        cls._came(order, "2026-02-10 04:00:00", 6)

    def _manual(self, evaluation):
        return evaluation.line_ids.filtered(lambda line: line.kind == "manual")

    def test_score_and_grade(self):
        one = self._evaluate(self.vendor)
        self.assertEqual((one.score, one.grade, one.period), (60, "c", "2026-Q1"))
        self._manual(one).with_user(self.rater).my_score = 100
        # 60 * 30/40 + 100 * 10/40
        self.assertEqual((one.score, one.grade), (70, "c"))
        self.company.write(
            {
                "jxc_vendor_grade_a": 70,
                "jxc_vendor_grade_b": 50,
                "jxc_vendor_grade_c": 40,
            }
        )
        one.action_compute()
        self.assertEqual(one.grade, "a")
        self.assertEqual(one.grade_limits, "A ≥ 70, B ≥ 50, C ≥ 40")

    def test_grades_fall(self):
        with self.assertRaises(ValidationError):
            self.company.jxc_vendor_grade_b = 95
        settings = self.env["res.config.settings"].create(
            {
                "jxc_vendor_grade_a": 50,
                "jxc_vendor_grade_b": 40,
                "jxc_vendor_grade_c": 30,
            }
        )
        settings.execute()
        self.assertEqual(self.company._jxc_grade_limits(), (50, 40, 30))

    def test_people_score_on_average(self):
        one = self._evaluate(self.vendor)
        line = self._manual(one)
        line.with_user(self.rater).my_score = 50
        line.with_user(self.validator).my_score = 100
        line.with_user(self.rater).my_score = 60
        self.assertEqual((line.score, line.sample_count), (80, 2))
        self.assertEqual(line.with_user(self.rater).my_score, 60)
        line.with_user(self.rater).my_score = 0
        self.assertEqual((line.score, line.sample_count), (100, 1))
        with self.assertRaises(UserError):
            line.with_user(self.rater).my_score = 101
        with self.assertRaises(UserError):
            self._line(one, "fill").with_user(self.rater).my_score = 90
        for user in (self.executive, self.outsider, self.requester):
            with self.assertRaises(AccessError):
                line.with_user(user).my_score = 90
        with self.assertRaises(AccessError):
            line.rating_ids.with_user(self.validator).write({"score": 1})
        # Computing again keeps what people gave.
        one.action_compute()
        self.assertEqual(line.score, 100)

    def test_points_are_numbers(self):
        line = self._manual(self._evaluate(self.vendor)).with_user(self.rater)
        for value in (float("nan"), float("inf")):
            with self.assertRaisesRegex(
                ValidationError, "My Score must be a whole number"
            ):
                line.write({"my_score": value})

    def test_figures_are_not_written(self):
        one = self._evaluate(self.vendor)
        for user in (self.buyer, self.manager, self.validator):
            mine = one.with_user(user)
            for vals in (
                {"score": 100},
                {"grade": "a"},
                {"state": "validated"},
                {"validated_by_id": user.id},
                {"has_score": True},
                {"period": "2026-Q4"},
                {"grade_limits": "A ≥ 1"},
                {"computed_at": "2026-04-01 00:00:00"},
                {"replaced_by_id": one.id},
                {"line_ids": [Command.update(one.line_ids[0].id, {"score": 100})]},
                {"line_ids": [Command.create({"criterion_id": self.manual.id})]},
                {"line_ids": [Command.delete(one.line_ids[0].id)]},
            ):
                with self.subTest(user=user.login, vals=vals):
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        mine.write(dict(vals))
            for vals in ({"score": 1}, {"value": 1}, {"weight": 1}, {"kind": "manual"}):
                with self.assertRaises(AccessError):
                    mine.line_ids.write(dict(vals))
        for user in (self.rater, self.executive):
            with self.assertRaises(AccessError):
                one.with_user(user).write({"note": "x"})
        self.assertEqual((one.score, one.state), (60, "draft"))

    def test_nothing_is_born_validated(self):
        scope = {
            "partner_id": self.other_vendor.id,
            "date_from": FIRST,
            "date_to": LAST,
        }
        with self.assertRaises(AccessError):
            self.evaluations.create({**scope, "state": "validated"})
        with self.assertRaises(AccessError):
            self.evaluations.create({**scope, "score": 99})
        crafted = self.evaluations.with_context(
            default_state="validated", default_grade="a", default_score=99
        )
        one = crafted.create(scope)
        self.assertEqual((one.state, one.grade, one.score), ("draft", False, 0))
        found = self.evaluations.load(
            ["partner_id/.id", "state"], [[str(self.vendor.id), "Validated"]]
        )
        self.assertFalse(found["ids"])

    def test_validate_takes_the_right(self):
        one = self._evaluate(self.vendor)
        for user in (self.buyer, self.rater, self.executive):
            with self.assertRaises(AccessError):
                one.with_user(user).action_validate()
        one.with_user(self.validator).action_validate()
        self.assertEqual(one.state, "validated")
        self.assertEqual(one.validated_by_id, self.validator)
        self.assertTrue(one.validated_at)

    def test_who_scored_does_not_validate(self):
        one = self._evaluate(self.vendor)
        self._manual(one).with_user(self.validator).my_score = 100
        self.assertFalse(one.with_user(self.validator).can_validate)
        with self.assertRaisesRegex(UserError, "Somebody else"):
            one.with_user(self.validator).action_validate()
        one.with_user(self.manager).action_validate()
        other = self._evaluate(self.vendor)
        self._manual(other).with_user(self.validator).my_score = 100
        self.company.jxc_vendor_four_eyes = False
        other.with_user(self.validator).action_validate()
        self.assertEqual(other.state, "validated")

    def test_validate_needs_figures_and_an_ended_period(self):
        boss = self.evaluations.with_user(self.manager)
        one = boss.create(
            {"partner_id": self.vendor.id, "date_from": FIRST, "date_to": LAST}
        )
        with self.assertRaisesRegex(UserError, "compute"):
            one.action_validate()
        none = self._evaluate(self.other_vendor).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "nothing to validate"):
            none.action_validate()
        one.action_compute()
        with freeze_time("2026-03-31 08:00:00"):
            with self.assertRaisesRegex(UserError, "ends on"):
                one.action_validate()

    def test_validated_is_final(self):
        one = self._evaluate(self.vendor)
        self._manual(one).with_user(self.rater).my_score = 100
        one.with_user(self.manager).action_validate()
        for user in (self.buyer, self.manager):
            mine = one.with_user(user)
            for change in (
                mine.action_compute,
                lambda mine=mine: mine.write({"note": "x"}),
                lambda mine=mine: mine.write({"date_to": "2026-03-30"}),
                lambda mine=mine: mine.write({"partner_id": self.other_vendor.id}),
                mine.unlink,
                lambda mine=mine: self._manual(mine).write({"my_score": 1}),
                lambda mine=mine: mine.line_ids[0].write({"comment": "x"}),
            ):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    change()
        with self.assertRaises(UserError):
            one.with_user(self.manager).action_validate()
        # Nor by what it was computed from.
        self.fill.weight = 1
        self.company.write({"jxc_vendor_grade_c": 1, "jxc_vendor_grade_b": 2})
        self.env.flush_all()
        one.invalidate_recordset()
        self.assertEqual((one.score, one.grade), (70, "c"))
        self.assertEqual(self._line(one, "fill").weight, 30)

    def test_only_a_new_one_replaces(self):
        one = self._evaluate(self.vendor)
        one.with_user(self.manager).action_validate()
        other = self._evaluate(self.vendor)
        self._manual(other).with_user(self.rater).my_score = 20
        self.assertEqual(self._score(self.vendor), 60)
        other.with_user(self.manager).action_validate()
        self.assertEqual((one.state, one.replaced_by_id), ("replaced", other))
        # 60 * 3/4 + 20 * 1/4
        self.assertEqual(self._score(self.vendor), 50)
        with self.assertRaises(UserError):
            one.with_user(self.manager).action_validate()

    def _score(self, partner):
        return partner._jxc_vendor_score(self.company)[partner.id]

    def test_last_score(self):
        contact = self.env["res.partner"].create(
            {"name": "Sales", "parent_id": self.vendor.id}
        )
        year = {"date_from": date(2025, 1, 1), "date_to": date(2025, 12, 31)}
        self._evaluate(self.vendor).with_user(self.manager).action_validate()
        self._given(self.vendor, 90, **year)
        self._evaluate(self.other_vendor)
        everybody = self.vendor | contact | self.other_vendor
        self.assertEqual(
            everybody._jxc_vendor_score(self.company),
            {self.vendor.id: 60, contact.id: 60, self.other_vendor.id: None},
        )
        second = self.env["res.company"].create({"name": "Second"})
        self.assertEqual(self.vendor._jxc_vendor_score(second), {self.vendor.id: None})
        # What inspection rules ask.
        self.assertEqual(everybody._jxc_vendor_scores(), {self.vendor: 60, contact: 60})
        mine = self.vendor.with_user(self.buyer)
        self.assertEqual((mine.jxc_vendor_grade, mine.jxc_vendor_score), ("c", 60))
        found = mine.search([("jxc_vendor_grade", "=", "c")])
        self.assertIn(self.vendor, found)
        self.assertIn(contact, found)
        self.assertNotIn(self.other_vendor, found)
        self.assertIn('"2026-Q1"', mine.jxc_score_trend)
        self.assertFalse(mine.with_company(second).sudo().jxc_vendor_grade)

    def test_inspection_by_score(self):
        self.rule.write({"active": True, "mode": "score", "score_below": 70})
        self._evaluate(self.vendor).with_user(self.manager).action_validate()
        order = self._ordered(
            self.vendor, (self.wine, 1, 5.0), on="2026-04-18 02:00:00"
        )
        self._came(order, "2026-04-19 02:00:00")
        self.assertTrue(self._inspection(order))
        self.rule.score_below = 50
        order = self._ordered(
            self.vendor, (self.wine, 1, 5.0), on="2026-04-18 02:00:00"
        )
        self._came(order, "2026-04-19 02:00:00")
        self.assertFalse(self._inspection(order))

    def test_another_period_forgets_the_figures(self):
        one = self._evaluate(self.vendor)
        one.date_to = "2026-02-28"
        self.assertFalse(one.has_score)
        self.assertFalse(one.computed_at)
        one.action_compute()
        self.assertEqual(one.score, 60)

    def test_template_changes_reach_drafts(self):
        one = self._evaluate(self.vendor)
        self.manual.active = False
        price = self._criterion("price", weight=5)
        one.action_compute()
        self.assertEqual(one.line_ids.criterion_id, self.fill | price)
        with self.assertRaises(ValidationError):
            price.zero_value = price.full_value

    def test_batch(self):
        wizard = (
            self.env["jxc.vendor.evaluation.batch"].with_user(self.buyer).create({})
        )
        self.assertEqual((wizard.date_from, wizard.date_to), (FIRST, LAST))
        action = wizard.action_create_evaluations()
        made = self.env["jxc.vendor.evaluation"].browse(action["domain"][0][2])
        self.assertIn(self.vendor, made.partner_id)
        self.assertNotIn(self.other_vendor, made.partner_id)
        self.assertEqual(
            made.filtered(lambda one: one.partner_id == self.vendor).score, 60
        )
        with self.assertRaises(UserError):
            wizard.action_create_evaluations()
        wizard.partner_ids = self.vendor | self.other_vendor
        action = wizard.action_create_evaluations()
        made = self.env["jxc.vendor.evaluation"].browse(action["domain"][0][2])
        self.assertEqual(made.partner_id, self.other_vendor)
        with self.assertRaises(AccessError):
            wizard.with_user(self.executive).action_create_evaluations()

    def test_cron(self):
        others = self.env["res.company"].search([("id", "!=", self.company.id)])
        others.jxc_vendor_period = "never"
        cron = self.env.ref("jxc_purchase.jxc_vendor_evaluation_cron")
        evaluations = self.env["jxc.vendor.evaluation"]
        mine = [("company_id", "=", self.company.id), ("period", "=", "2026-Q1")]
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        made = evaluations.search(mine)
        self.assertIn(self.vendor, made.partner_id)
        self.assertEqual(set(made.mapped("state")), {"draft"})
        made.filtered(lambda one: one.partner_id != self.vendor).unlink()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(evaluations.search(mine).partner_id, self.vendor)

    def test_two_companies(self):
        second = self.env["res.company"].create({"name": "Second"})
        away = self._user(
            "ven_away",
            "purchase.group_purchase_manager",
            company_id=second.id,
            company_ids=[Command.set(second.ids)],
        )
        one = self._evaluate(self.vendor)
        for record in (one, one.line_ids):
            theirs = record.with_user(away)
            self.assertFalse(theirs.search([("id", "in", record.ids)]))
            with self.assertRaises(AccessError):
                theirs.read(["score"])
        with self.assertRaises(AccessError):
            one.with_user(away).action_compute()
        own = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": second.id}
        )
        with self.assertRaises(UserError):
            self._evaluate(own)

    def test_readers(self):
        one = self._evaluate(self.vendor)
        for user in (self.executive, self.rater, self.validator, self.buyer):
            self.assertEqual(one.with_user(user).read(["score"])[0]["score"], 60)
            self.assertTrue(one.with_user(user).line_ids.read(["value_text"]))
        for user in (self.outsider, self.requester):
            with self.assertRaises(AccessError):
                one.with_user(user).read(["score"])
            with self.assertRaises(AccessError):
                self.vendor.with_user(user).read(["jxc_vendor_score"])

    def test_print(self):
        one = self._evaluate(self.vendor)
        report = self.env["ir.actions.report"].with_user(self.buyer)
        html = report._render_qweb_html(
            "jxc_purchase.jxc_vendor_evaluation_report", one.ids
        )[0].decode()
        for text in ("Vendor A", "2026-Q1", "60.00", "Cooperation", "no data"):
            self.assertIn(text, html)
