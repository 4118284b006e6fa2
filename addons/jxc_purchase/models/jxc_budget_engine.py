# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_is_zero, split_every

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import sources

REQUEST_LINE = "jxc.purchase.request.line"

#: Models of the lines that documents consist of.
LINE_MODELS = {
    sources.ORDER: "purchase.order.line",
    sources.BILL: "account.move.line",
    sources.REQUEST: REQUEST_LINE,
}

#: Lines read at once when a new budget counts what exists already.
BATCH = 2000


class JxcBudgetEngine(models.AbstractModel):
    """Keeps the budget ledger equal to the documents, and limits what they may take.

    Every event - submit, confirm, change, cancel, bill, refund - ends in :meth:`_sync`.
    It reads what the documents say now, compares with the ledger, asks the gate for the
    difference and writes it as new entries. So no event needs arithmetic of its own and
    a repeated event changes nothing.

    Where a line is counted is decided once, when its request is submitted, its order
    confirmed or its bill posted, and again when its day, vendor, product or analytic
    distribution changes; it is stored on the line. Moving a product to another category
    later moves no used budget.
    """

    _name = "jxc.budget.engine"
    _inherit = ["jxc.budget.preview", "jxc.budget.taking"]
    _description = "Purchase Budget Engine"

    def _sync(
        self,
        order_lines=None,
        bill_lines=None,
        request_lines=None,
        *,
        deleted=(),
        confirming=False,
        rematch=False,
        refill=False,
        enforce=True,
        lost=None,
    ):
        """Bring the ledger in line with documents; take what they need.

        :param order_lines: changed ``purchase.order.line``
        :param bill_lines: changed ``account.move.line``; the order lines that they bill
            are synchronised with them
        :param request_lines: changed ``jxc.purchase.request.line``; those that order
            lines serve are synchronised with these
        :param deleted: keys ``(document model, line id)`` of lines that are gone
        :param confirming: treat the orders as confirmed; to ask before the state is
            written
        :param rematch: look for the budget line again, also for unchanged lines
        :param refill: the same for lines that are not wholly counted by budget lines
        :param enforce: False records beyond limits (what exists when a budget starts)
        :param lost: ``{budget line id: amount}`` that the lines themselves lose (below
            zero: gain) in the same step, judged together with the documents
        :return: number of lines looked at
        :raise UserError: a blocking budget line has not enough left, or no budget line
            covers a document and the company refuses that
        """
        # Buyers need no rights on budgets, and the limit holds for them all the same.
        self = self.sudo()
        # with_prefetch: lines may come one by one from different orders and bills.
        order_lines = (order_lines or self.env["purchase.order.line"]).sudo()
        order_lines = order_lines.with_prefetch()
        bill_lines = (bill_lines or self.env["account.move.line"]).sudo()
        bill_lines = bill_lines.with_prefetch()
        request_lines = (request_lines or self.env[REQUEST_LINE]).sudo()
        request_lines = request_lines.with_prefetch()
        given = {*order_lines, *bill_lines, *request_lines}
        order_lines |= bill_lines.purchase_line_id
        order_lines = self._with_companions(order_lines)
        found = self._order_sources(order_lines, confirming)
        bill_lines |= self._bills_that_move_along(found)
        found += self._bill_sources(bill_lines | self._bills_ahead(order_lines))
        found += self._request_sources(
            request_lines | self._requests_behind(found),
            confirming=order_lines if confirming else (),
        )
        for source in found:
            source.is_fresh = source.record in given and (
                rematch or (refill and source.is_free)
            )
        index = self._index(found)
        idle = not (index or deleted or lost)
        if idle and not self._is_tracked(found):
            return len(found)
        enforce = enforce and not is_history(self.env)
        self._match(found, index)
        if enforce:
            self._check_unbudgeted(found)
        changes, needed = self._take(found, given, deleted, enforce, lost or {})
        self._book(changes, found, self._match_updates(found, changes))
        if enforce:
            self._warn(needed, changes, found)
        return len(found)

    def _count_existing(self, company, date_from, date_to, again=False):
        """Count requests, orders and bills of a period, whatever the limits.

        :param again: what budget lines count already stays where it is
        :return: number of lines looked at
        """
        self = self.sudo()
        order_lines, bill_lines = self._existing_lines(company, date_from, date_to)
        request_lines = self._existing_requests(company, date_from, date_to)
        how = {"rematch": not again, "refill": again, "enforce": False}
        count = 0
        for ids in split_every(BATCH, order_lines.ids):
            lines = order_lines.browse(ids)
            count += self._sync(lines, **how)
        for ids in split_every(BATCH, bill_lines.ids):
            bills = bill_lines.browse(ids)
            count += self._sync(None, bills, **how)
        for ids in split_every(BATCH, request_lines.ids):
            count += self._sync(request_lines=request_lines.browse(ids), **how)
        return count

    def _differences(self, budget_lines):
        """Return where the ledger of the budget lines of one company is not what the
        documents say; see ``jxc.purchase.budget.action_recompute_check``."""
        self = self.sudo()
        budget_lines = budget_lines.sudo()
        if not budget_lines:
            return []
        period = (
            budget_lines.company_id,
            min(budget_lines.mapped("date_from")),
            max(budget_lines.mapped("date_to")),
        )
        order_lines, bill_lines = self._existing_lines(*period)
        keys = self.env["jxc.budget.entry"]._read_group(
            [("line_id", "in", budget_lines.ids)], ["res_model", "res_line_id"]
        )
        keys = {
            *keys,
            *((sources.ORDER, line_id) for line_id in order_lines.ids),
            *((sources.BILL, line_id) for line_id in bill_lines.ids),
            *((sources.REQUEST, one) for one in self._existing_requests(*period).ids),
        }
        found = self._sources_of(keys)
        for source in found:
            # An order that slipped through while its budget was being confirmed.
            source.is_fresh = source.is_free
        self._match(found, self._index(found))
        differences = self._compare(
            self._wanted(found), self._booked(keys), budget_lines
        )
        return differences + self._adjustment_differences(budget_lines)

    def _sources_of(self, keys):
        """Return the sources that still exist of ``(document model, line id)``."""
        lines = {
            model: self.env[name]
            .browse(sorted(line_id for other, line_id in keys if other == model))
            .exists()
            for model, name in LINE_MODELS.items()
        }
        bill_lines = lines[sources.BILL]
        order_lines = lines[sources.ORDER] | bill_lines.purchase_line_id
        order_lines = self._with_companions(order_lines)
        return [
            *self._order_sources(order_lines),
            *self._bill_sources(bill_lines | self._bills_ahead(order_lines)),
            *self._request_sources(lines[sources.REQUEST]),
        ]

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _bills_that_move_along(self, found):
        """Return bill lines of order lines whose day, vendor or place has changed."""
        moved = [
            source.record.id
            for source in found
            if source.stage == "committed"
            and source.stored_match
            and source.stored_match["dims"] != source.dims
        ]
        bill_lines = self.env["account.move.line"]
        if moved:
            bill_lines = bill_lines.search([("purchase_line_id", "in", moved)])
        return bill_lines

    def _check_unbudgeted(self, found):
        """Apply the company's rule to what no budget line counts.

        Only when it becomes more than before: a confirmed order stays as it is, and a
        bill follows what was decided on its order. So the bill of an order that was
        confirmed before there was any budget, or was let through without one, is
        posted whatever the rule is now. A budget that is confirmed later for the day
        of the order counts both: what the order still commits, and what bills cost.
        """
        by_rule = defaultdict(list)
        for source in found:
            if source.order_line or not source.counts:
                continue
            before = 0.0
            if source.stored_match and not source.is_fresh:
                before = source.stored_match["free"]
            free = source.match["free"]
            if source.company.currency_id.compare_amounts(free, before) > 0:
                by_rule[source.company.jxc_budget_missing].append(source)
        if by_rule["block"]:
            raise UserError(self._unbudgeted_message(by_rule["block"]))
        if by_rule["warn"]:
            self._log_unbudgeted(by_rule["warn"])

    def _changes(self, found, deleted):
        """Return ``{EntryKey: amount}`` that is to be booked."""
        wanted = self._wanted(found)
        # What has no match yet was never booked.
        known = [source.key for source in found if source.stored_match]
        booked = self._booked([*known, *deleted])
        digits = {
            company.id: company.currency_id.rounding
            for company in self.env["res.company"].browse(
                {key.company_id for key in (*wanted, *booked)}
            )
        }
        changes = {}
        for key in sorted({*wanted, *booked}):
            change = wanted.get(key, 0.0) - booked.get(key, 0.0)
            if not float_is_zero(change, precision_rounding=digits[key.company_id]):
                changes[key] = change
        return changes

    def _match_updates(self, found, changes):
        """Return the statements that store where lines are counted, one per model.

        Order and request lines whose ledger changes are written even when their match
        does not: two transactions that bill one order line, or order one request line,
        then collide here, and the later one is repeated on what the first one left.
        """
        changed = {key.source for key in changes}
        order_ids = {key.res_id for key in changes if key.res_model == sources.ORDER}
        # Every down payment depends on all that its order commits.
        changed |= {
            source.key
            for source in found
            if source.stage == "committed"
            and source.document.id in order_ids
            and source.record._jxc_is_down_payment()
        }
        updates = []
        for model in LINE_MODELS.values():
            rows = {
                source.record.id: json.dumps(source.match)
                for source in found
                if source.record._name == model
                and source.match is not None
                and (
                    source.match != source.stored_match
                    or (source.stage != "actual" and source.key in changed)
                )
            }
            if not rows:
                continue
            records = self.env[model].browse(rows)
            records.invalidate_recordset(["jxc_budget_match"], flush=False)
            updates.append(
                SQL(
                    """
                    UPDATE %s SET jxc_budget_match = new.match::jsonb
                      FROM unnest(%s::int[], %s::text[]) AS new (id, match)
                     WHERE %s.id = new.id
                    """,
                    SQL.identifier(records._table),
                    list(rows),
                    list(rows.values()),
                    SQL.identifier(records._table),
                )
            )
        return updates

    def _book(self, changes, found, updates):
        """Append the changes to the ledger.

        :param updates: statements that go along in the same message to the server
        """
        order_line_ids = {
            source.key: source.order_line.id
            if source.stage == "actual"
            else source.record.id
            for source in found
            if source.stage != "reserved"
        }
        self.env["jxc.budget.entry"]._append(
            [
                {
                    **key._asdict(),
                    "amount": amount,
                    "purchase_line_id": order_line_ids.get(key.source),
                }
                for key, amount in changes.items()
            ],
            updates,
        )

    def _compare(self, wanted, booked, budget_lines):
        """Return differences by source, stage and budget line as dicts."""
        sums = defaultdict(lambda: [0.0, 0.0])
        for column, amounts_by_key in enumerate((wanted, booked)):
            for key, amount in amounts_by_key.items():
                if key.line_id in budget_lines._ids:
                    group = (key.line_id, key.stage, *key.source, key.res_id)
                    sums[group][column] += amount
        currency = budget_lines.company_id.currency_id
        differences = []
        for group, (documents, ledger) in sorted(sums.items()):
            if currency.compare_amounts(documents, ledger):
                line_id, stage, model, res_line_id, res_id = group
                document = self.env[model].browse(res_id).exists()
                differences.append(
                    {
                        "line_id": line_id,
                        "stage": stage,
                        "res_model": model,
                        "res_id": res_id,
                        "res_line_id": res_line_id,
                        "document": document.display_name or str(res_id),
                        "documents": currency.round(documents),
                        "ledger": currency.round(ledger),
                        "difference": currency.round(documents - ledger),
                    }
                )
        return differences

    def _adjustment_differences(self, budget_lines):
        """Return where adjusted amounts are not what approved changes say, a balance is
        not what its entries say, or an override covers more than its document holds;
        as :meth:`_compare` does."""
        currency = budget_lines.company_id.currency_id
        adjusted = budget_lines._adjusted_by_documents()
        balances = self.env["jxc.budget.balance"]._sums_by_stage(budget_lines.ids)
        entries = self.env["jxc.budget.entry"]._read_group(
            [("line_id", "in", budget_lines.ids)], ["line_id", "stage"], ["amount:sum"]
        )
        pairs = [
            (line, "adjusted", adjusted[line.id], line.amount_adjusted)
            for line in budget_lines
        ]
        pairs += [
            (line, stage, amount, balances[line.id, stage])
            for line, stage, amount in entries
        ]
        overrides = self.env["jxc.budget.override"].search(
            [("line_id", "in", budget_lines.ids), ("state", "=", "used")]
        )
        held = overrides._amounts_held() if overrides else {}
        pairs += [
            (
                override.line_id,
                "override",
                min(override.amount_used, max(held[override.id], 0.0)),
                override.amount_used,
            )
            for override in overrides
        ]
        return [
            {
                "line_id": line.id,
                "stage": stage,
                "res_model": line._name,
                "res_id": line.id,
                "res_line_id": line.id,
                "document": line.display_name,
                "documents": currency.round(documents),
                "ledger": currency.round(ledger),
                "difference": currency.round(documents - ledger),
            }
            for line, stage, documents, ledger in pairs
            if currency.compare_amounts(documents, ledger)
        ]
