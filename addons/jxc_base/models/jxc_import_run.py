# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from markupsafe import Markup

from odoo import api, fields, models


class JxcImportRun(models.Model):
    """Log of imports: who brought which data when, and how much of it."""

    _name = "jxc.import.run"
    _description = "Data Import Log"
    _order = "id desc"
    _check_company_auto = True

    user_id = fields.Many2one("res.users", string="Imported by", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
    )
    create_date = fields.Datetime(string="Imported on", readonly=True)
    files = fields.Char(readonly=True)
    history = fields.Boolean(
        readonly=True,
        help="Past documents were recorded without enforcing budgets and credit.",
    )
    report = fields.Json(readonly=True)
    row_count = fields.Integer(string="Rows", compute="_compute_figures")
    seconds = fields.Float(compute="_compute_figures")
    rows_per_second = fields.Float(string="Rows/s", compute="_compute_figures")
    report_html = fields.Html(
        string="Figures",
        compute="_compute_report_html",
        sanitize=False,
    )

    @api.depends("files", "create_date")
    def _compute_display_name(self):
        for run in self:
            run.display_name = run.files or self.env._("Data Import")

    @api.depends("report")
    def _compute_figures(self):
        for run in self:
            report = run.report or {}
            run.row_count = report.get("rows", 0)
            run.seconds = report.get("seconds", 0)
            run.rows_per_second = report.get("rows_per_second", 0)

    @api.depends("report")
    @api.depends_context("lang")
    def _compute_report_html(self):
        for run in self:
            run.report_html = run._jxc_render_report()

    def _jxc_render_report(self):
        """The figures of one run as a table: a line per file."""
        self.ensure_one()
        names = [
            self.env._("File"),
            self.env._("Rows"),
            self.env._("Created"),
            self.env._("Updated"),
            self.env._("Unchanged"),
            self.env._("Totals"),
        ]
        head = Markup().join(Markup("<th>%s</th>") % name for name in names)
        body = Markup().join(
            Markup("<tr>%s</tr>")
            % Markup().join(
                Markup("<td>%s</td>") % value for value in self._jxc_figures(figures)
            )
            for figures in (self.report or {}).get("files", [])
        )
        return Markup(
            '<table class="table table-sm o_jxc_import_report">'
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table>"
        ) % (head, body)

    def _jxc_figures(self, figures):
        names = self._jxc_total_names()
        totals = ", ".join(
            f"{names.get(name, name)} "
            + (f"{value:,}" if isinstance(value, int) else f"{value:,.2f}")
            for name, value in figures["totals"].items()
        )
        return [
            figures["file"],
            figures["rows"],
            figures["created"],
            figures["updated"],
            figures["unchanged"],
            totals,
        ]

    def _jxc_total_names(self):
        """What users read for the totals that handlers add up. Extend it for others.

        :return: {name in the report: text}
        """
        return {
            "amount": self.env._("amount"),
            "billed": self.env._("billed without tax"),
            "bills": self.env._("bills"),
            "credit": self.env._("credit"),
            "debit": self.env._("debit"),
            "lines": self.env._("order lines"),
            "quantity": self.env._("quantity"),
            "untaxed": self.env._("amount without tax"),
            "value": self.env._("value"),
        }
