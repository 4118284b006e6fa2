# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain


class StockMove(models.Model):
    """Goods of pre-sales are reserved for whose deposit came first."""

    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        moves = self
        if self and not force_qty:
            moves = self._jxc_in_deposit_order()
        return super(StockMove, moves)._action_assign(force_qty=force_qty)

    def _jxc_in_deposit_order(self):
        """These moves, with pre-sales in the order of their deposits.

        Pre-sales without deposit are left out. Those that wait for the same goods with
        an earlier deposit come along: nobody is served before them, whichever delivery
        somebody looks for stock for.
        """
        # Asked of all orders at once: hardly any is one.
        orders = self.sudo().sale_line_id.order_id
        presales = self.browse()
        if "presale" in orders.mapped("jxc_sale_mode"):
            presales = self.filtered(lambda move: move._jxc_presale())
        if not presales:
            return self
        ready = presales.filtered(lambda move: move._jxc_presale()._jxc_may_reserve())
        queue = ready | ready._jxc_with_earlier_deposit()
        queue = queue.sorted(
            lambda move: (
                move._jxc_presale().jxc_deposit_paid_at,
                move._jxc_presale().id,
                move.sequence,
                move.id,
            )
        )
        first = next((move for move in self if move in ready), None)
        if first is None:
            return self - presales
        place = self.ids.index(first.id)
        ahead = self[:place] - presales
        return ahead + queue + (self[place:] - presales)

    def _jxc_presale(self):
        """The pre-sale that these goods are on their way to; empty for others."""
        self.ensure_one()
        # Whoever reserves stock need not be allowed to read orders.
        order = self.sudo().sale_line_id.order_id
        if order.jxc_sale_mode != "presale" or self.location_id._jxc_is_outgoing():
            return order.browse()
        return order

    def _jxc_with_earlier_deposit(self):
        """Moves of other pre-sales that wait for the same goods in the same place."""
        if not self:
            return self
        last = max(move._jxc_presale().jxc_deposit_paid_at for move in self)
        moves = self.sudo().search(
            Domain("state", "in", ("confirmed", "partially_available"))
            & Domain("id", "not in", self.ids)
            & Domain("product_id", "in", self.product_id.ids)
            & Domain("location_id", "in", self.location_id.ids)
            & Domain("sale_line_id.order_id.jxc_sale_mode", "=", "presale")
            & Domain("sale_line_id.order_id.jxc_deposit_paid_at", "<=", last)
        )
        moves = moves.filtered(lambda move: move._jxc_presale()._jxc_may_reserve())
        return moves.with_env(self.env)
