# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .analysis_common import COSTS, AnalysisCommon


@tagged("post_install", "-at_install")
class TestSaleAnalysisAccess(AnalysisCommon):
    def _user(self, login, groups, company=None):
        company = company or self.company
        return new_test_user(
            self.env,
            login,
            groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def test_salesperson_sees_own_sales_and_no_margin(self):
        clerk = self._user("jxc_clerk", "sales_team.group_sale_salesman")
        self._sold_on("2026-03-10", 3, user_id=clerk.id)
        self._sold_on("2026-03-10", 5, user_id=self.env.user.id)
        self.assertEqual(self._read("revenue", user=clerk)["revenue"], 300)
        for name in ("margin", "cost", "margin_rate"):
            with self.assertRaises(AccessError):
                self._read(name, user=clerk)
            with self.assertRaises(AccessError):
                self.analysis.with_user(clerk).search([(name, ">", 0)])
            rows = self.analysis.with_user(clerk).search([])
            with self.assertRaises(AccessError):
                rows.mapped(name)
            self.assertNotIn(name, rows.fields_get())
            rows.env.user.group_ids += self.env.ref("base.group_allow_export")
            with self.assertRaises(AccessError):
                rows.export_data([name])

    def test_salesperson_finds_the_reports(self):
        """What he may read, a menu leads to, and no menu to what he may not."""
        clerk = self._user("jxc_clerk", "sales_team.group_sale_salesman")
        menus = self.env["ir.ui.menu"].with_user(clerk)
        menus = menus.browse(menus._visible_menu_ids())
        shown = self.env.ref("sale.menu_sale_report").child_id & menus
        self.assertIn(self.env.ref("jxc_sales.jxc_sale_analysis_menu"), shown)
        for menu in shown.filtered("action"):
            model = self.env[menu.action.res_model].with_user(clerk)
            self.assertTrue(model.has_access("read"), menu.name)

    def test_margin_by_right(self):
        boss = self._user("jxc_boss", f"sales_team.group_sale_manager,{COSTS}")
        self._sell(2)
        self.assertAlmostEqual(self._read("margin", user=boss)["margin"], 80)

    def test_executive_reads_all_and_changes_nothing(self):
        executive = self._user("jxc_exec", "jxc_base.group_executive")
        self._sell(2)
        self.assertAlmostEqual(self._read("margin", user=executive)["margin"], 80)
        row = self.analysis.with_user(executive).search([], limit=1)
        with self.assertRaises(AccessError):
            row.write({"qty": 0})

    def test_others_see_nothing(self):
        for groups in ("base.group_user", "base.group_portal"):
            user = self._user(f"jxc_{groups[-4:]}", groups)
            for model in ("jxc.sale.analysis", "jxc.sale.funnel"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_companies_are_kept_apart(self):
        other = self.env["res.company"].create({"name": "Other", "country_id": False})
        stranger = self._user("jxc_there", "sales_team.group_sale_manager", other)
        self._sell(2)
        self.env.flush_all()
        for model in ("jxc.sale.analysis", "jxc.sale.funnel"):
            found = self.env[model].with_user(stranger).search([])
            self.assertNotIn(self.company.id, found.mapped("company_id").ids)
            self.assertFalse(found.filtered(lambda row: row.company_id != other))
