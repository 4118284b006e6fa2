# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_amount

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import sources, token

MANAGER = "jxc_base.group_budget_manager"
SERVER_FIELDS = {
    "amount_used",
    "budget_id",
    "company_id",
    "state",
    "used_at",
    "user_id",
}


class JxcBudgetOverride(models.Model):
    """Leave for one document to take more than a budget line has.

    Somebody with the right gives it, with reason and amount; it counts for this one
    document, and for the orders and bills that follow from it. It is never changed:
    revoke it while it is unused, and give another one.
    """

    _name = "jxc.budget.override"
    _description = "Purchase Budget Override"
    _inherit = ["jxc.budget.document.mixin", "jxc.number.mixin"]
    _order = "id desc"
    _rec_name = "document_name"
    _check_company_auto = True

    line_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.line",
        string="Budget Line",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    budget_id = fields.Many2one(
        related="line_id.budget_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="line_id.company_id",
        store=True,
        index=True,
        precompute=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    res_model = fields.Selection(
        selection=[
            (sources.REQUEST, "Purchase Request"),
            (sources.ORDER, "Purchase Order"),
            (sources.BILL, "Vendor Bill"),
        ],
        string="Document Type",
        required=True,
    )
    res_id = fields.Many2oneReference(
        string="Document",
        model_field="res_model",
        required=True,
    )
    amount = fields.Monetary(
        required=True,
        help="How much the document may take beyond the limit, untaxed, in company"
        " currency.",
    )
    amount_used = fields.Monetary(
        string="Used",
        readonly=True,
        copy=False,
        help="How much of it the document takes now.",
    )
    reason = fields.Text(
        required=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Given by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    date_until = fields.Date(
        string="Valid until",
        help="The last day to use it first. Empty: without end.",
    )
    used_at = fields.Datetime(
        string="Used on",
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        selection=[
            ("open", "Not used yet"),
            ("used", "In use"),
            ("ended", "Given back"),
            ("revoked", "Revoked"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        copy=False,
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)",
        "An override is for an amount above zero.",
    )
    _used_within_amount = models.Constraint(
        "CHECK (COALESCE(amount_used, 0) >= 0 AND COALESCE(amount_used, 0) <= amount)",
        "An override never covers more than its amount.",
    )

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), SERVER_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        """Give overrides.

        :raise AccessError: without the right, or when its use is given as well
        :raise ValidationError: a reason or the document is missing, or the document
            belongs to another company
        """
        self._check_right()
        for vals in vals_list:
            for name in SERVER_FIELDS & set(vals):
                raise AccessError(
                    self.env._(
                        "%(field)s of an override follows from its use and cannot be"
                        " written.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )
        overrides = super().create(vals_list)
        for override in overrides:
            override._check_document()
        return overrides

    def write(self, vals):
        """Refuse changes, whoever asks; see :meth:`action_revoke`.

        :raise UserError: always, but for the budget engine
        """
        if not token.is_engine(self.env):
            raise UserError(
                self.env._(
                    "An override is never changed: revoke it while it is unused, and"
                    " give another one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Overrides stay in the report; revoke what is not used.")
        )

    def _check_right(self):
        """:raise AccessError: the user gives no exceptions to budgets"""
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._(
                    "Only budget managers let a document take more than its budget."
                    " Ask one of them for an override."
                )
            )

    def _check_document(self):
        self.ensure_one()
        if not (self.reason or "").strip():
            raise ValidationError(self.env._("An override needs a reason."))
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise ValidationError(self.env._("The document does not exist."))
        document.check_access("read")
        if document.company_id != self.company_id:
            raise ValidationError(
                self.env._(
                    "%(document)s and %(line)s belong to different companies.",
                    document=document.display_name,
                    line=self.line_id.display_name,
                )
            )
        document.sudo()._message_log(
            body=self.env._(
                "%(user)s lets this take up to %(amount)s beyond the budget %(line)s:"
                " %(reason)s",
                user=self.user_id.name,
                amount=format_amount(self.env, self.amount, self.currency_id),
                line=self.line_id.display_name,
                reason=self.reason,
            )
        )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_revoke(self):
        """Take back overrides that are not used yet.

        :raise AccessError: without the right
        :raise UserError: one is in use, given back or revoked already
        """
        self._check_right()
        self.check_access("read")
        for override in self:
            if override.state != "open":
                raise UserError(
                    self.env._(
                        "The override for %(document)s is not open any more. What is in"
                        " use ends when the document gives its budget back.",
                        document=override.document_name,
                    )
                )
        self._mark().write({"state": "revoked"})
        return True

    def _mark(self):
        # Users have no right to write; they were judged before.
        return self.sudo().with_context(**{token.ENGINE: token.Engine()})

    def _amounts_held(self):
        """Return ``{id: what the document and what follows from it hold there}``."""
        self.env["jxc.budget.entry"].flush_model()
        self.flush_model(["line_id", "res_id", "res_model"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT override.id, COALESCE(SUM(entry.amount), 0)
                  FROM jxc_budget_override override
                  LEFT JOIN jxc_budget_entry entry
                    ON entry.line_id = override.line_id
                   AND ((entry.res_model = override.res_model
                         AND entry.res_id = override.res_id)
                        OR entry.purchase_line_id IN (
                           SELECT line.id
                             FROM purchase_order_line line
                            WHERE override.res_model = 'purchase.order'
                              AND line.order_id = override.res_id
                        UNION ALL
                           SELECT link.order_line_id
                             FROM jxc_purchase_request_link link
                            WHERE override.res_model = 'jxc.purchase.request'
                              AND link.request_id = override.res_id))
                 WHERE override.id = ANY(%s)
                 GROUP BY override.id
                """,
                list(self.ids),
            )
        )
        return {id_: float(amount) for id_, amount in rows}
