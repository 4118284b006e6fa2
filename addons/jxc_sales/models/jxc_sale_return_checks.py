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
        for move in self.receipt_ids.move_ids:
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

        What the return scrapped itself comes back to its place first.

        :raise UserError: naming the product, the place and what took it from there
        """
        self.ensure_one()
        wanted = defaultdict(float)
        for line in self._receipts()._jxc_done().move_line_ids:
            if line.product_id.is_storable:
                place = line.product_id, line.location_dest_id, line.lot_id
                wanted[place] += line.quantity_product_uom
        for line in self.scrap_ids.move_ids._jxc_done().move_line_ids:
            wanted[line.product_id, line.location_id, line.lot_id] -= (
                line.quantity_product_uom
            )
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
            if product.uom_id.compare(left, quantity) >= 0:
                continue
            moves = self._taken_from(product, place, lot, quantity - max(0.0, left))
            raise UserError(
                self.env._(
                    "%(return)s: %(quantity)s of %(product)s came back to %(place)s,"
                    " but only %(left)s are still there. Undo first what took them from"
                    " there: %(moves)s. Or sell the customer new ones.",
                    **{"return": self.name},
                    quantity=product.jxc_format_qty(quantity),
                    product=f"{product.display_name} {lot.name or ''}".strip(),
                    place=place.display_name,
                    left=product.jxc_format_qty(left),
                    moves=", ".join(moves) or "–",
                )
            )

    def _taken_from(self, product, place, lot, missing):
        """Names of the newest transfers that took goods from a place, for a quantity.

        :param missing: in the product's own unit
        """
        domain = [
            ("product_id", "=", product.id),
            ("location_id", "=", place.id),
            ("location_dest_id", "!=", place.id),
            ("state", "=", "done"),
            ("move_id", "not in", self.scrap_ids.move_ids.ids),
            *([("lot_id", "=", lot.id)] if lot else ()),
        ]
        receipts = self._receipts()._jxc_done()
        domain.append(("date", ">=", min(receipts.mapped("date"))))
        names = {}
        for line in self.env["stock.move.line"].search(
            domain, order="date desc, id desc", limit=20
        ):
            if product.uom_id.compare(missing, 0) <= 0:
                break
            missing -= line.quantity_product_uom
            names[line.reference or line.move_id.origin] = True
        return list(filter(None, names))
