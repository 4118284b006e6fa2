# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools.statement import is_own


class JxcFinanceStatementLine(models.TransientModel):
    _name = "jxc.finance.statement.line"
    _description = "Financial Statement Line"
    _order = "sequence, id"

    statement_id = fields.Many2one(
        comodel_name="jxc.finance.statement",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer()
    kpi_id = fields.Many2one(
        comodel_name="mis.report.kpi",
        string="Template Line",
        ondelete="cascade",
    )
    code = fields.Char()
    line = fields.Char(string="Line Number")
    name = fields.Char(string="Item")
    label = fields.Char(
        string="Statement Item",
        compute="_compute_label",
    )
    level = fields.Integer()
    line_kind = fields.Selection(
        selection=[
            ("heading", "Heading"),
            ("account", "Amount"),
            ("sum", "Sum"),
            ("warning", "Does Not Tie"),
        ],
        string="Kind",
    )
    has_items = fields.Boolean(compute="_compute_has_items")
    currency_id = fields.Many2one(related="statement_id.currency_id")
    amount_closing = fields.Monetary(string="Closing Balance")
    amount_opening = fields.Monetary(string="Balance at Start of Year")
    amount_period = fields.Monetary(string="This Period")
    amount_year = fields.Monetary(string="Year to Date")

    @api.depends("name", "level")
    def _compute_label(self):
        for line in self:
            # Ideographic spaces, which browsers and printers keep.
            line.label = "\u3000" * line.level + (line.name or "")

    @api.depends("kpi_id", "amount_closing", "amount_period")
    def _compute_has_items(self):
        processor = self.env["mis.report"]._jxc_get_processor_class()
        for line in self:
            expression = line.kpi_id.expression or ""
            line.has_items = (
                line.line_kind in ("account", "warning")
                and bool(line.amount_closing or line.amount_period)
                and (is_own(expression) or processor.has_account_var(expression))
            )

    def action_view_items(self):
        """The posted journal items behind the amount of the first column."""
        self.ensure_one()
        statement = self.statement_id
        service = self.env["jxc.trial.balance"]
        company = service._check_company(statement.company_id.id)
        companies = service._get_companies(company)
        report = self.kpi_id.report_id
        _name, date_from, date_to = statement._get_columns(
            statement.kind, company, statement.date_from, statement.date_to
        )[0]
        domain = report._jxc_get_domain(
            report._prepare_aep(companies, company.currency_id),
            self.kpi_id.expression,
            date_from,
            date_to,
            [("parent_state", "=", "posted"), ("company_id", "in", companies.ids)],
        )
        view = statement.kind == "cash" and self.env.ref(
            "jxc_finance_bridge.account_move_line_view_list_cash_flow"
        )
        return self.env["account.move.line"]._jxc_items_action(self.name, domain, view)
