# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .jxc_finance_mapper import Mapper

#: vouchers in one answer at most
MOST = 2000
#: where in the order of changes a reader is: good in one database only
PLACE_OF_CHANGE = re.compile(
    r"(?P<system>\d{1,20})-(?P<database>\d{1,20})-(?P<change>\d{1,19})"
    r"-(?P<id>-?\d{1,12})"
)
#: the first kind, of earlier versions, does not tell its company
CURSOR = re.compile(
    r"(?:1|3-(?P<company>\d{1,12}))"
    r"-(?P<place>\d{1,20}-\d{1,20}-\d{1,19}--?\d{1,12})"
)
#: the last entry of a page of a period
PLACE = re.compile(
    r"4-(?P<company>[0-9]{1,12})-(?P<date>\d{4}-\d\d-\d\d)-(?P<id>[0-9]{1,12})"
)


class JxcVoucher(models.AbstractModel):
    _inherit = "jxc.voucher"

    @api.model
    def get_vouchers(
        self,
        date_from=None,
        date_to=None,
        cursor=None,
        limit=500,
        target=None,
        company_id=None,
        grouping="document",
    ):
        """Return vouchers, a page at a time.

        With dates: the posted vouchers of a period, by date. Without: everything that
        changed since ``cursor``, beginning with all there is; keep the last cursor and
        come back with it. An entry that is no longer posted, or is gone, is told in
        ``removed``. A voucher may be told again without having changed, but no change
        is ever left out, however transactions overlap: only what every running
        transaction can no longer come before is told.

        Amounts are texts in company currency, red entries negative on their own side.

        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day
        :param str cursor: ``cursor`` of the answer before, of the same question
        :param int limit: vouchers in one answer, at most 2000
        :param str target: code of a finance system whose codes are used
        :param int company_id: id of a company, the current one when left out
        :param str grouping: document, day or kind: the entries of a period summed up
            (凭证合并), numbered like in print and in files; a page has whole groups
        :return: dict with vouchers (id, name, key, date, word, number, entries …),
            removed (list of id and key), cursor, more; of entries summed up, id and
            name are False and ``members`` has id, name, key, word and number of each
        :raise AccessError: without the right to read the books of the company
        :raise UserError: a cursor of another question, company or database: begin
            without one
        """
        company = self._get_company(company_id)
        limit = self._get_limit(limit, MOST)
        mapper = Mapper(self.env, company, self._get_target(target, company))
        if date_from or date_to:
            dates = self._get_dates(date_from, date_to)
            if grouping != "document":
                return self._page_of_groups(
                    company, dates, cursor, limit, mapper, grouping
                )
            return self._page_of_period(company, dates, cursor, limit, mapper)
        if grouping != "document":
            raise UserError(
                self.env._(
                    "Vouchers are summed up for a period only: what changes are single"
                    " entries."
                )
            )
        return self._page_of_changes(company, cursor, limit, mapper)

    def _page_of_period(self, company, dates, cursor, limit, mapper):
        moves = self._get_moves(company, dates)
        if cursor:
            after = PLACE.fullmatch(str(cursor))
            if not after or int(after["company"]) != company.id:
                raise UserError(self._wrong_cursor())
            self._get_dates(after["date"], after["date"])
            place = (after["date"], int(after["id"]))
            moves = moves.filtered(lambda move: (str(move.date), move.id) > place)
        page = moves[:limit]
        if page:
            cursor = f"4-{company.id}-{page[-1].date}-{page[-1].id}"
        return {
            "vouchers": self._as_dicts(page, mapper),
            "removed": [],
            "cursor": cursor or "",
            "more": len(moves) > limit,
        }

    def _page_of_groups(self, company, dates, cursor, limit, mapper, grouping):
        """The cursor is the place of the last group in its period."""
        after = 0
        question = "-".join(map(str, ("5", company.id, grouping, *dates, "")))
        if cursor:
            said, place = str(cursor)[: len(question)], str(cursor)[len(question) :]
            if said != question or not re.fullmatch(r"[0-9]{1,9}", place):
                raise UserError(self._wrong_cursor())
            after = int(place)
        groups = self._get_moves(company, dates)._jxc_voucher_groups(grouping)
        page = groups[after : after + limit]
        moves = self.env["account.move"].union(*(group.moves for group in page))
        rows = [
            {"id": False, "name": False, **voucher.to_dict(), "members": members}
            for voucher, part in mapper.groups(moves, grouping)
            for members in [self._member_values(part)]
        ]
        return {
            "vouchers": rows,
            "removed": [],
            "cursor": f"{question}{after + len(page)}" if page else cursor or "",
            "more": len(groups) > after + limit,
        }

    def _member_values(self, moves):
        return [
            {
                "id": move.id,
                "name": move.name,
                "key": move._jxc_voucher_key(),
                "word": move.jxc_voucher_word or "",
                "number": move.jxc_voucher_no,
            }
            for move in moves
        ]

    def _page_of_changes(self, company, cursor, limit, mapper):
        place = None
        if cursor:
            found = CURSOR.fullmatch(str(cursor))
            if not found or int(found["company"] or company.id) != company.id:
                raise UserError(self._wrong_cursor())
            place = found["place"]
        rows, place, more = self._find_changes_after(company, place, limit)
        ids = [id_ for _change, id_, _move, _key in rows if id_ > 0]
        moves = self.env["account.move"].with_context(allowed_company_ids=company.ids)
        moves = moves.search([("id", "in", ids)])
        posted = moves.filtered(lambda move: move.state == "posted").sorted(
            lambda move: ids.index(move.id)
        )
        removed = [
            {"id": move.id, "key": move._jxc_voucher_key()} for move in moves - posted
        ]
        removed += [{"id": move, "key": key} for _c, id_, move, key in rows if id_ < 0]
        return {
            "vouchers": self._as_dicts(posted, mapper),
            "removed": removed,
            "cursor": f"3-{company.id}-{place}",
            "more": more,
        }

    def _read_changes(self, company, place, limit):
        """(ids of changed and deleted entries, place after them, whether more are)."""
        rows, place, more = self._find_changes_after(company, place, limit)
        return list({move for _change, _id, move, _key in rows}), place, more

    def _find_changes_after(self, company, place, limit):
        """(rows of changes, place after them, whether there are more).

        :param str place: the place in a cursor, None at the beginning
        """
        self.env.flush_all()
        system, database, now = self._get_database()
        change, last = 0, 0
        if place:
            found = PLACE_OF_CHANGE.fullmatch(place)
            change, last = int(found["change"]), int(found["id"])
            if (found["system"], found["database"]) != (system, database) or (
                change > now
            ):
                raise UserError(self._wrong_cursor())
        rows = self._find_changes(company, (change, last), limit + 1)
        page = rows[:limit]
        if page:
            change, last = page[-1][:2]
        place = "-".join(map(str, (system, database, change, last)))
        return page, place, len(rows) > limit

    def _find_changes(self, company, place, limit):
        """(transaction, id, entry, key) of changes after a place, in their order.

        Every row of PostgreSQL names the transaction that wrote it (xmin). A change is
        told once all transactions before the oldest running one are over: nothing can
        be committed later with a smaller number. Deleted entries have negative ids.
        """
        return self.env.execute_query(
            SQL(
                """
                WITH clock AS (
                    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                            AS horizon,
                        pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                            + 2147483648 AS base
                ), line AS (
                    SELECT move_id, max(base - ((base - line.xmin::text::bigint)
                            & 4294967295)) AS change
                    FROM account_move_line line, clock
                    WHERE line.company_id = %(company)s
                    GROUP BY move_id
                ), changes AS (
                    SELECT GREATEST(base - ((base - move.xmin::text::bigint)
                            & 4294967295), line.change) AS change,
                        move.id AS id, move.id AS move_id, NULL AS key
                    FROM clock, account_move move
                    LEFT JOIN line ON line.move_id = move.id
                    WHERE move.company_id = %(company)s
                        AND (move.state = 'posted' OR move.posted_before)
                    UNION ALL
                    SELECT base - ((base - gone.xmin::text::bigint) & 4294967295),
                        -gone.id, gone.move_res_id, gone.key
                    FROM clock, jxc_finance_removal gone
                    WHERE gone.company_id = %(company)s
                )
                SELECT change, id, move_id, key
                FROM changes, clock
                WHERE change < horizon AND (change, id) > (%(change)s, %(id)s)
                ORDER BY change, id
                LIMIT %(limit)s
                """,
                company=company.id,
                change=place[0],
                id=place[1],
                limit=limit,
            )
        )

    def _get_database(self):
        """(system, database, next transaction): a cursor is good in one place only."""
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT system_identifier::text FROM pg_control_system()),
                    (SELECT oid::text FROM pg_database
                        WHERE datname = current_database()),
                    pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                """
            )
        )
        return row

    def _wrong_cursor(self):
        return self.env._(
            "This cursor belongs to another question, company or database. Begin"
            " without one."
        )

    def _as_dicts(self, moves, mapper):
        by_key = {move._jxc_voucher_key(): move for move in moves}
        return [
            {
                "id": by_key[voucher.key].id,
                "name": by_key[voucher.key].name,
                **voucher.to_dict(),
            }
            for voucher in mapper.vouchers(moves)
        ]
