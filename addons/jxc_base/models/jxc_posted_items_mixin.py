# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.guard import own_defaults

#: What an item is worth.
WORTH = frozenset({"amount_currency", "balance", "credit", "debit"})
#: Entries of bank transactions that are being deleted: the platform deletes the
#: transaction first. Kept with the transaction of the database, where no request can
#: put anything.
DROPPED = "jxc_dropped_transaction_moves"


class JxcPostedItemsMixin(models.AbstractModel):
    """Journal items that stay in their entry, and as they were posted.

    The platform refuses most of this in its forms, and lets clients round it with keys
    of the context. What customers owe, what was compared, reviewed and closed follows
    from these items, so the keys do not count here. Entries are corrected as drafts, or
    reversed; those of bank transactions are kept in step with them.
    """

    _name = "jxc.posted.items.mixin"
    _description = "Items that Stay as They Were Posted"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: for items that clients add to posted entries"""
        if not self.env.su:
            moves = {vals.get("move_id") for vals in vals_list} - {None, False}
            moves = self.env["account.move"].browse(moves)._jxc_kept_entries()
            if moves:
                raise AccessError(self._jxc_posted_text(moves))
        return super().create(vals_list)

    def write(self, vals):
        """
        :raise AccessError: for items that clients put into another entry, and for
            amounts of posted ones
        """
        if not self.env.su:
            self._jxc_check_stays(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted_items(self):
        """:raise AccessError: for items that clients take out of posted entries"""
        if not self.env.su:
            moves = self.move_id._jxc_kept_entries()
            if moves:
                raise AccessError(self._jxc_posted_text(moves))

    def _jxc_check_stays(self, vals):
        """See :meth:`write`."""
        if vals.keys().isdisjoint(WORTH | {"move_id"}):
            return
        will_change = self.env["account.move"]._field_will_change
        if "move_id" in vals:
            moved = self.filtered(lambda line: will_change(line, vals, "move_id"))
            if moved:
                raise AccessError(
                    self.env._(
                        "Items of %(moves)s stay there; they do not go to another"
                        " entry.",
                        moves=self._jxc_names(moved.move_id),
                    )
                )
        names = vals.keys() & WORTH
        changed = self.filtered(
            # Forms send some of them back as they are.
            lambda line: (
                line.move_id.state == "posted"
                and any(will_change(line, vals, name) for name in names)
            )
        )
        moves = changed.move_id._jxc_kept_entries()
        if moves:
            raise AccessError(self._jxc_posted_text(moves))

    def _jxc_posted_text(self, moves):
        """Why posted entries stay as they are, in words."""
        return self.env._(
            "%(moves)s is posted; its items and their amounts stay as they are. Reset"
            " it to draft to correct it, or reverse it.",
            moves=self._jxc_names(moves),
        )

    def _jxc_names(self, moves):
        return ", ".join(moves.mapped("display_name"))


class JxcPostedEntriesMixin(models.AbstractModel):
    """Entries whose items stay; see ``jxc.posted.items.mixin``."""

    _name = "jxc.posted.entries.mixin"
    _description = "Entries whose Items Stay"

    def _jxc_kept_entries(self):
        """Those of these entries that are posted and of no bank transaction."""
        dropped = self.env.cr.precommit.data.get(DROPPED, ())
        # sudo: who writes items need not read bank transactions
        return self.filtered(
            lambda move: (
                move.state == "posted"
                and move.sudo().statement_line_id.move_id != move
                and move.id not in dropped
            )
        )


class JxcBankTransactionMixin(models.AbstractModel):
    """Bank transactions that stay with the entry they were made with.

    The platform keeps the items of that entry in step with them, posted or not: one
    that was put over another entry would rewrite what is posted there.
    """

    _name = "jxc.bank.transaction.mixin"
    _description = "Bank Transactions with an Entry of Their Own"

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"move_id"})

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: for a client's transaction over an entry that exists"""
        if not self.env.su and any(vals.get("move_id") for vals in vals_list):
            raise AccessError(self._jxc_own_entry_text())
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: for a client's transaction over another entry"""
        if "move_id" in vals and not self.env.su:
            if any(line.move_id.id != vals["move_id"] for line in self):
                raise AccessError(self._jxc_own_entry_text())
        return super().write(vals)

    def unlink(self):
        """Let the entries of transactions be deleted after them."""
        data = self.env.cr.precommit.data
        data.setdefault(DROPPED, set()).update(self.move_id.ids)
        return super().unlink()

    def _jxc_own_entry_text(self):
        return self.env._("A bank transaction has an entry of its own; it stays.")
