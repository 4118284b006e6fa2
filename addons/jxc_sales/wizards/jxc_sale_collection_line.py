# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL

from .jxc_sale_collection_query import collection_query

#: Sums of several rows that make a rate of them.
RATES = {
    "collection_rate": ("collected", "billed", 100.0),
    "dso": ("balance_days", "billed", 1.0),
}

COLUMNS = (
    "date_from",
    "date_to",
    "company_id",
    "partner_id",
    "user_id",
    "opening",
    "billed",
    "collected",
    "other",
    "closing",
    "balance_days",
    "collection_rate",
    "recovery_rate",
    "dso",
)


class JxcSaleCollectionLine(models.TransientModel):
    """A customer and salesperson in one period of a collection report."""

    _name = "jxc.sale.collection.line"
    _description = "Collection of a Customer"
    _order = "date_from, billed desc, id"
    _rec_name = "partner_id"

    report_id = fields.Many2one(
        comodel_name="jxc.sale.collection",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date_from = fields.Date(string="Period", readonly=True)
    date_to = fields.Date(string="Period Ends", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    opening = fields.Monetary(readonly=True)
    billed = fields.Monetary(readonly=True, help="Invoices less credit notes.")
    collected = fields.Monetary(readonly=True, help="Settled with money.")
    other = fields.Monetary(
        readonly=True,
        help="Discounts, write-offs, exchange differences, opening balances, netting.",
    )
    closing = fields.Monetary(
        readonly=True, help="Opening + billed − collected + other."
    )
    balance_days = fields.Float(
        string="Average Receivable × Days", readonly=True, digits=(16, 2)
    )
    collection_rate = fields.Float(
        string="Collection Rate (%)",
        readonly=True,
        digits=(16, 2),
        aggregator="avg",
        help="Collected ÷ billed.",
    )
    recovery_rate = fields.Float(
        string="Recovery Rate (%)",
        readonly=True,
        digits=(16, 2),
        aggregator="avg",
        help="Collected ÷ (opening + billed). Only within one period.",
    )
    dso = fields.Float(
        string="DSO (Days)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Days sales outstanding: average receivable × days ÷ billed.",
    )

    entry_ids = fields.One2many(
        comodel_name="jxc.sale.collection.entry",
        inverse_name="line_id",
        readonly=True,
    )

    def _read_group_select(self, aggregate_spec, query):
        """Make rates of sums; balances of several periods do not add up."""
        name = aggregate_spec.partition(":")[0]
        if name in RATES:
            part, whole, factor = RATES[name]
            return SQL(
                "%s * SUM(%s) / NULLIF(SUM(%s), 0)",
                factor,
                self._field_to_sql(self._table, part, query),
                self._field_to_sql(self._table, whole, query),
            )
        if name not in ("opening", "closing", "recovery_rate"):
            return super()._read_group_select(aggregate_spec, query)
        value = (
            SQL(
                "100.0 * SUM(%s) / NULLIF(SUM(%s + %s), 0)",
                self._field_to_sql(self._table, "collected", query),
                self._field_to_sql(self._table, "opening", query),
                self._field_to_sql(self._table, "billed", query),
            )
            if name == "recovery_rate"
            else super()._read_group_select(aggregate_spec, query)
        )
        return SQL(
            "CASE WHEN COUNT(DISTINCT %s) = 1 THEN %s END",
            self._field_to_sql(self._table, "date_from", query),
            value,
        )

    @api.model
    def _insert_rows(self, report):
        """Add the rows of a report, in one statement whatever their number."""
        self.env.flush_all()
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (report_id, create_uid, create_date, %s)"
                " SELECT %s, %s, now() AT TIME ZONE 'UTC', %s FROM (%s) found",
                SQL.identifier(self._table),
                columns,
                report.id,
                self.env.uid,
                columns,
                collection_query(
                    report._items(),
                    report._periods(),
                    self.env["account.account"]._jxc_advances_query(),
                ),
            )
        )

    def action_open_items(self):
        """Open what this row is made of; the sums are those of the row."""
        self.ensure_one()
        self.entry_ids._insert_entries(self)
        name = " – ".join(
            filter(None, [self.partner_id.display_name, self.user_id.display_name])
        )
        return {
            "type": "ir.actions.act_window",
            "name": name or self.report_id.display_name,
            "res_model": "jxc.sale.collection.entry",
            "view_mode": "list",
            "domain": [("line_id", "=", self.id)],
            "context": {"create": False},
        }
