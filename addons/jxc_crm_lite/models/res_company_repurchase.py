# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_repurchase_min = fields.Integer(
        string="Purchases at Least",
        default=3,
        help="A customer has a cycle for a product after this many purchases.",
        prefetch=RARELY_READ,
    )
    jxc_repurchase_by = fields.Selection(
        selection=[("average", "Average"), ("median", "Median")],
        string="Interval is the",
        required=True,
        default="average",
        help="Of the days between two purchases. The median is not changed by one long"
        " break or by one order twice in a week.",
        prefetch=RARELY_READ,
    )
    jxc_repurchase_months = fields.Integer(
        string="Orders of (months)",
        default=24,
        help="Older orders do not count for the cycles.",
        prefetch=RARELY_READ,
    )
    jxc_affinity_months = fields.Integer(
        string="Bought Together in (months)",
        default=12,
        help="Older orders do not count for recommendations.",
        prefetch=RARELY_READ,
    )
    jxc_affinity_min_orders = fields.Integer(
        string="Orders with Both at Least",
        default=3,
        help="Minimum support: fewer orders with both products prove nothing.",
        prefetch=RARELY_READ,
    )
    jxc_affinity_min_confidence = fields.Float(
        string="Confidence at Least (%)",
        default=5.0,
        help="Share of the orders with the one product that also have the other.",
        prefetch=RARELY_READ,
    )
    jxc_won_by_order = fields.Boolean(
        string="Orders Win Opportunities",
        default=True,
        help="A confirmed order sets its opportunity won.",
    )

    @api.constrains(
        "jxc_repurchase_min",
        "jxc_repurchase_months",
        "jxc_affinity_months",
        "jxc_affinity_min_orders",
        "jxc_affinity_min_confidence",
    )
    def _check_jxc_repurchase(self):
        for company in self:
            if not (
                2 <= company.jxc_repurchase_min <= 100
                and 1 <= company.jxc_repurchase_months <= 240
                and 1 <= company.jxc_affinity_months <= 240
                and 1 <= company.jxc_affinity_min_orders
                and 0 <= company.jxc_affinity_min_confidence <= 100
            ):
                raise ValidationError(
                    self.env._(
                        "Repurchase settings of %(company)s: 2 to 100 purchases, 1 to"
                        " 240 months, at least one order, 0 to 100 %% confidence.",
                        company=company.display_name,
                    )
                )
