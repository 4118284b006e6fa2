# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestCall(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("colleague", "sales_team.group_sale_salesman")
        cls.shop = cls._customer("Shop", user_id=cls.seller.id, phone="0574-8700 1122")
        cls.person = cls._customer("Person", parent_id=cls.shop.id)
        cls.today = fields.Date.context_today(cls.env.user.with_user(cls.seller))

    def _call(self, record, user=None):
        user = user or self.seller
        return (
            record.with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .action_jxc_call()
        )

    def _draft(self, record, user=None):
        action = self._call(record, user)
        return self.env["jxc.followup"].browse(action["params"]["next"]["res_id"])

    def test_dial_and_report(self):
        step = (
            self.env["jxc.followup"]
            .with_user(self.seller)
            .create({"partner_id": self.shop.id, "next_date": self.today})
        )
        action = self._call(self.shop)
        self.assertEqual(action["tag"], "jxc_call")
        self.assertEqual(action["params"]["number"], "057487001122")
        draft = self.env["jxc.followup"].browse(action["params"]["next"]["res_id"])
        self.assertEqual((draft.kind, draft.user_id), ("phone", self.seller))
        self.assertEqual(self._draft(self.shop), draft, "dialled again")
        messages = self.shop.message_ids
        self.assertFalse(step.is_next_done, "nobody has spoken yet")
        self.assertEqual(self.shop.with_user(self.seller).jxc_followup_count, 1)

        view = self.env.ref("jxc_crm_lite.jxc_followup_view_form_report")
        with Form(draft.with_user(self.seller), view) as form:
            form.outcome = "quote"
            form.duration = 4
            form.note = "Wants 3 boxes"
        self.assertFalse(draft.is_draft)
        self.assertTrue(step.is_next_done)
        self.assertIn("Wants 3 boxes", (self.shop.message_ids - messages)[:1].body)
        self.assertEqual(self.shop.with_user(self.seller).jxc_followup_count, 2)
        draft.with_user(self.seller).note = "Wants 4 boxes"
        with self.assertRaisesRegex(UserError, "was reported"):
            draft.with_user(self.seller).action_discard_draft()

    def test_others(self):
        """Contact persons, opportunities and rows of classes can be called as well."""
        self.assertEqual(self._draft(self.person).partner_id, self.person)
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": self.shop.id,
                "user_id": self.seller.id,
            }
        )
        self.assertEqual(self._draft(lead).lead_id, lead)
        self._recompute()
        self.env["jxc.customer.class"].flush_model()
        self._order(self.shop, 3, 100)
        self._recompute()
        self.assertEqual(self._draft(self._row(self.shop)).partner_id, self.shop)
        with self.assertRaisesRegex(UserError, "Mute has no phone number"):
            self._call(self._customer("Mute"))

    def test_one_number_is_dialled(self):
        """Of two numbers the first, and no command to the phone."""
        for phone, number in (
            ("13800138000 / 13900139000", "13800138000"),
            ("０５７４-８７００１１２２转801", "057487001122,801"),
        ):
            self.shop.phone = phone
            self.assertEqual(self._call(self.shop)["params"]["number"], number)
        self.shop.phone = "*2767*3855#"
        with self.assertRaisesRegex(UserError, "no phone number"):
            self._call(self.shop)

    def test_who_may(self):
        clerk = self._user("clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self._call(self.shop, clerk)
        draft = self._draft(self.shop)
        for values in ({"is_draft": False}, {"phone": "1"}):
            with self.assertRaisesRegex(AccessError, "when its outcome is entered"):
                draft.with_user(self.seller).write(values)
        with self.assertRaises(AccessError):
            draft.with_user(self.colleague).outcome = "ordered"
        sneaky = (
            self.env["jxc.followup"]
            .with_user(self.seller)
            .with_context(default_is_draft=True)
            .create({"partner_id": self.shop.id})
        )
        self.assertFalse(sneaky.is_draft)
        draft.with_user(self.seller).action_discard_draft()
        self.assertFalse(draft.exists())

    def test_dialling_keeps_nobody_out_of_the_pool(self):
        self.company.jxc_pool_active = True
        self.env["jxc.pool.rule"].create(
            {"name": "All", "company_id": self.company.id, "days": 30, "warn_days": 0}
        )
        self.shop.customer_rank = 1
        self.shop.flush_recordset()
        long_ago = fields.Datetime.now() - timedelta(days=40)
        self.shop.jxc_owner_since = long_ago
        draft = self._draft(self.shop)
        self.env.flush_all()
        self.env["jxc.pool.run"]._run(self.company)
        self.assertEqual(self.shop.jxc_pool_state, "pool")
        self.assertTrue(draft.is_draft)
