# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_procurement_mode = fields.Selection(
        selection=[
            ("direct", "Direct Purchase"),
            ("request", "By Request"),
            ("tender", "Tender"),
        ],
        string="Default Procurement Mode",
        required=True,
        default="direct",
        help="For orders whose origin says nothing else.",
    )
    jxc_direct_policy = fields.Selection(
        selection=[
            ("free", "Any amount"),
            ("limit", "Up to an amount"),
            ("never", "Never"),
        ],
        string="Direct Purchases",
        required=True,
        default="free",
        help="What may be ordered without request, tender or agreement.",
    )
    jxc_direct_limit = fields.Monetary(
        string="Direct Purchase Limit",
        help="Untaxed, in company currency. Above it an order needs a request or a"
        " tender.",
        prefetch=RARELY_READ,
    )
    jxc_direct_days = fields.Integer(
        string="Direct Purchases Count Together for (Days)",
        default=7,
        help="Direct orders of so many days that belong together share the limit, so"
        " that a need is not split over several orders; 0: each order for itself.",
        prefetch=RARELY_READ,
    )
    jxc_direct_scope = fields.Selection(
        selection=[
            ("any", "The same vendor or product"),
            ("vendor", "The same vendor"),
            ("product", "The same product"),
        ],
        string="Direct Purchases of",
        required=True,
        default="any",
        help="Which direct orders belong together, whoever makes them.",
        prefetch=RARELY_READ,
    )
    jxc_request_tolerance = fields.Float(
        string="Tolerance above Requests",
        digits=(5, 2),
        help="By how many percent an order may go beyond the requests it is made of.",
        prefetch=RARELY_READ,
    )
    jxc_request_price_policy = fields.Selection(
        selection=[
            ("free", "Any price"),
            ("limit", "Up to a percentage above the estimate"),
        ],
        string="Prices of Requests",
        required=True,
        default="limit",
        help="What orders may cost that are made of approved requests. Beyond it a"
        " purchase manager confirms the order. Requests without a price do not limit"
        " the price.",
    )
    jxc_request_price_tolerance = fields.Float(
        string="Above the Estimate",
        digits=(5, 2),
        default=20.0,
        help="By how many percent an order may cost more than its approved requests"
        " estimate.",
        prefetch=RARELY_READ,
    )
    jxc_tender_quotes = fields.Integer(
        string="Quotations of a Tender",
        required=True,
        default=3,
        help="How many vendors have to answer before a tender can be awarded.",
        prefetch=RARELY_READ,
    )
    jxc_urgent_policy = fields.Selection(
        selection=[
            ("group", "Buyers with the right to do so"),
            ("all", "Every buyer"),
        ],
        string="Urgent Orders",
        required=True,
        default="group",
        help="Who may confirm first and have it approved afterwards.",
        prefetch=RARELY_READ,
    )
    jxc_urgent_hours = fields.Integer(
        string="Approved within (Hours)",
        required=True,
        default=48,
        help="An urgent order is approved within so many hours; after that it is"
        " escalated, and its bills cannot be posted.",
        prefetch=RARELY_READ,
    )
    jxc_urgent_approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Urgent Orders Approver",
        domain="[('share', '=', False)]",
        help="Who is asked to approve urgent orders; without one a purchase manager.",
        prefetch=RARELY_READ,
    )

    jxc_urgent_stop = fields.Boolean(
        string="Overdue Approvals Stop Urgent Orders",
        default=True,
        help="Who has an urgent order whose approval is overdue confirms no"
        " further one before that is settled.",
        prefetch=RARELY_READ,
    )

    _jxc_direct_days_positive = models.Constraint(
        "CHECK (jxc_direct_days >= 0)",
        "The days for which direct purchases count together cannot be below zero.",
    )

    @api.constrains(
        "jxc_direct_limit",
        "jxc_request_price_tolerance",
        "jxc_request_tolerance",
        "jxc_tender_quotes",
        "jxc_urgent_hours",
    )
    def _check_procurement_settings(self):
        for company in self:
            above_zero = (
                company.jxc_direct_limit,
                company.jxc_request_price_tolerance,
                company.jxc_request_tolerance,
            )
            if min(above_zero) < 0:
                raise ValidationError(
                    self.env._(
                        "%s: the limit of direct purchases and the tolerances above"
                        " requests cannot be below zero.",
                        company.name,
                    )
                )
            if min(company.jxc_tender_quotes, company.jxc_urgent_hours) < 1:
                raise ValidationError(
                    self.env._(
                        "%s: a tender needs at least one quotation, and urgent orders"
                        " at least one hour to be approved.",
                        company.name,
                    )
                )
