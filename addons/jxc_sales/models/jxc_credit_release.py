# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.approval import SKIP
from odoo.addons.jxc_base.tools.arguments import text_of
from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.credit import Leave
from ..tools.language import in_company_lang

#: Settled by who releases, and by the server.
SERVER_FIELDS = {"company_id", "customer_id", "is_full", "state", "user_id"}


class JxcCreditRelease(models.Model):
    """One order may go beyond its customer's credit: who let it, how far, and why.

    In full it covers the order as it was when released, up to an amount it adds so much
    to the limit, for this order only. Where approval tiers apply, it waits for them.
    """

    _name = "jxc.credit.release"
    _description = "Release from Credit Hold"
    _inherit = ["jxc.number.mixin", "tier.validation", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _state_from = ["requested"]
    _state_to = ["granted"]
    _cancel_state = "revoked"

    # Not check_company: the company follows from it, and none would leave no choice.
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="order_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Owed By",
        readonly=True,
        help="The release counts while this customer owes for the order.",
    )
    amount = fields.Monetary(
        help="How far the order may go beyond the limit. Left at 0: in full, as the"
        " order is now.",
    )
    is_full = fields.Boolean(
        string="In Full",
        readonly=True,
    )
    until = fields.Date(
        help="Last day on which the release counts. Empty: no end.",
    )
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Released By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        selection=[
            ("requested", "To Approve"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("revoked", "Revoked"),
        ],
        required=True,
        readonly=True,
        default="requested",
        copy=False,
        tracking=True,
    )

    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)",
        "A release adds to the limit: its amount cannot be negative.",
    )

    @api.depends("order_id", "amount")
    def _compute_display_name(self):
        for release in self:
            name = release.order_id.name or ""
            release.display_name = f"{name} +{release.amount:,.2f}"

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), SERVER_FIELDS)

    @api.constrains("reason")
    def _check_reason(self):
        """A form insists on the reason, over RPC blanks would do."""
        if not all(text_of(one.reason) for one in self):
            raise ValidationError(self.env._("Say why: the reason is kept."))

    @api.model_create_multi
    def create(self, vals_list):
        prepared = []
        for vals in vals_list:
            # Whoever releases stands for it, whatever a client sends.
            vals = {key: value for key, value in vals.items() if key != "review_ids"}
            order = self.env["sale.order"].browse(self._order_id_of(vals))
            order._jxc_check_may_release(vals.get("until"))
            order = order.sudo()
            prepared.append(
                {
                    **vals,
                    "state": "requested",
                    "user_id": self.env.uid,
                    "customer_id": order.jxc_credit_partner_id.id,
                    "is_full": not vals.get("amount"),
                    "amount": vals.get("amount") or order._jxc_company_total(),
                }
            )
        self._take_orders({vals.get("order_id") for vals in vals_list})
        releases = super().create(prepared)
        for release in releases:
            if release.sudo().need_validation:
                # Managers create releases and change none; asking is not changing.
                release.sudo().request_validation()
                release._tell(release.env._("Release asked for: %s", release.reason))
            else:
                release.sudo()._grant()
        return releases

    @api.model
    def _order_id_of(self, vals):
        """:raise ValidationError: for a release of nothing"""
        order_id = vals.get("order_id")
        if not isinstance(order_id, int) or isinstance(order_id, bool):
            raise ValidationError(self.env._("Say which order is released."))
        return order_id

    def _jxc_number_owner(self, vals):
        order = self.order_id or self.env["sale.order"].browse(self._order_id_of(vals))
        return order.sudo().display_name

    @api.model
    def _take_orders(self, order_ids):
        """Have two who release the same order in one moment do it one after the other.

        Each would find the order in use by the other and leave it on hold. The later
        one is repeated, and finds it released.
        """
        ids = sorted(filter(None, order_ids))
        if ids:
            self.env["sale.order"].browse(ids).flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE sale_order SET write_date = write_date WHERE id = ANY(%s)",
                    ids,
                )
            )

    def write(self, vals):
        keeps = {"message_follower_ids", "message_ids", "activity_ids"}
        if not self.env.su and set(vals) - keeps:
            raise UserError(
                self.env._(
                    "A release is not changed: revoke it and release the order anew."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("A release is kept for the record: revoke it instead.")
        )

    def action_revoke(self):
        """End the releases now; what is confirmed or delivered stays so.

        :raise AccessError: unless the user is a credit manager
        """
        self.order_id._jxc_check_credit_manager()
        self.check_access("read")
        releases = self.sudo().filtered(lambda release: release.state != "revoked")
        releases._set_state("revoked")
        for release in releases:
            release._tell(in_company_lang(release).env._("Release revoked."))
            order = release.order_id
            if order.jxc_credit_state == "released" and not order._jxc_releases():
                order.jxc_credit_state = "free"
        return True

    # -- steps --------------------------------------------------------------------

    def _grant(self):
        """Let the order go on; with superuser rights, after the user was judged."""
        self._set_state("granted")
        for release in self:
            kept = in_company_lang(release)
            if release.is_full:
                text = kept.env._("Released in full: %s", release.reason)
            else:
                text = kept.env._(
                    "Released up to %(amount)s beyond the limit: %(reason)s",
                    amount=kept._money(),
                    reason=release.reason,
                )
            release._tell(text)
            release.order_id._jxc_go_on_released()

    def _set_state(self, state):
        # A release under review takes no other changes.
        self.with_context(skip_validation_check=SKIP).write({"state": state})

    def _tell(self, text):
        self.sudo().order_id.message_post(body=text, subtype_xmlid="mail.mt_note")

    def _money(self):
        account = self.env["jxc.credit.account"].new({"company_id": self.company_id.id})
        return account._jxc_money(self.amount)

    def _leave(self):
        """What these valid releases of one order allow, see tools/credit.py."""
        full = self.filtered("is_full")
        order = self.order_id
        if full and order._jxc_company_total() <= max(full.mapped("amount")):
            return Leave(is_full=True)
        extra = sum((self - full).mapped("amount"))
        return Leave(extra=extra) if extra else None

    def _get_valid_domain(self, company):
        """Return the domain of the releases that count today."""
        today = self.env["jxc.credit.account"].new({"company_id": company.id})
        return Domain("state", "=", "granted") & (
            Domain("until", "=", False) | Domain("until", ">=", today._jxc_today())
        )

    # -- approval glue ------------------------------------------------------------

    def _jxc_states_before_approval(self):
        return super()._jxc_states_before_approval() | {"refused"}

    def _jxc_requesters(self):
        return super()._jxc_requesters() | self.user_id

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        done = self._validated_states()
        for release in self.sudo().filtered(lambda one: one.state == "requested"):
            reviews = release.review_ids
            if reviews and all(review.status in done for review in reviews):
                release._grant()
        return result

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        for release in self.sudo().filtered(lambda one: one.state == "requested"):
            if "rejected" in release.review_ids.mapped("status"):
                release._set_state("refused")
                release._tell(release.env._("Release refused."))
        return result
