# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import marks
from ..tools.language import in_company_lang


class JxcSaleReturn(models.Model):
    """The goods of a return, moved by the platform's return transfers."""

    _inherit = "jxc.sale.return"

    def _expect_goods(self):
        """Make a return transfer for each delivery that something comes back of."""
        allocations = self.line_ids.allocation_ids
        for picking, shares in allocations.grouped("picking_id").items():
            wanted = defaultdict(float)
            for share in shares:
                wanted[share.move_id] += share.quantity
            back = self._return_of(picking, wanted)
            for move in back.move_ids:
                self._expect_by_lot(
                    move,
                    shares.filtered(
                        lambda share, move=move: (
                            share.move_id == move.origin_returned_move_id
                        )
                    ),
                )
            for share in shares:
                self._expect_lot(share)

    def _expect_by_lot(self, move, shares):
        """Let goods that are valued by lot come back lot by lot.

        The platform shares the value of a receipt among its lots by their quantities.
        """
        shares.return_move_id = move
        lots = shares.grouped("lot_id")
        if not move.product_id.lot_valuated or len(lots) < 2:
            return
        quantities = {lot: sum(parts.mapped("quantity")) for lot, parts in lots.items()}
        for lot in list(lots)[1:]:
            vals_list = move._split(quantities[lot])
            lots[lot].return_move_id = self.env["stock.move"].create(vals_list)
            lots[lot].return_move_id._action_confirm(merge=False)
        for lot, parts in lots.items():
            one = parts.return_move_id
            one.move_line_ids.unlink()
            vals = self._prepare_receipt_line(one, "restock", lot, quantities[lot])
            one.move_line_ids = [Command.create({**vals, "picked": False})]

    def _return_of(self, picking, wanted):
        """Make the platform's return of one transfer.

        :param wanted: ``{move: quantity in the product's own unit}``
        :return: the return transfer
        """
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            base = line.product_id.uom_id
            quantity = wanted.get(line.move_id, 0.0)
            line.quantity = base._jxc_convert(quantity, line.uom_id, rounded=True)
            line.to_refund = True
        back = wizard._create_return()
        back.write({"jxc_sale_return_id": self.id, "origin": self.name})
        return back

    def _expect_lot(self, share):
        """Expect just the lot that was named, not whichever the platform proposes."""
        if share.lot_id:
            lines = share.return_move_id.move_line_ids
            others = lines.filtered(lambda line: line.lot_id != share.lot_id)
            if others and not share.line_id.lot_id:
                return
            others.filtered(lambda line: not line.lot_id).lot_id = share.lot_id

    def _receive(self):
        """Take the accepted goods in, each to where its condition belongs."""
        targets = self._targets()
        parts = self._parts_to_come(targets)
        moves = self._receipts() - self._receipts()._jxc_done()
        for move in moves:
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(self._prepare_receipt_line(move, outcome, lot, quantity))
                for (outcome, lot), quantity in parts.get(move, {}).items()
            ]
            self._receive_pieces(
                move,
                self.line_ids.allocation_ids.filtered(
                    lambda share, move=move: targets[share] == move
                ),
            )
            move.picked = True
        pickings = moves.picking_id
        empty = pickings.filtered(lambda one: not any(one.move_ids.mapped("quantity")))
        empty.action_cancel()
        (pickings - empty).with_context(cancel_backorder=True)._action_done()
        self._scrap()

    def _receive_pieces(self, move, shares):
        """Pieces of goods that have an auxiliary unit come in as the document says.

        :param shares: allocations that the move takes in
        """
        shares = shares.filtered("line_id.jxc_aux_qty")
        # Lines of one delivery say together how heavy a piece is.
        weight = sum(shares.mapped("quantity"))
        pieces = sum(share.line_id._aux_of(share.quantity) for share in shares)
        for line in move.move_line_ids if weight else ():
            line.write(
                shares[:1].line_id._prepare_aux_values(
                    line.quantity_product_uom, pieces / weight
                )
            )

    def _prepare_receipt_line(self, move, outcome, lot, quantity):
        """Values of the operation that takes goods of one condition in."""
        place = move.location_dest_id
        if outcome != "restock":
            place = self._place_for_defective(move)
        return {
            "picking_id": move.picking_id.id,
            "product_id": move.product_id.id,
            "product_uom_id": move.product_id.uom_id.id,
            "quantity": quantity,
            "location_id": move.location_id.id,
            "location_dest_id": place.id,
            "lot_id": lot.id,
            "picked": True,
        }

    def _place_for_defective(self, move):
        """The location for defective goods of the warehouse the goods come to.

        :raise UserError: the warehouse has none
        """
        warehouse = move.picking_type_id.warehouse_id
        place = self.env["stock.location"].search(
            [
                ("warehouse_id", "=", warehouse.id),
                ("usage", "=", "internal"),
                ("jxc_status", "=", "defective"),
            ],
            limit=1,
        )
        if not place:
            raise UserError(
                self.env._(
                    "%(warehouse)s has no location for defective goods. Create one and"
                    " set “Goods Here Are” to Defective.",
                    warehouse=warehouse.display_name,
                )
            )
        return place

    def _scrap(self):
        """Scrap what was taken in for that, by the platform's scrap orders."""
        vals_list, receipts = [], self._receipts()._jxc_done()
        for line in self.line_ids.filtered("qty_scrap"):
            left = line._base_qty("qty_scrap")
            for share in line.allocation_ids:
                here = receipts.move_line_ids.filtered(
                    lambda one, share=share: (
                        one.move_id.origin_returned_move_id == share.move_id
                        and one.lot_id == share.lot_id
                        and one.location_dest_id != one.move_id.location_dest_id
                    )
                )
                quantity = min(left, sum(here.mapped("quantity_product_uom")))
                if line.product_id.uom_id.compare(quantity, 0) <= 0:
                    continue
                left -= quantity
                vals_list.append(
                    {
                        "product_id": line.product_id.id,
                        "product_uom_id": line.product_id.uom_id.id,
                        "scrap_qty": quantity,
                        "lot_id": share.lot_id.id,
                        "location_id": here[:1].location_dest_id.id,
                        "picking_id": here[:1].picking_id.id,
                        "company_id": self.company_id.id,
                        "origin": self.name,
                        "jxc_sale_return_id": self.id,
                    }
                )
        self.env["stock.scrap"].create(vals_list).do_scrap()

    def _undo_receipt(self):
        """Expect nothing any more; what is back goes to the customer again."""
        pickings = self.receipt_ids
        pickings.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ).action_cancel()
        for picking in pickings.filtered(lambda one: one.state == "done"):
            moves = (picking.move_ids & self._receipts())._jxc_done()
            wanted = {
                move: move.product_uom._jxc_convert(
                    move.quantity, move.product_id.uom_id, rounded=True
                )
                for move in moves
            }
            again = self._return_of(picking, wanted)
            for move in again.move_ids:
                origin = move.origin_returned_move_id
                move.move_line_ids.unlink()
                move.move_line_ids = [
                    Command.create(self._prepare_reverse_line(again, line))
                    for line in origin.move_line_ids
                ]
                move.picked = True
            worth = self._worth_without(moves)
            with marks.Undoing() as undoing:
                again.with_context(**{marks.UNDOING: undoing})._action_done()
            self._restore_worth(worth)

    def _worth_without(self, moves):
        """What stock that leaves at a mean cost is worth once receipts are undone.

        :return: ``{product, or lot that is valued by itself: company currency}``
        """
        worth = {}
        for product, received in moves.grouped("product_id").items():
            product = product.with_company(self.company_id)
            if not self._leaves_at_mean_cost(product):
                continue
            for move in received.filtered("is_in"):
                whole = move._get_valued_qty()
                lots = move.move_line_ids.lot_id if product.lot_valuated else [product]
                for valued in lots:
                    valued = valued.with_company(self.company_id)
                    lot = valued if product.lot_valuated else None
                    share = move._get_valued_qty(lot) / whole if whole else 0.0
                    before = worth.get(valued, self._mean_worth(product, valued))
                    worth[valued] = before - move.value * share
        return worth

    def _leaves_at_mean_cost(self, product):
        """Whether the platform takes goods out at a mean of what moved before.

        It does so for lots that are valued by themselves also where their stock is
        valued by layers, first in first out.
        """
        return product.cost_method == "average" or (
            product.cost_method == "fifo" and product.lot_valuated
        )

    def _mean_worth(self, product, valued):
        """What stock is worth at the mean cost at which it leaves."""
        if product.cost_method == "average":
            return valued.total_value
        return product._run_avco(lot=valued)[1]

    def _restore_worth(self, worth):
        """Take the goods out at the value they came in with.

        The platform takes them out at today's mean cost, which other receipts may
        have moved since; what that is too much, or too little, is given back to the
        goods that stay, as a change of their cost that is recorded.

        :param worth: see :meth:`_worth_without`
        """
        for valued, value in worth.items():
            valued.invalidate_recordset()
            product = valued
            is_lot = valued._name == "stock.lot"
            if is_lot:
                product = valued.product_id.with_context(lot_id=valued.id)
            product.invalidate_recordset(["qty_available"])
            left = product._with_valuation_context().qty_available
            if value < 0 or product.uom_id.compare(left, 0) <= 0:
                continue
            now = valued.total_value
            if product.cost_method == "fifo":
                now = valued.standard_price * left
            if self.company_id.currency_id.compare_amounts(now, value):
                with marks.Restoring() as restoring:
                    context = {marks.RESTORING: restoring}
                    valued.with_context(**context).standard_price = value / left
                    if product.cost_method == "fifo":
                        self.with_context(**context)._record_mean_cost(valued)

    def _record_mean_cost(self, lot):
        """Have later receipts of a lot continue from the mean cost that was restored.

        The platform records new costs where goods are valued by them only; the cost at
        which a lot leaves follows such a record all the same.
        """
        texts = in_company_lang(self).env
        self.env["product.value"].sudo().create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "value": lot.standard_price,
                "company_id": self.company_id.id,
                "description": texts._("%s was cancelled.", self.name),
            }
        )

    def _prepare_reverse_line(self, picking, line):
        """Values of the operation that sends goods back from where they are."""
        return {
            "picking_id": picking.id,
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "quantity": line.quantity,
            "location_id": line.location_dest_id.id,
            "location_dest_id": line.location_id.id,
            "lot_id": line.lot_id.id,
            "jxc_aux_qty": line.jxc_aux_qty,
            "jxc_aux_reason": line.jxc_aux_reason,
            "picked": True,
        }
