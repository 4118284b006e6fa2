# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models

from ..models.jxc_bank_format_mixin import COLUMNS
from ..tools.bank_statement import OPTIONAL, plain


class JxcBankImport(models.TransientModel):
    """The same transactions with the bank's numbers in one export, without in another.

    Their keys differ, as numbers are part of them; day, amount and partner tell them.
    """

    _inherit = "jxc.bank.import"

    def _get_skipped(self, transactions):
        skipped = super()._get_skipped(transactions)
        rest = [one for one in transactions if one.number not in skipped]
        for number, line in self._find_numbered_otherwise(transactions, rest).items():
            skipped[number] = ("duplicate", line.move_id.name, False)
        return skipped

    def _find_numbered_otherwise(self, transactions, rest):
        """{row number: statement line} of what is there with, or without, a number.

        Each line is taken by one row: what is in the file more often is new.
        """
        if not rest:
            return {}
        numbered = any(one.reference for one in transactions)
        keys = {one.key for one in transactions}
        # sudo: keys are the importer's own
        lines = (
            self.env["account.bank.statement.line"]
            .sudo()
            .search(
                [
                    ("journal_id", "=", self.journal_id.id),
                    ("jxc_bank_key", "!=", False),
                    ("date", ">=", min(one.date for one in rest)),
                    ("date", "<=", max(one.date for one in rest)),
                ],
                order="date, id",
            )
        )
        digits = self._get_currency().decimal_places
        free = defaultdict(list)
        for line in lines:
            if bool(line.ref) != numbered and line.jxc_bank_key not in keys:
                free[line.date, round(line.amount, digits)].append(line)
        found = {}
        for one in rest:
            alike = free[one.date, round(float(one.amount), digits)]
            line = next((line for line in alike if _same_partner(line, one)), None)
            if line:
                alike.remove(line)
                found[one.number] = line
        return found

    def _keep_format(self):
        """What this file has not, another may have: the columns stay known."""
        known = self._get_known_format()
        for name, role in COLUMNS.items():
            if role in OPTIONAL and not self[name]:
                self[name] = known[name]
        return super()._keep_format()


def _same_partner(line, one):
    """Whether a line and a transaction name the same partner, as far as they do."""
    names = {plain(line.partner_name), plain(one.partner)} - {""}
    return len(names) < 2
