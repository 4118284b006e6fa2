# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetRequests(PurchaseBudgetCommon):
    """Requests hold their budget from the submission until it is ordered (预占)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 1000.0},
            {"category_id": cls.office.id, "amount_planned": 100.0},
        )
        cls.food_line, cls.office_line = cls.budget.line_ids.sorted("id")

    def test_submission_reserves_by_line(self):
        request = self._create_request((self.bread, 10, 50.0), (self.paper, 1, 100.0))
        self.assertAmounts(self.food_line)
        request.action_submit()
        self.assertAmounts(self.food_line, reserved=500.0)
        self.assertAmounts(self.office_line, reserved=100.0)
        request.with_user(self._second_manager()).action_approve()
        self.assertAmounts(self.food_line, reserved=500.0)

    def test_a_request_that_another_one_joins_holds_nothing_until_it_is_submitted(self):
        """The approval of the first is void, so is what it held; then the sum is."""
        first = self._approve(self._create_request((self.bread, 10, 50.0)))
        second = self._create_request((self.bread, 4, 50.0))
        self.assertAmounts(self.food_line, reserved=500.0)
        second._jxc_merge_with(first)
        self.assertAmounts(self.food_line)
        first.action_submit()
        self.assertAmounts(self.food_line, reserved=700.0)

    def test_refused_submission_names_everything(self):
        self._create_order((self.bread, 1, 700.0)).button_confirm()
        request = self._create_request((self.bread, 1, 400.0))
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            request.action_submit()
        message = str(caught.exception)
        parts = ("Food", "1,000.00", "700.00", "400.00", "100.00", "override")
        for part in (request.name, *parts, "transfer"):
            self.assertIn(part, message)
        request.invalidate_recordset()
        self.assertEqual(request.decision, "draft")
        self.assertAmounts(self.food_line, committed=700.0)

    def test_every_refusal_names_the_ways_out(self):
        """Of a request, an order and a bill alike: transfer, override, whom to ask."""
        owner = self.budget.user_id.name
        order = self._create_order((self.bread, 1, 1100.0))
        request = self._create_request((self.bread, 1, 1100.0))
        bill = self._create_bill(order)
        bill.invoice_line_ids.purchase_line_id = False
        for act in (request.action_submit, order.button_confirm, bill.action_post):
            with self.assertRaises(UserError) as caught, self.cr.savepoint():
                act()
            message = str(caught.exception)
            ways = ("transfer", "addition", "override", "ask the budget owner", owner)
            figures = ("Food", "1,000.00", "1,100.00", "100.00")
            for part in (*ways, *figures):
                self.assertIn(part, message)
            self.env.invalidate_all()

    def test_preset_for_what_is_over_budget(self):
        """A request that a warning lets through goes to a person, others do not."""
        preset = self.env.ref("jxc_purchase.tier_preset_request_budget")
        preset.write(
            {
                "review_type": "individual",
                "reviewer_id": self._second_manager().id,
                "reviewer_group_id": False,
            }
        )
        preset.action_jxc_activate()
        self._loosen(self.food_line, control="warn")
        within = self._create_request((self.bread, 1, 900.0))
        within.action_submit()
        over = self._create_request((self.bread, 1, 200.0))
        over.action_submit()
        self.assertFalse(within.review_ids)
        self.assertEqual(over.review_ids.definition_id, preset)

    def test_reservation_stops_others(self):
        self._create_request((self.bread, 1, 700.0)).action_submit()
        with self.assertRaises(UserError):
            self._create_order((self.bread, 1, 301.0)).button_confirm()
        self._create_order((self.bread, 1, 300.0)).button_confirm()
        self.assertAmounts(self.food_line, committed=300.0, reserved=700.0)

    def test_order_for_more_counts_once(self):
        """PR 100 → PO 120 counts 120."""
        request = self._approve(self._create_request((self.bread, 10, 10.0)))
        order = self._order_request(request)
        self.assertAmounts(self.food_line, reserved=100.0)
        order.order_line.price_unit = 12.0
        order.button_confirm()
        self.assertAmounts(self.food_line, committed=120.0)
        order.button_cancel()
        self.assertAmounts(self.food_line, reserved=100.0)

    def test_request_makes_room_for_its_order(self):
        request = self._approve(self._create_request((self.bread, 10, 100.0)))
        order = self._order_request(request)
        self.assertEqual(order.jxc_budget_state, "warning")
        order.button_confirm()
        self.assertAmounts(self.food_line, committed=1000.0)

    def test_part_orders(self):
        request = self._approve(self._create_request((self.bread, 10, 10.0)))
        line = request.line_ids
        first = self._order_request(request, {line: 4})
        first.order_line.price_unit = 20.0
        first.button_confirm()
        self.assertAmounts(self.food_line, committed=80.0, reserved=60.0)
        second = self._order_request(request, {line: 6})
        second.button_confirm()
        self.assertAmounts(
            self.food_line, committed=80.0 + second.amount_untaxed, reserved=0.0
        )
        first.order_line.product_qty = 1
        self.assertAmounts(
            self.food_line,
            committed=first.amount_untaxed + second.amount_untaxed,
            reserved=30.0,
        )

    def test_what_gives_back(self):
        def submitted():
            request = self._create_request((self.bread, 10, 10.0))
            request.action_submit()
            self.assertAmounts(self.food_line, reserved=100.0)
            return request

        other = self._second_manager()
        submitted().with_user(other).action_reject("no")
        self.assertAmounts(self.food_line)
        submitted().action_cancel()
        self.assertAmounts(self.food_line)
        request = submitted()
        request.action_draft()
        self.assertAmounts(self.food_line)
        request.line_ids.price_unit = 20.0
        self._approve(request)
        self.assertAmounts(self.food_line, reserved=200.0)
        order = self._order_request(request, {request.line_ids: 3})
        request.action_close()
        self.assertAmounts(self.food_line, reserved=60.0)
        order.button_confirm()
        self.assertAmounts(self.food_line, committed=order.amount_untaxed)

    def test_reopened_request_asks_again(self):
        request = self._approve(self._create_request((self.bread, 10, 100.0)))
        request.action_close()
        self._create_order((self.bread, 1, 1.0)).button_confirm()
        with self.assertRaises(UserError), self.cr.savepoint():
            request.line_ids.action_reopen()
        request.line_ids.invalidate_recordset()
        self.assertAmounts(self.food_line, committed=1.0)

    def test_cancelling_an_order_is_never_refused(self):
        """What its request asks again is held only while the budget has it."""
        request = self._approve(self._create_request((self.bread, 10, 100.0)))
        order = self._order_request(request)
        order.order_line.price_unit = 50.0
        order.button_confirm()
        self._create_order((self.bread, 1, 300.0)).button_confirm()
        order.button_cancel()
        self.assertTrue(request.line_ids.is_unreserved)
        self.assertAmounts(self.food_line, committed=300.0)
        self.assertIn("not held", " ".join(request.message_ids.mapped("body")))
        again = self._order_request(request)
        again.order_line.price_unit = 100.0
        with self.assertRaises(UserError), self.cr.savepoint():
            again.button_confirm()
        again.invalidate_recordset()
        again.order_line.price_unit = 70.0
        again.button_confirm()
        self.assertAmounts(self.food_line, committed=1000.0)

    def test_vendor_decides_on_the_line(self):
        budget = self._create_budget(
            {"partner_id": self.other_vendor.id, "amount_planned": 50.0}
        )
        request = self._create_request(
            (self.bread, 1, 60.0, {"vendor_id": self.vendor.id})
        )
        request.action_submit()
        self.assertAmounts(self.food_line, reserved=60.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            request.line_ids.vendor_id = self.other_vendor
        request.line_ids.invalidate_recordset()
        self._give(budget.line_ids, 10.0)
        request.line_ids.vendor_id = self.other_vendor
        self.assertAmounts(budget.line_ids, reserved=60.0)
        self.assertAmounts(self.food_line)

    def test_split_distribution(self):
        budget = self._create_budget(
            {"analytic_account_id": self.shop.id, "amount_planned": 100.0}
        )
        distribution = {str(self.shop.id): 60.0, str(self.web.id): 40.0}
        request = self._create_request(
            (self.bread, 10, 10.0, {"analytic_distribution": distribution})
        )
        request.action_submit()
        self.assertAmounts(budget.line_ids, reserved=60.0)
        self.assertAmounts(self.food_line, reserved=40.0)

    def test_described_goods(self):
        budget = self._create_budget(500.0)
        request = self.env["jxc.purchase.request"].create(
            {"line_ids": [(0, 0, {"name": "A lamp", "price_unit": 80.0})]}
        )
        request.action_submit()
        self.assertAmounts(budget.line_ids, reserved=80.0)

    def test_without_budget(self):
        product = self._create_product_in(
            self.env["product.category"].create({"name": "New"}), "Novelty"
        )
        self.company.jxc_budget_missing = "block"
        with self.assertRaisesRegex(UserError, "Novelty"), self.cr.savepoint():
            self._create_request((product, 1, 10.0)).action_submit()
        self.company.jxc_budget_missing = "warn"
        request = self._create_request((product, 1, 10.0))
        request.action_submit()
        self.assertIn("Novelty", " ".join(request.message_ids.mapped("body")))

    def test_budget_that_starts_later_counts_requests(self):
        request = self._create_request((self.bread, 1, 60.0))
        request.action_submit()
        vendor = self._create_budget(
            {"analytic_account_id": self.shop.id, "amount_planned": 10.0}
        )
        self.assertAmounts(vendor.line_ids)
        self.budget.action_close()
        product = self._create_product_in(
            self.env["product.category"].create({"name": "New"}), "Novelty"
        )
        self._create_request((product, 1, 70.0)).action_submit()
        late = self._create_budget(1000.0)
        self.assertAmounts(late.line_ids, reserved=70.0)

    def test_hint_while_draft(self):
        request = self._create_request((self.bread, 1, 700.0))
        self.assertEqual(request.budget_state, "ok")
        self.assertIn("1,000.00", request.budget_hint)
        self.assertEqual(request.line_ids.budget_line_id, self.food_line)
        request.line_ids.price_unit = 1001.0
        self.assertEqual(request.budget_state, "over")
        self.assertAmounts(self.food_line)

    def test_hint_while_typing(self):
        with Form(self.env["jxc.purchase.request"]) as form:
            with form.line_ids.new() as line:
                line.product_id = self.bread
                line.product_qty = 1
                line.price_unit = 1001.0
            self.assertEqual(form.budget_state, "over")
            with form.line_ids.edit(0) as line:
                line.price_unit = 10.0
            self.assertEqual(form.budget_state, "ok")

    def test_what_follows_cannot_be_written(self):
        asker = new_test_user(
            self.env,
            "budget_asker",
            groups="jxc_purchase.group_purchase_requester",
            company_id=self.company.id,
        )
        request = self._create_request((self.bread, 1, 10.0), user_id=asker.id)
        line = request.line_ids.with_user(asker)
        for values in (
            {"is_unreserved": True},
            {"budget_date": "2031-01-01"},
            {"jxc_budget_match": {"dims": []}},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                line.write(values)
        defaults = {f"default_{name}": 1 for name in ("is_unreserved",)}
        created = request.line_ids.with_user(asker).with_context(**defaults)
        line = created.create(
            {"request_id": request.id, "product_id": self.bread.id, "price_unit": 5.0}
        )
        self.assertFalse(line.is_unreserved)

    def test_order_closed_short(self):
        """The rest is free on the order, and held for the request again."""
        request = self._create_request((self.bread, 10, 50.0))
        request.action_submit()
        request.with_user(self._second_manager()).action_approve()
        order = self._order_request(request)
        order.order_line.price_unit = 60.0
        order.button_confirm()
        self.assertAmounts(self.food_line, committed=600.0)
        receipt = order.picking_ids
        receipt.move_ids.write({"quantity": 6.0, "picked": True})
        receipt._action_done()
        order.action_jxc_close_short()
        self.assertAmounts(self.food_line, committed=360.0, reserved=200.0)
        request.action_close()
        self.assertAmounts(self.food_line, committed=360.0)
        self._create_bill(order).action_post()
        self.assertAmounts(self.food_line, actual=360.0)

    def test_billed_refunded_and_closed(self):
        """All came, all went back, all was refunded: nothing holds the budget."""
        request = self._create_request((self.bread, 10, 50.0))
        request.action_submit()
        request.with_user(self._second_manager()).action_approve()
        order = self._order_request(request)
        order.button_confirm()
        receipt = order.picking_ids
        receipt.move_ids.write({"quantity": 10.0, "picked": True})
        receipt._action_done()
        self._create_bill(order).action_post()
        wizard = self.env["stock.return.picking"].with_context(
            active_id=receipt.id, active_model="stock.picking"
        )
        wizard = wizard.create({})
        wizard.product_return_moves.write({"quantity": 10, "to_refund": True})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.button_validate()
        self._create_bill(order, refund=True).action_post()
        self.assertAmounts(self.food_line)
        with self.assertRaises(UserError), self.cr.savepoint():
            order.button_cancel()
        order.action_jxc_close_short()
        self.assertEqual(order.order_line.product_qty, 0)
        self.assertAmounts(self.food_line, reserved=500.0)
        request.action_close()
        self.assertAmounts(self.food_line)
        self.assertEqual(request.state, "done")

    def test_billed_service_is_done(self):
        """What was billed of a service stays ordered and spent, the rest is free."""
        work = self._create_product_in(self.food, "Work", type="service")
        order = self._create_order((work, 10, 50.0))
        order.button_confirm()
        self.assertAmounts(self.food_line, committed=500.0)
        self._create_bill(order, {order.order_line: 4}).action_post()
        order.action_jxc_close_short()
        self.assertEqual(order.order_line.product_qty, 4)
        self.assertAmounts(self.food_line, actual=200.0)

    def test_controls_by_kind(self):
        self._loosen(self.food_line, control_request="none", control_bill="warn")
        self._create_request((self.bread, 1, 5000.0)).action_submit()
        self.assertAmounts(self.food_line, reserved=5000.0)
        order = self._create_order((self.bread, 1, 10.0))
        with self.assertRaises(UserError), self.cr.savepoint():
            order.button_confirm()
        self._loosen(self.food_line, control_order="warn")
        order.invalidate_recordset()
        order.button_confirm()
        self._create_bill(order, price=900.0).action_post()
        self.assertAmounts(self.food_line, reserved=5000.0, actual=900.0)

    def test_every_kind_follows_its_own_control(self):
        """Three kinds of documents, three controls, while the others differ."""

        def request():
            document = self._create_request((self.bread, 1, 5000.0))
            document.action_submit()
            return document, {"reserved": 5000.0}

        def order():
            document = self._create_order((self.bread, 1, 5000.0))
            document.button_confirm()
            return document, {"committed": 5000.0}

        def bill():
            document = self._bill_without_order(5000.0)
            document.action_post()
            return document, {"actual": 5000.0}

        kinds = {"request": request, "order": order, "bill": bill}
        for kind, play in kinds.items():
            for control in ("none", "warn", "block"):
                others = "none" if control == "block" else "block"
                limits = {
                    f"control_{one}": control if one == kind else others
                    for one in kinds
                }
                with self.subTest(kind=kind, control=control):
                    savepoint = self.cr.savepoint()
                    self._loosen(self.food_line, **limits)
                    if control == "block":
                        with self.assertRaisesRegex(UserError, "Food"):
                            play()
                    else:
                        document, amounts = play()
                        self.assertAmounts(self.food_line, **amounts)
                        notes = " ".join(document.message_ids.mapped("body"))
                        self.assertEqual("Food" in notes, control == "warn")
                    savepoint.close(rollback=True)
                    self.env.invalidate_all(flush=False)
        self.assertAmounts(self.food_line)

    def _bill_without_order(self, price):
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "invoice_date": date(2026, 6, 20),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.bread.id,
                            "quantity": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def test_account_and_day_go_on_to_the_order(self):
        share = {str(self.shop.id): 60.0, str(self.web.id): 40.0}
        more = {"analytic_distribution": share, "date_required": date(2026, 8, 20)}
        request = self._approve(self._create_request((self.bread, 2, 10.0, more)))
        line = self._order_request(request).order_line
        self.assertEqual(line.analytic_distribution, share)
        self.assertEqual(line.date_planned.date(), date(2026, 8, 20))

    def test_other_companies_request_is_apart(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += other
        request = self._create_request(
            (self.bread.with_company(other), 1, 5000.0), company_id=other.id
        )
        request.action_submit()
        self.assertAmounts(self.food_line)
