# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditPayer(CreditCommon):
    """No order takes its customer's limit to somebody who has none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_credit_no_account = "allow"
        cls.account.write({"order_action": "block", "delivery_action": "block"})
        cls.seller = cls._create_user("jxc_own", "sales_team.group_sale_salesman")
        cls.dummy = (
            cls.env["res.partner"]
            .with_user(cls.seller)
            .create({"name": "Dummy", "is_company": True})
            .with_env(cls.env)
        )

    def _quotation(self, quantity=10, **values):
        return self._create_order(quantity, user_id=self.seller.id, **values)

    def _confirmed(self, quantity=10, **values):
        order = self._quotation(quantity, **values).with_user(self.seller)
        order.action_confirm()
        return order

    # -- goods that left ----------------------------------------------------------

    def _assert_stays(self, order, text="Bright Trading", **values):
        for user in (self.seller, self.env.user):
            with self.assertRaisesRegex(UserError, text):
                order.with_user(user).write(values)
            order.invalidate_recordset()
            self.assertEqual(order.partner_id, self.customer)
            self.assertEqual(order.jxc_credit_partner_id, self.customer)

    def test_delivered_order_stays_with_its_customer(self):
        order = self._confirmed()
        self._deliver(order.with_env(self.env), 4)
        for name in ("partner_id", "partner_invoice_id"):
            self._assert_stays(
                order, "Lamp: 4 Units delivered", **{name: self.dummy.id}
            )
        self._assert_stays(order.with_user(self.env.user).sudo(), partner_id=self.dummy)
        self.assertEqual(self._exposure(), 1000)

    def test_also_when_it_was_cancelled(self):
        order = self._confirmed().with_env(self.env)
        self._deliver(order, 4)
        order.action_cancel()
        self._assert_stays(order, partner_id=self.dummy.id)
        order.action_draft()
        self._assert_stays(order, partner_invoice_id=self.dummy.id)

    def test_invoiced_order_stays_with_its_customer(self):
        self.product.invoice_policy = "order"
        order = self._confirmed().with_env(self.env)
        order._create_invoices()
        self._assert_stays(order, "10 invoiced", partner_id=self.dummy.id)

    def test_returned_goods_bind_nobody(self):
        order = self._confirmed().with_env(self.env)
        self._deliver(order)
        self._return(order, 10)
        order.partner_id = self.dummy
        self.assertEqual(order.jxc_credit_partner_id, self.dummy)

    def test_contacts_of_the_customer_are_the_customer(self):
        order = self._confirmed()
        self._deliver(order.with_env(self.env))
        office = self.env["res.partner"].create(
            {"name": "Office", "parent_id": self.customer.id}
        )
        order.write({"partner_id": office.id, "partner_invoice_id": office.id})
        self.assertEqual(self._exposure(), 1000)

    def test_delivered_line_goes_to_no_other_order(self):
        order = self._confirmed()
        self._deliver(order.with_env(self.env))
        other = self._quotation(1, partner_id=self.dummy.id)
        with self.assertRaisesRegex(UserError, "stays with Bright Trading"):
            order.order_line.write({"order_id": other.id})
        self.assertEqual(self._exposure(), 1000)

    # -- who is billed ------------------------------------------------------------

    def test_payer_without_account(self):
        order = self._quotation(20, partner_invoice_id=self.dummy.id)
        own = order.with_user(self.seller)
        for confirm in (own.action_confirm, own.sudo().action_confirm):
            with self.assertRaisesRegex(UserError, "Dummy, who has none"):
                confirm()
            self.assertEqual(order.state, "draft")
        own.partner_invoice_id = self.customer
        with self.assertRaisesRegex(UserError, "limit"):
            own.action_confirm()

    def test_payer_changes_on_a_confirmed_order(self):
        order = self._confirmed()
        with self.assertRaisesRegex(UserError, "Dummy, who has none"):
            order.partner_invoice_id = self.dummy
        order.invalidate_recordset()
        self.assertEqual(self._exposure(), 1000)
        # The other way round: what the stranger bought becomes the customer's order.
        order = self._confirmed(20, partner_id=self.dummy.id)
        with self.assertRaisesRegex(UserError, "Dummy, who has none"):
            order.write(
                {
                    "partner_id": self.customer.id,
                    "partner_invoice_id": self.dummy.id,
                }
            )

    def test_new_accounts_do_not_help(self):
        """With an account opened on the way, the order would have a second limit."""
        self.company.jxc_credit_no_account = "default"
        self.company.jxc_credit_default_limit = 5000
        own = self._quotation(20, partner_invoice_id=self.dummy.id)
        with self.assertRaisesRegex(UserError, "Dummy, who has none"):
            own.with_user(self.seller).action_confirm()

    def test_credit_managers_let_it_pass(self):
        order = self._quotation(20, partner_invoice_id=self.dummy.id)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        # That was for what was ordered then.
        with self.assertRaisesRegex(UserError, "Dummy, who has none"):
            order.with_user(self.seller).order_line.product_uom_qty = 500
        order = self._quotation(20, partner_invoice_id=self.dummy.id)
        order.action_jxc_credit_release(reason="Known")
        order.with_user(self.seller).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_approval_of_others_lets_nothing_pass(self):
        """What tiers let through, the system confirms: nobody with the right agreed."""
        boss = self._create_user("jxc_boss_only", "sales_team.group_sale_manager")
        keeper = self._create_user(
            "jxc_keeper",
            "sales_team.group_sale_manager,jxc_base.group_credit_manager",
        )
        preset = self.env.ref("jxc_sales.tier_preset_sale_amount")
        preset.reviewer_group_id = self.env.ref("sales_team.group_sale_manager")
        preset.jxc_threshold = 1500
        preset.action_jxc_activate()
        for reviewer, state in ((boss, "draft"), (keeper, "sale")):
            order = self._quotation(20, partner_invoice_id=self.dummy.id)
            order.with_user(self.seller).action_confirm()
            order.with_user(reviewer).validate_tier()
            order.invalidate_recordset()
            self.assertEqual(order.state, state, reviewer.name)
            said = "Dummy, who has none" in "".join(order.message_ids.mapped("body"))
            self.assertEqual(said, state == "draft")

    def test_shared_and_own_accounts_are_judged_by_their_limits(self):
        self.account.member_ids = self.dummy
        order = self._confirmed(10, partner_invoice_id=self.dummy.id)
        self.assertEqual(self._exposure(), 1000)
        order.with_env(self.env).action_cancel()
        self.account.member_ids = False
        account = self.env["jxc.credit.account"].create(
            {"partner_id": self.dummy.id, "credit_limit": 500}
        )
        own = self._quotation(10, partner_invoice_id=self.dummy.id)
        with self.assertRaisesRegex(UserError, "limit"):
            own.with_user(self.seller).action_confirm()
        self._confirmed(5, partner_invoice_id=self.dummy.id)
        self.assertEqual(self._exposure(account), 500)

    def test_customers_without_account_bill_whom_they_like(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        order = self._confirmed(
            20, partner_id=stranger.id, partner_invoice_id=self.dummy.id
        )
        self.assertEqual(order.state, "sale")

    def test_one_of_several(self):
        """The others are confirmed."""
        good = self._quotation(5)
        bad = self._quotation(5, partner_invoice_id=self.dummy.id)
        (good | bad).with_user(self.seller).action_confirm()
        self.assertEqual((good.state, bad.state), ("sale", "draft"))
        text = "".join(bad.message_ids.mapped("body"))
        self.assertIn("Dummy, who has none", text)

    def test_order_that_is_paid_first(self):
        order = self._quotation(
            2,
            partner_invoice_id=self.dummy.id,
            jxc_sale_mode="retail",
            payment_term_id=False,
        )
        self.company.jxc_credit_exempt_prepaid = True
        order.with_user(self.seller).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_several_lines_are_named(self):
        order = self._quotation(1)
        order.order_line = [
            Command.create({"product_id": self.product.id, "product_uom_qty": 1})
        ] * 6
        order.action_confirm()
        self._deliver(order)
        self._assert_stays(order, "…", partner_id=self.dummy.id)
