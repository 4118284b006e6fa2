# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import books
from ..tools.token import engine_context, is_engine

#: Written by the books' own code only.
GUARDED = (
    "jxc_voucher_word",
    "jxc_voucher_no",
    "jxc_voucher_period",
    "jxc_pl_closing",
    "jxc_drafter_ids",
    "jxc_maker_id",
    "jxc_posted_by",
    "jxc_checked_by",
    "jxc_checked_date",
    "jxc_cashier_id",
    "jxc_cashier_date",
    "jxc_import_number",
)
#: Types of accounts that hold money: its receipts and payments are the cashier's.
CASH_TYPES = ("asset_cash", "liability_credit_card")
#: In which its number is the next one.
SERIES_FIELDS = ("company_id", "jxc_voucher_word", "jxc_voucher_period")
#: Moves this transaction gave a number: the only ones its own view is right about.
NUMBERED = "numbered"


class AccountMove(models.Model):
    """Entries as vouchers (记账凭证): word, number of the month, who did what."""

    _inherit = "account.move"

    # The numbers are computed fields without dependencies: whatever posts an entry
    # puts them on the list of what is to be computed, and the ORM computes them when
    # somebody reads them or, at the latest, when the request is flushed at its end.
    jxc_voucher_word = fields.Selection(
        selection=[
            ("记", "General"),
            ("收", "Receipt"),
            ("付", "Payment"),
            ("转", "Transfer"),
        ],
        string="Voucher Word",
        compute="_compute_jxc_voucher",
        store=True,
        copy=False,
    )
    jxc_voucher_period = fields.Char(
        string="Voucher Period",
        compute="_compute_jxc_voucher",
        store=True,
        copy=False,
        size=7,
        help="Month of the voucher, like 2026-01.",
    )
    jxc_voucher_no = fields.Integer(
        string="Voucher No.",
        compute="_compute_jxc_voucher",
        store=True,
        copy=False,
        aggregator=None,
        help="Number of the voucher within company, word and month, without gaps. Zero"
        " as long as the entry is not posted.",
    )
    jxc_voucher_name = fields.Char(
        string="Voucher",
        compute="_compute_jxc_voucher_name",
        search="_search_jxc_voucher_name",
    )
    jxc_pl_closing = fields.Boolean(
        string="Profit Transfer",
        copy=False,
        readonly=True,
        help="Moves income and expenses to the profit of the year (期间损益结转);"
        " statements of income leave such entries out.",
    )

    _jxc_voucher_no_unique = models.UniqueIndex(
        "(company_id, jxc_voucher_period, jxc_voucher_word, jxc_voucher_no)"
        " WHERE jxc_voucher_no > 0",
        "Two vouchers of a month cannot have the same number.",
    )

    def _compute_jxc_voucher(self):
        """Give posted entries the next numbers of their series.

        An entry that is only reset to draft keeps its number for the next posting in
        the same month; a cancelled one gives it back.
        """
        series = defaultdict(self.browse)
        for move in self:
            number = move.jxc_voucher_no if move.id else 0
            word, period = move.jxc_voucher_word, move.jxc_voucher_period
            if move.state == "posted" and move.id:
                key = move._jxc_get_voucher_series()
                if not number or (word, period) != key[1:]:
                    series[key] += move
                    continue
            if move.state == "cancel":
                word, period, number = False, False, 0
            move.jxc_voucher_word = word
            move.jxc_voucher_period = period
            move.jxc_voucher_no = number
        if not series:
            return
        last_numbers = self._jxc_lock_series(list(series))
        if not books.is_alone(self.env):
            ids = [move.id for moves in series.values() for move in moves]
            books.remember(self.env, NUMBERED, ids)
        for key, moves in series.items():
            last = last_numbers.get(key, 0)
            ordered = moves.sorted(lambda move: (move.date, move.name or "", move.id))
            for number, move in enumerate(ordered, start=last + 1):
                _company_id, move.jxc_voucher_word, move.jxc_voucher_period = key
                move.jxc_voucher_no = number

    def _jxc_lock_series(self, series):
        """Hold series of numbers until the end of the transaction.

        :param series: list of (company id, word, period)
        :return: dict of series → last number in use
        :raise UserError: if a month was closed in the meantime
        """
        companies = self.env["res.company"].sudo().browse({key[0] for key in series})
        roots = {company.id: company.root_id.id for company in companies}
        months = {(roots[key[0]], key[2]) for key in series}
        books.share_months(self.env, months)
        books.hold_series(self.env, series)
        with books.committed(self.env) as cr:
            self.env["jxc.finance.period"]._check_months_open(cr, months)
            last_numbers = self._jxc_read_last_numbers(cr, series)
        own = self._jxc_get_unwritten_numbers(series)
        numbered = tuple(books.recall(self.env, NUMBERED))
        if numbered and not books.is_alone(self.env):
            written = self._jxc_read_last_numbers(self.env.cr, series, numbered)
            own += list(written.items())
        for key, number in own:
            last_numbers[key] = max(number, last_numbers.get(key, 0))
        return last_numbers

    def _jxc_get_unwritten_numbers(self, series):
        """[(series, number)] that this transaction gave and has not written yet.

        Of thousands of entries, the platform computes a thousand at a time and writes
        them together.
        """
        # From the cache alone: reading them as records might compute them again.
        number, *key = (
            self._fields[name]._get_cache(self.env)
            for name in ("jxc_voucher_no", *SERIES_FIELDS)
        )
        dirty = self.env.transaction.field_dirty.get(self._fields["jxc_voucher_no"], ())
        found = (
            (tuple(cache.get(move_id) for cache in key), number.get(move_id) or 0)
            for move_id in dirty
            if move_id not in self._ids
        )
        wanted = set(series)
        return [(key, last) for key, last in found if key in wanted and last > 0]

    def _jxc_read_last_numbers(self, cr, series, move_ids=None):
        """{series: highest number} as the cursor sees them, of some moves or of all."""
        cr.execute(
            SQL(
                """
                SELECT company_id, jxc_voucher_word, jxc_voucher_period,
                       max(jxc_voucher_no)
                  FROM account_move
                 WHERE (company_id, jxc_voucher_word, jxc_voucher_period) IN %s
                   AND jxc_voucher_no > 0 %s
              GROUP BY 1, 2, 3
                """,
                tuple(series),
                SQL("AND id IN %s", move_ids) if move_ids else SQL(),
            )
        )
        return {tuple(key): number for *key, number in cr.fetchall()}

    def _jxc_get_voucher_series(self):
        """(company id, word, period) in which the entry is numbered. Extend freely."""
        self.ensure_one()
        return (
            self.company_id.id,
            self._jxc_get_voucher_word(),
            self.date.strftime("%Y-%m"),
        )

    def _jxc_get_voucher_word(self):
        """The word by the company's scheme and what the entry does to cash."""
        self.ensure_one()
        if self.company_id.sudo().jxc_voucher_scheme != "three":
            return "记"
        lines = self._jxc_get_cash_lines()
        if not lines:
            return "转"
        # Between two accounts of money a payment voucher is made, not two vouchers.
        is_within = len(lines) == len(self.line_ids)
        return "收" if not is_within and sum(lines.mapped("balance")) > 0 else "付"

    def _jxc_get_cash_lines(self):
        """Lines on accounts that hold money."""
        return self.line_ids.filtered(
            lambda line: line.account_id.account_type in CASH_TYPES
        )

    @api.depends("jxc_voucher_word", "jxc_voucher_no", "jxc_voucher_period")
    def _compute_jxc_voucher_name(self):
        for move in self:
            number = move.jxc_voucher_no
            move.jxc_voucher_name = (
                f"{move.jxc_voucher_word}-{number}" if number else False
            )

    def _search_jxc_voucher_name(self, operator, value):
        """Find 记-12 or 12; like and = alike."""
        if operator not in ("=", "in", "like", "ilike", "=like", "=ilike"):
            return NotImplemented
        values = value if operator == "in" else [value]
        domain = fields.Domain.FALSE
        for text in values:
            word, _dash, number = str(text or "").strip("% ").rpartition("-")
            if number.isdecimal() and len(number) < 10:
                found = fields.Domain("jxc_voucher_no", "=", int(number))
                if word:
                    found &= fields.Domain("jxc_voucher_word", "=", word)
                domain |= found
        return domain

    # ORM ----------------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        return own_defaults(self, super().default_get(fields_list), GUARDED)

    @api.model_create_multi
    def create(self, vals_list):
        if not is_engine(self.env):
            for vals in vals_list:
                self._jxc_check_guarded({k: v for k, v in vals.items() if v})
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_guarded(vals)
        if vals.get("state") == "posted":
            vals = {**vals, "jxc_posted_by": self.env.uid}
        result = super().write(vals)
        if not {"state", "date", "journal_id"}.isdisjoint(vals):
            self._jxc_renew_voucher()
        return result

    def copy_data(self, default=None):
        """A transfer of profit has no copy, but for the entry that takes it back.

        A copy would be income or expense once more, and be missing on no statement.
        """
        if not (default or {}).get("reversed_entry_id"):
            self._jxc_check_no_transfer()
        return super().copy_data(default)

    def _jxc_check_no_transfer(self):
        """:raise UserError: if one of the entries transfers profit and loss"""
        for move in self.filtered("jxc_pl_closing"):
            raise UserError(
                self.env._(
                    "%(move)s transfers profit and loss and cannot be copied: reverse"
                    " it, then transfer profit and loss of the month again under"
                    " Month Close.",
                    move=move.jxc_voucher_name or move.display_name,
                )
            )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """What takes a transfer of profit back is no income either."""
        reverses = super()._reverse_moves(default_values_list, cancel)
        transfers = reverses.filtered("reversed_entry_id.jxc_pl_closing")
        transfers.with_context(**engine_context()).jxc_pl_closing = True
        return reverses

    def _jxc_check_guarded(self, vals):
        guarded = vals.keys() & set(GUARDED)
        if guarded and not is_engine(self.env):
            labels = [
                self._fields[name]._description_string(self.env) for name in guarded
            ]
            raise AccessError(
                self.env._(
                    "%(fields)s of an entry follow from posting, reviewing, signing and"
                    " importing it; they cannot be written.",
                    fields=", ".join(sorted(labels)),
                )
            )

    def _jxc_renew_voucher(self):
        """Have word, period and number computed by the end of the transaction."""
        for name in ("jxc_voucher_word", "jxc_voucher_period", "jxc_voucher_no"):
            self.env.add_to_compute(self._fields[name], self)

    # Closed periods -------------------------------------------------------------

    def _check_fiscal_lock_dates(self):
        """The platform asks here before it changes what is posted; so do we.

        A closed period has no exceptions, unlike the platform's lock dates.
        """
        self._jxc_check_period_open()
        return super()._check_fiscal_lock_dates()

    def _jxc_check_period_open(self):
        """Refuse changes in closed periods, now and once more when committing.

        :raise UserError: if a date lies in a closed period
        """
        for move in self:
            closed = move.company_id.root_id.sudo().jxc_closed_date
            if closed and move.date and move.date <= closed:
                raise UserError(
                    self.env._(
                        "%(move)s is of %(date)s, but the books of %(company)s are"
                        " closed until %(closed)s. Date it later, or have the period"
                        " reopened.",
                        move=move.display_name,
                        date=format_date(self.env, move.date),
                        company=move.company_id.root_id.sudo().display_name,
                        closed=format_date(self.env, closed),
                    )
                )
        if books.is_alone(self.env):
            return
        # A period may be closed between the snapshot of this request and its commit.
        precommit = self.env.cr.precommit
        if "jxc_months" not in precommit.data:
            precommit.data["jxc_months"] = set()
            periods = self.env["jxc.finance.period"].sudo()
            precommit.add(periods._check_touched_months)
        precommit.data["jxc_months"].update(
            (move.company_id.root_id.id, move.date.strftime("%Y-%m"))
            for move in self
            if move.date
        )
