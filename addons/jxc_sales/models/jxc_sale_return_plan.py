# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from typing import Any, NamedTuple

from odoo import models
from odoo.fields import Domain

from ..tools.return_plan import Source, share_out


class Share(NamedTuple):
    """A quantity of one line that comes from one delivery (and lot)."""

    move: Any
    lot: Any
    #: in the product's own unit
    quantity: float
    #: what was charged, company currency, tax included
    amount: float

    @property
    def sale_line(self):
        """The order line that sold it."""
        return self.move.sale_line_id


class Plan(NamedTuple):
    """Where the goods of one return come from."""

    #: ``{line: [Share]}``
    shares: dict
    #: ``{line: quantity in the product's own unit that no delivery has left}``
    missing: dict


class JxcSaleReturn(models.Model):
    """Finds the deliveries that returned goods come from."""

    _inherit = "jxc.sale.return"

    def _plan(self):
        """Share the lines of one return out among past deliveries.

        Reads only. What came back already, or is on its way back, is not there twice.

        :return: :class:`Plan`
        """
        self.ensure_one()
        # Whoever takes goods back need not see other people's deliveries.
        known = self.sudo()
        lines = known.line_ids.filtered(
            lambda line: line.direction == "in" and line.product_id
        )
        moves = known._deliveries(lines.product_id)
        back = known._come_back(moves)
        shares, missing, taken = {}, {}, {}
        # Lines that name their lot choose before those that take any.
        for line in lines.sorted(lambda line: not line.lot_id):
            base = line.product_id.uom_id
            candidates = moves.filtered(
                lambda move, line=line: move.product_id == line.product_id
            )
            sources = known._sources(candidates, line.lot_id, back)
            found, rest = share_out(line._base_qty(), sources, base.compare, taken)
            key = line._origin or line
            if rest:
                missing[key] = base.round(rest)
            shares[key] = [
                Share(
                    move,
                    lot,
                    base.round(quantity),
                    move._jxc_charged(quantity, line._aux_of(quantity)),
                )
                for (move, lot), quantity in found
            ]
        return Plan(shares, missing)

    def _deliveries(self, products):
        """Deliveries of the customer's orders, and of goods without order, in the order
        they are looked through."""
        if not products or not self.partner_id:
            return self.env["stock.move"]
        customer = self.partner_id.commercial_partner_id
        domain = Domain("state", "=", "done")
        domain &= Domain("product_id", "in", products.ids)
        domain &= Domain("company_id", "=", self.company_id.id)
        domain &= self._left_domain()
        domain &= Domain(
            "sale_line_id.order_id.partner_id.commercial_partner_id", "=", customer.id
        ) | Domain("id", "in", self._unordered_moves(products))
        if self.picking_id:
            domain &= Domain("picking_id", "=", self.picking_id._origin.id)
        way = "desc" if self.allocation_order == "newest" else "asc"
        return self.env["stock.move"].search(domain, order=f"date {way}, id {way}")

    def _left_domain(self):
        """Domain of moves that brought goods to customers, or to sister companies."""
        between = self.env.ref("stock.stock_location_inter_company", False)
        domain = Domain("location_dest_id.usage", "=", "customer")
        if between:
            domain |= Domain("location_dest_id", "child_of", between.id)
        return domain

    def _come_back(self, moves):
        """What came or comes back of deliveries, in the product's own unit.

        :return: ``{move: {lot: quantity}}``; an empty lot for all lots together
        """
        back = defaultdict(lambda: defaultdict(float))
        for move in moves.returned_move_ids:
            if move.state == "cancel":
                continue
            base, origin = move.product_id.uom_id, move.origin_returned_move_id
            quantity = move.quantity if move.state == "done" else move.product_uom_qty
            total = move.product_uom._jxc_convert(quantity, base, rounded=True)
            back[origin][self.env["stock.lot"]] += total
            for line in move.move_line_ids.filtered("lot_id"):
                back[origin][line.lot_id] += line.quantity_product_uom
        return back

    def _sources(self, moves, lot, back):
        """What is left of the deliveries, by lot where goods have lots.

        :param moves: deliveries of one product, in order
        :param lot: the only lot to look for, or an empty one
        :param back: see :meth:`_come_back`
        :return: list of Source with keys ``(move, lot)``
        """
        sources = []
        no_lot = self.env["stock.lot"]
        for move in moves:
            base = move.product_id.uom_id
            delivered = move.product_uom._jxc_convert(move.quantity, base, rounded=True)
            limit = delivered - back[move][no_lot]
            lots = {no_lot: delivered}
            if move.product_id.tracking != "none":
                lots = defaultdict(float)
                for line in move.move_line_ids:
                    lots[line.lot_id] += line.quantity_product_uom
            for one, quantity in lots.items():
                if lot and one != lot:
                    continue
                left = quantity - (back[move][one] if one else back[move][no_lot])
                sources.append(Source((move, one), move.id, left, limit))
        return sources
