# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import clean_context

MANAGER = "stock.group_stock_manager"


class JxcStockAllocation(models.Model):
    """Transfers between warehouses of a company (调拨), proposed or entered.

    Each pair of warehouses gets a delivery into the company's transit location and a
    receipt from there, so that the receiving side sees what is on its way. Warehouses
    that pick and pack first, or put away later, do so here, too.
    """

    _name = "jxc.stock.allocation"
    _description = "Stock Allocation"
    _inherit = ["jxc.server.fields.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _jxc_server_fields = frozenset({"state", "picking_ids"})

    name = fields.Char(
        string="Number",
        default="/",
        copy=False,
        index="trigram",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        check_company=True,
        tracking=True,
    )
    date = fields.Date(
        string="Planned Date",
        required=True,
        default=fields.Date.context_today,
    )
    source_ids = fields.Many2many(
        comodel_name="stock.warehouse",
        relation="jxc_stock_allocation_source_rel",
        string="From Warehouses",
        check_company=True,
        help="Which may give. Empty: all of the company.",
    )
    target_ids = fields.Many2many(
        comodel_name="stock.warehouse",
        relation="jxc_stock_allocation_target_rel",
        string="To Warehouses",
        check_company=True,
        help="Whose shortages are looked at. Empty: all of the company.",
    )
    category_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="With their subcategories. Empty: all.",
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Products",
        check_company=True,
        help="Empty: all with reordering rules or a safety stock.",
    )
    fill_to = fields.Selection(
        selection=[
            ("min", "Safety Stock"),
            ("max", "Maximum"),
        ],
        string="Fill up to",
        required=True,
        default="min",
        help="How much is brought to a warehouse that is below its safety stock.",
    )
    note = fields.Text(
        string="Notes",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.stock.allocation.line",
        inverse_name="allocation_id",
        string="Lines",
        copy=True,
    )
    picking_ids = fields.Many2many(
        comodel_name="stock.picking",
        compute="_compute_picking_ids",
        string="Transfers",
    )
    picking_count = fields.Integer(
        compute="_compute_picking_ids",
        string="Number of Transfers",
    )
    in_transit = fields.Boolean(
        compute="_compute_in_transit",
    )

    @api.depends("line_ids.move_ids.picking_id")
    def _compute_picking_ids(self):
        for allocation in self:
            allocation.picking_ids = allocation.line_ids.move_ids.picking_id
            allocation.picking_count = len(allocation.picking_ids)

    @api.depends("line_ids.in_transit_quantity")
    def _compute_in_transit(self):
        for allocation in self:
            allocation.in_transit = any(
                line.in_transit_quantity > 0 for line in allocation.line_ids
            )

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                sequence = self.env["ir.sequence"].with_company(company)
                vals["name"] = sequence.next_by_code("jxc.stock.allocation") or "/"
        return super().create(vals_list)

    def write(self, vals):
        settled = {"name", "company_id"}.intersection(vals)
        if settled and not self.env.su:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        for allocation in self:
            if allocation.line_ids.move_ids:
                raise UserError(
                    self.env._(
                        "%(allocation)s has transfers and stays as a record.",
                        allocation=allocation.name,
                    )
                )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_suggest(self):
        """Propose transfers; what was proposed before is replaced, not what was typed.

        :raise UserError: not a draft
        """
        self.check_access("write")
        self._check_draft()
        for allocation in self:
            kept = allocation.line_ids.filtered(lambda line: not line.is_suggested)
            taken = {(line.product_id, line.source_id) for line in kept}
            taken |= {(line.product_id, line.target_id) for line in kept}
            values = [
                vals
                for vals in allocation._suggest_lines()
                if (vals["product_id"], vals["source_id"]) not in taken
                and (vals["product_id"], vals["target_id"]) not in taken
            ]
            old = allocation.line_ids - kept
            allocation.line_ids = [
                *(Command.delete(line.id) for line in old),
                *(
                    Command.create({**vals, **self._as_ids(vals), "is_suggested": True})
                    for vals in values
                ),
            ]
        return True

    def _as_ids(self, vals):
        return {
            name: value.id
            for name, value in vals.items()
            if isinstance(value, models.BaseModel)
        }

    def action_confirm(self):
        """Make the transfers and reserve what is sent.

        :raise UserError: nothing to transfer, or a source would get below its safety
            stock and the user is no inventory administrator
        """
        self.check_access("write")
        self._check_draft()
        self.env["jxc.stock.allocation.turn"]._take(
            (line.source_id.id, line.product_id.id) for line in self.line_ids
        )
        for allocation in self:
            allocation._check_lines()
        # First, so that of two confirmations at once the later one fails on it.
        self.sudo().write({"state": "confirmed"})
        self.flush_recordset(["state"])
        for allocation in self.sudo().with_context(clean_context(self.env.context)):
            allocation._create_pickings()
        return True

    def action_cancel(self):
        """Cancel transfers of which nothing has been sent.

        :raise UserError: goods are on their way or have arrived
        """
        self.check_access("write")
        for allocation in self.sudo():
            done = allocation.line_ids.move_ids.filtered(lambda m: m.state == "done")
            if done:
                raise UserError(
                    self.env._(
                        "%(allocation)s: %(pickings)s is done already. Return the goods"
                        " or cancel the other transfers.",
                        allocation=allocation.name,
                        pickings=", ".join(done.picking_id.mapped("name")),
                    )
                )
            allocation.line_ids.move_ids._action_cancel()
            allocation.write({"state": "cancelled"})
        return True

    def action_open_pickings(self):
        """Show the transfers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfers"),
            "res_model": "stock.picking",
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", self.picking_ids.ids)],
            "context": {"create": False},
        }

    def action_print(self):
        """Print the allocation (调拨单)."""
        return self.env.ref("jxc_stock.jxc_stock_allocation_report").report_action(self)

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _check_draft(self):
        for allocation in self:
            if allocation.state != "draft":
                raise UserError(
                    self.env._(
                        "%(allocation)s is no draft any more.",
                        allocation=allocation.name,
                    )
                )

    def _check_lines(self):
        """Judge what is going to be transferred.

        :raise UserError: naming the line
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "%(allocation)s: there is nothing to transfer. Propose transfers or"
                    " add lines.",
                    allocation=self.name,
                )
            )
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        given = defaultdict(float)
        for line in self.line_ids:
            given[line.source_id, line.product_id] += line.quantity
        spare = self._spare_quantities(
            self.line_ids.source_id, self.line_ids.product_id
        )
        for (warehouse, product), quantity in given.items():
            left = spare[warehouse, product]
            if product.uom_id.compare(quantity, left) > 0:
                raise UserError(
                    self.env._(
                        "%(allocation)s: %(warehouse)s can give %(left)s of %(product)s"
                        " without getting below its safety stock, not %(quantity)s. An"
                        " inventory administrator may confirm it anyway.",
                        allocation=self.name,
                        warehouse=warehouse.name,
                        product=product.display_name,
                        left=product.jxc_format_qty(max(left, 0)),
                        quantity=product.jxc_format_qty(quantity),
                    )
                )
