# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.depends("purchase_line_id")
    def _compute_account_id(self):
        """Where only the difference is booked on the bill, it settles the accrual."""
        super()._compute_account_id()
        for line in self:
            company = line.company_id.sudo()
            if (
                company.jxc_books_stock
                and company.jxc_accrual_method == "difference"
                and line.purchase_line_id
                and line.move_id.is_purchase_document()
                and line.purchase_line_id._jxc_is_booked(company)
                and line._eligible_for_stock_account()
            ):
                line.account_id = company.jxc_accrual_account_id

    def write(self, vals):
        """Bill lines matched to an order after posting count from then on."""
        if "purchase_line_id" not in vals:
            return super().write(vals)
        before = self.purchase_line_id
        result = super().write(vals)
        posted = self.filtered(lambda line: line.parent_state == "posted")
        for line in posted:
            self.env["jxc.stock.booking"]._book(
                line.company_id,
                line.date,
                before | line.purchase_line_id,
                document=line.move_id.name,
            )
        return result
