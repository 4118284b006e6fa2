# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager
from functools import partial

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..tools.approval import trusted_context


class TierReview(models.Model):
    """A review is written by the engine alone.

    Users reach it through the document: request, approve, reject, restart. The engine
    works with superuser rights after it has judged the user (see ``tier.validation``);
    any other create, write or delete is refused whatever the access rights say.
    """

    _inherit = "tier.review"

    jxc_requester_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jxc_tier_review_requester_rel",
        string="Requesters",
        readonly=True,
        help="Who created the document or asked for its approval. They do not decide "
        "it, unless the tier says so.",
    )
    jxc_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Document's Company",
        readonly=True,
        index="btree_not_null",
    )
    jxc_on_behalf_of_id = fields.Many2one(
        comodel_name="res.users",
        string="On Behalf Of",
        readonly=True,
        help="The reviewer in whose place a delegate decided.",
    )
    jxc_approved_values = fields.Json(string="Approved Values", readonly=True)

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    def _check_access(self, operation):
        if operation != "read" or not self.env.user._is_internal():
            return self, partial(self._jxc_make_access_error, operation)
        return super()._check_access(operation)

    def _jxc_make_access_error(self, operation):
        if operation == "read":
            return AccessError(self.env._("Reviews are for internal users only."))
        return AccessError(
            self.env._(
                "Reviews cannot be written, created or deleted by hand. Open the "
                "document and request, approve, reject or restart its validation there."
            )
        )

    # ------------------------------------------------------------
    # Engine
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):  # pylint: disable=method-required-super
        """Know no defaults but the engine's own.

        Users keep defaults of their own for any field (``ir.default``), clients send
        them in the context: a review could begin approved, or with another reviewer.
        """
        return {"status": "waiting"} if "status" in fields else {}

    def _jxc_engine(self):
        """Return ``self`` with the engine's rights; see ``tier.validation``."""
        # Replaced, not extended: keys have to go.
        context = trusted_context(self.env.context)
        return self.sudo().with_context(context)  # pylint: disable=context-overridden

    def _update_review_status(self):
        return super(TierReview, self._jxc_engine())._update_review_status()

    def _send_review_reminder(self):
        return super(TierReview, self._jxc_engine())._send_review_reminder()

    # ------------------------------------------------------------
    # Who decides
    # ------------------------------------------------------------

    @api.model
    def _get_reviewer_fields(self):
        return [
            *super()._get_reviewer_fields(),
            "jxc_requester_ids",
            "definition_id.jxc_allow_requester",
        ]

    def _get_reviewers(self):
        """Leave out the document's requesters, unless the definition lets them in.

        Who is in the group because of another group counts like its other members.
        """
        reviewers = super()._get_reviewers()
        if self.reviewer_group_id:
            reviewers |= self.reviewer_group_id.all_user_ids.filtered("active")
            if self.definition_id.exclude_requester:
                reviewers -= self.requested_by
        return reviewers.filtered(lambda user: not self._jxc_excludes(user))

    def _jxc_excludes(self, user):
        """Tell whether ``user`` asked for the document and so may not decide it."""
        definition = self.definition_id
        if definition._jxc_lets_requesters_decide():
            return False
        return user in self.jxc_requester_ids or user == self.requested_by

    def _jxc_acting_for(self, user, delegations):
        """Return the reviewer in whose name ``user`` may decide this review.

        :param delegations: those in effect for ``user``
        :return: ``user`` himself, a delegator of his, or nobody
        """
        self.ensure_one()
        if self._jxc_excludes(user):
            return user.browse()
        if user in self.reviewer_ids:
            return user
        return delegations.filtered(lambda one: one._jxc_covers(self))[:1].delegator_id

    @api.model
    def _jxc_pending_domain(self):
        return Domain("status", "=", "pending") & Domain("can_review", "=", True)

    @contextmanager
    def _jxc_deciding(self, delegations):
        """Make the current user a reviewer of these reviews while he decides them.

        What he decides as a delegate keeps the delegator's name.
        """
        user = self.env.user
        delegated = self.filtered(lambda review: user not in review.reviewer_ids)
        for review in delegated:
            delegator = review._jxc_acting_for(user, delegations)
            review.write(
                {
                    "reviewer_ids": [Command.link(user.id)],
                    "jxc_on_behalf_of_id": delegator.id,
                }
            )
        yield
        delegated.write({"reviewer_ids": [Command.unlink(user.id)]})

    def _jxc_check_reviewers(self):
        """Refuse reviews that nobody may decide.

        :raise UserError: naming the tiers and the ways out
        """
        lonely = self.filtered(lambda review: not review.reviewer_ids)
        if not lonely:
            return
        raise UserError(
            self.env._(
                "Nobody may decide these approval tiers, because their reviewers are "
                "missing or requested the approval themselves:\n%(tiers)s\n"
                "Have another person request the approval, or ask an administrator to "
                "add a reviewer or to let the requester approve these tiers.",
                tiers="\n".join(f"- {review.name}" for review in lonely),
            )
        )

    def _notify_review_reminder_body(self):
        self.ensure_one()
        text = self.env._(
            "“%(tier)s” has been waiting for a decision since %(day)s.",
            tier=self.name,
            day=self.create_date.date(),
        )
        return Markup("%s<br/>%s") % (text, self._jxc_decision_link())
