# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.jxc_base.tools.guard import by_server

from ..tools.inspection_mark import inspecting


class JxcReceiptInspectionLine(models.Model):
    """The movements that follow from decisions."""

    _inherit = "jxc.receipt.inspection.line"

    release_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="jxc_release_line_id",
        string="Released by",
        readonly=True,
    )

    def action_accept_rest(self):
        """Accept what is not decided on yet.

        :raise UserError: the inspection is not open
        """
        for line in self:
            if line.product_uom_id.compare(line.qty_open, 0) > 0:
                line.qty_accepted += line.qty_open
        return True

    # ------------------------------------------------------------
    # Release
    # ------------------------------------------------------------

    def _jxc_release(self):
        """Move goods out of the inspection place as was decided, in one batch."""
        vals_list = []
        for line in self:
            for (kind, dest), parts in line._jxc_parts().items():
                vals_list.append(line._prepare_release_values(kind, dest, parts))
        moves = by_server(self.env["stock.move"]).create(vals_list)
        with inspecting(moves) as marked:
            marked._action_done()
        return moves

    def _jxc_parts(self):
        """Share the received operations between what is taken and what is rejected.

        :return: {(kind, destination): [(operation, quantity, auxiliary quantity)]}, the
            quantity in the product's unit, kind "take" or "reject"
        """
        rejects = self.inspection_id.warehouse_id._jxc_defective_place()
        left = self.qty_accepted_base + self.qty_concession_base
        shares = []
        for goods in self.receipt_line_ids.sorted("id"):
            quantity = goods.quantity_product_uom
            if self.tracking == "serial":
                taken = 0.0 if goods.lot_id in self.rejected_lot_ids else quantity
            else:
                taken = min(quantity, self.base_uom_id.round(left))
            left -= taken
            shares.append((goods, taken, self.base_uom_id.round(quantity - taken)))
        parts = defaultdict(list)
        for (goods, taken, rejected), aux in zip(
            shares, self._jxc_aux_of_shares(shares), strict=True
        ):
            dest = goods.jxc_release_location_id
            if self.base_uom_id.compare(taken, 0) > 0:
                part = (goods, taken, goods.jxc_aux_qty - aux)
                parts["take", dest].append(part)
            if self.base_uom_id.compare(rejected, 0) > 0:
                parts["reject", rejects].append((goods, rejected, aux))
        return parts

    def _jxc_aux_of_shares(self, shares):
        """What is rejected of each operation in the auxiliary unit.

        Whole operations have what they have; the rest is of the one that is divided.
        """
        whole = sum(goods.jxc_aux_qty for goods, taken, rejected in shares if not taken)
        rest = self.aux_rejected - whole
        return [
            (min(max(rest, 0.0), goods.jxc_aux_qty) if taken else goods.jxc_aux_qty)
            if rejected
            else 0.0
            for goods, taken, rejected in shares
        ]

    def _prepare_release_values(self, kind, dest, parts):
        """Values of a move out of the inspection place.

        Called for each destination of a line.

        :param kind: "take" or "reject"
        :param parts: list of (operation, quantity, auxiliary quantity)
        :return: dict
        """
        receipt = self.move_id
        values = self._prepare_move_values(
            receipt.location_dest_id, dest, sum(quantity for _, quantity, _ in parts)
        )
        if kind == "take":
            waiting = self.move_dest_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            values["move_dest_ids"] = [Command.set(waiting.ids)]
            values["location_final_id"] = receipt.location_final_id.id
        return {
            **values,
            "jxc_release_line_id": self.id,
            "move_orig_ids": [Command.link(receipt.id)],
            "move_line_ids": [
                Command.create(
                    {
                        **self._prepare_goods_values(goods, quantity, aux),
                        "location_id": receipt.location_dest_id.id,
                        "location_dest_id": dest.id,
                        "package_id": goods.result_package_id.id,
                        "result_package_id": goods.result_package_id.id
                        if kind == "take"
                        else False,
                    }
                )
                for goods, quantity, aux in parts
            ],
        }

    def _prepare_move_values(self, source, dest, quantity):
        """Values of a move by this inspection, in the product's unit; a dict."""
        inspection = self.inspection_id
        return {
            "product_id": self.product_id.id,
            "product_uom": self.base_uom_id.id,
            "product_uom_qty": self.base_uom_id.round(quantity),
            "company_id": self.company_id.id,
            "location_id": source.id,
            "location_dest_id": dest.id,
            "state": "confirmed",
            "picked": True,
            "procure_method": "make_to_stock",
            "origin": inspection.name,
            "jxc_inspection_id": inspection.id,
            "partner_id": inspection.partner_id.id,
            "warehouse_id": inspection.warehouse_id.id,
            "reference_ids": [Command.set(self.move_id.reference_ids.ids)],
        }

    def _prepare_goods_values(self, goods, quantity, aux):
        """Values of an operation with these goods; a dict."""
        return {
            "product_id": self.product_id.id,
            "product_uom_id": self.base_uom_id.id,
            "quantity": quantity,
            "jxc_aux_qty": aux,
            "picked": True,
            "lot_id": goods.lot_id.id,
            "owner_id": goods.owner_id.id,
            "company_id": self.company_id.id,
        }

    # ------------------------------------------------------------
    # Return to the vendor
    # ------------------------------------------------------------

    def _jxc_return(self, kept=False):
        """Prepare transfers of rejected goods back to their vendors.

        :param kept: also return goods that were to stay among the defective ones
        :return: stock.picking
        """
        back = self.filtered(
            lambda line: (
                line.qty_rejected_base > 0 and (kept or line.reject_to != "defective")
            )
        )
        todo = []
        for line in back:
            rejects = line._jxc_rejects()
            sent = rejects.move_dest_ids.filtered(
                lambda move: move.state != "cancel" and move.origin_returned_move_id
            )
            if rejects and not sent:
                todo.append((line, rejects))
        pickings = self.env["stock.picking"]
        groups = defaultdict(list)
        for line, rejects in todo:
            groups[line.inspection_id].append((line, rejects))
        for inspection, parts in groups.items():
            pickings |= inspection._jxc_create_return(parts)
        if pickings:
            pickings.action_confirm()
            pickings.action_assign()
        replaced = back.filtered(lambda line: line.reject_to == "exchange")
        order_lines = replaced.move_id.purchase_line_id.filtered(
            lambda line: line.state == "purchase"
        )
        if order_lines and not kept:
            order_lines._jxc_expect_again()
        return pickings

    def _jxc_rejects(self):
        """The moves that brought what these lines reject to the defective goods."""
        place = self.inspection_id.warehouse_id.jxc_defective_location_id
        return self.release_ids.filtered(
            lambda move: move.location_dest_id in place and move.state == "done"
        )

    # ------------------------------------------------------------
    # Taking back
    # ------------------------------------------------------------

    def _jxc_take_back(self):
        """Bring the goods back to the inspection place.

        :raise UserError: naming goods that are not where the inspection put them
        """
        moves = self.inspection_id.move_ids
        returns = moves.filtered("origin_returned_move_id")
        if "done" in returns.mapped("state"):
            raise UserError(
                self.env._(
                    "%(inspections)s cannot be taken back: rejected goods have been"
                    " returned to the vendor with %(returns)s.",
                    inspections=", ".join(self.inspection_id.mapped("name")),
                    returns=", ".join(returns.picking_id.mapped("name")),
                )
            )
        returns._action_cancel()
        moves = (moves - returns).filtered(lambda move: move.state == "done")
        onward = moves.move_dest_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        (onward & self.move_dest_ids)._do_unreserve()
        # What a push rule made goes; it makes it anew for what is accepted next time.
        (onward - self.move_dest_ids)._action_cancel()
        moves._jxc_check_still_there()
        for move in moves:
            waiting = move.move_dest_ids & self.move_dest_ids
            move.move_dest_ids = [Command.unlink(one.id) for one in waiting]
        back = by_server(self.env["stock.move"]).create(
            [move._prepare_take_back_values() for move in moves]
        )
        with inspecting(back) as marked:
            marked._action_done()
