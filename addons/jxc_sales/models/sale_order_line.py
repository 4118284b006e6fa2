# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import credit, marks

#: Writing one of these may change what the customer owes.
CREDIT_FIELDS = {
    "discount",
    "jxc_aux_qty",
    "order_id",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "qty_delivered",
    "tax_ids",
}

#: What the platform computes from documents, and exposure, invoices and rights follow.
COMPUTED_FIELDS = {
    "company_id",
    "currency_id",
    "invoice_lines",
    "invoice_status",
    "jxc_is_priced_by_aux",
    "order_partner_id",
    "price_reduce_taxexcl",
    "price_reduce_taxinc",
    "price_subtotal",
    "price_tax",
    "price_total",
    "qty_delivered_method",
    "qty_invoiced",
    "qty_to_invoice",
    "salesman_id",
    "state",
    "untaxed_amount_invoiced",
    "untaxed_amount_to_invoice",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # -- units --------------------------------------------------------------------

    @api.constrains("product_id", "product_uom_id")
    def _check_jxc_unit(self):
        """The unit must convert to the product's; the platform would only guess."""
        for line in self:
            line.product_id._jxc_check_unit(line.product_uom_id)

    # -- credit -------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), COMPUTED_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._jxc_without_no_invoices(vals) for vals in vals_list]
        for vals in vals_list:
            self._jxc_check_not_computed(vals)
        default_id = self.default_get(["order_id"]).get("order_id")
        order_ids = {vals.get("order_id", default_id) for vals in vals_list}
        orders = self.env["sale.order"].browse(filter(None, order_ids))
        with orders._jxc_credit_watch(orders._jxc_owes) as watch:
            lines = super(SaleOrderLine, self.with_context(**watch)).create(vals_list)
        return lines.with_env(self.env)

    def write(self, vals):
        self._jxc_check_not_computed(vals)
        if not CREDIT_FIELDS & set(vals):
            return super().write(vals)
        orders = self.order_id
        if vals.get("order_id"):
            orders |= orders.browse(vals["order_id"])
        with orders._jxc_credit_watch(orders._jxc_owes) as watch:
            return super(SaleOrderLine, self.with_context(**watch)).write(vals)

    def unlink(self):
        orders = self.order_id
        with orders._jxc_credit_watch(orders._jxc_owes) as watch:
            return super(SaleOrderLine, self.with_context(**watch)).unlink()

    @staticmethod
    def _jxc_without_no_invoices(vals):
        """The form sends along that a new line has no invoices: that claims nothing."""
        if vals.get("invoice_lines"):
            return vals
        return {name: value for name, value in vals.items() if name != "invoice_lines"}

    def _jxc_check_not_computed(self, vals):
        """Amounts and progress follow from documents; no client writes them.

        :raise AccessError: naming the fields
        """
        fields = COMPUTED_FIELDS & set(vals)
        if "qty_delivered" in vals and any(
            line.qty_delivered_method == "stock_move" for line in self
        ):
            fields.add("qty_delivered")
        if fields and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s of sales order lines cannot be written: the value"
                    " follows from prices, deliveries and invoices.",
                    fields=", ".join(sorted(fields)),
                )
            )

    def _jxc_credit_parts(self):
        """What this line adds to each part, in the currency of the order.

        :return: {part: amount}, tax included; with "posted", what is invoiced for good,
            and "deposit", what down payments are invoiced
        """
        self.ensure_one()
        if self._jxc_is_deposit():
            return self._jxc_deposit_parts()
        price, progress = self._jxc_priced_progress()
        if not price:
            return {}
        parts = {**progress.parts(), "posted": progress.posted}
        comes_back = progress.by_delivery or self.qty_delivered_method == "stock_move"
        if parts["ordered"] * price < 0 and comes_back:
            # Goods that are to come back pay for others once they are here.
            parts["ordered"] = 0.0
        return {part: quantity * price for part, quantity in parts.items()}

    def _jxc_priced_progress(self):
        """A price, and how far this line has come in what it is the price of.

        :return: (price with tax and discount, tools/credit.py Progress)
        """
        return self._jxc_unit_price(), self._jxc_progress()

    def _jxc_unit_price(self):
        """Price of one unit, tax and discount included."""
        if self.product_uom_qty:
            return self.price_total / self.product_uom_qty
        if not self.qty_delivered or not self.price_unit:
            return 0.0
        # Delivered without having been ordered: the line's own total is zero.
        return self.tax_ids.compute_all(
            self.price_unit * (1 - (self.discount or 0.0) / 100),
            currency=self.currency_id,
            product=self.product_id,
            partner=self.order_id.partner_shipping_id,
        )["total_included"]

    def _jxc_progress(self):
        """How far this line has come, as tools/credit.py takes it."""
        moves = self.move_ids if self.qty_delivered_method == "stock_move" else ()
        # Goods that come back leave nothing more to deliver.
        outward = [
            move
            for move in moves
            if self.product_uom_qty < 0 or not move.location_id._jxc_is_outgoing()
        ]
        states = {move.state for move in outward}
        is_confirmed = self.state == "sale"
        return credit.Progress(
            ordered=self.product_uom_qty if is_confirmed else 0.0,
            delivered=self.qty_delivered,
            returned=sum(
                sign
                * move.product_uom._compute_quantity(move.quantity, self.product_uom_id)
                for move in moves
                if (sign := move._jxc_returned_sign())
            ),
            invoiced=self.qty_invoiced,
            posted=self.qty_invoiced_posted if self.invoice_lines else 0.0,
            by_delivery=not is_confirmed
            or self.product_id.invoice_policy == "delivery",
            finished=not is_confirmed
            or ("done" in states and states <= {"done", "cancel"}),
        )

    def _jxc_deposit_parts(self):
        """A down payment: invoiced already, so the order has that much less to come."""
        drafted = posted = 0.0
        for line in self.invoice_lines:
            move = line.move_id
            if move.state == "cancel":
                continue
            amount = -move.direction_sign * line.currency_id._convert(
                line.price_total,
                self.currency_id,
                self.company_id,
                move.invoice_date or self.order_id.date_order,
            )
            if move.state == "posted":
                posted += amount
            else:
                drafted += amount
        return {
            "draft": drafted,
            "ordered": -(drafted + posted),
            "posted": posted,
            "deposit": drafted + posted,
        }

    def _jxc_in_unit_of(self, move, quantity):
        """A quantity in this line's unit, converted to the unit of its move."""
        return self.product_uom_id._compute_quantity(
            quantity, move.product_uom, rounding_method="HALF-UP"
        )

    # -- replay of imported documents ---------------------------------------------

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        if marks.replay_of(self.env) and not self.display_type:
            # Past invoices bill what was delivered, whatever the product's policy.
            values["quantity"] = self.qty_delivered - self.qty_invoiced
        return values
