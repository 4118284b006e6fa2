# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_duplicate_control = fields.Selection(
        selection=[
            ("off", "Do not compare"),
            ("warn", "Warn"),
            ("block", "Block"),
        ],
        string="Duplicate Purchases",
        required=True,
        default="off",
        help="What happens when a request is submitted or an order is confirmed for"
        " what is requested, ordered or in stock already.",
    )
    jxc_duplicate_days = fields.Integer(
        string="Days between Duplicates",
        default=30,
        help="Documents collide when they are wanted within so many days of each"
        " other.",
        prefetch=RARELY_READ,
    )
    jxc_duplicate_vendor = fields.Selection(
        selection=[("any", "Any vendor"), ("same", "The same vendor only")],
        string="Duplicates of",
        required=True,
        default="any",
        prefetch=RARELY_READ,
    )
    jxc_duplicate_rfq = fields.Boolean(
        string="RFQs Count as Duplicates",
        default=True,
        help="Also what is only asked for in a request for quotation counts.",
        prefetch=RARELY_READ,
    )

    _jxc_duplicate_days_positive = models.Constraint(
        "CHECK (jxc_duplicate_days >= 0)",
        "The days between duplicate purchases cannot be below zero.",
    )
