# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class MisReportKpi(models.Model):
    _inherit = "mis.report.kpi"

    jxc_line = fields.Char(
        string="Line Number",
        help="行次 on the printed statement.",
    )
