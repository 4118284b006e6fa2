# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
from datetime import timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.bank_booked import pair_nearest

#: How many days a bank's day may be off the day something was booked.
BOOKED_DAYS = 3


class JxcBankImport(models.TransientModel):
    """Transactions that are payments booked on the bank account already."""

    _inherit = "jxc.bank.import"

    def _get_skipped(self, transactions):
        """Add payments to what was imported."""
        skipped = super()._get_skipped(transactions)
        rest = [one for one in transactions if one.number not in skipped]
        found = self._find_booked(rest)
        for one in rest:
            if item := found.get(one.number):
                skipped[one.number] = ("booked", self._name_booked(one, item), item.id)
        return skipped

    def _name_booked(self, one, item):
        """Which payment a transaction is, and what else it may be."""
        if not one.doubt:
            return item.move_id.name
        return self.env._(
            "%(payment)s, unless it is %(entry)s of the same day and amount",
            payment=item.move_id.name,
            entry=one.doubt,
        )

    # Looking up -------------------------------------------------------------------

    def _get_payment_domain(self):
        """Items that can be a movement of the bank, whatever their day.

        What was reversed, and what reversed it, are none, unless the reversal was
        reversed in turn. A draft is, where it was one before it was reset to be
        corrected. Whose they are makes no difference: a branch books on the accounts of
        its root.
        """
        reversing = Domain("state", "=", "posted") & Domain(
            "reversal_move_ids", "not any", [("state", "=", "posted")]
        )
        domain = Domain(
            [
                ("account_id", "=", self.journal_id.default_account_id.id),
                ("parent_state", "!=", "cancel"),
                ("move_id.reversed_entry_id", "=", False),
                ("move_id.reversal_move_ids", "not any", reversing),
            ]
        )
        currency = self._get_currency()
        if currency != self.company_id.currency_id:
            domain &= Domain("currency_id", "=", currency.id)
        return domain

    def _get_near_domain(self, first, last):
        """Items between two days, or booked on one that is not the bank's."""
        margin = timedelta(days=BOOKED_DAYS)
        return self._get_payment_domain() & Domain(
            [("date", ">=", first - margin), ("date", "<=", last + margin)]
        )

    def _get_item_amount(self, item):
        """What an item moved, in the bank's currency.

        On an account in the company's currency, items in others move their balance.
        """
        is_foreign = self._get_currency() != self.company_id.currency_id
        return item.amount_currency if is_foreign else item.balance

    def _get_money(self, date, amount):
        return date, round(float(amount), self._get_currency().decimal_places)

    def _find_booked(self, transactions):
        """Payments booked on the bank account: {row number: move line}.

        Each is taken by the nearest transaction of its amount. What may have been
        imported before leaves payments to others, and takes what is left of its own
        day: of another day it is rather what was imported, and the payment is still to
        come.
        """
        if not transactions:
            return {}
        days = [one.date for one in transactions]
        domain = self._get_near_domain(min(days), max(days)) & Domain(
            [
                ("parent_state", "=", "posted"),
                ("statement_line_id", "=", False),
                ("jxc_bank_key", "=", False),
            ]
        )
        # sudo: keys are the importer's own
        items = self.env["account.move.line"].sudo().search(domain, order="date, id")
        payments = [
            (item, self._get_money(item.date, self._get_item_amount(item)))
            for item in items
        ]
        found = {}
        for is_doubtful, days in ((False, BOOKED_DAYS), (True, 0)):
            rows = [
                (one.number, self._get_money(one.date, one.amount))
                for one in transactions
                if bool(one.doubt) == is_doubtful
            ]
            taken = set(found.values())
            free = [payment for payment in payments if payment[0] not in taken]
            found |= pair_nearest(rows, free, days)
        return found

    # Writing ----------------------------------------------------------------------

    def _mark_booked(self, transactions, skipped):
        """Tie payments to their transaction, so that no other one finds them."""
        rows = {one.number: one for one in transactions}
        items = self.env["account.move.line"].sudo()
        found = {
            line_id: rows[number]
            for number, (state, _text, line_id) in skipped.items()
            if state == "booked"
        }
        if not found:
            return
        items.flush_model(["jxc_bank_key", "jxc_bank_said"])
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line line"
                " SET jxc_bank_key = found.key, jxc_bank_said = found.said::jsonb"
                " FROM unnest(%s, %s, %s) AS found(id, key, said)"
                " WHERE line.id = found.id",
                list(found),
                [one.key for one in found.values()],
                [json.dumps(one.get_kept()) for one in found.values()],
            )
        )
        items.browse(found).invalidate_recordset(["jxc_bank_key", "jxc_bank_said"])
        for one in found.values():
            # What it was asked about is settled.
            one.doubt = ""
