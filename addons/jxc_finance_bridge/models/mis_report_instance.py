# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

from ..tools.statement import is_own


class MisReportInstance(models.Model):
    _inherit = "mis.report.instance"

    def drilldown(self, arg):
        """Journal items behind amounts by partner and by cash flow item, too."""
        self.ensure_one()
        expression = arg.get("expr")
        if not arg.get("period_id") or not is_own(expression):
            return super().drilldown(arg)
        period = self.env["mis.report.instance.period"].browse(arg["period_id"])
        processor = self.report_id._prepare_aep(
            self.query_company_ids, self.currency_id
        )
        extra = period._get_additional_move_line_filter()
        domain = self.report_id._jxc_get_domain(
            processor, expression, period.date_from, period.date_to, extra
        )
        return {
            "type": "ir.actions.act_window",
            "name": self._get_drilldown_action_name(arg),
            "res_model": "account.move.line",
            "view_mode": "list,pivot,graph,form",
            "domain": list(Domain(domain)),
            "context": {"active_test": False, "create": False},
        }
