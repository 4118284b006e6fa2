# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

ACCOUNT_FIELDS = (
    "jxc_advance_received_account_id",
    "jxc_advance_paid_account_id",
    "jxc_discount_given_account_id",
    "jxc_discount_taken_account_id",
    "jxc_settlement_difference_account_id",
    "jxc_settlement_fee_account_id",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_settlement_journal_id = fields.Many2one(
        "account.journal",
        string="Settlement Journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Where vouchers of settlements are booked; empty: the first general"
        " journal.",
        prefetch=RARELY_READ,
    )
    jxc_advance_received_account_id = fields.Many2one(
        "account.account",
        string="Advances Received Account",
        check_company=True,
        prefetch=RARELY_READ,
    )
    jxc_advance_paid_account_id = fields.Many2one(
        "account.account",
        string="Advances Paid Account",
        check_company=True,
        prefetch=RARELY_READ,
    )
    jxc_discount_given_account_id = fields.Many2one(
        "account.account",
        string="Discounts Given Account",
        check_company=True,
        prefetch=RARELY_READ,
    )
    jxc_discount_taken_account_id = fields.Many2one(
        "account.account",
        string="Discounts Taken Account",
        check_company=True,
        prefetch=RARELY_READ,
    )
    jxc_settlement_difference_account_id = fields.Many2one(
        "account.account",
        string="Small Differences Account",
        check_company=True,
        prefetch=RARELY_READ,
    )
    jxc_settlement_fee_account_id = fields.Many2one(
        "account.account",
        string="Fees Account",
        check_company=True,
        prefetch=RARELY_READ,
    )
    jxc_settlement_tolerance = fields.Float(
        string="Small Differences Up To",
        digits=(16, 2),
        help="What a settlement may write off as small differences, in the currency of"
        " the company.",
        prefetch=RARELY_READ,
    )

    jxc_settlement_write_off_limit = fields.Float(
        string="Discounts and Fees Up To (%)",
        digits=(5, 2),
        default=5.0,
        help="What a settlement may write off as cash discounts and fees, and a payment"
        " as its difference, as a share of what it settles. Accounting managers may"
        " write off more.",
        prefetch=RARELY_READ,
    )

    _jxc_settlement_positive = models.Constraint(
        "CHECK (jxc_settlement_tolerance >= 0)", "Tolerances are not negative."
    )
    _jxc_settlement_limit_share = models.Constraint(
        "CHECK (jxc_settlement_write_off_limit >= 0"
        " AND jxc_settlement_write_off_limit < 100)",
        "Discounts and fees are a share from 0 to less than 100 %: something has to be"
        " settled by money.",
    )

    def _jxc_get_settlement_account(self, name):
        """The account of one of ACCOUNT_FIELDS.

        :raise UserError: when it is not chosen
        """
        self.ensure_one()
        # sudo: who settles need not read the settings
        account = self.sudo()[name]
        if not account:
            raise UserError(
                self.env._(
                    "%(company)s has no account for “%(account)s”. Choose it in the"
                    " accounting settings, or press “Fix All” in the Finance Set-up"
                    " Check.",
                    company=self.display_name,
                    account=self._fields[name]._description_string(self.env),
                )
            )
        return account

    def _jxc_get_settlement_journal(self):
        """The journal of settlement vouchers.

        :raise UserError: when the company has no general journal
        """
        self.ensure_one()
        journals = self.env["account.journal"]
        journal = self.sudo().jxc_settlement_journal_id or journals.sudo().search(
            [*journals._check_company_domain(self), ("type", "=", "general")], limit=1
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no journal of type Miscellaneous to book"
                    " settlements in.",
                    company=self.display_name,
                )
            )
        return journal
