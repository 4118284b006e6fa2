# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

CONTROLS = [
    ("none", "Ignore"),
    ("warn", "Allow with a note"),
    ("block", "Block"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_vendor_period = fields.Selection(
        selection=[
            ("never", "Only by hand"),
            ("month", "Every month"),
            ("quarter", "Every quarter"),
            ("half", "Every half-year"),
            ("year", "Every year"),
        ],
        string="Make Vendor Evaluations",
        required=True,
        default="quarter",
        help="After the end of each period, drafts are made and computed for the"
        " vendors that something was ordered or expected from.",
        prefetch=RARELY_READ,
    )
    jxc_vendor_grade_a = fields.Float(
        string="Grade A from",
        required=True,
        default=90.0,
        prefetch=RARELY_READ,
    )
    jxc_vendor_grade_b = fields.Float(
        string="Grade B from",
        required=True,
        default=75.0,
        prefetch=RARELY_READ,
    )
    jxc_vendor_grade_c = fields.Float(
        string="Grade C from",
        required=True,
        default=60.0,
        prefetch=RARELY_READ,
    )
    jxc_vendor_grade_d_control = fields.Selection(
        selection=CONTROLS,
        string="Orders from Grade D",
        required=True,
        default="warn",
        help="What happens when an order from a vendor is confirmed whose last"
        " validated evaluation is D.",
    )
    jxc_vendor_unqualified_control = fields.Selection(
        selection=CONTROLS,
        string="Orders from Unqualified Vendors",
        required=True,
        default="none",
        help="What happens when an order from a vendor is confirmed who is not"
        " qualified today.",
    )
    jxc_vendor_four_eyes = fields.Boolean(
        string="Two Persons for Vendor Evaluations",
        default=True,
        help="Who gave scores does not validate the evaluation, who asked for a"
        " qualification does not grant it, and who entered a certificate does not"
        " verify it.",
        prefetch=RARELY_READ,
    )

    @api.constrains(
        "jxc_vendor_grade_a",
        "jxc_vendor_grade_b",
        "jxc_vendor_grade_c",
    )
    def _check_jxc_vendor_grades(self):
        for company in self:
            a, b, c = company._jxc_grade_limits()
            if not 100 >= a > b > c > 0:
                raise ValidationError(
                    self.env._(
                        "The grades of vendors begin at falling scores between 100 and"
                        " 0, not at A %(a)s, B %(b)s, C %(c)s.",
                        a=a,
                        b=b,
                        c=c,
                    )
                )

    def _jxc_grade_limits(self):
        """Return the lowest scores of the grades A, B and C."""
        self.ensure_one()
        return (
            self.jxc_vendor_grade_a,
            self.jxc_vendor_grade_b,
            self.jxc_vendor_grade_c,
        )
