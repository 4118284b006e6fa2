# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerClassCommon

TODAY = datetime.date(2026, 6, 30)


class PoolTouch(CustomerClassCommon):
    """Customers and leads that nobody has looked after for 200 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"jxc_pool_active": True, "jxc_followup_min_note": 5})
        cls.seller, cls.colleague = (
            cls._user(login, "sales_team.group_sale_salesman")
            for login in ("seller", "colleague")
        )
        cls.shop = cls._customer("Shop", user_id=cls.seller.id, customer_rank=1)
        cls.buyer = cls._customer("Buyer", parent_id=cls.shop.id)
        cls.other = cls._customer("Other", user_id=cls.seller.id, customer_rank=1)
        cls.lead, cls.second, cls.strange = (
            cls._lead(name, partner_id=partner.id, user_id=user.id)
            for name, partner, user in (
                ("Deal", cls.shop, cls.seller),
                ("Second", cls.buyer, cls.colleague),
                ("Strange", cls.other, cls.seller),
            )
        )
        for record in cls.shop | cls.other:
            record.jxc_owner_since = cls._day(-200)
        cls.env["jxc.pool.rule"].create(
            [
                {
                    "name": kind,
                    "applies_to": kind,
                    "company_id": cls.company.id,
                    "days": 30,
                    "warn_days": 5,
                }
                for kind in ("customer", "lead")
            ]
        )

    @classmethod
    def _lead(cls, name, **values):
        lead = cls.env["crm.lead"].create(
            {
                "name": name,
                "user_id": cls.seller.id,
                "company_id": cls.company.id,
                **values,
            }
        )
        lead.jxc_owner_since = lead.date_last_stage_update = cls._day(-200)
        return lead

    @staticmethod
    def _day(days):
        day = TODAY + datetime.timedelta(days=days)
        return datetime.datetime.combine(day, datetime.time(4))

    def _run(self, days=0):
        day = TODAY + datetime.timedelta(days=days)
        return self.env["jxc.pool.run"]._run(self.company, day)

    def _followup(self, days=-1, **values):
        return self.env["jxc.followup"].create(
            {
                "partner_id": self.shop.id,
                "user_id": self.seller.id,
                "date": self._day(days),
                "company_id": self.company.id,
                **values,
            }
        )

    def _states(self):
        records = (self.shop, self.lead, self.second, self.other, self.strange)
        return [record.jxc_pool_state for record in records]


@tagged("post_install", "-at_install")
class TestPoolTouch(PoolTouch):
    """Which follow-ups keep a customer and his leads with their owners."""

    def test_a_followup_of_the_customer_keeps_his_leads(self):
        """Those of all his people, whoever looks after them; no others."""
        self.assertEqual(self._run()["warn"], 5)
        self._followup(outcome="interested")
        kept = ["owned"] * 3
        self.assertEqual(self._states(), [*kept, "warned", "warned"])
        self.assertEqual(self._run(5), {"fall": 2, "warn": 0, "reset": 0})
        self.assertEqual(self._states(), [*kept, "pool", "pool"])
        self.assertEqual(self._run(23)["warn"], 0)
        self.assertEqual(self._run(24)["warn"], 3)

    def test_one_with_a_person_of_his_keeps_all(self):
        self._run()
        self._followup(partner_id=self.buyer.id, outcome="later")
        self.assertEqual(self._states()[:3], ["owned"] * 3)
        self.assertEqual(self._run(5)["fall"], 2)

    def test_one_of_a_lead_keeps_its_customer(self):
        self._run()
        self._followup(lead_id=self.lead.id, partner_id=False, outcome="quote")
        self.assertEqual(self._states()[:3], ["owned"] * 3)
        self.assertEqual(self._run(5)["fall"], 2)

    def test_ticked_off_in_bulk(self):
        """What tells nothing keeps nobody, however often it is entered."""
        self._run()
        for values in (
            {},
            {"note": "  \n "},
            {"note": "\u3000ok\u3000  "},
            {"outcome": "no_answer"},
            {"outcome": "no_answer", "note": "busy"},
        ):
            self._followup(**values)
            self.assertEqual(self._states()[:3], ["warned"] * 3, values)
        self.assertEqual(self._run(5), {"fall": 5, "warn": 0, "reset": 0})
        self.assertEqual(set(self._states()), {"pool"})

    def test_what_tells_something(self):
        photo = self.env["ir.attachment"].create({"name": "shop.jpg", "raw": b"x"})
        for number, values in enumerate(
            (
                {"note": "wants the new tea"},
                {"note": "\u3000想要新茶叶\u3000"},
                {"outcome": "refused"},
                {"outcome": "no_answer", "note": "closed for holidays"},
                {"photo_ids": [Command.set(photo.ids)]},
            )
        ):
            self.shop.write(
                {"jxc_pool_warned_on": TODAY, "jxc_pool_due": TODAY},
            )
            with self.env.cr.savepoint() as savepoint:
                self._followup(**values)
                self.assertEqual(self.shop.jxc_pool_state, "owned", values)
                self.shop.write({"jxc_pool_warned_on": TODAY, "jxc_pool_due": TODAY})
                self._run()
                self.assertEqual(self.shop.jxc_pool_state, "owned", number)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_told_later(self):
        self._run()
        followup = self._followup()
        self.assertEqual(self.shop.jxc_pool_state, "warned")
        followup.with_user(self.seller).with_context(
            allowed_company_ids=self.company.ids
        ).write({"note": "wants the new tea"})
        self.assertEqual(self._states()[:3], ["owned"] * 3)

    def test_a_call_counts_when_it_was_answered(self):
        self._run()
        calls = self.env["jxc.followup"].with_user(self.seller)
        calls = calls.with_context(allowed_company_ids=self.company.ids)
        call = calls._begin_call(self.shop, "13800138000")
        self.assertEqual(self.shop.jxc_pool_state, "warned")
        call.write({"outcome": "no_answer"})
        self.assertEqual(self.shop.jxc_pool_state, "warned")
        call = calls._begin_call(self.shop, "13800138000")
        call.write({"outcome": "interested"})
        self.assertEqual(self.shop.jxc_pool_state, "owned")

    def test_the_company_says_how_much(self):
        self.company.jxc_followup_min_note = 0
        self._run()
        self._followup(note="ok")
        self.assertEqual(self._states()[:3], ["owned"] * 3)
        self.company.jxc_followup_min_note = 20
        self.assertEqual(self._run(5), {"fall": 2, "warn": 3, "reset": 0})
        for wrong in (-1, 1001):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.company.jxc_followup_min_note = wrong
