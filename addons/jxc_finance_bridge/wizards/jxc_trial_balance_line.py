# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcTrialBalanceLine(models.TransientModel):
    _name = "jxc.trial.balance.line"
    _description = "Trial Balance Account"
    _order = "sequence, id"

    balance_id = fields.Many2one(
        comodel_name="jxc.trial.balance",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer()
    account_ids = fields.Many2many(
        comodel_name="account.account",
        string="Ledger Accounts",
    )
    code = fields.Char()
    name = fields.Char(string="Account")
    currency_id = fields.Many2one(related="balance_id.currency_id")
    opening_debit = fields.Monetary()
    opening_credit = fields.Monetary()
    period_debit = fields.Monetary()
    period_credit = fields.Monetary()
    year_debit = fields.Monetary()
    year_credit = fields.Monetary()
    closing_debit = fields.Monetary()
    closing_credit = fields.Monetary()

    def action_view_items(self):
        """The posted journal items of the period behind this row."""
        self.ensure_one()
        balance = self.balance_id
        companies = balance._get_companies(
            balance._check_company(balance.company_id.id)
        )
        return self.env["account.move.line"]._jxc_items_action(
            f"{self.code} {self.name}".strip(),
            [
                ("account_id", "in", self.account_ids.ids),
                ("company_id", "in", companies.ids),
                ("parent_state", "=", "posted"),
                ("date", ">=", fields.Date.to_string(balance.date_from)),
                ("date", "<=", fields.Date.to_string(balance.date_to)),
            ],
        )
