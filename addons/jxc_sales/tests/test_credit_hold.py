# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import new_test_user, tagged

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
