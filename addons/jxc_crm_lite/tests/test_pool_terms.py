# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_pool_ways_round import NOTHING, TODAY, PoolWaysRound


@tagged("post_install", "-at_install")
class TestOrderMoments(PoolWaysRound):
    """An order keeps its customer from its confirmation on, whatever its date says."""

    def setUp(self):
        super().setUp()
        self.company.jxc_won_by_order = False
        self.shop = self._shop(self.seller)
        self.lead = self._lead(self.seller, partner_id=self.shop.id)
        self.order = self._order(self.shop, 40, 10, opportunity_id=self.lead.id)
        self.order.jxc_confirmed_at = self._day(-40)
        self.env.flush_all()

    def test_the_order_date_keeps_nothing(self):
        """Written by its salesperson to a day of last week."""
        self.order.user_id = self.seller
        self._as(self.seller, self.order).date_order = self._day(-2)
        self.assertEqual(self._run()["fall"], 2)
        self.assertEqual(self.shop.jxc_pool_state, "pool")
        self.assertEqual(self.lead.jxc_pool_state, "pool")

    def test_the_moment_is_the_servers(self):
        for user in (self.seller, self.manager):
            self.order.user_id = user
            with self.assertRaises(AccessError):
                self._as(user, self.order).jxc_confirmed_at = self._day(-2)
        with self.assertRaises(AccessError):
            self._as(self.seller, self.env["sale.order"]).create(
                {"partner_id": self.shop.id, "jxc_confirmed_at": self._day(-2)}
            )
        self.assertFalse(self.order.copy().jxc_confirmed_at)

    def test_confirmed_again_it_stays_the_first(self):
        self.order._action_cancel()
        self.order.action_draft()
        self.order.action_confirm()
        self.assertEqual(self.order.jxc_confirmed_at, self._day(-40))

    def test_what_was_ordered_before_keeps_its_date(self):
        """Imported history is confirmed today, and was ordered then."""
        before = datetime.datetime.now() - datetime.timedelta(seconds=2)
        order = self._order(self.shop, 0, 10)
        self.assertGreaterEqual(order.jxc_confirmed_at, before)
        order.date_order = self._day(-10)
        self.assertEqual(self._run(), NOTHING)
        self.assertEqual(self._run(25)["fall"], 2)
        # as the import of sales orders confirms, which keeps the date
        order.write({"jxc_confirmed_at": False, "date_order": self._day(-300)})
        order._jxc_note_confirmation()
        self.assertEqual(order.jxc_confirmed_at, self._day(-300))

    def _hand_on(self, partner):
        """As a sales manager does who corrects whose order it is."""
        order = self._as(self.manager, self.order)
        order._action_cancel()
        order.action_draft()
        order.partner_id = partner
        order.action_confirm()

    def _order_of(self, days):
        self.order.write({"jxc_confirmed_at": self._day(days)})
        self.order.date_order = self._day(days)

    def test_given_to_another_customer_it_keeps_one(self):
        """The other one, from the first confirmation on, and no longer the first."""
        self._order_of(-2)
        self.env["crm.lead"].search([("id", "=", self.lead.id)]).unlink()
        other = self._shop(self.seller)
        self.assertEqual(self._run()["fall"], 1)
        self.assertEqual(
            (self.shop.jxc_pool_state, other.jxc_pool_state), ("owned", "pool")
        )
        self._as(self.manager, other).user_id = self.seller
        other.jxc_owner_since = self._day(-40)
        self._hand_on(other)
        self.assertEqual(self.order.jxc_confirmed_at, self._day(-2))
        self.assertEqual(self._run()["fall"], 1)
        self.assertEqual(
            (self.shop.jxc_pool_state, other.jxc_pool_state), ("pool", "owned")
        )

    def test_to_and_fro_it_keeps_nobody(self):
        self._order_of(-2)
        self.lead.unlink()
        other = self._shop(self.seller)
        self._hand_on(other)
        self._hand_on(self.shop)
        self.assertEqual(self._run()["fall"], 2)

    def test_written_without_a_confirmation_it_keeps_nobody(self):
        self._order_of(-2)
        self.lead.unlink()
        other = self._shop(self.seller)
        self.order.sudo().write({"partner_id": other.id})
        self.assertEqual(self._run()["fall"], 2)

    def test_a_branch_or_contact_of_the_customer_is_the_same(self):
        self._order_of(-2)
        contact = self._customer("Contact", parent_id=self.shop.id)
        self._hand_on(contact)
        self._hand_on(self.shop)
        self.assertFalse(self.order.jxc_is_handed_on)
        self.assertEqual(self._run(), NOTHING)

    def test_given_to_another_lead_it_keeps_none(self):
        """Which may be of nobody, so that only the order would keep it."""
        self._order_of(-2)
        lead = self._lead(self.seller, partner_id=False)
        self._as(self.manager, self.order).opportunity_id = lead
        self.assertEqual(self._run()["fall"], 1)
        self.assertEqual(lead.jxc_pool_state, "pool")

    def test_whom_it_keeps_is_the_servers(self):
        self.order.user_id = self.seller
        for values in (
            {"jxc_confirmed_for_id": self.shop.id},
            {"jxc_confirmed_lead_id": self.lead.id},
            {"jxc_is_handed_on": False},
        ):
            with self.assertRaises(AccessError):
                self._as(self.seller, self.order).write(values)


