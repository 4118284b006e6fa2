# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from markupsafe import Markup

from odoo import api, models, modules
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..tools.approval import OPEN


class TierValidation(models.AbstractModel):
    """Who requests, decides and restarts, and for whom.

    Everything here judges the user first and then lets the engine work with its own
    rights. A delegate decides like the reviewer he stands for.
    """

    _inherit = "tier.validation"

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    #: Whether no tier may let the requesters decide documents of this model.
    _jxc_requesters_never_decide = False

    def _jxc_requesters(self):
        """Return the users who asked for this document and so do not decide it.

        They are noted on the reviews when the approval is requested.
        """
        self.ensure_one()
        return self.create_uid | self.env.user

    def _jxc_owners(self):
        """Return the users who may restart the validation of this document."""
        self.ensure_one()
        owners = self.create_uid | self.review_ids.requested_by
        responsible = self._fields.get("user_id")
        if responsible is not None and responsible.comodel_name == "res.users":
            owners |= self.user_id
        return owners

    # ------------------------------------------------------------
    # Request, restart
    # ------------------------------------------------------------

    def request_validation(self):
        """Open the reviews of the tiers that apply.

        :return: the new reviews
        :raise AccessError: the user may not write the document
        :raise UserError: a tier has nobody who may decide it
        """
        self.check_access("write")
        engine = self._jxc_engine()
        # A computed state is asked from the table.
        engine.flush_recordset([self._state_field])
        engine._jxc_forget_need()
        reviews = super(TierValidation, engine).request_validation()
        reviews._jxc_check_reviewers()
        return reviews.with_env(self.env)

    def _prepare_tier_review_vals(self, definition, sequence):
        vals = super()._prepare_tier_review_vals(definition, sequence)
        company = (
            self._tier_validation_company_field in self._fields
            and (self[self._tier_validation_company_field])
        )
        return {
            **vals,
            "jxc_requester_ids": [Command.set(self._jxc_requesters().ids)],
            "jxc_company_id": company and company.id,
        }

    def restart_validation(self):
        """Drop all reviews of documents not yet past their approval.

        The document needs a new request afterwards; what had been decided stays in its
        chatter.

        :raise AccessError: the user is neither an owner with write access nor an
            administrator
        """
        self._jxc_check_may_restart()
        engine = self._jxc_engine()
        engine.filtered(
            lambda document: document._check_state_from_condition()
        )._jxc_log_dropped_reviews()
        return super(TierValidation, engine).restart_validation()

    def _jxc_check_may_restart(self):
        self.check_access("write")
        user = self.env.user
        if self.env.su or user.has_group("base.group_system"):
            return
        for document in self.sudo():
            if user not in document._jxc_owners():
                raise AccessError(
                    self.env._(
                        "Only who created or requested %(document)s, its responsible "
                        "or an administrator may restart its validation.",
                        document=document.display_name,
                    )
                )

    def _jxc_log_dropped_reviews(self):
        """Keep what reviewers decided in the chatter before the reviews go."""
        if not hasattr(self, "message_post"):
            return
        for document in self:
            decided = document.review_ids.filtered(
                lambda review: review.status in ("approved", "rejected")
            )
            if not decided:
                continue
            lines = Markup().join(
                Markup("<li>%s: %s, %s %s</li>")
                % (
                    review.name,
                    review.display_status,
                    review.done_by.name or "",
                    review.comment or "",
                )
                for review in decided
            )
            document.message_post(
                body=Markup("%s<ul>%s</ul>")
                % (self.env._("The validation starts over. It was so far:"), lines),
                subtype_xmlid="mail.mt_note",
            )

    def unlink(self):
        # The engine deletes the reviews with the user's rights, who has none.
        self.check_access("unlink")
        self._jxc_engine().review_ids.unlink()
        return super().unlink()

    # ------------------------------------------------------------
    # Decide
    # ------------------------------------------------------------

    def _jxc_decidable_reviews(self, delegations=None, in_a_row=True):
        """Return the reviews of this document that the user may decide now.

        A sequential tier waits for all open tiers before it.

        :param delegations: those in effect for the user, if known
        :param in_a_row: also return the following tiers that go along with the first
            (``approve_sequence_bypass``)
        """
        self.ensure_one()
        document = self._jxc_engine()
        user = self.env.user
        if delegations is None:
            delegations = self.env["jxc.approval.delegation"]._jxc_in_effect(user)
        decidable = document.review_ids.browse()
        blocked = False
        reviews = document.review_ids.filtered(lambda review: review.status in OPEN)
        for review in reviews.sorted("sequence"):
            mine = review._jxc_acting_for(user, delegations)
            if mine and review.approve_sequence:
                along = in_a_row and review.approve_sequence_bypass
                mine = not blocked and (not decidable or along)
            if mine:
                decidable |= review
            else:
                blocked = True
        return decidable

    def _get_sequences_to_approve(self, user):
        return (
            self.with_user(user)
            ._jxc_decidable_reviews(in_a_row=False)
            .mapped("sequence")
        )

    def validate_tier(self):
        """Approve what the user may approve on this document.

        :raise AccessError: the user may decide nothing here now
        """
        self._jxc_check_may_decide()
        return super(TierValidation, self._jxc_engine()).validate_tier()

    def reject_tier(self):
        """Reject this document for the tiers of the user.

        :raise AccessError: the user may decide nothing here now
        """
        self._jxc_check_may_decide()
        return super(TierValidation, self._jxc_engine()).reject_tier()

    def _jxc_check_may_decide(self):
        self.ensure_one()
        self.check_access("read")
        if not self._jxc_decidable_reviews():
            raise AccessError(
                self.env._(
                    "There is nothing for you to decide on %(document)s now: you are "
                    "not one of its reviewers or their delegate, you asked for it "
                    "yourself, or another reviewer decides first.",
                    document=self.sudo().display_name,
                )
            )

    def _validate_tier(self, tiers=False):
        document = self._jxc_engine()
        reviews = document._jxc_chosen_reviews(tiers)
        if not reviews:
            return None
        engine = super(TierValidation, document)
        result = document._jxc_decide(reviews, engine._validate_tier)
        approved = reviews.filtered(lambda review: review.status == "approved")
        approved.write({"jxc_approved_values": document._jxc_widening_values()})
        return result

    def _rejected_tier(self, tiers=False):
        document = self._jxc_engine()
        reviews = document._jxc_chosen_reviews(tiers, in_a_row=False)
        if not reviews:
            return None
        engine = super(TierValidation, document)
        return document._jxc_decide(reviews, engine._rejected_tier)

    def _jxc_chosen_reviews(self, tiers, in_a_row=True):
        """Return what the user may decide of ``tiers``, or of all if none are given."""
        reviews = self._jxc_decidable_reviews(in_a_row=in_a_row)
        if not tiers:
            return reviews
        return reviews.filtered(lambda review: review.id in tiers.ids)

    def _jxc_decide(self, reviews, decide):
        """Let the engine decide ``reviews`` and note whom the user acted for."""
        user = self.env.user
        self._jxc_decide_one_at_a_time()
        delegations = self.env["jxc.approval.delegation"]._jxc_in_effect(user)
        with reviews._jxc_deciding(delegations):
            result = decide(reviews)
        for delegator, decided in reviews.grouped("jxc_on_behalf_of_id").items():
            if delegator and hasattr(self, "message_post"):
                self.message_post(
                    body=self.env._(
                        "%(delegate)s on behalf of %(delegator)s: %(tiers)s",
                        delegate=user.name,
                        delegator=delegator.name,
                        tiers=", ".join(
                            f"{review.name} ({review.display_status})"
                            for review in decided
                        ),
                    ),
                    subtype_xmlid="mail.mt_note",
                )
        return result

    def _jxc_decide_one_at_a_time(self):
        """Have two people who decide on one document at once do it one after another.

        Each would see the other's review as still open, so that neither is the last one
        and the document does not go on. Writing the same row makes the later request
        start over on what the earlier one has decided.
        """
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE %s SET write_date = write_date WHERE id = ANY(%s) RETURNING id",
                SQL.identifier(self._table),
                self.ids,
            )
        )

    # ------------------------------------------------------------
    # What waits for whom
    # ------------------------------------------------------------

    def _compute_can_review(self):
        user = self.env.user
        delegations = self.env["jxc.approval.delegation"]._jxc_in_effect(user)
        documents = self._jxc_engine()
        # Read once for all what the loop asks of every review.
        documents.review_ids.fetch(["reviewer_ids", "jxc_requester_ids"])
        for original, document in zip(self, documents, strict=True):
            original.can_review = bool(document._jxc_decidable_reviews(delegations))

    def _compute_has_comment(self):
        user = self.env.user
        delegations = self.env["jxc.approval.delegation"]._jxc_in_effect(user)
        for document in self:
            reviews = document._jxc_decidable_reviews(delegations)
            document.has_comment = any(reviews.mapped("has_comment"))

    def _compute_reviewer_ids(self):
        """Count the delegates of open reviews among the reviewers."""
        super(TierValidation, self._jxc_engine())._compute_reviewer_ids()
        delegations = self.env["jxc.approval.delegation"]._jxc_in_effect(
            delegators=self.sudo().reviewer_ids
        )
        if not delegations:
            return
        for document in self.sudo():
            document.reviewer_ids |= delegations.filtered(
                lambda one, document=document: any(
                    one._jxc_covers(review)
                    for review in document.review_ids
                    if review.status in OPEN
                )
            ).delegate_id

    @api.model
    def _search_can_review(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        user = self.env.user
        Review = self.env["tier.review"].sudo()
        reviews = Review.search(
            Domain("model", "=", self._name)
            & Domain("reviewer_ids", "in", user.ids)
            & Domain("status", "in", OPEN)
            & Domain("can_review", "=", True)
        )
        delegations = self.env["jxc.approval.delegation"]._jxc_in_effect(user)
        reviews |= delegations._jxc_open_reviews().filtered(
            lambda review: review.model == self._name
        )
        documents = self.with_context(active_test=False).search(
            Domain("id", "in", reviews.mapped("res_id"))
            & Domain("validation_status", "!=", "rejected")
        )
        positive = (operator == "in") == (True in value)
        return Domain(
            "id", "in" if positive else "not in", documents.filtered("can_review").ids
        )

    @api.model
    def _search_reviewer_ids(self, operator, value):
        domain = super()._search_reviewer_ids(operator, value)
        if operator != "in":
            return domain
        users = self.env["res.users"].browse(
            id_ for id_ in value if id_ and isinstance(id_, int)
        )
        delegations = self.env["jxc.approval.delegation"]._jxc_in_effect(users)
        reviews = delegations._jxc_open_reviews().filtered(
            lambda review: review.model == self._name and review.can_review
        )
        return Domain(domain) | Domain("id", "in", reviews.mapped("res_id"))

    @api.model
    def _jxc_to_review(self, ids):
        """Return which of the documents wait for the current user's decision."""
        domain = Domain("id", "in", list(ids)) & Domain(
            "validation_status", "!=", "rejected"
        )
        documents = self.with_context(active_test=False)
        if not documents.has_access("read"):
            return documents
        return documents.search(domain).filtered(
            lambda document: (
                document[self._state_field] != self._cancel_state
                and document.can_review
            )
        )

    @api.model
    def _jxc_review_group(self):
        """Return an empty entry of ``res.users.review_user_count`` for this model."""
        return {
            "id": self[:1].id,
            "name": self._description,
            "model": self._name,
            "active_field": "active" in self._fields,
            "icon": modules.module.get_module_icon(self._original_module),
            "type": "tier_review",
            "pending_count": 0,
        }

    def _update_counter(self, review_counter):
        """Also tell the delegates that their count changed."""
        result = super(TierValidation, self._jxc_engine())._update_counter(
            review_counter
        )
        reviewers = self.sudo().review_ids.reviewer_ids
        delegations = self.env["jxc.approval.delegation"]._jxc_in_effect(
            delegators=reviewers
        )
        for partner in (delegations.delegate_id - reviewers).partner_id:
            partner._bus_send("base.tier.validation/updated", review_counter)
        return result
