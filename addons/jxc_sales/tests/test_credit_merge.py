# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditMerge(CreditCommon):
    def setUp(self):
        super().setUp()
        self.twin = self.env["res.partner"].create(
            {"name": "Bright Trading too", "is_company": True}
        )
        self.merging = self.env["base.partner.merge.automatic.wizard"]

    def test_debts_of_the_merged_contact_count(self):
        self._create_order(5).action_confirm()
        self._create_order(8, partner_id=self.twin.id).action_confirm()
        with self.assertRaisesRegex(UserError, "Bright Trading"):
            self.merging._merge((self.customer | self.twin).ids, self.customer)
        self.account.credit_limit = 1300
        self.merging._merge((self.customer | self.twin).ids, self.customer)
        self.assertEqual(self.account.exposure, 1300)
        with self.assertRaises(UserError):
            self._create_order(1).action_confirm()

    def test_an_account_moves_with_what_it_counts(self):
        order = self._create_order(8)
        order.action_confirm()
        self.merging._merge((self.customer | self.twin).ids, self.twin)
        self.assertEqual(self.account.partner_id, self.twin)
        self.assertEqual(order.jxc_credit_partner_id, self.twin)
        self.assertEqual(self.account.exposure, 800)
        with self.assertRaises(UserError):
            self._create_order(3, partner_id=self.twin.id).action_confirm()

    def test_two_that_shared_a_limit_become_one(self):
        self.account.member_ids = self.twin
        self._create_order(8, partner_id=self.twin.id).action_confirm()
        self.merging._merge((self.customer | self.twin).ids, self.customer)
        self.assertFalse(self.account.member_ids)
        self.assertEqual(self.account.exposure, 800)
