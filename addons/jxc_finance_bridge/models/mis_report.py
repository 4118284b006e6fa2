# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.statement import StatementProcessor, is_own
from .jxc_cash_flow_item import CHARTS

STATEMENTS = [
    ("balance", "Balance Sheet"),
    ("profit", "Income Statement"),
    ("cash", "Cash Flow Statement"),
]
#: columns of the statements
COLUMNS = {
    "balance": ("closing", "opening"),
    "profit": ("period", "year"),
    "cash": ("period", "year"),
}


class MisReport(models.Model):
    _inherit = "mis.report"

    jxc_statement = fields.Selection(
        selection=STATEMENTS,
        string="Financial Statement",
        copy=False,
        help="The statement this template is used for. A copy of a template that is "
        "marked later takes its place.",
    )
    jxc_chart = fields.Selection(
        selection=CHARTS,
        string="Accounting Standard",
        help="Companies with the chart of accounts of this standard use the template.",
    )
    jxc_form = fields.Char(
        string="Official Form",
        help="Number of the official form, printed in the corner of the statement.",
    )

    @api.model
    def default_get(self, fields):
        """Say on purpose which statement a template is for."""
        return own_defaults(self, super().default_get(fields), {"jxc_statement"})

    @api.model_create_multi
    def create(self, vals_list):
        self._jxc_check_official(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_official([vals])
        return super().write(vals)

    def _jxc_check_official(self, vals_list):
        """
        :raise AccessError: when accountants would have a report of their own take the
            place of an official statement
        """
        if self.env.su or self.env.user.has_group("account.group_account_manager"):
            return
        if any(vals.get("jxc_statement") for vals in vals_list):
            raise AccessError(
                self.env._(
                    "Only the accounting administrator says which template a financial"
                    " statement is made from."
                )
            )

    def _jxc_get_processor_class(self):
        return StatementProcessor

    def _prepare_aep(self, companies, currency=None):
        """Statements by partner and by cash flow item need the processor for them."""
        expressions = self.all_kpi_ids.expression_ids.mapped("name")
        if not self.jxc_statement and not any(map(is_own, expressions)):
            return super()._prepare_aep(companies, currency)
        processor = self._jxc_get_processor_class()(
            companies, currency, self.account_model
        )
        for expression in filter(None, expressions):
            processor.parse_expr(expression)
        processor.done_parsing()
        return processor

    def _jxc_get_domain(self, processor, expression, date_from, date_to, extra=()):
        """Domain of the journal items behind an expression of a statement."""
        processor.do_queries(date_from, date_to, list(extra))
        domains = []
        if is_own(expression):
            domains += processor.get_own_domain(expression, date_from, date_to, extra)
        if processor.has_account_var(expression):
            domains.append(
                processor.get_aml_domain_for_expr(expression, date_from, date_to)
            )
        return Domain.OR(domains) & Domain(list(extra)) if domains else Domain.FALSE
