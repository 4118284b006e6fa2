# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestBudgetAccess(PurchaseBudgetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(1000.0)
        cls.line = cls.budget.line_ids

        def user(login, groups):
            return new_test_user(
                cls.env,
                login,
                groups=f"base.group_user,{groups}",
                company_id=cls.company.id,
            )

        cls.buyer = user("buyer", "purchase.group_purchase_user")
        cls.chief = user("chief", "purchase.group_purchase_manager")
        cls.planner = user("planner", "jxc_base.group_budget_manager")
        cls.executive = user("executive", "jxc_base.group_executive")
        cls.nobody = user("nobody", "stock.group_stock_user")

    def test_buyer_uses_but_does_not_plan(self):
        order = self._create_order((self.bread, 1, 900.0)).with_user(self.buyer)
        order.button_confirm()
        line = self.line.with_user(self.buyer)
        self.assertEqual(line.amount_available, 100.0)
        self.assertEqual(line.entry_ids.amount, 900.0)
        refused = [
            lambda: line.write({"amount_planned": 5000.0}),
            lambda: line.unlink(),
            lambda: line.budget_id.write({"name": "Mine"}),
            lambda: line.budget_id.action_close(),
            lambda: line.budget_id.action_draft(),
            lambda: line.create({"budget_id": self.budget.id, "amount_planned": 1.0}),
            lambda: line.budget_id.create({"name": "Mine"}),
        ]
        for attempt in refused:
            with self.assertRaises(AccessError):
                attempt()
        for attempt in (
            lambda: line.entry_ids.write({"amount": 0.0}),
            lambda: line.entry_ids.unlink(),
            lambda: line.entry_ids.create({"line_id": line.id, "amount": -900.0}),
        ):
            with self.assertRaises(UserError):
                attempt()
        with self.assertRaises(UserError):
            self._create_order((self.bread, 1, 101.0)).with_user(
                self.buyer
            ).button_confirm()

    def test_purchase_manager_is_no_budget_manager(self):
        with self.assertRaises(AccessError):
            self.line.with_user(self.chief).write({"amount_planned": 5000.0})

    def test_planner(self):
        budget = self.budget.with_user(self.planner).create(
            {
                "name": "Next year",
                "company_id": self.company.id,
                "date_from": "2027-01-01",
                "date_to": "2027-12-31",
                "line_ids": [
                    Command.create({"category_id": self.food.id, "amount_planned": 1.0})
                ],
            }
        )
        budget.action_confirm()
        with self.assertRaisesRegex(UserError, "stays"):
            budget.line_ids.amount_planned = 2.0
        budget.action_close()
        self.assertEqual(self.line.with_user(self.planner).amount_available, 1000.0)
        self.assertEqual(budget.action_recompute_check(), [])

    def test_planner_sees_and_overrides_what_uses_budgets(self):
        """Somebody who only keeps budgets judges requests, orders and bills."""
        request = self._create_request((self.bread, 1, 1100.0))
        order = self._create_order((self.bread, 1, 900.0))
        order.button_confirm()
        bill = self._create_bill(order)
        bill.action_post()
        sold = self.init_invoice("out_invoice", products=self.bread)
        entries = self.env["jxc.budget.entry"].with_user(self.planner).search([])
        self.assertEqual(
            {entry.res_model for entry in entries}, {"purchase.order", "account.move"}
        )
        for document in (request, order, bill):
            theirs = document.with_user(self.planner)
            theirs.invalidate_recordset()
            lines = {
                "jxc.purchase.request": "line_ids",
                "purchase.order": "order_line",
                "account.move": "invoice_line_ids",
            }
            self.assertEqual(theirs[lines[document._name]].product_id, self.bread)
            with self.assertRaises(AccessError):
                theirs.write({"name": "Mine"})
            with self.assertRaises(AccessError):
                theirs.unlink()
        with self.assertRaises(AccessError):
            sold.with_user(self.planner).read(["name"])
        self.assertTrue(sold.with_user(self.executive).has_access("read"))
        form = entries.filtered(lambda entry: entry.res_model == "account.move")[:1]
        view = form.action_open_document()["views"][0][0]
        self.assertEqual(
            view, self.env.ref("jxc_purchase.account_move_view_form_plain").id
        )
        wizard = (
            self.env["jxc.budget.override.grant"]
            .with_user(self.planner)
            .with_context(active_model=request._name, active_id=request.id)
            .create({"reason": "Typhoon"})
        )
        self.assertEqual(wizard.line_ids.amount, 1000.0)
        wizard.action_grant()
        request.action_submit()
        self.assertEqual(request.state, "submitted")

    def test_buyer_opens_the_bills_of_an_order(self):
        """In a form that shows no payments; who keeps books gets the whole form."""
        order = self._create_order((self.bread, 1, 900.0))
        order.button_confirm()
        bill = self._create_bill(order)
        plain = self.env.ref("jxc_purchase.account_move_view_form_plain")
        for user, expected in (
            (self.buyer, plain),
            (self.chief, plain),
            (self.planner, plain),
            (self.executive, self.env.ref("account.view_move_form")),
        ):
            action = order.with_user(user).action_view_invoice()
            self.assertEqual(action["res_id"], bill.id)
            views = {kind: view for view, kind in action["views"]}
            self.assertEqual(views["form"], expected.id, user.login)
            bill.with_user(user).invalidate_recordset()
            arch = etree.fromstring(bill.with_user(user).get_view(expected.id)["arch"])
            names = {
                node.get("name"): {}
                for node in arch.iter("field")
                if next(node.iterancestors("field"), None) is None
            }
            [values] = bill.with_user(user).web_read(names)
            self.assertEqual(values["partner_id"], bill.partner_id.id)

    def test_wizards_are_their_own(self):
        """Nobody reads or runs what somebody else has opened."""
        reject = self.env["jxc.purchase.request.reject"].with_user(self.chief)
        request = self._create_request((self.bread, 1, 1.0))
        wizard = reject.create({"request_ids": request.ids, "reason": "Too late"})
        other = new_test_user(
            self.env,
            "other_chief",
            groups="base.group_user,purchase.group_purchase_manager",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            wizard.with_user(other).action_reject()
        models = self.env["ir.model"].search(
            [("transient", "=", True), ("model", "=like", "jxc.%")]
        )
        own = models.filtered(
            lambda one: self.env[one.model]._original_module == "jxc_purchase"
        )
        self.assertGreater(len(own), 8)
        rules = self.env["ir.rule"].search([("model_id", "in", models.ids)])
        for model in own:
            self.assertIn(
                "create_uid",
                " ".join(
                    rules.filtered(lambda rule, m=model: rule.model_id == m).mapped(
                        "domain_force"
                    )
                ),
                model.model,
            )

    def test_name_of_line(self):
        budget = self._create_budget(
            {"analytic_account_id": self.shop.id, "amount_planned": 1.0}
        )
        for user in (self.buyer, self.planner, self.executive):
            line = budget.line_ids.with_user(user)
            line.invalidate_recordset()
            self.assertIn("Shop", line.display_name)

    def test_book_reader_reads(self):
        """Who reads the books only sees plan and execution, and changes nothing."""
        reader = new_test_user(
            self.env,
            "book_reader",
            groups="base.group_user,account.group_account_readonly",
            company_id=self.company.id,
        )
        order = self._create_order((self.bread, 1, 900.0))
        order.button_confirm()
        menus = self.env["ir.ui.menu"].with_user(reader)._visible_menu_ids()
        self.assertIn(
            self.env.ref("jxc_purchase.jxc_budget_report_finance_menu").id, menus
        )
        report = self.env["jxc.budget.report"].with_user(reader)
        rows = report.search([("budget_id", "=", self.budget.id)])
        self.assertTrue(rows)
        for name in ("budget_id", "line_id", "category_id", "partner_id", "kind"):
            groups = report.formatted_read_group(
                [("budget_id", "=", self.budget.id)], [name], ["amount_available:sum"]
            )
            total = sum(group["amount_available:sum"] for group in groups)
            self.assertEqual(total, 100.0, name)
        rows.read()
        line = self.line.with_user(reader)
        self.assertEqual(line.amount_available, 100.0)
        self.assertEqual(line.entry_ids.amount, 900.0)
        for attempt in (
            lambda: line.write({"amount_planned": 5000.0}),
            lambda: line.budget_id.action_close(),
            lambda: self.env["jxc.purchase.budget"].with_user(reader).create({}),
            lambda: (
                self.env["jxc.purchase.budget.transfer"].with_user(reader).create({})
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_executive_reads(self):
        order = self._create_order((self.bread, 1, 900.0))
        order.button_confirm()
        line = self.line.with_user(self.executive)
        self.assertEqual(line.amount_committed, 900.0)
        self.assertEqual(line.entry_ids.document_name, order.display_name)
        self.assertEqual(order.with_user(self.executive).amount_untaxed, 900.0)
        with self.assertRaises(AccessError):
            line.write({"amount_planned": 1.0})
        with self.assertRaises(AccessError):
            order.with_user(self.executive).write({"note": "x"})

    def test_others_see_nothing(self):
        for model in (
            "jxc.purchase.budget",
            "jxc.purchase.budget.line",
            "jxc.budget.entry",
        ):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.nobody).search([])

    def test_other_company_is_hidden(self):
        other = self.setup_other_company()["company"]
        theirs = self._create_budget(10.0, company_id=other.id)
        for user in (self.buyer, self.planner, self.executive):
            self.assertFalse(
                self.env["jxc.purchase.budget"]
                .with_user(user)
                .search([("id", "=", theirs.id)])
            )
            with self.assertRaises(AccessError):
                theirs.line_ids.with_user(user).read(["amount_planned"])

    def test_match_cannot_be_written(self):
        order = self._create_order((self.bread, 1, 900.0))
        with self.assertRaises(UserError):
            order.with_user(self.buyer).order_line.write({"jxc_budget_match": {"a": 1}})
        with self.assertRaises(UserError):
            self._create_bill(order).invoice_line_ids.write(
                {"jxc_budget_match": {"a": 1}}
            )
