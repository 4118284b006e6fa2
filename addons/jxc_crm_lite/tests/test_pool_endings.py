# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from ast import literal_eval

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_pool_ways_round import NOTHING, PoolWaysRound


@tagged("post_install", "-at_install")
class TestWarnings(PoolWaysRound):
    """Who is warned has that on his list as long as it is true."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["jxc.pool.rule"].search([("company_id", "=", cls.company.id)]).write(
            {"warn_days": 5}
        )

    def _warned(self):
        shop = self._shop(self.seller)
        lead = self._lead(self.seller)
        self.assertEqual(self._run()["warn"], 2)
        for record in (shop, lead):
            self.assertEqual(len(record.activity_ids), 1)
            self.assertEqual(record.jxc_pool_state, "warned")
        return shop, lead

    def _followup(self, **values):
        return self.env["jxc.followup"].create(
            {
                "user_id": self.seller.id,
                "date": self._day(1),
                "company_id": self.company.id,
                "outcome": "interested",
                **values,
            }
        )

    def test_looked_after_again(self):
        """And warned once more, one warning is there."""
        shop, lead = self._warned()
        self._followup(partner_id=shop.id)
        self._followup(lead_id=lead.id)
        for record in (shop, lead):
            self.assertEqual(record.jxc_pool_state, "owned")
            self.assertFalse(record.activity_ids)
        self.env.flush_all()
        self.assertEqual(self._run(27)["warn"], 2)
        self.assertEqual(len(shop.activity_ids), 1)

    def test_an_order_ends_it_at_night(self):
        shop, _lead = self._warned()
        self._order(shop, 0, 10).date_order = self._day(2)
        self.assertEqual(self._run(3)["reset"], 1)
        self.assertFalse(shop.activity_ids)

    def test_fallen(self):
        shop, lead = self._warned()
        self.assertEqual(self._run(5)["fall"], 2)
        self.assertFalse(shop.activity_ids | lead.activity_ids)

    def test_released_and_handed_over(self):
        shop, lead = self._warned()
        self._as(self.seller, shop).action_jxc_release()
        self._as(self.manager, lead).user_id = self.colleague
        self.assertFalse(shop.activity_ids | lead.activity_ids)

    def test_lost(self):
        _shop, lead = self._warned()
        self._as(self.seller, lead).action_set_lost()
        self.assertFalse(lead.activity_ids)

    def test_other_activities_stay(self):
        shop, _lead = self._warned()
        own = shop.activity_schedule("mail.mail_activity_data_todo", summary="Own")
        self._as(self.seller, shop).action_jxc_release()
        self.assertEqual(shop.activity_ids, own)


@tagged("post_install", "-at_install")
class TestNoCustomers(PoolWaysRound):
    """Vendors, colleagues and companies of ours are nobody's customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls._customer("Vendor", supplier_rank=1)
        cls.priced = cls._customer("Priced")
        cls.env["product.supplierinfo"].create(
            {
                "partner_id": cls.priced.id,
                "product_tmpl_id": cls.product.product_tmpl_id.id,
            }
        )
        cls.house = cls.company.partner_id
        cls.sister = cls.lax.partner_id
        cls.mate = cls.colleague.partner_id
        cls.others = cls.vendor | cls.priced | cls.house | cls.sister | cls.mate

    def test_nobody_claims_them(self):
        for partner in self.others:
            with self.assertRaises(UserError) as refused:
                self._as(self.seller, partner).action_jxc_claim()
            self.assertIn(partner.name, str(refused.exception))
            self.assertIn("nobody's customer", str(refused.exception))
        with self.assertRaises(UserError) as refused:
            self._as(self.seller, self.vendor | self.house).action_jxc_claim()
        self.assertIn("Vendor is a vendor", str(refused.exception))
        self.assertIn("a company of ours", str(refused.exception))
        self.assertFalse(self.others.user_id)

    def test_nobody_gives_them_to_anybody(self):
        shop = self._shop(self.seller)
        for partner in self.others:
            with self.assertRaisesRegex(UserError, "nobody's customer"):
                self._as(self.manager, partner | shop).user_id = self.colleague
        person = self._customer("Person", parent_id=self.vendor.id)
        self._as(self.manager, person | shop).user_id = self.colleague
        self.assertEqual(shop.user_id, self.colleague)

    def test_where_nobody_keeps_customers_apart(self):
        """A salesperson says nothing there, whoever has one."""
        self.company.jxc_pool_active = False
        self._as(self.manager, self.vendor).user_id = self.colleague
        self.assertEqual(self.vendor.user_id, self.colleague)
        self.company.jxc_customers_by_owner = True
        with self.assertRaisesRegex(UserError, "is a vendor"):
            self._as(self.manager, self.vendor).user_id = self.seller

    def test_vendors_that_buy_are_customers(self):
        vendor = self.vendor
        vendor.customer_rank = 1
        self._as(self.seller, vendor).action_jxc_claim()
        self.assertEqual(vendor.user_id, self.seller)
        self._order(self.priced, 0, 10)
        self._recompute()
        self._as(self.seller, self.priced).action_jxc_claim()
        self.assertEqual(self.priced.user_id, self.seller)

    def test_given_up_they_are_not_in_the_pool(self):
        """Nor on its screen what became one of them while it lay there."""
        owned = self.vendor | self.mate
        owned.user_id = self.seller
        self._as(self.manager, owned).action_jxc_release()
        self.assertFalse(owned.user_id)
        self.assertEqual(owned.mapped("jxc_pool_state"), [False, False])
        shop, later = self._shop(self.seller), self._shop(self.seller)
        self._as(self.seller, shop | later).action_jxc_release()
        later.write({"customer_rank": 0, "supplier_rank": 1})
        action = self.env.ref("jxc_crm_lite.jxc_pool_customer_action")
        self.env.flush_all()
        shown = self._as(self.colleague, self.env["res.partner"])
        shown = shown.search(literal_eval(action.domain))
        self.assertIn(shop, shown)
        self.assertNotIn(later, shown)
        partners = self._as(self.seller, self.others | shop)
        left = partners.search(
            [("jxc_may_be_owned", "=", False), ("id", "in", partners.ids)]
        )
        self.assertEqual(set(left.ids), set(self.others.ids))
        self.assertEqual(partners.filtered("jxc_may_be_owned").sudo(), shop)


