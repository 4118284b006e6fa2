# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools.approval import OPEN


class TierReview(models.Model):
    """A review as a card: what is to decide, and the two buttons to decide it.

    What a card tells of a document is read with the rights of the user who looks.
    """

    _inherit = "tier.review"

    jxc_document_name = fields.Char(
        compute="_compute_jxc_document",
        string="Document",
    )
    jxc_document_kind = fields.Char(
        compute="_compute_jxc_document",
        string="Kind of Document",
    )
    jxc_document_summary = fields.Text(
        compute="_compute_jxc_document",
        string="Summary",
    )
    jxc_is_mine = fields.Boolean(
        compute="_compute_jxc_is_mine",
        search="_search_jxc_is_mine",
        string="To Decide by Me",
    )

    @api.depends("model", "res_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_jxc_document(self):
        self.jxc_document_name = self.jxc_document_kind = False
        self.jxc_document_summary = False
        for model, reviews in self.grouped("model").items():
            if not reviews._has_resource_model(model):
                continue
            documents = self.env[model].browse(reviews.mapped("res_id")).exists()
            # Who reads a review does not thereby read its document.
            readable = {one.id: one for one in documents._filtered_access("read")}
            kind = self.env["ir.model"]._get(model).sudo().name
            for review in reviews:
                review.jxc_document_kind = kind
                document = readable.get(review.res_id)
                if document:
                    review.jxc_document_name = document.display_name
                    review.jxc_document_summary = document._jxc_approval_summary()

    @api.depends("status", "reviewer_ids", "jxc_requester_ids")
    @api.depends_context("uid")
    def _compute_jxc_is_mine(self):
        mine = set(self._jxc_mine().ids)
        for review in self:
            review.jxc_is_mine = review.id in mine

    @api.model
    def _search_jxc_is_mine(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        positive = (operator == "in") == (True in value)
        # One card a document: deciding it decides all tiers of the user.
        cards = {(one.model, one.res_id): one.id for one in self._jxc_mine()[::-1]}
        return Domain("id", "in" if positive else "not in", list(cards.values()))

    @api.model
    def _jxc_mine(self):
        """Return the reviews that the user may decide now, his own and delegated ones.

        :return: reviews, with superuser rights
        """
        user = self.env.user
        delegations = self.env["jxc.approval.delegation"]._jxc_in_effect(user)
        reviews = self.sudo().search(
            Domain("status", "in", OPEN)
            & Domain("reviewer_ids", "in", (user | delegations.delegator_id).ids)
        )
        mine = self.sudo().browse()
        for model, of_model in reviews.grouped("model").items():
            if not of_model._has_resource_model(model):
                continue
            documents = self.env[model].with_user(user)
            documents = documents._jxc_to_review(set(of_model.mapped("res_id")))
            for document in documents:
                mine |= document._jxc_decidable_reviews(delegations, in_a_row=False)
        return mine

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_jxc_open(self):
        """Show the document of this review. One record."""
        document = self._jxc_card_document()
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_jxc_approve(self):
        """Approve the document of this review. One record.

        :return: the action that asks for a comment, if the tier wants one
        :raise AccessError: there is nothing for the user to decide
        """
        return self._jxc_card_document().action_jxc_approve()

    def action_jxc_reject(self):
        """Reject the document of this review, with a comment. One record.

        :return: the action that asks for the comment
        :raise AccessError: there is nothing for the user to decide
        """
        return self._jxc_card_document().action_jxc_reject()

    def _jxc_decision_link(self):
        """Return the link of a message to where this review is decided.

        It opens a page and changes nothing; see ``jxc.approval.decision``.
        """
        self.ensure_one()
        return Markup('<a href="/odoo/%s/decide-approval">%s</a>') % (
            self.id,
            self.env._("Approve or reject"),
        )

    def _jxc_card_document(self):
        self.ensure_one()
        self.check_access("read")
        if not self._has_resource_model():
            raise AccessError(self.env._("The document of this review is gone."))
        document = self.env[self.model].browse(self.res_id)
        document.check_access("read")
        return document
