# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .vendor_common import VendorCommon


@tagged("post_install", "-at_install")
class TestVendorMerge(VendorCommon):
    """Two vendors that turn out to be one: ``vendor`` goes, ``other_vendor`` stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manual = cls._criterion()
        cls.env["jxc.vendor.certificate.type"].search([]).active = False
        cls.merging = cls.env["base.partner.merge.automatic.wizard"]

    def _merge(self):
        self.env.flush_all()
        self.merging._merge((self.vendor | self.other_vendor).ids, self.other_vendor)
        self.env.flush_all()
        self.assertFalse(self.vendor.exists())

    def _qualification(self, vendor, *steps, **values):
        one = self.env["jxc.vendor.qualification"].create(
            {"partner_id": vendor.id, **values}
        )
        for step in steps:
            getattr(one, step)(*(["Late"] if step == "action_suspend" else []))
        return one

    # -- evaluations -----------------------------------------------------------------

    def test_evaluations_of_the_same_period(self):
        """The lower score stays in force, so that nobody is cleared by a merge."""
        worse, better = self._given(self.vendor, 59), self._given(self.other_vendor, 95)
        self._merge()
        self.assertEqual(better.state, "replaced")
        self.assertEqual(better.replaced_by_id, worse)
        self.assertEqual((better.score, better.grade), (95, "a"))
        self.assertEqual((worse | better).partner_id, self.other_vendor)
        self.assertEqual(self.other_vendor.jxc_vendor_grade, "d")
        self.assertTrue(self.other_vendor.jxc_was_graded_d)
        newer = self._given(self.other_vendor, 80)
        self.assertEqual((worse.state, newer.state), ("replaced", "validated"))

    def test_evaluations_of_different_periods_are_one_history(self):
        first = self._given(
            self.vendor,
            90,
            date_from=date(2025, 10, 1),
            date_to=date(2025, 12, 31),
        )
        second = self._given(self.other_vendor, 80)
        self._merge()
        self.assertEqual((first | second).mapped("state"), ["validated"] * 2)
        self.assertEqual(second.previous_score, 90)

    def test_drafts_of_the_same_period(self):
        """Given scores are kept; what is computed is computed for both together."""
        self._criterion("on_time")
        for vendor, arrived in ((self.vendor, "2026-02-20"), (self.other_vendor, "")):
            order = self._ordered(vendor, (self.water, 10, 5))
            self._came(order, f"{arrived or '2026-02-05'} 02:00:00")
        scored, bare = self._evaluate(self.vendor), self._evaluate(self.other_vendor)
        scored.line_ids.filtered(lambda line: line.kind == "manual").with_user(
            self.rater
        ).my_score = 70
        self.assertFigure(bare, "on_time", 100, 1)
        self._merge()
        self.assertEqual((scored.state, bare.state), ("draft", "replaced"))
        self.assertFalse(scored.computed_at)
        with self.assertRaisesRegex(UserError, "compute"):
            scored.with_user(self.validator).action_validate()
        scored.action_compute()
        self.assertFigure(scored, "on_time", 50, 2)
        manual = scored.line_ids.filtered(lambda line: line.kind == "manual")
        self.assertEqual(manual.score, 70)

    # -- papers ----------------------------------------------------------------------

    def test_certificates_and_exemptions_move(self):
        permit = self.env["jxc.vendor.certificate.type"].create({"name": "Permit"})
        certificates = self.env["jxc.vendor.certificate"].create(
            [
                {
                    "partner_id": vendor.id,
                    "type_id": permit.id,
                    "number": "1",
                    "date_to": "2026-12-31",
                }
                for vendor in (self.vendor, self.other_vendor)
            ]
        )
        exemption = self.env["jxc.vendor.exemption"].create(
            {
                "partner_id": self.vendor.id,
                "reason": "Only source",
                "date_to": "2026-04-30",
            }
        )
        self._merge()
        self.assertEqual(certificates.partner_id, self.other_vendor)
        self.assertEqual(len(self.other_vendor.jxc_certificate_ids), 2)
        self.assertEqual(exemption.partner_id, self.other_vendor)

    def test_qualified_by_one_of_them(self):
        ours = self._qualification(self.other_vendor)
        theirs = self._qualification(self.vendor, "action_request", "action_qualify")
        self._merge()
        self.assertEqual(self.other_vendor.jxc_qualification_ids, theirs)
        self.assertEqual(self.other_vendor.jxc_qualification_state, "qualified")
        self.assertFalse(ours.active)

    def test_suspended_stays_suspended(self):
        steps = ("action_request", "action_qualify")
        ours = self._qualification(self.other_vendor, *steps)
        theirs = self._qualification(self.vendor, *steps, "action_suspend")
        self._merge()
        self.assertEqual(self.other_vendor.jxc_qualification_state, "suspended")
        self.assertEqual(theirs.suspension_reason, "Late")
        self.assertEqual((ours.active, ours.state), (False, "qualified"))
        notes = theirs.message_ids.mapped("body")
        self.assertIn("Vendor B", str(notes), "It tells whose was archived")

    def test_nobody_archives_a_qualification(self):
        """Else a suspended vendor would be asked for anew."""
        one = self._qualification(self.vendor, "action_request", "action_suspend")
        for user in (self.buyer, self.validator):
            with self.assertRaises(AccessError):
                one.with_user(user).action_archive()

    # -- what is bought --------------------------------------------------------------

    def test_everything_at_once(self):
        """Budgets, requests, agreements, turns and counted receipts, with both."""
        self.company.jxc_vendor_grade_d_control = "none"
        budget = self.env["jxc.purchase.budget"].create(
            {
                "name": "Vendors",
                "company_id": self.company.id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 12, 31),
                "line_ids": [
                    Command.create({"amount_planned": 5000}),
                    Command.create(
                        {"partner_id": self.other_vendor.id, "amount_planned": 500}
                    ),
                ],
            }
        )
        budget.action_confirm()
        rest, line = budget.line_ids.sorted("id")
        agreements = self.env["purchase.requisition"]
        for vendor in (self.vendor, self.other_vendor):
            agreements |= agreements.create(
                {
                    "vendor_id": vendor.id,
                    "requisition_type": "blanket_order",
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.water.id,
                                "product_qty": 100,
                                "price_unit": 5,
                            }
                        )
                    ],
                }
            )
            agreements[-1].action_confirm()
            self._ordered(vendor, (self.water, 10, 5), on="2026-03-05 02:00:00")
            self._given(vendor, 70)
            self._qualification(vendor, "action_request")
            self._request((self.water, 2, {"vendor_id": vendor.id})).action_submit()
            self.env["jxc.duplicate.turn"]._take_vendors({(self.company.id, vendor.id)})
        rule = self._rule(product_id=self.water.id, mode="nth", interval=5)
        counters = self.env["jxc.receipt.inspection.counter"].sudo()
        for vendor, number in ((self.vendor, 3), (self.other_vendor, 4)):
            counters.create({"rule_id": rule.id, "vendor": vendor.id, "number": number})
        self.assertEqual((rest.amount_committed, line.amount_committed), (50, 50))
        self._merge()
        budget.line_ids.invalidate_recordset()
        self.assertEqual((rest.amount_committed, line.amount_committed), (0, 100))
        self.assertEqual(rest.amount_reserved, 0)
        self.assertEqual(budget.action_recompute_check(), [])
        self.assertEqual(agreements.vendor_id, self.other_vendor)
        self.assertEqual(
            counters.search([("rule_id", "=", rule.id)]).mapped("number"), [7]
        )
