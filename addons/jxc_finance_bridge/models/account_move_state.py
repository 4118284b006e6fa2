# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.state_change import is_state_change, state_change

#: Written by posting, resetting and cancelling only: their checks are in the methods.
STATES = frozenset({"state", "posted_before"})
#: Worked out of the lines and of what settles them. (The total of an entry is not
#: here: writing it rewrites the lines of a draft.)
FIGURES = frozenset(
    {
        "amount_residual",
        "amount_residual_signed",
        "amount_tax",
        "amount_tax_signed",
        "amount_total_in_currency_signed",
        "amount_total_signed",
        "amount_untaxed",
        "amount_untaxed_in_currency_signed",
        "amount_untaxed_signed",
        "payment_state",
    }
)
#: What shows that secured entries are as they were; the platform writes it by itself.
SECURED = frozenset({"inalterable_hash", "secure_sequence_number"})
#: Whose, when and in which books a posted entry is, and what it reverses. The platform
#: lets clients write what an entry reverses, and most others by a key of the context.
FIXED = frozenset(
    {
        "company_id",
        "currency_id",
        "date",
        "invoice_currency_rate",
        "invoice_date",
        "journal_id",
        "partner_id",
        "reversed_entry_id",
    }
)
#: Out of which document a posted entry was made: the platform keeps it in step.
ORIGINS = frozenset(
    {"origin_payment_id", "statement_line_id", "tax_cash_basis_origin_move_id"}
)
#: The one thing about payments that people decide themselves.
BLOCKING = frozenset({"blocked", "not_paid"})


class AccountMove(models.Model):
    """Clients change the state of entries with its methods, and figures not at all.

    The platform lets whoever may change entries write these fields over RPC: an entry
    that was sent or settled would become a draft unasked, and a paid invoice unpaid.
    """

    _inherit = "account.move"

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), SECURED)

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: for entries that clients call secured"""
        if not self.env.su:
            names = {name for vals in vals_list for name in SECURED if vals.get(name)}
            if names:
                raise AccessError(self._jxc_follows_text(self, names))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._jxc_check_following(vals)
        return super().write(vals)

    def _jxc_check_following(self, vals):
        """
        :raise AccessError: for fields that follow from the entry or its buttons
        """
        names = set(vals.keys() & (STATES | FIGURES | SECURED))
        if is_state_change(self.env):
            names -= STATES
        if "posted" in self.mapped("state"):
            names |= vals.keys() & (ORIGINS | {"move_type"})
        # Bank transactions and payments bring their entry along when they change.
        posted = self.filtered(
            lambda move: (
                move.state == "posted"
                and not move.statement_line_id
                and not move.origin_payment_id
            )
        )
        if not is_state_change(self.env):
            names |= {
                name
                for name in vals.keys() & FIXED
                if posted._jxc_is_changed(name, vals[name])
            }
        # Forms send some of them back as they are.
        names = {name for name in names if self._jxc_is_changed(name, vals[name])}
        if names:
            raise AccessError(self._jxc_follows_text(self, names))

    def _jxc_is_changed(self, name, value):
        """Whether a value differs from that of an entry."""
        field = self._fields[name]
        if field.type in ("many2one", "date"):
            value = field.convert_to_cache(value, self[:1], validate=False)
            known = {field.convert_to_cache(move[name], move) for move in self}
            return bool(known - {value})
        known = set(self.mapped(name))
        if name == "payment_state" and {value, *known} <= BLOCKING:
            return False
        return any((value or False) != (one or False) for one in known)

    def _jxc_follows_text(self, records, names):
        """What clients may not write, in words."""
        labels = [
            records._fields[name]._description_string(self.env)
            for name in sorted(names)
        ]
        return self.env._(
            "%(fields)s: these follow from the entry and its buttons; they cannot be"
            " written.",
            fields=", ".join(labels),
        )

    def _jxc_check_may_write(self):
        """Before what stands in the way of a change is said: it names other documents.

        Nobody is refused nothing: an order without invoices is cancelled by salespeople
        who have no rights in accounting.

        :raise AccessError: who asks may not write these entries
        """
        if self:
            self.check_access("write")

    def _post(self, soft=True):
        self._jxc_check_balanced()
        with state_change(self.env):
            return super()._post(soft)

    def _jxc_check_balanced(self):
        """The platform leaves this out for clients that send a key with a draft.

        :raise UserError: for entries whose debits and credits differ
        """
        unbalanced = self._get_unbalanced_moves({"records": self})
        if unbalanced:
            moves = self.browse(move_id for move_id, _debit, _credit in unbalanced)
            raise UserError(
                self.env._(
                    "%(moves)s: debit and credit differ; such entries are not posted.",
                    moves=", ".join(moves.mapped("display_name")),
                )
            )

    def button_draft(self):
        with state_change(self.env):
            return super().button_draft()

    def button_cancel(self):
        with state_change(self.env):
            return super().button_cancel()
