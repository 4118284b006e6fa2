# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS, Command
from odoo.tools import SQL


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    jxc_bank_key = fields.Char(string="Bank Transaction", copy=False, groups=NO_ACCESS)
    jxc_bank_said = fields.Json(
        string="Texts of the Bank",
        copy=False,
        groups=NO_ACCESS,
        prefetch=False,
        export_string_translation=False,
    )
    jxc_proposed_partner_id = fields.Many2one(
        "res.partner", string="Proposed Partner", copy=False, check_company=True
    )
    jxc_proposed_line_ids = fields.Many2many(
        "account.move.line",
        "jxc_bank_proposal_rel",
        "statement_line_id",
        "move_line_id",
        string="Proposed Documents",
        copy=False,
        help="Open items that the money settles, oldest due first; what is left over"
        " stays open on the partner's account.",
    )
    jxc_proposal = fields.Selection(
        selection=[
            ("document", "Document number"),
            ("amount", "Equal amount"),
            ("due", "Oldest due"),
            ("partner", "Partner only"),
            ("words", "Words of the memo"),
        ],
        string="Proposed By",
        copy=False,
        readonly=True,
    )

    _jxc_bank_key_unique = models.UniqueIndex(
        "(journal_id, jxc_bank_key) WHERE jxc_bank_key IS NOT NULL",
        "This transaction of the bank was imported meanwhile. Check the file again.",
    )

    def action_jxc_accept(self):
        """Book lines on the account chosen, or of their proposed partner, and settle.

        Money in settles what customers owe and what vendors refund; money out settles
        what we owe vendors and what we refund customers. The settlement of each line is
        applied; :meth:`action_jxc_take_back` takes both back.

        :raise AccessError: for others than accountants
        :raise UserError: for lines without partner and account, or matched already
        """
        self._jxc_check_may_match()
        self.env.flush_all()
        if self:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM account_bank_statement_line WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE",
                    tuple(self.ids),
                )
            )
        for line in self:
            if line.is_reconciled:
                raise UserError(
                    self.env._("%(line)s is matched already.", line=line.display_name)
                )
            if not line.jxc_proposed_partner_id and not line.jxc_account_id:
                raise UserError(
                    self.env._(
                        "Say whose money %(line)s of %(amount)s is, or choose the"
                        " account it is for, then accept.",
                        line=line.payment_ref,
                        amount=line.currency_id.format(line.amount),
                    )
                )
        settlements = self.env["jxc.settlement"]
        shares = self._jxc_get_proposed()._jxc_get_shares()
        settled, promised = defaultdict(int), defaultdict(int)
        for parts in shares.values():
            for claim, part in parts.items():
                promised[claim] += part
        # As documents were proposed, however the lines are shown.
        for line in self._jxc_in_turn():
            for claim, part in shares.get(line, {}).items():
                promised[claim] -= part
            settlements += line._jxc_book(settled, promised)
        settlements.action_apply()
        return True

    def action_jxc_take_back(self):
        """Undo the settlements of lines and put them back in suspense.

        :raise UserError: in closed periods
        """
        self._jxc_check_may_match()
        lines = self.move_id.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        settlements = partials.sudo().jxc_settlement_id.sudo(False)
        settlements.action_undo()
        self.action_undo_reconciliation()
        return True

    def _jxc_check_may_match(self):
        """
        :raise AccessError: for others than accountants
        """
        if not self.env.user.has_group("account.group_account_user"):
            raise AccessError(self.env._("Only accountants match bank statements."))
        self.check_access("write")

    # Booking ----------------------------------------------------------------------

    def _jxc_get_kind(self):
        """Of the settlement: refunds settle on the side of what they refund."""
        types = self.jxc_proposed_line_ids.account_id.mapped("account_type")
        return "payable" if "liability_payable" in types else "receivable"

    def _jxc_get_counterpart(self, partner):
        """The account against the bank's: as chosen, of the documents, the partner's.

        :raise UserError: for documents of customers and of vendors together
        """
        self.ensure_one()
        claims = self.jxc_proposed_line_ids
        if len(set(claims.account_id.mapped("account_type"))) > 1:
            raise UserError(
                self.env._(
                    "%(line)s of %(amount)s settles what is owed as a customer and as a"
                    " vendor: %(documents)s. Keep the documents of one, accept, and"
                    " settle the others by a settlement.",
                    line=self.payment_ref,
                    amount=self.currency_id.format(self.amount),
                    documents=", ".join(claims.move_id.mapped("name")),
                )
            )
        name = (
            "property_account_receivable_id"
            if self.amount > 0
            else "property_account_payable_id"
        )
        return self.jxc_account_id or claims[:1].account_id or partner[name]

    def _jxc_book(self, settled, promised):
        """Replace the suspense account; draft the settlement of what is proposed.

        :param settled: {open item: what the lines before this one settle of it}; what
            this one does is added
        :param promised: {open item: what other lines are proposed to settle of it}
        :return: the settlement, none without documents
        """
        self.ensure_one()
        partner = self.jxc_proposed_partner_id.commercial_partner_id
        partner = partner.with_company(self.company_id)
        claims = self.jxc_proposed_line_ids
        account = self._jxc_get_counterpart(partner)
        line = self.with_context(force_delete=True, skip_readonly_check=True)
        line.partner_id = partner or self.partner_id
        line.write(
            {
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(values)
                        for values in line._prepare_move_line_default_vals(account.id)
                    ),
                ]
            }
        )
        settlements = self.env["jxc.settlement"]
        if not claims:
            return settlements
        offset = self.move_id.line_ids.filtered(lambda item: item.account_id == account)
        parts = self._jxc_allocate(settled, promised)
        if not parts:
            return settlements
        for claim, part in parts.items():
            settled[claim] += part
        kind = self._jxc_get_kind()
        sides = ["claim", "offset"]
        if (kind == "receivable") != (self.amount > 0):
            # What is refunded is set against the money, as payments are.
            sides.reverse()
        return settlements.create(
            {
                "kind": kind,
                "company_id": self.company_id.id,
                "date": max(self.date, *claims.mapped("date")),
                "partner_id": partner.id,
                "currency_id": offset.currency_id.id,
                "method": "manual",
                "line_ids": [
                    Command.create(
                        {
                            "side": side,
                            "move_line_id": item.id,
                            "amount": part * self.currency_id.rounding,
                        }
                    )
                    for side, group in zip(
                        sides, (parts, {offset: sum(parts.values())}), strict=True
                    )
                    for item, part in group.items()
                ],
            }
        )

    def _jxc_units(self, amount):
        return round(amount / self.currency_id.rounding)
