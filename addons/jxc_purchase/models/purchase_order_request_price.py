# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools.coverage import in_base
from .purchase_order_approval import MANAGER


class PurchaseOrder(models.Model):
    """Who approves a request approves what it is going to cost.

    An order of the request may cost more by the percentage that the company allows.
    Beyond that somebody decides who may: a purchase manager, or the reviewers of the
    order's approval tiers. Where a tier asks about it, see the preset for it, that is
    somebody else than who made the order, also of a manager's own orders. A request
    without a price says nothing about the price.
    """

    _inherit = "purchase.order"

    jxc_over_request_percent = fields.Float(
        string="Above the Requests (%)",
        digits=(16, 2),
        compute="_compute_jxc_over_request_percent",
        compute_sudo=True,
        groups="base.group_user",
        help="By how much the line that is furthest above it costs more than its"
        " approved requests estimate: untaxed, in company currency at the rate of"
        " today.",
    )

    @api.depends(
        "company_id",
        "currency_id",
        "order_line.jxc_request_link_ids.quantity",
        "order_line.price_subtotal",
        "order_line.product_id",
        "order_line.product_qty",
        "order_line.product_uom_id",
        "state",
    )
    def _compute_jxc_over_request_percent(self):
        lines = self.order_line.filtered("jxc_request_link_ids")
        estimated = lines._jxc_estimated()
        for order in self:
            most = 0.0
            for line in order.order_line:
                approved = estimated.get(line, 0.0)
                amount = order._jxc_today(line.price_subtotal) if approved else 0.0
                # A price in another unit is rounded.
                if amount - approved > order.company_id.currency_id.rounding:
                    most = max(most, (amount / approved - 1) * 100)
            order.jxc_over_request_percent = most

    def _jxc_check_mode_request(self):
        """Nor does a line cost much more than its requests estimated.

        :raise UserError: naming line, amount, what was approved, and ways out
        """
        super()._jxc_check_mode_request()
        limited = self.filtered(
            lambda order: order.company_id.jxc_request_price_policy == "limit"
        )
        lines = limited.sudo()._jxc_mode_lines()._jxc_buying()
        estimated = lines._jxc_estimated()
        decided = {}
        for line in lines:
            order = line.order_id
            company = order.company_id
            if line not in estimated:
                continue
            approved = estimated[line]
            amount = order._jxc_today(line.price_subtotal)
            allowed = approved * (1 + (company.jxc_request_price_tolerance or 0) / 100)
            # A price in another unit is rounded.
            allowed += company.currency_id.rounding
            if company.currency_id.compare_amounts(amount, allowed) <= 0:
                continue
            if order not in decided:
                decided[order] = order.with_env(self.env)._jxc_price_is_decided()
            if decided[order]:
                continue
            raise UserError(
                self.env._(
                    "%(order)s, %(line)s: %(amount)s untaxed is more than"
                    " %(percent)s %% above %(approved)s, which the approved purchase"
                    " requests estimate for it. Have a purchase manager confirm the"
                    " order, request it anew at this price, or find a lower one.",
                    order=order.name,
                    line=line.product_id.display_name or line.name,
                    amount=format_amount(self.env, amount, company.currency_id),
                    percent=f"{company.jxc_request_price_tolerance or 0:g}",
                    approved=format_amount(self.env, approved, company.currency_id),
                )
            )

    def _jxc_price_is_decided(self):
        """Whether somebody who may decides on the price of this order, or did.

        An order that waits for its approval is judged again when it is approved.
        """
        self.ensure_one()
        if self.env.user.has_group(MANAGER):
            return True
        if self.state != "purchase" and not self._approval_allowed():
            return True
        reviews = self.sudo().review_ids
        return bool(reviews) and set(reviews.mapped("status")) <= {
            "approved",
            "forwarded",
        }


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_estimated(self):
        """Return ``{order line: what approved requests estimate for all of it}``.

        Untaxed, in company currency, for the quantity of the order line. Requests
        without a price neither raise nor lower what the others say; a line is missing
        where none has a price.
        """
        served = self._jxc_serve_requests()
        amounts = defaultdict(Fraction)
        quantities = defaultdict(Fraction)
        for link, (share, _came) in served.items():
            asked = link.request_line_id
            unit = in_base(1, asked.product_uom_id)
            if asked.decision == "approved" and asked.price_unit > 0 and unit:
                line = link.order_line_id
                quantities[line] += share
                amounts[line] += share * Fraction(str(asked.price_unit)) / unit
        return {
            line: float(
                amounts[line]
                / quantities[line]
                * in_base(line.product_qty, line.product_uom_id)
            )
            for line in self
            if quantities[line]
        }
