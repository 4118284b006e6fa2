# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.inspection_mark import finishing, is_finishing

#: Set by inspections only.
LINKS = {"jxc_inspection_id", "jxc_release_line_id"}
#: Who makes the rules also calls off an inspection that somebody asked for.
RULERS = "stock.group_stock_manager,purchase.group_purchase_manager"


class StockMove(models.Model):
    _inherit = "stock.move"

    jxc_inspect = fields.Boolean(
        string="Inspection Asked for",
        help="These goods are inspected when they come, whatever the rules say.",
    )
    jxc_inspection_line_ids = fields.One2many(
        comodel_name="jxc.receipt.inspection.line",
        inverse_name="move_id",
        string="Inspection Lines",
        readonly=True,
        copy=False,
    )
    jxc_inspection_id = fields.Many2one(
        comodel_name="jxc.receipt.inspection",
        string="Moved by Inspection",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The inspection that decided on this movement.",
    )
    jxc_release_line_id = fields.Many2one(
        comodel_name="jxc.receipt.inspection.line",
        string="Inspection Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The line of the inspection whose goods leave the inspection place.",
    )

    # ------------------------------------------------------------
    # Which goods are inspected
    # ------------------------------------------------------------

    def _jxc_rejects_returned(self):
        """What this move takes back to the vendor of rejected goods.

        Also where a plain return of the receipt takes them from the defective goods.

        :return: quantity in the product's own unit
        """
        self.ensure_one()
        if self.jxc_inspection_id:
            return self.product_uom._jxc_convert(self.quantity, self.product_id.uom_id)
        return sum(self._jxc_defective_goods().mapped("quantity_product_uom"))

    def _jxc_aux_rejects_returned(self):
        """The same in the auxiliary unit."""
        self.ensure_one()
        if self.jxc_inspection_id:
            return self.jxc_aux_done
        return sum(self._jxc_defective_goods().mapped("jxc_aux_qty"))

    def _jxc_defective_goods(self):
        """The operations of a return that take goods from the defective ones."""
        if not self._is_purchase_return():
            return self.move_line_ids.browse()
        return self.move_line_ids.filtered(
            lambda line: line.location_id.jxc_status == "defective"
        )

    def _jxc_vendor(self):
        """The vendors of receipts."""
        vendors = self.env["res.partner"]
        for move in self:
            order = move.purchase_line_id.sudo().order_id
            vendors |= order.partner_id or move.picking_id.partner_id or move.partner_id
        return vendors

    def _jxc_asked_to_inspect(self):
        """Return those that somebody asked to inspect.

        Also where the same goods come in a line that was added to the receipt, for the
        same order line or for none; and whatever comes of the order line.
        """
        asked = self.filtered(
            lambda move: move.jxc_inspect or move.sudo().purchase_line_id.jxc_inspect
        )
        keys = {
            (move.picking_id, move.product_id, line)
            for move in self.picking_id.move_ids.filtered("jxc_inspect")
            for line in (move.purchase_line_id, move.purchase_line_id.browse())
        }
        return asked | self.filtered(
            lambda move: (
                (move.picking_id, move.product_id, move.purchase_line_id) in keys
            )
        )

    def _jxc_due_for_inspection(self, count=False):
        """Receipt moves to inspect, with their rules.

        :param count: the receipts happen now
        :return: {stock.move: jxc.receipt.inspection.rule}
        """
        receipts = self.filtered(
            lambda move: move._jxc_is_receipt() and move._jxc_warehouse()
        )
        if not receipts:
            return {}
        rules = self.env["jxc.receipt.inspection.rule"]
        return rules._jxc_due(receipts, count=count)

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        return own_defaults(self, defaults, LINKS)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_inspection_link(vals)
        moves = super().create(vals_list)
        done = moves.filtered(lambda move: move.state == "done")
        if done:
            done._jxc_check_nothing_due()
        return moves

    def write(self, vals):
        """Receipts are done by validating them, and inspected when that was asked for.

        :raise AccessError: somebody calls off an inspection without the right to
        :raise UserError: the state of a receipt is written
        """
        self._jxc_check_inspection_link(vals)
        self._jxc_check_still_asked(vals)
        self._jxc_check_order_named(vals)
        if vals.get("state") == "done" and not is_finishing(self.env):
            for move in self:
                if move.state != "done" and move._jxc_is_receipt():
                    raise UserError(
                        self.env._(
                            "%(receipt)s: goods are received by validating the"
                            " receipt; its status cannot be written.",
                            receipt=move.picking_id.name or move.display_name,
                        )
                    )
        result = super().write(vals)
        if "jxc_inspect" in vals:
            # The order may be taken back and confirmed again: that makes new moves.
            self.sudo().purchase_line_id.jxc_inspect = vals["jxc_inspect"]
        return result

    def _jxc_check_inspection_link(self, vals):
        allowed = self.env.su or is_finishing(self.env)
        if not allowed and any(vals.get(name) for name in LINKS):
            raise AccessError(
                self.env._("Only inspections themselves move goods by inspection.")
            )

    def _jxc_check_still_asked(self, vals):
        """Who receives goods does not take back that they are to be inspected."""
        if "jxc_inspect" not in vals or vals["jxc_inspect"] or self.env.su:
            return
        asked = self._jxc_asked_to_inspect()
        if asked and not self.env.user.has_groups(RULERS):
            raise AccessError(
                self.env._(
                    "%(products)s: somebody asked for an inspection. Only stock and"
                    " purchase managers call it off.",
                    products=", ".join(asked.product_id.mapped("display_name")),
                )
            )

    def _jxc_check_nothing_due(self):
        """Refuse goods that come as done, past the receipt that has them inspected.

        :raise UserError: naming the products
        """
        due = self._jxc_due_for_inspection()
        if due:
            raise UserError(
                self.env._(
                    "%(products)s must be inspected when they are received. Enter them"
                    " in a receipt that is not done yet.",
                    products=", ".join(move.product_id.display_name for move in due),
                )
            )

    # ------------------------------------------------------------
    # The platform's steps
    # ------------------------------------------------------------

    def _action_done(self, cancel_backorder=False):
        with finishing(self) as moves:
            done = super(StockMove, moves)._action_done(cancel_backorder)
        done = done.with_env(self.env)
        # Goods that need no inspection are accepted by coming.
        done.sudo().purchase_line_id._jxc_recheck_holds()
        return done

    def _skip_push(self):
        """Goods to inspect go on when they are accepted."""
        return super()._skip_push() or bool(self.sudo().jxc_inspection_line_ids)

    def _prepare_move_split_vals(self, qty):
        """What is left of a return, or to come, is of the same inspection."""
        vals = super()._prepare_move_split_vals(qty)
        if self.jxc_inspect:
            vals["jxc_inspect"] = True
        if self.jxc_inspection_id and (self.env.su or is_finishing(self.env)):
            vals["jxc_inspection_id"] = self.jxc_inspection_id.id
        return vals

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        names = super()._prepare_merge_moves_distinct_fields()
        return [*names, "jxc_inspection_id"]

    def _merge_moves_fields(self):
        values = super()._merge_moves_fields()
        if any(self.mapped("jxc_inspect")):
            values["jxc_inspect"] = True
        return values
