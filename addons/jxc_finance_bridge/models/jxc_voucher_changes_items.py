# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime
import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .jxc_voucher_changes import MOST

#: The first number changes with the question: 6, of earlier versions, asked without
#: advances, and its holder would never be told those that were there already.
CURSOR = re.compile(
    r"7-(?P<company>[0-9]{1,12})-(?P<kind>[a-z]{1,12})-(?P<partner>[0-9]{1,12})"
    r"-(?P<place>[0-9]{1,20}-[0-9]{1,20}-[0-9]{1,19}--?[0-9]{1,12})"
)


class JxcVoucher(models.AbstractModel):
    """What became of open items: posted, settled, freed again, taken back, deleted."""

    _inherit = "jxc.voucher"

    @api.model
    def get_open_items(
        self,
        date=None,
        kind="all",
        partner_id=None,
        after=0,
        limit=1000,
        company_id=None,
        cursor=None,
    ):
        """Return what was open on a day, or what changed about open items since.

        Without ``cursor``, the items that were open on a day, a page at a time (hand
        ``after`` the ``cursor`` of the answer). What was reconciled after that day was
        still open on it. Advances received and paid (预收, 预付) are open items until
        they are settled.

        With ``cursor``, an empty text to begin, the entries whose items changed since:
        forget the items you have of each entry in ``entries``, then take those of
        ``items``. Whatever settled an item, or was taken back or deleted, changed it.
        All that is posted counts, whatever its date. An entry may be told again
        without having changed, but none is left out, however transactions overlap.

        :param date: the day, today when left out; not with ``cursor``
        :param str kind: receivable, payable or all
        :param int partner_id: one customer or vendor with its contacts
        :param int after: ``cursor`` of the page before; not with ``cursor``
        :param int limit: items in one answer, at most 5000; with ``cursor`` entries,
            at most 2000
        :param int company_id: id of a company, the current one when left out
        :param str cursor: "" or ``cursor`` of the answer before, of the same question
        :return: dict with date, currency, items, cursor, more; an item has id, move_id,
            move, date, date_maturity, partner_id, partner, partner_ref, account,
            summary, balance and residual in company currency (debit positive), currency
            and residual_currency; with ``cursor`` no date, but entries (ids)
        :raise AccessError: without the right to read the books of the company
        :raise UserError: for a cursor of another question, company or database
        """
        if cursor is None:
            return super().get_open_items(
                date, kind, partner_id, after, limit, company_id
            )
        if date or after:
            raise UserError(self.env._("Changes have no date and no pages but these."))
        company = self._get_company(company_id)
        limit = self._get_limit(limit, MOST)
        domain = self._get_items_domain(company, kind, partner_id)
        asked = ("7", company.id, kind, partner_id or 0)
        place = self._read_items_place(cursor, asked)
        ids, place, more = self._read_changes(company, place, limit)
        entries = self._with_settled(ids)
        return {
            "currency": company.currency_id.name,
            "entries": entries,
            "items": self._items_of(company, domain, entries),
            "cursor": "-".join(map(str, (*asked, place))),
            "more": more,
        }

    def _read_items_place(self, cursor, asked):
        """The place in the order of changes, None at the beginning."""
        if cursor == "":
            return None
        found = CURSOR.fullmatch(cursor) if isinstance(cursor, str) else None
        if not found or cursor.split("-")[:4] != list(map(str, asked)):
            raise UserError(self._wrong_cursor())
        return found["place"]

    def _with_settled(self, ids):
        """Entries with those they are reconciled with.

        A payment that becomes a draft settles nothing any more, which no row of its
        invoice says.
        """
        self.env["account.partial.reconcile"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH item AS (
                    SELECT id FROM account_move_line WHERE move_id = ANY(%(ids)s)
                ), other AS (
                    SELECT part.credit_move_id AS id
                      FROM account_partial_reconcile part
                      JOIN item ON item.id = part.debit_move_id
                     UNION
                    SELECT part.debit_move_id
                      FROM account_partial_reconcile part
                      JOIN item ON item.id = part.credit_move_id
                )
                SELECT DISTINCT line.move_id
                  FROM account_move_line line
                  JOIN other ON other.id = line.id
                """,
                ids=ids,
            )
        )
        return sorted({*ids, *(id_ for (id_,) in rows)})

    def _items_of(self, company, domain, entries):
        """The open items of entries as they are now."""
        domain = [*domain, ("move_id", "in", entries)]
        rows = self._find_open_items(company, domain, datetime.date.max, 0, None)
        lines = self.env["account.move.line"].browse([row[0] for row in rows])
        return [
            self._item_values(line, residual, foreign)
            for line, (_id, residual, foreign) in zip(
                lines.with_company(company), rows, strict=True
            )
        ]
