# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import new_test_user, tagged

from ..models.jxc_credit_account_queue import WIDENING_FIELDS
from .hold_common import HoldCommon


@tagged("post_install", "-at_install")
class TestCreditHold(HoldCommon):
    def test_order_waits_and_says_why(self):
        order = self._create_order(11)
        answer = order.with_user(self.salesman).action_confirm()
        self.assertEqual((order.state, order.jxc_credit_state), ("draft", "hold"))
        self.assertFalse(order.picking_ids)
        self.assertEqual(self._exposure(), 0)
        self.assertIn(order.name, answer["params"]["message"])
        for fact in ("Bright Trading", "1,000.00", "1,100.00", "100.00"):
            self.assertIn(fact, order.jxc_credit_hold_reason)
            self.assertIn(fact, answer["params"]["message"])
        note = order.message_ids.filtered(lambda m: "On hold" in (m.body or ""))
        self.assertEqual(len(note), 1)
        self.assertTrue(note.is_internal or note.subtype_id.internal)
        self.assertIn(self.manager.partner_id, note.notified_partner_ids)
        for fact in ("the credit limit does not suffice", "1,000.00", "1,100.00"):
            self.assertIn(fact, note.body, "whoever is told reads why")
        # Who sells pressed the button himself: he was told by its answer.
        self.assertNotIn(self.salesman.partner_id, note.notified_partner_ids)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.jxc_credit_state, "hold")
        again = order.message_ids.filtered(lambda m: "On hold" in (m.body or ""))
        self.assertEqual(again, note, "told once")

    def test_salesperson_hears_of_it(self):
        """Where another one confirms, who sells is told that the order waits."""
        order = self._create_order(11, user_id=self.salesman.id)
        order.with_user(self.manager).sudo().action_confirm()
        note = order.message_ids.filtered(lambda m: "On hold" in (m.body or ""))
        self.assertIn(self.salesman.partner_id, note.notified_partner_ids)

    def test_smaller_order_goes_through(self):
        order = self._held()
        order.order_line.product_uom_qty = 10
        order.with_user(self.salesman).action_confirm()
        self.assertEqual((order.state, order.jxc_credit_state), ("sale", "free"))
        self.assertFalse(order.jxc_credit_hold_reason)

    def test_batch_holds_what_does_not_fit(self):
        orders = self._create_order(6) | self._create_order(6) | self._create_order(4)
        orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale"])
        self.assertEqual(orders.mapped("jxc_credit_state"), ["free", "hold", "free"])

    def test_widening_cannot_wait(self):
        order = self._create_order(8)
        order.action_confirm()
        with self.assertRaises(UserError):
            order.order_line.product_uom_qty = 11
        self.assertEqual(order.jxc_credit_state, "free")

    def test_cancelled_order_waits_no_more(self):
        order = self._held()
        order.action_cancel()
        self.assertEqual(order.jxc_credit_state, "free")

    def test_copy_is_free(self):
        self.assertEqual(self._held().copy().jxc_credit_state, "free")

    # -- who may not --------------------------------------------------------------

    def test_no_way_past_the_hold(self):
        order = self._held()
        own = order.with_user(self.salesman)
        for values in (
            {"jxc_credit_state": "released"},
            {"jxc_credit_state": "free"},
            {"jxc_credit_hold_amount": 0},
            {
                "jxc_credit_release_ids": [
                    Command.create({"reason": "x", "state": "granted"})
                ]
            },
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                own.write(values)
        with self.assertRaises(AccessError):
            own.action_jxc_credit_release(reason="I say so")
        with self.assertRaises(AccessError):
            self.env["jxc.credit.release"].with_user(self.salesman).create(
                {"order_id": order.id, "reason": "I say so", "state": "granted"}
            )
        with self.assertRaises(UserError):
            own.write({"state": "sale"})
        own.with_context(
            jxc_sales_confirming=True,
            jxc_sales_watch={"order_ids": order.ids},
            jxc_sales_written={"extra": 1e9},
            default_jxc_credit_state="released",
            skip_validation_check=True,
            bypass_risk=True,
        ).action_confirm()
        order.invalidate_recordset()
        self.assertEqual((order.state, order.jxc_credit_state), ("draft", "hold"))

    def test_born_released(self):
        orders = self.env["sale.order"].with_user(self.salesman)
        values = {"partner_id": self.customer.id}
        with self.assertRaises(AccessError):
            orders.create({**values, "jxc_credit_state": "released"})
        order = orders.with_context(default_jxc_credit_state="released").create(values)
        self.assertEqual(order.jxc_credit_state, "free")

    def test_release_is_kept_as_it_was(self):
        order = self._held(13)
        order.with_user(self.manager).action_jxc_credit_release(50, None, "Known")
        release = order.jxc_credit_release_ids
        for values in ({"amount": 500}, {"state": "granted"}, {"until": "2199-01-01"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                release.with_user(self.manager).write(values)
        with self.assertRaises(UserError):
            release.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            release.with_user(self.salesman).action_revoke()

    def test_manager_reads_the_queue(self):
        order = self._held()
        action = self.env.ref("jxc_sales.sale_order_hold_action")
        orders = self.env["sale.order"].with_user(self.manager)
        domain = [("jxc_credit_state", "=", "hold")]
        self.assertEqual(action.domain, str(domain))
        self.assertIn(order, orders.search(domain))
        for kind in ("form", "kanban", "list"):
            ref = self.env.ref(f"jxc_sales.sale_order_hold_view_{kind}", False)
            view_id = ref.id if kind != "form" else False
            views = orders.get_views([(view_id, kind)])
            arch = views["views"][kind]["arch"]
            names = views["models"]["sale.order"]["fields"]
            shown = {name: {} for name in names if f'name="{name}"' in arch}
            orders.browse(order.id).web_read(shown)
        with self.assertRaises(AccessError):
            orders.browse(order.id).write({"client_order_ref": "x"})

    def test_manager_who_sells_reads_all(self):
        order = self._held(user_id=self.salesman.id)
        self.manager.group_ids += self.env.ref("sales_team.group_sale_salesman")
        order.with_user(self.manager).read(["name"])
        with self.assertRaises(AccessError):
            order.with_user(self.manager).write({"client_order_ref": "x"})

    def test_other_company_is_out_of_reach(self):
        other = self.setup_other_company()["company"]
        foreigner = new_test_user(
            self.env,
            "jxc_foreigner",
            "jxc_base.group_credit_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        order = self._held()
        with self.assertRaises(AccessError):
            order.with_user(foreigner).action_jxc_credit_release(reason="Hello")
        self.assertEqual(order.jxc_credit_state, "hold")

    # -- release ------------------------------------------------------------------

    def test_release_in_full(self):
        order = self._held(15)
        order.with_user(self.manager).action_jxc_credit_release(reason="Old friend")
        self.assertEqual((order.state, order.jxc_credit_state), ("sale", "released"))
        self.assertEqual(self._exposure(), 1500)
        release = order.jxc_credit_release_ids
        self.assertRecordValues(
            release,
            [
                {
                    "state": "granted",
                    "is_full": True,
                    "amount": 1500,
                    "user_id": self.manager.id,
                    "reason": "Old friend",
                }
            ],
        )
        self.assertIn("Old friend", "".join(order.message_ids.mapped("body")))
        with self.assertRaises(UserError, msg="as it was when released"):
            order.order_line.product_uom_qty = 16
        other = self._create_order(1)
        other.action_confirm()
        self.assertEqual(other.jxc_credit_state, "hold", "for this order only")

    def test_release_up_to_an_amount(self):
        order = self._held(13)
        order.with_user(self.manager).action_jxc_credit_release(200, None, "A bit")
        self.assertEqual((order.state, order.jxc_credit_state), ("draft", "hold"))
        order.with_user(self.manager).action_jxc_credit_release(100, None, "And more")
        self.assertEqual((order.state, order.jxc_credit_state), ("sale", "released"))
        self.assertEqual(self._exposure(), 1300)
        with self.assertRaises(UserError):
            order.order_line.price_unit = 101

    def test_release_ends(self):
        today = self.account._jxc_today()
        order = self._held(13)
        manager = order.with_user(self.manager)
        with self.assertRaises(UserError):
            manager.action_jxc_credit_release(300, Date.subtract(today, days=1), "Late")
        manager.action_jxc_credit_release(200, today, "Today")
        release = order.jxc_credit_release_ids
        self.env.cr.execute(
            "UPDATE jxc_credit_release SET until = until - 1 WHERE id = %s",
            [release.id],
        )
        release.invalidate_recordset()
        manager.action_jxc_credit_release(100, today, "Not both any more")
        self.assertEqual(order.state, "draft")

    def test_revoked_release(self):
        order = self._held(13)
        manager = order.with_user(self.manager)
        manager.action_jxc_credit_release(200, None, "A bit")
        order.jxc_credit_release_ids.with_user(self.manager).action_revoke()
        manager.action_jxc_credit_release(100, None, "Less")
        self.assertEqual(order.state, "draft")

    def test_release_is_for_the_customer(self):
        rich = self.env["res.partner"].create({"name": "Rich", "is_company": True})
        poor = self.env["res.partner"].create({"name": "Poor", "is_company": True})
        self.env["jxc.credit.account"].create(
            [
                {"partner_id": rich.id, "credit_limit": 5000, "order_action": "hold"},
                {"partner_id": poor.id, "credit_limit": 1, "order_action": "hold"},
            ]
        )
        order = self._create_order(13, partner_id=rich.id)
        order.with_user(self.manager).action_jxc_credit_release(reason="Rich is good")
        order.partner_invoice_id = poor
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.jxc_credit_state, "hold")

    def test_released_and_ordinary_orders_in_one_batch(self):
        first, second = self._held(12), self._create_order(9)
        self.account.order_action = "block"
        first.with_user(self.manager).action_jxc_credit_release(200, None, "A bit")
        self.assertEqual(first.state, "sale")
        first.action_cancel()
        first.action_draft()
        (second | first).action_confirm()
        self.assertEqual((second.state, first.state), ("sale", "draft"))
        first.with_user(self.manager).action_jxc_credit_release(reason="All of it")
        (first | second.copy()).action_confirm()
        self.assertEqual(first.state, "sale")
        self.assertEqual(self._exposure(), 2100)

    def test_release_by_tiers(self):
        approver = self._create_user("jxc_tier", "jxc_base.group_credit_manager")
        self.env["tier.definition"].create(
            {
                "name": "Large releases",
                "model_id": self.env.ref("jxc_sales.model_jxc_credit_release").id,
                "definition_domain": "[('amount', '>', 1000)]",
                "review_type": "individual",
                "reviewer_id": approver.id,
            }
        )
        order = self._held(15)
        order.with_user(self.manager).action_jxc_credit_release(reason="Old friend")
        release = order.jxc_credit_release_ids
        self.assertEqual((release.state, order.state), ("requested", "draft"))
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.jxc_credit_state, "hold", "asked for is not granted")
        with suppress(UserError):
            release.with_user(self.manager).validate_tier()
        self.assertEqual(release.state, "requested")
        release.with_user(approver).validate_tier()
        self.assertEqual((release.state, order.state), ("granted", "sale"))

    # -- what it costs ------------------------------------------------------------

    def _confirm_queries(self, lines):
        values = {"product_id": self.product.id, "product_uom_qty": 1, "price_unit": 1}
        order = self._create_order(1, price=1)
        order.order_line = [Command.create(values) for _line in range(lines - 1)]
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        order.action_confirm()
        self.env.flush_all()
        self.assertEqual(order.state, "sale")
        return self.env.cr.sql_log_count - before

    def test_cost_does_not_grow_with_the_lines(self):
        costs = {}
        for action in ("none", "hold"):
            self.account.order_action = action
            self._confirm_queries(1)
            costs[action] = (self._confirm_queries(1), self._confirm_queries(20))
        few, many = (
            held - free for free, held in zip(costs["none"], costs["hold"], strict=True)
        )
        self.assertLessEqual(many, few, costs)
        self.assertLessEqual(few, 6, costs)

    # -- judged again -------------------------------------------------------------

    def test_money_lets_orders_go(self):
        invoice = self._invoice(1000)
        invoice.action_post()
        first, second, third = self._held(7), self._held(5), self._held(3)
        self._triggered()
        self._judge()
        self.assertEqual(first.jxc_credit_state, "hold", "nothing has changed")
        self._pay(invoice)
        self.assertTrue(self._triggered())
        self._judge()
        self.assertEqual(
            (first | second | third).mapped("state"), ["sale", "draft", "sale"]
        )
        self.assertEqual(
            (first | second | third).mapped("jxc_credit_state"),
            ["free", "hold", "free"],
        )
        self.assertEqual(self._exposure(), 1000)
        self.assertIn("no more on hold", "".join(first.message_ids.mapped("body")))

    def test_what_starts_the_judging(self):
        confirmed = self._create_order(9)
        confirmed.action_confirm()
        self._held(5)
        invoice = self._invoice(50)
        invoice.action_post()
        events = {
            "limit": lambda: self.account.write({"credit_limit": 1001}),
            "raise": lambda: self.env["jxc.credit.override"].create(
                {
                    "account_id": self.account.id,
                    "amount": 1,
                    "until": "2199-12-31",
                    "reason": "Fair",
                }
            ),
            "smaller": lambda: confirmed.order_line.write({"product_uom_qty": 8}),
            "credit note": lambda: self._invoice(10, "out_refund").action_post(),
            "payment": lambda: self._pay(invoice),
            "cancelled": confirmed.action_cancel,
        }
        for name, event in events.items():
            self._triggered()
            event()
            with self.subTest(name):
                self.assertTrue(self._triggered())

    def test_every_term_of_the_account_starts_it(self):
        self._held(5 + 9)
        other = self.env["res.partner"].create({"name": "Sister", "is_company": True})
        values = {
            "control_overdue": True,
            "credit_limit": 1001,
            "delivery_action": "block",
            "limit_currency_id": self.env.ref("base.USD").id,
            "member_ids": [Command.link(other.id)],
            "order_action": "hold",
            "overdue_amount": 10,
            "overdue_days": 5,
            "overdue_delivery_action": "warn",
            "overdue_order_action": "warn",
            "partner_id": self.customer.id,
            "unlimited": True,
        }
        self.assertEqual(set(values), WIDENING_FIELDS)
        for name, value in values.items():
            self._triggered()
            self.account.write({name: value})
            with self.subTest(name):
                self.assertTrue(self._triggered())

    def test_accepted_goods_start_it(self):
        """Goods that are promised free nothing; accepted, good or scrapped, they do."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env["stock.location"].create(
            {
                "name": "Defective",
                "location_id": warehouse.view_location_id.id,
                "jxc_stock_status": "defective",
            }
        )
        order = self._create_order(8)
        order.action_confirm()
        self._deliver(order)
        held = self._held(4)
        for outcome in ("qty_restock", "qty_scrap"):
            back = self.env["jxc.sale.return"].create(
                {
                    "partner_id": self.customer.id,
                    "reason_id": self.env["jxc.sale.return.reason"]
                    .search([], limit=1)
                    .id,
                    "line_ids": [
                        Command.create(
                            {"product_id": self.product.id, "product_uom_qty": 1}
                        )
                    ],
                }
            )
            self._triggered()
            back.action_confirm()
            with self.subTest(outcome):
                self.assertFalse(self._triggered())
                back.line_ids.write({outcome: 1})
                back.action_accept()
                self.assertTrue(self._triggered())
        self._judge()
        self.assertEqual(held.state, "sale")

    def test_nothing_on_hold_starts_nothing(self):
        self.env["sale.order"]._jxc_held_orders().jxc_credit_state = "free"
        self._triggered()
        self.account.credit_limit = 5000
        invoice = self._invoice(50)
        invoice.action_post()
        self._pay(invoice)
        self.assertFalse(self._triggered())

    def test_order_that_cannot_be_confirmed_otherwise(self):
        """One broken order says so and does not keep the others from going."""
        broken, fine = self._held(user_id=self.salesman.id), self._held(12)
        broken.order_line = [Command.create({"name": "What?", "display_type": False})]
        self.account.credit_limit = 5000
        self._judge()
        self.assertEqual((broken.jxc_credit_state, fine.state), ("hold", "sale"))
        # Whatever the language of its salesperson: not the credit any more.
        self.assertTrue(broken.jxc_credit_hold_reason)
        self.assertNotIn("Bright Trading", broken.jxc_credit_hold_reason)

    def _invoice(self, amount, move_type="out_invoice"):
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.customer.id,
                "invoice_date": "2024-01-01",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )
