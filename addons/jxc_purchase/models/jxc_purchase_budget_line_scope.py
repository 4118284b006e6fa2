# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..tools.limits import Limit

#: Which field has the control of the documents that book on a stage.
KIND_FIELDS = {
    "reserved": "control_request",
    "committed": "control_order",
    "actual": "control_bill",
}
#: Controls from the weakest one on.
STRICTNESS = ("none", "warn", "block")
#: What decides how much a line lets through, besides its amounts.
LIMIT_FIELDS = ("control", *KIND_FIELDS.values(), "tolerance_percent")
CONTROLS = [
    ("none", "Only Count"),
    ("warn", "Warn"),
    ("block", "Block"),
]


class JxcPurchaseBudgetLine(models.Model):
    """Whom a line stops, and over which periods it is judged.

    A budget that is judged period by period limits each line on its own. Judged
    *cumulatively*, a line may also use what the earlier lines of its series left; by
    the *whole year*, what any line of the series has. A series are the lines of one
    budget with the same dimensions; by the whole year, those of one fiscal year of the
    company, and no line reaches from one year into the next. What a line takes is asked
    of every line whose sum it is part of: so it never takes what a later line has used
    already.
    """

    _inherit = "jxc.purchase.budget.line"

    control_request = fields.Selection(
        selection=CONTROLS,
        string="Requests",
        help="When a purchase request is submitted. Empty: as the control of the line.",
    )
    control_order = fields.Selection(
        selection=CONTROLS,
        string="Orders",
        help="When an order is confirmed or widened. Empty: as the control of the"
        " line.",
    )
    control_bill = fields.Selection(
        selection=CONTROLS,
        string="Bills",
        help="When a bill is posted. Empty: as the control of the line.",
    )

    check_scope = fields.Selection(
        related="budget_id.check_scope",
        store=True,
    )

    # ------------------------------------------------------------
    # Kinds of documents
    # ------------------------------------------------------------

    def _control_of(self, stage, vals=()):
        """Return the control of documents that book on a stage, for one line.

        :param dict vals: values that are about to be written
        """
        vals = dict(vals)
        name = KIND_FIELDS[stage]
        own = vals.get(name, self[name])
        return own or vals.get("control", self.control)

    def _blocks_any(self, stages=None, vals=()):
        """Whether one line stops a kind of document; of these stages, or of all."""
        stages = KIND_FIELDS if stages is None else stages
        return any(self._control_of(stage, vals) == "block" for stage in stages)

    def _given_way(self, stages, controls=("warn", "block")):
        """Return what one line may not count on although it is given back.

        An order takes over what its request held, a bill what its order committed. What
        was let in by a weaker control was never judged as strictly as what follows now,
        so that is judged in full and not by the difference. The other way round, when
        a bill is refunded or an order cancelled, the difference counts.

        :param stages: ``{stage: change}``
        :param controls: of what takes over
        :return: what weaker stages before those that take give back; not below zero
        """
        self.ensure_one()
        strictness = {
            stage: STRICTNESS.index(self._control_of(stage)) for stage in KIND_FIELDS
        }
        given = strictest = 0.0
        for stage in reversed(KIND_FIELDS):
            change = stages.get(stage, 0.0)
            if change > 0 and self._control_of(stage) in controls:
                strictest = max(strictest, strictness[stage])
            elif change < 0 and strictness[stage] < strictest:
                given -= change
        return given

    # ------------------------------------------------------------
    # Periods
    # ------------------------------------------------------------

    def _series(self):
        """Return ``{line: lines of its series in the order of their dates}``."""
        series = {}
        alone = self.filtered(lambda line: line.check_scope == "period")
        series.update((line, line) for line in alone)
        for budget, lines in (self - alone).grouped("budget_id").items():
            alike = budget.line_ids.sorted(lambda one: (one.date_from, one.id))
            alike = alike.grouped(lambda one: one._series_key())
            series.update((line, alike[line._series_key()]) for line in lines)
        return series

    def _series_key(self):
        year = self._year_end() if self.check_scope == "year" else None
        return (*self._dimensions(), year)

    def _year_end(self):
        """Return the last day of the company's fiscal year in which a line begins."""
        # sudo: who orders need not read the settings of accounting
        company = self.company_id.sudo()
        return company.compute_fiscalyear_dates(self.date_from)["date_to"]

    @api.constrains("budget_id", "date_from", "date_to")
    def _check_within_year(self):
        """No line of a budget by the whole year is of two years.

        :raise ValidationError: naming the line and the day its year ends
        """
        for line in self.filtered(lambda one: one.budget_id.check_scope == "year"):
            end = line._year_end()
            if line.date_to > end:
                raise ValidationError(
                    self.env._(
                        "%(line)s: the budget is checked over the whole year, so a line"
                        " ends with the year, on %(end)s. Make one line for each year.",
                        line=line.display_name,
                        end=format_date(self.env, end),
                    )
                )

    def _dimensions(self):
        return self.analytic_account_id, self.category_id, self.partner_id

    def _judged_with(self):
        """Return ``{line: lines whose amounts are judged together for it}``."""
        judged = self._series()
        for line, series in judged.items():
            if line.check_scope == "cumulative":
                start = line.date_from
                judged[line] = series.filtered(lambda one, s=start: one.date_from <= s)
        return judged

    def _asked_with(self):
        """Return ``{line: lines that are asked when it takes}``."""
        asked = self._series()
        for line, series in asked.items():
            scope = line.check_scope
            if scope == "cumulative":
                start = line.date_from
                asked[line] = series.filtered(lambda one, s=start: one.date_from >= s)
            elif scope == "year":
                asked[line] = series[-1:]
        return asked

    def _demands(self, needed):
        """Return ``{line: amount}``, rounded: what is asked when these lines take.

        :param needed: ``{line id: amount}``
        """
        demands = defaultdict(float)
        for line, resources in self._asked_with().items():
            for resource in resources:
                demands[resource] += needed.get(line.id, 0.0)
        return {
            resource: resource.currency_id.round(amount)
            for resource, amount in demands.items()
        }

    def _limits(self):
        """Return ``{line: Limit}``: what is judged for each line, batched."""
        judged = self._judged_with()
        parts = self.browse().union(*judged.values())
        used = parts._used_amounts()
        return {
            line: line._limit(sum(used[part.id] for part in own), own)
            for line, own in judged.items()
        }

    def _limit(self, used, parts=None):
        """Return the Limit of one line.

        :param used: what is used of all the lines that are judged together
        :param parts: these lines; None for the line alone
        """
        self.ensure_one()
        parts = parts or self
        return Limit(
            used=used,
            base=sum(part._limit_base() for part in parts),
            capacity=sum(part._capacity() for part in parts),
            warn_percent=self.warn_percent,
            round_amount=self.currency_id.round,
        )
