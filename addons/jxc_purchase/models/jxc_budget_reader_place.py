# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ..tools import amounts, matching


class JxcBudgetReader(models.AbstractModel):
    """Which budget line counts a line of a document."""

    _inherit = "jxc.budget.reader"

    # ------------------------------------------------------------
    # Where budgets count it
    # ------------------------------------------------------------

    def _index(self, found):
        """Return ``{company id: ScopeIndex}`` of the budget lines in question."""
        if not found:
            return {}
        self.env["jxc.purchase.budget"].flush_model(["state"])
        self.env["jxc.purchase.budget.line"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.company_id, line.id, line.analytic_account_id,
                       vendor.commercial_partner_id, line.category_id,
                       line.date_from, line.date_to
                  FROM jxc_purchase_budget_line line
                  JOIN jxc_purchase_budget budget ON budget.id = line.budget_id
                  LEFT JOIN res_partner vendor ON vendor.id = line.partner_id
                 WHERE line.company_id = ANY(%s)
                   AND budget.state IN ('confirmed', 'closed')
                   AND line.date_from <= %s
                   AND line.date_to >= %s
                 ORDER BY line.date_from, line.sequence, line.id
                """,
                list({source.company.id for source in found}),
                max(source.day for source in found),
                min(source.day for source in found),
            )
        )
        scopes = defaultdict(list)
        for company_id, *scope in rows:
            scopes[company_id].append(matching.Scope(*scope))
        return {
            company_id: matching.ScopeIndex(of_company)
            for company_id, of_company in scopes.items()
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
        0, percent]``, ``free`` the amount that no budget line counts.
        """
        rank = self._plan_rank(found)
        nothing = matching.ScopeIndex(())
        of_order_line = {}
        for source in found:
            source.match = source.stored_match
            if source.needs_match:
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
                source.match = dict(source.match, free=free)
            if source.stage == "committed":
                of_order_line[source.record] = source.match

    def _look_up(self, source, scopes, rank):
        category = source.product.categ_id
        category_ids = [
            int(part) for part in (category.parent_path or "").split("/")[:-1]
        ]
        category_ids.reverse()
        shares = []
        for account_ids, percent in amounts.shares_of(source.distribution, rank):
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
