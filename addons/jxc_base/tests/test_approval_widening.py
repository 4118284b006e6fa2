# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from .approval_common import ApprovalSetup


@tagged("post_install", "-at_install")
class TestApprovalWidening(ApprovalSetup, TransactionCase):
    """An approval holds for what was approved and for less, never for more."""

    def _create_confirmed(self, **values):
        document = self._create_approved(
            line_ids=[Command.create({"qty": 5, "price": 20})], **values
        )
        document.action_confirm()
        return document

    def test_document_does_not_widen(self):
        document = self._create_confirmed()
        for values in (
            {"amount": 501},
            {"partner_id": self.ann.partner_id.id},
            {"line_ids": [Command.create({"qty": 1, "price": 1})]},
        ):
            with self.assertRaises(UserError):
                document.write(values)
        with self.assertRaisesRegex(UserError, "Amount: 500.00 → 600.00"):
            document.amount = 600

    def test_document_may_narrow(self):
        document = self._create_confirmed()
        document.amount = 400
        document.name = "Renamed"
        document.line_ids.qty = 3
        # Back up to what was approved is not more than that.
        document.amount = 500
        document.line_ids.qty = 5
        with self.assertRaises(UserError):
            document.line_ids.qty = 6

    def test_lines_do_not_widen(self):
        document = self._create_confirmed()
        line = document.line_ids
        Line = self.env["jxc.approval.tester.line"].with_user(self.ann)
        with self.assertRaisesRegex(UserError, "Line, Quantity: 5.00 → 8.00"):
            line.write({"qty": 8})
        with self.assertRaises(UserError):
            line.sudo().price = 21
        with self.assertRaises(UserError):
            Line.create({"tester_id": document.id, "qty": 1, "price": 1})
        with self.assertRaises(UserError):
            Line.with_context(default_tester_id=document.id).create({"qty": 1})
        small = self._create_document(amount=1)
        moving = Line.create({"tester_id": small.id, "qty": 1, "price": 1})
        with self.assertRaises(UserError):
            moving.tester_id = document
        line.note = "Harmless"
        line.unlink()
        self.assertEqual(document.total, 0)

    def test_lines_do_not_widen_while_somebody_decides(self):
        """What a reviewer has before him does not grow under his hand."""
        document = self._create_requested(
            line_ids=[Command.create({"qty": 5, "price": 20})]
        )
        line = document.line_ids.with_user(self.ann)
        Line = self.env["jxc.approval.tester.line"].with_user(self.ann)
        with self.assertRaisesRegex(UserError, "Line, Quantity: 5.00 → 8.00"):
            line.qty = 8
        with self.assertRaises(UserError):
            Line.create({"tester_id": document.id, "qty": 1, "price": 1})
        line.qty = 4
        line.note = "Harmless"
        self.assertEqual(document.review_ids.status, "pending")
        document.with_user(self.ann).restart_validation()
        line.qty = 8
        self.assertEqual(document.total, 160)

    def test_lines_between_approval_and_confirmation(self):
        document = self._create_approved(
            line_ids=[Command.create({"qty": 5, "price": 20})]
        )
        with self.assertRaises(UserError):
            document.line_ids.qty = 8
        # Past the ORM's methods, it is found when the document is confirmed.
        self.env.cr.execute(
            "UPDATE jxc_approval_tester_line SET qty = 8 WHERE tester_id = %s",
            [document.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(ValidationError, "approved before"):
            document.action_confirm()

    def test_confirmed_below_the_tier_does_not_rise_above_it(self):
        document = self._create_document(amount=50)
        document.action_confirm()
        document.amount = 90
        with self.assertRaises(UserError):
            document.amount = 5000
        self.tier.definition_domain = "[('total', '>', 100)]"
        line = self.env["jxc.approval.tester.line"].with_user(self.ann)
        line = line.create({"tester_id": document.id, "qty": 1, "price": 90})
        with self.assertRaises(UserError):
            line.qty = 2

    def test_a_reviewer_who_may_write_does_not_stretch_an_earlier_approval(self):
        self.tier.write({"approve_sequence": True, "sequence": 20})
        self.tier.allow_write_for_reviewer = True
        self._create_tier(
            "Second",
            self.dora,
            "[('amount', '>', 100)]",
            approve_sequence=True,
            sequence=10,
            allow_write_for_reviewer=True,
        )
        document = self._create_document()
        document.request_validation()
        document.with_user(self.bob).validate_tier()
        document.with_user(self.dora).amount = 900
        document.with_user(self.dora).validate_tier()
        with self.assertRaisesRegex(ValidationError, "Bob was approved before"):
            document.action_confirm()

    def test_document_that_goes_back(self):
        model = "jxc.approval.tester.back"
        self._create_tier("Back", self.bob, "[('amount', '>', 100)]", model=model)
        document = self.env[model].with_user(self.ann).create({"amount": 500})
        document.request_validation()
        document.with_user(self.bob).validate_tier()
        document.state = "confirmed"
        document.amount = 300
        self.assertEqual(document.state, "confirmed")
        document.with_user(self.dora).amount = 700
        self.assertEqual(document.state, "draft")
        self.assertEqual(document.amount, 700)
        self.assertEqual(document.review_ids.mapped("status"), ["pending"])
        self.assertEqual(document.review_ids.requested_by, self.dora)
        notes = "".join(document.message_ids.mapped("body"))
        self.assertIn("Amount: 500.00 → 700.00", notes)
        with self.assertRaises(ValidationError):
            document.state = "confirmed"
        document.with_user(self.bob).validate_tier()
        document.state = "confirmed"
        self.assertEqual(document.state, "confirmed")

    def test_harmless_writes_cost_nothing(self):
        document = self._create_confirmed()
        document.name = "Warm"
        document.flush_recordset()
        self.assertFalse(document._jxc_may_widen({"name": "x", "state": "done"}))
        self.assertTrue(document._jxc_may_widen({"amount": 1}))
        self.assertTrue(document._jxc_may_widen({"line_ids": []}))
        self.assertTrue(document._jxc_may_widen({"qty": 1}, document.line_ids))
        self.assertFalse(document._jxc_may_widen({"note": "x"}, document.line_ids))
