# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .booking_common import BookingCommon


@tagged("post_install", "-at_install")
class TestStockBookingViews(BookingCommon):
    def test_executives_read_only(self):
        executive = self._user("booking_executive", "jxc_base.group_executive")
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        snapshot = self._take("2026-01-31")
        for name in ("accrual", "shipped", "snapshot"):
            action = self.env.ref(f"jxc_finance_bridge.jxc_stock_{name}_action")
            records = self.env[action.res_model].with_user(executive)
            kinds = action.view_mode.split(",")
            views = records.get_views([(False, kind) for kind in [*kinds, "search"]])
            self.assertEqual(set(views["views"]), {*kinds, "search"})
            self.assertFalse(records.has_access("create"))
            self.assertFalse(records.has_access("write"))
        self.assertTrue(snapshot.with_user(executive).is_tied)
        row = line.jxc_accrual_ids.with_user(executive)
        self.assertEqual(row.action_open_entry()["res_id"], row.move_id.id)
        self.assertEqual(row.display_name, row.document)

    def test_settings_page(self):
        settings = self.env["res.config.settings"].sudo().create({})
        settings.jxc_accrual_method = "difference"
        settings.execute()
        self.assertEqual(self.company.jxc_accrual_method, "difference")
