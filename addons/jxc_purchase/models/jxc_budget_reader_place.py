# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

from ..tools import matching
from ..tools.distribution import shares_of

#: What finding a budget line reads of it.
SCOPE_FIELDS = (
    "analytic_account_id",
    "category_id",
    "commercial_partner_id",
    "date_from",
    "date_to",
)

#: What deciding on a budget line reads of it.
JUDGED_FIELDS = (
    "amount_adjusted",
    "amount_planned",
    "budget_id",
    "check_scope",
    "company_id",
    "control",
    "control_bill",
    "control_order",
    "control_request",
    "date_from",
    "tolerance_percent",
    "warn_percent",
)


class JxcBudgetReader(models.AbstractModel):
    """Which budget line counts a line of a document."""

    _inherit = "jxc.budget.reader"

    # ------------------------------------------------------------
    # Where budgets count it
    # ------------------------------------------------------------

    def _index(self, found):
        """Return ``{company id: ScopeIndex}`` of the budget lines in question.

        Reads of them what asking the gate needs as well.
        """
        if not found:
            return {}
        lines = self.env["jxc.purchase.budget.line"].search_fetch(
            Domain("company_id", "in", list({source.company.id for source in found}))
            & Domain("state", "in", ("confirmed", "closed"))
            & Domain("date_from", "<=", max(source.day for source in found))
            & Domain("date_to", ">=", min(source.day for source in found)),
            [*SCOPE_FIELDS, *JUDGED_FIELDS],
            order="date_from, sequence, id",
        )
        return {
            company.id: matching.ScopeIndex(of_company._scopes())
            for company, of_company in lines.grouped("company_id").items()
        }

    def _is_tracked(self, found):
        """Whether budgets matter to these sources although no budget line is near."""
        return any(
            source.stored_match or source.company.jxc_budget_missing != "allow"
            for source in found
        )

    def _match(self, found, index):
        """Set ``match`` on sources: kept, copied from the order line, or looked up.

        A match is what the line stores: ``dims`` it was made for, ``category`` of the
        product at that time, ``shares`` ``[budget line id or 0, analytic account id or
        0, percent]``, ``free`` the amount that no budget line counts, and of orders
        in another currency their ``rate``.
        """
        leaders = self._leaders(found)
        self._liken_carried(found, leaders)
        rank = self._plan_rank(found)
        nothing = matching.ScopeIndex(())
        of_order_line = {}
        for source in [*leaders.values(), *found]:
            source.match = source.stored_match
            leader = leaders.get(source.order_line)
            if leader and leader is not source and source.counts:
                source.match = self._match_beside(source, leader, of_order_line)
            elif source.needs_match:
                ordered = of_order_line.get(source.order_line)
                if ordered and ordered["dims"] == source.dims:
                    source.match = dict(ordered)
                else:
                    scopes = index.get(source.company.id, nothing)
                    source.match = self._look_up(source, scopes, rank)
            if source.match:
                free_percent = sum(
                    percent
                    for line, _acc, percent in source.match["shares"]
                    if not line
                )
                free = source.company.currency_id.round(
                    source.total * free_percent / 100.0
                )
                source.match = dict(source.match, free=free, rate=source.rate)
                if not source.rate:
                    del source.match["rate"]
            if source.stage == "committed":
                of_order_line[source.record] = source.match

    def _look_up(self, source, scopes, rank):
        category = source.product.categ_id
        category_ids = [
            int(part) for part in (category.parent_path or "").split("/")[:-1]
        ]
        category_ids.reverse()
        shares = []
        for account_ids, percent in shares_of(source.distribution, rank):
            line_id = scopes.find(
                source.day, account_ids, source.partner_id, category_ids
            )
            shares.append([line_id or 0, account_ids[0] if account_ids else 0, percent])
        return {"dims": source.dims, "category": category.id or 0, "shares": shares}

    def _plan_rank(self, found):
        """Return a function: analytic account id -> sort key of its plan, or None."""
        account_ids = set()
        for source in found:
            if source.distribution and source.needs_match:
                account_ids |= {
                    int(part)
                    for key in source.distribution
                    for part in key.split(",")
                    if part.isdigit()
                }
        accounts = self.env["account.analytic.account"].browse(account_ids).exists()
        ranks = {
            account.id: (account.root_plan_id.sequence, account.root_plan_id.id)
            for account in accounts
        }
        return ranks.get
