# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.coverage import in_base, rounded


class JxcPurchaseRequestOrderLine(models.TransientModel):
    """Part of a request line for one vendor."""

    _name = "jxc.purchase.request.order.line"
    _description = "Request Line to Order"
    _inherit = ["jxc.number.mixin"]
    _order = "sequence, id"

    wizard_id = fields.Many2one(
        comodel_name="jxc.purchase.request.order",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(
        export_string_translation=False,
        help="Keeps what was split together.",
    )
    company_id = fields.Many2one(
        related="wizard_id.company_id",
    )
    request_line_id = fields.Many2one(
        comodel_name="jxc.purchase.request.line",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    request_id = fields.Many2one(
        related="request_line_id.request_id",
    )
    requested_product_id = fields.Many2one(
        related="request_line_id.product_id",
        string="Requested Product",
    )
    name = fields.Text(
        related="request_line_id.name",
    )
    date_required = fields.Date(
        related="request_line_id.date_required",
    )
    qty_open = fields.Float(
        related="request_line_id.qty_open",
    )
    product_uom_id = fields.Many2one(
        related="request_line_id.product_uom_id",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        domain="[('purchase_ok', '=', True)]",
    )
    vendor_id = fields.Many2one(
        comodel_name="res.partner",
    )
    quantity = fields.Float(
        string="To Order",
        digits="Product Unit",
        help="In the unit of the request.",
    )
    order_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Order Unit",
        compute="_compute_order_uom_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', allowed_uom_ids)]",
    )
    allowed_uom_ids = fields.Many2many(
        comodel_name="uom.uom",
        compute="_compute_allowed_uom_ids",
        export_string_translation=False,
    )
    order_qty = fields.Float(
        string="Order Quantity",
        digits="Product Unit",
        compute="_compute_order_qty",
    )

    @api.depends("product_id", "product_uom_id")
    def _compute_allowed_uom_ids(self):
        for line in self:
            product = line.product_id
            units = product.uom_id | product.uom_ids | product.seller_ids.product_uom_id
            line.allowed_uom_ids = units | line.product_uom_id

    @api.depends("product_id", "vendor_id", "quantity")
    def _compute_order_uom_id(self):
        """The vendor's unit, if the quantity can be written in it."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self:
            unit = line.product_uom_id
            if line.order_uom_id and line.order_uom_id != unit:
                unit = line.order_uom_id
            vendor = line.vendor_id.commercial_partner_id
            seller = line.product_id.seller_ids.filtered(
                lambda one, vendor=vendor: (
                    one.partner_id.commercial_partner_id == vendor
                )
            )[:1]
            offered = seller.product_uom_id
            if vendor and offered and offered._has_common_reference(unit):
                converted = line._in_base() / in_base(1, offered)
                scaled = converted * 10**digits
                if scaled.denominator == 1:
                    unit = offered
                elif line.order_uom_id == offered:
                    unit = line.product_uom_id
            line.order_uom_id = unit

    @api.depends("quantity", "order_uom_id", "product_uom_id")
    def _compute_order_qty(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self:
            line.order_qty = 0.0
            if line.order_uom_id:
                unit = in_base(1, line.order_uom_id)
                line.order_qty = rounded(line._in_base() / unit, digits, up=True)

    def action_split(self):
        """Make a second line of the same request, for another vendor."""
        self.ensure_one()
        taken = sum(
            self.wizard_id.line_ids.filtered(
                lambda one: one.request_line_id == self.request_line_id
            ).mapped("quantity")
        )
        self.copy({"vendor_id": False, "quantity": max(self.qty_open - taken, 0.0)})
        return self.wizard_id._reopen()

    def _in_base(self):
        return in_base(self.quantity, self.product_uom_id)

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _check_complete(self):
        """:raise UserError: naming what is missing on which line"""
        if not self:
            raise UserError(self.env._("Enter how much is to be ordered."))
        for line in self:
            asked = line.request_line_id.product_id
            problem = None
            if not line.vendor_id and not line.wizard_id.is_tender:
                problem = self.env._("choose a vendor.")
            elif not line.product_id:
                problem = self.env._("choose the product to order for it.")
            elif asked and line.product_id != asked:
                problem = self.env._("only what was requested can be ordered.")
            elif line.company_id != line.request_line_id.company_id:
                problem = self.env._("it belongs to another company.")
            elif not line.product_uom_id._has_common_reference(line.product_id.uom_id):
                problem = self.env._(
                    "%(unit)s has no fixed relation to %(base)s, the unit of"
                    " %(product)s.",
                    unit=line.product_uom_id.name,
                    base=line.product_id.uom_id.name,
                    product=line.product_id.display_name,
                )
            elif not line.order_uom_id._has_common_reference(line.product_uom_id):
                problem = self.env._(
                    "it cannot be ordered in %s.", line.order_uom_id.name or "–"
                )
            if problem:
                raise UserError(
                    self.env._(
                        "%(line)s: %(problem)s",
                        line=line.request_line_id.display_name,
                        problem=problem,
                    )
                )

    def _check_open(self):
        """:raise UserError: naming the line, what is open and what is asked"""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        asked = defaultdict(Fraction)
        for line in self:
            asked[line.request_line_id] += in_base(line.quantity, line.product_uom_id)
        for request_line, quantity in asked.items():
            unit = request_line.product_uom_id
            if quantity > in_base(round(request_line.qty_open, digits), unit):
                raise UserError(
                    self.env._(
                        "%(line)s: %(asked)s %(unit)s are to be ordered, but only"
                        " %(open)s are open. Order less, or ask for more in another"
                        " request.",
                        line=request_line.display_name,
                        asked=rounded(quantity / in_base(1, unit), digits),
                        open=request_line.qty_open,
                        unit=unit.name,
                    )
                )

    def _merge(self):
        """Join what is the same for the vendor.

        :return: list of (values of an order line, wizard lines)
        """
        groups = defaultdict(lambda: self.browse())
        for line in self:
            groups[line._merge_key()] |= line
        return [
            (lines._prepare_order_line_values(), lines) for lines in groups.values()
        ]

    def _merge_key(self):
        self.ensure_one()
        asked = self.request_line_id
        analytic = tuple(sorted((asked.analytic_distribution or {}).items()))
        text = False if asked.product_id else asked.name
        rule = asked.orderpoint_id.id
        return self.product_id, self.order_uom_id, analytic, text, rule

    def _prepare_order_line_values(self):
        """Return values of the order line for lines that are merged."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        unit = self.order_uom_id
        total = sum(line._in_base() for line in self) / in_base(1, unit)
        asked = self.request_line_id
        days = [day for day in asked.mapped("date_required") if day]
        values = {
            "product_id": self.product_id.id,
            "product_uom_id": unit.id,
            # Never less than was asked for.
            "product_qty": rounded(total, digits, up=True),
        }
        if days:
            values["date_planned"] = fields.Datetime.to_datetime(min(days))
        if asked[:1].analytic_distribution:
            values["analytic_distribution"] = asked[:1].analytic_distribution
        if not asked[:1].product_id:
            values["name"] = asked[:1].name
        if asked.orderpoint_id:
            values["orderpoint_id"] = asked.orderpoint_id.id
        return values
