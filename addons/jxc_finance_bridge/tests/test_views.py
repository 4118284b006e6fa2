# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestViews(FinanceBridgeCommon):
    def test_actions_open_forms(self):
        """What the menus run answers with a form the user may read."""
        self._entry("2023-01-01", ("100200", 1, 0), ("300100", 0, 1))
        manager = self._user("views_manager", "account.group_account_manager")
        for xmlid in ("jxc_trial_balance_action", "jxc_finance_setup_action"):
            action = (
                self.env.ref(f"jxc_finance_bridge.{xmlid}").with_user(manager).run()
            )
            record = self.env[action["res_model"]].with_user(manager)
            view = record.get_views([(False, "form")])["views"]["form"]
            self.assertIn("line_ids", view["arch"])
            self.assertTrue(record.browse(action["res_id"]).line_ids)

    def test_uninstall_gives_groups_back(self):
        manager = self.env.ref("account.group_account_manager")
        user = self.env.ref("account.group_account_user")
        readonly = self.env.ref("account.group_account_readonly")
        executive = self.env.ref("jxc_base.group_executive")
        self.assertIn(user, manager.implied_ids)
        self.assertIn(readonly, executive.implied_ids)
        menu = self.env.ref("account_financial_report.menu_oca_reports")
        self.assertEqual(menu.group_ids, self.env.ref("base.group_no_one"))
        uninstall_hook(self.env)
        self.assertEqual(menu.group_ids, readonly)
        self.assertNotIn(user, manager.implied_ids)
        self.assertNotIn(readonly, executive.implied_ids)
        self.assertFalse((user | readonly).privilege_id)