@tagged("post_install", "-at_install")
class TestErased(PoolWaysRound):
    """Who is unknown is nobody's customer."""

    def _erase(self, shop):
        officer = self._user("officer", "jxc_crm_lite.group_privacy_officer")
        request = self._as(officer, self.env["jxc.privacy.request"])
        request.create({"partner_id": shop.id, "reason": "Letter"}).action_erase()
        self.env.flush_all()

    def test_erasing_ends_pool_and_steps(self):
        shop = self._shop(self.seller)
        self.env["jxc.pool.rule"].search([("company_id", "=", self.company.id)]).write(
            {"warn_days": 5}
        )
        self._run()
        step = self._as(self.seller, self.env["jxc.followup"])
        step = step.create({"partner_id": shop.id, "next_date": "2026-12-31"})
        step.sudo().activity_id = False
        self._erase(shop)
        self.assertFalse(shop.user_id)
        self.assertFalse(shop.jxc_pool_state)
        self.assertTrue(step.sudo().is_next_done)
        self.assertFalse(shop.activity_ids)
        self.assertEqual(self._run(400), NOTHING)
        log = self.env["jxc.pool.log"].search([("partner_id", "=", shop.id)], limit=1)
        self.assertEqual((log.kind, log.old_owner_id), ("release", self.seller))

    def test_erased_ones_leave_the_pool(self):
        shop = self._shop(self.seller)
        self._as(self.seller, shop).action_jxc_release()
        self._erase(shop)
        self.assertFalse(shop.jxc_pool_state)

    def test_those_of_former_times_are_left_out(self):
        """Erased when that did not yet take the owner away."""
        shop = self._shop(self.seller)
        self.env["jxc.privacy.log"].create(
            {"kind": "erase", "partner_id": shop.id, "user_id": self.env.uid}
        )
        self.env.flush_all()
        self.assertEqual(self._run(), NOTHING)
