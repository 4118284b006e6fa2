# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.period import period_bounds

COSTS = "jxc_base.group_see_costs"


class JxcStockLedgerReportLine(models.TransientModel):
    """A row of a stock ledger report, kept so that people can group and export it."""

    _name = "jxc.stock.ledger.report.line"
    _inherit = "jxc.unit.sum.mixin"
    _description = "Stock Ledger Report Row"
    _order = "sequence, id"
    _rec_name = "product_id"

    report_id = fields.Many2one(
        comodel_name="jxc.stock.ledger.report",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer()
    product_id = fields.Many2one(comodel_name="product.product")
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
    )
    uom_id = fields.Many2one(comodel_name="uom.uom", string="Unit")
    company_id = fields.Many2one(comodel_name="res.company")
    currency_id = fields.Many2one(comodel_name="res.currency")
    warehouse_id = fields.Many2one(comodel_name="stock.warehouse")
    location_id = fields.Many2one(comodel_name="stock.location")
    lot_id = fields.Many2one(comodel_name="stock.lot")
    opening_qty = fields.Float(string="Opening", digits="Product Unit")
    in_qty = fields.Float(string="In", digits="Product Unit")
    out_qty = fields.Float(string="Out", digits="Product Unit")
    closing_qty = fields.Float(string="Closing", digits="Product Unit")
    closing_text = fields.Char(
        string="Closing in Units",
        compute="_compute_closing_text",
        help="Closing quantity in the units of the product, e.g. 3箱5瓶.",
    )
    opening_value = fields.Monetary(groups=COSTS)
    in_value = fields.Monetary(groups=COSTS)
    out_value = fields.Monetary(groups=COSTS)
    closing_value = fields.Monetary(groups=COSTS)
    adjust_value = fields.Monetary(
        string="Of Which Adjustments",
        groups=COSTS,
        help="Changes of value without a move: a new cost, a bill that differs from its"
        " receipt after goods were sold, rounding. Part of the value in when positive,"
        " out when negative.",
    )
    average_qty = fields.Float(string="Average Stock", digits="Product Unit")
    average_value = fields.Monetary(string="Average Stock Value", groups=COSTS)
    turnover_rate = fields.Float(
        digits=(16, 2),
        aggregator=None,
        help="Quantity issued ÷ average of opening and closing stock.",
    )
    turnover_days = fields.Float(
        digits=(16, 1),
        aggregator=None,
        help="Days that the average stock lasts: days of the period ÷ turnover rate.",
    )
    turnover_value_rate = fields.Float(
        string="Turnover Rate by Value",
        digits=(16, 2),
        aggregator=None,
        groups=COSTS,
        help="Cost of goods issued ÷ average stock value.",
    )
    abc = fields.Char(
        string="ABC",
        help="A: makes up the first 80 % of the cost of goods issued, B: to 95 %, C:"
        " the rest.",
    )
    age_1_qty = fields.Float(string="Up to 30 Days", digits="Product Unit")
    age_2_qty = fields.Float(string="31–60 Days", digits="Product Unit")
    age_3_qty = fields.Float(string="61–90 Days", digits="Product Unit")
    age_4_qty = fields.Float(string="91–180 Days", digits="Product Unit")
    age_5_qty = fields.Float(string="181–365 Days", digits="Product Unit")
    age_6_qty = fields.Float(string="Over 365 Days", digits="Product Unit")
    average_age = fields.Float(
        string="Average Age (Days)",
        digits=(16, 1),
        aggregator="avg",
    )
    last_in = fields.Date(string="Last Receipt")
    last_out = fields.Date(string="Last Issue")
    idle_days = fields.Integer(
        string="Days Without Issue",
        aggregator="max",
        help="Days since the last issue; since the last receipt when there never was"
        " an issue.",
    )

    @api.depends("closing_qty", "product_id")
    @api.depends_context("lang")
    def _compute_closing_text(self):
        compounds = {
            template: template._jxc_compound()
            for template in self.product_id.product_tmpl_id
        }
        for line in self:
            compound = compounds.get(line.product_id.product_tmpl_id)
            line.closing_text = compound.format(line.closing_qty) if compound else ""

    def action_view_entries(self):
        """The ledger entries behind this row, with running balance."""
        self.ensure_one()
        report = self.report_id
        start, end = period_bounds(report.date_from, report.date_to, self.env.tz)
        domain = [
            ("product_id", "=", self.product_id.id),
            ("company_id", "=", self.company_id.id),
            ("date", "<", fields.Datetime.to_string(end)),
            *(
                (name, "=", self[name].id)
                for name in ("warehouse_id", "location_id", "lot_id")
                if name.removesuffix("_id") in report.group_by
            ),
        ]
        if report.kind != "age":
            domain.append(("date", ">=", fields.Datetime.to_string(start)))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_stock.jxc_stock_ledger_action"
        )
        return {
            **action,
            "name": self.product_id.display_name,
            "domain": domain,
            "context": {},
        }

    @api.model
    def _insert_rows(self, report, rows):
        """Store the rows of a report by one statement.

        :param report: jxc.stock.ledger.report
        :param rows: of jxc.stock.ledger, keys that are no column are left out
        """
        names = [
            name
            for name in rows[0]
            if name in self._fields and self._fields[name].store
        ]
        content = [
            {name: row[name] for name in names if row[name] is not False}
            for row in rows
        ]
        columns = SQL(", ").join(map(SQL.identifier, names))
        types = SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(self._fields[name].column_type[1]))
            for name in names
        )
        self.env.execute_query(
            SQL(
                """
                INSERT INTO %(table)s (report_id, create_uid, create_date,
                                       write_uid, write_date, sequence, %(columns)s)
                SELECT %(report)s, %(user)s, now() AT TIME ZONE 'UTC',
                       %(user)s, now() AT TIME ZONE 'UTC', place, %(columns)s
                  FROM ROWS FROM (
                       jsonb_to_recordset(%(rows)s::jsonb) AS (%(types)s)
                       ) WITH ORDINALITY AS given (%(columns)s, place)
                RETURNING id
                """,
                table=SQL.identifier(self._table),
                columns=columns,
                report=report.id,
                user=self.env.uid,
                rows=json.dumps(content, default=str),
                types=types,
            )
        )
