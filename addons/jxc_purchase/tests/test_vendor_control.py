# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .vendor_common import VendorCommon


@tagged("post_install", "-at_install")
class VendorControlCommon(VendorCommon):
    """Draft orders, certificates and qualifications of the two vendors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manual = cls._criterion()
        cls.types = cls.env["jxc.vendor.certificate.type"]
        cls.types.search([]).active = False
        cls.permit = cls.types.create({"name": "Food permit"})

    def _draft(self, product=None, vendor=None, user=None):
        return (
            self.env["purchase.order"]
            .with_user(user or self.buyer)
            .create(
                {
                    "partner_id": (vendor or self.vendor).id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or self.water).id,
                                "product_qty": 1,
                                "price_unit": 5,
                            }
                        )
                    ],
                }
            )
        )

    def _exemption(self, kind="grade", **values):
        return (
            self.env["jxc.vendor.exemption"]
            .with_user(self.validator)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "kind": kind,
                    "reason": "Only source",
                    "date_to": "2026-04-30",
                    **values,
                }
            )
        )

    def _notes(self, order):
        return " ".join(order.sudo().message_ids.mapped("body"))

    def _certificate(self, **values):
        values = {
            "partner_id": self.vendor.id,
            "type_id": self.permit.id,
            "number": "F-1",
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
            "file": "Zg==",
            **values,
        }
        certificates = self.env["jxc.vendor.certificate"].with_user(self.buyer)
        return certificates.create(values)

    def _qualification(self, **values):
        qualifications = self.env["jxc.vendor.qualification"].with_user(self.buyer)
        return qualifications.create({"partner_id": self.vendor.id, **values})


@tagged("post_install", "-at_install")
class TestVendorControl(VendorControlCommon):
    """Orders from vendors whose grade or papers forbid it."""

    # ------------------------------------------------------------
    # Grade D
    # ------------------------------------------------------------

    def test_grade_d_blocks(self):
        self.company.jxc_vendor_grade_d_control = "block"
        order = self._draft()
        self._given(self.vendor, 59)
        self.assertIn("grade D", order.jxc_vendor_hint)
        self.assertTrue(order.jxc_vendor_blocked)
        with self.assertRaisesRegex(UserError, r"Vendor A has grade D \(59"):
            order.button_confirm()
        # Neither for managers, nor by the approval, nor by keys of the context.
        with self.assertRaises(UserError):
            order.with_user(self.manager).button_approve(force=True)
        with self.assertRaises(UserError):
            order.with_context(skip_vendor_check=True, jxc_vendor=True).button_confirm()
        with self.assertRaises(UserError):
            order.write({"state": "purchase"})
        self.assertEqual(order.state, "draft")
        # One bad vendor keeps the whole batch.
        good = self._draft(vendor=self.other_vendor)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            (good | order).button_confirm()
        self.assertEqual(good.state, "draft")
        good.button_confirm()
        self.assertEqual(good.state, "purchase")
        self.assertFalse(good.jxc_vendor_hint)

    def test_grade_d_comes_in_by_no_back_door(self):
        """Neither as the new vendor of a confirmed order, nor by ordering more."""
        self.company.jxc_vendor_grade_d_control = "block"
        order = self._draft(vendor=self.other_vendor)
        earlier = self._draft()
        (order | earlier).button_confirm()
        self._given(self.vendor, 59)
        with self.assertRaisesRegex(UserError, "grade D"), self.cr.savepoint():
            order.partner_id = self.vendor
        for change in (
            {"order_line": [Command.create({"product_id": self.water.id})]},
            {"order_line": [Command.update(earlier.order_line.id, {"product_qty": 2})]},
        ):
            with self.assertRaisesRegex(UserError, "grade D"), self.cr.savepoint():
                earlier.write(change)
        earlier.invalidate_recordset()
        earlier.order_line.price_unit = 4

    def test_grade_d_survives_a_merge(self):
        """The platform moves evaluations by SQL."""
        self.company.jxc_vendor_grade_d_control = "block"
        self._given(self.vendor, 59)
        merging = self.env["base.partner.merge.automatic.wizard"]
        merging._merge((self.vendor | self.other_vendor).ids, self.other_vendor)
        with self.assertRaisesRegex(UserError, "Vendor B has grade D"):
            self._draft(vendor=self.other_vendor).button_confirm()

    def test_grade_d_warns_or_not(self):
        self._given(self.vendor, 59)
        order = self._draft()
        self.assertIn("grade D", order.jxc_vendor_hint)
        self.assertFalse(order.jxc_vendor_blocked)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertIn("grade D", self._notes(order))
        self.company.jxc_vendor_grade_d_control = "none"
        order = self._draft()
        self.assertFalse(order.jxc_vendor_hint)
        order.button_confirm()
        self.assertNotIn("grade D", self._notes(order))

    def test_drafts_do_not_count(self):
        self.company.jxc_vendor_grade_d_control = "block"
        draft = self._evaluate(self.vendor)
        draft.line_ids.with_user(self.rater).my_score = 10
        self._draft().button_confirm()
        draft.with_user(self.validator).action_validate()
        order = self._draft()
        with self.assertRaisesRegex(UserError, "grade D"):
            order.button_confirm()
        self.assertEqual(order.state, "draft")
        self._given(self.vendor, 95)
        self._draft().button_confirm()

    def test_other_companies_may_order(self):
        self.company.jxc_vendor_grade_d_control = "block"
        self._given(self.vendor, 10)
        second = self.env["res.company"].create(
            {"name": "Second", "jxc_vendor_grade_d_control": "block"}
        )
        self.env.user.company_ids += second
        order = self.env["purchase.order"].with_company(second)
        order = order.create({"partner_id": self.vendor.id})
        self.assertFalse(order.jxc_vendor_hint)

    def test_exemption(self):
        self.company.jxc_vendor_grade_d_control = "block"
        self._given(self.vendor, 59)
        for user in (self.buyer, self.executive, self.rater):
            with self.assertRaises(AccessError):
                self._exemption().with_user(user).create(
                    {
                        "partner_id": self.vendor.id,
                        "reason": "x",
                        "date_to": "2026-04-30",
                    }
                )
        self.env["jxc.vendor.exemption"].search([]).sudo().unlink()
        self._exemption("qualification")
        with self.assertRaises(UserError):
            self._draft().button_confirm()
        exemption = self._exemption(user_id=self.buyer.id)
        self.assertEqual(exemption.user_id, self.validator)
        self._draft().button_confirm()
        with freeze_time("2026-05-01 08:00:00"):
            with self.assertRaises(UserError):
                self._draft().button_confirm()
        for user in (self.buyer, self.validator, self.manager):
            with self.assertRaises(AccessError):
                exemption.with_user(user).write({"date_to": "2026-12-31"})
            with self.assertRaises(AccessError):
                exemption.with_user(user).unlink()
        with self.assertRaises(AccessError):
            exemption.with_user(self.buyer).action_revoke()
        exemption.action_revoke()
        self.assertEqual(exemption.revoked_by_id, self.validator)
        with self.assertRaises(UserError):
            self._draft().button_confirm()
        with self.assertRaises(UserError):
            exemption.action_revoke()

    # ------------------------------------------------------------
    # Certificates by category
    # ------------------------------------------------------------

    def test_category_needs_certificate(self):
        food = self.env["product.category"].create({"name": "Food"})
        drinks = food.create({"name": "Drinks", "parent_id": food.id})
        self.wine.categ_id = drinks
        self.permit.category_ids = food
        self._draft(self.water).button_confirm()
        order = self._draft(self.wine)
        with self.assertRaisesRegex(UserError, "Food permit.*Wine"):
            order.button_confirm()
        certificate = self._certificate()
        with self.assertRaises(UserError):
            order.button_confirm()
        certificate.with_user(self.validator).action_verify()
        order.button_confirm()
        with freeze_time("2027-01-01 08:00:00"):
            with self.assertRaises(UserError):
                self._draft(self.wine).button_confirm()
        # A change has to be verified again.
        certificate.number = "F-2"
        self.assertFalse(certificate.verified_by_id)
        with self.assertRaises(UserError):
            self._draft(self.wine).button_confirm()
        self._exemption("certificate")
        self._draft(self.wine).button_confirm()
        self.permit.control = "warn"
        other = self._draft(self.wine, self.other_vendor)
        other.button_confirm()
        self.assertIn("Food permit", self._notes(other))

    def test_verify_takes_the_right_and_another_person(self):
        certificate = self._certificate()
        for vals in (
            {"verified_by_id": self.manager.id},
            {"verified_at": "2026-01-01 00:00:00"},
        ):
            with self.assertRaises(AccessError):
                certificate.with_user(self.manager).write(vals)
            with self.assertRaises(AccessError):
                self._certificate(**vals)
        with self.assertRaises(AccessError):
            certificate.with_user(self.buyer).action_verify()
        own = self._certificate().with_user(self.manager).copy()
        with self.assertRaisesRegex(AccessError, "yourself"):
            own.action_verify()
        without = self._certificate(file=False)
        with self.assertRaisesRegex(UserError, "file"):
            without.with_user(self.validator).action_verify()
        old = self._certificate(date_to="2026-04-01")
        with self.assertRaisesRegex(UserError, "expired"):
            old.with_user(self.validator).action_verify()

    def test_status_of_certificates(self):
        def verified(**values):
            one = self._certificate(**values)
            if one.status != "expired":
                one.with_user(self.validator).action_verify()
            return one

        expected = {
            "unverified": self._certificate(),
            "valid": verified(date_to="2026-05-21"),
            "expiring": verified(date_to="2026-05-20"),
            "expired": verified(date_to="2026-04-19"),
            "future": verified(date_from="2026-04-21"),
        }
        for status, certificate in expected.items():
            self.assertEqual(certificate.status, status)
            found = certificate.search(
                [("status", "=", status), ("partner_id", "=", self.vendor.id)]
            )
            self.assertEqual(found, certificate, status)

    def test_reminders(self):
        soon = self._certificate(date_to="2026-05-01")
        renewed = self._certificate(
            date_to="2026-05-02", partner_id=self.other_vendor.id
        )
        following = self._certificate(partner_id=self.other_vendor.id)
        for one in soon | renewed | following:
            one.with_user(self.validator).action_verify()
        self.vendor.sudo().buyer_id = self.manager
        certificates = self.env["jxc.vendor.certificate"]
        certificates._cron_remind()
        certificates._cron_remind()
        self.assertEqual(soon.activity_ids.user_id, self.manager)
        self.assertEqual(len(soon.activity_ids), 1)
        self.assertFalse(renewed.activity_ids)
        self.assertFalse(following.activity_ids)

    # ------------------------------------------------------------
    # Qualification
    # ------------------------------------------------------------

    def test_qualification(self):
        self.permit.is_required = True
        self.company.jxc_vendor_unqualified_control = "block"
        with self.assertRaisesRegex(UserError, "not qualified"):
            self._draft().button_confirm()
        one = self._qualification()
        self.assertEqual(one.missing, "Food permit")
        one.action_request()
        boss = one.with_user(self.validator)
        with self.assertRaisesRegex(UserError, "Food permit"):
            boss.action_qualify()
        self._certificate().with_user(self.validator).action_verify()
        for user in (self.buyer, self.rater, self.executive):
            with self.assertRaises(AccessError):
                one.with_user(user).action_qualify()
        boss.action_qualify()
        self.assertEqual((one.state, one.missing), ("qualified", False))
        self.assertEqual(
            self.vendor.with_user(self.buyer).jxc_qualification_state, "qualified"
        )
        self.assertIn(
            self.vendor,
            self.vendor.search([("jxc_qualification_state", "=", "qualified")]),
        )
        self.assertIn(
            self.other_vendor,
            self.vendor.search([("jxc_qualification_state", "=", "none")]),
        )
        self._draft().button_confirm()
        # By the papers themselves, before any nightly check.
        with freeze_time("2027-01-01 08:00:00"):
            with self.assertRaisesRegex(UserError, "no valid certificate"):
                self._draft().button_confirm()
            self.env["jxc.vendor.qualification"]._cron_suspend()
            self.assertEqual(one.state, "suspended")
            self.assertIn("Food permit", one.suspension_reason)
            self.assertEqual(one.sudo().activity_ids.user_id, self.buyer)

    def test_qualification_takes_another_person(self):
        one = self._qualification()
        one.with_user(self.manager).action_request()
        with self.assertRaisesRegex(AccessError, "yourself"):
            one.with_user(self.manager).action_qualify()
        self.company.jxc_vendor_four_eyes = False
        one.with_user(self.manager).action_qualify()
        self.assertEqual(one.qualified_by_id, self.manager)

    def test_qualification_is_not_written(self):
        one = self._qualification()
        for user in (self.buyer, self.manager, self.validator):
            for vals in (
                {"state": "qualified"},
                {"qualified_by_id": user.id},
                {"requested_by_id": self.rater.id},
            ):
                with self.assertRaises(AccessError):
                    one.with_user(user).write(dict(vals))
        qualifications = one.browse().with_context(default_state="qualified")
        made = qualifications.create({"partner_id": self.other_vendor.id})
        self.assertEqual(made.state, "none")
        with self.assertRaises(AccessError):
            qualifications.create({"partner_id": self.vendor.id, "state": "qualified"})
        with self.assertRaises(UserError):
            one.with_user(self.validator).action_qualify()

    def test_suspend(self):
        one = self._qualification(date_review="2026-06-30")
        one.action_request()
        boss = one.with_user(self.validator)
        boss.action_qualify()
        with self.assertRaises(UserError):
            one.write({"date_review": "2030-01-01"})
        with self.assertRaises(UserError):
            one.unlink()
        with self.assertRaises(AccessError):
            one.action_suspend("Bad")
        action = boss.action_suspend()
        wizard = self.env["jxc.vendor.suspend"].with_user(self.validator)
        wizard = wizard.with_context(action["context"]).create({"reason": "Fire"})
        wizard.action_suspend()
        self.assertEqual((one.state, one.suspension_reason), ("suspended", "Fire"))
        self.company.jxc_vendor_unqualified_control = "warn"
        order = self._draft()
        order.button_confirm()
        self.assertIn("Suspended", self._notes(order))
        one.action_request()
        boss.action_qualify()
        with freeze_time("2026-07-01 08:00:00"):
            self.env["jxc.vendor.qualification"]._cron_suspend()
        self.assertEqual(one.state, "suspended")

    def test_papers_of_two_companies(self):
        second = self.env["res.company"].create({"name": "Second"})
        away = self._user(
            "ven_far",
            "purchase.group_purchase_manager",
            company_id=second.id,
            company_ids=[Command.set(second.ids)],
        )
        hidden = [
            self._qualification(),
            self._exemption(),
            self._certificate(company_id=self.company.id),
        ]
        for record in hidden:
            with self.assertRaises(AccessError):
                record.with_user(away).read(["partner_id"])
        shared = self._certificate()
        self.assertTrue(shared.with_user(away).read(["number"]))
        for record in (*hidden, shared):
            self.assertTrue(record.with_user(self.executive).read(["partner_id"]))
            with self.assertRaises(AccessError):
                record.with_user(self.outsider).read(["partner_id"])
            with self.assertRaises(AccessError):
                record.with_user(self.executive).write({"partner_id": self.vendor.id})
