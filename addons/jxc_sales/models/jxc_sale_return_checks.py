# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError


class JxcSaleReturn(models.Model):
    """What the goods themselves have to say to a step of a return."""

    _inherit = "jxc.sale.return"

    def _check_enough(self, plan):
        super()._check_enough(plan)
        self._check_pieces(plan)

    def _check_pieces(self, plan):
        """Refuse more pieces than the deliveries had, whatever they weigh.

        :raise UserError: naming each product, with the pieces that are left
        """
        asked, moves = defaultdict(float), self.env["stock.move"]
        for line, shares in plan.shares.items():
            if line.jxc_aux_qty:
                asked[line.product_id] += line.jxc_aux_qty
                moves |= moves.union(*(share.move for share in shares))
        if not asked:
            return
        moves = moves.filtered("jxc_aux_done")
        left = defaultdict(float)
        for move in moves:
            left[move.product_id] += move.jxc_aux_done
        for move in moves.returned_move_ids:
            if move.state == "done":
                left[move.product_id] -= move.jxc_aux_done
        expected = self.env["jxc.sale.return.allocation"].sudo()
        expected = expected.search(
            [
                ("move_id", "in", moves.ids),
                ("return_move_id.state", "not in", ("done", "cancel")),
            ]
        )
        for share in expected:
            left[share.move_id.product_id] -= share.line_id._aux_of(share.quantity)
        texts = [
            self.env._(
                "%(product)s: %(asked)s %(unit)s asked, %(left)s left to come back",
                product=product.display_name,
                asked=f"{pieces:g}",
                left=f"{max(0.0, left[product]):g}",
                unit=product.jxc_aux_uom_id.name,
            )
            for product, pieces in asked.items()
            if product in moves.product_id
            and product.jxc_aux_uom_id.compare(pieces, left[product]) > 0
        ]
        if texts:
            raise UserError(
                self.env._(
                    "%(return)s: more pieces come back than %(customer)s got and still"
                    " has.\n%(lines)s\nReduce the pieces, or name another delivery.",
                    **{"return": self.name},
                    customer=self.partner_id.display_name,
                    lines="\n".join(texts),
                )
            )

    def _check_received(self, pickings):
        """Refuse more than the customer promised to bring.

        More than that may be more than the customer ever got.

        :param pickings: transfers of this return that are about to be done
        :raise UserError: naming the product, with what was promised
        """
        self.ensure_one()
        coming = defaultdict(float)
        for move in self.picking_ids.move_ids:
            if not move.location_id._jxc_is_outgoing() or move.state == "cancel":
                continue
            if move.state == "done" or move.picking_id in pickings:
                coming[move.product_id] += move.product_uom._jxc_convert(
                    move.quantity, move.product_id.uom_id, rounded=True
                )
        promised = defaultdict(float)
        for share in self.line_ids.allocation_ids:
            promised[share.move_id.product_id] += share.quantity
        for product, quantity in coming.items():
            if product.uom_id.compare(quantity, promised[product]) > 0:
                raise UserError(
                    self.env._(
                        "%(return)s: %(quantity)s of %(product)s come in, but only"
                        " %(promised)s were promised. Take the rest back with a return"
                        " of its own.",
                        **{"return": self.name},
                        quantity=product.jxc_format_qty(quantity),
                        product=product.display_name,
                        promised=product.jxc_format_qty(promised[product]),
                    )
                )

    def _check_still_here(self):
        """Refuse to send goods back that have left their place since.

        :raise UserError: naming the product and the place
        """
        self.ensure_one()
        wanted = defaultdict(float)
        for line in self.picking_ids.move_line_ids:
            if (
                line.state == "done"
                and line.product_id.is_storable
                and line.location_id._jxc_is_outgoing()
            ):
                place = line.product_id, line.location_dest_id, line.lot_id
                wanted[place] += line.quantity_product_uom
        held = dict.fromkeys(wanted, 0.0)
        for product, place, lot, quantity in self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", [product.id for product, _place, _lot in wanted]),
                ("location_id", "in", [place.id for _product, place, _lot in wanted]),
            ],
            ["product_id", "location_id", "lot_id"],
            ["quantity:sum"],
        ):
            held[product, place, lot] = quantity
        for (product, place, lot), quantity in wanted.items():
            left = held[product, place, lot]
            if product.uom_id.compare(left, quantity) < 0:
                raise UserError(
                    self.env._(
                        "%(return)s: %(quantity)s of %(product)s came back to"
                        " %(place)s, but only %(left)s are still there. Bring them back"
                        " to that place, or sell the customer new ones.",
                        **{"return": self.name},
                        quantity=product.jxc_format_qty(quantity),
                        product=f"{product.display_name} {lot.name or ''}".strip(),
                        place=place.display_name,
                        left=product.jxc_format_qty(left),
                    )
                )
