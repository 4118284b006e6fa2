# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditAccess(CreditCommon):
    def test_salespeople_read_only(self):
        account = self.account.with_user(self.salesman)
        self.assertEqual(account.credit_limit, 1000)
        self.assertEqual(account.available, 1000)
        for change in (
            lambda: account.write({"credit_limit": 9}),
            lambda: account.write({"order_action": "none"}),
            account.unlink,
            lambda: account.create({"partner_id": self.partner_a.id}),
            lambda: self._raise(self.salesman),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_credit_manager_opens_the_orders_they_judge(self):
        """The form reads deliveries too, in columns that few users show."""
        manager = self._create_user("jxc_credit_only", "jxc_base.group_credit_manager")
        self.account.order_action = "hold"
        confirmed, held = self._create_order(5), self._create_order(20)
        confirmed.action_confirm()
        held.action_confirm()
        self.assertTrue(confirmed.order_line.move_ids)
        self.assertEqual((confirmed.state, held.jxc_credit_state), ("sale", "hold"))
        for order in (confirmed, held):
            self.env.invalidate_all()
            form = Form(order.with_user(manager))
            self.assertEqual(len(form.order_line), 1)
        with self.assertRaises(AccessError):
            confirmed.order_line.move_ids.with_user(manager).write({"origin": "x"})

    def test_sales_manager_is_no_credit_manager(self):
        manager = self._create_user("jxc_manager", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            self.account.with_user(manager).credit_limit = 5000
        with self.assertRaises(AccessError):
            self._raise(manager)

    def test_outsiders_see_nothing(self):
        for groups in ("base.group_user", "base.group_portal"):
            user = self._create_user("jxc_" + groups.replace(".", "_"), groups)
            with self.assertRaises(AccessError):
                self.account.with_user(user).read(["credit_limit"])

    def test_credit_manager(self):
        manager = self._create_user("jxc_credit", "jxc_base.group_credit_manager")
        self.account.with_user(manager).write({"credit_limit": 50, "credit_days": 45})
        term = self.customer.with_company(self.company).property_payment_term_id
        self.assertEqual(term.line_ids.nb_days, 45)
        raised = self._raise(manager)
        self.assertEqual(raised.user_id, manager)
        for values in ({"amount": 1}, {"until": "2199-01-01"}, {"reason": "x"}):
            with self.assertRaises(UserError):
                raised.write(values)
        with self.assertRaises(UserError):
            raised.unlink()
        with self.assertRaises(AccessError):
            raised.with_user(self.salesman).action_revoke()

    def test_executive_reads(self):
        executive = self._create_user("jxc_executive", "jxc_base.group_executive")
        order = self._create_order(2)
        order.action_confirm()
        order = order.with_user(executive)
        self.assertEqual(order.order_line.price_subtotal, 200)
        self.assertEqual(self.account.with_user(executive).exposure, 200)
        for model in ("sale.order", "jxc.credit.account", "jxc.credit.override"):
            views = self.env[model].with_user(executive).get_views([(False, "form")])
            names = views["models"][model]["fields"]
            record = {"sale.order": order}.get(
                model, self.env[model].search([], limit=1)
            )
            record = record.with_user(executive)
            shown = {name: {} for name in names if self._is_shown(views, name)}
            record.invalidate_recordset()
            self.assertTrue(shown)
            record.web_read(shown)
        menus = self.env["ir.ui.menu"].with_user(executive)._visible_menu_ids()
        self.assertIn(self.env.ref("sale.menu_sale_order").id, menus)
        self.assertIn(self.env.ref("jxc_sales.jxc_credit_account_menu").id, menus)
        for change in (
            lambda: order.write({"client_order_ref": "x"}),
            lambda: order.order_line.write({"price_unit": 1}),
            order.action_cancel,
            lambda: self.account.with_user(executive).write({"credit_limit": 1}),
        ):
            with self.assertRaises(AccessError):
                change()

    def _is_shown(self, views, name):
        return f'name="{name}"' in views["views"]["form"]["arch"]

    def test_two_companies(self):
        other = self.setup_other_company()["company"]
        foreign = self.env["jxc.credit.account"].create(
            {"partner_id": self.customer.id, "company_id": other.id, "credit_limit": 1}
        )
        self._create_order(10).action_confirm()
        self.assertEqual(self._exposure(), 1000)
        self.assertEqual(self._exposure(foreign), 0)
        accounts = self.env["jxc.credit.account"].with_user(self.salesman).search([])
        self.assertIn(self.account, accounts)
        self.assertNotIn(foreign, accounts)
        with self.assertRaises(AccessError):
            foreign.with_user(self.salesman).read(["credit_limit"])

    def test_salespeople_of_own_documents_read_own_releases(self):
        """As with orders: what was released for a colleague's is not theirs to read."""
        own_only = self._create_user("jxc_own", "sales_team.group_sale_salesman")
        orders = self._create_order(1, user_id=own_only.id) | self._create_order(
            1, user_id=self.salesman.id
        )
        orders.action_jxc_credit_release(reason="Fair")
        releases = self.env["jxc.credit.release"].search(
            [("order_id", "in", orders.ids)]
        )
        self.assertEqual(len(releases), 2)
        seen = self.env["jxc.credit.release"].with_user(own_only).search([])
        self.assertEqual(
            seen & releases,
            releases.filtered(lambda release: release.order_id == orders[0]),
        )
        for groups in (
            "sales_team.group_sale_salesman_all_leads",
            "account.group_account_invoice",
            "jxc_base.group_credit_manager,sales_team.group_sale_salesman",
            "jxc_base.group_executive,sales_team.group_sale_salesman",
        ):
            user = self._create_user("jxc_" + groups.replace(",", "_"), groups)
            with self.subTest(groups):
                seen = self.env["jxc.credit.release"].with_user(user).search([])
                self.assertEqual(seen & releases, releases)

    def test_every_model_keeps_companies_apart(self):
        """Whatever has a company has a rule for everybody, and rights for somebody."""
        models = self.env["ir.model"].search([("model", "=like", "jxc.%")])
        own = models.filtered(lambda model: "jxc_sales" in model.modules.split(", "))
        own = own.filtered(lambda model: not self.env[model.model]._abstract)
        self.assertGreater(len(own), 25)
        rules = self.env["ir.rule"].search([("model_id", "in", own.ids)])
        for model in own:
            records = self.env[model.model]
            with self.subTest(model.model):
                self.assertTrue(model.access_ids)
                self.assertTrue(all(model.access_ids.mapped("group_id")))
                mine = rules.filtered(
                    lambda rule, model=model: rule.model_id == model and not rule.groups
                )
                domains = " ".join(mine.mapped("domain_force"))
                if records._transient:
                    self.assertIn("create_uid", domains)
                elif "company_id" in records._fields:
                    self.assertIn("company_ids", domains)

    def _raise(self, user):
        return (
            self.env["jxc.credit.override"]
            .with_user(user)
            .create(
                {
                    "account_id": self.account.id,
                    "amount": 100,
                    "until": "2199-12-31",
                    "reason": "Asked nicely",
                    "user_id": self.env.ref("base.user_admin").id,
                }
            )
        )
