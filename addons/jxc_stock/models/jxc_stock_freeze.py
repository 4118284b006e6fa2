# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

FREEZE_LOG = object()


class JxcStockFreeze(models.Model):
    """Append-only: every freezing, unfreezing and release of held goods."""

    _name = "jxc.stock.freeze"
    _description = "Stock Freeze Record"
    _order = "id desc"
    _rec_name = "product_id"
    _check_company_auto = True

    kind = fields.Selection(
        selection=[
            ("freeze", "Frozen"),
            ("unfreeze", "Unfrozen"),
            ("release", "Made Available"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    location_id = fields.Many2one(
        comodel_name="stock.location",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    location_dest_id = fields.Many2one(
        comodel_name="stock.location",
        string="Available in",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Where held goods became available.",
    )
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Transfer Document",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial Number",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    package_id = fields.Many2one(
        comodel_name="stock.package", readonly=True, ondelete="set null"
    )
    owner_id = fields.Many2one(
        comodel_name="res.partner", readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True, index=True)
    quantity = fields.Float(required=True, readonly=True, digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id")
    reason = fields.Char(required=True, readonly=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A frozen quantity is more than zero."
    )

    @api.model
    def _jxc_log(self, vals_list):
        """Write records of freezing; nobody else can."""
        marked = self.sudo().with_context(jxc_freeze_log=FREEZE_LOG)
        return marked.create(vals_list).with_env(self.env)

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("jxc_freeze_log") is not FREEZE_LOG:
            raise UserError(
                self.env._("Records of freezing are made by freezing stock only.")
            )
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Records of freezing are kept as they are."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("Records of freezing are never deleted."))
