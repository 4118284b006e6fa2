# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

#: Writing one of these on a posted item may leave a customer owing less.
MONEY_FIELDS = {
    "account_id",
    "amount_currency",
    "balance",
    "credit",
    "debit",
    "partner_id",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    jxc_credit_open = fields.Monetary(
        string="Open for Credit",
        compute="_compute_jxc_credit_open",
        compute_sudo=True,
        currency_field="company_currency_id",
        help="What the customer's exposure counts of this item: what is open, and what"
        " only a document settles that was reset to draft.",
    )

    jxc_credit_open_currency = fields.Monetary(
        string="Open in Its Currency",
        compute="_compute_jxc_credit_open",
        compute_sudo=True,
        currency_field="currency_id",
    )

    # Exactly the condition of the exposure query, and what it reads: paid invoices
    # cost nothing there, and open ones are added up from the index alone.
    _jxc_open_item_idx = models.Index(
        "(partner_id, company_id)"
        " INCLUDE (account_id, amount_residual, date_maturity, date)"
        " WHERE parent_state = 'posted' AND amount_residual <> 0"
    )
    # Items of documents that were reset to draft and keep what was set against them.
    _jxc_drafted_item_idx = models.Index(
        "(partner_id, company_id)"
        " WHERE parent_state = 'draft' AND matching_number IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._jxc_tell_money()
        return items

    def write(self, vals):
        """Keep who owes what is posted: another customer's limit was not asked.

        :raise UserError: naming the entry
        """
        if "partner_id" in vals and not self.env.su:
            self._jxc_check_debtor(vals["partner_id"])
        if "account_id" in vals and not self.env.su:
            self._jxc_check_receivable(vals["account_id"])
        result = super().write(vals)
        if MONEY_FIELDS & set(vals):
            self._jxc_tell_money()
        return result

    def _jxc_tell_money(self):
        """Have orders on hold judged again when posted items are the customers' now.

        Entries are posted with their items, but for bank transactions: those are
        posted in suspense, and booked to whoever paid afterwards.
        """
        if any(item.parent_state == "posted" and item._jxc_is_debt() for item in self):
            self.env["jxc.credit.account"]._jxc_judge_holds_soon()

    def _jxc_check_receivable(self, account_id):
        """
        :raise UserError: for what a customer owes by a posted item, and would not any
            more
        """
        account = self.env["account.account"].browse(account_id or ())
        if account.account_type == "asset_receivable" or (
            account & self.company_id._jxc_advances()
        ):
            return
        moved = self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line._jxc_is_debt()
                and line.partner_id
                and not line.move_id.statement_line_id
            )
        )
        if moved:
            raise UserError(
                self.env._(
                    "%(entries)s is posted: its customer owes it. Reset it to draft to"
                    " change the account.",
                    entries=", ".join(moved.move_id.mapped("name")),
                )
            )

    def _jxc_check_debtor(self, partner_id):
        """
        :raise UserError: for another customer of a posted receivable item; whom a bank
            transaction or an item of nobody is from is found out later
        """
        partner = self.env["res.partner"].browse(partner_id or ())
        moved = self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line._jxc_is_debt()
                and line.partner_id
                and not line.move_id.statement_line_id
                and line.partner_id.commercial_partner_id
                != partner.commercial_partner_id
            )
        )
        if moved:
            raise UserError(
                self.env._(
                    "%(entries)s is posted: its customer owes it. Reset it to draft to"
                    " change the customer.",
                    entries=", ".join(moved.move_id.mapped("name")),
                )
            )

    @api.depends(
        "amount_residual",
        "amount_residual_currency",
        "matched_credit_ids.amount",
        "matched_credit_ids.debit_amount_currency",
        "matched_credit_ids.credit_move_id.parent_state",
        "matched_debit_ids.amount",
        "matched_debit_ids.credit_amount_currency",
        "matched_debit_ids.debit_move_id.parent_state",
        "parent_state",
    )
    def _compute_jxc_credit_open(self):
        for item in self:
            if item.parent_state != "posted":
                item.jxc_credit_open = item.jxc_credit_open_currency = 0.0
                continue
            credits = item.matched_credit_ids.filtered(
                lambda partial: partial.credit_move_id.parent_state == "draft"
            )
            debits = item.matched_debit_ids.filtered(
                lambda partial: partial.debit_move_id.parent_state == "draft"
            )
            item.jxc_credit_open = (
                item.amount_residual
                + sum(credits.mapped("amount"))
                - sum(debits.mapped("amount"))
            )
            item.jxc_credit_open_currency = (
                item.amount_residual_currency
                + sum(credits.mapped("debit_amount_currency"))
                - sum(debits.mapped("credit_amount_currency"))
            )
