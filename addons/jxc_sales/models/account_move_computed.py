# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import ValidationError

#: What the platform computes and keeps; it takes a client's word for it until the
#: amounts change the next time.
COMPUTED_FIELDS = frozenset(
    {
        "amount_residual",
        "amount_residual_signed",
        "amount_tax",
        "amount_tax_signed",
        "amount_total",
        "amount_total_in_currency_signed",
        "amount_total_signed",
        "amount_untaxed",
        "amount_untaxed_in_currency_signed",
        "amount_untaxed_signed",
        "payment_state",
    }
)
#: Who may block a payment writes these by the platform's action.
BLOCKABLE = {"blocked", "not_paid"}


class AccountMove(models.Model):
    """Nobody writes what an invoice comes to, or whether it is paid."""

    _inherit = "account.move"

    def _jxc_guarded_fields(self):
        guarded = super()._jxc_guarded_fields()
        return guarded if self.env.su else guarded | COMPUTED_FIELDS

    def _jxc_is_born_with(self, name, value):
        """Forms may send back what is there already."""
        field = self._fields[name]
        if self and name in COMPUTED_FIELDS:
            return all(
                field.convert_to_write(move[name], move) == value for move in self
            )
        return super()._jxc_is_born_with(name, value)

    def _jxc_without_server_fields(self, vals):
        blocked = vals.get("payment_state")
        if blocked in BLOCKABLE and set(self.mapped("payment_state")) <= BLOCKABLE:
            rest = {name: vals[name] for name in vals if name != "payment_state"}
            return {
                **super()._jxc_without_server_fields(rest),
                "payment_state": blocked,
            }
        return super()._jxc_without_server_fields(vals)

    @api.constrains("currency_id", "invoice_currency_rate")
    def _check_jxc_own_rate(self):
        """What is billed in the company's own currency is owed as it is billed.

        :raise ValidationError: naming the invoice
        """
        for move in self:
            if (
                move.is_sale_document(include_receipts=True)
                and move.currency_id == move.company_id.currency_id
                and move.invoice_currency_rate not in (0, 1)
            ):
                raise ValidationError(
                    self.env._(
                        "%(invoice)s is in %(currency)s, the currency of the company:"
                        " its rate is 1.",
                        invoice=move.display_name,
                        currency=move.currency_id.name,
                    )
                )
