# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL


class JxcBudgetReport(models.Model):
    """Budgets against their use: the plan, its changes and every entry, in one cube.

    Each row is of one kind. So a chart of the amount by kind has plan and use side by
    side, and a table has them in columns. What is planned has the dimensions of its
    budget line; what is used, those of its document, and beside them those of the
    budget line that counts it. By the latter plan and use stand against each other, by
    vendor, category and analytic account.
    """

    _name = "jxc.budget.report"
    _description = "Purchase Budget Analysis"
    _auto = False
    _order = "date desc, id"
    _rec_name = "line_id"
    _depends = {
        "jxc.budget.entry": ["amount", "date", "line_id", "stage"],
        "jxc.purchase.budget": ["state"],
        "jxc.purchase.budget.line": [
            "amount_adjusted",
            "amount_planned",
            "analytic_account_id",
            "category_id",
            "date_from",
            "partner_id",
        ],
    }

    entry_id = fields.Many2one(
        comodel_name="jxc.budget.entry",
        readonly=True,
    )
    line_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.line",
        string="Budget Line",
        readonly=True,
    )
    budget_id = fields.Many2one(
        comodel_name="jxc.purchase.budget",
        readonly=True,
    )
    budget_state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("closed", "Closed"),
        ],
        string="Budget Status",
        readonly=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        readonly=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    date = fields.Date(
        string="Budget Date",
        readonly=True,
        help="Of the plan: the first day of the budget line.",
    )
    period_start = fields.Date(
        string="Period",
        readonly=True,
        help="The first day of the budget line.",
    )
    kind = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("adjusted", "Adjusted"),
            ("reserved", "Reserved"),
            ("committed", "Committed"),
            ("actual", "Actual"),
        ],
        string="Amount Kind",
        readonly=True,
    )
    analytic_account_id = fields.Many2one(
        comodel_name="account.analytic.account",
        readonly=True,
    )
    category_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
        readonly=True,
    )
    budget_analytic_account_id = fields.Many2one(
        comodel_name="account.analytic.account",
        string="Budget's Analytic Account",
        readonly=True,
        help="Of the budget line; empty: of any.",
    )
    budget_category_id = fields.Many2one(
        comodel_name="product.category",
        string="Budget's Category",
        readonly=True,
        help="Of the budget line; empty: of any.",
    )
    budget_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Budget's Vendor",
        readonly=True,
        help="Of the budget line; empty: of any.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        readonly=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        readonly=True,
    )
    document_name = fields.Char(
        related="entry_id.document_name",
        string="Document Number",
    )
    amount = fields.Monetary(
        string="Amount (by Amount Kind)",
        readonly=True,
        help="Planned, adjusted, reserved, committed or actual, as the amount kind"
        " says: to be grouped by it.",
    )
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_adjusted = fields.Monetary(string="Adjusted", readonly=True)
    amount_reserved = fields.Monetary(string="Reserved", readonly=True)
    amount_committed = fields.Monetary(string="Committed", readonly=True)
    amount_actual = fields.Monetary(string="Actual", readonly=True)
    amount_available = fields.Monetary(string="Available", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT -2 * line.id - part.is_change AS id, NULL::int AS entry_id,
                   line.id AS line_id, line.budget_id, budget.state AS budget_state,
                   line.company_id,
                   line.date_from AS date, line.date_from AS period_start, part.kind,
                   line.analytic_account_id, line.category_id,
                   line.partner_id,
                   line.analytic_account_id AS budget_analytic_account_id,
                   line.category_id AS budget_category_id,
                   line.partner_id AS budget_partner_id,
                   NULL::int AS product_id,
                   part.amount,
                   CASE WHEN part.is_change = 0 THEN part.amount ELSE 0 END
                       AS amount_planned,
                   CASE WHEN part.is_change = 1 THEN part.amount ELSE 0 END
                       AS amount_adjusted,
                   0.0 AS amount_reserved, 0.0 AS amount_committed,
                   0.0 AS amount_actual,
                   part.amount AS amount_available
              FROM jxc_purchase_budget_line line
              JOIN jxc_purchase_budget budget ON budget.id = line.budget_id
             CROSS JOIN LATERAL (
                   VALUES ('planned', 0, line.amount_planned),
                          ('adjusted', 1, COALESCE(line.amount_adjusted, 0))
                   ) part (kind, is_change, amount)
             WHERE part.is_change = 0 OR part.amount <> 0
         UNION ALL
            SELECT entry.id, entry.id, entry.line_id, entry.budget_id, budget.state,
                   entry.company_id, entry.date, line.date_from, entry.stage,
                   entry.analytic_account_id, entry.category_id, entry.partner_id,
                   line.analytic_account_id, line.category_id, line.partner_id,
                   entry.product_id, entry.amount, 0.0, 0.0,
                   CASE WHEN entry.stage = 'reserved' THEN entry.amount ELSE 0 END,
                   CASE WHEN entry.stage = 'committed' THEN entry.amount ELSE 0 END,
                   CASE WHEN entry.stage = 'actual' THEN entry.amount ELSE 0 END,
                   -entry.amount
              FROM jxc_budget_entry entry
              JOIN jxc_purchase_budget_line line ON line.id = entry.line_id
              JOIN jxc_purchase_budget budget ON budget.id = entry.budget_id
            """
        )

    def _read_group_orderby(self, order, groupby_terms, query):
        """Have groups of kinds in the order in which money is planned and used."""
        kind = groupby_terms.get("kind")
        if kind is None:
            return super()._read_group_orderby(order, groupby_terms, query)
        kinds = list(self._fields["kind"].get_values(self.env))
        groupby_terms["kind"] = SQL("array_position(%s::text[], %s)", kinds, kind)
        try:
            return super()._read_group_orderby(order, groupby_terms, query)
        finally:
            groupby_terms["kind"] = kind

    def action_open_document(self):
        """Open the document of an entry, or the budget of what is planned."""
        self.ensure_one()
        if self.entry_id:
            return self.entry_id.action_open_document()
        return {
            "type": "ir.actions.act_window",
            "res_model": "jxc.purchase.budget",
            "res_id": self.budget_id.id,
            "views": [(False, "form")],
        }
