# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditAccount(CreditCommon):
    def test_one_account_each(self):
        Account = self.env["jxc.credit.account"]
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            Account.create({"partner_id": self.customer.id})
            self.env.flush_all()

    def test_member_of_one_account(self):
        with self.assertRaises(ValidationError):
            self.env["jxc.credit.account"].create(
                {"partner_id": self.partner_a.id, "member_ids": self.customer.ids}
            )
        self.account.member_ids = self.partner_a
        with self.assertRaises(ValidationError):
            self.env["jxc.credit.account"].create({"partner_id": self.partner_a.id})

    def test_contacts_have_no_account(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        with self.assertRaisesRegex(ValidationError, "Bright Trading"):
            self.env["jxc.credit.account"].create({"partner_id": contact.id})

    def test_customer_with_account_stays_commercial(self):
        with self.assertRaisesRegex(ValidationError, "credit account"):
            self.customer.write({"parent_id": self.partner_a.id, "is_company": False})
        with self.assertRaises(AccessError):
            self.customer.write({"commercial_partner_id": self.partner_a.id})

    def test_negative_limit(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.account.credit_limit = -1
            self.env.flush_all()

    def test_raise_ends(self):
        with freeze_time("2026-03-01 12:00:00"):
            raised = self.env["jxc.credit.override"].create(
                {
                    "account_id": self.account.id,
                    "amount": 200,
                    "until": "2026-03-05",
                    "reason": "Fair",
                }
            )
            self.assertEqual(raised.state, "valid")
            with self.assertRaises(UserError):
                raised.copy({"until": "2026-02-01"})
        order = self._create_order(12)
        # The last day ends at midnight in China, whatever the client's time zone.
        with freeze_time("2026-03-05 16:30:00"):
            self.env.invalidate_all()
            self.assertEqual(raised.state, "expired")
            with self.assertRaises(UserError):
                order.with_context(tz="America/Los_Angeles").action_confirm()
            order.invalidate_recordset()
        with freeze_time("2026-03-05 15:30:00"):
            order.action_confirm()

    def test_customer_button(self):
        self._create_order(3).action_confirm()
        customer = self.customer.with_company(self.company)
        self.assertEqual(customer.jxc_credit_account_id, self.account)
        self.assertEqual(customer.jxc_credit_available, 700)
        action = customer.action_jxc_view_credit_account()
        self.assertEqual(action["res_id"], self.account.id)
        orders = self.account.with_context(part="ordered").action_view_orders()
        found = self.env["sale.order"].search(orders["domain"])
        self.assertEqual(sum(found.mapped("jxc_credit_ordered")), 300)

    def test_tier_brings_price_list(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "product.group_product_pricelist"
        )
        pricelist = self.env["product.pricelist"].create({"name": "Gold"})
        tier = self.env["jxc.customer.tier"].create(
            {"name": "Gold", "pricelist_id": pricelist.id}
        )
        self.customer.jxc_tier_id = tier
        self.assertEqual(self.customer.property_product_pricelist, pricelist)
        self.assertEqual(tier.partner_count, 1)
