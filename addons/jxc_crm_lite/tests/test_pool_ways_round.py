# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustomerClassCommon

TODAY = datetime.date(2026, 6, 30)
SELLER = "sales_team.group_sale_salesman"
NOTHING = {"fall": 0, "warn": 0, "reset": 0}


class PoolWaysRound(CustomerClassCommon):
    """Sellers of a company with a pool, who try to keep what they do not look after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_pool_active = True
        cls.lax = cls._create_class_company("Lax Ltd")
        both = cls.company | cls.lax
        cls.seller = cls._user("seller", SELLER, both)
        cls.colleague = cls._user("colleague", SELLER, both)
        cls.all_seller = cls._user(
            "all_seller", "sales_team.group_sale_salesman_all_leads", both
        )
        cls.manager = cls._user("manager", "sales_team.group_sale_manager", both)
        cls.env["jxc.pool.rule"].create(
            [
                {
                    "name": kind,
                    "applies_to": kind,
                    "company_id": cls.company.id,
                    "days": 30,
                    "warn_days": 0,
                }
                for kind in ("customer", "lead")
            ]
        )

    @staticmethod
    def _as(user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    @staticmethod
    def _day(days):
        day = TODAY + datetime.timedelta(days=days)
        return datetime.datetime.combine(day, datetime.time(4))

    def _run(self, days=0, company=None):
        day = TODAY + datetime.timedelta(days=days)
        return self.env["jxc.pool.run"]._run(company or self.company, day)

    def _lead(self, user=None, **values):
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "company_id": self.company.id,
                "user_id": user.id if user else False,
                **values,
            }
        )
        lead.jxc_owner_since = user and self._day(-40)
        self.env.flush_all()
        return lead

    def _shop(self, user=None, **values):
        shop = self._customer(
            "Shop", user_id=user.id if user else False, customer_rank=1, **values
        )
        shop.jxc_owner_since = user and self._day(-40)
        self.env.flush_all()
        return shop


@tagged("post_install", "-at_install")
class TestLeadOwners(PoolWaysRound):
    """The salesperson of a lead is guarded as that of a customer is."""

    def test_own_ones_are_not_renewed_by_writing(self):
        """Neither cleared and entered again, nor handed to a colleague and back."""
        lead = self._lead(self.seller)
        for user in (self.seller, self.colleague, self.all_seller):
            for owner in (False, self.colleague.id, self.all_seller.id):
                with self.assertRaisesRegex(AccessError, "Deal is not yours to change"):
                    self._as(user, lead).write({"user_id": owner})
        self.assertEqual(lead.user_id, self.seller)
        self.assertEqual(self._run()["fall"], 1)

    def test_what_is_nobodys_is_claimed(self):
        self.company.jxc_pool_limit = 1
        first, second = self._lead(), self._lead()
        for lead in (first, second):
            with self.assertRaisesRegex(AccessError, "claim it"):
                self._as(self.seller, lead).write({"user_id": self.seller.id})
        self._as(self.seller, first).action_jxc_claim()
        with self.assertRaisesRegex(UserError, "owns 1 customers.*limit is 1"):
            self._as(self.seller, second).action_jxc_claim()
        self.assertEqual((first | second).user_id, self.seller)

    def test_the_form_offers_to_claim_and_to_release(self):
        """Without these buttons nobody's lead could not be taken on a screen."""
        executive = self._user("executive", "jxc_base.group_executive")
        view = self.env.ref("crm.crm_lead_view_form")
        for user, offered in ((self.seller, True), (executive, False)):
            arch = self.env["crm.lead"].with_user(user).get_view(view.id)["arch"]
            for name in ("action_jxc_claim", "action_jxc_release"):
                self.assertEqual(f'name="{name}"' in arch, offered, user.login)

    def test_what_no_company_knows(self):
        """The company looked at just now is the user's to choose."""
        lead = self._lead(company_id=False, team_id=False)
        with self.assertRaises(AccessError):
            self._as(self.seller, lead).with_company(self.lax).write(
                {"user_id": self.seller.id}
            )

    def test_a_release_sets_the_cool_down(self):
        lead = self._lead(self.seller)
        self._as(self.seller, lead).action_jxc_release("No answer")
        self.assertEqual(lead.jxc_pool_state, "pool")
        with self.assertRaisesRegex(UserError, "was yours; you can claim it again"):
            self._as(self.seller, lead).action_jxc_claim()

    def test_a_colleague_does_not_end_the_cool_down(self):
        """Who gave something up waits, whoever has it for a moment in between."""
        lead, shop = self._lead(self.seller), self._shop(self.seller)
        for record in (lead, shop):
            self._as(self.seller, record).action_jxc_release()
            self._as(self.colleague, record).action_jxc_claim()
            self._as(self.colleague, record).action_jxc_release()
            for user in (self.seller, self.colleague):
                with self.assertRaisesRegex(UserError, "was yours; you can claim it"):
                    self._as(user, record).action_jxc_claim()
            self._as(self.all_seller, record).action_jxc_claim()
            self.assertEqual(record.user_id, self.all_seller)

    def test_nor_does_falling_from_a_colleague(self):
        shop = self._shop(self.seller)
        self._as(self.seller, shop).action_jxc_release()
        self._as(self.colleague, shop).action_jxc_claim()
        shop.jxc_owner_since = self._day(-40)
        self.env.flush_all()
        self.assertEqual(self._run()["fall"], 1)
        with self.assertRaisesRegex(UserError, "was yours; you can claim it"):
            self._as(self.seller, shop).action_jxc_claim()

    def test_the_cool_down_ends(self):
        """Also of who was not the last one; another's customer says nothing of it."""
        shop, other = self._shop(self.seller), self._shop(self.colleague)
        self._as(self.seller, shop).action_jxc_release()
        self._as(self.colleague, shop).action_jxc_claim()
        self._as(self.colleague, shop | other).action_jxc_release()
        days = self.company.jxc_pool_cool_down_days
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE jxc_pool_log SET create_date = create_date - %s * interval '1 day'"
            " WHERE partner_id = %s AND old_owner_id = %s",
            (days, shop.id, self.seller.id),
        )
        self.env.invalidate_all()
        self._as(self.seller, shop | other).action_jxc_claim()
        self.assertEqual((shop | other).user_id, self.seller)

    def test_a_manager_may_give_it_back(self):
        shop = self._shop(self.seller)
        self._as(self.seller, shop).action_jxc_release()
        self._as(self.manager, shop).write({"user_id": self.seller.id})
        self.assertEqual(shop.user_id, self.seller)

    def test_the_platforms_assignment_works(self):
        """By sales managers, and by the scheduler."""
        lead = self._lead()
        team = self._team("Sellers", self.seller)
        team.crm_team_member_ids.assignment_max = 30
        self._as(self.manager, lead).write({"user_id": self.colleague.id})
        self.assertEqual(lead.user_id, self.colleague)
        lead.user_id = False
        lead.team_id = team
        self._as(self.manager, team)._action_assign_leads()
        self.assertEqual(lead.user_id, self.seller)
        log = self.env["jxc.pool.log"].search([("lead_id", "=", lead.id)])
        self.assertEqual(log[0].kind, "assign")

    def test_new_leads_are_whose_they_are_entered_for(self):
        leads = self._as(self.seller, self.env["crm.lead"]).create(
            [{"name": "Mine"}, {"name": "Nobody's", "user_id": False}]
        )
        self.assertEqual(leads[0].user_id, self.seller)
        self.assertFalse(leads[1].user_id)

    def test_conversion(self):
        """An own lead becomes an opportunity; nobody's is claimed before."""
        own = self._lead(self.seller, type="lead")
        free = self._lead(type="lead")
        wizards = self._as(self.seller, self.env["crm.lead2opportunity.partner"])
        for lead, refused in ((own, False), (free, True)):
            wizard = wizards.with_context(
                active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
            ).create({"name": "convert", "action": "create", "user_id": self.seller.id})
            if refused:
                with self.assertRaises(AccessError), self.cr.savepoint():
                    wizard.action_apply()
            else:
                wizard.action_apply()
        self.assertEqual(own.type, "opportunity")
        self.assertFalse(free.user_id)

    def test_merging_takes_nobodys_lead(self):
        own, more, free = self._lead(self.seller), self._lead(self.seller), self._lead()
        theirs = self._lead(self.colleague)
        with self.assertRaisesRegex(AccessError, "claim them before"):
            self._as(self.all_seller, own | free).merge_opportunity()
        with self.assertRaisesRegex(AccessError, "several people"):
            self._as(self.all_seller, own | theirs).merge_opportunity()
        with self.assertRaises(AccessError):
            self._as(self.seller, own | more).merge_opportunity(
                user_id=self.colleague.id
            )
        kept = self._as(self.seller, own | more).merge_opportunity()
        self.assertEqual(kept.user_id, self.seller)
        merged = self._as(self.manager, kept | theirs | free).merge_opportunity()
        self.assertTrue(merged.user_id)

    def test_what_was_lost_takes_a_place_when_it_is_taken_back(self):
        self.company.jxc_pool_limit = 1
        lost, free = self._lead(self.seller), self._lead()
        self._as(self.seller, lost).action_set_lost()
        self._as(self.seller, free).action_jxc_claim()
        with self.assertRaisesRegex(UserError, "owns 1 customers.*limit is 1"):
            self._as(self.seller, lost).write({"active": True})

    def test_without_a_pool_leads_change_hands(self):
        self.company.jxc_pool_active = False
        lead = self._lead(self.seller)
        self._as(self.seller, lead).write({"user_id": self.colleague.id})
        self.assertEqual(lead.user_id, self.colleague)


