# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

from ..tools import marks

#: Whether a payment was made, and the entry that says so.
STATE_FIELDS = frozenset({"move_id", "state"})


class AccountPayment(models.Model):
    """Payments are made by their actions; nobody just says that one was.

    The platform takes a client's word for both fields: a receipt of one cent could
    stand for an entry over thousands, and one entry for the receipts of many orders.
    """

    _name = "account.payment"
    _inherit = ["account.payment", "jxc.server.fields.mixin"]

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = STATE_FIELDS

    def _jxc_guarded_fields(self):
        guarded = super()._jxc_guarded_fields()
        return guarded - STATE_FIELDS if marks.paying_of(self.env) else guarded

    def _jxc_is_born_with(self, name, value):
        """Forms may send back what is there already."""
        if self and name in STATE_FIELDS:
            field = self._fields[name]
            return all(field.convert_to_write(one[name], one) == value for one in self)
        return super()._jxc_is_born_with(name, value)

    @api.model_create_multi
    def create(self, vals_list):
        """Create payments; they are drafts without an entry.

        :raise AccessError: a client says that a payment was made
        """
        return super().create(
            [self._jxc_without_server_fields(vals) for vals in vals_list]
        )

    def write(self, vals):
        """Write payments, but not whether they were made.

        :raise AccessError: see above
        """
        # First of all: the platform posts entries before it writes.
        return super().write(self._jxc_without_server_fields(vals))

    # What makes payments ------------------------------------------------------------

    def _generate_journal_entry(
        self, write_off_line_vals=None, force_balance=None, line_ids=None
    ):
        with marks.Paying() as paying:
            payments = self.with_context(**{marks.PAYING: paying})
            return super(AccountPayment, payments)._generate_journal_entry(
                write_off_line_vals, force_balance, line_ids
            )

    def action_post(self):
        with marks.Paying() as paying:
            payments = self.with_context(**{marks.PAYING: paying})
            return super(AccountPayment, payments).action_post()

    def action_validate(self):
        with marks.Paying() as paying:
            payments = self.with_context(**{marks.PAYING: paying})
            return super(AccountPayment, payments).action_validate()

    def action_reject(self):
        with marks.Paying() as paying:
            payments = self.with_context(**{marks.PAYING: paying})
            return super(AccountPayment, payments).action_reject()

    def action_cancel(self):
        with marks.Paying() as paying:
            payments = self.with_context(**{marks.PAYING: paying})
            return super(AccountPayment, payments).action_cancel()

    def action_draft(self):
        with marks.Paying() as paying:
            payments = self.with_context(**{marks.PAYING: paying})
            return super(AccountPayment, payments).action_draft()

    # What they are worth -------------------------------------------------------------

    def _jxc_open_amount(self, order):
        """What this posted receipt still has open for an order, in company currency.

        Never more than the receipt is over and than came in by its entry, whatever
        the entry has for the customer. An entry is of one receipt only.

        :param order: order with superuser rights
        """
        self.ensure_one()
        payment = self.sudo()
        entry = payment.move_id
        if entry.state != "posted" or entry.origin_payment_id != payment:
            return 0.0
        receipts = entry.line_ids.filtered(
            lambda line: (
                line._jxc_is_debt()
                and line.partner_id.commercial_partner_id == order.jxc_credit_partner_id
                and line.company_id == order.company_id
            )
        )
        still_open = -sum(receipts.mapped("amount_residual"))
        came_in = sum(payment._seek_for_lines()[0].mapped("balance"))
        amount = payment.currency_id._convert(
            payment.amount, order.company_id.currency_id, entry.company_id, payment.date
        )
        return min(still_open, came_in, amount)


class AccountMove(models.Model):
    """Entries of payments that are cancelled cancel these."""

    _inherit = "account.move"

    def button_cancel(self):
        with marks.Paying() as paying:
            moves = self.with_context(**{marks.PAYING: paying})
            return super(AccountMove, moves).button_cancel()


class AccountPartialReconcile(models.Model):
    """What is matched no more leaves payments in process."""

    _inherit = "account.partial.reconcile"

    def unlink(self):
        with marks.Paying() as paying:
            partials = self.with_context(**{marks.PAYING: paying})
            return super(AccountPartialReconcile, partials).unlink()
