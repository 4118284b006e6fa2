# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import date_utils


class JxcPeriodReportMixin(models.AbstractModel):
    """A report of a company and a period on the screen, whose lines are always those of
    its criteria.

    A model has ``line_ids`` and fills them in ``_refresh_lines``.
    """

    _name = "jxc.period.report.mixin"
    _description = "Report of a Period"

    #: names of the fields that decide what the lines are
    _criteria = frozenset(("company_id", "date_from", "date_to"))

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
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

    def _default_period(self):
        """The month of the last posted entry, so that the screen never opens empty."""
        last = self.env["account.move"].search(
            [("company_id", "=", self.env.company.id), ("state", "=", "posted")],
            order="date desc",
            limit=1,
        )
        return date_utils.get_month(last.date or fields.Date.context_today(self))

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports._refresh_lines()
        return reports

    def write(self, vals):
        result = super().write(vals)
        if not self._criteria.isdisjoint(vals):
            self._refresh_lines()
        return result

    def action_refresh(self):
        """Read the ledger again; the client has saved changed criteria before."""
        self._refresh_lines()
        return True

    def _refresh_lines(self):
        """Replace the lines of the screen by what the ledger says now."""
        raise NotImplementedError()
