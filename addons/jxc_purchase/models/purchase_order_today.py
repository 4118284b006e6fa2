# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain


class PurchaseOrder(models.Model):
    """What an order that is still to be confirmed is worth in company currency.

    The platform converts at the rate of the order date, which anybody may write, and
    keeps the total it once converted whatever becomes of the date. What decides on an
    order goes by the rate of today.
    """

    _inherit = "purchase.order"

    jxc_value = fields.Monetary(
        string="Value Today",
        compute="_compute_jxc_value",
        compute_sudo=True,
        currency_field="company_currency_id",
        groups="base.group_user",
        help="Total in company currency, taxes included, at the rate of today.",
    )

    @api.depends("amount_total", "company_id", "currency_id")
    def _compute_jxc_value(self):
        for order in self:
            rate = order._jxc_rate_today()
            currency = order.company_id.currency_id
            order.jxc_value = currency.round(order.amount_total / rate)

    def _jxc_rate_today(self):
        """Return how much of the order's currency one of the company's is today."""
        self.ensure_one()
        if not (self.currency_id and self.company_id):
            return 1.0
        return self.env["res.currency"]._get_conversion_rate(
            self.company_id.currency_id,
            self.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )

    def _jxc_domain_today(self, domain):
        """Return the domain of a tier with today's value for the stored total."""

        def today(condition):
            if condition.field_expr != "amount_total_cc":
                return condition
            return Domain("jxc_value", condition.operator, condition.value)

        return Domain(domain).map_conditions(today)

    def _jxc_above_double_validation(self):
        """Tell whether this order reaches the amount that takes a manager."""
        company = self.company_id
        return (
            company.po_double_validation == "two_step"
            and company.currency_id.compare_amounts(
                self.sudo().jxc_value, company.po_double_validation_amount
            )
            >= 0
        )
