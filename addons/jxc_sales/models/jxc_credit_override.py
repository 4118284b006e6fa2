# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.jxc_base.tools.arguments import day_of, text_of
from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.language import in_company_lang


class JxcCreditOverride(models.Model):
    """More credit than the limit says: who gave how much, why and until when.

    A raise is never changed; it ends by itself or is revoked.
    """

    _name = "jxc.credit.override"
    _inherit = ["jxc.number.mixin"]
    _description = "Temporary Credit Raise"
    _order = "until desc, id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        comodel_name="jxc.credit.account",
        string="Credit Account",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="account_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        required=True,
        help="Added to the credit limit.",
    )
    until = fields.Date(
        required=True,
        help="Last day on which the raise counts.",
    )
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Granted By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    revoked = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("valid", "Valid"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)",
        "A temporary raise adds to the limit: its amount must be above zero.",
    )

    @api.depends("until", "revoked")
    def _compute_state(self):
        for raised in self:
            if raised.revoked:
                raised.state = "revoked"
            elif raised._is_valid_on(raised.account_id._jxc_today()):
                raised.state = "valid"
            else:
                raised.state = "expired"

    @api.depends("account_id", "amount")
    def _compute_display_name(self):
        for raised in self:
            name = raised.account_id.display_name or ""
            raised.display_name = f"{name} +{raised.amount:,.2f}"

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"revoked", "user_id"})

    @api.constrains("reason")
    def _check_reason(self):
        """A form insists on the reason, over RPC blanks would do."""
        if not all(text_of(one.reason) for one in self):
            raise ValidationError(self.env._("Say why: the reason is kept."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # Whoever grants it stands for it, whatever a client sends.
            vals.pop("revoked", None)
            day_of(self.env, vals.get("until"))
            vals["user_id"] = self.env.uid
        raises = super().create(vals_list)
        for raised in raises:
            raised._check_until()
            kept = in_company_lang(raised)
            raised.account_id.message_post(
                body=kept.env._(
                    "Limit raised by %(amount)s until %(until)s: %(reason)s",
                    amount=kept.account_id._jxc_money(raised.amount),
                    until=raised.until,
                    reason=raised.reason,
                )
            )
        raises.account_id._jxc_judge_holds_soon()
        return raises

    def write(self, vals):
        if vals != {"revoked": True}:
            raise UserError(
                self.env._(
                    "A temporary raise is not changed: revoke it and grant another."
                )
            )
        return super().write(vals)

    def _check_until(self):
        if self.until < self.account_id._jxc_today():
            raise UserError(
                self.env._(
                    "A temporary raise until %s would be over already.", self.until
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("A temporary raise is kept for the record: revoke it instead.")
        )

    def action_revoke(self):
        """End the raises now; orders already confirmed stay confirmed.

        :raise AccessError: unless the user is a credit manager (access rights)
        """
        valid = self.filtered(lambda raised: not raised.revoked)
        valid.write({"revoked": True})
        for raised in valid:
            kept = in_company_lang(raised)
            raised.account_id.message_post(
                body=kept.env._(
                    "Raise of %(amount)s until %(until)s revoked.",
                    amount=kept.account_id._jxc_money(raised.amount),
                    until=raised.until,
                )
            )
        return True

    def _is_valid_on(self, day):
        """Whether this raise counts on a day."""
        self.ensure_one()
        return not self.revoked and bool(self.until) and self.until >= day