@tagged("post_install", "-at_install")
class TestWhatKeepsOwners(PoolWaysRound):
    """Only what happened with a customer keeps him, up to the day of the run."""

    def test_stages_keep_nothing(self):
        """Dragged to and fro, or written by a client to the end of the century."""
        lead = self._lead(self.seller)
        stages = self.env["crm.stage"].search([("is_won", "=", False)], limit=2)
        for stage in stages:
            self._as(self.seller, lead).stage_id = stage
        self._as(self.seller, lead).date_last_stage_update = "2099-01-01 00:00:00"
        self.assertEqual(self._run()["fall"], 1)
        self.assertEqual(lead.jxc_pool_state, "pool")

    def test_dates_to_come_keep_nothing(self):
        self.company.jxc_won_by_order = False
        shop = self._shop(self.seller)
        lead = self._lead(self.seller, partner_id=shop.id)
        order = self._order(shop, 0, 10, opportunity_id=lead.id)
        order.date_order = "2099-01-01 00:00:00"
        followup = self.env["jxc.followup"].create(
            {
                "partner_id": shop.id,
                "lead_id": lead.id,
                "user_id": self.seller.id,
                "company_id": self.company.id,
                "outcome": "interested",
            }
        )
        # imported, or written before there was a check
        self.env.flush_all()
        self.cr.execute(
            "UPDATE jxc_followup SET date = '2099-01-01' WHERE id = %s", [followup.id]
        )
        self.assertEqual(self._run()["fall"], 2)
        self.assertEqual(shop.jxc_pool_state, "pool")
        # the lead along with its customer, and not again
        log = self.env["jxc.pool.log"].search([("lead_id", "=", lead.id)])
        self.assertEqual(log.mapped("kind").count("fall"), 1)
        self.assertEqual(lead.jxc_pool_state, "pool")

    def test_an_order_of_the_same_day_counts(self):
        """To the last moment of the company's day, which is not over in UTC."""
        self.company.partner_id.tz = "Asia/Shanghai"
        shop = self._shop(self.seller)
        order = self._order(shop, 0, 10)
        order.date_order = datetime.datetime.combine(TODAY, datetime.time(15, 59))
        self.assertEqual(self._run(), NOTHING)
        order.date_order = datetime.datetime.combine(TODAY, datetime.time(16))
        self.assertEqual(self._run()["fall"], 1)

    def test_archived_customers_fall(self):
        """Put away before the fall, a customer is not taken back afterwards."""
        shop = self._shop(self.seller)
        own = self._as(self.seller, shop)
        own.action_archive()
        self.assertEqual(self._run()["fall"], 1)
        self.assertEqual((shop.active, shop.user_id.ids), (False, []))
        with self.assertRaises(AccessError):
            own.action_unarchive()
        self._as(self.manager, shop).action_unarchive()
        self._as(self.colleague, shop).action_jxc_claim()
        self.assertEqual(shop.user_id, self.colleague)


