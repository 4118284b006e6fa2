# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

SERVER_FIELDS = frozenset(
    {
        "shipped_quantity",
        "received_quantity",
        "in_transit_quantity",
        "move_ids",
        "company_id",
        "state",
        "date",
    }
)


class JxcStockAllocationLine(models.Model):
    """So much of a product from one warehouse to another."""

    _name = "jxc.stock.allocation.line"
    _inherit = ["jxc.server.fields.mixin", "jxc.unit.sum.mixin", "jxc.number.mixin"]
    _description = "Stock Allocation Line"
    _order = "allocation_id desc, source_id, target_id, product_id, id"
    _check_company_auto = True
    _jxc_server_fields = SERVER_FIELDS

    allocation_id = fields.Many2one(
        comodel_name="jxc.stock.allocation",
        required=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(
        related="allocation_id.state",
        store=True,
    )
    company_id = fields.Many2one(
        related="allocation_id.company_id",
        store=True,
        index=True,
    )
    date = fields.Date(
        related="allocation_id.date",
        store=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        index=True,
        check_company=True,
        domain="[('is_storable', '=', True)]",
        ondelete="restrict",
    )
    product_uom_id = fields.Many2one(
        related="product_id.uom_id",
    )
    source_id = fields.Many2one(
        comodel_name="stock.warehouse",
        string="From",
        required=True,
        check_company=True,
        ondelete="restrict",
    )
    target_id = fields.Many2one(
        comodel_name="stock.warehouse",
        string="To",
        required=True,
        check_company=True,
        ondelete="restrict",
    )
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        help="In the base unit.",
    )
    quantity_text = fields.Char(
        compute="_compute_quantity_text",
        inverse="_inverse_quantity_text",
        string="In Units",
        help="In any unit of the product: 3箱5瓶.",
    )
    is_suggested = fields.Boolean(
        string="Proposed",
        readonly=True,
        copy=False,
    )
    shortage = fields.Float(
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What the receiving warehouse lacked when this was proposed.",
    )
    spare = fields.Float(
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What the giving warehouse had beyond its safety stock when this was"
        " proposed.",
    )
    move_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="jxc_allocation_line_id",
        string="Stock Moves",
        readonly=True,
    )
    shipped_quantity = fields.Float(
        compute="_compute_moved",
        store=True,
        string="Shipped",
        digits="Product Unit",
    )
    received_quantity = fields.Float(
        compute="_compute_moved",
        store=True,
        string="Received",
        digits="Product Unit",
    )
    in_transit_quantity = fields.Float(
        compute="_compute_moved",
        store=True,
        string="In Transit",
        digits="Product Unit",
        help="Shipped and not received yet (在途).",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)",
        "A transfer needs a quantity.",
    )
    _two_places = models.Constraint(
        "CHECK (source_id != target_id)",
        "A transfer is between two warehouses.",
    )

    @api.depends("quantity", "product_id")
    @api.depends_context("lang")
    def _compute_quantity_text(self):
        compounds = {
            template: template._jxc_compound()
            for template in self.product_id.product_tmpl_id
        }
        for line in self:
            compound = compounds.get(line.product_id.product_tmpl_id)
            line.quantity_text = compound.format(line.quantity) if compound else False

    def _inverse_quantity_text(self):
        for line in self:
            if line.quantity_text and line.product_id:
                line.quantity = line.product_id.jxc_parse_qty(line.quantity_text)

    @api.onchange("quantity_text")
    def _onchange_quantity_text(self):
        if self.quantity_text and self.product_id:
            self.quantity = self.product_id.jxc_parse_qty(self.quantity_text)

    @api.depends("move_ids.state", "move_ids.move_line_ids.quantity_product_uom")
    def _compute_moved(self):
        for line in self:
            shipped = received = 0.0
            for move in line.move_ids.filtered(lambda one: one.state == "done"):
                quantity = sum(move.move_line_ids.mapped("quantity_product_uom"))
                inside = move.location_id.usage == "transit"
                if move.location_dest_id.usage == "transit" and not inside:
                    # A return of the receiving side comes back into the transit.
                    if move.location_id.warehouse_id == line.target_id:
                        received -= quantity
                    else:
                        shipped += quantity
                elif inside and move.location_dest_id.warehouse_id == line.source_id:
                    shipped -= quantity
                elif inside:
                    received += quantity
            line.shipped_quantity = shipped
            line.received_quantity = received
            line.in_transit_quantity = shipped - received

    def _jxc_unit_field(self, fname):
        return "product_uom_id"

    @api.depends("product_id", "source_id", "target_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(product)s: %(giver)s → %(receiver)s",
                product=line.product_id.display_name or "",
                giver=line.source_id.name or "",
                receiver=line.target_id.name or "",
            )

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.allocation_id._check_draft()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.allocation_id._check_draft()
        result = super().write(vals)
        if not self.env.su:
            self.allocation_id._check_draft()
        return result

    def unlink(self):
        self.allocation_id._check_draft()
        return super().unlink()

    @api.constrains("product_id")
    def _check_storable(self):
        for line in self:
            if not line.product_id.is_storable:
                raise UserError(
                    self.env._(
                        "%(product)s is not kept in stock.",
                        product=line.product_id.display_name,
                    )
                )

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _prepare_move_values(self, picking):
        """Return values of the move of this line in a transfer.

        :param picking: values of the transfer
        """
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "product_uom": self.product_uom_id.id,
            "product_uom_qty": self.quantity,
            "location_id": picking["location_id"],
            "location_dest_id": picking["location_dest_id"],
            "picking_type_id": picking["picking_type_id"],
            "company_id": picking["company_id"],
            "origin": picking["origin"],
            "jxc_allocation_line_id": self.id,
        }