@tagged("post_install", "-at_install")
class TestLeadTerms(PoolWaysRound):
    """A second lead of one person begins no new term."""

    def setUp(self):
        super().setUp()
        self.rule = self.env["jxc.pool.rule"].search(
            [("company_id", "=", self.company.id), ("applies_to", "=", "lead")]
        )
        self.person = self._customer(
            "Person", email="person@example.com", phone="+86 138 1234 5678"
        )
        self.old = self._lead(self.seller, partner_id=self.person.id)

    def _enter(self, user=None, **values):
        user = user or self.seller
        lead = self._as(user, self.env["crm.lead"]).create({"name": "New", **values})
        return lead.sudo()

    def test_entered_anew_it_has_the_same_term(self):
        """By customer, number or address; as a copy; one after the other."""
        own = self._as(self.seller, self.old)
        contact = self._customer("Contact", parent_id=self.person.id)
        leads = (
            self._enter(partner_id=self.person.id)
            | self._enter(partner_id=contact.id)
            | self._enter(phone="+8613812345678")
            | self._enter(email_from="Person <PERSON@example.com>")
            | own.copy().sudo()
        )
        self.assertEqual(set(leads.mapped("jxc_owner_since")), {self._day(-40)})
        self.assertEqual(self._run()["fall"], 6)
        self.assertEqual(set(leads.mapped("jxc_pool_state")), {"pool"})

    def test_a_person_named_later(self):
        lead = self._enter()
        self.assertNotEqual(lead.jxc_owner_since, self._day(-40))
        self._as(self.seller, lead).phone = "+86 138-1234-5678"
        self.assertEqual(lead.jxc_owner_since, self._day(-40))

    def test_the_warning_goes_along(self):
        self.rule.warn_days = 7
        self.assertEqual(self._run()["warn"], 1)
        lead = self._enter(partner_id=self.person.id)
        self.assertEqual(lead.jxc_pool_state, "warned")
        self.assertEqual(lead.jxc_pool_due, TODAY + datetime.timedelta(days=7))
        self.assertEqual(self._run(7)["fall"], 2)

    def test_whom_somebody_spoke_to_has_a_term(self):
        """The last follow-up on the former lead counts for the new one."""
        self.env["jxc.followup"].create(
            {
                "lead_id": self.old.id,
                "user_id": self.seller.id,
                "company_id": self.company.id,
                "date": self._day(-3),
                "outcome": "interested",
            }
        )
        lead = self._enter(email_from="person@example.com")
        self.assertEqual(lead.jxc_owner_since, self._day(-3))
        self.assertEqual(self._run(), NOTHING)

    def test_lost_and_entered_anew(self):
        self._as(self.seller, self.old).action_set_lost()
        lead = self._enter(partner_id=self.person.id)
        self.assertEqual(lead.jxc_owner_since, self._day(-40))

    def test_what_fell_is_not_entered_anew(self):
        """Nor entered for nobody and claimed; after the cool-down it is."""
        self.assertEqual(self._run()["fall"], 1)
        with self.assertRaisesRegex(UserError, "same person as Deal"):
            self._enter(phone="+86 138 1234 5678")
        lead = self._enter(user_id=False, partner_id=self.person.id)
        with self.assertRaisesRegex(UserError, "was yours; you can claim it again"):
            self._as(self.seller, lead).action_jxc_claim()
        self._as(self.colleague, lead).action_jxc_claim()
        self.old.jxc_pool_date -= datetime.timedelta(days=31)
        self.assertTrue(self._enter(partner_id=self.person.id).user_id)

    def test_what_was_released_is_not_entered_anew(self):
        """Neither while it lies in the pool nor when a colleague has claimed it."""
        self._as(self.seller, self.old).action_jxc_release("No answer")
        with self.assertRaisesRegex(UserError, "in the public pool"):
            self._enter(partner_id=self.person.id)
        self._as(self.colleague, self.old).action_jxc_claim()
        with self.assertRaisesRegex(UserError, "is a colleague's now"):
            self._enter(phone="+86 138 1234 5678")
        lead = self._enter(user_id=False, partner_id=self.person.id)
        with self.assertRaisesRegex(UserError, "was yours; you can claim it again"):
            self._as(self.seller, lead).action_jxc_claim()
        with freeze_time(datetime.datetime.now() + datetime.timedelta(days=31)):
            self.assertTrue(self._enter(partner_id=self.person.id).user_id)

    def test_given_back_it_is_the_owners_again(self):
        """By a sales manager: the old term holds for a second one, not the wait."""
        self._as(self.seller, self.old).action_jxc_release("By mistake")
        self._as(self.manager, self.old).user_id = self.seller
        lead = self._enter(partner_id=self.person.id)
        self.assertEqual(lead.jxc_owner_since.date(), self.old.jxc_owner_since.date())

    def test_claimed_beside_an_own_one(self):
        lead = self._enter(user_id=False, partner_id=self.person.id)
        self._as(self.seller, lead).action_jxc_claim()
        self.assertEqual(lead.jxc_owner_since, self._day(-40))

    def test_others_begin_anew(self):
        """Another person, a colleague, a sales manager, and what comes by mail."""
        mails = self.env["crm.lead"].sudo()
        leads = (
            self._enter(email_from="other@example.com")
            | self._enter(self.colleague, partner_id=self.person.id)
            | self._enter(
                self.manager, partner_id=self.person.id, user_id=self.seller.id
            )
            | mails.create(
                {
                    "name": "Mail",
                    "email_from": "person@example.com",
                    "user_id": self.seller.id,
                }
            )
        )
        self.assertGreater(min(leads.mapped("jxc_owner_since")), self._day(-40))
