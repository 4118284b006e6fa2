# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import format_date

from ..tools.coverage import in_base
from .purchase_order_mode import OPEN_STATES


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_needed(self):
        """Return what this line was sent out to ask for, exact, in reference units."""
        asked = max(self.product_qty, self.jxc_quoted_qty)
        return in_base(asked, self.product_uom_id)

    def _jxc_comparable_price(self):
        """Return the quoted price of one unit of the product in company currency.

        Untaxed: one vendor quotes with the tax in his price, another without.
        """
        self.ensure_one()
        order, company = self.order_id, self.company_id
        price = self.product_uom_id._compute_price(
            self._jxc_untaxed(self.jxc_quoted_price), self.product_id.uom_id
        )
        today = fields.Date.context_today(self)
        return order.currency_id._convert(
            price, company.currency_id, company, today, round=False
        )

    def _jxc_comparison_cell(self, award):
        """Return one cell of the comparison, see ``purchase.order.jxc_tender_data``."""
        self.ensure_one()
        order = self.order_id
        price = self._jxc_comparable_price()
        planned = self.jxc_quoted_date
        lead = None
        if planned and order.date_order:
            lead = max((planned.date() - order.date_order.date()).days, 0)
        quantity = self.jxc_quoted_qty
        base = in_base(1, self.product_id.uom_id) or 1
        awarded = award.quantity if award and award.is_winner else 0.0
        return {
            "line_id": self.id,
            "is_quoted": bool(order.jxc_quoted_on),
            "is_open": order.state in OPEN_STATES,
            "quantity": quantity,
            "unit": self.product_uom_id.name,
            "price": price,
            "price_quoted": self.jxc_quoted_price,
            "currency": order.currency_id.name,
            "total": price * float(in_base(quantity, self.product_uom_id) / base),
            "lead": lead,
            "lead_text": self.env._("%s days", lead) if lead is not None else "",
            "day": format_date(self.env, planned) if planned else "",
            "is_cheapest": False,
            "is_fastest": False,
            "change": None,
            "change_text": "",
            "awarded": awarded,
            "reason": award and award.reason or "",
        }
