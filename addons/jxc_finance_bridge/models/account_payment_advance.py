# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_company_settlement import ACCOUNT_FIELDS

#: The account of advances by whom the payment is with.
ACCOUNTS = dict(zip(("customer", "supplier"), ACCOUNT_FIELDS[:2], strict=True))


class AccountPayment(models.Model):
    """Advances received and paid (预收款, 预付款) are booked on their own accounts."""

    _inherit = "account.payment"

    jxc_is_advance = fields.Boolean(
        string="Advance",
        tracking=True,
        help="Books the payment on the company's account of advances received or paid;"
        " a settlement sets it against invoices later.",
    )

    @api.depends("jxc_is_advance")
    def _compute_destination_account_id(self):
        super()._compute_destination_account_id()
        for payment in self.filtered("jxc_is_advance"):
            account = payment._jxc_get_advance_account()
            payment.destination_account_id = account or payment.destination_account_id

    @api.constrains(
        "jxc_is_advance",
        "destination_account_id",
        "journal_id",
        "partner_id",
        "partner_type",
    )
    def _check_jxc_is_advance(self):
        """
        :raise UserError: when the company has no account for advances
        :raise ValidationError: for advances of nobody, or on another account
        """
        for payment in self.filtered("jxc_is_advance"):
            account = payment.company_id._jxc_get_settlement_account(
                ACCOUNTS[payment.partner_type]
            )
            if not payment.partner_id:
                raise ValidationError(
                    self.env._(
                        "Say from or to whom the advance of %(amount)s is.",
                        amount=payment.currency_id.format(payment.amount),
                    )
                )
            if payment.destination_account_id != account:
                raise ValidationError(
                    self.env._(
                        "%(payment)s: advances are booked on %(account)s; take the mark"
                        " “Advance” off to book it on another account.",
                        payment=payment.display_name,
                        account=account.sudo().display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        for payment, vals in zip(payments, vals_list, strict=True):
            payment._jxc_mark_advance(vals)
        return payments

    def write(self, vals):
        result = super().write(vals)
        for payment in self:
            payment._jxc_mark_advance(vals)
        return result

    @api.model
    def _get_trigger_fields_to_synchronize(self):
        """The mark says on which account the entry of a draft is."""
        return (*super()._get_trigger_fields_to_synchronize(), "jxc_is_advance")

    def _seek_for_lines(self):
        """The item on an account of advances is what the payment is about.

        The platform takes it for a second write-off, and would drop the first one
        whenever a draft is changed.
        """
        money, settled, written_off = super()._seek_for_lines()
        if not settled:
            accounts = self.company_id._jxc_get_advance_accounts()
            settled = written_off.filtered(lambda line: line.account_id in accounts)
        return money, settled, written_off - settled

    def _jxc_mark_advance(self, vals):
        """Mark a payment that was given the account of advances."""
        self.ensure_one()
        if "destination_account_id" not in vals or "jxc_is_advance" in vals:
            return
        given = self.destination_account_id
        if (
            given
            and not self.jxc_is_advance
            and given == self._jxc_get_advance_account()
        ):
            self.jxc_is_advance = True

    def _jxc_get_advance_account(self):
        """The company's account for advances of this side, if it has one."""
        self.ensure_one()
        field = ACCOUNTS.get(self.partner_type)
        # sudo: who books payments need not read the settings
        return self.company_id.sudo()[field].sudo(False) if field else None
