# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class AccountMove(models.Model):
    """What the lines of a bill come to together: little is passed, much is held."""

    _inherit = "account.move"

    def _jxc_judge_totals(self):
        """Pass price differences that come to little, hold what comes to much."""
        for bill in self:
            # sudo: nobody writes matches
            matches = bill.sudo().jxc_match_ids
            bill._jxc_pass_small_total(matches)
            bill._jxc_hold_large_total(matches)

    def _jxc_pass_small_total(self, lines):
        """Price differences that come to little for the whole bill are passed."""
        self.ensure_one()
        matches = lines.filtered(
            lambda match: match.state == "price" and match.is_exceeded
        )
        if not matches:
            return
        rate = self.invoice_currency_rate or 1.0
        total = sum(abs(match.amount_difference) for match in matches) / rate
        ordered = sum(line.price_order * line.quantity_billed for line in lines)
        if total - self.company_id._jxc_match_total_room(ordered / rate) <= 1e-6:
            matches.is_exceeded = False

    def _jxc_hold_large_total(self, matches):
        """Lines may pass one by one and still come to too much together.

        The first line with an order speaks for the whole bill. A release of it was
        given for the total it had.
        """
        self.ensure_one()
        ordered = matches.filtered("purchase_line_id").sorted(
            lambda match: (match.line_id.sequence, match.line_id.id)
        )
        first = ordered[:1]
        (matches - first).filtered("amount_total_difference").write(
            {"amount_total_difference": 0.0}
        )
        if not first:
            return
        expected = sum(match._jxc_expected() for match in ordered)
        billed = sum(match.price_bill * match.quantity_billed for match in ordered)
        rate = self.invoice_currency_rate or 1.0
        limit = self.company_id._jxc_match_limit(expected / rate)
        off = 0.0 if limit is None else self.currency_id.round(billed - expected)
        values = {}
        if abs(first.amount_total_difference - off) > 1e-6:
            values = {
                "amount_total_difference": off,
                "released_by_id": False,
                "released_on": False,
                "release_reason": False,
            }
        if limit is not None and abs(off) / rate - limit > 1e-6:
            if not first.is_exceeded:
                values.update(state="total", is_exceeded=True)
        elif first.state == "total":
            values.update(state=first._jxc_covered_state(), is_exceeded=False)
        if values:
            first.write(values)
