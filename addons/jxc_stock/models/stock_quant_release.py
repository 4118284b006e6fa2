# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime, time, timedelta

from odoo import api, fields, models


class StockQuant(models.Model):
    """Released goods are goods like others for as long as their release says.

    The platform reserves, promises and forecasts what is not past the removal date of
    the quant. A release moves that date in its own company, so everything
    that asks for it agrees, and the goods fall back by themselves when it ends.
    """

    _inherit = "stock.quant"

    removal_date = fields.Datetime(
        related=None, compute="_compute_removal_date", store=True
    )
    jxc_release_end = fields.Datetime(
        string="Release Ends",
        compute="_compute_jxc_release_end",
        store=True,
        help="Before this moment the goods may go to customers and production, although"
        " they are expired or last too short.",
    )

    @api.depends("location_id.company_id", "lot_id.jxc_release_ids")
    def _compute_jxc_release_end(self):
        latest = self.env["jxc.stock.release"].sudo()._jxc_latest(self.lot_id)
        for quant in self:
            company = quant.location_id.company_id
            record = latest.get((quant.lot_id._origin.id, company.id))
            if not record or record.kind != "release":
                quant.jxc_release_end = False
                continue
            # The platform compares removal dates with days and with moments. The start
            # of the next day, in UTC, is what both of them take for "not yet".
            next_day = record.valid_until + timedelta(days=1)
            quant.jxc_release_end = datetime.combine(next_day, time.min)

    @api.depends("lot_id.removal_date", "jxc_release_end")
    def _compute_removal_date(self):
        for quant in self:
            date = quant.lot_id.removal_date
            if date and quant.jxc_release_end:
                date = max(date, quant.jxc_release_end)
            quant.removal_date = date
