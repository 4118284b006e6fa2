# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

OPEN_STATES = ("assigned", "confirmed", "waiting")
LIST_LIMIT = 40
PLACE_LIMIT = 60
CODES = {
    "receive": ("incoming",),
    "put_away": ("internal",),
    "pick": ("outgoing", "internal"),
}


class JxcFloorOperation(models.Model):
    """What a device needs to know to work, also without a connection."""

    _inherit = "jxc.floor.operation"

    @api.model
    def get_documents(self, kind):
        """Open documents of a kind, the most urgent first. For RPC and devices.

        :param kind: "receive", "put_away", "pick" or "count"
        :return: list of dicts with id, name, partner and date; at most 40
        """
        self._check_floor_user(kind)
        if kind == "count":
            counts = self.env["jxc.stock.count"].search(
                [("state", "=", "in_progress")], limit=LIST_LIMIT
            )
            return [
                {"id": count.id, "name": count.display_name, "partner": "", "date": ""}
                for count in counts
            ]
        if kind not in CODES:
            raise UserError(
                self.env._("“%(kind)s” is no operation of the floor.", kind=kind)
            )
        ready = OPEN_STATES if kind == "receive" else ("assigned", "confirmed")
        pickings = self.env["stock.picking"].search(
            [
                ("picking_type_id.code", "in", CODES[kind]),
                ("state", "in", ready),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="priority desc, scheduled_date, id",
            limit=LIST_LIMIT,
        )
        return [
            {
                "id": picking.id,
                "name": picking.name,
                "partner": picking.partner_id.display_name or picking.origin or "",
                "date": fields.Date.to_string(
                    fields.Datetime.context_timestamp(picking, picking.scheduled_date)
                ),
            }
            for picking in pickings
        ]

    @api.model
    def get_document(self, picking_id):
        """A document with all that a device needs to work on it without a connection.

        :return: dict with id, name, partner, source and destination, ``is_release``
            (it makes held goods available, and nobody said why yet) and ``lines``:
            one per product, with product_id, name, demand (text), demand_qty, uom,
            tracking, aux (name of the auxiliary unit or ""), units ([{name, factor}],
            the base unit last), spec (for the
            Compound of the client) and barcodes ({barcode: quantity of one scan})
        """
        self._check_floor_user()
        picking = self._browse("stock.picking", picking_id)
        moves = picking.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        lines = []
        for product, same in moves.grouped("product_id").items():
            demand = sum(same.mapped("product_qty"))
            lines.append(
                {
                    **self._product_info(product),
                    "demand_qty": demand,
                    "demand": product.jxc_format_qty(demand),
                    "places": sorted(
                        place.display_name
                        for place in same.move_line_ids.location_id
                        if place.usage == "internal"
                    ),
                }
            )
        return {
            "id": picking.id,
            "name": picking.name,
            "partner": picking.partner_id.display_name or "",
            "source": picking.location_id.display_name,
            "destination": picking.location_dest_id.display_name,
            "is_release": picking.jxc_is_release and not picking.jxc_release_reason,
            "lines": lines,
        }

    @api.model
    def read_code(self, count_id, code):
        """What a code means on a count, without a word about the stock.

        :return: dict with ``type`` ("goods", "location"), id and name; goods as in
            :meth:`get_document` with scan_qty and lot
        :raise UserError: when the code is unknown or means several things
        """
        self._check_floor_user("count")
        count = self._browse("jxc.stock.count", count_id)
        sheet = self.env["jxc.stock.count.sheet"].new({"count_id": count.id})
        found = sheet._resolve_barcode(
            code.replace("\0", "") if isinstance(code, str) else ""
        )
        place = found["location"]
        if place:
            return {"type": "location", "id": place.id, "name": place.display_name}
        return {
            **self._product_info(found["product"]),
            "type": "goods",
            "id": found["product"].id,
            "scan_qty": found["quantity"],
            "lot": found["lot"].name or "",
        }

    @api.model
    def look_up(self, code):
        """What a scanned or typed code is. For RPC and devices.

        :param code: barcode of a product, a unit, a lot, a location or a document, or
            an internal reference
        :return: dict with ``type`` ("goods", "location", "picking"), id, name;
            a product as in :meth:`get_document` with on_hand (text), scan_qty and
            ``stock`` ([{place, lot, quantity, free}]); a location with ``stock``
            ([{product, lot, quantity}]) and ``held`` (goods there are not available); a
            document with kind, state and state_name
        :raise UserError: when nothing is called that
        """
        self._check_floor_user()
        code = code.replace("\0", "").strip() if isinstance(code, str) else ""
        for find in (self._find_goods, self._find_place, self._find_document):
            found = find(code) if code else None
            if found:
                return found
        raise UserError(
            self.env._(
                "“%(code)s” is no product, unit, lot, location or document.",
                code=code or "–",
            )
        )

    @api.model
    def _find_goods(self, code):
        products, lots, quantity = self.env["product.product"], None, 1.0
        for name in ("barcode", "default_code"):
            products = products or products.search([(name, "=", code)], limit=2)
        if not products:
            unit = self.env["product.uom"].search([("barcode", "=", code)], limit=1)
            if unit:
                products = unit.product_id
                quantity = self._content(unit)
        if not products:
            lots = self.env["stock.lot"].search([("name", "=", code)], limit=2)
            products = lots.product_id
        if len(products) > 1:
            raise UserError(
                self.env._("Several products are called “%(code)s”.", code=code)
            )
        if not products:
            return None
        domain = [
            ("product_id", "=", products.id),
            ("location_id.usage", "=", "internal"),
            ("company_id", "in", self.env.companies.ids),
            *([("lot_id", "in", lots.ids)] if lots else []),
        ]
        Quant = self.env["stock.quant"]
        [(on_hand, aux)] = Quant._read_group(
            domain, [], ["quantity:sum", "jxc_aux_qty:sum"]
        )
        quants = Quant.search(domain, limit=PLACE_LIMIT)
        write = products.jxc_format_qty
        write_both = products.product_tmpl_id._jxc_quantity_text
        return {
            **self._product_info(products),
            "type": "goods",
            "id": products.id,
            "lot": lots.name if lots else "",
            "scan_qty": quantity,
            "on_hand": write_both(on_hand or 0.0, aux or 0.0),
            "stock": [
                {
                    "place": quant.location_id.display_name,
                    "lot": quant.lot_id.name or "",
                    "quantity": write_both(quant.quantity, quant.jxc_aux_qty),
                    "free": write(quant.available_quantity),
                }
                for quant in quants
            ],
        }

    @api.model
    def _find_place(self, code):
        places = self.env["stock.location"].search(
            [
                ("usage", "=", "internal"),
                ("company_id", "in", self.env.companies.ids),
                "|",
                ("barcode", "=", code),
                ("complete_name", "=", code),
            ],
            limit=1,
        )
        if not places:
            return None
        quants = self.env["stock.quant"].search(
            [("location_id", "child_of", places.id)], limit=PLACE_LIMIT
        )
        return {
            "type": "location",
            "id": places.id,
            "name": places.display_name,
            "held": places.id in places._jxc_held_ids(),
            "stock": [
                {
                    "product": quant.product_id.display_name,
                    "lot": quant.lot_id.name or "",
                    "quantity": quant.product_id.product_tmpl_id._jxc_quantity_text(
                        quant.quantity, quant.jxc_aux_qty
                    ),
                }
                for quant in quants
            ],
        }

    @api.model
    def _find_document(self, code):
        picking = self.env["stock.picking"].search(
            [("name", "=", code), ("company_id", "in", self.env.companies.ids)],
            limit=1,
        )
        if not picking:
            return None
        kinds = {"incoming": "receive", "outgoing": "pick", "internal": "put_away"}
        states = dict(picking._fields["state"]._description_selection(self.env))
        return {
            "type": "picking",
            "id": picking.id,
            "name": picking.name,
            "state": picking.state,
            "state_name": states[picking.state],
            "kind": kinds.get(picking.picking_type_code, ""),
        }

    @api.model
    def _content(self, barcode):
        """Base quantity of one scan of a barcode of a unit (product.uom)."""
        base = barcode.product_id.uom_id
        if not barcode.uom_id._has_common_reference(base):
            return 1.0
        return barcode.uom_id._compute_quantity(1, base)

    @api.model
    def _product_info(self, product):
        template = product.product_tmpl_id
        units = template.jxc_unit_ids.filtered("active")
        base = product.uom_id
        spec = template._jxc_unit_specs().get(template)
        digits = self.env["jxc.product.unit"]._jxc_digits()
        barcodes = {product.barcode: 1.0} if product.barcode else {}
        for unit in self.env["product.uom"].search([("product_id", "=", product.id)]):
            barcodes[unit.barcode] = self._content(unit)
        if product.default_code:
            barcodes.setdefault(product.default_code, 1.0)
        return {
            "product_id": product.id,
            "name": product.display_name,
            "uom": base.name,
            "tracking": product.tracking,
            "aux": template.jxc_aux_uom_id.name or "",
            "units": [{"name": unit.name, "factor": unit.factor} for unit in units]
            + [{"name": base.name, "factor": 1.0}],
            "spec": spec or {"base": base.name, "digits": digits},
            "barcodes": barcodes,
        }
