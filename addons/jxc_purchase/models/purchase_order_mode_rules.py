# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from fractions import Fraction

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools.coverage import in_base, rounded


class PurchaseOrder(models.Model):
    """What direct, requested, consolidated and drop-shipped orders have to fulfil."""

    _inherit = "purchase.order"

    # ------------------------------------------------------------
    # Direct
    # ------------------------------------------------------------

    def _jxc_check_mode_direct(self):
        """Orders without request or tender stay within what the company allows.

        :raise UserError: naming order, amount and limit
        """
        limited = self.filtered(
            lambda order: order.company_id.jxc_direct_policy != "free"
        )
        together = limited._jxc_direct_together()
        for order in limited:
            company = order.company_id
            currency = company.currency_id
            amount = order._jxc_direct_amount()
            limit = company.jxc_direct_limit
            if company.jxc_direct_policy == "never":
                limit = 0.0
            others = together.get(order, 0.0)
            if currency.compare_amounts(amount + others, limit) <= 0 and limit:
                continue
            if limit and currency.compare_amounts(amount, limit) <= 0:
                raise UserError(order._jxc_split_message(amount, others))
            raise UserError(
                self.env._(
                    "%(order)s: %(amount)s untaxed cannot be bought directly;"
                    " %(company)s allows up to %(limit)s. Make the order from approved"
                    " purchase requests, or ask several vendors in a tender.",
                    order=order.name,
                    amount=format_amount(self.env, amount, currency),
                    company=company.name,
                    limit=format_amount(self.env, limit, currency),
                )
            )

    def _jxc_split_message(self, amount, others):
        company = self.company_id
        currency = company.currency_id
        return self.env._(
            "%(order)s: with what else was bought directly from the same vendor or of"
            " the same products within %(days)s days, %(total)s untaxed would be bought"
            " directly (%(amount)s here, %(others)s before); %(company)s allows up to"
            " %(limit)s. Make the order from approved purchase requests, or ask"
            " several vendors in a tender.",
            order=self.name,
            days=company.jxc_direct_days,
            total=format_amount(self.env, amount + others, currency),
            amount=format_amount(self.env, amount, currency),
            others=format_amount(self.env, others, currency),
            company=company.name,
            limit=format_amount(self.env, company.jxc_direct_limit, currency),
        )

    def _jxc_amount_today(self):
        """Return the untaxed amount of one order in company currency.

        At the rate of today: the rate of the order hangs on a date anybody may write.
        """
        self.ensure_one()
        return self._jxc_today(self.amount_untaxed)

    def _jxc_direct_amount(self):
        """Return what one order takes of the limit of direct purchases.

        What it buys, without lines below zero: whether a rebate comes is known when it
        is billed. One that is sure belongs into the price.
        """
        self.ensure_one()
        bought = self._jxc_mode_lines().mapped("price_subtotal")
        return self._jxc_today(sum(max(amount, 0.0) for amount in bought))

    def _jxc_today(self, amount):
        """Return an amount of the order in company currency at the rate of today."""
        return self.currency_id._convert(
            amount,
            self.company_id.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )

    # ------------------------------------------------------------
    # By request, consolidated
    # ------------------------------------------------------------

    def _jxc_check_mode_request(self):
        """Every line is covered by approved requests, in product and quantity.

        :raise UserError: naming the line, what is ordered and what is covered
        """
        lines = self.sudo()._jxc_mode_lines()._jxc_buying()
        covered = lines._jxc_requested()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in lines:
            unit = in_base(1, line.product_uom_id)
            # What a request asks is rounded up to the decimals of the order's unit.
            step = unit / 10**digits
            percent = Fraction(str(line.company_id.jxc_request_tolerance or 0.0))
            allowed = covered[line] * (1 + percent / 100)
            ordered = in_base(line.product_qty, line.product_uom_id)
            if covered[line] and ordered < allowed + step:
                continue
            raise UserError(
                self.env._(
                    "%(order)s, %(line)s: %(ordered)s %(unit)s are ordered, but"
                    " approved purchase requests cover %(covered)s %(unit)s. Order"
                    " less, ask for more in another request, or choose another"
                    " procurement mode.",
                    order=line.order_id.name,
                    line=line.product_id.display_name or line.name,
                    ordered=rounded(ordered / unit, digits),
                    covered=rounded(covered[line] / unit, digits),
                    unit=line.product_uom_id.name,
                )
            )

    def _jxc_check_mode_consolidated(self):
        """Orders that say they join several requests are made of several.

        Two lines of one request are one need.

        :raise UserError: see :meth:`_jxc_check_mode_request`
        """
        for order in self.sudo():
            asked = order.order_line.jxc_request_link_ids.request_id
            if len(asked) < 2:
                raise UserError(
                    self.env._(
                        "%(order)s is to be a consolidated order, but it is made of"
                        " %(count)s requests. Make one order of several approved"
                        " requests, or choose another procurement mode.",
                        order=order.name,
                        count=len(asked),
                    )
                )
        self._jxc_check_mode_request()

    # ------------------------------------------------------------
    # Drop-ship
    # ------------------------------------------------------------

    def _jxc_check_mode_dropship(self):
        """Goods go to a customer: by a drop-ship operation, to an address.

        What no confirmed sale asks for stays within the limit of direct purchases.

        :raise UserError: naming what is missing
        """
        unsold = self.browse()
        for order in self:
            missing = None
            if order.picking_type_id.code != "dropship":
                missing = self.env._(
                    "an operation of the type “Dropship” to deliver to"
                )
            elif not order.dest_address_id:
                missing = self.env._("the address of the customer to deliver to")
            if missing:
                raise UserError(
                    self.env._(
                        "%(order)s is to be drop-shipped and needs %(missing)s.",
                        order=order.name,
                        missing=missing,
                    )
                )
            if not all(line._jxc_is_sold() for line in order._jxc_mode_lines()):
                unsold |= order
        unsold._jxc_check_mode_direct()
