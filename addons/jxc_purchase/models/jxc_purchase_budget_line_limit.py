# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount

from ..tools import matching


class JxcPurchaseBudgetLine(models.Model):
    """What a line lets through, and what it covers."""

    _inherit = "jxc.purchase.budget.line"

    def _check_limit_above_use(self, vals):
        """Take what the limit loses through the gate; raise when it is in use."""
        lost = {}
        for line in self:
            lower = line._capacity() - line._capacity(vals)
            if vals.get("control", line.control) == "block" and lower > 0:
                lost[line.id] = lower
        for short in self._jxc_gate_take(lost):
            line = self.browse(short.resource_id)
            raise UserError(
                self.env._(
                    "%(line)s: the limit cannot become lower than what is used,"
                    " %(used)s. Cancel or reduce orders first, or choose a higher"
                    " amount.",
                    line=line.display_name,
                    used=format_amount(self.env, short.used, line.currency_id),
                )
            )

    def _check_nobody_takes(self):
        """Take all that the lines have, so that nobody else does any more.

        :raise UserError: an operation that is still running uses them
        """
        for short in self._jxc_gate_take({line.id: line._capacity() for line in self}):
            raise UserError(
                self.env._(
                    "%(line)s: an order or bill is being confirmed on it right now, so"
                    " it cannot be reset to draft.",
                    line=self.browse(short.resource_id).display_name,
                )
            )

    def _describe_limit(self):
        control = dict(self._fields["control"]._description_selection(self.env))
        return self.env._(
            "planned %(planned)s, %(control)s, warning at %(warn).1f%%, tolerance"
            " %(tolerance).1f%%",
            planned=format_amount(self.env, self.amount_planned, self.currency_id),
            control=control[self.control],
            warn=self.warn_percent,
            tolerance=self.tolerance_percent,
        )

    def _note_changes(self, before):
        for line in self:
            now = line._describe_limit()
            if now != before[line.id]:
                line.budget_id.message_post(
                    body=self.env._(
                        "%(line)s: %(before)s → %(after)s",
                        line=line.display_name,
                        before=before[line.id],
                        after=now,
                    )
                )

    def _capacity(self, vals=()):
        """Return the amount up to which one line lets through, company currency.

        :param dict vals: values that are about to be written
        """
        self.ensure_one()
        vals = dict(vals)
        planned = vals.get("amount_planned", self.amount_planned)
        tolerance = vals.get("tolerance_percent", self.tolerance_percent)
        return self.currency_id.round(
            (planned + self.amount_adjusted) * (1 + tolerance / 100.0)
        )

    def _limit_base(self):
        """Return planned plus adjusted amount of one line."""
        self.ensure_one()
        return self.amount_planned + self.amount_adjusted

    def _is_over(self, used):
        """Whether ``used`` passes the limit of one line, tolerance included."""
        return self.currency_id.compare_amounts(used, self._capacity()) > 0

    def _is_scarce(self, used):
        """Whether ``used`` reaches the warning threshold of one line."""
        threshold = self._limit_base() * self.warn_percent / 100.0
        return bool(self.warn_percent) and (
            self.currency_id.compare_amounts(used, threshold) >= 0
        )

    def _jxc_gate_query(self) -> SQL:
        """Use is the sum of the ledger; only a budget in force has something to give.

        Who asks a draft has seen it in force before it was reset.
        """
        return SQL(
            """
            SELECT line.id, used.amount AS used,
                   CASE WHEN budget.state <> 'confirmed'
                        THEN LEAST(used.amount, planned.amount)
                        ELSE planned.amount
                    END AS capacity
              FROM jxc_purchase_budget_line line
              JOIN jxc_purchase_budget budget ON budget.id = line.budget_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
             CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(entry.amount), 0) AS amount
                     FROM jxc_budget_entry entry
                    WHERE entry.line_id = line.id
                   ) used
             CROSS JOIN LATERAL (
                   SELECT ROUND((
                              (COALESCE(line.amount_planned, 0)
                               + COALESCE(line.amount_adjusted, 0))
                              * (1 + COALESCE(line.tolerance_percent, 0) / 100)
                          )::numeric, currency.decimal_places) AS amount
                   ) planned
             WHERE line.id = ANY(%s)
            """,
            list(self.ids),
        )

    def _scopes(self):
        """Return what each line covers, as :class:`matching.Scope`."""
        return [
            matching.Scope(
                line_id=line.id,
                account_id=line.analytic_account_id.id or None,
                partner_id=line.partner_id.commercial_partner_id.id or None,
                category_id=line.category_id.id or None,
                date_from=line.date_from,
                date_to=line.date_to,
            )
            for line in self
        ]

    def _used_amounts(self):
        """Return ``{line id: used amount}`` of all stages, one query."""
        return dict.fromkeys(self.ids, 0.0) | {
            line.id: amount
            for line, amount in self.env["jxc.budget.entry"]._read_group(
                [("line_id", "in", self.ids)], ["line_id"], ["amount:sum"]
            )
        }
