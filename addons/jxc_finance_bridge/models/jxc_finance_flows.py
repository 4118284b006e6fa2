# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Under which items of our cash flow statement the lines of entries count."""

from collections import defaultdict
from decimal import Decimal

from odoo.tools import date_utils, float_repr

from .jxc_cash_flow_item import STANDARDS


class Flows:
    """What the cash flow statement of its month says about each line of entries.

    :param moves: posted entries of one company
    :param company: that company, with the chart of accounts that has a statement; with
        any other one, no line has an item
    """

    def __init__(self, moves, company):
        self._shares = {}
        chart = company.root_id.sudo().chart_template
        standards = [name for name, code in STANDARDS.items() if code == chart]
        if standards:
            self._read(standards[0], moves, company)

    def of(self, line):
        """[(item code, share of the line)]; empty for what is not opposite cash."""
        return self._shares.get(line.id, ())

    def _read(self, standard, moves, company):
        # sudo: who reads vouchers need not read the items; the entries are given
        items = moves.env["jxc.cash.flow.item"].sudo()
        amounts = defaultdict(lambda: defaultdict(Decimal))
        for month, part in moves.grouped(
            lambda move: date_utils.start_of(move.date, "month")
        ).items():
            # What is paid later in the month is in the statement of the month.
            end = date_utils.end_of(month, "month")
            extra = [("move_id", "in", part.ids)]
            for line, item, amount in items._get_flows(
                standard, company, month, end, extra
            ):
                amounts[line][item] += Decimal(float_repr(amount, 2))
        for line, parts in amounts.items():
            total = sum(parts.values())
            self._shares[line] = [
                (item, amount / total) for item, amount in parts.items() if amount
            ]
