# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_pool_ways_round import SELLER, PoolWaysRound


@tagged("post_install", "-at_install")
class TestSharedCustomers(PoolWaysRound):
    """Two companies share their customers; one of them uses the pool."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = cls._user("ours", SELLER, cls.company)
        cls.theirs = cls._user("theirs", SELLER, cls.lax)
        cls.their_mate = cls._user("their_mate", SELLER, cls.lax)
        cls.our_manager = cls._user(
            "our_manager", "sales_team.group_sale_manager", cls.company
        )

    def test_nobody_takes_what_another_company_looks_after(self):
        """Written, it would come past claim and limit into the own pool."""
        for owner in (self.theirs, None):
            shop = self._shop(self.theirs)
            lead = self._lead(self.theirs, company_id=False, team_id=False)
            self.assertEqual((shop | shop).jxc_pool_company_id, self.lax)
            for record in (shop, lead):
                if not owner:
                    record.user_id = False
                with self.assertRaisesRegex(AccessError, "is not yours to change"):
                    self._as(self.ours, record).write({"user_id": self.ours.id})
        self._as(self.ours, shop).action_jxc_claim()
        self.assertEqual(shop.user_id, self.ours)
        self.assertEqual(shop.jxc_pool_company_id, self.company)

    def test_a_claim_takes_a_place(self):
        self.company.jxc_pool_limit = 1
        shops = self._shop(self.theirs) | self._shop(self.theirs)
        shops.user_id = False
        self._as(self.ours, shops[0]).action_jxc_claim()
        with self.assertRaisesRegex(UserError, "limit is 1"):
            self._as(self.ours, shops[1]).action_jxc_claim()

    def test_a_manager_assigns(self):
        shop = self._shop(self.theirs)
        self._as(self.our_manager, shop).user_id = self.ours
        self.assertEqual(shop.user_id, self.ours)

    def test_without_a_pool_colleagues_write_as_before(self):
        shop = self._shop(self.theirs)
        self._as(self.their_mate, shop).write({"user_id": self.their_mate.id})
        self.assertEqual(shop.user_id, self.their_mate)

    def test_who_works_for_both_keeps_to_the_rules_of_the_record(self):
        shop = self._shop(self.theirs)
        self._as(self.seller, shop).with_company(self.lax).write(
            {"user_id": self.seller.id}
        )
        self.assertEqual(shop.jxc_pool_company_id, self.lax)

    def test_without_a_pool_a_claim_enters_the_salesperson(self):
        shop = self._shop(company_id=self.lax.id)
        lead = self._lead(company_id=self.lax.id, team_id=False)
        for record in (shop, lead):
            self._as(self.theirs, record).action_jxc_claim()
            self.assertEqual(record.user_id, self.theirs)

    def test_a_pool_that_is_given_up_holds_nothing(self):
        """What lay in it is taken by a claim, or by entering the salesperson."""
        records = [(self._shop(self.ours), self._lead(self.ours)) for _way in "12"]
        for record in (*records[0], *records[1]):
            self._as(self.ours, record).action_jxc_release()
        self.company.jxc_pool_active = False
        for record in records[0]:
            self._as(self.ours, record).action_jxc_claim()
        for record in records[1]:
            self._as(self.ours, record).user_id = self.ours
        for record in (*records[0], *records[1]):
            self.assertEqual(record.user_id, self.ours)

    def test_who_works_for_both_claims_for_the_one_with_a_pool(self):
        self.seller.company_id = self.lax
        lead = self._lead(company_id=False, team_id=False)
        self._as(self.seller, lead).action_jxc_claim()
        self.assertEqual(lead.jxc_pool_company_id, self.company)

    def test_nobody_claims_for_a_company_without_a_pool(self):
        shop = self._shop(self.ours)
        lead = self._lead(self.ours, company_id=False, team_id=False)
        for record in (shop, lead):
            self._as(self.ours, record).action_jxc_release()
            with self.assertRaisesRegex(UserError, "for Lax Ltd, which does not use"):
                self._as(self.theirs, record).action_jxc_claim()
            self.assertEqual(record.jxc_pool_company_id, self.company)
            self.assertEqual(record.jxc_pool_state, "pool")
            self._as(self.colleague, record).action_jxc_claim()
            self.assertEqual(record.user_id, self.colleague)
