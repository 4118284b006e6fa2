# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

#: What is owed between the company and its partners: the type of accounts, and the
#: company's account of advances (预收, 预付), which settlements set against them.
OWED = {
    "receivable": ("asset_receivable", "jxc_advance_received_account_id"),
    "payable": ("liability_payable", "jxc_advance_paid_account_id"),
}


class ResCompany(models.Model):
    """The accounts that statements of account, ageing and open items read."""

    _inherit = "res.company"

    def _jxc_get_owed_domain(self, *kinds):
        """Domain of the journal items by which companies and partners owe each other.

        What a customer paid in advance is owed to it until it is settled, and lowers
        what it owes; the same with vendors.

        :param kinds: of receivable and payable, one or both
        :return: Domain on account.move.line, companies and dates left to the caller
        """
        types, accounts = [], self.env["account.account"]
        for kind in kinds:
            account_type, field = OWED[kind]
            types.append(account_type)
            # sudo: who reads the books need not read the settings
            accounts |= self.sudo()[field].sudo(False)
        owed = Domain("account_type", "in", types) | Domain("id", "in", accounts.ids)
        return Domain("account_id", "any", owed)

    def _jxc_get_advance_accounts(self):
        """The accounts of advances received and paid."""
        # sudo: who books need not read the settings
        companies, accounts = self.sudo(), self.env["account.account"]
        for _type, field in OWED.values():
            accounts |= companies[field].sudo(False)
        return accounts
