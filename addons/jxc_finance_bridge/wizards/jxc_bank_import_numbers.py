# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ..models.jxc_bank_format_mixin import COLUMNS
from ..tools.bank_alike import Told, find_alike
from ..tools.bank_statement import OPTIONAL, read_reference, tight

#: How many days a line may have been moved off the bank's day, say into an open month.
MOVED_DAYS = 31


class JxcBankImport(models.TransientModel):
    """The same transactions in exports with other columns: numbers, memos, partners.

    Their keys differ, as keys are made of all columns; day, amount and the texts that
    both exports have tell them. What has no text in common is new, but whoever imports
    is asked first.
    """

    _inherit = "jxc.bank.import"

    doubt_count = fields.Integer(string="Doubtful", readonly=True)
    doubts_shown = fields.Json(export_string_translation=False)

    def _get_known(self, transactions):
        """Add what another export told: doubtful ones only get a note."""
        skipped = super()._get_known(transactions)
        rest = [one for one in transactions if one.number not in skipped]
        if not rest:
            return skipped
        known = self._get_told_before(transactions, rest)
        rows = [
            Told(one.number, self._get_money(one.date, one.amount), one.said)
            for one in rest
        ]
        same, doubtful = find_alike(rows, known)
        for one in rest:
            if one.number in same:
                name = same[one.number].move_id.name
                skipped[one.number] = ("duplicate", name, False)
            elif one.number in doubtful:
                one.doubt = doubtful[one.number].move_id.name
        return skipped

    def _get_told_before(self, transactions, rest):
        """What was imported on the days of ``rest`` and has no row of its own."""
        keys = {one.key for one in transactions}
        first = min(one.date for one in rest)
        last = max(one.date for one in rest)
        return [
            Told(
                line,
                self._get_money(_get_day(line), line.amount),
                _get_said(line),
            )
            for line in self._find_imported(first, last)
            if line.jxc_bank_key not in keys
        ] + [
            Told(
                item,
                self._get_money(_get_day(item), self._get_item_amount(item)),
                _get_said(item),
            )
            for item in self._find_booked_before(first, last)
            if item.jxc_bank_key not in keys
        ]

    def _find_imported(self, first, last):
        """Lines of transactions between two days; they may have been moved since."""
        margin = timedelta(days=MOVED_DAYS)
        # sudo: keys are the importer's own
        lines = self.env["account.bank.statement.line"].sudo()
        return lines.search(
            [
                ("journal_id", "=", self.journal_id.id),
                ("jxc_bank_key", "!=", False),
                ("date", ">=", first - margin),
                ("date", "<=", last + margin),
            ],
            order="date, id",
        )

    def _find_booked_before(self, first, last):
        """Payments that transactions of other files turned out to be.

        They may stand on another day than the bank has.
        """
        # sudo: keys are the importer's own
        items = self.env["account.move.line"].sudo()
        return items.search(
            self._get_near_domain(first, last) & Domain("jxc_bank_key", "!=", False),
            order="date, id",
        )

    # Asking -----------------------------------------------------------------------

    def _must_ask(self, transactions, skipped):
        """Whether something is doubtful that was not shown yet."""
        doubts = _get_doubts(transactions, skipped)
        return bool(doubts) and doubts != self.doubts_shown

    def _show_rows(self, transactions, skipped, problems):
        res = super()._show_rows(transactions, skipped, problems)
        doubts = _get_doubts(transactions, skipped)
        self.write({"doubt_count": len(doubts), "doubts_shown": doubts})
        return res

    def _keep_format(self):
        """What this file has not, another may have: the columns stay known."""
        known = self._get_known_format()
        for name, role in COLUMNS.items():
            if role in OPTIONAL and not self[name]:
                self[name] = known[name]
        return super()._keep_format()


def _get_said(record):
    """{role: text} of what the bank said of a statement line or a payment."""
    kept = record.jxc_bank_said
    if kept:
        said = {role: text for role, text in kept.items() if role in OPTIONAL}
        if "reference" in said:
            # Numbers of zeros were kept once.
            said["reference"] = read_reference(said["reference"])
        return said
    is_line = record._name == "account.bank.statement.line"
    return _guess_said(record) if is_line else {}


def _guess_said(line):
    """What the bank said of a line that was imported before this was kept.

    Which columns its file had is not known: what is empty tells nothing.
    """
    memo = line.payment_ref or ""
    if memo == line.ref:
        memo = ""
    texts = {
        "partner": line.partner_name,
        "account": line.account_number,
        "reference": read_reference(line.ref),
        "memo": memo.removesuffix(line.partner_name or ""),
    }
    return {role: tight(text) for role, text in texts.items() if tight(text)}


def _get_day(record):
    """The bank's day of a line or a payment, its own if it was not kept."""
    return fields.Date.to_date((record.jxc_bank_said or {}).get("date")) or record.date


def _get_doubts(transactions, skipped):
    """[key, id of the payment that it is if not what it may be] of doubtful ones."""
    return [
        [one.key, skipped.get(one.number, ("new", "", False))[2]]
        for one in transactions
        if one.doubt
    ]
