# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import OrderApprovalCommon


@tagged("post_install", "-at_install")
class TestPurchaseFacts(OrderApprovalCommon):
    """New vendor, price increase, single source: what tiers are decided by."""

    def _bought(self, *lines, **values):
        order = self._purchase(*lines, **values)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        return order

    def test_new_vendor(self):
        order = self._purchase((self.tea, 1, 10))
        self.assertTrue(order.jxc_is_new_vendor)
        order.button_confirm()
        self.assertTrue(order.jxc_is_new_vendor, "the order is not its own history")
        contact = self.env["res.partner"].create(
            {"name": "Sales", "parent_id": self.vendor.id}
        )
        later = self._purchase((self.tea, 1, 10), partner_id=contact.id)
        self.assertFalse(later.jxc_is_new_vendor, "contacts are the same vendor")
        later.button_cancel()
        order.button_cancel()
        self.assertTrue(self._purchase((self.tea, 1, 10)).jxc_is_new_vendor)

    def test_new_vendor_by_company(self):
        self._bought((self.tea, 1, 10))
        other = self.env["res.company"].create({"name": "Other"})
        self.buyer.company_ids += other
        order = self._purchase((self.tea, 1, 10), company_id=other.id)
        self.assertTrue(order.jxc_is_new_vendor)

    def test_price_increase_is_per_base_unit(self):
        self._bought((self.tea, 1, 100, {"product_uom_id": self.tea_box.id}))
        order = self._purchase((self.tea, 5, 12))
        self.assertAlmostEqual(order.jxc_price_increase_percent, 20)
        cheaper = self._purchase((self.tea, 5, 9))
        self.assertEqual(cheaper.jxc_price_increase_percent, 0)

    def test_price_increase_is_after_discount(self):
        self._bought((self.tea, 10, 10, {"discount": 20}))
        order = self._purchase((self.tea, 10, 10))
        self.assertAlmostEqual(order.jxc_price_increase_percent, 25)

    def test_price_increase_is_in_company_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "JXF",
                "symbol": "F",
                "rate_ids": [
                    Command.create(
                        {
                            "name": "2020-01-01",
                            "rate": 2.0,
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
        self._bought((self.tea, 10, 10))
        order = self._purchase((self.tea, 10, 22), currency_id=currency.id)
        self.assertAlmostEqual(order.jxc_price_increase_percent, 10)

    def test_last_price_may_be_a_bill(self):
        order = self._bought((self.tea, 10, 10))
        order.sudo().order_line.product_id.purchase_method = "purchase"
        order.sudo().action_create_invoice()
        bill = order.sudo().invoice_ids
        bill.invoice_date = fields.Date.today()
        bill.invoice_line_ids.price_unit = 16
        bill.action_post()
        later = self._purchase((self.tea, 10, 20))
        self.assertAlmostEqual(later.jxc_price_increase_percent, 25)
        self.assertEqual(
            order.jxc_price_increase_percent, 0, "its own bill is no history"
        )

    def test_first_purchase_has_no_increase(self):
        order = self._purchase((self.tea, 10, 20))
        self.assertEqual(order.jxc_price_increase_percent, 0)

    def test_single_source(self):
        order = self._purchase((self.tea, 1, 10))
        self.assertTrue(order.jxc_is_single_source)
        quote = self._purchase((self.tea, 1, 11), partner_id=self.other_vendor.id)
        order.invalidate_recordset()
        self.assertFalse(order.jxc_is_single_source, "another vendor was asked")
        quote.button_cancel()
        order.invalidate_recordset()
        self.assertTrue(order.jxc_is_single_source)
        self.tea.seller_ids = [Command.create({"partner_id": self.other_vendor.id})]
        order.invalidate_recordset()
        self.assertFalse(order.jxc_is_single_source, "another vendor has a price")

    def test_facts_of_requests(self):
        line = {"vendor_id": self.vendor.id, "price_unit": 12}
        request = self._request((self.tea, 5, line))
        self.assertTrue(request.jxc_is_new_vendor)
        self.assertTrue(request.jxc_is_single_source)
        self._bought((self.tea, 1, 100, {"product_uom_id": self.tea_box.id}))
        request.invalidate_recordset()
        self.assertFalse(request.jxc_is_new_vendor)
        self.assertAlmostEqual(request.jxc_price_increase_percent, 20)

    def test_queries_do_not_grow(self):
        def count(number):
            orders = self.env["purchase.order"].union(
                *[self._purchase((self.tea, 1, 10), (self.wine, 1, 5))] * number
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            orders.sudo().mapped("jxc_is_single_source")
            return self.env.cr.sql_log_count - start

        count(1)
        self.assertEqual(count(1), count(8))


@tagged("post_install", "-at_install")
class TestApprovalPresets(OrderApprovalCommon):
    def _preset(self, name):
        return self.env.ref(f"jxc_purchase.tier_preset_{name}")

    def _activate(self, name, **values):
        preset = self._preset(name)
        preset.write(
            {
                "review_type": "individual",
                "reviewer_id": self.boss.id,
                "reviewer_group_id": False,
                **values,
            }
        )
        preset.action_jxc_activate()
        return preset

    def test_presets_are_inactive_and_complete(self):
        presets = (
            self.env["tier.definition"]
            .with_context(active_test=False)
            .search(
                [
                    ("jxc_preset", "!=", False),
                    (
                        "model",
                        "in",
                        [
                            "purchase.order",
                            "jxc.purchase.request",
                            "jxc.purchase.budget.transfer",
                        ],
                    ),
                ]
            )
        )
        self.assertFalse(any(presets.mapped("active")))
        facts = ("amount", "category", "new_vendor", "price", "single_source")
        orders = {f"order_{fact}" for fact in (*facts, "budget", "request_price")}
        requests = {f"request_{fact}" for fact in (*facts, "budget")}
        # A price is on no budget change.
        changes = {f"budget_change_{fact}" for fact in (*facts, "over")}
        changes -= {"budget_change_price"}
        self.assertEqual([len(orders), len(requests), len(changes)], [7, 6, 5])
        self.assertEqual(
            sorted(presets.mapped("jxc_preset")), sorted(orders | requests | changes)
        )
        for preset in presets:
            with self.subTest(preset=preset.name):
                document = self.env[preset.model]
                self.assertFalse(document.evaluate_tier(preset))

    def test_amount_in_company_currency(self):
        self._activate("order_amount", jxc_threshold=1000)
        self._asked((self.tea, 10, 100))
        order = self._purchase((self.tea, 10, 99.9))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_category_with_those_below(self):
        parent = self.env["product.category"].create({"name": "Hot drinks"})
        child = self.env["product.category"].create(
            {"name": "Tea", "parent_id": parent.id}
        )
        self.tea.categ_id = child
        preset = self._preset("order_category")
        with self.assertRaisesRegex(UserError, "categories"):
            preset.action_jxc_activate()
        self._activate("order_category", jxc_category_ids=[Command.set(parent.ids)])
        self._asked((self.tea, 1, 1))
        order = self._purchase((self.wine, 1, 1))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_exceptions(self):
        self._activate("order_new_vendor")
        self._approved((self.tea, 1, 10))
        self._preset("order_new_vendor").action_jxc_deactivate()
        self._activate("order_price", jxc_threshold=10)
        order = self._purchase((self.tea, 1, 10.9))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self._asked((self.tea, 1, 12.1))
        self._preset("order_price").action_jxc_deactivate()
        self._activate("order_single_source")
        self._asked((self.wine, 1, 1))

    def test_over_budget(self):
        self._activate("order_budget")
        budget = self.env["jxc.purchase.budget"].create(
            {
                "name": "Tea",
                "date_from": "2020-01-01",
                "date_to": "2049-12-31",
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": self.vendor.id,
                            "amount_planned": 100,
                            "control": "warn",
                        }
                    )
                ],
            }
        )
        budget.action_confirm()
        self._asked((self.tea, 1, 101))
        order = self._purchase((self.tea, 1, 99))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_notification_says_what_to_decide(self):
        self._activate("order_amount", jxc_threshold=1000)
        order = self._asked((self.tea, 10, 100))
        note = order.message_ids.filtered(
            lambda one: self.boss.partner_id in one.notified_partner_ids
        )
        for word in (order.name, "Vendor A", "1,000.00", "New vendor", self.buyer.name):
            self.assertIn(word, note.body)

    def test_requests(self):
        self._activate("request_amount", jxc_threshold=50)
        request = self._request((self.wine, 20))
        request.action_submit()
        self.assertEqual(request.review_ids.reviewer_ids, self.boss)
        small = self._request((self.wine, 2))
        small.action_submit()
        self.assertFalse(small.review_ids)
        # Reviewers need not be allowed to ask for anything themselves.
        action = request.with_user(self.boss).action_reject()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        wizards.with_user(self.boss).create({"reason": "Too dear"}).action_reject()
        self.assertEqual(request.state, "rejected")
        self.assertEqual(request.rejection_reason, "Too dear")

    def _assert_request_preset(self, name, caught, free, **values):
        """The preset asks the boss for one request and not for another."""
        preset = self._activate(name, **values)
        caught.action_submit()
        self.assertEqual(caught.review_ids.definition_id, preset)
        self.assertEqual(caught.review_ids.reviewer_ids, self.boss)
        free.action_submit()
        self.assertFalse(free.review_ids)

    def test_requests_of_a_category(self):
        parent = self.env["product.category"].create({"name": "Hot drinks"})
        self.tea.categ_id = self.env["product.category"].create(
            {"name": "Tea", "parent_id": parent.id}
        )
        self._assert_request_preset(
            "request_category",
            self._request((self.tea, 1)),
            self._request((self.wine, 1)),
            jxc_category_ids=[Command.set(parent.ids)],
        )

    def test_requests_for_a_new_vendor(self):
        self._purchase((self.tea, 1, 10)).button_confirm()
        self._assert_request_preset(
            "request_new_vendor",
            self._request((self.tea, 1, {"vendor_id": self.other_vendor.id})),
            self._request((self.tea, 1, {"vendor_id": self.vendor.id})),
        )

    def test_another_vendor_after_the_approval(self):
        """An approval holds for the vendor, as far as a preset asks for him."""
        self._purchase((self.tea, 1, 10)).button_confirm()
        self.wine.seller_ids = [
            Command.create({"partner_id": one.id, "price": 5})
            for one in self.vendor | self.other_vendor
        ]
        preset = self._activate("request_new_vendor")
        request = self._request((self.tea, 1, {"vendor_id": self.vendor.id}))
        request.action_submit()
        request.with_user(self.approver).action_approve()
        line = request.line_ids.with_user(self.buyer)
        line.vendor_id = False
        self.assertEqual(request.state, "approved", "nothing new is asked")
        line.vendor_id = self.other_vendor
        self.assertEqual(request.state, "submitted")
        self.assertEqual(request.review_ids.definition_id, preset)
        self.assertIn(preset.name, request.message_ids[0].body)
        with self.assertRaises(UserError):
            self._order(request.line_ids)
        request.with_user(self.boss).action_approve()
        self.assertEqual(request.state, "approved")
        line.vendor_id = self.vendor
        self.assertEqual(request.state, "approved", "that vendor is known")
        # What is ordered cannot be approved again: the order is judged itself.
        self._order(request.line_ids)
        with self.assertRaises(UserError):
            line.vendor_id = self.other_vendor

    def test_requests_above_the_last_price(self):
        self._purchase((self.tea, 1, 10)).button_confirm()
        vendor = {"vendor_id": self.vendor.id}
        self._assert_request_preset(
            "request_price",
            self._request((self.tea, 1, {"price_unit": 11.0, **vendor})),
            self._request((self.tea, 1, {"price_unit": 10.9, **vendor})),
            jxc_threshold=10,
        )

    def test_requests_from_a_single_source(self):
        vendor = {"vendor_id": self.vendor.id}
        self.wine.seller_ids = [
            Command.create({"partner_id": one.id, "price": 5})
            for one in self.vendor | self.other_vendor
        ]
        self._assert_request_preset(
            "request_single_source",
            self._request((self.tea, 1, vendor)),
            self._request((self.wine, 1, vendor)),
        )

    def test_delegate_decides_on_requests(self):
        """Who decides in somebody's place reads what he decides on, and no more."""
        self._activate("request_amount", jxc_threshold=50)
        today = fields.Date.today()
        delegate = self.colleague
        other = self._request((self.wine, 2))
        request = self._request((self.wine, 20))
        request.action_submit()
        for one in (request, request.line_ids):
            with self.assertRaises(AccessError):
                one.with_user(delegate).read(["name"])
        delegation = (
            self.env["jxc.approval.delegation"]
            .with_user(self.boss)
            .create(
                {
                    "delegate_id": delegate.id,
                    "date_from": today - timedelta(days=9),
                    "date_to": today - timedelta(days=3),
                }
            )
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            request.with_user(delegate).read(["name"])
        delegation.date_to = today + timedelta(days=1)
        self.env.invalidate_all()
        self.assertTrue(request.with_user(delegate).line_ids.product_id)
        with self.assertRaises(AccessError):
            other.with_user(delegate).read(["name"])
        request.with_user(delegate).action_approve()
        self.assertEqual(request.state, "approved")
        self.assertEqual(request.review_ids.jxc_on_behalf_of_id, self.boss)

    def test_group_reviewers_count_implied_members(self):
        preset = self._preset("order_amount")
        preset.write(
            {
                "reviewer_group_id": self.env.ref(
                    "jxc_purchase.group_request_approver"
                ).id,
                "jxc_threshold": 1,
            }
        )
        preset.action_jxc_activate()
        order = self._asked((self.tea, 1, 10))
        self.assertIn(self.manager, order.review_ids.reviewer_ids)
        self.assertIn(self.approver, order.review_ids.reviewer_ids)

    def test_only_administrators_change_presets(self):
        preset = self._preset("order_amount").with_user(self.manager)
        with self.assertRaises(AccessError):
            preset.action_jxc_activate()
        with self.assertRaises(AccessError):
            preset.jxc_threshold = 5
        with self.assertRaises(ValidationError):
            preset.sudo().jxc_threshold = -5

    def test_threshold_writes_the_domain(self):
        preset = self._preset("order_amount")
        preset.jxc_threshold = 12345.5
        self.assertEqual(
            preset.definition_domain, "[('amount_total_cc', '>=', 12345.5)]"
        )
