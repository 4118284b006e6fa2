# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import date_utils

from ..models.mis_report import COLUMNS


class JxcFinanceStatement(models.TransientModel):
    _inherit = "jxc.finance.statement"

    def _format_amount(self, amount):
        """An amount as printed; nothing for zero, as forms are filled in."""
        return self._format(amount, self.currency_id) if amount else ""

    def _get_print_columns(self):
        """[(field of the lines, label)] in the order of the official form."""
        labels = self._get_column_labels()
        names = list(COLUMNS[self.kind])
        if self.kind != "balance" and self.company_id.root_id.chart_template == "cn":
            names.reverse()
        return [(f"amount_{name}", labels[name]) for name in names]

    def _get_print_halves(self):
        """Assets beside liabilities and equity: pairs of lines, one a row."""
        lines = list(self.line_ids)
        split = next((i for i, line in enumerate(lines) if line.code == "h3"), 0)
        if self.kind != "balance" or not split:
            return [(line, None) for line in lines]
        warnings = [line for line in lines if line.line_kind == "warning"]
        left = lines[:split]
        right = [line for line in lines[split:] if line not in warnings]
        empty = self.env["jxc.finance.statement.line"]
        rows = max(len(left), len(right))
        # The totals stand side by side in the last row.
        for half in (left, right):
            half[-1:-1] = [empty] * (rows - len(half))
        return [*zip(left, right, strict=True), *((line, empty) for line in warnings)]

    def _get_print_date(self):
        """The day of a balance sheet; the month or the days of other statements."""
        first, last = self.date_from, self.date_to
        if self.kind == "balance":
            return self.env._(
                "%(month)s/%(day)s/%(year)s",
                year=last.year,
                month=last.month,
                day=last.day,
            )
        if (first, last) == date_utils.get_month(last):
            return self.env._(
                "%(month)s/%(year)s",
                year=last.year,
                month=last.month,
            )
        return f"{first} – {last}"

    def _get_print_unit(self):
        if self.currency_id.name == "CNY":
            return self.env._("Unit: yuan")
        return self.env._("Unit: %(currency)s", currency=self.currency_id.name)
