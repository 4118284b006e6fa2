# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_feedback_form = fields.Boolean(
        string="Public Feedback Form",
        help="Everybody may leave feedback at /feedback, without a login.",
        prefetch=RARELY_READ,
    )
    jxc_feedback_team_id = fields.Many2one(
        comodel_name="helpdesk.ticket.team",
        string="Team for Feedback",
        check_company=True,
        help="Gets what comes in by the public form and, without another one named, by"
        " the portal.",
        prefetch=RARELY_READ,
    )
    jxc_feedback_hour_limit = fields.Integer(
        string="Feedback per Hour",
        default=5,
        help="How many tickets one visitor or customer may enter in an hour; all"
        " visitors together may enter twenty times as many.",
        prefetch=RARELY_READ,
    )

    _jxc_feedback_hour_limit_positive = models.Constraint(
        "CHECK (jxc_feedback_hour_limit > 0)",
        "Customers must be able to enter at least one ticket an hour.",
    )
