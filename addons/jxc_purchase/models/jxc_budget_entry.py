# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_repr

STAGES = [
    ("reserved", "Reserved"),
    ("committed", "Committed"),
    ("actual", "Actual"),
]

ID_COLUMNS = (
    "line_id",
    "budget_id",
    "company_id",
    "res_id",
    "res_line_id",
    "purchase_line_id",
    "partner_id",
    "product_id",
    "category_id",
    "analytic_account_id",
)
TEXT_COLUMNS = ("stage", "res_model")


class JxcBudgetEntry(models.Model):
    """The append-only ledger of purchase budgets.

    For every source (an order line, a bill line) and stage, the entries add up to what
    the document says now. A change is a new entry; nothing is ever changed or deleted.
    """

    _name = "jxc.budget.entry"
    _description = "Purchase Budget Entry"
    _inherit = ["jxc.budget.document.mixin"]
    _order = "id desc"
    _rec_name = "document_name"
    _check_company_auto = True

    line_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.line",
        string="Budget Line",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    budget_id = fields.Many2one(
        related="line_id.budget_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    stage = fields.Selection(
        selection=STAGES,
        required=True,
        readonly=True,
    )
    amount = fields.Monetary(
        required=True,
        readonly=True,
        help="Untaxed, in company currency; below zero gives back.",
    )
    line_amount_planned = fields.Monetary(
        compute="_compute_line_amounts",
        string="Planned on the Line",
        help="Planned and adjusted.",
    )
    line_amount_available = fields.Monetary(
        compute="_compute_line_amounts",
        string="Available on the Line",
    )
    date = fields.Date(
        string="Budget Date",
        required=True,
        readonly=True,
        help="The day of the order (for bills without an order: of the bill) that"
        " decides on the budget period.",
    )
    res_model = fields.Char(
        string="Document Model",
        required=True,
        readonly=True,
        export_string_translation=False,
    )
    res_id = fields.Many2oneReference(
        string="Document",
        model_field="res_model",
        required=True,
        readonly=True,
    )
    res_line_id = fields.Integer(
        string="Document Line ID",
        required=True,
        readonly=True,
        export_string_translation=False,
    )
    purchase_line_id = fields.Many2one(
        comodel_name="purchase.order.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        readonly=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        readonly=True,
        ondelete="restrict",
    )
    category_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
        readonly=True,
        ondelete="restrict",
    )
    analytic_account_id = fields.Many2one(
        comodel_name="account.analytic.account",
        readonly=True,
        ondelete="restrict",
    )

    # The gate and the sums read these columns only: an index-only scan per budget line,
    # from where its balance ends.
    _line_sums_index = models.Index("(line_id, id) INCLUDE (stage, amount)")
    _source_index = models.Index("(res_model, res_line_id)")

    # Not of the line's amounts: no change of them has to look for its entries.
    @api.depends("line_id")
    def _compute_line_amounts(self):
        for entry in self:
            line = entry.line_id
            entry.line_amount_planned = line._limit_base() if line else 0.0
            entry.line_amount_available = line.amount_available

    def action_open_analysis(self):
        """Show plan and use side by side, in the chart of budgets in force.

        :return: action; the same whichever entries are chosen, also none
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_purchase.jxc_budget_report_action"
        )
        return {
            **action,
            "view_mode": "graph,pivot,list",
            "views": [(False, "graph"), (False, "pivot"), (False, "list")],
        }

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Refuse entries made by hand, whoever asks; see :meth:`_append`.

        :raise UserError: always
        """
        raise UserError(
            self.env._(
                "Budget entries follow from orders and bills; they cannot be entered"
                " by hand."
            )
        )

    @api.model
    def _append(self, rows, ahead=()):
        """Write entries, one statement.

        In SQL: only the engine gets here, and it has just decided itself on all that
        the ORM would check of each entry.

        :param rows: list of dicts ``{column: value}``; 0 and None mean nothing
        :param ahead: statements to send ahead in the same message to the server
        """
        statements = [*ahead, *self._insertions(rows)]
        if statements:
            self.env.cr.execute(SQL("; ").join(statements))
        if rows:
            lines = self.env["jxc.purchase.budget.line"].browse(
                {row["line_id"] for row in rows}
            )
            self.invalidate_model(flush=False)
            lines.modified(["entry_ids"])
            lines.invalidate_recordset(["entry_ids"], flush=False)

    def _insertions(self, rows):
        """Return the statement that writes the entries, if there are any."""
        if not rows:
            return []
        lines = self.env["jxc.purchase.budget.line"].browse(
            {row["line_id"] for row in rows}
        )
        digits = {line.id: line.currency_id.decimal_places for line in lines}
        budgets = {line.id: line.budget_id.id for line in lines}
        rows = [{**row, "budget_id": budgets[row["line_id"]]} for row in rows]
        columns = {
            name: [row[name] or None for row in rows]
            for name in (*ID_COLUMNS, *TEXT_COLUMNS, "date")
        }
        amounts = [float_repr(row["amount"], digits[row["line_id"]]) for row in rows]
        arrays = [SQL("%s::int[]", columns[name]) for name in ID_COLUMNS]
        arrays += [SQL("%s::text[]", columns[name]) for name in TEXT_COLUMNS]
        arrays += [
            SQL("%s::date[]", columns["date"]),
            SQL("%s::numeric[]", amounts),
        ]
        names = [*ID_COLUMNS, *TEXT_COLUMNS, "date", "amount"]
        return [
            SQL(
                """
                INSERT INTO jxc_budget_entry (
                    %(names)s, create_uid, create_date, write_uid, write_date
                )
                SELECT new.*, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM unnest(%(arrays)s) AS new
                """,
                names=SQL(", ").join(map(SQL.identifier, names)),
                arrays=SQL(", ").join(arrays),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        ]

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse every change, whoever asks.

        :raise UserError: always; a correction is a new entry made by the document
        """
        raise UserError(self._append_only_message())

    # Not @api.ondelete: it would run after the database's own cascades.
    def unlink(self):  # pylint: disable=method-required-super
        """Refuse every deletion, whoever asks.

        :raise UserError: always
        """
        if not self:
            return True
        # pylint: disable-next=no-raise-unlink
        raise UserError(self._append_only_message())

    def _append_only_message(self):
        return self.env._(
            "Budget entries are never changed or deleted. Change, cancel or refund the"
            " order or bill: that writes the correcting entry."
        )
