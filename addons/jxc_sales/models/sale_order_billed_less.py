# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.arguments import text_of
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools.language import in_company_lang
from .jxc_credit_unordered_query import LEAST_SHARE

#: Who accepts that less is billed than was agreed, as for goods without order.
ACCEPTERS = "jxc_base.group_credit_manager"


class SaleOrder(models.Model):
    """How far the invoices of an order stay below what was agreed.

    The price of an order is agreed; an invoice that asks for less changes no agreement.
    So the difference is owed until it is invoiced, the order itself gets cheaper, or a
    credit manager accepts it.
    """

    _inherit = "sale.order"

    jxc_billed_less = fields.Monetary(
        string="Billed Below the Order",
        compute="_compute_jxc_billed_less",
        compute_sudo=True,
        groups="base.group_user",
        help="What posted invoices ask less for the quantities they bill than the order"
        " agreed. It counts in the customer's exposure.",
    )
    jxc_billed_less_accepted = fields.Monetary(
        string="Accepted Below the Order",
        readonly=True,
        copy=False,
        groups="base.group_user",
        prefetch=RARELY_READ,
        help="What a credit manager accepted that invoices ask less than the order.",
    )

    @api.depends("jxc_credit_delivered")
    def _compute_jxc_billed_less(self):
        for order in self:
            order.jxc_billed_less = order._jxc_billed_less()

    @api.depends(
        "jxc_billed_less_accepted",
        "jxc_credit_partner_id",
        "order_line.invoice_lines.parent_state",
        "order_line.invoice_lines.price_total",
    )
    def _compute_jxc_credit(self):
        return super()._compute_jxc_credit()

    def _jxc_billed_less(self):
        """What invoices ask less for what they bill, and nobody accepted.

        Judged on the whole order, so that lines which replace each other need nobody's
        leave. Only invoices to whom the order is owed by bill anything, and to whoever
        shares that one's credit account.

        :return: order currency, tax included, never negative
        """
        self.ensure_one()
        posted = {
            line: line.invoice_lines.filtered(lambda one: one.parent_state == "posted")
            for line in self.order_line
            if not line.display_type and not line._jxc_is_deposit()
        }
        if not any(posted.values()):
            return 0.0
        # Every order line and every invoice is rounded once.
        missing, roundings = 0.0, 1
        since = self.company_id.sudo().jxc_billed_after or 0
        billing = self.env["account.move.line"]
        for line, items in posted.items():
            # Invoices from before this was judged bill what they bill.
            new = items.filtered(lambda one: one.id > since)
            if new:
                missing += line._jxc_agreed_for(new)
                roundings += 1 + len(new)
                billing |= new
        if not billing:
            return 0.0
        missing -= sum(self._jxc_asked_by(billing).values())
        missing -= self.jxc_billed_less_accepted
        return missing if missing > self.currency_id.rounding * roundings else 0.0

    def _jxc_asked_by(self, lines):
        """What invoice lines ask for, less what other lines there take off again.

        :param lines: account.move.line of this order, posted
        :return: ``{account.move: amount}`` in order currency, credit notes below zero
        """
        asked = {}
        for move, own in lines.grouped("move_id").items():
            if not self._jxc_is_billed_by(move):
                continue
            amount = sum(
                one.price_total / len(one.sale_line_ids.order_id) for one in own
            )
            amount += self._jxc_taken_off(move) * self._jxc_share_of(move, own)
            date = move.invoice_date or self.date_order
            asked[move] = -move.direction_sign * move.currency_id._convert(
                amount * self._jxc_kept_by_rate(move, date),
                self.currency_id,
                self.company_id,
                date,
                round=False,
            )
        return asked

    @staticmethod
    def _jxc_kept_by_rate(move, date):
        """The share of an invoice that the rate entered on it leaves.

        People agree on rates. One that leaves less than the least share of what the
        day's makes of it is none, but gives goods away.
        """
        own = move.company_id.currency_id
        if move.currency_id == own or not move.invoice_currency_rate:
            return 1.0
        day = move.currency_id._convert(1, own, move.company_id, date, round=False)
        share = 1 / move.invoice_currency_rate / day
        return share if share < LEAST_SHARE else 1.0

    @staticmethod
    def _jxc_taken_off(move):
        """What lines of an invoice that belong to no order take off the others.

        Goods without order that a return credits are its own.

        :return: currency of the invoice, never positive
        """
        if move.move_type == "out_refund":
            return 0.0
        loose = move.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and not line._jxc_sale_orders()
                and not (move.jxc_sale_return_id and line.quantity < 0)
            )
        )
        return min(0.0, sum(loose.mapped("price_total")))

    @staticmethod
    def _jxc_share_of(move, own):
        """The share of some lines in what an invoice asks for orders."""
        ordered = move.invoice_line_ids.filtered("sale_line_ids")
        total = sum(max(0.0, line.price_total) for line in ordered)
        if not total:
            return 1.0 / max(1, len(ordered.sale_line_ids.order_id))
        return sum(max(0.0, line.price_total) for line in own) / total

    # -- accepting ------------------------------------------------------------------

    def action_jxc_accept_billed_less(self, reason):
        """Let the customer owe no more than posted invoices ask for.

        :param reason: kept in the chatter
        :raise AccessError: the user is not a credit manager, or may not see the order
        :raise UserError: without reason, or nothing is billed below the order
        """
        self._jxc_check_accepter()
        reason = text_of(reason)
        if not reason:
            raise UserError(self.env._("Say why less is billed than was agreed."))
        for order in self.sudo():
            amount = order._jxc_billed_less()
            if not amount:
                raise UserError(
                    self.env._(
                        "%s: its invoices ask for what was agreed.", order.display_name
                    )
                )
            order.jxc_billed_less_accepted += amount
            kept = in_company_lang(order)
            order.with_env(self.env).sudo().message_post(
                body=kept.env._(
                    "Accepted that invoices ask for %(amount)s less than the order:"
                    " %(reason)s",
                    amount=order.currency_id.format(amount),
                    reason=reason,
                ),
                subtype_xmlid="mail.mt_note",
            )
        self.env["jxc.credit.account"]._jxc_judge_holds_soon()
        return True

    def action_jxc_ask_accept_billed_less(self):
        """Open the question why less is billed than was agreed."""
        self._jxc_check_accepter()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accept the Lower Invoices"),
            "res_model": "jxc.sale.billed.less",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _jxc_check_accepter(self):
        """:raise AccessError: the user may not see these orders, or not accept"""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(ACCEPTERS):
            raise AccessError(
                self.env._(
                    "That less is billed than was agreed is accepted by credit"
                    " managers."
                )
            )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _jxc_is_deposit(self):
        """Whether this line stands for a down payment, and no goods."""
        return self.is_downpayment and not (self.product_uom_qty or self.qty_delivered)

    def _jxc_agreed_for(self, billing):
        """What was agreed for the quantities that invoice lines bill.

        :param billing: account.move.line, some of the posted ones of this line
        :return: order currency, tax included; credit notes taken off
        """
        price, progress = self._jxc_priced_progress()
        posted = self.invoice_lines.filtered(lambda one: one.parent_state == "posted")
        total = self._jxc_quantity_on(posted)
        if self.product_uom_qty < 0:
            most = min(progress.ordered, progress.delivered)
            within = max(total, most)
        else:
            most = max(progress.ordered, progress.delivered + progress.returned)
            within = min(total, most)
        # What is billed beyond the order was not agreed.
        return (within - self._jxc_quantity_on(posted - billing)) * price

    def _jxc_quantity_on(self, lines):
        """A quantity on invoice lines, credit notes taken off; not rounded.

        In this line's unit, or in its auxiliary unit where that one is priced.
        """
        total = 0.0
        for one in lines:
            if self.jxc_is_priced_by_aux and self.jxc_aux_qty:
                quantity = one.jxc_aux_qty
            else:
                quantity = one.product_uom_id._jxc_convert(
                    one.quantity, self.product_uom_id
                )
            total += -one.move_id.direction_sign * quantity
        return total
