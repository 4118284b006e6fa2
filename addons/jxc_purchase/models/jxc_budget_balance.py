# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

#: Entries of one budget line that are added up anew each time before they are folded.
FOLD_AT = 500
#: Up to which entry the next run may fold, and the transaction that said so.
PENDING = "jxc_purchase.budget_balance_pending"


class JxcBudgetBalance(models.Model):
    """Sums of the older entries of a budget line, so that a long ledger stays fast.

    The ledger is the truth; a balance only says what its entries up to one of them add
    up to. Entries are folded when no transaction runs any more that could still add
    one below that number.
    """

    _name = "jxc.budget.balance"
    _description = "Balance of Purchase Budget Entries"
    _log_access = False
    _order = "id"
    _rec_name = "line_id"

    line_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.line",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="line_id.company_id",
    )
    last_entry_id = fields.Integer(
        required=True,
        readonly=True,
        export_string_translation=False,
    )
    amount_reserved = fields.Float(string="Reserved", digits=(24, 6), readonly=True)
    amount_committed = fields.Float(string="Committed", digits=(24, 6), readonly=True)
    amount_actual = fields.Float(string="Actual", digits=(24, 6), readonly=True)

    _line_unique = models.UniqueIndex("(line_id)")

    @api.model
    def _used_sql(self, line_id: SQL) -> SQL:
        """Return SQL of one number: what the entries of a budget line add up to.

        :param line_id: SQL of the id of the budget line
        """
        return SQL(
            """(
            COALESCE((
                SELECT SUM(balance.amount_reserved + balance.amount_committed
                           + balance.amount_actual)
                  FROM jxc_budget_balance balance
                 WHERE balance.line_id = %(line_id)s
            ), 0)
            + COALESCE((
                SELECT SUM(entry.amount)
                  FROM jxc_budget_entry entry
                 WHERE entry.line_id = %(line_id)s
                   AND entry.id > COALESCE((
                       SELECT balance.last_entry_id
                         FROM jxc_budget_balance balance
                        WHERE balance.line_id = %(line_id)s
                   ), 0)
            ), 0)
            )""",
            line_id=line_id,
        )

    @api.model
    def _sums_by_stage(self, line_ids):
        """Return ``{(line id, stage): amount}`` of the ledger, one query."""
        sums = defaultdict(float)
        if not line_ids:
            return sums
        self.env["jxc.budget.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT entry.line_id, entry.stage, SUM(entry.amount)
                  FROM unnest(%(ids)s::int[]) AS line (id)
                  LEFT JOIN jxc_budget_balance balance ON balance.line_id = line.id
                  JOIN jxc_budget_entry entry
                    ON entry.line_id = line.id
                   AND entry.id > COALESCE(balance.last_entry_id, 0)
                 GROUP BY entry.line_id, entry.stage
                 UNION ALL
                SELECT balance.line_id, stage.name, stage.amount
                  FROM jxc_budget_balance balance
                 CROSS JOIN LATERAL (VALUES
                       ('reserved', balance.amount_reserved),
                       ('committed', balance.amount_committed),
                       ('actual', balance.amount_actual)
                       ) AS stage (name, amount)
                 WHERE balance.line_id = ANY(%(ids)s)
                """,
                ids=list(line_ids),
            )
        )
        for line_id, stage, amount in rows:
            sums[line_id, stage] += float(amount)
        return sums

    # ------------------------------------------------------------
    # Folding
    # ------------------------------------------------------------

    @api.model
    def _cron_fold(self, at_least=FOLD_AT):
        """Fold what was there when the cron ran before, if nobody is that old.

        :param at_least: how many new entries of a budget line are worth it
        """
        parameters = self.env["ir.config_parameter"]
        last_id, _colon, transaction = parameters.get_param(PENDING, "").partition(":")
        if transaction:
            budgets = self.env["jxc.purchase.budget"]
            if not budgets._has_ended([transaction])[transaction]:
                return
            # What older transactions wrote is only seen by the next one.
            self.env["ir.cron"]._commit_progress()
            self._fold(int(last_id), at_least)
        [(last_id, transaction)] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(MAX(id), 0), pg_current_xact_id()::text"
                " FROM jxc_budget_entry"
            )
        )
        parameters.set_param(PENDING, f"{last_id}:{transaction}")

    @api.model
    def _fold(self, last_id, at_least=FOLD_AT):
        """Add entries up to an id to the balances of lines that have many new ones."""
        self.env["jxc.budget.entry"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO jxc_budget_balance AS balance (
                    line_id, last_entry_id,
                    amount_reserved, amount_committed, amount_actual
                )
                SELECT entry.line_id, %(last_id)s,
                       COALESCE(SUM(entry.amount)
                                FILTER (WHERE entry.stage = 'reserved'), 0),
                       COALESCE(SUM(entry.amount)
                                FILTER (WHERE entry.stage = 'committed'), 0),
                       COALESCE(SUM(entry.amount)
                                FILTER (WHERE entry.stage = 'actual'), 0)
                  FROM jxc_budget_entry entry
                  LEFT JOIN jxc_budget_balance known ON known.line_id = entry.line_id
                 WHERE entry.id <= %(last_id)s
                   AND entry.id > COALESCE(known.last_entry_id, 0)
                 GROUP BY entry.line_id
                HAVING COUNT(*) >= %(at_least)s
                    ON CONFLICT (line_id) DO UPDATE
                   SET last_entry_id = EXCLUDED.last_entry_id,
                       amount_reserved = balance.amount_reserved
                                         + EXCLUDED.amount_reserved,
                       amount_committed = balance.amount_committed
                                          + EXCLUDED.amount_committed,
                       amount_actual = balance.amount_actual + EXCLUDED.amount_actual
                """,
                last_id=last_id,
                at_least=at_least,
            )
        )
        self.invalidate_model(flush=False)
