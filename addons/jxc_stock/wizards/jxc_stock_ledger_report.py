# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils
from odoo.tools.misc import format_date, formatLang

GROUP_FIELDS = ("warehouse_id", "location_id", "lot_id")
VALUE_FIELDS = (
    "opening_value",
    "in_value",
    "out_value",
    "closing_value",
    "adjust_value",
    "average_value",
    "turnover_value_rate",
)
# The columns of each report, in print and in the workbook.
COLUMNS = {
    "summary": (
        "opening_qty",
        "opening_value",
        "in_qty",
        "in_value",
        "out_qty",
        "out_value",
        "closing_qty",
        "closing_text",
        "closing_value",
        "adjust_value",
    ),
    "turnover": (
        "abc",
        "opening_qty",
        "out_qty",
        "closing_qty",
        "average_qty",
        "turnover_rate",
        "turnover_days",
        "average_value",
        "out_value",
        "turnover_value_rate",
    ),
    "age": (
        "closing_qty",
        "closing_text",
        "closing_value",
        "age_1_qty",
        "age_2_qty",
        "age_3_qty",
        "age_4_qty",
        "age_5_qty",
        "age_6_qty",
        "average_age",
        "last_in",
        "last_out",
        "idle_days",
    ),
}


class JxcStockLedgerReport(models.TransientModel):
    """The screen over the stock ledger: what to show, and the rows that came out."""

    _name = "jxc.stock.ledger.report"
    _description = "Stock Ledger Report"

    kind = fields.Selection(
        selection=[
            ("summary", "Stock Ledger Summary"),
            ("turnover", "Turnover and ABC"),
            ("age", "Stock Age and Dead Stock"),
        ],
        required=True,
        default="summary",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_period()[0],
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: self._default_period()[1],
    )
    group_by = fields.Selection(
        selection=[
            ("product", "Product"),
            ("warehouse", "Product and warehouse"),
            ("location", "Product and location"),
            ("lot", "Product and lot"),
            ("warehouse,lot", "Product, warehouse and lot"),
        ],
        string="One Row per",
        required=True,
        default="warehouse",
    )
    warehouse_ids = fields.Many2many(
        comodel_name="stock.warehouse",
        string="Warehouses",
    )
    categ_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Products",
        domain="[('is_storable', '=', True)]",
    )
    line_ids = fields.One2many(
        comodel_name="jxc.stock.ledger.report.line",
        inverse_name="report_id",
        string="Rows",
        readonly=True,
    )

    @api.model
    def _default_period(self):
        """The month of the last move, so that the screen never opens empty."""
        # Not asked of the ledger: it would look at the whole history first.
        last = self.env["stock.move"].search(
            [
                ("state", "=", "done"),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="date desc",
            limit=1,
        )
        today = fields.Date.context_today(self)
        if not last:
            return date_utils.get_month(today)
        date = fields.Datetime.context_timestamp(self, last.date).date()
        start, end = date_utils.get_month(date)
        return start, min(end, max(today, date))

    @api.depends("kind", "date_from", "date_to")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for report in self:
            report.display_name = f"{labels.get(report.kind)} {report._period_text()}"

    def _period_text(self):
        start, end = (
            format_date(self.env, date) for date in (self.date_from, self.date_to)
        )
        return end if self.kind == "age" else f"{start} – {end}"

    # Actions ----------------------------------------------------------------------

    def action_show(self):
        """Fill the rows and open them as a list."""
        self.ensure_one()
        self._refresh_lines()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"jxc_stock.jxc_stock_ledger_{self.kind}_line_action"
        )
        return {
            **action,
            "name": self.display_name,
            "display_name": self.display_name,
            "domain": [("report_id", "=", self.id)],
        }

    def action_print(self):
        """The report as PDF."""
        self._refresh_lines()
        return self.env.ref("jxc_stock.stock_ledger_report_pdf").report_action(self)

    def action_xlsx(self):
        """The report as workbook, with numbers as numbers."""
        self._refresh_lines()
        return self.env.ref("jxc_stock.stock_ledger_report_xlsx").report_action(self)

    # Rows -------------------------------------------------------------------------

    def _get_domain(self):
        """What the rows are limited to."""
        domain = Domain.TRUE
        if self.warehouse_ids:
            domain &= Domain("warehouse_id", "in", self.warehouse_ids.ids)
        if self.categ_ids:
            domain &= Domain("categ_id", "child_of", self.categ_ids.ids)
        if self.product_ids:
            domain &= Domain("product_id", "in", self.product_ids.ids)
        return domain

    def _get_rows(self):
        """Rows of the service, for this report."""
        self.ensure_one()
        ledger = self.env["jxc.stock.ledger"]
        groups, domain = self.group_by.split(","), self._get_domain()
        if self.kind == "age":
            return ledger.ages(self.date_to, groups, domain)
        service = ledger.summary if self.kind == "summary" else ledger.turnover
        return service(self.date_from, self.date_to, groups, domain)

    def _refresh_lines(self):
        """Replace the rows, in one statement whatever their number."""
        lines = self.env["jxc.stock.ledger.report.line"]
        for report in self:
            report.line_ids.unlink()
            rows = report._get_rows()
            if not rows:
                continue
            lines._insert_rows(report, rows)
        self.invalidate_recordset(["line_ids"])

    # Print --------------------------------------------------------------------------

    def _get_columns(self):
        """Names of the columns this user may see."""
        values = self.env["jxc.stock.ledger"]._sees_values()
        return [
            *(name for name in GROUP_FIELDS if name[:-3] in self.group_by),
            *(n for n in COLUMNS[self.kind] if values or n not in VALUE_FIELDS),
        ]

    def _get_labels(self):
        """{column: its label}"""
        described = self.env["jxc.stock.ledger.report.line"].fields_get(
            self._get_columns(), ["string"]
        )
        return {name: described[name]["string"] for name in self._get_columns()}

    def _get_totals(self):
        """{company id: {column of values: its sum}}: quantities do not add up."""
        names = [n for n in self._get_columns() if n.endswith("_value")]
        return {
            company.id: {name: sum(lines.mapped(name)) for name in names}
            for company, lines in self.line_ids.grouped("company_id").items()
        }

    def _format_cell(self, line, name):
        """A cell of the print as text; nothing for nothing."""
        value, field = line[name], line._fields[name]
        if field.type == "many2one":
            return value.display_name or ""
        if field.type == "date":
            return format_date(self.env, value) if value else ""
        if field.type == "monetary":
            return self._format_amount(value, line.currency_id) if value else ""
        if field.type == "float" and name.endswith("_qty"):
            digits = self.env["decimal.precision"].precision_get("Product Unit")
            text = formatLang(self.env, value, digits=digits) if value else ""
            point = self.env["res.lang"]._get_data(code=self.env.lang).decimal_point
            return text.rstrip("0").rstrip(point) if point in text else text
        if field.type == "float":
            return formatLang(self.env, value, digits=2) if value else ""
        return str(value or "")

    def _format_amount(self, amount, currency):
        return formatLang(
            self.env, currency.round(amount), digits=currency.decimal_places
        )

    def _print_lines(self):
        """[(company, its rows)] as printed."""
        return [*self.line_ids.grouped("company_id").items()]
