# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from odoo.addons.jxc_stock.tools.compound import with_unit

from ..tools.coverage import in_base, rounded

SERVER_FIELDS = {
    "budget_date",
    "company_id",
    "decision",
    "is_closed",
    "is_price_manual",
    "is_unreserved",
    "jxc_budget_match",
    "link_ids",
    "orderpoint_id",
    "price_source",
    "price_subtotal",
    "progress",
    "qty_closed",
    "qty_in_rfq",
    "qty_open",
    "qty_ordered",
    "qty_received",
    "sale_order_id",
    "user_id",
}
#: Those among them that the actions write.
ACTION_FIELDS = {
    "budget_date",
    "is_closed",
    "is_price_manual",
    "is_unreserved",
    "orderpoint_id",
    "sale_order_id",
}
#: What buyers may still decide on after the submission.
BUYER_FIELDS = {"vendor_id"}


class JxcPurchaseRequestLine(models.Model):
    """So much of a product, or of something described, until a day."""

    _name = "jxc.purchase.request.line"
    _description = "Purchase Request Line"
    _inherit = [
        "jxc.unit.line.mixin",
        "jxc.server.fields.mixin",
        "jxc.approval.line.mixin",
        "analytic.mixin",
        "jxc.number.mixin",
    ]
    _order = "request_id desc, sequence, id"
    _check_company_auto = True

    _jxc_approval_document = "request_id"
    _jxc_server_fields = frozenset(SERVER_FIELDS)

    request_id = fields.Many2one(
        comodel_name="jxc.purchase.request",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(
        default=10,
    )
    decision = fields.Selection(
        related="request_id.decision",
        store=True,
    )
    state = fields.Selection(
        related="request_id.state",
        string="Status",
    )
    user_id = fields.Many2one(
        related="request_id.user_id",
        store=True,
    )
    company_id = fields.Many2one(
        related="request_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        index="btree_not_null",
        check_company=True,
        domain="[('purchase_ok', '=', True)]",
        ondelete="restrict",
        help="Empty for what is no product yet: describe it; the buyer chooses one.",
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    product_qty = fields.Float(
        string="Quantity",
        digits="Product Unit",
        required=True,
        default=1.0,
    )
    quantity_text = fields.Char(
        compute="_compute_quantity_text",
        inverse="_inverse_quantity_text",
        string="In Units",
        help="In the units of the product: 3箱5瓶.",
    )
    date_required = fields.Date(
        string="Needed by",
        compute="_compute_date_required",
        store=True,
        readonly=False,
        precompute=True,
    )
    orderpoint_id = fields.Many2one(
        comodel_name="stock.warehouse.orderpoint",
        string="Reordering Rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    sale_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Missing for Sale",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The quotation or sales order that lacked these goods.",
    )

    _quantity_not_negative = models.Constraint(
        "CHECK (product_qty >= 0)",
        "The quantity of a purchase request cannot be below zero.",
    )
    _price_not_negative = models.Constraint(
        "CHECK (price_unit >= 0)",
        "The estimated price of a purchase request cannot be below zero.",
    )

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            line.name = line.product_id.display_name or line.name

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        default = self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
        for line in self:
            unit, base = line.product_uom_id, line.product_id.uom_id
            if base and not (unit and unit._has_common_reference(base)):
                line.product_uom_id = base
            else:
                line.product_uom_id = unit or base or default

    @api.depends("product_id", "product_id.uom_ids")
    def _compute_allowed_uom_ids(self):
        every = None
        for line in self:
            product = line.product_id
            if product:
                sellers = product.sudo().seller_ids.product_uom_id
                line.allowed_uom_ids = product.uom_id | product.uom_ids | sellers
            else:
                every = every or self.env["uom.uom"].search([])
                line.allowed_uom_ids = every

    @api.depends("product_qty", "product_uom_id", "product_id")
    @api.depends_context("lang")
    def _compute_quantity_text(self):
        for line in self:
            line.quantity_text = line._has_units() and line._quantity_text(
                in_base(line.product_qty, line.product_uom_id)
            )

    def _has_units(self):
        """Whether quantities can be told in the units of a product."""
        base, unit = self.product_id.uom_id, self.product_uom_id
        return bool(base and unit) and unit._has_common_reference(base)

    def _quantity_text(self, quantity):
        """Tell a quantity in the units of the product, else in the one of the line.

        :param Fraction quantity: in reference units
        """
        self.ensure_one()
        if self._has_units():
            base = in_base(1, self.product_id.uom_id)
            return self.product_id.jxc_format_qty(float(quantity / base))
        unit = self.product_uom_id
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        number = rounded(quantity / (in_base(1, unit) or 1), digits)
        return with_unit(number, unit.name or "")

    def _inverse_quantity_text(self):
        for line in self:
            if line.quantity_text and line.product_id:
                quantity = line.product_id.jxc_parse_qty(line.quantity_text)
                line.product_qty = quantity
                line.product_uom_id = line.product_id.uom_id

    @api.onchange("quantity_text")
    def _onchange_quantity_text(self):
        self._inverse_quantity_text()

    @api.depends("request_id.date_required")
    def _compute_date_required(self):
        for line in self:
            line.date_required = line.date_required or line.request_id.date_required

    @api.depends("request_id.name", "name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.request_id.name}: {line.name}"

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.request_id._check_draft()
        return lines

    def write(self, vals):
        if not self.env.su and not self._only_buyers_fields(vals):
            self.request_id._check_draft()
        if "request_id" not in vals:
            return super().write(vals)
        before = self.request_id
        result = super().write(vals)
        if not self.env.su:
            self.request_id._check_draft()
        self.request_id._keep_requesters_of(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for line in self:
            if line.request_id.decision not in ("draft", "cancelled"):
                line.request_id._check_draft()

    def _only_buyers_fields(self, vals):
        """Whether a buyer decides here what is his to decide."""
        return set(vals) <= BUYER_FIELDS and self.env.user.has_group(
            "purchase.group_purchase_user"
        )

    def _jxc_guarded_fields(self):
        """See jxc.server.fields.mixin: what follows from orders, nobody writes."""
        return super()._jxc_guarded_fields() | (SERVER_FIELDS - ACTION_FIELDS)
