# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.arguments import is_whole
from ..tools.open_items import DRAFTED, flush_settled

#: rows of one answer at most
MOST = 5000
KINDS = {
    "receivable": ("receivable",),
    "payable": ("payable",),
    "all": ("receivable", "payable"),
}


class JxcVoucher(models.AbstractModel):
    _inherit = "jxc.voucher"

    @api.model
    def get_balances(
        self, date_from, date_to, company_id=None, after="", limit=MOST, level="account"
    ):
        """Return the trial balance of a period, a page of accounts at a time.

        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day
        :param int company_id: id of a company, the current one when left out
        :param str after: ``cursor`` of the answer before
        :param int limit: accounts in one answer, at most 5000
        :param str level: "account", or "top" for the first four digits
        :return: dict as of ``jxc.trial.balance.get_balances`` (amounts in company
            currency), and cursor, more
        :raise AccessError: without the right to read the books of the company
        """
        company = self._get_company(company_id)
        limit = self._get_limit(limit, MOST)
        if after and not isinstance(after, str):
            raise UserError(self.env._("This is not a cursor of an answer."))
        dates = self._get_dates(date_from, date_to)
        result = self._in_words(company)["jxc.trial.balance"].get_balances(
            *dates, company.id, level=level
        )
        rows = sorted(result["rows"], key=lambda row: row["code"])
        rows = [row for row in rows if not after or row["code"] > after]
        page = rows[:limit]
        cursor = page[-1]["code"] if page else after
        return {**result, "rows": page, "cursor": cursor, "more": len(rows) > limit}

    @api.model
    def get_open_items(
        self,
        date=None,
        kind="all",
        partner_id=None,
        after=0,
        limit=1000,
        company_id=None,
    ):
        """Return what was open on a day, of customers and vendors.

        What was reconciled after that day was still open on it. Advances received and
        paid (预收, 预付) are open items until they are settled.

        :param date: the day, today when left out
        :param str kind: receivable, payable or all
        :param int partner_id: one customer or vendor with its contacts
        :param int after: ``cursor`` of the answer before
        :param int limit: items in one answer, at most 5000
        :param int company_id: id of a company, the current one when left out
        :return: dict with date, currency, items, cursor, more; an item has id, move,
            date, date_maturity, partner_id, partner, partner_ref, account, summary,
            balance and residual in company currency (debit positive), currency and
            residual_currency
        :raise AccessError: without the right to read the books of the company
        """
        company = self._get_company(company_id)
        limit = self._get_limit(limit, MOST)
        after = self._get_after(after)
        date, _same = self._get_dates(*[date or fields.Date.context_today(self)] * 2)
        domain = self._get_items_domain(company, kind, partner_id)
        rows = self._find_open_items(company, domain, date, after, limit + 1)
        lines = self.env["account.move.line"].browse([row[0] for row in rows[:limit]])
        lines = lines.with_company(company)
        items = [
            self._item_values(line, residual, foreign)
            for line, (_id, residual, foreign) in zip(lines, rows, strict=False)
        ]
        return {
            "date": str(date),
            "currency": company.currency_id.name,
            "items": items,
            "cursor": lines[-1:].id or after,
            "more": len(rows) > limit,
        }

    @api.model
    def get_statement(
        self,
        partner_id,
        date_from,
        date_to,
        kind="all",
        after=0,
        limit=1000,
        company_id=None,
    ):
        """Return the statement of account of a customer or vendor (往来对账单).

        Advances received count with the receivables, advances paid with the payables.

        :param int partner_id: the customer or vendor; its contacts count as it
        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day
        :param str kind: receivable, payable or all
        :param int after: ``cursor`` of the answer before
        :param int limit: lines in one answer, at most 5000
        :param int company_id: id of a company, the current one when left out
        :return: dict with partner_id, partner, currency, date_from, date_to, opening,
            debit, credit and closing of the whole period in company currency (debit
            positive), lines, cursor, more
        :raise AccessError: without the right to read the books of the company
        :raise UserError: no such partner, or the line of the cursor was deleted
        """
        company = self._get_company(company_id)
        limit = self._get_limit(limit, MOST)
        dates = self._get_dates(date_from, date_to)
        known = is_whole(partner_id)
        partner = self.env["res.partner"].browse(partner_id if known else ()).exists()
        if not partner:
            raise UserError(self.env._("There is no such customer or vendor."))
        lines = self.env["account.move.line"].with_context(
            allowed_company_ids=company.ids
        )
        domain = self._get_items_domain(company, kind, partner.id)
        sums = self._sums(lines, domain, dates, company.currency_id)
        domain += [("date", ">=", dates[0]), ("date", "<=", dates[1])]
        domain += self._get_following(company, self._get_after(after))
        found = lines.search(domain, order="date, id", limit=limit + 1)
        page = found[:limit].with_company(company)
        return {
            **sums,
            "partner_id": partner.id,
            "partner": partner.name,
            "currency": company.currency_id.name,
            "date_from": str(dates[0]),
            "date_to": str(dates[1]),
            "lines": [
                {**self._line_values(line), "debit": line.debit, "credit": line.credit}
                for line in page
            ],
            "cursor": page[-1:].id or after,
            "more": len(found) > limit,
        }

    def _get_after(self, after):
        """The id in a cursor, 0 without one."""
        if after and not is_whole(after):
            raise UserError(self.env._("This is not a cursor of an answer."))
        return after or 0

    def _get_following(self, company, after):
        """Domain of the lines after the one of a cursor.

        That may have been taken back since; its place is still known.
        """
        if not after:
            return []
        # sudo: only its date is read, of the company whose books may be read
        place = self.env["account.move.line"].sudo().browse(after).exists()
        if place.company_id != company:
            raise UserError(
                self.env._(
                    "The line at which this page begins was deleted; read the"
                    " statement again from its beginning."
                )
            )
        return [
            "|",
            ("date", ">", place.date),
            "&",
            ("date", "=", place.date),
            ("id", ">", place.id),
        ]

    def _sums(self, lines, domain, dates, currency):
        """Opening and closing balance and the columns of a period."""
        [(opening,)] = lines._read_group(
            [*domain, ("date", "<", dates[0])], [], ["balance:sum"]
        )
        [(debit, credit)] = lines._read_group(
            [*domain, ("date", ">=", dates[0]), ("date", "<=", dates[1])],
            [],
            ["debit:sum", "credit:sum"],
        )
        opening, debit, credit = opening or 0.0, debit or 0.0, credit or 0.0
        return {
            "opening": currency.round(opening),
            "debit": currency.round(debit),
            "credit": currency.round(credit),
            "closing": currency.round(opening + debit - credit),
        }

    def _item_values(self, line, residual, foreign):
        partner = line.partner_id.commercial_partner_id
        return {
            **self._line_values(line),
            "partner_id": partner.id,
            "partner": partner.name or "",
            "partner_ref": partner.ref or "",
            "balance": line.balance,
            "residual": line.company_currency_id.round(residual),
            "currency": line.currency_id.name,
            "residual_currency": line.currency_id.round(foreign),
        }

    def _line_values(self, line):
        return {
            "id": line.id,
            "move_id": line.move_id.id,
            "move": line.move_id.name,
            "date": str(line.date),
            "date_maturity": str(line.date_maturity or line.date),
            "account": line.account_id.code or "",
            "summary": line.name or "",
        }

    def _get_items_domain(self, company, kind, partner_id):
        if not isinstance(kind, str) or kind not in KINDS:
            raise UserError(
                self.env._(
                    "%(kind)s is not one of receivable, payable, all.", kind=kind
                )
            )
        domain = [
            ("company_id", "=", company.id),
            ("parent_state", "=", "posted"),
            *company._jxc_get_owed_domain(*KINDS[kind]),
        ]
        if partner_id:
            if not is_whole(partner_id):
                raise UserError(self.env._("There is no such customer or vendor."))
            partner = self.env["res.partner"].browse(partner_id)
            domain.append(("partner_id", "child_of", partner.commercial_partner_id.id))
        return domain

    def _find_open_items(self, company, domain, date, after, limit):
        """(line, residual, residual in its currency) of what was open on a day."""
        lines = self.env["account.move.line"].with_context(
            allowed_company_ids=company.ids
        )
        flush_settled(self.env)
        query = lines._search([*domain, ("date", "<=", date), ("id", ">", after)])
        table = SQL.identifier(query.table)
        parts = [
            SQL(
                """COALESCE((
                    SELECT sum(%s) FROM account_partial_reconcile part
                    WHERE part.%s = %s.id AND part.max_date <= %s
                        AND part.%s NOT IN (%s)
                ), 0)""",
                SQL.identifier("part", column),
                SQL.identifier(side),
                table,
                date,
                SQL.identifier(other),
                DRAFTED,
            )
            for side, other, columns in (
                (
                    "debit_move_id",
                    "credit_move_id",
                    ("amount", "debit_amount_currency"),
                ),
                (
                    "credit_move_id",
                    "debit_move_id",
                    ("amount", "credit_amount_currency"),
                ),
            )
            for column in columns
        ]
        residual = SQL("%s.balance - %s + %s", table, parts[0], parts[2])
        foreign = SQL("%s.amount_currency - %s + %s", table, parts[1], parts[3])
        query.add_where(SQL("round(%s, 6) <> 0", residual))
        query.order = SQL("%s.id", table)
        query.limit = limit
        return self.env.execute_query(
            query.select(SQL("%s.id", table), residual, foreign)
        )
