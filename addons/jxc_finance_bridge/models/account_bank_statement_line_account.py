# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What partners owe is booked on their account, by the documents or the partner.
NOT_CHOSEN = ("asset_receivable", "liability_payable", "off_balance")
#: What banks call what they charge and pay by themselves; interest goes first.
WORDS = {
    "interest": ("利息", "结息", "interest"),
    "fee": (
        "手续费",
        "工本费",
        "汇划费",
        "账户管理费",
        "短信费",
        "bank fee",
        "bank charge",
    ),
}
#: Interest by chart; where there is no such account it is booked like fees.
INTEREST = {"cn": "560301", "cn_large_bis": "660301"}


class AccountBankStatementLine(models.Model):
    """Money that settles nothing: fees, interest, taxes."""

    _inherit = "account.bank.statement.line"

    jxc_account_id = fields.Many2one(
        "account.account",
        string="Counterpart Account",
        copy=False,
        check_company=True,
        domain=f"[('account_type', 'not in', {NOT_CHOSEN})]",
        help="Books the money on this account instead of a partner's, for example bank"
        " fees and interest.",
    )

    @api.constrains(
        "jxc_account_id", "jxc_proposed_line_ids", "jxc_proposed_partner_id"
    )
    def _check_jxc_account(self):
        """
        :raise ValidationError: for an account of customers, vendors or a bank, one
            beside documents, or an advance of nobody
        """
        lines = self.filtered("jxc_account_id")
        banks = lines._jxc_get_bank_accounts()
        for line in lines:
            account = line.jxc_account_id
            if account.account_type in NOT_CHOSEN or account in banks:
                text = self.env._(
                    "%(line)s: %(account)s is no account to book fees, interest and the"
                    " like on. Name the partner for what is owed; for money moved to"
                    " another bank account choose the account of transfers.",
                    line=line.payment_ref,
                    account=account.display_name,
                )
            elif line.jxc_proposed_line_ids:
                text = self.env._(
                    "%(line)s settles documents and is for %(account)s: keep one of"
                    " them.",
                    line=line.payment_ref,
                    account=account.display_name,
                )
            elif account in line.company_id._jxc_get_advance_accounts() and not (
                line.jxc_proposed_partner_id
            ):
                text = self.env._(
                    "%(line)s: say whose advance on %(account)s it is.",
                    line=line.payment_ref,
                    account=account.display_name,
                )
            else:
                continue
            raise ValidationError(text)

    def _jxc_get_bank_accounts(self):
        """Accounts whose transactions are imported, and where they wait."""
        # sudo: which accounts are those of banks is no secret
        journals = (
            self.env["account.journal"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("type", "in", ("bank", "credit")),
                ]
            )
        )
        journals |= self.journal_id.sudo()
        return journals.default_account_id | journals.suspense_account_id

    # Proposing --------------------------------------------------------------------

    def _jxc_propose_accounts(self, company):
        """Propose an account for lines of nobody whose memo says what they are."""
        accounts = {}
        for line in self.filtered(lambda line: not line.jxc_proposed_partner_id):
            word = line._jxc_find_word()
            if not word:
                continue
            if word not in accounts:
                accounts[word] = self._jxc_get_word_account(company, word)
            if accounts[word]:
                line.write(
                    {"jxc_account_id": accounts[word].id, "jxc_proposal": "words"}
                )

    def _jxc_find_word(self):
        """The key of WORDS that the memo speaks of; banks pay no fees."""
        self.ensure_one()
        memo = (self.payment_ref or "").lower()
        return next(
            (
                key
                for key, words in WORDS.items()
                if (key != "fee" or self.amount < 0)
                and any(word in memo for word in words)
            ),
            None,
        )

    def _jxc_get_word_account(self, company, word):
        """The company's account of fees or interest, none where it has none."""
        # sudo: who matches bank statements need not read the settings
        fees = company.sudo().jxc_settlement_fee_account_id
        code = INTEREST.get(company.root_id.chart_template)
        if word != "interest" or not code:
            return fees
        accounts = self.env["account.account"].with_company(company)
        found = accounts.search(
            [*accounts._check_company_domain(company), ("code", "=", code)], limit=1
        )
        return found or fees
