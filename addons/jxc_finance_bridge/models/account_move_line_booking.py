# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _compute_account_id(self):
        """Where only the difference is booked on the bill, it settles the accrual."""
        super()._compute_account_id()
        for line in self:
            if line._jxc_settles_accrual():
                line.account_id = line.company_id.sudo().jxc_accrual_account_id

    def write(self, vals):
        """Bill lines matched to an order count from then on, posted ones at once."""
        if "purchase_line_id" not in vals:
            return super().write(vals)
        before = self.purchase_line_id
        result = super().write(vals)
        for line in self:
            if line.parent_state == "posted":
                self.env["jxc.stock.booking"]._book(
                    line.company_id,
                    line.date,
                    before | line.purchase_line_id,
                    document=line.move_id.name,
                )
            elif line._jxc_settles_accrual() and line._jxc_is_on_stock():
                line.account_id = line.company_id.sudo().jxc_accrual_account_id
        return result

    def _eligible_for_stock_account(self):
        """Goods that went straight to the customer are booked like others."""
        if (
            self.company_id.sudo().jxc_books_stock
            and self.purchase_line_id
            and self.move_id.is_purchase_document()
        ):
            return self.product_id.is_storable
        return super()._eligible_for_stock_account()

    def _jxc_settles_accrual(self):
        """Whether this bill line is booked against what was accrued for its order."""
        self.ensure_one()
        company = self.company_id.sudo()
        return (
            company.jxc_books_stock
            and company.jxc_accrual_method == "difference"
            and self.purchase_line_id
            and self.move_id.is_purchase_document()
            and self.purchase_line_id._jxc_is_booked(company)
            and self._eligible_for_stock_account()
        )

    def _jxc_is_on_stock(self):
        product = self.product_id.with_company(self.company_id)
        return self.account_id == product._get_product_accounts()["stock_valuation"]
