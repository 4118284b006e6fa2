# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks

BOSS = "sales_team.group_sale_manager"


class SaleOrder(models.Model):
    """Pre-sales ask for no less money first than the company says.

    Less is an exception: a sales manager confirms it, or order approval lets it pass.
    Judged when an order becomes confirmed and when a confirmed one grows.
    """

    _inherit = "sale.order"

    jxc_terms_guard = fields.Selection(
        selection=[("none", "Nothing"), ("approval", "Needs Approval")],
        string="Control of Terms",
        compute="_compute_jxc_terms",
        compute_sudo=True,
        groups="base.group_user",
    )
    jxc_terms_hint = fields.Text(
        string="Terms Hint",
        compute="_compute_jxc_terms",
        compute_sudo=True,
        groups="base.group_user",
    )
    jxc_terms_gap = fields.Float(
        string="Missing to the Company's Terms",
        compute="_compute_jxc_terms",
        compute_sudo=True,
        groups="base.group_user",
        export_string_translation=False,
    )

    @api.depends(
        "amount_total",
        "company_id.jxc_presale_balance_before",
        "company_id.jxc_presale_deposit_percent",
        "currency_rate",
        "jxc_balance_before",
        "jxc_deposit_amount",
        "jxc_deposit_percent",
        "jxc_sale_mode",
        "partner_id.commercial_partner_id.jxc_sale_mode",
    )
    @api.depends_context("lang")
    def _compute_jxc_terms(self):
        for order in self:
            texts = order._jxc_terms_texts()
            order.jxc_terms_guard = "approval" if texts else "none"
            order.jxc_terms_hint = "\n".join(texts) or False
            order.jxc_terms_gap = order._jxc_terms_missing()

    def _jxc_terms_shortfalls(self):
        """What this pre-sale asks for less than the company does.

        :return: (before goods leave, before stock is reserved), each a pair of what the
            company asks for and what the order does, in company currency
        """
        self.ensure_one()
        if self.jxc_sale_mode != "presale":
            return (0.0, 0.0), (0.0, 0.0)
        company, total = self.company_id.sudo(), self._jxc_company_total()
        deposit = company.currency_id.round(
            total * company.jxc_presale_deposit_percent / 100
        )
        before = total if company.jxc_presale_balance_before else deposit
        return (before, self._jxc_before_delivery()), (deposit, self._jxc_deposit_due())

    def _jxc_terms_missing(self):
        """How much less than the company's terms is paid first, company currency."""
        return max(0.0, *(asked - has for asked, has in self._jxc_terms_shortfalls()))

    def _jxc_terms_texts(self):
        """Why the terms of this order are an exception: a list of texts."""
        order = self.sudo()
        company = order.company_id
        currency, texts = company.currency_id, []
        customer = order.partner_id.commercial_partner_id
        if customer.jxc_sale_mode == "presale" and (
            order.jxc_sale_mode in ("simple", "wholesale")
        ):
            texts.append(
                self.env._(
                    "%s buys as pre-sale: this order lets goods leave unpaid.",
                    customer.display_name,
                )
            )
        (before, has), (deposit, due) = order._jxc_terms_shortfalls()
        if currency.compare_amounts(has, before) < 0:
            texts.append(
                self.env._(
                    "The company asks for %(asked)s before goods leave, this order for"
                    " %(has)s.",
                    asked=order._jxc_money(before),
                    has=order._jxc_money(has),
                )
            )
        if currency.compare_amounts(due, deposit) < 0:
            texts.append(
                self.env._(
                    "The company asks for a deposit of %(asked)s (%(percent)s %%), this"
                    " order for %(has)s.",
                    asked=order._jxc_money(deposit),
                    percent=f"{company.jxc_presale_deposit_percent:g}",
                    has=order._jxc_money(due),
                )
            )
        return texts

    def _jxc_money(self, amount):
        account = self.env["jxc.credit.account"].new({"company_id": self.company_id.id})
        return account._jxc_money(amount)

    # -- who may ------------------------------------------------------------------

    def _jxc_sets_terms(self):
        """Whether who is asking may agree on less than the company's terms.

        Controllers of the portal work as superuser: the request knows who asks.
        """
        if self.env.su and not request:
            return True
        user = request.env.user if self.env.su else self.env.user
        return user.has_group(BOSS)

    def _jxc_terms_are_agreed(self):
        """Whether somebody with the right let, or now lets, these terms pass.

        An order on hold was judged when it was confirmed first, and keeps its terms.
        """
        self.ensure_one()
        if self._jxc_sets_terms() or self.jxc_credit_state == "hold":
            return True
        return any(
            review.status == "approved"
            and (
                "jxc_terms_guard" in (review.definition_id.definition_domain or "")
                or review.done_by.has_group(BOSS)
            )
            for review in self.sudo().review_ids
        )

    def _jxc_terms_tiers(self):
        """The approval tiers in force that apply because of terms."""
        order = self._jxc_engine()
        return order._jxc_definitions()[order.id].filtered(
            lambda tier: (
                "jxc_terms_guard" in (tier.definition_domain or "")
                and order.evaluate_tier(tier)
            )
        )

    def _jxc_terms_refusal(self):
        """Why this order may not be confirmed or changed for its terms, or False."""
        self.ensure_one()
        texts = self._jxc_terms_texts()
        if not texts or self._jxc_terms_are_agreed():
            return False
        account = self.env["jxc.credit.account"]
        if account._jxc_is_outsider():
            return account._jxc_outsider_text()
        return self.env._(
            "%(order)s:\n%(lines)s\nAsk a sales manager to confirm it, or keep to the"
            " terms.",
            order=self.name,
            lines="\n".join(texts),
        )

    # -- control ------------------------------------------------------------------

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        if message or is_history(self.env):
            return message
        refusal = self._jxc_terms_refusal()
        if refusal and not self._jxc_terms_tiers():
            return refusal
        return self._jxc_cash_text()

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._jxc_check_terms()
        return orders

    def write(self, vals):
        """Judge orders that become confirmed, or change while they are on hold.

        :raise UserError: naming what an order asks for less than it has to
        """
        entering = self.browse()
        if vals.get("state") == "sale":
            entering = self.filtered(lambda order: order.state != "sale")
        result = super().write(vals)
        entering._jxc_check_terms()
        return result

    def _jxc_check_terms(self):
        """:raise UserError: money that has to come first does not"""
        if is_history(self.env) or marks.replay_of(self.env):
            return
        for order in self:
            text = order._jxc_terms_refusal() or order._jxc_cash_text()
            if text:
                raise UserError(text)

    @contextmanager
    def _jxc_terms_watch(self):
        """Judge orders of which more is unpaid after a change of lines.

        Those that are confirmed, and those on hold: they keep what they were judged by.

        :raise UserError: see :meth:`_jxc_check_terms`
        """
        before = {}
        if not (is_history(self.env) or marks.replay_of(self.env)):
            before = {
                order: (order._jxc_terms_missing(), order._jxc_cash_missing())
                for order in self
                if order.sudo().jxc_sale_mode in ("presale", "retail")
                and (order.state == "sale" or order.sudo().jxc_credit_state == "hold")
            }
        if not before:
            yield
            return
        # Refused changes are taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            yield
            for order, known in before.items():
                if not order.exists():
                    continue
                noise = order.company_id.currency_id.rounding / 2
                now = (order._jxc_terms_missing(), order._jxc_cash_missing())
                if not any(
                    new > old + noise for new, old in zip(now, known, strict=True)
                ):
                    continue
                if order.state == "sale":
                    order._jxc_check_terms()
                elif not order._jxc_sets_terms():
                    order._jxc_check_waits_on_terms()
