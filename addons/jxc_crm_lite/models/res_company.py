# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

RFM_STEPS = ("jxc_recency_steps", "jxc_frequency_steps", "jxc_monetary_steps")


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_class_by = fields.Selection(
        selection=[("revenue", "Revenue"), ("margin", "Margin")],
        string="Classes by",
        required=True,
        default="revenue",
        help="Margin is revenue less cost. It makes the classes and is shown to"
        " nobody.",
        prefetch=RARELY_READ,
    )
    jxc_class_a_percent = fields.Float(
        string="Class A up to (%)",
        default=80.0,
        help="Customers who together bring this share of the revenue or margin of"
        " twelve months are in class A.",
        prefetch=RARELY_READ,
    )
    jxc_class_b_percent = fields.Float(
        string="Class B up to (%)",
        default=95.0,
        help="The next customers up to this share are in class B, all others in C.",
        prefetch=RARELY_READ,
    )
    jxc_recency_steps = fields.Char(
        string="Recency Steps (days)",
        default="30, 60, 120, 240",
        help="Days since the last order, four rising numbers: up to the first one"
        " scores 5, more than the last one scores 1.",
        prefetch=RARELY_READ,
    )
    jxc_frequency_steps = fields.Char(
        string="Frequency Steps (orders)",
        default="2, 4, 8, 16",
        help="Orders in twelve months, four rising numbers: fewer than the first one"
        " scores 1, the last one or more scores 5.",
        prefetch=RARELY_READ,
    )
    jxc_monetary_steps = fields.Char(
        string="Monetary Steps (amount)",
        default="1000, 5000, 20000, 100000",
        help="Untaxed revenue of twelve months in company currency, four rising"
        " numbers: less than the first one scores 1, the last one or more scores 5.",
        prefetch=RARELY_READ,
    )
    jxc_new_days = fields.Integer(
        string="New for (days)",
        default=30,
        help="A customer is new this long after the first order.",
        prefetch=RARELY_READ,
    )
    jxc_active_days = fields.Integer(
        string="Active for (days)",
        default=90,
        help="A customer is active this long after the last order, then sleeps.",
        prefetch=RARELY_READ,
    )
    jxc_lost_days = fields.Integer(
        string="Lost after (days)",
        default=365,
        help="A customer without an order for longer than this is lost.",
        prefetch=RARELY_READ,
    )

    @api.constrains("jxc_class_a_percent", "jxc_class_b_percent")
    def _check_jxc_class_percents(self):
        for company in self:
            a, b = company.jxc_class_a_percent, company.jxc_class_b_percent
            if not 0 < a < b < 100:
                raise ValidationError(
                    self.env._(
                        "The shares of the customer classes of %(company)s must rise:"
                        " 0 < A < B < 100, not %(a)s and %(b)s.",
                        company=company.display_name,
                        a=a,
                        b=b,
                    )
                )

    @api.constrains("jxc_new_days", "jxc_active_days", "jxc_lost_days")
    def _check_jxc_life_cycle_days(self):
        for company in self:
            days = company.jxc_new_days, company.jxc_active_days, company.jxc_lost_days
            if not 0 < days[0] <= days[1] < days[2]:
                raise ValidationError(
                    self.env._(
                        "The days of the life cycle of %(company)s must rise: new at"
                        " most as long as active, active shorter than lost.",
                        company=company.display_name,
                    )
                )

    @api.constrains(*RFM_STEPS)
    def _check_jxc_rfm_steps(self):
        for company in self:
            for name in RFM_STEPS:
                company._get_jxc_steps(name)

    def _get_jxc_steps(self, name):
        """The four numbers of one of the RFM_STEPS fields.

        :raise ValidationError: when there are not exactly four rising numbers
        """
        self.ensure_one()
        text = (self[name] or "").replace("，", ",")
        try:
            steps = [float(part) for part in text.split(",")]
        except ValueError:
            steps = []
        rising = all(low < high for low, high in zip(steps, steps[1:], strict=False))
        if len(steps) != 4 or not rising or not 0 <= steps[0] or not steps[3] < 1e15:
            raise ValidationError(
                self.env._(
                    "%(field)s of %(company)s must be four rising numbers separated by"
                    " commas, like 30, 60, 120, 240.",
                    field=self._fields[name]._description_string(self.env),
                    company=self.display_name,
                )
            )
        return steps
