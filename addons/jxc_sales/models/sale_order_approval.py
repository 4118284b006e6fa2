# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.jxc_base.tools.approval import OPEN, SKIP
from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.importing import is_history

from ..tools.costs import COST_WORDS, asker_tells_costs, tells_costs
from ..tools.language import in_company_lang

#: What goes on with a quotation while it is being decided on: the customer signs and
#: pays, it is sent, its credit is judged. None of it changes what is decided.
HARMLESS_FIELDS = {
    "activity_ids",
    "client_order_ref",
    "jxc_confirm_on_approval",
    "jxc_credit_held_at",
    "jxc_credit_hold_amount",
    "jxc_credit_hold_reason",
    "jxc_credit_state",
    "message_ids",
    "pending_email_template_id",
    "signature",
    "signed_by",
    "signed_on",
    "state",
    "tag_ids",
    "transaction_ids",
}


class SaleOrder(models.Model):
    """Orders that are exceptions go through approval tiers, the others confirm at once.

    Confirming an order that tiers apply to asks for their reviews instead; it stays the
    quotation that it is, signed or paid, and is confirmed by the last approval. Asking
    before the customer agreed (*Request Approval*) approves without confirming.
    """

    _name = "sale.order"
    # First, so that it judges what all the others did to the order.
    _inherit = ["tier.validation", "sale.order"]

    _state_from = ["draft", "sent"]
    _state_to = ["sale"]
    _cancel_state = "cancel"
    _jxc_hands_field = "jxc_hand_ids"

    jxc_hand_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jxc_sale_order_hand_rel",
        string="Also Offered by",
        help="Who lowered a price, raised a quantity or the like of somebody else's"
        " order. They do not approve it.",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    jxc_confirm_on_approval = fields.Boolean(
        string="Confirmed by the Last Approval",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    jxc_over_credit = fields.Boolean(
        string="Over Credit",
        compute="_compute_jxc_over_credit",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("jxc_credit_hint")
    def _compute_jxc_over_credit(self):
        leaves = self._jxc_credit_leaves()
        for order in self:
            order.jxc_over_credit = bool(order.jxc_credit_hint) and order not in leaves

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        return own_defaults(self, defaults, {"jxc_confirm_on_approval"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_confirm_mark(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_confirm_mark(vals)
        return super().write(vals)

    def _jxc_check_confirm_mark(self, vals):
        """:raise UserError: a client says that an order was asked to be confirmed"""
        if vals.get("jxc_confirm_on_approval") and not self.env.su:
            raise UserError(
                self.env._("Confirm the order: it asks for the approvals it needs.")
            )

    # -- approval glue ------------------------------------------------------------

    def _jxc_requesters(self):
        return super()._jxc_requesters() | self.user_id

    def _jxc_transition_fields(self):
        return super()._jxc_transition_fields() | {"locked"}

    @api.model
    def _get_under_validation_exceptions(self):
        return super()._get_under_validation_exceptions() + list(HARMLESS_FIELDS)

    def _jxc_approval_summary(self):
        self.ensure_one()
        parts = [
            self.partner_id.display_name,
            format_amount(self.env, self.amount_total, self.currency_id),
        ]
        if self.jxc_discount_percent > 0:
            parts.append(
                self.env._(
                    "Below the price list by %s%% at most",
                    f"{self.jxc_discount_percent:.1f}",
                )
            )
        # Whoever decides on it has to know why.
        parts.append(self.sudo().jxc_price_hint)
        parts.append(self.sudo().jxc_minimum_hint)
        parts.append(self.sudo().jxc_terms_hint)
        if self.jxc_over_credit:
            parts.append(self.jxc_credit_hint)
        products = self.order_line.product_id.mapped("display_name")
        parts.append(", ".join(products[:5]) + ("…" if len(products) > 5 else ""))
        return "\n".join(filter(None, parts))

    @api.depends_context("uid")
    def _compute_need_validation(self):
        """Tell of tiers that judge costs to who sees them; others ask by confirming."""
        result = super()._compute_need_validation()
        if tells_costs(self.env):
            return result
        for order in self.filtered("need_validation"):
            engine = order._jxc_engine()
            order.need_validation = any(
                engine.evaluate_tier(tier)
                for tier in engine._jxc_definitions()[order.id]
                if not order._jxc_judges_costs(tier)
            )
        return result

    def _jxc_judges_costs(self, tier):
        """Whether this tier applies, or does not, because of costs."""
        condition = tier.definition_domain or ""
        if any(word in condition for word in COST_WORDS):
            return True
        return "jxc_price_guard" in condition and self.jxc_price_guard == "none"

    def _jxc_price_tiers(self):
        order = self._jxc_engine()
        return order._jxc_definitions()[order.id].filtered(
            lambda tier: (
                "jxc_price_guard" in (tier.definition_domain or "")
                and order.evaluate_tier(tier)
            )
        )

    def _jxc_asks_for_prices(self):
        order = self._jxc_engine()
        return any(
            "jxc_price_guard" in (tier.definition_domain or "")
            for tier in order._jxc_definitions()[order.id]
        )

    # -- asking -------------------------------------------------------------------

    def action_confirm(self):
        """Confirm the orders that nothing stands against; ask for approval of others.

        :return: what the platform returns; with orders that wait or are refused, the
            action that shows which and why
        :raise UserError: when none of them was confirmed or could ask for approval
        """
        candidates = self.filtered(lambda order: order.state in ("draft", "sent"))
        if is_history(self.env):
            candidates = candidates.browse()
        candidates._jxc_read_ahead()
        refused = candidates._jxc_refused_outright()
        if refused and len(self) == 1 and not self._jxc_is_customer():
            return super().action_confirm()  # Says why not.
        refused |= (candidates - refused)._jxc_margins_without_tier()
        unapproved = (candidates - refused)._jxc_unapproved()
        lines = refused._jxc_refuse_prices() + unapproved._jxc_ask_to_confirm()
        rest = self - refused - unapproved
        if rest.sudo().review_ids:
            # Promotions are brought up to date; whether that widens is judged.
            rest = rest.with_context(skip_validation_check=SKIP)
        if not (refused or unapproved):
            return super(SaleOrder, rest).action_confirm()
        if rest:
            result = super(SaleOrder, rest).action_confirm()
            shown = result.get("params", {}) if isinstance(result, dict) else {}
            lines += filter(None, [shown.get("message")])
        return self._jxc_notification(lines, self.env._("Not confirmed yet"))

    def _jxc_read_ahead(self):
        """Read at once what the checks and the platform ask one by one."""
        orders = self.sudo()
        if not orders:
            return
        orders._jxc_read_approvals()
        partners = orders.partner_id | orders.partner_invoice_id
        partners |= orders.partner_shipping_id | orders.company_id.partner_id
        (partners | orders.user_id.partner_id).mapped("commercial_partner_id")

    def _jxc_is_customer(self):
        """Whether it is the customer who confirms: by a signature or a payment."""
        return self.env.user.share

    def _jxc_margins_without_tier(self):
        """Orders whose margin needs approval that no tier asks for.

        Each try of who sees no costs is written down instead of raising an error.
        A return orders its replacement with superuser rights: who asked for it counts.
        """
        if asker_tells_costs(self.env):
            return self.browse()
        return self.filtered(
            lambda order: (
                order.sudo().jxc_price_guard == "approval"
                and not order._jxc_asks_for_prices()
                and not any(one.is_below for one in order._jxc_judged()[order])
            )
        )

    def _jxc_refuse_prices(self):
        """Leave orders with refused prices as they are; return what to tell."""
        texts = []
        for order in self:
            found = [one for one in order._jxc_judged()[order] if one.is_below]
            texts.append(order._jxc_price_reason(found))
            kept = in_company_lang(order)
            text = kept._jxc_price_reason(found)
            if order._jxc_is_customer():
                order._jxc_tell_salesman(text)
            else:
                order.sudo()._message_log(body=kept.env._("Not confirmed: %s", text))
        return texts

    def _jxc_price_reason(self, found):
        """Why this order is refused for prices; nothing of margins."""
        text = self._jxc_price_texts(found)
        if found:
            return self._jxc_price_refusal(text)
        if self.sudo().jxc_minimum_guard == "block":
            return self._jxc_minimum_refusal(self._jxc_below_minimum())
        return self._jxc_no_tier_text(text)

    def _jxc_ask_to_confirm(self):
        """Open the reviews of orders that somebody, or the customer, wants confirmed.

        :return: texts that say so
        :raise UserError: something else is wrong with an order, nobody may decide one
            of its tiers, or it was rejected; its customer never sees that
        """
        for order in self:
            # What is wrong with it anyway is no matter for reviewers.
            message = order._confirmation_error_message()
            if message:
                raise UserError(message)
        texts = []
        for order in self:
            if not order._jxc_is_customer():
                order._jxc_ask_once()
            else:
                order._jxc_ask_for_customer()
            texts.append(order.env._("%s waits for approval.", order.name))
        return texts

    def _jxc_ask_once(self):
        """Open the reviews of this order that are missing."""
        if "rejected" in self.sudo().review_ids.mapped("status"):
            raise UserError(
                self.env._(
                    "%s was rejected: take it back and change it first.", self.name
                )
            )
        self._jxc_lacking_reviews().request_validation()
        self.sudo().jxc_confirm_on_approval = True

    def _jxc_ask_for_customer(self):
        """The same in the name of the salesperson, who stands for the order."""
        order = self.with_user(self.sudo().user_id.id or SUPERUSER_ID).sudo()
        order = in_company_lang(order)
        text = order.env._(
            "The customer wants this order. It waits for approval, and is confirmed"
            " when it is approved."
        )
        try:
            with self.env.cr.savepoint():
                order._jxc_ask_once()
        except UserError as error:
            order.invalidate_recordset()
            text = order.env._(
                "The customer wants this order, but it cannot be confirmed: %s",
                error.args[0],
            )
        order._jxc_tell_salesman(text)

    def _jxc_tell_salesman(self, text):
        """Tell the salesperson, in the chatter that customers do not see."""
        self.ensure_one()
        order = self.with_user(SUPERUSER_ID)
        order.message_post(
            body=text,
            partner_ids=order.user_id.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _jxc_lacking_reviews(self):
        """Return the orders that tiers apply to and whose reviews are not open yet."""
        stale = self.filtered(
            lambda order: (
                order.sudo().review_ids
                and not any(r.status in OPEN for r in order.sudo().review_ids)
            )
        )
        # Approved once, but not for what the order is now.
        stale._jxc_engine()._jxc_log_dropped_reviews()
        stale._jxc_engine().review_ids.unlink()
        stale.invalidate_recordset(["review_ids"])
        self._jxc_forget_need()
        return self.filtered(lambda order: order.sudo().need_validation)

    def restart_validation(self):
        """Drop the reviews, to change the quotations and ask again."""
        result = super().restart_validation()
        self.sudo().filtered("jxc_confirm_on_approval").jxc_confirm_on_approval = False
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.sudo().filtered("jxc_confirm_on_approval").jxc_confirm_on_approval = False
        return result