@tagged("post_install", "-at_install")
class TestPoolCompany(PoolWaysRound):
    """Which company somebody prefers is his to write; whose pool it is is not."""

    def _prefer(self, user, company):
        self._as(user, user).write({"company_id": company.id})
        self.assertEqual(user.company_id, company)

    def test_rules_stay_with_the_record(self):
        shop, lead = self._shop(self.seller), self._lead(self.seller, company_id=False)
        self._prefer(self.seller, self.lax)
        with self.assertRaises(AccessError):
            self._as(self.seller, shop).write({"user_id": self.colleague.id})
        with self.assertRaises(AccessError):
            self._as(self.seller, lead).write({"user_id": self.colleague.id})
        self.assertEqual(self._run(company=self.lax), NOTHING)
        self.assertEqual(self._run()["fall"], 2)

    def test_customers_by_owner_are_of_the_pool(self):
        """What a colleague sees is not changed by what the owner prefers."""
        shop = self._shop(self.seller)
        for apart, open_to_all in ((self.company, self.lax), (self.lax, self.company)):
            apart.jxc_customers_by_owner = True
            open_to_all.jxc_customers_by_owner = False
            for company in (self.company, self.lax):
                self._prefer(self.seller, company)
                seen = self._as(self.colleague, shop)
                found = seen.search([("id", "=", shop.id)])
                self.assertEqual(bool(found), apart == self.lax, company.name)

    def test_limit_is_of_the_pool(self):
        self.company.jxc_pool_limit, self.lax.jxc_pool_limit = 1, 0
        shops = self._shop(self.colleague) | self._shop(self.colleague)
        leads = self._lead(self.colleague, company_id=False)
        for records in (shops, leads):
            records._jxc_fall("fall")
        self._prefer(self.seller, self.lax)
        own = self._as(self.seller, shops).with_company(self.lax)
        own[0].action_jxc_claim()
        for record in (own[1], self._as(self.seller, leads).with_company(self.lax)):
            with self.assertRaisesRegex(UserError, "limit is 1"):
                record.action_jxc_claim()
        self.assertEqual(shops[0].jxc_pool_company_id, self.company)

    def test_cool_down_is_of_the_pool(self):
        self.lax.jxc_pool_cool_down_days = 0
        shop = self._shop(self.seller)
        self._prefer(self.seller, self.lax)
        self._as(self.seller, shop).action_jxc_release()
        with self.assertRaisesRegex(UserError, "was yours"):
            self._as(self.seller, shop).with_company(self.lax).action_jxc_claim()

    def test_a_manager_moves_it(self):
        """By the company of the record, or to somebody of another company."""
        shop = self._shop(self.seller)
        self.assertEqual(shop.jxc_pool_company_id, self.company)
        self._as(self.manager, shop).company_id = self.lax
        self.assertEqual(shop.jxc_pool_company_id, self.lax)
        shop = self._shop(self.seller)
        far = self._user("far", SELLER, self.lax)
        self._as(self.manager, shop).user_id = far
        self.assertEqual(shop.jxc_pool_company_id, self.lax)

    def test_it_is_kept_by_the_server(self):
        shop = self._shop(self.seller)
        for user in (self.seller, self.manager):
            with self.assertRaises(AccessError):
                self._as(user, shop).write({"jxc_pool_company_id": self.lax.id})
        with self.assertRaises(AccessError):
            self._as(self.seller, self.env["res.partner"]).create(
                {"name": "New", "jxc_pool_company_id": self.lax.id}
            )

    def test_companies_of_one_batch(self):
        self.lax.write({"jxc_pool_active": True, "jxc_pool_limit": 1})
        shops = self._shop() | self._shop(company_id=self.lax.id)
        with self.assertRaisesRegex(UserError, "limit is 1"):
            self._as(self.seller, shops).action_jxc_claim()
