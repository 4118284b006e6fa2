# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class JxcApprovalDelegation(models.Model):
    """Somebody decides approvals in somebody else's place, between two dates.

    A delegate acts for the reviewer who is named by the tier, never for somebody who
    received the tier by delegation himself, and never on a document that he requested.
    Both days are included and are days of the delegator's time zone.
    """

    _name = "jxc.approval.delegation"
    _inherit = ["mail.thread"]
    _description = "Approval Delegation"
    _order = "date_from desc, id desc"

    delegator_id = fields.Many2one(
        comodel_name="res.users",
        string="Reviewer",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    delegate_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
        tracking=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_to = fields.Date(string="To", required=True, tracking=True)
    scope = fields.Selection(
        selection=[
            ("all", "All documents"),
            ("types", "Only some kinds of documents"),
        ],
        required=True,
        default="all",
        tracking=True,
    )
    document_type_ids = fields.Many2many(
        comodel_name="jxc.approval.document.type",
        relation="jxc_approval_delegation_type_rel",
        column1="delegation_id",
        column2="model_id",
        string="Kinds of Documents",
        tracking=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self.env.company,
        index="btree_not_null",
        tracking=True,
        help="Leave empty to delegate in all companies.",
    )
    reason = fields.Char()
    active = fields.Boolean(default=True, tracking=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)",
        "A delegation cannot end before it begins.",
    )
    _two_persons = models.Constraint(
        "CHECK (delegator_id <> delegate_id)",
        "A delegation needs two different persons.",
    )

    @api.depends("delegator_id", "delegate_id")
    def _compute_display_name(self):
        for delegation in self:
            if not (delegation.delegate_id and delegation.delegator_id):
                delegation.display_name = False
                continue
            delegation.display_name = self.env._(
                "%(delegate)s for %(delegator)s",
                delegate=delegation.delegate_id.name,
                delegator=delegation.delegator_id.name,
            )

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("delegator_id", "delegate_id", "company_id")
    def _check_persons(self):
        for delegation in self.sudo():
            for user in delegation.delegator_id | delegation.delegate_id:
                if user.share or not user.active:
                    raise ValidationError(
                        self.env._(
                            "%(user)s cannot take part in a delegation: only active "
                            "internal users can.",
                            user=user.name,
                        )
                    )
                if delegation.company_id - user.company_ids:
                    raise ValidationError(
                        self.env._(
                            "%(user)s does not work in %(company)s. Choose another "
                            "person or company.",
                            user=user.name,
                            company=delegation.company_id.name,
                        )
                    )

    @api.constrains("scope", "document_type_ids")
    def _check_scope(self):
        for delegation in self:
            if delegation.scope == "types" and not delegation.document_type_ids:
                raise ValidationError(
                    self.env._("Choose at least one kind of document to delegate.")
                )

    @api.constrains(
        "delegator_id",
        "delegate_id",
        "date_from",
        "date_to",
        "scope",
        "document_type_ids",
        "company_id",
        "active",
    )
    def _check_overlap(self):
        """The same pair has one delegation at a time for the same documents."""
        living = self.filtered("active").sudo()
        others = self.sudo().search(
            Domain("delegator_id", "in", living.delegator_id.ids)
            & Domain("delegate_id", "in", living.delegate_id.ids)
        )
        for delegation in living:
            twin = others.filtered(delegation._jxc_overlaps)[:1]
            if twin:
                raise ValidationError(
                    self.env._(
                        "%(delegation)s is already delegated from %(start)s to "
                        "%(end)s. Change that delegation or choose other dates.",
                        delegation=delegation.display_name,
                        start=format_date(self.env, twin.date_from),
                        end=format_date(self.env, twin.date_to),
                    )
                )

    def _jxc_overlaps(self, other):
        """Tell whether two delegations say the same thing for one day at least."""
        same_pair = (self.delegator_id, self.delegate_id) == (
            other.delegator_id,
            other.delegate_id,
        )
        return (
            self != other
            and same_pair
            and self.date_from <= other.date_to
            and other.date_from <= self.date_to
            and (
                "all" in (self.scope, other.scope)
                or bool(self.document_type_ids & other.document_type_ids)
            )
            and (
                not self.company_id
                or not other.company_id
                or self.company_id == other.company_id
            )
        )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        delegations._check_may_delegate()
        return delegations

    def write(self, vals):
        self._check_may_delegate()
        result = super().write(vals)
        self._check_may_delegate()
        return result

    def _check_may_delegate(self):
        """A reviewer delegates for himself, an administrator for everybody.

        :raise AccessError: for anybody else
        """
        user = self.env.user
        if self.env.su or user.has_group("base.group_system"):
            return
        if self.delegator_id - user:
            raise AccessError(
                self.env._(
                    "You may delegate your own approvals only. Ask an administrator to "
                    "delegate somebody else's."
                )
            )

    # ------------------------------------------------------------
    # What is in effect
    # ------------------------------------------------------------

    @api.model
    def _jxc_in_effect(self, delegates=None, delegators=None):
        """Return the delegations in effect now, with superuser rights.

        :param delegates: only those received by these users
        :param delegators: only those given by these users
        """
        today = fields.Date.today()
        # The day is judged per delegator below; no time zone is further away than this.
        domain = Domain("date_from", "<=", today + timedelta(days=1)) & Domain(
            "date_to", ">=", today - timedelta(days=1)
        )
        if delegates is not None:
            domain &= Domain("delegate_id", "in", delegates.ids)
        if delegators is not None:
            domain &= Domain("delegator_id", "in", delegators.ids)
        delegations = self.sudo().with_context(active_test=True).search(domain)
        return delegations.filtered(lambda one: one._jxc_is_in_effect())

    def _jxc_is_in_effect(self):
        delegator = self.delegator_id
        zone = delegator.tz or delegator.company_id.partner_id.tz or "UTC"
        # Not the context's zone: the client chooses that one.
        today = fields.Datetime.context_timestamp(
            self.with_context(tz=zone), fields.Datetime.now()
        ).date()
        return (
            delegator.active
            and self.delegate_id.active
            and self.date_from <= today <= self.date_to
        )

    def _jxc_covers(self, review):
        """Tell whether the delegate may decide ``review`` for the delegator."""
        self.ensure_one()
        company = review.jxc_company_id or review.company_id
        return (
            self.delegator_id in review.reviewer_ids
            and not review._jxc_excludes(self.delegate_id)
            and (self.scope == "all" or review.model in self._jxc_models())
            and (not self.company_id or not company or self.company_id == company)
        )

    def _jxc_models(self):
        return self.document_type_ids.mapped("model")

    def _jxc_open_reviews(self):
        """Return the open reviews that these cover, with superuser rights."""
        reviews = self.env["tier.review"].sudo()
        if not self:
            return reviews
        candidates = reviews.search(
            Domain("status", "in", ("waiting", "pending"))
            & Domain("reviewer_ids", "in", self.delegator_id.ids)
        )
        return candidates.filtered(
            lambda review: any(one._jxc_covers(review) for one in self)
        )

    def _jxc_documents_to_review(self):
        """Return what the current user may decide only by these delegations.

        :return: list of non-empty recordsets, one per document model
        """
        reviews = self._jxc_open_reviews()
        reviews._update_review_status()
        own = reviews.search(
            reviews._jxc_pending_domain()
            & Domain("reviewer_ids", "in", self.env.user.ids)
        ).grouped("model")
        found = []
        for model, delegated in reviews.grouped("model").items():
            counted = own.get(model, reviews.browse())
            ids = set(delegated.mapped("res_id")) - set(counted.mapped("res_id"))
            if ids and delegated._has_resource_model(model):
                documents = self.env[model].with_user(self.env.user)
                found.append(documents._jxc_to_review(ids))
        return [documents for documents in found if documents]
