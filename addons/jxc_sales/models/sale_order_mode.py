# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request

from ..tools.credit import Leave
from ..tools.refusal import Refusal, refused

MODES = [
    ("simple", "Simple"),
    ("wholesale", "Wholesale"),
    ("retail", "Retail"),
    ("presale", "Pre-sale"),
]

#: What was agreed on money before goods; settled when the order is confirmed.
AGREED_FIELDS = {
    "jxc_balance_before",
    "jxc_deposit_amount",
    "jxc_deposit_percent",
    "jxc_sale_mode",
    "jxc_window_from",
}


class SaleOrder(models.Model):
    """Order modes: what has to be paid before goods leave.

    Retail takes no credit: everything. Pre-sale (预售): the deposit, or everything, and
    nothing leaves before the delivery window. Both hold at every delivery.
    """

    _inherit = "sale.order"

    jxc_sale_mode = fields.Selection(
        selection=MODES,
        string="Order Mode",
        compute="_compute_jxc_sale_mode",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        groups="base.group_user",
        help="Retail is paid before goods leave. Pre-sale needs its deposit before. The"
        " customer's mode, or the sales team's, is the default.",
    )
    jxc_deposit_percent = fields.Float(
        string="Deposit (%)",
        compute="_compute_jxc_presale_terms",
        store=True,
        readonly=False,
        precompute=True,
        groups="base.group_user",
    )
    jxc_deposit_amount = fields.Monetary(
        string="Deposit Amount",
        groups="base.group_user",
        help="Instead of a percentage, tax included.",
    )
    jxc_balance_before = fields.Boolean(
        string="Balance before Delivery",
        compute="_compute_jxc_presale_terms",
        store=True,
        readonly=False,
        precompute=True,
        groups="base.group_user",
    )
    jxc_window_from = fields.Date(
        string="Delivery Window",
        copy=False,
        groups="base.group_user",
        help="Goods of a pre-sale do not leave before this day.",
    )
    jxc_window_to = fields.Date(
        string="Delivery Window Ends",
        copy=False,
        groups="base.group_user",
    )
    jxc_amount_before = fields.Monetary(
        string="Due before Delivery",
        currency_field="jxc_company_currency_id",
        compute="_compute_jxc_amount_before",
        compute_sudo=True,
        groups="base.group_user",
    )
    jxc_amount_prepaid = fields.Monetary(
        string="Paid So Far",
        currency_field="jxc_company_currency_id",
        compute="_compute_jxc_amount_before",
        compute_sudo=True,
        groups="base.group_user",
        help="Posted receipts for this order, and what is paid of its invoices.",
    )

    _jxc_deposit_percent_sane = models.Constraint(
        "CHECK (jxc_deposit_percent BETWEEN 0 AND 100)",
        "A deposit is between 0 and 100 %.",
    )
    _jxc_deposit_amount_positive = models.Constraint(
        "CHECK (jxc_deposit_amount >= 0)",
        "A deposit cannot be negative.",
    )
    _jxc_window_order = models.Constraint(
        "CHECK (jxc_window_from <= jxc_window_to)",
        "A delivery window cannot end before it starts.",
    )

    @api.depends("partner_id", "team_id")
    def _compute_jxc_sale_mode(self):
        for order in self:
            if order.state == "sale":
                order.jxc_sale_mode = order.jxc_sale_mode or "simple"
                continue
            order.jxc_sale_mode = (
                order.partner_id.commercial_partner_id.jxc_sale_mode
                or order.team_id.jxc_sale_mode
                or "simple"
            )

    @api.depends("company_id")
    def _compute_jxc_presale_terms(self):
        for order in self:
            # What was agreed on stays, whatever the company asks by now.
            if order.state == "sale":
                order.jxc_deposit_percent = order.jxc_deposit_percent
                order.jxc_balance_before = order.jxc_balance_before
                continue
            company = order.company_id
            order.jxc_deposit_percent = company.jxc_presale_deposit_percent
            order.jxc_balance_before = company.jxc_presale_balance_before

    @api.depends(
        "jxc_balance_before",
        "jxc_deposit_amount",
        "jxc_deposit_percent",
        "jxc_sale_mode",
        "amount_total",
        "currency_rate",
    )
    def _compute_jxc_amount_before(self):
        for order in self:
            order.jxc_amount_before = order._jxc_before_delivery()
        self.filtered("jxc_amount_before")._jxc_read_payments()
        for order in self:
            order.jxc_amount_prepaid = (
                order._jxc_covered() if order.jxc_amount_before else 0.0
            )

    def write(self, vals):
        if AGREED_FIELDS & set(vals):
            self._jxc_check_still_open(vals)
        if "jxc_sale_mode" in vals:
            self._jxc_check_waits_as_judged(vals["jxc_sale_mode"])
        result = super().write(vals)
        if AGREED_FIELDS & set(vals) and not self._jxc_sets_terms():
            self._jxc_check_waits_on_terms()
        return result

    def _jxc_check_waits_on_terms(self):
        """Keep orders on hold from terms that nobody would have confirmed.

        :raise UserError: naming the order; sales managers may
        """
        for order in self.filtered(lambda order: order.jxc_credit_state == "hold"):
            texts = order._jxc_terms_texts()
            if texts:
                raise UserError(
                    self.env._(
                        "%(order)s is on hold:\n%(lines)s\nOnly a sales manager"
                        " changes it to that.",
                        order=order.name,
                        lines="\n".join(texts),
                    )
                )

    def _jxc_check_waits_as_judged(self, mode):
        """Keep orders on hold of who buys retail only from becoming others.

        :raise UserError: naming the order; sales managers may
        """
        if self.env.su or self.env.user.has_group("sales_team.group_sale_manager"):
            return
        for order in self:
            customer = order.partner_id.commercial_partner_id
            waits = order.jxc_credit_state == "hold"
            if waits and mode != "retail" and customer.jxc_sale_mode == "retail":
                raise UserError(order._jxc_retail_only_text())

    def _jxc_check_still_open(self, vals):
        """Keep the terms under which an order was confirmed.

        :raise UserError: naming the confirmed orders
        """
        settled = self.filtered(
            lambda order: (
                order.state == "sale"
                and any(
                    order[name] != vals[name]
                    for name in (AGREED_FIELDS - {"jxc_window_from"}) & set(vals)
                )
            )
        )
        if settled:
            raise UserError(
                self.env._(
                    "%s is confirmed: mode and deposit are settled. Cancel the order"
                    " and set it to quotation to change them.",
                    ", ".join(settled.mapped("name")),
                )
            )
        if "jxc_window_from" in vals and not self._jxc_sets_terms():
            self._jxc_check_window(fields.Date.to_date(vals["jxc_window_from"]))

    def _jxc_check_window(self, day):
        """Keep goods of a confirmed order from leaving earlier than agreed.

        :raise UserError: naming the orders; sales managers may
        """
        earlier = self.filtered(
            lambda order: (
                order.state == "sale"
                and order.jxc_window_from
                and (not day or day < order.jxc_window_from)
            )
        )
        if earlier:
            raise UserError(
                self.env._(
                    "%s is confirmed: only a sales manager lets its delivery window"
                    " start earlier.",
                    ", ".join(earlier.mapped("name")),
                )
            )

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        customer = self.partner_id.commercial_partner_id
        if message or customer.jxc_sale_mode != "retail":
            return message
        if self.jxc_sale_mode == "retail" or self._jxc_may_sell_otherwise():
            return message
        if self.env["jxc.credit.account"]._jxc_is_outsider():
            return self.env["jxc.credit.account"]._jxc_outsider_text()
        return self._jxc_retail_only_text()

    def _jxc_retail_only_text(self):
        return self.env._(
            "%(customer)s buys retail only: set the mode of %(order)s to Retail, or"
            " ask a sales manager to confirm it.",
            customer=self.partner_id.commercial_partner_id.display_name,
            order=self.name,
        )

    def _jxc_may_sell_otherwise(self):
        """Whether who confirms may sell on credit to who buys retail only.

        Controllers of the portal work as superuser, also for a salesperson who signs
        in the customer's place: the request knows who asks. An order that waits for a
        credit manager or an approval was judged when it was confirmed first.
        """
        waits = self.jxc_credit_state == "hold" or self.jxc_confirm_on_approval
        if waits or (self.env.su and not request):
            return True
        user = request.env.user if self.env.su else self.env.user
        return user.has_group("sales_team.group_sale_manager")

    # -- money before goods -------------------------------------------------------

    def _jxc_before_delivery(self):
        """What has to be paid before goods leave, in company currency."""
        self.ensure_one()
        total = self._jxc_company_total()
        if self.jxc_sale_mode == "retail":
            return total
        if self.jxc_sale_mode != "presale":
            return 0.0
        if self.jxc_balance_before:
            return total
        return self._jxc_deposit_due()

    def _jxc_mode_leave(self):
        """Leave for an order of which nothing can leave unpaid.

        Only goods wait at the door: with a service the order is held to the limit. So
        is one of which goods are gone that are not paid, as they got dearer since, and
        every order where the company exempts none that is paid first.
        """
        self.ensure_one()
        if not self.company_id.sudo().jxc_credit_exempt_prepaid:
            return None
        lines = self.order_line.filtered(lambda line: not line.display_type)
        wait = all(line.qty_delivered_method == "stock_move" for line in lines)
        total = self._jxc_company_total()
        is_first = wait and total > 0 and self._jxc_before_delivery() >= total
        if is_first and not self._jxc_cash_text():
            return Leave(is_full=True)
        return None

    def _jxc_check_paid_before(self):
        """Let goods leave only when paid and due, as the mode says.

        :raise UserError: naming the orders, what is due and what was paid
        """
        texts, customers = [], set()
        for order in self.sudo():
            text = order._jxc_unpaid_text()
            if text:
                texts.append(text)
                customers.add((order.jxc_credit_partner_id.id, order.company_id.id))
        if texts:
            raise refused("\n".join(texts), Refusal(frozenset(customers), holds=False))

    def _jxc_unpaid_text(self):
        account = self.env["jxc.credit.account"].new({"company_id": self.company_id.id})
        start = self.jxc_window_from if self.jxc_sale_mode == "presale" else False
        if start and account._jxc_today() < start:
            return self.env._(
                "%(order)s: the delivery window starts on %(day)s.",
                order=self.name,
                day=start,
            )
        due = self._jxc_before_delivery()
        paid = self._jxc_covered() if due else 0.0
        if account.currency_id.compare_amounts(paid, due) >= 0:
            return False
        return self.env._(
            "%(order)s: %(due)s has to be paid before goods leave, %(paid)s is."
            " Register a receipt for this order, or the payment of its down payment.",
            order=self.name,
            due=account._jxc_money(due),
            paid=account._jxc_money(paid),
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    jxc_sale_mode = fields.Selection(
        selection=MODES,
        string="Order Mode",
        groups="base.group_user",
        help="Of new orders. A customer who buys retail only is confirmed otherwise by"
        " sales managers.",
    )


class CrmTeam(models.Model):
    _inherit = "crm.team"

    jxc_sale_mode = fields.Selection(
        selection=MODES,
        string="Order Mode",
        help="Of new orders, where the customer has none.",
    )
