# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount

from ..tools import matching, token
from .jxc_purchase_budget_line_scope import KIND_FIELDS


class JxcPurchaseBudgetLine(models.Model):
    """What a line lets through, and what it covers."""

    _inherit = "jxc.purchase.budget.line"

    def _check_limit_above_use(self, vals):
        """Take what the limit loses through the gate; raise when it is in use."""
        lost = {}
        for line in self:
            lower = line._capacity() - line._capacity(vals)
            if line._blocks_any(vals=vals) and lower > 0:
                lost[line.id] = lower
        self._give_up(lost)

    def _give_up(self, lost):
        """Take what limits lose through the gate, before it is written.

        :param lost: ``{line id: amount}``, below zero for what limits gain
        :raise UserError: a limit would become lower than what is used
        """
        demands = defaultdict(float)
        for line, resources in self.browse(lost)._asked_with().items():
            for resource in resources:
                demands[resource.id] += lost[line.id]
        demands = {
            line.id: line.currency_id.round(demands[line.id])
            for line in self.browse(demands)
        }
        for short in self._of_whole_budgets()._jxc_gate_take(demands):
            raise UserError(self._too_low_message(short))

    def _take_in_place_of(self, demands, given, enforce):
        """Take through the gate what takes the place of something, in full.

        What gives way counts as free while that is judged. Only then is it given back;
        until the transaction ends others see both, which is never too little.

        :param demands: ``{line id: amount}``, with what gives way
        :param given: ``{line id: amount}`` that gives way
        :param enforce: ids whose limit is enforced
        :return: see ``_jxc_gate_take_judged``
        """
        mark = {token.GIVEN_WAY: token.GivenWay(given)} if given else {}
        judged = self.with_context(**mark)._jxc_gate_take_judged(demands, enforce)
        if given and not any(one.is_short for one in judged):
            back = {line_id: -amount for line_id, amount in given.items()}
            self._jxc_gate_take(back, enforce=())
        return judged

    def _of_whole_budgets(self):
        """Return these lines; closed ones of them give what they have left, too."""
        return self.with_context(**{token.WHOLE: token.Whole()})

    def _too_low_message(self, short):
        line = self.browse(short.resource_id)
        limit = sum(part._capacity() for part in line._judged_with()[line])
        return self.env._(
            "%(line)s: the limit cannot become lower than what is used, %(used)s."
            " Cancel or reduce orders first, or choose a higher amount.",
            line=line.display_name,
            # Without what overrides cover.
            used=format_amount(
                self.env, limit - short.capacity + short.used, line.currency_id
            ),
        )

    def _check_plan_stays(self, vals):
        """Leave the plan to budget changes, which somebody else approves.

        :raise UserError: naming each line with its budget, both amounts and the way out
        """
        changed = self.filtered(lambda line: line._changes_plan(vals))
        if changed:
            raise UserError("\n".join(changed._planned_message(vals["amount_planned"])))

    def _planned_message(self, asked):
        for line in self:
            currency = line.currency_id
            more = (asked or 0.0) - line.amount_planned
            kind = self.env._("Addition") if more > 0 else self.env._("Cut")
            yield self.env._(
                "%(line)s: the budget is confirmed, so its plan of %(planned)s stays"
                " and cannot become %(asked)s. Make a budget change (%(kind)s,"
                " %(amount)s) with the button Change Amounts; another budget manager"
                " approves it.",
                line=line.display_name,
                planned=format_amount(self.env, line.amount_planned, currency),
                asked=format_amount(self.env, asked or 0.0, currency),
                kind=kind,
                amount=format_amount(self.env, abs(more), currency),
            )

    def _check_limit_by_document(self, vals):
        """Leave wider limits to budget changes, which somebody else approves.

        :raise UserError: naming each line that would let more through, and the way out
        """
        changed = self.filtered(lambda line: line._lets_more_through(vals))
        if changed:
            raise UserError(
                self.env._(
                    "%(lines)s: the budget is confirmed, so its control and tolerance"
                    " cannot let more through. Make a budget change (Control) with the"
                    " button Change Amounts; another budget manager approves it.",
                    lines=", ".join(changed.mapped("display_name")),
                )
            )

    def _changes_plan(self, vals):
        return "amount_planned" in vals and self.currency_id.compare_amounts(
            self.amount_planned, vals["amount_planned"] or 0.0
        )

    def _lets_more_through(self, vals):
        """Whether one line would stop less than now.

        :param dict vals: values that are about to be written
        """
        self.ensure_one()
        blocking = [kind for kind in KIND_FIELDS if self._control_of(kind) == "block"]
        tolerance = vals.get("tolerance_percent", self.tolerance_percent)
        if blocking and (tolerance or 0.0) > self.tolerance_percent:
            return True
        return self._control_loosens(vals)

    def _control_loosens(self, vals):
        """Whether one line would not stop a kind of document any more."""
        return any(
            self._control_of(kind) == "block"
            and self._control_of(kind, vals) != "block"
            for kind in KIND_FIELDS
        )

    def _check_nobody_takes(self):
        """Take all that the lines have, so that nobody else does any more.

        :raise UserError: an operation that is still running uses them
        """
        capacities = {
            line: sum(part._capacity() for part in parts)
            for line, parts in self._judged_with().items()
        }
        for short in self._jxc_gate_take(
            {line.id: line.currency_id.round(all_) for line, all_ in capacities.items()}
        ):
            raise UserError(
                self.env._(
                    "%(line)s: an order or bill is being confirmed on it right now, so"
                    " it cannot be reset to draft.",
                    line=self.browse(short.resource_id).display_name,
                )
            )

    def _over_text(self, limit):
        return self.env._(
            "Budget %(line)s is exceeded: planned %(planned)s, used %(used)s.",
            line=self.display_name,
            planned=format_amount(self.env, limit.base, self.currency_id),
            used=format_amount(self.env, limit.used, self.currency_id),
        )

    def _scarce_text(self, limit):
        return self.env._(
            "Budget %(line)s is used above %(percent)g%%: planned %(planned)s, used"
            " %(used)s.",
            line=self.display_name,
            percent=self.warn_percent,
            planned=format_amount(self.env, limit.base, self.currency_id),
            used=format_amount(self.env, limit.used, self.currency_id),
        )

    def _describe_limit(self):
        control = dict(self._fields["control"]._description_selection(self.env))
        kinds = [
            f"{self._fields[name]._description_string(self.env)}: {control[self[name]]}"
            for name in KIND_FIELDS.values()
            if self[name]
        ]
        return self.env._(
            "planned %(planned)s, %(control)s, warning at %(warn).1f%%, tolerance"
            " %(tolerance).1f%%",
            planned=format_amount(self.env, self.amount_planned, self.currency_id),
            control=", ".join([control[self.control], *kinds]),
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
        adjusted = vals.get("amount_adjusted", self.amount_adjusted)
        tolerance = vals.get("tolerance_percent", self.tolerance_percent)
        return self.currency_id.round((planned + adjusted) * (1 + tolerance / 100.0))

    def _limit_base(self):
        """Return planned plus adjusted amount of one line."""
        self.ensure_one()
        return self.amount_planned + self.amount_adjusted

    def _jxc_gate_query(self) -> SQL:
        """Use is the sum of the ledger; only a budget in force has something to give.

        Summed over the lines that are judged together; what overrides cover adds to
        the limit. Who asks a draft has seen it in force before it was reset. What gives
        way to what is asked now does not count as used, see ``_given_way``.
        """
        given = token.given_way(self.env)
        pairs = [
            (line.id, part.id)
            for line, parts in self._judged_with().items()
            for part in parts
        ]
        return SQL(
            """
            SELECT pair.line_id AS id,
                   SUM(used.amount) - MAX(pair.given) AS used,
                   CASE WHEN %s OR BOOL_AND(budget.state = 'confirmed')
                        THEN SUM(allowed.amount)
                        ELSE LEAST(SUM(used.amount), SUM(allowed.amount))
                    END AS capacity
              FROM unnest(%s::int[], %s::int[], %s::numeric[])
                   AS pair (line_id, part_id, given)
              JOIN jxc_purchase_budget_line line ON line.id = pair.part_id
              JOIN jxc_purchase_budget budget ON budget.id = line.budget_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
             -- OFFSET 0: each is added up once, although it stands twice above.
             CROSS JOIN LATERAL (SELECT %s AS amount OFFSET 0) used
             CROSS JOIN LATERAL (
                   SELECT ROUND((
                              (COALESCE(line.amount_planned, 0)
                               + COALESCE(line.amount_adjusted, 0))
                              * (1 + COALESCE(line.tolerance_percent, 0) / 100)
                          )::numeric, currency.decimal_places)
                          + COALESCE((
                              SELECT SUM(override.amount_used)
                                FROM jxc_budget_override override
                               WHERE override.line_id = line.id
                                 AND override.state = 'used'
                          ), 0) AS amount
                   OFFSET 0
                   ) allowed
             GROUP BY pair.line_id
            """,
            token.is_whole(self.env),
            [line_id for line_id, _part_id in pairs],
            [part_id for _line_id, part_id in pairs],
            [given.get(line_id, 0.0) for line_id, _part_id in pairs],
            self.env["jxc.budget.balance"]._used_sql(SQL("line.id")),
        )

    def _scopes(self):
        """Return what each line covers, as :class:`matching.Scope`."""
        return [
            matching.Scope(
                line_id=line.id,
                account_id=line.analytic_account_id.id or None,
                partner_id=line.commercial_partner_id.id or None,
                category_id=line.category_id.id or None,
                date_from=line.date_from,
                date_to=line.date_to,
            )
            for line in self
        ]

    def _used_amounts(self):
        """Return ``{line id: used amount}`` of all stages, one query."""
        used = dict.fromkeys(self.ids, 0.0)
        sums = self.env["jxc.budget.balance"]._sums_by_stage(self.ids)
        for (line_id, _stage), amount in sums.items():
            used[line_id] += amount
        return used
