# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.coverage import in_base, is_written, rounded


class JxcPurchaseRequestOrderLine(models.TransientModel):
    """Part of a request line for one vendor, in whatever unit of the product."""

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
    open_text = fields.Char(
        string="Open",
        compute="_compute_open_text",
        help="In the units of the product, without rounding.",
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', allowed_uom_ids)]",
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

    @api.depends("request_line_id")
    def _compute_product_uom_id(self):
        for line in self:
            unit = line.product_uom_id or line.request_line_id.product_uom_id
            line.product_uom_id = unit

    @api.depends("request_line_id")
    @api.depends_context("lang")
    def _compute_open_text(self):
        parts = self.request_line_id._origin._parts()
        for line in self:
            asked = line.request_line_id._origin
            line.open_text = bool(asked) and asked._quantity_text(parts[asked].open)

    @api.depends("product_id", "request_line_id")
    def _compute_allowed_uom_ids(self):
        for line in self:
            product = line.product_id
            units = product.uom_id | product.uom_ids | product.seller_ids.product_uom_id
            line.allowed_uom_ids = units | line.request_line_id.product_uom_id

    @api.depends("product_id", "vendor_id", "quantity", "product_uom_id")
    def _compute_order_uom_id(self):
        """The vendor's unit, if the quantity can be written in it exactly.

        Else the one chosen before, else the one it was entered in; what no box or pack
        holds is ordered in the product's own unit.
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        shares = self._shares()
        for line in self:
            entered = line.product_uom_id
            vendor = line.vendor_id.commercial_partner_id
            seller = line.product_id.seller_ids.filtered(
                lambda one, vendor=vendor: (
                    vendor and one.partner_id.commercial_partner_id == vendor
                )
            )[:1]
            units = seller.product_uom_id | line.order_uom_id | entered
            units |= line.product_id.uom_id
            fitting = units.filtered(
                lambda unit, entered=entered, share=shares[line]: (
                    unit._has_common_reference(entered)
                    and is_written(share / in_base(1, unit), digits)
                )
            )
            line.order_uom_id = fitting[:1] or line.product_id.uom_id or entered

    @api.depends("quantity", "order_uom_id", "product_uom_id")
    def _compute_order_qty(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        shares = self._shares()
        for line in self:
            line.order_qty = 0.0
            if line.order_uom_id:
                unit = in_base(1, line.order_uom_id)
                line.order_qty = rounded(shares[line] / unit, digits, up=True)

    def action_split(self):
        """Make a second line of the same request, for another vendor."""
        self.ensure_one()
        asked = self.request_line_id
        lines = self.wizard_id.line_ids.filtered(
            lambda one: one.request_line_id == asked
        )
        left = asked._parts()[asked].open - sum(lines._shares().values())
        units = self.product_uom_id | asked._units_to_write(self.product_id)
        rest = asked._prepare_written(max(left, Fraction(0)), units)
        self.copy({"vendor_id": False, **rest})
        return self.wizard_id._reopen()

    def _shares(self):
        """Return ``{line: how much it takes}``, exact, in reference units.

        What is left of a request, rounded to the decimals of some unit, means all that
        is left: 2.17 packs of six where 13 bottles are open.
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        parts = self.request_line_id._origin._parts()
        left = {line: part.open for line, part in parts.items()}
        shares = {}
        for line in self:
            asked = line.request_line_id._origin
            unit = in_base(1, line.product_uom_id) or Fraction(1)
            share = in_base(line.quantity, line.product_uom_id)
            rest = left.get(asked, Fraction(0)) / unit
            # Nothing stays nothing, however little is left.
            if line.quantity > 0 and line.quantity in (
                rounded(rest, digits),
                rounded(rest, digits, up=True),
            ):
                share = rest * unit
            left[asked] = rest * unit - share
            shares[line] = share
        return shares

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
            elif not line._is_unit_of_product():
                units = line.product_uom_id | line.request_line_id.product_uom_id
                problem = self.env._(
                    "%(unit)s has no fixed relation to %(base)s, the unit of"
                    " %(product)s.",
                    unit=", ".join(units.mapped("name")),
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

    def _is_unit_of_product(self):
        """Whether the units entered and asked for relate to that of the product."""
        base = self.product_id.uom_id
        units = self.product_uom_id | self.request_line_id.product_uom_id
        return bool(self.product_uom_id) and all(
            unit._has_common_reference(base) for unit in units
        )

    def _check_open(self):
        """:raise UserError: naming the line, what is open and what is asked"""
        parts = self.request_line_id._parts()
        asked = defaultdict(Fraction)
        for line, share in self._shares().items():
            asked[line.request_line_id] += share
        for request_line, quantity in asked.items():
            if quantity > parts[request_line].open:
                raise UserError(
                    self.env._(
                        "%(line)s: %(asked)s are to be ordered, but only %(open)s are"
                        " open. Order less, or ask for more in another request.",
                        line=request_line.display_name,
                        asked=request_line._quantity_text(quantity),
                        open=request_line._quantity_text(parts[request_line].open),
                    )
                )

    def _merge(self, shares):
        """Join what is the same for the vendor.

        :param shares: see :meth:`_shares`
        :return: list of (values of an order line, wizard lines)
        """
        groups = defaultdict(lambda: self.browse())
        for line in self:
            groups[line._merge_key()] |= line
        return [
            (lines._prepare_order_line_values(shares), lines)
            for lines in groups.values()
        ]

    def _merge_key(self):
        self.ensure_one()
        asked = self.request_line_id
        analytic = tuple(sorted((asked.analytic_distribution or {}).items()))
        text = False if asked.product_id else asked.name
        rule = asked.orderpoint_id.id
        return self.product_id, self.order_uom_id, analytic, text, rule

    def _prepare_order_line_values(self, shares):
        """Return values of the order line for lines that are merged."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        unit = self.order_uom_id
        total = sum(shares[line] for line in self) / in_base(1, unit)
        asked = self.request_line_id
        days = [day for day in asked.mapped("date_required") if day]
        values = {
            "product_id": self.product_id.id,
            "product_uom_id": unit.id,
            # Never less than was asked for.
            "product_qty": rounded(total, digits, up=True),
            # Also none: models would name another account than the budget is held on.
            "analytic_distribution": asked[:1].analytic_distribution or False,
        }
        if days:
            values["date_planned"] = fields.Datetime.to_datetime(min(days))
        if not asked[:1].product_id:
            values["name"] = asked[:1].name
        if asked.orderpoint_id:
            values["orderpoint_id"] = asked.orderpoint_id.id
        return values
