# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    jxc_inspection_ids = fields.One2many(
        comodel_name="jxc.receipt.inspection",
        inverse_name="picking_id",
        string="Receipt Inspections",
        readonly=True,
        copy=False,
    )
    jxc_inspection_count = fields.Integer(
        string="Inspections",
        compute="_compute_jxc_inspection_count",
        compute_sudo=True,
    )
    jxc_to_inspect = fields.Char(
        string="Goods to Inspect",
        compute="_compute_jxc_to_inspect",
        compute_sudo=True,
        help="Which goods of this receipt will be inspected.",
    )

    @api.depends("jxc_inspection_ids")
    def _compute_jxc_inspection_count(self):
        for picking in self:
            picking.jxc_inspection_count = len(picking.jxc_inspection_ids)

    @api.depends("state", "move_ids.product_id", "move_ids.jxc_inspect", "partner_id")
    def _compute_jxc_to_inspect(self):
        coming = self.filtered(
            lambda picking: (
                picking.picking_type_code == "incoming"
                and picking.state not in ("done", "cancel")
            )
        )
        moves = coming.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        due = moves._jxc_due_for_inspection()
        for picking in self:
            products = [move.product_id for move in picking.move_ids if move in due]
            names = [product.display_name for product in dict.fromkeys(products)]
            picking.jxc_to_inspect = ", ".join(names)

    def action_jxc_ask_inspection(self):
        """Have the goods of these receipts inspected, whatever the rules say.

        :raise AccessError: the user is neither a stock nor a purchase user
        :raise UserError: no receipt is open
        """
        self.check_access("read")
        if not self.env.user.has_groups(
            "stock.group_stock_user,purchase.group_purchase_user"
        ):
            raise AccessError(
                self.env._("Stock and purchase users ask for inspections.")
            )
        moves = self.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move._jxc_is_receipt()
        )
        if not moves:
            raise UserError(
                self.env._(
                    "%(pickings)s: no goods of a vendor are still to come.",
                    pickings=", ".join(self.mapped("name")),
                )
            )
        moves.sudo().jxc_inspect = True
        return True

    def action_jxc_open_inspections(self):
        """Show the inspections of this receipt."""
        return self.jxc_inspection_ids._open_action()
