# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools.coverage import in_base


class SaleOrder(models.Model):
    """What is missing for a sale is asked for by a purchase request."""

    _inherit = "sale.order"

    def action_jxc_request_missing(self):
        """Make draft requests for what stock and what is coming do not cover.

        One request per order that lacks something, for its warehouse and the day it is
        promised for; what open requests of the order ask for already is left out.

        :return: action that opens the requests
        :raise AccessError: the user may not enter purchase requests
        :raise UserError: nothing is missing
        """
        self.check_access("read")
        requests = self.env["jxc.purchase.request"]
        for order in self:
            lines = order._jxc_missing_lines()
            if lines:
                request = requests.create(order._prepare_jxc_request(lines))
                # sudo: clients do not say whose shortage it is, this action does
                request.sudo().origin_type = "sale"
                request.sudo().line_ids.sale_order_id = order
                requests |= request
        if not requests:
            raise UserError(
                self.env._(
                    "%s: nothing is missing. Stock, what is coming and what is"
                    " requested already cover it.",
                    ", ".join(self.mapped("name")),
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_purchase.jxc_purchase_request_action"
        )
        action["domain"] = [("id", "in", requests.ids)]
        if len(requests) == 1:
            action.update(res_id=requests.id, views=[(False, "form")])
        return action

    def _prepare_jxc_request(self, lines):
        """Return values of the request for one order; lines as values, too."""
        day = self.commitment_date or self.expected_date or fields.Datetime.now()
        return {
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "origin": self.name,
            "date_required": fields.Datetime.context_timestamp(self, day).date(),
            "line_ids": [Command.create(values) for values in lines],
        }

    def _jxc_missing_lines(self):
        """Return values of request lines for what one order lacks, by product."""
        self.ensure_one()
        wanted = defaultdict(float)
        for line in self.order_line:
            product = line.product_id
            # Lines that are bought for themselves have their purchase order.
            if not (product.is_storable and product.purchase_ok) or (
                line.sudo().purchase_line_ids
            ):
                continue
            open_qty = max(line.product_uom_qty - line.qty_delivered, 0.0)
            wanted[product] += line.product_uom_id._jxc_convert(
                open_qty, product.uom_id
            )
        asked = self._jxc_asked_quantities()
        values = []
        for product, quantity in wanted.items():
            forecast = product.with_context(
                warehouse_id=self.warehouse_id.id
            ).virtual_available
            # Confirmed orders are part of what is going out.
            short = (0.0 if self.state == "sale" else quantity) - forecast
            missing = min(quantity, short) - asked[product]
            if product.uom_id.compare(missing, 0.0) > 0:
                values.append(
                    {
                        "product_id": product.id,
                        "product_qty": missing,
                        "product_uom_id": product.uom_id.id,
                    }
                )
        return values

    def _jxc_asked_quantities(self):
        """Return ``{product: quantity}`` that requests of one order still ask for.

        In the product's unit; what is ordered already counts as coming. Found by the
        lines: requests are merged, and anybody writes their origin.
        """
        lines = self.env["jxc.purchase.request.line"].sudo()
        lines = lines.search(
            Domain("sale_order_id", "in", self.ids)
            & Domain("request_id", "any", lines.request_id._get_open_domain())
        )
        asked = defaultdict(float)
        for line, parts in lines._parts().items():
            base = line.product_id.uom_id
            if line.product_uom_id._has_common_reference(base):
                left = float((parts.open + parts.in_rfqs) / in_base(1, base))
                asked[line.product_id] += left
        return asked
