# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

#: How vouchers are handed on: each by itself, or summed up.
GROUPINGS = [
    ("document", "One voucher for each document"),
    ("day", "One voucher for each day"),
    ("kind", "One voucher for each kind of entry"),
]


class Group(NamedTuple):
    """Vouchers that are handed on as one.

    :param moves: the posted entries, in the order of their numbers
    :param number: of the group, among the groups of its company, word and month
    :param key: what other systems know the group by
    """

    moves: object
    number: int
    key: str


class AccountMove(models.Model):
    """Vouchers summed up for print and for other systems (凭证合并).

    In the books each entry keeps its own number, so that it can be signed, reviewed,
    reversed and traced by itself. What is handed on has numbers of its own: 1, 2, …
    without gaps for each company, word and month, the same in print, in files and for
    programs, whatever part of the month is asked for.
    """

    _inherit = "account.move"

    def _jxc_voucher_groups(self, grouping):
        """The groups that contain these posted entries, each of them whole.

        A day has one group for each word, a month one for each word and kind of entry;
        the profit transfer (期间损益结转) always is a voucher by itself.

        :param grouping: "document", "day" or "kind"
        :return: list of :class:`Group`, by company, month, word and number
        :raise UserError: for other groupings
        """
        self._jxc_check_grouping(grouping)
        chosen = self.filtered(lambda move: move.state == "posted")
        groups = []
        for series, moves in chosen._jxc_whole_series(grouping).items():
            if grouping == "document":
                groups += [
                    Group(move, move.jxc_voucher_no, move._jxc_voucher_key())
                    for move in moves
                ]
                continue
            parts = moves.grouped(lambda move: move._jxc_group_part(grouping))
            # The last voucher of a month is its closing, as in the books.
            ordered = sorted(
                parts.items(),
                key=lambda item: (
                    all(item[1].mapped("jxc_pl_closing")),
                    item[0] if grouping == "day" else min(item[1].mapped("date")),
                    item[1][0].jxc_voucher_no,
                ),
            )
            groups += [
                Group(part, number, part._jxc_group_key(series, name))
                for number, (name, part) in enumerate(ordered, start=1)
                if part & chosen
            ]
        return groups

    @api.model
    def _jxc_check_grouping(self, grouping):
        if grouping not in dict(GROUPINGS):
            raise UserError(
                self.env._(
                    "%(grouping)s is not one of %(known)s.",
                    grouping=grouping,
                    known=", ".join(name for name, _label in GROUPINGS),
                )
            )

    def _jxc_whole_series(self, grouping):
        """{(company, month, word): entries}; with groupings, all of that month."""
        moves = self
        if grouping != "document" and self:
            moves = self.search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "posted"),
                    ("jxc_voucher_period", "in", self.mapped("jxc_voucher_period")),
                ]
            )
            moves = moves.filtered(lambda move: any(move.line_ids.mapped("balance")))

        def key(move):
            return (
                move.company_id,
                move.jxc_voucher_period or "",
                move.jxc_voucher_word or "",
            )

        def place(move):
            company, period, word = key(move)
            return company.id, period, word, move.jxc_voucher_no, move.id

        found = moves.sorted(place).grouped(key)
        if grouping == "document":
            return found
        wanted = {key(move) for move in self}
        return {series: part for series, part in found.items() if series in wanted}

    def _jxc_group_part(self, grouping):
        """What the members of a group have in common, within their month and word."""
        self.ensure_one()
        if grouping == "kind":
            return self.env["jxc.voucher.summary"]._get_kind(self)
        return f"{self.date}{'-closing' if self.jxc_pl_closing else ''}"

    def _jxc_group_key(self, series, part):
        """The same for good: it does not depend on who is in the group."""
        company, period, word = series
        words = [name for name, _label in self._fields["jxc_voucher_word"].selection]
        place = words.index(word) if word in words else len(words)
        prefix = self[0]._jxc_voucher_key().rpartition("M")[0]
        text = part if part.startswith(period) else f"{period}-{part}"
        return f"{prefix}G{company.id}-{place}-{text}".replace("_", "-").upper()

    def _jxc_group_label(self):
        """The numbers of the members in words, like 记-3 … 9."""
        numbers = self.mapped("jxc_voucher_no")
        word, first, last = self[0].jxc_voucher_word or "", min(numbers), max(numbers)
        return f"{word}-{first}" if first == last else f"{word}-{first} … {last}"

    def _jxc_get_group_text(self):
        """Text of the lines of a group."""
        return self.env._(
            "Sum of %(count)s vouchers %(numbers)s",
            count=len(self),
            numbers=self._jxc_group_label(),
        )
