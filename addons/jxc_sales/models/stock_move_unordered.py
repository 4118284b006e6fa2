# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from contextlib import contextmanager

from odoo import api, models

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.credit import Use
from .stock_move_credit import GOODS_FIELDS, LINE_FIELDS


class StockMove(models.Model):
    """Goods that leave for a customer without an order.

    No order was judged for them, so their delivery is judged as an order and as a
    delivery. They are judged, not counted: no document tells that an invoice without
    order bills them, so they would count beside it for ever.
    """

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        if not any(self._jxc_is_made_done(vals) for vals in vals_list):
            return super().create(vals_list)
        with self.env.cr.savepoint():
            moves = super().create(vals_list)
            moves._jxc_judge_unordered({})
        return moves

    def _jxc_is_made_done(self, vals):
        """Whether a new move has left already, or is added to a delivery that did."""
        picking = self.env["stock.picking"].browse(vals.get("picking_id"))
        return vals.get("state") == "done" or picking.state == "done"

    def write(self, vals):
        if not GOODS_FIELDS & set(vals):
            return super().write(vals)
        moves = self if vals.get("state") == "done" else self._jxc_done()
        with moves._jxc_unordered_watch():
            return super().write(vals)

    @contextmanager
    def _jxc_unordered_watch(self):
        """Judge what a change lets leave without order, beyond what left before.

        :raise UserError: the customer's credit does not allow it
        """
        if not self or marks.settling_of(self.env) or is_history(self.env):
            yield
            return
        before = self._jxc_unordered_worth()
        # Refused changes are taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            yield
            self._jxc_judge_unordered(before)

    def _jxc_unordered(self):
        """Those of these moves that bring goods without order to a customer."""
        # Whoever ships need not be allowed to read orders.
        return self.sudo().filtered(
            lambda move: (
                not move.sale_line_id
                and move._jxc_receiver()
                and move.location_dest_id._jxc_is_outgoing()
                and not move.location_id._jxc_is_outgoing()
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

    def _jxc_receiver(self):
        """The customer these goods go to, as orders and accounts know him."""
        partner = self.picking_id.partner_id or self.partner_id
        return partner.commercial_partner_id

    def _jxc_unordered_worth(self):
        """What those of these moves are worth that have left without order.

        :return: Counter of {(commercial partner id, company id): amount in company
            currency, tax included}
        """
        worth = Counter()
        for move in self._jxc_done()._jxc_unordered():
            worth[move._jxc_receiver().id, move.company_id.id] += (
                move._jxc_sales_worth()
            )
        return worth

    def _jxc_sales_worth(self):
        """What the receiver would be asked for these goods, tax included.

        By his own price list, in company currency.
        """
        self.ensure_one()
        company = self.company_id
        partner = self._jxc_receiver().with_company(company)
        pricelist = partner.property_product_pricelist
        product = self.product_id.with_company(company)
        price = pricelist._get_product_price(
            product,
            self.quantity,
            currency=company.currency_id,
            uom=self.product_uom,
        )
        taxes = product.taxes_id._filter_taxes_by_company(company)
        position = (
            self.env["account.fiscal.position"]
            .with_company(company)
            ._get_fiscal_position(partner)
        )
        return position.map_tax(taxes).compute_all(
            price,
            currency=company.currency_id,
            quantity=self.quantity,
            product=product,
            partner=partner,
        )["total_included"]

    def _jxc_judge_unordered(self, before):
        """Put what left without order before the gate; warn on the deliveries.

        :param before: worth of what had left before, as :meth:`_jxc_unordered_worth`
        :raise UserError: naming each account that does not suffice, or is overdue
        """
        if marks.settling_of(self.env) or is_history(self.env):
            return
        worth = self._jxc_unordered_worth()
        change = Use(
            {
                (customer, "unordered"): amount - before.get(customer, 0.0)
                for customer, amount in worth.items()
                if amount > before.get(customer, 0.0)
            }
        )
        if not change:
            return
        Order = self.env["sale.order"]
        accounts, use = Order._jxc_credit_accounts(change)
        # Nothing of it is in the exposure, neither before nor after.
        warnings = accounts._jxc_credit_take(use, written=Use())
        warnings += self.env["jxc.credit.account"]._jxc_delivery_take(use.net(), {})
        for account, text in dict(warnings).items():
            partners = account._jxc_partners()
            pickings = self._jxc_unordered().picking_id.filtered(
                lambda one, partners=partners: (
                    one.partner_id.commercial_partner_id in partners
                )
            )
            pickings._message_log_batch(bodies=dict.fromkeys(pickings.ids, text))


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
