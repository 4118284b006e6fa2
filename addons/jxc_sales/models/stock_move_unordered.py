# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.credit import Use
from .stock_move_credit import GOODS_FIELDS, LINE_FIELDS


class StockMove(models.Model):
    """Goods that leave for a customer without an order.

    No order was judged for them, so their delivery is judged as an order and as a
    delivery, by what it adds to the exposure: what is billed already adds nothing.
    """

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        if not any(self._jxc_is_made_done(vals) for vals in vals_list):
            return super().create(vals_list)
        partners = self.env["res.partner"]
        for vals in vals_list:
            partners |= partners.browse(vals.get("partner_id"))
            picking = self.env["stock.picking"].browse(vals.get("picking_id"))
            partners |= picking.partner_id
        with self.env.cr.savepoint():
            before = self._jxc_counted_before(partners)
            moves = super().create(vals_list)
            moves._jxc_check_receiver_named({})
            moves._jxc_record_unordered()
            moves._jxc_judge_unordered(before)
        return moves

    def _jxc_is_made_done(self, vals):
        """Whether a new move has left already, or is added to a delivery that did."""
        picking = self.env["stock.picking"].browse(vals.get("picking_id"))
        return vals.get("state") == "done" or picking.state == "done"

    def write(self, vals):
        if not GOODS_FIELDS & set(vals):
            return super().write(vals)
        moves = self if vals.get("state") == "done" else self._jxc_done()
        with moves._jxc_unordered_watch(set(vals)):
            return super().write(vals)

    @contextmanager
    def _jxc_receiver_watch(self, partner_id):
        """Judge goods that left already, of which only now is said who got them.

        :param partner_id: who is named on their deliveries
        :raise UserError: his credit does not allow it
        """
        moves = self.filtered(lambda move: not move._jxc_receiver())
        moves = moves._jxc_maybe_unordered(frozenset())
        if not moves:
            yield
            return
        partner = self.env["res.partner"].browse(partner_id)
        before = moves._jxc_counted_before(partner)
        with self.env.cr.savepoint():
            yield
            moves._jxc_record_unordered()
            moves._jxc_judge_unordered(before)

    @contextmanager
    def _jxc_unordered_watch(self, names=frozenset()):
        """Judge what a change lets leave without order, beyond what left before.

        :param names: fields that are written on the moves
        :raise UserError: the customer's credit does not allow it
        """
        moves = self._jxc_maybe_unordered(names)
        if not moves:
            yield
            return
        asked = moves.with_env(self.env)
        gone = {move: move.quantity for move in asked._jxc_nameless()}
        if marks.settling_of(self.env) or is_history(self.env):
            yield
            asked._jxc_check_receiver_named(gone)
            moves._jxc_record_unordered()
            return
        before = moves._jxc_counted_before()
        # Refused changes are taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            yield
            asked._jxc_check_receiver_named(gone)
            moves._jxc_record_unordered()
            moves._jxc_judge_unordered(before)

    def _jxc_nameless(self):
        """Those of these moves that left for a customer whom nothing names."""
        moves = self.sudo().filtered(
            lambda move: (
                move.state == "done"
                and not move.sale_line_id
                and not move._jxc_receiver()
                and move.location_dest_id.usage == "customer"
                and not move.location_id._jxc_is_outgoing()
                and not move._jxc_is_from_till()
                and not move._jxc_is_from_session()
                and not move._jxc_is_of_tills()
            )
        )
        return moves.with_env(self.env)

    def _jxc_check_receiver_named(self, gone):
        """Goods that leave without order leave for somebody: his credit is asked.

        Not for what the server does by itself, and not for what left before.

        :param gone: ``{move: quantity}`` that left before for nobody named
        :raise UserError: naming the delivery
        """
        if self.env.su or is_history(self.env):
            return
        for move in self._jxc_nameless():
            if move.product_uom.compare(move.quantity, gone.get(move, 0.0)) > 0:
                raise UserError(
                    self.env._(
                        "%(delivery)s: goods leave for a customer, without an order and"
                        " without saying for whom. Enter the customer on the delivery.",
                        delivery=move.picking_id.name or move.display_name,
                    )
                )

    def _jxc_maybe_unordered(self, names):
        """Those of these moves that bring goods without order, or back, before or after
        these fields are written."""
        if "sale_line_id" in names or {"location_id", "location_dest_id"} & names:
            return self
        # Whoever ships need not be allowed to read orders.
        return self.sudo().filtered(
            lambda move: not move.sale_line_id and move._jxc_touches_customer()
        )

    def _jxc_counted_before(self, partners=None):
        """What goods without order count of the customers of these moves.

        :param partners: of moves that are not there yet
        :return: as ``_jxc_open_by_customer`` of the goods
        """
        moves = self.sudo()
        if partners is None:
            back = moves.origin_returned_move_id
            partners = (moves | back).picking_id.partner_id
            partners |= (moves | back).partner_id
        return self.env["jxc.credit.unordered"]._jxc_open_by_customer(partners)

    def _jxc_unordered(self):
        """Those of these moves that bring goods without order to a customer."""
        # Whoever ships need not be allowed to read orders.
        return self.sudo().filtered(
            lambda move: (
                not move.sale_line_id
                and move._jxc_receiver()
                and move._jxc_reaches_customer()
                and not move._jxc_is_from_till()
            )
        )

    def _jxc_is_from_till(self):
        """Whether a point of sale sold these goods: its order was judged, or paid."""
        if "pos_order_id" not in self.picking_id._fields:
            return False
        order = self.picking_id.pos_order_id
        return (
            self.product_id in order.lines.product_id
            and order.partner_id == self.picking_id.partner_id
        )

    def _jxc_is_from_session(self):
        """Whether a session of a point of sale sold these goods, for all its orders."""
        if "pos_session_id" not in self.picking_id._fields:
            return False
        lines = self.picking_id.pos_session_id.order_ids.lines
        return self.product_id in lines.product_id

    def _jxc_is_of_tills(self):
        """Whether goods leave by the operation type of a point of sale.

        It ships first and says of which session only afterwards.
        """
        if "pos.config" not in self.env:
            return False
        # sudo: who ships need not know the tills
        domain = [("picking_type_id", "=", self.picking_type_id.id)]
        tills = self.env["pos.config"].sudo().with_context(active_test=False)
        return bool(tills.search(domain, limit=1))

    def _jxc_receiver(self):
        """The customer these goods go to, as orders and accounts know him."""
        partner = self.picking_id.partner_id or self.partner_id
        return partner.commercial_partner_id

    def _jxc_judge_unordered(self, before):
        """Put what these moves add to the exposure before the gate; warn on them.

        :param before: what their customers' goods counted, as
            :meth:`_jxc_counted_before`
        :raise UserError: naming each account that does not suffice, or is overdue
        """
        if marks.settling_of(self.env) or is_history(self.env):
            return
        after = self._jxc_counted_before()
        # Also who adds nothing: of two that an invoice covers, only one does so.
        known = self.env["jxc.credit.account"]._jxc_accounts_of({*before, *after})
        self.env["jxc.credit.unordered"]._jxc_hold(known.values())
        change = Use(
            {
                (customer, "delivered"): after[customer] - before[customer]
                for customer in {*before, *after}
            }
        )
        if not any(change.values()):
            return
        Order = self.env["sale.order"]
        accounts, use = Order._jxc_credit_accounts(change)
        warnings = accounts._jxc_credit_take(use)
        nets = use.net()
        warnings += accounts._jxc_delivery_take(nets, nets)
        for account, text in dict(warnings).items():
            partners = account._jxc_partners()
            pickings = self._jxc_unordered().picking_id.filtered(
                lambda one, partners=partners: (
                    one.partner_id.commercial_partner_id in partners
                )
            )
            pickings._message_log_batch(bodies=dict.fromkeys(pickings.ids, text))
        if any(amount < 0 for amount in change.values()):
            accounts._jxc_judge_holds_soon()


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["stock.move"].browse(
            filter(None, (vals.get("move_id") for vals in vals_list))
        )
        with moves._jxc_done()._jxc_unordered_watch():
            return super().create(vals_list)

    def write(self, vals):
        if not LINE_FIELDS & set(vals):
            return super().write(vals)
        moves = self.move_id
        if vals.get("move_id"):
            moves |= moves.browse(vals["move_id"])
        with moves._jxc_done()._jxc_unordered_watch():
            return super().write(vals)
