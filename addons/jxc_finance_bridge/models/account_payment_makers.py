# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.fields import Command

from ..tools.token import engine_context
from .account_move_makers import _find_changed

#: What the voucher of a payment will say.
SAID_BY_PAYMENT = frozenset(
    {
        "amount",
        "currency_id",
        "date",
        "destination_account_id",
        "journal_id",
        "jxc_is_advance",
        "outstanding_account_id",
        "partner_id",
        "partner_type",
        "payment_method_line_id",
        "payment_type",
    }
)


class AccountPayment(models.Model):
    """制单 of vouchers that the platform makes of payments.

    The voucher is made when somebody posts the payment. Whoever entered or changed the
    payment before made the voucher, too.
    """

    _inherit = "account.payment"

    jxc_drafter_ids = fields.Many2many(
        comodel_name="res.users",
        relation="account_payment_jxc_drafter_rel",
        column1="payment_id",
        column2="user_id",
        string="Changed by",
        copy=False,
        readonly=True,
        help="Who changed amount, partner, date or accounts of a payment that somebody"
        " else had entered. They do not review its voucher either.",
    )

    def _jxc_guarded_fields(self):
        guarded = super()._jxc_guarded_fields()
        return guarded if self.env.su else guarded | {"jxc_drafter_ids"}

    def write(self, vals):
        """Note who changes what the voucher will say."""
        changed = _find_changed(self, vals, SAID_BY_PAYMENT)
        result = super().write(vals)
        changed._jxc_note_drafter()
        return result

    def _jxc_note_drafter(self):
        """The current user has a hand in these payments from now on."""
        user = self.env.user
        # sudo: clients do not write who made a voucher
        new = self.sudo().filtered(
            lambda payment: user not in payment.create_uid | payment.jxc_drafter_ids
        )
        if new:
            new.write({"jxc_drafter_ids": [Command.link(user.id)]})

    def _generate_journal_entry(self, *args, **kwargs):
        """Name in new vouchers who entered and changed their payments."""
        without = self.filtered(lambda payment: not payment.move_id)
        result = super()._generate_journal_entry(*args, **kwargs)
        root = self.env.ref("base.user_root")
        # sudo: see above
        for payment in without.sudo().filtered("move_id"):
            move = payment.move_id
            makers = payment.create_uid | payment.jxc_drafter_ids
            makers -= move.create_uid | root
            if makers:
                move.with_context(**engine_context()).write(
                    {"jxc_drafter_ids": [Command.link(user.id) for user in makers]}
                )
        return result
