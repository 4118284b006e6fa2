# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class TestRequest(RequestCommon):
    """Who may ask, decide and see; nothing passes the decision."""

    def test_from_draft_to_done(self):
        request = self._request((self.wine, 10))
        self.assertRegex(request.name, r"^PR/")
        self.assertEqual(request.state, "draft")
        request.action_submit()
        self.assertEqual(request.state, "submitted")
        request.with_user(self.approver).action_approve()
        self.assertEqual(request.state, "approved")
        order = self._order(request.line_ids)
        self.assertEqual(request.state, "in_progress")
        self.assertEqual(order.jxc_request_ids, request.with_env(order.env))
        order.button_confirm()
        self._receive(order)
        self.assertEqual(request.state, "done")

    def test_requester_never_approves_the_own(self):
        both = self._user("req_both", "purchase.group_purchase_manager")
        request = self._request((self.wine, 1), user=both)
        request.action_submit()
        self.assertFalse(request.can_approve)
        with self.assertRaisesRegex(AccessError, "Somebody else"):
            request.action_approve()
        with self.assertRaises(AccessError):
            request.action_reject("no")
        # Nor entered for somebody else, with a line of his, or submitted by him.
        other = self._request((self.wine, 1), user=both, user_id=self.requester.id)
        other.with_user(self.requester).action_submit()
        with self.assertRaises(AccessError):
            other.with_user(both).action_approve()
        third = self._request((self.wine, 1))
        third.with_user(both).write({"line_ids": [Command.create({"name": "Cups"})]})
        third.action_submit()
        with self.assertRaises(AccessError):
            third.with_user(both).action_approve()
        third.with_user(self.approver).action_approve()
        self.assertEqual(third.state, "approved")

    def test_who_it_was_entered_for_before_does_not_approve(self):
        request = self._request((self.wine, 1), user=self.buyer)
        request.user_id = self.approver
        request.user_id = self.requester
        self.assertEqual(request.former_requester_ids, self.buyer | self.approver)
        request.action_submit()
        self.assertFalse(request.with_user(self.approver).can_approve)
        with self.assertRaisesRegex(AccessError, "Somebody else"):
            request.with_user(self.approver).action_approve()
        for user in (self.requester, self.buyer, self.manager):
            with self.assertRaises(AccessError):
                request.with_user(user).former_requester_ids = False
        request.with_user(self.manager).action_approve()

    def test_who_submitted_before_does_not_approve(self):
        """Not after somebody else took it back and submitted it again either."""
        both = self._user("req_both", "purchase.group_purchase_manager")
        request = self._request((self.wine, 1))
        request.with_user(both).action_submit()
        request.with_user(both).action_draft()
        request.action_submit()
        self.assertEqual(request.submitted_by_id, self.requester)
        self.assertFalse(request.with_user(both).can_approve)
        with self.assertRaisesRegex(AccessError, "Somebody else"):
            request.with_user(both).action_approve()
        request.with_user(self.manager).action_approve()

    def test_who_asked_for_a_moved_line_does_not_approve(self):
        for_boss = self._request((self.wine, 1), user=self.buyer)
        for_boss.user_id = self.approver
        request = self._request((self.wine, 2))
        for_boss.line_ids.with_user(self.buyer).request_id = request
        request.action_submit()
        with self.assertRaisesRegex(AccessError, "Somebody else"):
            request.with_user(self.approver).action_approve()

    def test_approving_takes_the_right(self):
        request = self._request((self.wine, 1))
        request.action_submit()
        for user in (self.buyer, self.executive):
            with self.assertRaises(AccessError):
                request.with_user(user).action_approve()
        with self.assertRaises(AccessError):
            request.with_user(self.colleague).action_approve()
        self.assertEqual(request.state, "submitted")

    def test_states_are_not_written(self):
        request = self._request((self.wine, 1))
        for user in (self.requester, self.buyer, self.manager, self.env.user):
            mine = request.with_user(user)
            for vals in (
                {"state": "approved"},
                {"decision": "approved"},
                {"decision": "submitted"},
                {"submitted_by_id": self.colleague.id},
            ):
                if user == self.env.user and "state" not in vals:
                    continue
                with self.subTest(user=user.login, vals=vals):
                    with self.assertRaises(AccessError):
                        mine.write(dict(vals))
        for name in ("state", "decision"):
            with self.assertRaises(AccessError):
                self._request((self.wine, 1), **{name: "approved"})
            crafted = self.env["jxc.purchase.request"].with_user(self.requester)
            made = crafted.with_context(**{f"default_{name}": "approved"}).create({})
            self.assertEqual((made.state, made.decision), ("draft", "draft"))
        for name in ("qty_ordered", "qty_open", "is_closed", "progress"):
            with self.assertRaises(AccessError):
                request.line_ids.write({name: 1})

    def test_import_passes_no_state(self):
        requests = self.env["jxc.purchase.request"].with_user(self.requester)
        for name in ("state", "decision"):
            result = requests.load(["note", name], [["x", "Approved"]])
            self.assertTrue(result["messages"])
            self.assertFalse(result["ids"])

    def test_submitted_does_not_change(self):
        request = self._request((self.wine, 1))
        request.action_submit()
        line = request.line_ids
        for change in (
            lambda: line.write({"product_qty": 9}),
            lambda: line.unlink(),
            lambda: request.write({"line_ids": [Command.create({"name": "Cups"})]}),
            lambda: request.write({"user_id": self.requester.id}),
            lambda: request.unlink(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        with self.assertRaises(UserError):
            line.with_user(self.buyer).write({"product_qty": 9})
        line.with_user(self.buyer).vendor_id = self.other_vendor
        request.action_draft()
        line.product_qty = 9
        self.assertEqual(line.qty_open, 9)

    def test_reject_tells_why(self):
        request = self._request((self.wine, 1))
        request.action_submit()
        boss = request.with_user(self.approver)
        action = boss.action_reject()
        self.assertEqual(action["res_model"], "jxc.purchase.request.reject")
        wizard = (
            self.env["jxc.purchase.request.reject"]
            .with_user(self.approver)
            .with_context(action["context"])
            .create({"reason": "Too much"})
        )
        wizard.action_reject()
        self.assertEqual(request.state, "rejected")
        self.assertEqual(request.rejection_reason, "Too much")
        self.assertIn(self.requester.partner_id, request.message_ids.partner_ids)
        with self.assertRaises(UserError):
            boss.action_approve()
        with self.assertRaises(AccessError):
            self._order(request.line_ids, user=self.requester)

    def test_incomplete_is_not_submitted(self):
        with self.assertRaisesRegex(UserError, "at least one line"):
            self._request().action_submit()
        with self.assertRaises(UserError):
            self._request((self.wine, 0)).action_submit()

    def test_who_sees_what(self):
        mine, theirs = (
            self._request((self.wine, 1)),
            self._request((self.wine, 1), user=self.colleague),
        )
        both = mine.with_env(self.env) | theirs.with_env(self.env)
        domain = [("id", "in", both.ids)]
        for user, expected in (
            (self.requester, mine),
            (self.colleague, theirs),
            (self.approver, both),
            (self.buyer, both),
            (self.executive, both),
        ):
            found = self.env["jxc.purchase.request"].with_user(user).search(domain)
            self.assertEqual(found.ids, sorted(expected.ids, reverse=True), user.login)
            lines = self.env["jxc.purchase.request.line"].with_user(user)
            found = lines.search([("request_id", "in", both.ids)])
            self.assertEqual(found.request_id, expected.with_env(found.env))
        with self.assertRaises(AccessError):
            mine.with_user(self.outsider).read(["name"])
        with self.assertRaises(AccessError):
            theirs.with_user(self.requester).read(["name"])
        for user in (self.executive, self.approver):
            with self.assertRaises(AccessError):
                mine.with_user(user).write({"note": "x"})
        with self.assertRaises(AccessError):
            self._request((self.wine, 1), user_id=self.colleague.id)

    def test_links_are_not_made_by_hand(self):
        request = self._request((self.wine, 10), approve=True)
        order = self._order(request.line_ids)
        link = order.order_line.jxc_request_link_ids
        for user in (self.buyer, self.manager):
            with self.assertRaises(AccessError):
                link.with_user(user).write({"quantity": 1})
            with self.assertRaises(AccessError):
                link.with_user(user).copy()
            with self.assertRaises(AccessError):
                link.with_user(user).unlink()

    def test_two_companies(self):
        second = self.env["res.company"].create({"name": "Second"})
        away = self._user(
            "req_away",
            "purchase.group_purchase_manager",
            company_id=second.id,
            company_ids=[Command.set(second.ids)],
        )
        request = self._request((self.wine, 1), approve=True)
        lines = self.env["jxc.purchase.request.line"].with_user(away)
        self.assertFalse(lines.search([("request_id", "=", request.id)]))
        with self.assertRaises(AccessError):
            request.with_user(away).read(["name"])
        own = self._product("Own", company_id=self.company.id)
        with self.assertRaises(UserError):
            self._request((own, 1), user=away, company_id=second.id)

    # ------------------------------------------------------------
    # Tiers
    # ------------------------------------------------------------

    def _tier(self, user, **values):
        return self.env["tier.definition"].create(
            {
                "name": f"Tier {user.login}",
                "model_id": self.env["ir.model"]._get_id("jxc.purchase.request"),
                "review_type": "individual",
                "reviewer_id": user.id,
                "definition_domain": "[('amount_total', '>', 100)]",
                "company_id": False,
                **values,
            }
        )

    def test_tiers_decide(self):
        self._tier(self.colleague)
        request = self._request((self.wine, 100))
        self.assertEqual(request.amount_total, 500)
        request.action_submit()
        self.assertEqual(request.review_ids.status, "pending")
        # The right to approve is not enough, and no key helps.
        with self.assertRaises(AccessError):
            request.with_user(self.approver).action_approve()
        for keys in ({}, {"skip_validation_check": True}):
            with self.assertRaises(ValidationError):
                request.sudo().with_context(**keys)._decide("approved")
        reviewer = request.with_user(self.colleague)
        self.assertTrue(reviewer.can_approve)
        reviewer.action_approve()
        self.assertEqual(request.state, "approved")

    def test_no_tier_lets_the_requester_decide(self):
        tier = self._tier(self.requester)
        with self.assertRaisesRegex(ValidationError, "never decides"):
            tier.jxc_allow_requester = True
        # Nor where the database says so since before.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE tier_definition SET jxc_allow_requester = true WHERE id = %s",
            [tier.id],
        )
        self.env.invalidate_all()
        request = self._request((self.wine, 100))
        with self.assertRaisesRegex(UserError, "Nobody may decide"):
            request.action_submit()

    def test_two_tiers_need_both(self):
        self._tier(self.colleague, sequence=10)
        self._tier(self.approver, sequence=20)
        request = self._request((self.wine, 100))
        request.action_submit()
        request.with_user(self.colleague).action_approve()
        self.assertEqual(request.state, "submitted")
        request.with_user(self.approver).action_approve()
        self.assertEqual(request.state, "approved")

    def test_tier_rejects(self):
        self._tier(self.colleague)
        request = self._request((self.wine, 100))
        request.action_submit()
        request.with_user(self.colleague).action_reject("Not now")
        self.assertEqual(
            (request.state, request.rejection_reason), ("rejected", "Not now")
        )
        request.action_draft()
        self.assertFalse(request.sudo().review_ids)
        request.action_submit()
        self.assertEqual(request.sudo().review_ids.status, "pending")

    def test_small_requests_need_no_tier(self):
        self._tier(self.colleague)
        request = self._request((self.wine, 1), approve=True)
        self.assertEqual(request.state, "approved")

    # ------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------

    def test_estimates(self):
        line = self._request((self.wine, 1)).line_ids
        self.assertEqual((line.price_unit, line.price_source), (5, "cost"))
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_id": self.box.id,
                            "product_qty": 1,
                            "price_unit": 72,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        # The platform keeps the vendor's price of a confirmed order.
        self.wine.seller_ids.unlink()
        line = self._request((self.wine, 1)).line_ids
        self.assertEqual((line.price_unit, line.price_source), (6, "last"))
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.other_vendor.id,
                "product_tmpl_id": self.wine.product_tmpl_id.id,
                "product_uom_id": self.box.id,
                "price": 96,
            }
        )
        line = self._request((self.wine, 1)).line_ids
        self.assertEqual((line.price_unit, line.price_source), (8, "vendor"))
        self.assertEqual(line.vendor_id, self.other_vendor)
        line = self._request((self.wine, 2, {"product_uom_id": self.box.id})).line_ids
        self.assertEqual((line.price_unit, line.price_subtotal), (96, 192))

    def test_estimates_are_made_before_the_submission(self):
        request = self._request((self.wine, 100))
        request.action_submit()
        self.assertEqual(request.amount_total, 500)

    def test_units(self):
        line = self._request((self.wine, 1)).line_ids
        line.quantity_text = "3箱5瓶"
        self.assertEqual((line.product_qty, line.product_uom_id), (41, self.bottle))
        self.assertEqual(line.quantity_text, "3箱5瓶")
        kilo = self.env.ref("uom.product_uom_kgm")
        with self.assertRaisesRegex(ValidationError, "does not convert"):
            self._request((self.wine, 1, {"product_uom_id": kilo.id}))
        beer = self.wine.copy({"name": "Beer", "jxc_unit_ids": False})
        crate = self.env["jxc.product.unit"].create(
            {"product_tmpl_id": beer.product_tmpl_id.id, "name": "Crate", "factor": 24}
        )
        with self.assertRaisesRegex(ValidationError, "not of Wine"):
            self._request((self.wine, 1, {"product_uom_id": crate.uom_id.id}))

    def test_units_of_open_requests_are_kept(self):
        box = self.wine.jxc_unit_ids.filtered(lambda unit: unit.name == "箱")
        request = self._request((self.wine, 2, {"product_uom_id": box.uom_id.id}))
        with self.assertRaisesRegex(UserError, f"1 purchase requests.*{request.name}"):
            box.factor = 24
        request.action_cancel()
        box.factor = 24

    def test_date_of_the_request(self):
        request = self._request((self.wine, 1), date_required=date(2030, 1, 5))
        self.assertEqual(request.line_ids.date_required, date(2030, 1, 5))

    def test_print(self):
        request = self._request((self.wine, 3), approve=True)
        report = self.env["ir.actions.report"].with_user(self.requester)
        html = report._render_qweb_html(
            "jxc_purchase.jxc_purchase_request_report", request.ids
        )[0].decode()
        self.assertIn(request.name, html)
        self.assertIn("Wine", html)
