# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Where the finance bridge, if it is there, books what customers pay ahead (预收款).
ADVANCES = "jxc_advance_received_account_id"
RECEIVABLE = SQL("account_type = 'asset_receivable'")


class AccountAccount(models.Model):
    """Accounts that say what customers owe, and what they have paid ahead.

    Receivables, and the account of advances of companies that keep one: a receipt takes
    off what its customer owes on whichever of them it is booked.
    """

    _inherit = "account.account"

    @api.model
    def _jxc_debt_query(self) -> SQL:
        """SELECT of the ids of these accounts."""
        return SQL(
            "SELECT id FROM account_account WHERE %s UNION %s",
            RECEIVABLE,
            self._jxc_advances_query(),
        )

    @api.model
    def _jxc_advances_query(self) -> SQL:
        """SELECT of the ids of the accounts of advances received."""
        if ADVANCES not in self.env["res.company"]._fields:
            return SQL("SELECT NULL::int WHERE FALSE")
        self.env["res.company"].flush_model([ADVANCES])
        account = SQL.identifier(ADVANCES)
        return SQL("SELECT %s FROM res_company WHERE %s IS NOT NULL", account, account)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _jxc_is_debt(self):
        """Whether one item says what a customer owes, or has paid ahead."""
        self.ensure_one()
        return self.account_type == "asset_receivable" or (
            bool(self.account_id & self.company_id._jxc_advances())
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    def _jxc_advances(self):
        """The accounts of advances received of these companies; may be none.

        Branches book on those of their company.
        """
        if ADVANCES not in self._fields:
            return self.env["account.account"]
        # sudo: whose money it is, is asked by who need not read settings
        return self.sudo().parent_ids[ADVANCES].with_env(self.env)

    def _jxc_debt_domain(self):
        """Return the domain of the journal items of what their customers owe."""
        return Domain("account_type", "=", "asset_receivable") | Domain(
            "account_id", "in", self._jxc_advances().ids
        )
