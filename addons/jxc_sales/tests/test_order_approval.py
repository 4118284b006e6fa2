# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .price_common import PriceCommon

BOSS = "sales_team.group_sale_manager"
SIGNATURE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    b"AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestOrderApproval(PriceCommon):
    """Only exceptions go to a person, the rest confirms at once."""

    def _approve(self, order, user=None):
        reviewer = user or self.manager
        self.assertTrue(order.with_user(reviewer).can_review)
        order.with_user(reviewer).validate_tier()
        order.invalidate_recordset()

    def test_presets_are_inactive_and_complete(self):
        presets = (
            self.env["tier.definition"]
            .with_context(active_test=False)
            .search([("model", "=", "sale.order"), ("jxc_preset", "!=", False)])
        )
        self.assertEqual(len(presets), 7)
        order = self._order(1, 100)
        for preset in presets:
            with self.subTest(preset=preset.name):
                self.assertFalse(order.sudo().evaluate_tier(preset))

    def test_only_exceptions_wait(self):
        self._activate("sale_amount", BOSS, 1000)
        small, large = self._order(1, 100), self._order(20, 100)
        action = (small + large).action_confirm()
        self.assertEqual(small.state, "sale")
        self.assertEqual(large.state, "draft")
        self.assertTrue(large.review_ids)
        self.assertIn(large.name, action["params"]["message"])
        self._approve(large)
        self.assertEqual(large.state, "sale", "confirmed by the last approval")
        self.assertTrue(large.picking_ids)

    def test_value_is_in_company_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": 0.1,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": dollar.id}
        )
        order = self._order(2, 100, pricelist_id=pricelist.id)
        self.assertEqual(order.jxc_value, 2000)

    def test_discount_against_the_price_list(self):
        self._activate("sale_discount", BOSS, 10)
        order = self._order(1, 100)
        order.order_line.discount = 5
        self.assertAlmostEqual(order.jxc_discount_percent, 5)
        order.order_line.price_unit = 90
        self.assertAlmostEqual(order.jxc_discount_percent, 14.5)
        order.action_confirm()
        self.assertEqual(order.state, "draft")
        # The price list's own discount is none.
        gold = self.env["product.pricelist"].create(
            {
                "name": "Gold",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 20,
                            "applied_on": "3_global",
                        }
                    )
                ],
            }
        )
        listed = self._order(1, 80, pricelist_id=gold.id)
        self.assertAlmostEqual(listed.jxc_discount_percent, 0)
        listed.action_confirm()
        self.assertEqual(listed.state, "sale")

    def test_margin(self):
        self._activate("sale_margin", BOSS, 20)
        self.product.standard_price = 90
        order = self._order(1, 100)
        order.action_confirm()
        self.assertEqual(order.state, "draft")
        # Who asks for it does not decide, be he somebody who may.
        self.salesman.group_ids += self.env.ref(BOSS)
        self.assertFalse(order.can_review)
        with self.assertRaises(UserError):
            order.validate_tier()
        self.assertEqual(order.state, "draft")
        self._approve(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.sudo().review_ids.done_by, self.manager)
        self.assertTrue(order.picking_ids)
        # One that has its margin asks nobody.
        good = self._order(1, 150)
        good.action_confirm()
        self.assertEqual(good.state, "sale")
        self.assertFalse(good.sudo().review_ids)

    def test_below_the_lowest_price(self):
        self._set_action("approval")
        preset = self.env.ref("jxc_sales.tier_preset_sale_price")
        self.assertTrue(preset.active, "somebody has to decide")
        order = self._order(1, 79)
        order.action_confirm()
        self.assertEqual(order.state, "draft")
        self._approve(order)
        self.assertEqual(order.state, "sale")
        kept = self.env["jxc.price.exception"].search([("order_id", "=", order.id)])
        self.assertEqual(kept.approver_ids, self.manager)
        preset.action_jxc_deactivate()
        other = self._order(1, 79)
        with self.assertRaisesRegex(UserError, "no tier"):
            other.action_confirm()

    def test_over_credit(self):
        self._activate("sale_credit", "jxc_base.group_credit_manager")
        self.account.write({"unlimited": False, "order_action": "hold"})
        keeper = self._create_user(
            "jxc_keeper", f"{BOSS},jxc_base.group_credit_manager"
        )
        order = self._order(20, 100)
        order.action_confirm()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.validation_status, "pending")
        self._approve(order, keeper)
        self.assertEqual(order.state, "sale", "the approval releases it")
        release = order.sudo().jxc_credit_release_ids
        self.assertEqual(release.user_id, keeper)
        self.account.invalidate_recordset()
        small = self._order(1, 100)
        small.action_confirm()
        self.assertEqual(small.validation_status, "pending", "nothing is left")

    def test_cheaper_price_list_is_a_discount(self):
        """Who sells chooses the list of an order: the customer's own one counts."""
        self.env.ref("base.group_user")._apply_group(
            self.env.ref("product.group_product_pricelist")
        )
        own, cheap = self.env["product.pricelist"].create(
            [
                {"name": name, "item_ids": [Command.create({"fixed_price": price})]}
                for name, price in (("Own", 100), ("Cheap", 60))
            ]
        )
        self.customer.specific_property_product_pricelist = own
        self._activate("sale_discount", BOSS, 20)
        order = self._order(1, 60, pricelist_id=cheap.id)
        self.assertEqual(order.jxc_discount_percent, 40)
        order.action_confirm()
        self.assertEqual((order.state, order.validation_status), ("draft", "pending"))
        self.customer.specific_property_product_pricelist = cheap
        order = self._order(1, 60, pricelist_id=cheap.id)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        order = self._order(1, 60, pricelist_id=own.id)
        self.assertEqual(order.jxc_discount_percent, 40, "the order's list as well")

    def test_approval_before_the_customer_agreed(self):
        self._activate("sale_amount", BOSS, 1000)
        order = self._order(20, 100)
        order.request_validation()
        self._approve(order)
        self.assertEqual(order.state, "draft", "approved, not confirmed")
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_nobody_decides_for_himself(self):
        self._activate("sale_amount", BOSS, 1000)
        order = self._order(20, 100, user=self.manager)
        order.sudo().user_id = self.manager
        order.action_confirm()
        with self.assertRaises(AccessError):
            order.validate_tier()
        with self.assertRaises(AccessError):
            order.with_user(self.salesman).validate_tier()
        self._approve(order, self.seer)
        self.assertEqual(order.state, "sale")

    def test_no_way_past(self):
        self._activate("sale_amount", BOSS, 1000)
        order = self._order(20, 100)
        with self.assertRaises(UserError):
            order.write({"state": "sale"})
        with self.assertRaises(UserError):
            order.write({"jxc_confirm_on_approval": True})
        with self.assertRaises(AccessError):
            order.write({"validation_status": "validated"})
        order.with_context(
            skip_validation_check=True, skip_check_state_condition=True
        ).action_confirm()
        self.assertEqual(order.state, "draft")
        order._validate_order()
        self.assertEqual(order.state, "draft")
        with self.assertRaisesRegex(UserError, "being decided"):
            order.order_line.price_unit = 10
        with self.assertRaises(ValidationError):
            order.write({"payment_term_id": False, "note": "cheaper"})
        with self.assertRaises(AccessError):
            self.env["tier.review"].with_user(self.salesman).create(
                {"model": "sale.order", "res_id": order.id, "status": "approved"}
            )
        with self.assertRaises(UserError):
            order._jxc_confirm_all()

    def test_rejected(self):
        self._activate("sale_amount", BOSS, 1000)
        order = self._order(20, 100)
        order.action_confirm()
        order.with_user(self.manager).reject_tier()
        order.invalidate_recordset()
        self.assertFalse(order.jxc_confirm_on_approval)
        with self.assertRaisesRegex(UserError, "rejected"):
            order.action_confirm()
        order.restart_validation()
        order.order_line.product_uom_qty = 5
        order.action_confirm()
        self.assertEqual(order.state, "sale", "below the amount: no exception any more")

    def test_widened_after_approval(self):
        self._activate("sale_amount", BOSS, 1000)
        order = self._order(20, 100)
        order.action_confirm()
        self._approve(order)
        picking = order.picking_ids
        order.order_line.price_unit = 90
        self.assertEqual(order.state, "draft", "cheaper: approved again")
        self.assertEqual(picking.state, "cancel")
        self.assertEqual(order.validation_status, "pending")
        self._approve(order)
        self.assertEqual(order.state, "sale")
        order.order_line.price_unit = 95
        self.assertEqual(order.state, "sale", "dearer is no exception")
        order.order_line.product_uom_qty = 21
        self.assertEqual(order.state, "draft", "more of it: approved again")

    def test_widened_after_goods_left(self):
        self._activate("sale_amount", BOSS, 1000)
        order = self._order(20, 100)
        order.action_confirm()
        self._approve(order)
        self._deliver(order.sudo(), 5)
        with self.assertRaisesRegex(UserError, "have left"):
            order.order_line.product_uom_qty = 30

    def test_small_order_that_grows_into_a_tier(self):
        self._activate("sale_amount", BOSS, 1000)
        order = self._order(1, 100)
        order.action_confirm()
        order.order_line.product_uom_qty = 9
        self.assertEqual(order.state, "sale")
        order.order_line.product_uom_qty = 10
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.validation_status, "pending")

    # -- customers ----------------------------------------------------------------

    def _sign(self, order):
        """What the portal does when the customer signs."""
        public = self.env.ref("base.public_user")
        order = order.with_user(public).sudo()
        order.write({"signed_by": "Wang", "signature": SIGNATURE})
        order._validate_order()

    def test_signature(self):
        self._activate("sale_amount", BOSS, 1000)
        order = self._order(20, 100)
        order.action_quotation_sent()
        self._sign(order)
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.signature)
        self.assertEqual(order.review_ids.requested_by, self.salesman)
        told = order.message_ids.filtered(
            lambda message: self.salesman.partner_id in message.partner_ids
        )
        self.assertTrue(told)
        self.assertTrue(all(told.subtype_id.mapped("internal")), "not for the customer")
        self._approve(order)
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.signature, "the signature stays")

    def test_signature_that_nobody_can_approve(self):
        preset = self._activate("sale_amount", BOSS, 1000)
        preset.write({"review_type": "individual", "reviewer_id": self.salesman.id})
        order = self._order(20, 100)
        order.action_quotation_sent()
        self._sign(order)
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.signature)

    def test_signature_below_the_lowest_price(self):
        self._set_action("block")
        order = self._order(1, 79)
        order.action_quotation_sent()
        self._sign(order)
        self.assertEqual(order.state, "sent", "no error for the customer")
        self.assertTrue(order.signature)

    def test_payment(self):
        self._activate("sale_amount", BOSS, 1000)
        order = self._order(20, 100)
        order.action_quotation_sent()
        provider = (
            self.env["payment.provider"]
            .sudo()
            .create(
                {
                    "name": "Bank",
                    "code": "none",
                    "state": "test",
                    "company_id": self.company.id,
                }
            )
        )
        method = (
            self.env["payment.method"]
            .sudo()
            .create({"name": "Card", "code": "jxc_card", "provider_ids": [provider.id]})
        )
        transaction = (
            self.env["payment.transaction"]
            .with_user(SUPERUSER_ID)
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "amount": 2000,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "reference": "JXC-1",
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": "done",
                }
            )
        )
        transaction._check_amount_and_confirm_order()
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.validation_status, "pending")
        self._approve(order)
        self.assertEqual(order.state, "sale")

    def test_tiers_of_another_company_do_not_count(self):
        preset = self._activate("sale_amount", BOSS, 1000)
        preset.company_id = self.setup_other_company()["company"]
        order = self._order(20, 100)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_portal_users_read_no_reviews(self):
        self._activate("sale_amount", BOSS, 1000)
        order = self._order(20, 100)
        order.action_confirm()
        portal = new_test_user(self.env, "jxc_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            order.sudo().review_ids.with_user(portal).read(["status"])
