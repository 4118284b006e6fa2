# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..models.jxc_pool_mixin import LOGGED
from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestPool(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_pool_active = True
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("colleague", "sales_team.group_sale_salesman")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.clerk = cls._user("clerk", "base.group_user,base.group_partner_manager")
        cls.shop = cls._customer("Shop", user_id=cls.seller.id)
        cls.free = cls._customer("Free")
        cls.free._jxc_fall("fall")

    def _as(self, user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _logged(self, record):
        log = self.env["jxc.pool.log"].search(
            [("partner_id", "=", record.id), ("lead_id", "=", False)]
        )
        return log.mapped("kind")

    def test_states(self):
        self.assertEqual(self.shop.jxc_pool_state, "owned")
        self.assertEqual(self.free.jxc_pool_state, "pool")
        person = self._customer("Person", parent_id=self.shop.id)
        self.assertFalse(person.jxc_pool_state)
        self.assertEqual(person.jxc_owner_id, self.seller)
        self.assertFalse(self._customer("Nobody's").jxc_pool_state)

    def test_claim(self):
        self._as(self.seller, self.free).action_jxc_claim()
        self.assertEqual(self.free.user_id, self.seller)
        self.assertEqual(self.free.jxc_pool_state, "owned")
        self.assertFalse(self.free.jxc_pool_date)
        self.assertEqual(self._logged(self.free)[0], "claim")
        with self.assertRaisesRegex(UserError, "Free belongs to seller .* since"):
            self._as(self.colleague, self.free).action_jxc_claim()
        with self.assertRaises(AccessError):
            self._as(self.clerk, self.free).action_jxc_claim()

    def test_claim_names_all_that_is_not_free(self):
        person = self._customer("Person", parent_id=self.free.id)
        batch = self.free | self.shop | person
        with self.assertRaises(UserError) as refused:
            self._as(self.colleague, batch).action_jxc_claim()
        self.assertIn("Shop belongs to seller", str(refused.exception))
        self.assertIn("Person is no customer of its own", str(refused.exception))
        self.assertFalse(self.free.user_id)

    def test_limit_per_person(self):
        self.company.jxc_pool_limit = 2
        more = self._customer("More")
        more._jxc_fall("fall")
        with self.assertRaisesRegex(UserError, "owns 1 customers.*limit is 2.*2 more"):
            self._as(self.seller, self.free | more).action_jxc_claim()
        self._as(self.seller, self.free).action_jxc_claim()
        with self.assertRaisesRegex(UserError, "owns 2 customers"):
            self._as(self.seller, more).action_jxc_claim()
        self.company.jxc_pool_limit = 0
        self._as(self.seller, more).action_jxc_claim()
        self.assertEqual(more.user_id, self.seller)

    def test_open_leads_count_for_the_limit(self):
        """A claim may not bring more than the limit along with its customer."""
        self.company.jxc_pool_limit = 3
        person = self._customer("Person", parent_id=self.free.id)
        leads = self.env["crm.lead"].create(
            [
                {"name": "Deal", "partner_id": partner.id, "user_id": False}
                for partner in (self.free, person)
            ]
        )
        with self.assertRaisesRegex(UserError, "owns 1 customers.*limit is 3.*3 more"):
            self._as(self.seller, self.free).action_jxc_claim()
        self.assertFalse(self.free.user_id)
        self._as(self.colleague, self.free).action_jxc_claim()
        self.assertEqual(leads.user_id, self.colleague)
        more = self._customer("More")
        more._jxc_fall("fall")
        with self.assertRaisesRegex(UserError, "owns 3 customers"):
            self._as(self.colleague, more).action_jxc_claim()

    def test_cool_down(self):
        self._as(self.seller, self.shop).action_jxc_release("Moves to another town")
        self.assertEqual(self.shop.jxc_pool_state, "pool")
        self.assertEqual(self.shop.jxc_pool_last_owner_id, self.seller)
        with self.assertRaisesRegex(UserError, "was yours; you can claim it again on"):
            self._as(self.seller, self.shop).action_jxc_claim()
        self.shop.jxc_pool_date = fields.Datetime.now() - timedelta(days=30)
        self._as(self.seller, self.shop).action_jxc_claim()
        self.assertEqual(self.shop.user_id, self.seller)

    def test_days_are_the_companys(self):
        """Half past one at night in Shanghai is still yesterday in UTC."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.company.jxc_pool_cool_down_days = 3
        with freeze_time("2024-05-06 17:30:00"):
            self._as(self.seller, self.free).action_jxc_claim()
            with self.assertRaisesRegex(UserError, "since 2024-05-07"):
                self._as(self.colleague, self.free).action_jxc_claim()
            self._as(self.seller, self.free).action_jxc_release()
            with self.assertRaisesRegex(UserError, "again on 2024-05-10"):
                self._as(self.seller, self.free).action_jxc_claim()
        with freeze_time("2024-05-09 15:30:00"), self.assertRaises(UserError):
            self._as(self.seller, self.free).action_jxc_claim()
        with freeze_time("2024-05-09 16:30:00"):
            self._as(self.seller, self.free).action_jxc_claim()
        self.assertEqual(self.free.user_id, self.seller)

    def test_release_is_for_owners(self):
        with self.assertRaisesRegex(AccessError, "not Shop"):
            self._as(self.colleague, self.shop).action_jxc_release()
        self._as(self.manager, self.shop).action_jxc_release()
        self.assertEqual(self._logged(self.shop)[0], "release")

    def test_nobody_takes_a_customer_by_writing(self):
        for record in (self.shop, self.free):
            for user in (self.colleague, self.clerk):
                with self.assertRaises(AccessError):
                    self._as(user, record).write({"user_id": user.id})
                # whatever a client can put into a context
                with self.assertRaises(AccessError):
                    self._as(user, record).with_context(
                        jxc_pool_logged=True, default_user_id=user.id
                    ).write({"user_id": user.id})
        self._as(self.manager, self.shop).write({"user_id": self.colleague.id})
        self.assertEqual(self.shop.user_id, self.colleague)
        self.assertEqual(self._logged(self.shop)[0], "assign")

    def test_log_is_not_left_out_by_a_context(self):
        record = self._as(self.manager, self.shop).with_context(jxc_pool_logged=True)
        record.write({"user_id": self.colleague.id})
        self.assertEqual(self._logged(self.shop)[0], "assign")
        before = len(self._logged(self.shop))
        record.with_context(jxc_pool_logged=LOGGED).write({"user_id": self.seller.id})
        self.assertEqual(len(self._logged(self.shop)), before)

    def test_without_a_pool_the_platform_is_as_before(self):
        self.company.jxc_pool_active = False
        self._as(self.clerk, self.shop).write({"user_id": self.colleague.id})
        self.assertEqual(self.shop.user_id, self.colleague)

    def test_fields_of_the_server(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        for name, value in (
            ("jxc_pool_date", yesterday),
            ("jxc_owner_since", yesterday),
            ("jxc_pool_due", yesterday.date()),
            ("jxc_pool_last_owner_id", self.seller.id),
        ):
            for user in (self.seller, self.manager):
                with self.assertRaises(AccessError):
                    self._as(user, self.shop).write({name: value})
        with self.assertRaises(AccessError):
            self._as(self.seller, self.shop).write(
                {"jxc_pool_protected_until": "2099-01-01"}
            )
        self._as(self.manager, self.shop).write(
            {"jxc_pool_protected_until": "2099-01-01", "jxc_pool_protect_reason": "VIP"}
        )
        partner = (
            self.env["res.partner"]
            .with_user(self.seller)
            .with_context(default_jxc_pool_date=str(yesterday))
            .create({"name": "New"})
        )
        self.assertFalse(partner.with_user(self.seller).jxc_pool_date)

    def test_history_is_not_written(self):
        log = self.env["jxc.pool.log"].search([("partner_id", "=", self.free.id)])
        self.assertTrue(log)
        for user in (self.seller, self.manager):
            with self.assertRaises(AccessError):
                log.with_user(user).write({"reason": "x"})
            with self.assertRaises(AccessError):
                log.with_user(user).unlink()

    def test_open_leads_follow_their_customer(self):
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.shop.id, "user_id": self.seller.id}
        )
        theirs = self.env["crm.lead"].create(
            {"name": "Theirs", "partner_id": self.shop.id, "user_id": self.manager.id}
        )
        self._as(self.seller, self.shop).action_jxc_release()
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.jxc_pool_state, "pool")
        self.assertEqual(theirs.user_id, self.manager)
        self._as(self.colleague, self.shop).action_jxc_claim()
        self.assertEqual(lead.user_id, self.colleague)
        self.assertEqual(theirs.user_id, self.manager)

    def test_a_cooling_lead_does_not_come_along(self):
        """Who gave a lead up does not get it back by claiming its customer."""
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.free.id, "user_id": self.seller.id}
        )
        self._as(self.seller, lead).action_jxc_release()
        self.company.jxc_pool_limit = 2
        self._as(self.seller, self.free).action_jxc_claim()
        self.assertEqual(self.free.user_id, self.seller)
        self.assertEqual(lead.jxc_pool_state, "pool", "free for others")
        with self.assertRaisesRegex(UserError, "was yours"):
            self._as(self.seller, lead).action_jxc_claim()
        # A manager who assigns the customer decides on all of them.
        self._as(self.manager, self.free).write({"user_id": self.colleague.id})
        self.assertEqual(lead.user_id, self.colleague)

    def test_leads_in_the_pool_are_claimed(self):
        lead = self.env["crm.lead"].create({"name": "Deal", "user_id": self.seller.id})
        lead.sudo()._jxc_fall("fall")
        with self.assertRaises(AccessError):
            self._as(self.colleague, lead).write({"user_id": self.colleague.id})
        self._as(self.colleague, lead).action_jxc_claim()
        self.assertEqual(lead.user_id, self.colleague)
        self.assertFalse(lead.jxc_pool_date)

    def test_rules_of_another_company_do_not_guard(self):
        other = self._create_class_company("Other Ltd")
        user = self._user("other", "sales_team.group_sale_salesman", other)
        partner = self._customer("Far", user_id=user.id, company_id=other.id)
        mate = self._user("mate", "sales_team.group_sale_salesman", other)
        self._as(mate, partner).write({"user_id": mate.id})
        self.assertEqual(partner.user_id, mate)
        both = self._user(
            "both", "sales_team.group_sale_salesman", other | self.company
        )
        with self.assertRaises(AccessError):
            # the other company as current one is no way round the owner's
            self._as(both, self.shop).with_company(other).write({"user_id": both.id})

    def test_quota_is_of_the_person(self):
        self.company.jxc_pool_limit = 1
        self._as(self.colleague, self.free).action_jxc_claim()
        quota = self.env["jxc.pool.quota"].search([("user_id", "=", self.colleague.id)])
        self.assertEqual(len(quota), 1)
        with self.assertRaises(AccessError):
            quota.with_user(self.manager).write({"user_id": self.manager.id})

    def test_only_salespeople_are_offered_to_claim(self):
        """The management looks at the pool; its buttons would refuse it anyway."""
        executive = self._user("executive", "jxc_base.group_executive")
        views = self.env["ir.ui.view"].search(
            [("arch_db", "like", "action_jxc_claim"), ("mode", "=", "primary")]
        )
        self.assertGreaterEqual(len(views), 4)
        for view in views:
            for user, offered in ((self.seller, True), (executive, False)):
                arch = self.env[view.model].with_user(user).get_view(view.id)["arch"]
                self.assertEqual("action_jxc_claim" in arch, offered, view.name)
