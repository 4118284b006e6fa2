# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .stock_quant_freeze import QUANT_KEY

SUSPECTS_KEY = "jxc_suspects"
TAKING = object()


class Suspects:
    """Goods of which a running operation took more than was free.

    Collected while the platform works, judged at its end: in between a quant may be
    short for a moment. Compared by class: no client can put it into its context.
    """

    def __init__(self):
        self.line = None  # the move line at work
        self.taken = {}  # goods: (product, location, lot, package, owner) -> move line

    def add(self, goods):
        self.taken.setdefault(goods, self.line)


class StockQuant(models.Model):
    """What must stay in its place: frozen goods, and stock that must not be negative.

    The platform skips a quant that another transaction has locked and makes
    another one, so that nobody waits. Where a limit is at stake everybody waits: the
    one who comes second meets a changed row, and the platform starts his request
    again.
    """

    _inherit = "stock.quant"

    @api.model
    def _update_available_quantity(
        self,
        product_id,
        location_id,
        quantity=False,
        reserved_quantity=False,
        lot_id=None,
        package_id=None,
        owner_id=None,
        in_date=None,
    ):
        quants = self
        watched = quantity and quantity < 0
        watched = watched and location_id.usage in ("internal", "transit")
        if watched and self._jxc_negative_policy(product_id, location_id) == "block":
            quants = self.with_context(jxc_taking=TAKING)
        available, in_date = super(StockQuant, quants)._update_available_quantity(
            product_id,
            location_id,
            quantity=quantity,
            reserved_quantity=reserved_quantity,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            in_date=in_date,
        )
        if watched and quants._jxc_short(
            product_id, location_id, lot_id, package_id, owner_id
        ):
            suspects = self.env.context.get(SUSPECTS_KEY)
            collected = isinstance(suspects, Suspects)
            if not collected:
                suspects = Suspects()
            suspects.add((product_id, location_id, lot_id, package_id, owner_id))
            if not collected:
                self._jxc_judge(suspects)
        return available, in_date

    def _jxc_short(self, product, location, lot, package, owner):
        """Whether less than the frozen quantity, or less than nothing, is left.

        While lines are done the platform keeps the quants at hand: this asks nothing.
        """
        found = self.sudo()._gather(
            product,
            location,
            lot_id=lot,
            package_id=package,
            owner_id=owner,
            strict=True,
        )
        if lot:
            found = found.filtered("lot_id")
        left = sum(quant.quantity - quant.jxc_frozen_quantity for quant in found)
        return product.uom_id.compare(left, 0) < 0

    def try_lock_for_update(self, *, allow_referencing=False, limit=None):
        if not (self and limit == 1 and allow_referencing):
            return super().try_lock_for_update(
                allow_referencing=allow_referencing, limit=limit
            )
        if self.env.context.get("jxc_taking") is TAKING or any(
            quant.jxc_frozen_quantity for quant in self
        ):
            self._jxc_lock_rows(SQL("NO KEY UPDATE"))
            return self[:1]
        locked = super().try_lock_for_update(allow_referencing=True, limit=1)
        if not locked:
            # Passes by those who take or reserve, but waits for somebody who freezes.
            self._jxc_lock_rows(SQL("KEY SHARE"))
        return locked

    def _jxc_lock_rows(self, strength):
        """Lock all these quants, the oldest first; wait where they are locked."""
        self.env.execute_query(
            SQL(
                "SELECT id FROM stock_quant WHERE id IN %s ORDER BY id FOR %s",
                tuple(sorted(self.ids)) or (0,),
                strength,
            )
        )

    @api.model
    def _jxc_negative_policy(self, product, location):
        """What to do when stock gets negative: allow, warn or block."""
        if location.usage not in ("internal", "transit"):
            return "allow"
        product = product.sudo().with_company(location.company_id)
        policy = product.product_tmpl_id.jxc_negative_stock
        return policy or location.sudo().warehouse_id.jxc_negative_stock or "allow"

    # ----------------------------------------------------------------
    # The judgement at the end of an operation
    # ----------------------------------------------------------------

    @api.model
    def _jxc_judge(self, suspects):
        """Refuse what was taken from frozen goods or below zero.

        :param suspects: Suspects of the operation that ends
        :raise UserError: naming every product, place and quantity
        """
        if not suspects.taken:
            return
        stock = self._jxc_stock_of(suspects.taken)
        refused, warned = [], []
        for goods, line in suspects.taken.items():
            quantity, frozen = stock.get(_ids(goods), (0.0, 0.0))
            compare = goods[0].uom_id.compare
            if compare(frozen, 0) > 0 and compare(quantity, frozen) < 0:
                if not self._jxc_take_frozen_along(goods, frozen - quantity, line):
                    refused.append(self._jxc_frozen_message(goods, quantity, frozen))
                    continue
            if compare(quantity, 0) < 0:
                policy = self._jxc_negative_policy(goods[0], goods[1])
                if policy == "block":
                    refused.append(self._jxc_negative_message(goods, quantity))
                elif policy == "warn":
                    warned.append((goods, quantity, line))
        if refused:
            raise UserError("\n".join(refused))
        if warned:
            self._jxc_warn_negative(warned)

    @api.model
    def _jxc_stock_of(self, taken):
        """{ids of goods: (quantity, frozen quantity)} of these goods."""
        products = {goods[0].id for goods in taken}
        locations = {goods[1].id for goods in taken}
        groups = self.sudo()._read_group(
            [("product_id", "in", products), ("location_id", "in", locations)],
            QUANT_KEY,
            ["quantity:sum", "jxc_frozen_quantity:sum"],
        )
        return {_ids(group[:5]): (group[5] or 0.0, group[6] or 0.0) for group in groups}

    @api.model
    def _jxc_take_frozen_along(self, goods, amount, line):
        """Let frozen goods go where they are no better off, and keep a record of it.

        Who may control stock brings them to a place for goods to inspect or defective
        goods of the same company; there they are not for orders either.

        :return: whether they may go
        """
        target = line.location_dest_id if line else self.env["stock.location"]
        if (
            target.usage != "internal"
            or target.company_id != goods[1].company_id
            or target.jxc_status == "available"
            or not self.env.user.has_group("jxc_stock.group_stock_control")
        ):
            return False
        quants = self.sudo().search(
            [
                *(
                    (name, "=", id_)
                    for name, id_ in zip(QUANT_KEY, _ids(goods), strict=True)
                ),
                ("jxc_frozen_quantity", ">", 0),
            ]
        )
        amounts = {}
        for quant in quants:
            amounts[quant] = min(amount, quant.jxc_frozen_quantity)
            amount -= amounts[quant]
        amounts = {quant: part for quant, part in amounts.items() if part}
        reason = self.env._("Moved to %s", target.display_name)
        self._jxc_change_frozen(amounts, "unfreeze", reason)
        return True

    @api.model
    def _jxc_frozen_message(self, goods, quantity, frozen):
        product, location, lot = goods[:3]
        missing = frozen - quantity
        return self.env._(
            "%(product)s%(lot)s in %(location)s: %(frozen)s are frozen, %(missing)s"
            " more than would be left. Unfreeze them, take other goods or take less.",
            product=product.display_name,
            lot=f" ({lot.name})" if lot else "",
            location=location.display_name,
            frozen=product.jxc_format_qty(product.uom_id.round(frozen)),
            missing=product.jxc_format_qty(product.uom_id.round(missing)),
        )

    @api.model
    def _jxc_negative_message(self, goods, quantity):
        product, location, lot = goods[:3]
        return self.env._(
            "%(product)s%(lot)s in %(location)s: %(missing)s are missing. Negative"
            " stock is blocked here: receive or count the goods first, take them from"
            " another place, or take less.",
            product=product.display_name,
            lot=f" ({lot.name})" if lot else "",
            location=location.display_name,
            missing=product.jxc_format_qty(product.uom_id.round(-quantity)),
        )

    @api.model
    def _jxc_warn_negative(self, warned):
        """Tell people on the transfer and on the screen; raise alerts."""
        texts = []
        for goods, quantity, line in warned:
            product, location, lot = goods[:3]
            text = self.env._(
                "%(product)s%(lot)s in %(location)s is negative now: %(quantity)s.",
                product=product.display_name,
                lot=f" ({lot.name})" if lot else "",
                location=location.display_name,
                quantity=product.jxc_format_qty(product.uom_id.round(quantity)),
            )
            texts.append(text)
            if line and line.picking_id:
                line.picking_id.sudo().message_post(body=text)
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "title": self.env._("Negative Stock"),
                "message": "\n".join(texts),
            },
        )
        self.env["jxc.stock.alert"]._jxc_scan_products(
            {goods[0].id for goods, _quantity, _line in warned}
        )


def _ids(goods):
    """Ids of the records that name goods; missing ones are False."""
    return tuple(record.id if record else False for record in goods)
