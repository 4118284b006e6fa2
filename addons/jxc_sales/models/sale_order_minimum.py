# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from contextlib import contextmanager
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.language import in_company_lang

NOISE = 1e-6


class Missing(NamedTuple):
    """One minimum that an order does not reach."""

    #: product.template, or empty for the amount of the order
    template: models.BaseModel
    #: in base units, or in company currency
    has: float
    least: float

    @property
    def gap(self):
        """The part of the minimum that is missing: 1 for all of it."""
        return 1 - self.has / self.least


class SaleOrder(models.Model):
    """Wholesale orders (起批) take at least so much, whoever confirms or changes them.

    Judged when an order becomes confirmed, and when a confirmed one shrinks. What may
    be an exception goes through order approval like any other.
    """

    _inherit = "sale.order"

    jxc_minimum_guard = fields.Selection(
        selection=[
            ("none", "Nothing"),
            ("warn", "Warning"),
            ("approval", "Needs Approval"),
            ("block", "Refused"),
        ],
        string="Minimum Order Control",
        compute="_compute_jxc_minimum",
        compute_sudo=True,
        groups="base.group_user",
    )
    jxc_minimum_hint = fields.Text(
        string="Minimum Order Hint",
        compute="_compute_jxc_minimum",
        compute_sudo=True,
        groups="base.group_user",
    )
    jxc_minimum_gap = fields.Float(
        string="Missing to the Minimum Order",
        compute="_compute_jxc_minimum",
        compute_sudo=True,
        groups="base.group_user",
        export_string_translation=False,
    )

    @api.depends(
        "amount_total",
        "company_id",
        "currency_rate",
        "jxc_balance_before",
        "jxc_deposit_amount",
        "jxc_deposit_percent",
        "jxc_sale_mode",
        "jxc_sale_return_id",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
        "partner_id.commercial_partner_id.jxc_sale_mode",
    )
    @api.depends_context("lang")
    def _compute_jxc_minimum(self):
        for order in self:
            missing = order._jxc_below_minimum()
            order.jxc_minimum_guard = (
                order.company_id.jxc_min_order_action if missing else "none"
            )
            order.jxc_minimum_hint = (
                order._jxc_minimum_texts(missing) if missing else False
            )
            order.jxc_minimum_gap = sum(one.gap for one in missing)

    def _jxc_below_minimum(self):
        """The minimums that this order does not reach: a list of :class:`Missing`."""
        self.ensure_one()
        if not self._jxc_has_minimum():
            return []
        order = self.sudo().with_company(self.company_id)
        quantities = Counter()
        for line in order.order_line.filtered(lambda line: line._jxc_is_wholesale()):
            template = line.product_id.product_tmpl_id
            quantities[template] += line.product_uom_id._compute_quantity(
                line.product_uom_qty, template.uom_id, round=False
            )
        missing = [
            Missing(template, quantity, template._jxc_min_order())
            for template, quantity in quantities.items()
            if quantity > 0 and quantity < template._jxc_min_order() - NOISE
        ]
        amount, total = order._jxc_minimum_amount(), order._jxc_company_total()
        currency = order.company_id.currency_id
        if quantities and currency.compare_amounts(total, amount) < 0:
            missing.append(Missing(self.env["product.template"], total, amount))
        return missing

    def _jxc_has_minimum(self):
        """Whether minimums hold for this order: for wholesale, whatever it is called.

        A simple order of a wholesale customer is one; what is paid first is not, nor
        what only replaces goods that came back.
        """
        order = self.sudo()
        if order.company_id.jxc_min_order_action in (False, "none"):
            return False
        customer = order.partner_id.commercial_partner_id
        if "wholesale" not in (order.jxc_sale_mode, customer.jxc_sale_mode):
            return False
        return not (order._jxc_is_paid_first() or order._jxc_only_replaces())

    def _jxc_is_paid_first(self):
        """Whether all of this order is paid before any of it leaves."""
        if self.jxc_sale_mode == "presale":
            total = self._jxc_company_total()
            return total > 0 and self._jxc_before_delivery() >= total
        return self.jxc_sale_mode == "retail"

    def _jxc_only_replaces(self):
        """Whether this order has no more than what replaces returned goods."""
        replaced, ordered = Counter(), Counter()
        for line in self.jxc_sale_return_id.line_ids:
            if line.direction == "out":
                replaced[line.product_id] += line.product_uom_id._compute_quantity(
                    line.product_uom_qty, line.product_id.uom_id, round=False
                )
        for line in self.order_line.filtered(lambda line: line._jxc_is_wholesale()):
            ordered[line.product_id] += line.product_uom_id._compute_quantity(
                line.product_uom_qty, line.product_id.uom_id, round=False
            )
        return bool(replaced) and all(
            quantity <= replaced[product] + NOISE
            for product, quantity in ordered.items()
        )

    def _jxc_minimum_amount(self):
        """What this order is worth at least, in company currency."""
        tier = self.partner_id.commercial_partner_id.jxc_tier_id
        return tier.jxc_min_order_amount or self.company_id.jxc_min_order_amount

    # -- texts --------------------------------------------------------------------

    def _jxc_minimum_texts(self, missing):
        return "\n".join(map(self._jxc_minimum_text, missing))

    def _jxc_minimum_text(self, one):
        template = one.template.with_context(lang=self.env.lang)
        if not template:
            currency = self.company_id.currency_id
            return self.env._(
                "Wholesale orders are worth %(least)s at least, this one %(has)s.",
                least=formatLang(self.env, one.least, currency_obj=currency),
                has=formatLang(self.env, one.has, currency_obj=currency),
            )
        uom = template.jxc_min_order_uom_id or template.uom_id
        has = template.uom_id._compute_quantity(one.has, uom, round=False)
        return self.env._(
            "%(product)s: %(least)s %(unit)s at least, this order has %(has)s.",
            product=template.display_name,
            least=formatLang(self.env, template.jxc_min_order_qty, dp="Product Unit"),
            has=formatLang(self.env, has, dp="Product Unit"),
            unit=uom.name,
        )

    def _jxc_minimum_refusal(self, missing):
        return self.env._(
            "%(order)s is below the minimum order:\n%(lines)s\nOrder more, or sell it"
            " paid first, as retail.",
            order=self.name,
            lines=self._jxc_minimum_texts(missing),
        )

    def _jxc_minimum_without_tier(self, missing):
        return self.env._(
            "%(order)s is below the minimum order:\n%(lines)s\nThis needs approval, but"
            " no tier asks for it: activate the preset for minimum orders (Settings >"
            " Sales), or order more.",
            order=self.name,
            lines=self._jxc_minimum_texts(missing),
        )

    # -- control ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if not is_history(self.env):
            for order in orders.filtered(lambda order: order.state == "sale"):
                order._jxc_settle_minimum(order._jxc_below_minimum())
        return orders

    def write(self, vals):
        """Judge orders that become confirmed.

        :raise UserError: naming what an order has too little of
        """
        if vals.get("state") != "sale" or is_history(self.env):
            return super().write(vals)
        entering = self.filtered(lambda order: order.state != "sale")
        result = super().write(vals)
        for order in entering:
            order._jxc_settle_minimum(order._jxc_below_minimum())
        return result

    def _jxc_settle_minimum(self, missing):
        """Refuse, or let pass, an order that is below a minimum.

        :raise UserError: the company refuses it, or nobody is there to approve it
        """
        if not missing:
            return
        action = self.company_id.sudo().jxc_min_order_action
        if action == "block":
            raise UserError(self._jxc_minimum_refusal(missing))
        if action == "approval" and not self._jxc_minimum_tiers():
            raise UserError(self._jxc_minimum_without_tier(missing))
        if action == "warn":
            kept = in_company_lang(self)
            text = kept._jxc_minimum_texts(missing)
            self.sudo()._message_log(
                body=kept.env._("Below the minimum order:\n%s", text)
            )

    def _jxc_minimum_tiers(self):
        """The approval tiers in force that apply because of minimums."""
        order = self._jxc_engine()
        return order._jxc_definitions()[order.id].filtered(
            lambda tier: (
                "jxc_minimum_guard" in (tier.definition_domain or "")
                and order.evaluate_tier(tier)
            )
        )

    def _jxc_refused_outright(self):
        """Those of these quotations that the company does not confirm at all."""
        return self.filtered(
            lambda order: (
                "block"
                in (order.sudo().jxc_price_guard, order.sudo().jxc_minimum_guard)
            )
        )

    @contextmanager
    def _jxc_minimum_watch(self):
        """Judge confirmed orders that are further below a minimum after a change.

        Where it may be approved, the approval glue takes the order back.

        :raise UserError: see :meth:`_jxc_settle_minimum`
        """
        if is_history(self.env) or marks.replay_of(self.env):
            yield
            return
        before = {
            # Not the field: a setting may have changed since it was worked out.
            order: sum(one.gap for one in order._jxc_below_minimum())
            for order in self
            if order.state == "sale" and order._jxc_has_minimum()
        }
        if not before:
            yield
            return
        # Refused changes are taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            yield
            for order, gap in before.items():
                if order.exists() and order.state == "sale":
                    missing = order._jxc_below_minimum()
                    if sum(one.gap for one in missing) > gap + NOISE:
                        order._jxc_settle_minimum(missing)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _jxc_is_wholesale(self):
        """Whether this line counts for the minimum order of its product."""
        return (
            self._jxc_has_price()
            and self.product_id
            and not self.reward_id
            and self.product_uom_id._has_common_reference(self.product_id.uom_id)
        )
