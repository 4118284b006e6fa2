# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.coverage import in_base


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_check_awardable(self, quantity, offers):
        """:raise UserError: this line is no open quotation of so much"""
        self.ensure_one()
        self.order_id._jxc_check_rfq()
        if self not in offers:
            raise UserError(
                self.env._(
                    "%(vendor)s has not offered %(product)s. Record the quotation"
                    " first.",
                    vendor=self.partner_id.name,
                    product=self.product_id.display_name,
                )
            )
        if self.product_uom_id.compare(quantity, self.jxc_quoted_qty) > 0:
            raise UserError(
                self.env._(
                    "%(vendor)s offers %(offered)s %(unit)s of %(product)s, not"
                    " %(awarded)s.",
                    vendor=self.partner_id.name,
                    product=self.product_id.display_name,
                    offered=f"{self.jxc_quoted_qty:g}",
                    awarded=f"{quantity:g}",
                    unit=self.product_uom_id.name,
                )
            )

    def _prepare_awarded_values(self, quantity):
        """Return what the award writes on an RFQ line, won or lost."""
        self.ensure_one()
        values = {"product_qty": quantity}
        if self.jxc_quoted_price:
            # Quantities ask the price list again: the quoted price is to stay.
            values |= {
                "price_unit": self.jxc_quoted_price,
                "discount": 0.0,
                "date_planned": self.jxc_quoted_date,
            }
        return values

    def _prepare_award_values(self, quantity, price, best, needed, reason, scores):
        """Return the values of the record of this quotation.

        :param price: comparable price; ``best``: the lowest one of the product
        :param needed: needed quantity in reference units, exact
        :param scores: {vendor id: score or None}
        """
        self.ensure_one()
        order, unit = self.order_id, self.product_uom_id
        vendor = self.partner_id.commercial_partner_id.sudo()
        return {
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "decided_at": fields.Datetime.now(),
            "product_id": self.product_id.id,
            "order_id": order.id,
            "order_line_id": self.id,
            "order_name": order.name,
            "partner_id": self.partner_id.id,
            "quantity_needed": float(needed / in_base(1, unit)),
            "quantity": quantity,
            "product_uom_id": unit.id,
            "price_unit": self.jxc_quoted_price,
            "price_untaxed": self._jxc_untaxed(self.jxc_quoted_price),
            "currency_id": order.currency_id.id,
            "price_company": price,
            "date_planned": self.jxc_quoted_date and self.jxc_quoted_date.date(),
            "vendor_score": scores.get(vendor.id) or 0.0,
            "is_winner": quantity > 0,
            "is_cheapest": price <= best + 1e-6,
            "reason": reason if quantity > 0 else False,
        }
