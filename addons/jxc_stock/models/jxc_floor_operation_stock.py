# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command


class JxcFloorOperation(models.Model):
    """Documents of the platform, processed from the floor."""

    _inherit = "jxc.floor.operation"

    @api.model
    def _process(self, payload, codes):
        """Enter what was handled into a document, and maybe finish it."""
        picking = self._browse("stock.picking", payload.get("picking_id"))
        picking = picking.with_company(picking.company_id)
        if picking.picking_type_code not in codes:
            raise UserError(
                self.env._(
                    "%(picking)s is no document of this kind.", picking=picking.name
                )
            )
        if picking.state in ("done", "cancel"):
            raise UserError(
                self.env._(
                    "%(picking)s is already %(state)s: look at it before you enter"
                    " anything more.",
                    picking=picking.name,
                    state=dict(
                        picking._fields["state"]._description_selection(self.env)
                    )[picking.state],
                )
            )
        if picking.state == "draft":
            picking.action_confirm()
        self._enter_reason(picking, payload.get("release_reason"))
        self._enter_lines(picking, payload["lines"])
        self._attach_photos(picking, payload.get("photos"))
        if payload.get("finish"):
            self._finish(picking)
        return self._document_result(picking)

    @api.model
    def _enter_reason(self, picking, reason):
        """Say why held goods become available; who may is judged when they move."""
        if isinstance(reason, str) and reason.strip():
            picking.jxc_release_reason = reason.strip()

    @api.model
    def _enter_lines(self, picking, lines):
        """Set the quantities of a document to what was handled."""
        open_moves = picking.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        by_product = defaultdict(list)
        for line in lines:
            product, quantity = self._read_line(line)
            if product not in open_moves.product_id:
                raise UserError(
                    self.env._(
                        "%(product)s is not part of %(picking)s.",
                        product=product.display_name,
                        picking=picking.name,
                    )
                )
            by_product[product].append((quantity, line))
        open_moves.picked = False
        for product, entries in by_product.items():
            moves = open_moves.filtered(lambda m, p=product: m.product_id == p)
            self._enter_product(picking, moves, entries)

    @api.model
    def _enter_product(self, picking, moves, entries):
        """Share what was handled of a product among its moves: each up to its demand,
        the rest to the last."""
        detailed = any(
            line.get(name)
            for _quantity, line in entries
            for name in ("lot_name", "location_id", "location_dest_id")
        )
        if detailed:
            self._enter_details(picking, moves, entries)
            return
        left = total = sum(quantity for quantity, _line in entries)
        aux, reason = self._read_aux(moves.product_id, entries)
        for move in moves:
            demand = move.product_qty
            part = left if move == moves[-1] else min(left, demand)
            left -= part
            uom = move.product_id.uom_id
            # odoo19-ok: unit-unchecked moves refuse units foreign to their product
            move.quantity = uom._compute_quantity(part, move.product_uom)
            move.picked = bool(part)
            if aux and part:
                move.jxc_aux_done = moves.jxc_aux_uom_id.round(aux * part / total)
                move.jxc_aux_reason = reason

    @api.model
    def _read_aux(self, product, entries):
        """(what was handled in the auxiliary unit, why it is off the ratio)

        :raise UserError: no quantity, or given for goods without such a unit
        """
        given = [line.get("aux_quantity") for _quantity, line in entries]
        for number in filter(None, given):
            if (
                not product.jxc_aux_uom_id
                or not isinstance(number, int | float)
                or not 0 < number < float("inf")
            ):
                raise UserError(
                    self.env._(
                        "%(product)s: %(qty)s is not a quantity.",
                        product=product.display_name,
                        qty=number,
                    )
                )
        # Where a part was not counted, the platform's share is as good as any.
        total = sum(given) if all(given) else 0
        reasons = [str(line.get("aux_reason") or "") for _quantity, line in entries]
        return total, "; ".join(filter(None, dict.fromkeys(reasons)))

    @api.model
    def _enter_details(self, picking, moves, entries):
        """Lots and places were named: the operations are exactly these, shared among
        the moves as quantities are."""
        moves.move_line_ids.unlink()
        room = {move: move.product_qty for move in moves}
        for quantity, line in entries:
            aux, reason = self._read_aux(moves.product_id, [(quantity, line)])
            left = quantity
            for move in moves:
                is_last = move == moves[-1]
                part = left if is_last else min(left, room[move])
                if move.product_id.uom_id.compare(part, 0) > 0:
                    value = self._prepare_operation(picking, move, part, line)
                    if aux:
                        share = move.jxc_aux_uom_id.round(aux * part / quantity)
                        value.update(jxc_aux_qty=share, jxc_aux_reason=reason)
                    move.move_line_ids = [Command.create(value)]
                    room[move] -= part
                    left -= part
        for move in moves:
            move.picked = bool(move.move_line_ids)

    @api.model
    def _prepare_operation(self, picking, move, quantity, line):
        """Return values of the operation that does a part of a move."""
        value = {
            "move_id": move.id,
            "picking_id": picking.id,
            "product_id": move.product_id.id,
            "product_uom_id": move.product_id.uom_id.id,
            "quantity": quantity,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            **self._lot_values(picking, move.product_id, line.get("lot_name")),
        }
        for name in ("location_id", "location_dest_id"):
            if line.get(name):
                value[name] = self._place_inside(line[name], picking[name]).id
        return value

    @api.model
    def _place_inside(self, number, whole):
        place = self._browse("stock.location", number)
        if not place._child_of(whole):
            raise UserError(
                self.env._(
                    "%(place)s is not a part of %(whole)s.",
                    place=place.display_name,
                    whole=whole.display_name,
                )
            )
        return place

    @api.model
    def _lot_values(self, picking, product, name):
        """The lot by its name; a receipt may bring a new one."""
        if not name:
            return {}
        lot = self.env["stock.lot"].search(
            [
                ("name", "=", name),
                ("product_id", "=", product.id),
                ("company_id", "in", [False, picking.company_id.id]),
            ],
            limit=1,
        )
        if lot:
            return {"lot_id": lot.id}
        if picking.picking_type_id.use_create_lots:
            return {"lot_name": name}
        raise UserError(
            self.env._(
                "%(product)s has no lot %(lot)s.",
                product=product.display_name,
                lot=name,
            )
        )

    @api.model
    def _read_line(self, line):
        """(product, quantity in its unit)"""
        product = self._browse("product.product", line.get("product_id"))
        text = line.get("quantity_text")
        quantity = product.jxc_parse_qty(text)
        if product.uom_id.compare(quantity, 0) <= 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(quantity)s is no quantity to handle. Leave the"
                    " product out when there is none.",
                    product=product.display_name,
                    quantity=text,
                )
            )
        return product, quantity

    @api.model
    def _finish(self, picking):
        """Validate by the platform; what is missing becomes a backorder."""
        if not any(picking.move_ids.mapped("picked")):
            raise UserError(
                self.env._("Nothing was entered for %(picking)s.", picking=picking.name)
            )
        answer = picking.with_context(skip_backorder=True).button_validate()
        if picking.state != "done":
            name = answer.get("name") if isinstance(answer, dict) else ""
            raise UserError(
                self.env._(
                    "%(picking)s needs a decision that cannot be made here: %(name)s."
                    " Finish it at a desk.",
                    picking=picking.name,
                    name=name or "–",
                )
            )

    @api.model
    def _document_result(self, picking):
        backorder = picking.backorder_ids[:1]
        return {
            "picking_id": picking.id,
            "name": picking.name,
            "state": picking.state,
            "backorder": backorder.name or False,
            "message": self.env._(
                "%(picking)s, rest: %(backorder)s",
                picking=picking.name,
                backorder=backorder.name,
            )
            if backorder
            else picking.name,
        }

    # Without a document -------------------------------------------------------------

    @api.model
    def _move(self, payload):
        """Move goods from place to place by a new transfer, done at once."""
        source = self._browse("stock.location", payload.get("location_id"))
        dest = self._browse("stock.location", payload.get("location_dest_id"))
        warehouse = source.warehouse_id
        if (
            source == dest
            or {source.usage, dest.usage} != {"internal"}
            or not warehouse
            or dest.warehouse_id != warehouse
        ):
            raise UserError(
                self.env._(
                    "Goods move between two different places of one warehouse, not from"
                    " %(origin)s to %(dest)s.",
                    origin=source.display_name,
                    dest=dest.display_name,
                )
            )
        if not payload["lines"]:
            raise UserError(self.env._("Nothing to move was entered."))
        entries = [(*self._read_line(line), line) for line in payload["lines"]]
        picking = self._create_transfer(warehouse, source, dest, entries)
        picking.action_confirm()
        picking.action_assign()
        self._check_reserved(picking)
        self._enter_reason(picking, payload.get("release_reason"))
        self._enter_lines(picking, payload["lines"])
        self._attach_photos(picking, payload.get("photos"))
        self._finish(picking)
        return self._document_result(picking)

    @api.model
    def _create_transfer(self, warehouse, source, dest, entries):
        totals = defaultdict(float)
        for product, quantity, _line in entries:
            totals[product] += quantity
        return (
            self.env["stock.picking"]
            .with_company(warehouse.company_id)
            .create(
                {
                    "picking_type_id": warehouse.int_type_id.id,
                    "location_id": source.id,
                    "location_dest_id": dest.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom": product.uom_id.id,
                                "product_uom_qty": quantity,
                                "location_id": source.id,
                                "location_dest_id": dest.id,
                            }
                        )
                        for product, quantity in totals.items()
                    ],
                }
            )
        )

    @api.model
    def _check_reserved(self, picking):
        """Only what is there and free can be moved."""
        short = picking.move_ids.filtered(
            lambda move: (
                move.product_id.is_storable
                and move.product_uom.compare(move.quantity, move.product_uom_qty) < 0
            )
        )
        if short:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(place)s has only %(quantity)s of %(product)s free.",
                        place=move.location_id.display_name,
                        quantity=move.product_id.jxc_format_qty(move.quantity),
                        product=move.product_id.display_name,
                    )
                    for move in short
                )
            )
