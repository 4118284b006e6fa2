# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcFinancePeriod(models.Model):
    _inherit = "jxc.finance.period"

    def _jxc_close_checks(self):
        """Stock and bills of a month are in order before the profit is moved."""
        return [
            *super()._jxc_close_checks(),
            *self._check_stock_taken(),
            self._check_matches(),
        ]

    def _check_stock_taken(self):
        """Where stock is booked at movement, its month-end is taken and agrees."""
        booking = (
            self.env["res.company"]
            .sudo()
            .search([("id", "child_of", self.company_id.id)])
            .filtered("jxc_books_stock")
        )
        if not booking:
            return []
        taken = (
            self.env["jxc.stock.snapshot"]
            .sudo()
            .search([("company_id", "in", booking.ids), ("date", "=", self.date_to)])
        )
        missing = booking - taken.company_id
        differing = taken.filtered(lambda snapshot: not snapshot.is_tied)
        return [
            self._prepare_result(
                "stock_taken",
                self.env._("The month-end of stock is taken"),
                "error" if missing else "ok",
                len(missing),
                self.env._(
                    "Take the stock month-end of %(companies)s.",
                    companies=", ".join(missing.mapped("name")),
                ),
                "jxc.stock.snapshot",
                [("company_id", "in", booking.ids)],
            ),
            self._prepare_result(
                "stock_tied",
                self.env._("Stock, accrued receipts and goods shipped agree"),
                "error" if differing else "ok",
                len(differing),
                self.env._("The month-end of stock differs from the accounts."),
                "jxc.stock.snapshot",
                [("id", "in", differing.ids)],
            ),
        ]

    def _check_matches(self):
        return self._prepare_check(
            "matches",
            self.env._("Bills beyond tolerance are decided"),
            "jxc.invoice.match",
            [
                *self._get_company_domain(self.company_id),
                ("is_open", "=", True),
                ("move_id.state", "=", "posted"),
                ("move_id.date", ">=", self.date_from),
                ("move_id.date", "<=", self.date_to),
            ],
            self.env._("Release or correct the bills that do not match."),
            "warning",
        )
