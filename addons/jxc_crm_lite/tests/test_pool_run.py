# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CustomerClassCommon

TODAY = datetime.date(2026, 6, 30)


@tagged("post_install", "-at_install")
class TestPoolRun(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_pool_active = True
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.runs = cls.env["jxc.pool.run"]
        cls.rule = cls._rule(name="All", sequence=100, days=90, warn_days=7)
        cls.shop = cls._owned("Shop", 200)

    @classmethod
    def _rule(cls, **values):
        return cls.env["jxc.pool.rule"].create({"company_id": cls.company.id, **values})

    @classmethod
    def _owned(cls, name, days_ago):
        partner = cls._customer(name, user_id=cls.seller.id, customer_rank=1)
        partner.jxc_owner_since = cls._day(-days_ago)
        return partner

    @staticmethod
    def _day(days):
        day = TODAY + datetime.timedelta(days=days)
        return datetime.datetime.combine(day, datetime.time(4))

    def _run(self, days=0):
        return self.runs._run(self.company, TODAY + datetime.timedelta(days=days))

    def _followup(self, days, **values):
        return self.env["jxc.followup"].create(
            {
                "partner_id": self.shop.id,
                "user_id": self.seller.id,
                "date": self._day(days),
                "company_id": self.company.id,
                "outcome": "interested",
                **values,
            }
        )

    def test_owners_are_warned_in_their_language(self):
        """The nightly run has no language of its own."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.seller.lang = "zh_CN"
        self.runs.with_context(lang=False)._run(self.company, TODAY)
        self.assertEqual(self.shop.activity_ids.summary, "Shop 即将掉入公海")
        self.assertIn("跟进", str(self.shop.activity_ids.note))

    def test_warned_first_then_falls(self):
        self.assertEqual(self._run(), {"fall": 0, "warn": 1, "reset": 0})
        self.assertEqual(self.shop.jxc_pool_state, "warned")
        self.assertEqual(self.shop.jxc_pool_due, TODAY + datetime.timedelta(days=7))
        activity = self.shop.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertEqual(activity.date_deadline, self.shop.jxc_pool_due)
        nothing = {"fall": 0, "warn": 0, "reset": 0}
        self.assertEqual(self._run(), nothing)
        self.assertEqual(self._run(6), nothing)
        self.assertEqual(self._run(7), {"fall": 1, "warn": 0, "reset": 0})
        self.assertEqual(self.shop.jxc_pool_state, "pool")
        self.assertFalse(self.shop.user_id)
        self.assertEqual(self.shop.jxc_pool_last_owner_id, self.seller)
        self.assertEqual(self._run(8), nothing)
        log = self.env["jxc.pool.log"].search([("partner_id", "=", self.shop.id)])
        self.assertEqual(log.mapped("kind")[:2], ["fall", "warn"])

    def test_the_day_is_exact(self):
        """90 days without contact, the warning 7 days before."""
        self.shop.jxc_owner_since = self._day(-82)
        self.assertEqual(self._run()["warn"], 0)
        self.assertEqual(self._run(1)["warn"], 1)
        self.assertEqual(self._run(7)["fall"], 0)
        self.assertEqual(self._run(8)["fall"], 1)

    def test_a_followup_keeps_the_customer(self):
        self._run()
        self._followup(-1)
        self.assertEqual(self.shop.jxc_pool_state, "owned")
        self.assertEqual(self._run(7), {"fall": 0, "warn": 0, "reset": 0})

    def test_an_order_keeps_the_customer(self):
        self._run()
        order = self._order(self.shop, 0, 10)
        order.date_order = self._day(2)
        self.assertEqual(self._run(3), {"fall": 0, "warn": 0, "reset": 1})
        self.assertEqual(self.shop.jxc_pool_state, "owned")
        quotation = self._order(self.shop, 0, 10, confirm=False)
        quotation.date_order = self._day(60)
        self.assertEqual(self._run(90)["warn"], 1)

    def test_first_matching_rule_decides(self):
        self._rule(name="New ones", sequence=1, life_cycle="potential", never=True)
        self.assertEqual(self._run()["warn"], 1)
        self.shop.jxc_pool_warned_on = False
        self._recompute(day=TODAY)
        self.assertEqual(self.shop.jxc_life_cycle, "potential")
        self.assertEqual(self._run()["warn"], 0)

    def test_rules_for_potential_customers_find_prospects(self):
        """Entered in Contacts, nothing sold and nothing offered yet."""
        self.shop.jxc_owner_since = self._day(0)
        owned, followed, vendor, loose = (
            self._customer(name) for name in ("Owned", "Followed", "Vendor", "Loose")
        )
        colleague = self._user("colleague", "base.group_user").partner_id
        house = self.company.partner_id
        for partner in owned | vendor | colleague | house:
            partner.user_id = self.seller
            partner.jxc_owner_since = self._day(-200)
        vendor.supplier_rank = 1
        self._followup(-200, partner_id=followed.id)
        self._rule(
            name="Potential", sequence=1, life_cycle="potential", days=30, warn_days=5
        )
        self.rule.never = True
        self._recompute(day=TODAY)
        classes = self.env["jxc.customer.class"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(classes.partner_id & (owned | followed), owned | followed)
        self.assertFalse(classes.partner_id & (vendor | colleague | house | loose))
        self.assertEqual(set(classes.mapped("life_cycle")), {"potential"})
        self._run()
        self.assertEqual(owned.jxc_pool_state, "warned")

    def test_rule_of_a_class(self):
        """Who buys much may be left alone for longer than the others."""
        self.shop.jxc_pool_protected_until = TODAY + datetime.timedelta(days=400)
        big, small = self._owned("Big", 100), self._owned("Small", 100)
        for partner, amount in ((big, 9000), (small, 10)):
            self._order(partner, 0, amount).date_order = self._day(-100)
        self._recompute(day=TODAY)
        self.assertEqual((big.jxc_class, small.jxc_class), ("a", "c"))
        rule = self._rule(name="A", sequence=1, abc="a", days=200, warn_days=20)
        self.assertEqual(self._run()["warn"], 1)
        self.assertEqual(
            (big.jxc_pool_state, small.jxc_pool_state), ("owned", "warned")
        )
        self.assertEqual(self._run(79), {"fall": 1, "warn": 0, "reset": 0})
        self.assertEqual(self._run(80)["warn"], 1)
        self.assertEqual(big.jxc_pool_due, TODAY + datetime.timedelta(days=100))
        rule.never = True
        self.assertEqual(self._run(100), {"fall": 0, "warn": 0, "reset": 1})
        self.assertEqual((big.jxc_pool_state, small.jxc_pool_state), ("owned", "pool"))

    def test_protected_customers_stay(self):
        self.shop.jxc_pool_protected_until = TODAY
        self.assertEqual(self._run(), {"fall": 0, "warn": 0, "reset": 0})
        self.assertEqual(self._run(1)["warn"], 1)

    def test_no_warning_wanted(self):
        self.rule.warn_days = 0
        self.assertEqual(self._run(), {"fall": 1, "warn": 0, "reset": 0})

    def test_without_rules_nobody_falls(self):
        self._run()
        self.rule.active = False
        self.assertEqual(self._run(), {"fall": 0, "warn": 0, "reset": 1})
        self.assertEqual(self.shop.jxc_pool_state, "owned")

    def test_other_companies_keep_theirs(self):
        other = self._create_class_company("Other Ltd")
        stranger = self._user("stranger", "sales_team.group_sale_salesman", other)
        self.shop.with_context(tracking_disable=True).user_id = stranger
        self.shop.jxc_owner_since = self._day(-200)
        self.assertEqual(self._run(), {"fall": 0, "warn": 0, "reset": 0})

    def test_vendors_are_no_customers(self):
        self.shop.write({"customer_rank": 0, "supplier_rank": 1})
        self.assertEqual(self._run()["warn"], 0)
        self.shop.customer_rank = 1
        self.assertEqual(self._run()["warn"], 1)

    def test_vendors_entered_in_contacts(self):
        """Without a rank before the first bill, but with prices or orders."""
        self.shop.customer_rank = 0
        prices = self.env["product.supplierinfo"].create(
            {
                "partner_id": self.shop.id,
                "product_tmpl_id": self.product.product_tmpl_id.id,
            }
        )
        self.assertEqual((self.shop.supplier_rank, self._run()["warn"]), (0, 0))
        self._recompute(day=TODAY)
        self.assertFalse(self._row(self.shop), "no customer by class either")
        prices.unlink()
        self.env.flush_all()
        if "purchase.order" in self.env:
            purchase = self.env["purchase.order"].create({"partner_id": self.shop.id})
            self.assertEqual(self._run()["warn"], 0)
            purchase.button_cancel()
            purchase.unlink()
        self.assertEqual(self._run()["warn"], 1)

    def test_prospects_fall(self):
        """Entered in Contacts with a salesperson, and nothing came of it."""
        self.shop.customer_rank = 0
        person = self._owned("Person", 200)
        person.customer_rank = 0
        below = self._customer("Below", parent_id=self.shop.id)
        self.assertEqual(below.user_id, self.seller)
        self.assertEqual(self._run(), {"fall": 0, "warn": 2, "reset": 0})
        self.assertEqual(self._run(7), {"fall": 2, "warn": 0, "reset": 0})
        self.assertEqual(set((self.shop | person).mapped("jxc_pool_state")), {"pool"})
        self.assertFalse(below.jxc_pool_state)

    def test_the_house_is_no_customer(self):
        """Colleagues and the companies themselves; who uses the portal buys."""
        self.shop.jxc_owner_since = self._day(0)
        colleague = self._user("colleague", "base.group_user").partner_id
        portal = self._user("portal", "base.group_portal").partner_id
        house = self.company.partner_id
        for rank in (0, 1):
            for partner in colleague | portal | house:
                partner.sudo().write({"user_id": self.seller.id, "customer_rank": rank})
                partner.jxc_owner_since = self._day(-200)
            portal.jxc_pool_warned_on = False
            self.assertEqual(self._run(), {"fall": 0, "warn": 1, "reset": 0})
            self.assertEqual(portal.jxc_pool_state, "warned")

    def test_days_are_those_of_the_company(self):
        """23:30 in London is the next morning in Shanghai, where the company is."""
        self.company.partner_id.tz = "Asia/Shanghai"
        followup = self._followup(-83)
        followup.date = followup.date.replace(hour=23, minute=30)
        self.assertEqual(self._run()["warn"], 0)
        self.assertEqual(self._run(1)["warn"], 1)
        self.assertEqual(self.shop.jxc_pool_due, TODAY + datetime.timedelta(days=8))

    def test_days_of_leads_and_orders_are_those_of_the_company(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self._rule(name="Leads", applies_to="lead", days=30, warn_days=0)
        lead = self._lead(-40)
        lead.jxc_owner_since = self._day(-31).replace(hour=23, minute=30)
        self._order(self.shop, 0, 10).date_order = self._day(-83).replace(hour=16)
        self.assertEqual(self._run(-1), {"fall": 0, "warn": 0, "reset": 0})
        self.assertEqual(self._run(), {"fall": 1, "warn": 0, "reset": 0})
        self.assertEqual(self._run(1)["warn"], 1)

    def _lead(self, days, **values):
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "user_id": self.seller.id,
                "company_id": self.company.id,
                **values,
            }
        )
        lead.write(
            {
                "jxc_owner_since": self._day(days),
                "date_last_stage_update": self._day(days),
            }
        )
        return lead

    def test_an_order_keeps_the_lead(self):
        """One from the opportunity, or any of its customer; no quotation."""
        self.company.jxc_won_by_order = False
        self._rule(name="Leads", applies_to="lead", days=30, warn_days=0)
        self.shop.jxc_owner_since = self._day(0)
        contact = self._customer("Contact", parent_id=self.shop.id)
        lead = self._lead(-40)
        known = self._lead(-40, partner_id=contact.id)
        buyer = self._customer("Buyer")
        quotation = self._order(buyer, 0, 10, confirm=False, opportunity_id=lead.id)
        quotation.date_order = self._day(-5)
        bought = self._order(self.shop, 0, 10)
        bought.date_order = self._day(-20)
        order = self._order(buyer, 0, 10, opportunity_id=lead.id)
        order.date_order = self._day(-10)
        nothing = {"fall": 0, "warn": 0, "reset": 0}
        self.assertEqual(self._run(), nothing)
        self.assertEqual(self._run(9), nothing)
        self.assertEqual(self._run(10)["fall"], 1)
        self.assertEqual((lead | known).mapped("jxc_pool_state"), ["owned", "pool"])
        self.assertEqual(self._run(19), nothing)
        self.assertEqual(self._run(20)["fall"], 1)
        self.assertEqual(lead.jxc_pool_state, "pool")

    def test_leads_fall(self):
        self._rule(name="Leads", applies_to="lead", days=30, warn_days=0)
        lead = self._lead(-40)
        won = lead.copy({"stage_id": self.env["crm.stage"].search([])[-1:].id})
        won.stage_id.is_won = True
        won.jxc_owner_since = won.date_last_stage_update = self._day(-40)
        self.shop.jxc_owner_since = self._day(0)
        self.assertEqual(self._run(), {"fall": 1, "warn": 0, "reset": 0})
        self.assertEqual(lead.jxc_pool_state, "pool")
        self.assertFalse(won.jxc_pool_state)
        self.assertTrue(won.user_id)

    def _idle_lead(self, days_ago, **values):
        """A lead of the seller without a touch; the customer is at rest."""
        self.shop.jxc_owner_since = self._day(0)
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "user_id": self.seller.id,
                "company_id": self.company.id,
                **values,
            }
        )
        lead.jxc_owner_since = lead.date_last_stage_update = self._day(-days_ago)
        return lead

    def test_leads_are_warned_first(self):
        self._rule(name="Leads", applies_to="lead", days=30, warn_days=5)
        lead = self._idle_lead(24)
        self.assertEqual(self._run()["warn"], 0)
        self.assertEqual(self._run(1), {"fall": 0, "warn": 1, "reset": 0})
        self.assertEqual(lead.jxc_pool_state, "warned")
        self.assertEqual(lead.jxc_pool_due, TODAY + datetime.timedelta(days=6))
        told = lead.activity_ids
        self.assertEqual(
            (told.user_id, told.date_deadline), (self.seller, lead.jxc_pool_due)
        )
        self.assertIn("Deal", told.summary)
        self.assertEqual(self._run(5), {"fall": 0, "warn": 0, "reset": 0})
        self.assertEqual(self._run(6), {"fall": 1, "warn": 0, "reset": 0})
        self.assertEqual((lead.jxc_pool_state, lead.user_id.ids), ("pool", []))
        log = self.env["jxc.pool.log"].search([("lead_id", "=", lead.id)])
        self.assertEqual(log.mapped("kind")[:2], ["fall", "warn"])

    def test_leads_are_kept_by_work_and_protection(self):
        """By a follow-up or an order of the lead."""
        self._rule(name="Leads", applies_to="lead", days=30, warn_days=5)
        lead = self._idle_lead(40, partner_id=self.shop.id)
        lead.jxc_pool_protected_until = TODAY
        self.assertEqual(self._run(), {"fall": 0, "warn": 0, "reset": 0})
        self.assertEqual(self._run(1)["warn"], 1)
        self._followup(3, lead_id=lead.id)
        self.assertEqual(lead.jxc_pool_state, "owned")
        self.assertEqual(self._run(27), {"fall": 0, "warn": 0, "reset": 0})
        self.assertEqual(self._run(28)["warn"], 1)
        self.company.jxc_won_by_order = False
        order = self._order(self.shop, 0, 10, opportunity_id=lead.id)
        order.date_order = self._day(28)
        self.assertEqual(self._run(29), {"fall": 0, "warn": 0, "reset": 1})
        self.assertEqual(lead.jxc_pool_state, "owned")

    def test_a_lead_is_claimed_by_one(self):
        lead = self._idle_lead(40)
        self._rule(name="Leads", applies_to="lead", days=30, warn_days=0)
        self._run()
        first, second = (
            self._user(login, "sales_team.group_sale_salesman")
            for login in ("first", "second")
        )

        def claim(user):
            own = lead.with_user(user).with_context(
                allowed_company_ids=self.company.ids
            )
            own.action_jxc_claim()

        claim(first)
        self.assertEqual((lead.user_id, lead.jxc_pool_state), (first, "owned"))
        with self.assertRaisesRegex(UserError, "Deal belongs to first .* since"):
            claim(second)
        self.assertEqual(lead.user_id, first)
        log = self.env["jxc.pool.log"].search([("lead_id", "=", lead.id)])
        self.assertEqual(log.mapped("kind")[:2], ["claim", "fall"])

    def test_rules_are_sensible(self):
        with self.assertRaises(ValidationError):
            self.rule.warn_days = 90
        with self.assertRaises(ValidationError):
            self.rule.write({"days": 0, "warn_days": 0})

    def test_queries_do_not_grow_with_customers_at_rest(self):
        self.shop.jxc_owner_since = self._day(0)
        self._run()
        with self.assertQueryCount(__system__=4):
            self._run()
        for number in range(20):
            self._owned(f"Rest {number}", 5)
        self.env.flush_all()
        with self.assertQueryCount(__system__=4):
            self._run()
