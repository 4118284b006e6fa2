# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import AccessError

#: What the voucher of a payment says of it.
PAID = frozenset(
    {
        "amount",
        "company_id",
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
#: Changed until the voucher is reviewed or its month closed.
TEXTS = frozenset({"memo", "partner_bank_id", "payment_reference"})


class AccountPayment(models.Model):
    """A payment says what its voucher says.

    The platform does not carry changes over to a voucher that is posted, and lets
    clients write them all the same.
    """

    _inherit = "account.payment"

    def write(self, vals):
        if not self.env.su:
            self._jxc_check_as_posted(vals)
        return super().write(vals)

    def _jxc_check_as_posted(self, vals):
        """
        :raise AccessError: for another amount, partner, day or account of a payment
            that is no draft
        :raise UserError: for texts of one whose voucher is reviewed or closed
        """
        names = vals.keys() & PAID
        changed = self.filtered(
            lambda payment: (
                payment.state != "draft"
                and any(payment._jxc_will_change(name, vals[name]) for name in names)
            )
        )
        if changed:
            raise AccessError(
                self.env._(
                    "%(payments)s: a payment that is posted says what its voucher"
                    " says. Reset it to draft to change it.",
                    payments=", ".join(changed.mapped("display_name")),
                )
            )
        for name in vals.keys() & TEXTS:
            told = self.filtered(
                lambda payment, name=name: payment._jxc_will_change(name, vals[name])
            )
            # sudo: who writes payments need not read their entries
            told.sudo().move_id._jxc_check_as_told()

    def _jxc_will_change(self, name, value):
        """Forms send back what is there."""
        self.ensure_one()
        field = self._fields[name]
        if field.type in ("monetary", "many2one"):
            return self.env["account.move"]._field_will_change(
                self, {name: value}, name
            )
        value = field.convert_to_cache(value, self, validate=False)
        return (value or False) != (self[name] or False)
