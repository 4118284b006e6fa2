# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.language import in_company_lang
from ..tools.price import change_percent
from .jxc_price_watch import PRICE_MANAGER

#: Who may agree to less once something is invoiced.
DECIDERS = "sales_team.group_sale_manager"
#: Writing one of these may make what was delivered or invoiced cheaper.
PRICE_FIELDS = {
    "discount",
    "jxc_aux_qty",
    "jxc_is_priced_by_aux",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "tax_ids",
}


class SaleOrderLine(models.Model):
    """What is owed for goods that left, or are invoiced, goes down by a right only.

    Until then who sells is free within the policy of the company. Afterwards a lower
    price is a reduction of a debt (销售折让): sales managers grant it, of what is not
    invoiced yet price managers, too, and it is logged like any change of a price. By
    the order's price it is known what its invoices leave out, see the order.
    """

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Add lines; one that takes off what others owe for, by the right only.

        :raise UserError: goods of the order left, and the user may not grant it
        """
        default_id = self.default_get(["order_id"]).get("order_id")
        order_ids = {vals.get("order_id", default_id) for vals in vals_list}
        orders = self.env["sale.order"].browse(filter(None, order_ids))
        orders = orders._jxc_with_debt()
        if not orders:
            return super().create(vals_list)
        taken_off = orders._jxc_taken_off_by_hand()
        # A refused change is taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            lines = super().create(vals_list)
            orders._jxc_settle_taken_off(taken_off)
        return lines

    def write(self, vals):
        """Keep the price of what left or is invoiced.

        :raise UserError: it would go down, and the user may not grant it
        """
        orders = self.env["sale.order"]
        if PRICE_FIELDS & set(vals):
            orders = self.order_id._jxc_with_debt()
        if not orders:
            return super().write(vals)
        settled = (self & orders.order_line).filtered(
            lambda line: line.qty_delivered > 0 or line._jxc_is_billed()
        )
        before = {line: line._jxc_unit_price() for line in settled}
        ordered = {line: line.product_uom_qty for line in settled}
        taken_off = orders._jxc_taken_off_by_hand()
        # A refused change is taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            result = super().write(vals)
            settled._jxc_settle_reductions(before, ordered)
            orders._jxc_settle_taken_off(taken_off)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_delivered(self):
        """Keep the lines of goods that left, also of an order that was cancelled."""
        gone = self.filtered(lambda line: line.qty_delivered > 0)
        if gone and not gone._jxc_may_reduce() and not gone._jxc_is_replayed():
            raise UserError(gone._jxc_reduction_text())

    # -- what goes down -----------------------------------------------------------

    def _jxc_is_billed(self):
        """Whether a posted invoice bills this line."""
        return any(one.parent_state == "posted" for one in self.sudo().invoice_lines)

    def _jxc_is_replayed(self):
        """Whether the server is at work, or past documents are made."""
        return bool(self.env.su or marks.replay_of(self.env) or is_history(self.env))

    def _jxc_settle_reductions(self, before, ordered):
        """Refuse what got cheaper, or write it down.

        :param before: ``{line: price of one unit, tax and discount included}``
        :param ordered: ``{line: quantity}`` before
        :raise UserError: naming the goods
        """
        cheaper = self.filtered(
            lambda line: (
                # The total of a line is rounded, and so is its part of it.
                (before[line] - line._jxc_unit_price())
                * abs(line.product_uom_qty or line.qty_delivered)
                > line.currency_id.rounding
            )
        )
        if not cheaper:
            return
        more = cheaper.filtered(lambda line: line.product_uom_qty > ordered[line])
        granted = cheaper - more._jxc_at_list_price()
        if granted and not granted._jxc_may_reduce():
            raise UserError(granted._jxc_reduction_text())
        granted._jxc_log_reductions(
            {line: (before[line], line._jxc_unit_price()) for line in granted}
        )

    def _jxc_at_list_price(self):
        """Those of these lines that ask what the price list asks, or more.

        Of a larger quantity that may be less than before. What is billed stays.
        """
        found = self.browse()
        for order, lines in self.grouped("order_id").items():
            judged = [one for one in order._jxc_judged()[order] if one.line in lines]
            for one, listed in order._jxc_listed_amounts(judged).items():
                if order.currency_id.compare_amounts(one.net, listed) >= 0:
                    found |= lines.filtered(lambda line, one=one: line == one.line)
        return found.filtered(lambda line: not line._jxc_is_billed())

    def _jxc_may_reduce(self):
        """Whether the user may let customers owe less for these lines."""
        user = self.env.user
        if user.has_group(DECIDERS):
            return True
        is_billed = any(line._jxc_is_billed() for line in self)
        return user.has_group(PRICE_MANAGER) and not is_billed

    def _jxc_reduction_text(self):
        """Say why these lines may not get cheaper."""
        names = ", ".join(line.product_id.display_name or line.name for line in self)
        if any(line._jxc_is_billed() for line in self):
            return self.env._(
                "%(products)s: this is invoiced already. A sales manager lowers the"
                " price, or you credit the difference.",
                products=names,
            )
        return self.env._(
            "%(products)s: goods of this order left already, and less would be owed"
            " for them. A sales manager or price manager grants that.",
            products=names,
        )

    def _jxc_log_reductions(self, prices):
        """Write into the price log what is asked less for what left.

        :param prices: ``{line: (before, now)}``, in the currency of the order
        """
        reason = self.env.context.get("jxc_price_reason")
        values = []
        for line in self:
            kept = in_company_lang(line.order_id)
            before, now = prices[line]
            values.append(
                {
                    "company_id": line.company_id.id,
                    "product_tmpl_id": line.product_id.product_tmpl_id.id,
                    "what": kept.env._(
                        "%(order)s, %(line)s: after delivery, tax included",
                        order=line.order_id.name,
                        line=line.product_id.display_name or line.name,
                    ),
                    "old_text": line.currency_id.format(before),
                    "new_text": line.currency_id.format(now),
                    "percent": change_percent(before, now),
                    "user_id": self.env.uid,
                    "reason": reason if isinstance(reason, str) else False,
                }
            )
        self.env["jxc.price.log"].sudo().create(values)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _jxc_with_debt(self):
        """Those of these orders of which something left or is billed.

        None where the server is at work: then nobody gives anything away.
        """
        if self.env["sale.order.line"]._jxc_is_replayed():
            return self.browse()
        return self.filtered(
            lambda order: any(
                line.qty_delivered > 0 or (line.qty_invoiced and line._jxc_is_billed())
                for line in order.order_line
            )
        )

    def _jxc_taken_off_by_hand(self):
        """What lines below zero take off these orders; promotions left out.

        :return: ``{order: {line: amount}}``, untaxed, in its currency, not above zero
        """
        return {
            order: {
                line: line.sudo()._jxc_given_by_hand()
                for line in order.order_line
                if line._jxc_has_price() and not line._jxc_is_judged()
            }
            for order in self
        }

    def _jxc_settle_taken_off(self, before):
        """Refuse what takes more off than before, or write it down.

        :param before: as :meth:`_jxc_taken_off_by_hand`
        :raise UserError: naming the lines
        """
        for order, amounts in self._jxc_taken_off_by_hand().items():
            more = sum(amounts.values()) - sum(before[order].values())
            if order.currency_id.compare_amounts(more, 0.0) >= 0:
                continue
            lines = self.env["sale.order.line"].union(
                *(
                    line
                    for line, amount in amounts.items()
                    if amount < before[order].get(line, 0.0)
                )
            )
            if not lines._jxc_may_reduce():
                raise UserError(lines._jxc_reduction_text())
            lines._jxc_log_reductions(
                {line: (before[order].get(line, 0.0), amounts[line]) for line in lines}
            )
