# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .stock_move_line_guard import DONE_CHANGES

REASON_KEY = "jxc_release_reason"
CONTROL = "jxc_stock.group_stock_control"
HELD, FREE, LOST, GONE = "held", "free", "lost", "gone"


class Goods(NamedTuple):
    """What a done line moved, as it stood at a moment."""

    product: models.BaseModel
    lot: models.BaseModel
    source: models.BaseModel
    dest: models.BaseModel
    quantity: float  # in the product's unit


class Release(NamedTuple):
    """What a line brings from goods that are held to those for orders."""

    line: models.BaseModel
    lot: models.BaseModel
    source: models.BaseModel
    dest: models.BaseModel
    quantity: float  # in the product's unit


class StockMoveLine(models.Model):
    """Goods to inspect and defective ones become available by a decision only.

    Whatever way goods take, they are lines of done moves; a line that is changed
    afterwards moves them again. Compared is what each line did before and does now: so
    also a way into such a place that is undone is a way out of it.
    """

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines.filtered(lambda line: line.state == "done")
        done._jxc_check_released({})
        return lines

    def write(self, vals):
        before = {}
        if not DONE_CHANGES.isdisjoint(vals):
            done = self.filtered(lambda line: line.state == "done")
            before = {line: line._jxc_goods() for line in done}
        result = super().write(vals)
        if before:
            self.browse(line.id for line in before)._jxc_check_released(before)
        return result

    def _action_done(self):
        result = super()._action_done()
        self.exists()._jxc_check_released({})
        return result

    def _jxc_goods(self):
        self.ensure_one()
        return Goods(
            self.product_id,
            self.lot_id,
            self.location_id,
            self.location_dest_id,
            self.quantity_product_uom,
        )

    # ----------------------------------------------------------------
    # What is released
    # ----------------------------------------------------------------

    def _jxc_check_released(self, before):
        """Let goods become available only by who may, with a reason that is kept.

        :param before: {line: Goods} of lines that were done and have been changed
        :raise AccessError: without the right to control stock, naming goods and places
        :raise UserError: no reason was given
        """
        releases = []
        outside = self._jxc_gone_defective()
        for line in self:
            if line.product_id.is_storable and not line._jxc_is_decided():
                releases += line._jxc_releases(before.get(line), outside)
        if not releases:
            return
        self._jxc_check_may_release(releases)
        self._jxc_keep_releases([one for one in releases if one.dest])

    def _jxc_is_decided(self):
        """Whether this line does what a document has decided on: hook.

        Extend it for documents that decide by themselves which goods become available.
        """
        return False

    def _jxc_releases(self, before, outside):
        """What this line, or its change, brings from held goods to available ones.

        :param before: Goods before the change; None when the line is new
        :param outside: as :meth:`_jxc_gone_defective` returns it; what comes back of it
            is taken off
        :return: list of Release; without destination what a count takes off held goods
        """
        now = self._jxc_goods()
        effects = defaultdict(lambda: defaultdict(float))
        for goods, sign in ((now, 1), (before, -1)):
            if goods:
                effect = effects[goods.lot]
                effect[self._jxc_origin(goods.source)] -= sign * goods.quantity
                effect[self._jxc_place(goods.dest)] += sign * goods.quantity
        return [
            release
            for lot, effect in effects.items()
            for release in self._jxc_releases_of(lot, effect, now, before, outside)
        ]

    def _jxc_releases_of(self, lot, effect, now, before, outside):
        """The releases among the effects on one lot; see :meth:`_jxc_releases`."""
        ways = [now]
        if before:
            ways.append(before._replace(source=before.dest, dest=before.source))
        sources = [way.source for way in ways]
        dests = [way.dest for way in ways]
        adjusts = self._jxc_is_adjustment()
        taken = max(-effect[HELD], 0.0)
        place = self._jxc_first(sources, HELD)
        # What was lost or scrapped comes back by counting, or by the same decision.
        was_held = before and HELD in map(self._jxc_place, (before.source, before.dest))
        if not adjusts or was_held:
            lost = max(-effect[LOST], 0.0)
            taken += lost
            place = place or self._jxc_first(sources, LOST)
        back = self._jxc_comes_back(max(-effect[GONE], 0.0), was_held, outside)
        if back:
            taken += back
            place = place or self._jxc_first(sources, GONE)
        quantity = min(taken, max(effect[FREE], 0.0))
        if self.product_id.uom_id.compare(quantity, 0) > 0:
            yield Release(self, lot, place, self._jxc_first(dests, FREE), quantity)
        elif adjusts and effect[LOST] > 0 > effect[HELD]:
            nowhere = self.env["stock.location"]
            yield Release(self, lot, place, nowhere, min(effect[LOST], -effect[HELD]))

    def _jxc_first(self, places, kind):
        for place in places:
            if kind in (self._jxc_place(place), self._jxc_origin(place)):
                return place
        return self.env["stock.location"]

    def _jxc_place(self, location):
        """Whether goods of a location are held, for orders, lost or gone; else None."""
        if location.id in location._jxc_held_ids():
            return HELD
        if location.usage == "inventory":
            return LOST
        if location.usage == "internal":
            return FREE
        if location.usage == "transit":
            # What goes back to a vendor that is a sister company has left.
            returned = self.move_id.origin_returned_move_id
            return GONE if returned and location._jxc_is_outgoing() else FREE
        return GONE if location.usage == "supplier" else None

    def _jxc_origin(self, location):
        """As :meth:`_jxc_place`, of where goods come from."""
        if location.usage == "transit" and location._jxc_is_outgoing():
            return GONE
        return self._jxc_place(location)

    def _jxc_is_adjustment(self):
        """Whether this corrects the books to what was counted."""
        move = self.move_id
        return move.is_inventory and not (self.picking_id or move.scrap_id)

    # ----------------------------------------------------------------
    # Who may, and why
    # ----------------------------------------------------------------

    def _jxc_check_may_release(self, releases):
        # Not by superuser rights of the code: somebody answers for it.
        if self.env.user.has_group(CONTROL):
            return
        texts = [release.line._jxc_release_text(release) for release in releases]
        raise AccessError(
            self.env._(
                "%(goods)s\nGoods that are held become available, or are counted off,"
                " by somebody with the right “Stock Control”.",
                goods="\n".join(texts),
            )
        )

    def _jxc_keep_releases(self, releases):
        """Record these releases, and tell of them on their transfers.

        :raise UserError: there is no reason to record
        """
        missing = [
            one.line._jxc_release_text(one)
            for one in releases
            if not one.line._jxc_release_reason()
        ]
        if missing:
            raise UserError(
                self.env._(
                    "%(goods)s\nSay why they become available: enter “%(field)s” on the"
                    " transfer, or the reason of the relocation. It is kept.",
                    goods="\n".join(missing),
                    field=self.env["stock.picking"]
                    ._fields["jxc_release_reason"]
                    ._description_string(self.env),
                )
            )
        if not releases:
            return
        self.env["jxc.stock.freeze"]._jxc_log(
            [one.line._prepare_jxc_release_values(one) for one in releases]
        )
        by_picking = defaultdict(list)
        for one in releases:
            by_picking[one.line.picking_id].append(one)
        for picking, parts in by_picking.items():
            if picking:
                picking._jxc_tell_released(
                    [one.line._jxc_release_text(one) for one in parts],
                    parts[0].line._jxc_release_reason(),
                )

    def _jxc_release_reason(self):
        """Why the goods of this line become available, as the user said it."""
        reason = self.picking_id.jxc_release_reason or self.env.context.get(REASON_KEY)
        return reason.strip() if isinstance(reason, str) else ""

    def _prepare_jxc_release_values(self, release):
        """Values of the record of a release. Called for each one; return a dict."""
        return {
            "kind": "release",
            "product_id": self.product_id.id,
            "location_id": release.source.id,
            "location_dest_id": release.dest.id,
            "lot_id": release.lot.id,
            "package_id": self.package_id.id,
            "owner_id": self.owner_id.id,
            "company_id": self.company_id.id,
            "picking_id": self.picking_id.id,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
            "quantity": release.quantity,
            "reason": self._jxc_release_reason(),
        }

    def _jxc_release_text(self, release):
        product = self.product_id
        text = self.env._(
            "%(product)s%(lot)s: %(quantity)s from %(origin)s to %(dest)s",
            product=product.display_name,
            lot=f" ({release.lot.name})" if release.lot else "",
            quantity=product.jxc_format_qty(product.uom_id.round(release.quantity)),
            origin=release.source.display_name,
            dest=(release.dest or self.location_dest_id).display_name,
        )
        if self._jxc_origin(release.source) != GONE:
            return text
        return self.env._("%s; as much left as defective or to inspect", text)
