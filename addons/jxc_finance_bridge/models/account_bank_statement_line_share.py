# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.fields import NO_ACCESS

#: Whoever names a document, or was given it by hand, goes before guesses.
CERTAIN = ("document", False)


class AccountBankStatementLine(models.Model):
    """How much of their documents lines settle, several of one document too."""

    _inherit = "account.bank.statement.line"

    # {open item id: units of the currency}, as it was proposed
    jxc_proposed_parts = fields.Json(
        copy=False,
        groups=NO_ACCESS,
        prefetch=False,
        export_string_translation=False,
    )

    def write(self, vals):
        if "jxc_proposed_line_ids" in vals and "jxc_proposal" not in vals:
            # Chosen by hand.
            vals = {**vals, "jxc_proposal": False}
        return super().write(vals)

    def _jxc_get_proposed(self):
        """All lines of these companies that are proposed documents and wait."""
        return self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("is_reconciled", "=", False),
                ("jxc_proposed_line_ids", "!=", False),
            ]
        )

    def _jxc_in_turn(self):
        """Certain lines, then by age."""
        return self.sorted(
            lambda line: (line.jxc_proposal not in CERTAIN, line.date, line.id)
        )

    def _jxc_get_shares(self):
        """{line: {open item: what it settles}} in units of the currency.

        As it was proposed; of what was chosen by hand, one line after the other.
        """
        taken, shares = defaultdict(int), {}
        for line in self._jxc_in_turn():
            # sudo: kept by the server
            parts = line.jxc_proposal and line.sudo().jxc_proposed_parts
            if parts:
                shares[line] = {
                    claim: parts.get(str(claim.id), 0)
                    for claim in line.jxc_proposed_line_ids
                }
                continue
            shares[line] = line._jxc_allocate(taken, {})
            for claim, part in shares[line].items():
                taken[claim] += part
        return shares

    def _jxc_allocate(self, settled, promised):
        """{open item: what the line settles of it}, oldest due first.

        What others are proposed to settle comes last.

        :param settled: {open item: what is settled of it already}
        :param promised: {open item: what other lines are proposed to settle of it}
        """
        claims = self.jxc_proposed_line_ids.sorted(
            lambda claim: (claim.date_maturity or claim.date, claim.id)
        )
        money, found = self._jxc_units(abs(self.amount)), defaultdict(int)
        for kept in (promised, {}):
            for claim in claims:
                left = self._jxc_units(abs(claim.amount_residual_currency))
                left -= settled[claim] + found[claim] + kept.get(claim, 0)
                part = max(0, min(money, left))
                found[claim] += part
                money -= part
        return {claim: part for claim, part in found.items() if part}
