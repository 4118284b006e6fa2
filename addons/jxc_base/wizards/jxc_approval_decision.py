# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class JxcApprovalDecision(models.TransientModel):
    """The page a notification leads to: what is asked, a comment, and two buttons.

    Opening it changes nothing. The review, or the document where no tier applies, is
    the client's wish: what it shows and does is judged like on the document itself.
    """

    _name = "jxc.approval.decision"
    _description = "Decide on an Approval"

    review_id = fields.Many2one(
        comodel_name="tier.review",
        readonly=True,
        ondelete="cascade",
        default=lambda self: self._default_review_id(),
    )
    res_model = fields.Char(
        readonly=True,
        default=lambda self: self.env.context.get("jxc_decide_model"),
        export_string_translation=False,
    )
    res_id = fields.Integer(
        readonly=True,
        default=lambda self: self._default_res_id(),
        export_string_translation=False,
    )
    document_name = fields.Char(
        compute="_compute_document",
        string="Document",
    )
    document_kind = fields.Char(
        compute="_compute_document",
        string="Kind of Document",
    )
    document_summary = fields.Text(
        compute="_compute_document",
        string="Summary",
    )
    is_open = fields.Boolean(
        compute="_compute_document",
        export_string_translation=False,
    )
    comment = fields.Text()

    def _default_review_id(self):
        review_id = self.env.context.get("active_id")
        if not isinstance(review_id, int) or self.env.context.get("jxc_decide_model"):
            return False
        return self.env["tier.review"].browse(review_id).exists()

    def _default_res_id(self):
        context = self.env.context
        res_id = context.get("jxc_decide_model") and context.get("active_id")
        return res_id if isinstance(res_id, int) else False

    @api.depends("res_id", "res_model", "review_id")
    @api.depends_context("allowed_company_ids", "lang", "uid")
    def _compute_document(self):
        for wizard in self:
            if not wizard.review_id:
                wizard._show_document(wizard._document_without_tier())
                continue
            review = wizard._review_in_company()
            wizard.document_name = review.jxc_document_name
            wizard.document_kind = review.jxc_document_kind
            wizard.document_summary = review.jxc_document_summary
            wizard.is_open = bool(
                review.jxc_document_name
                and review._jxc_card_document()._jxc_may_decide_now()
            )

    def _show_document(self, document):
        """Tell of a document that no tier applies to, as far as it may be read."""
        readable = bool(document) and document.has_access("read")
        self.document_name = readable and document.display_name
        self.document_kind = (
            readable and self.env["ir.model"]._get(document._name).sudo().name
        )
        self.document_summary = readable and document._jxc_approval_summary()
        self.is_open = readable and document._jxc_may_decide_now()

    def _document_without_tier(self):
        """Return the document this is about where no tier applies to it: a hook.

        Here, and where there is none, no record.

        What the client names is no more than a wish; judge the model.
        """
        return self.browse()

    @api.depends("document_name")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = wizard.document_name or self.env._("Approval")

    def _review_in_company(self):
        """Return the review as seen in its document's company.

        Who decides for several companies comes here from a message, whatever company
        he has chosen before.
        """
        company = self.review_id.jxc_company_id
        if company in self.env.user.company_ids:
            return self.review_id.with_company(company)
        return self.review_id

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_approve(self):
        """Approve the document for the tiers of the user. One record.

        :return: the action that shows the document
        :raise AccessError: there is nothing for the user to decide
        :raise UserError: the tier wants a comment
        """
        return self._decide("validate")

    def action_reject(self):
        """Reject the document with the comment. One record.

        :return: the action that shows the document
        :raise AccessError: there is nothing for the user to decide
        :raise UserError: without a comment
        """
        return self._decide("reject")

    def action_open(self):
        """Show the document. One record.

        :raise AccessError: the user may not read it
        """
        document = self._document()
        document.check_access("read")
        return self._show(document)

    def _decide(self, decision):
        document = self._document()
        document._jxc_check_deciding_here()
        comment = (self.comment or "").strip()
        if not comment and (decision == "reject" or document.has_comment):
            raise UserError(
                self.env._(
                    "%s: please write a comment first. The requester reads it.",
                    document.display_name,
                )
            )
        document._jxc_decide_here(decision, comment)
        return self._show(document)

    def _document(self):
        self.ensure_one()
        if self.review_id:
            return self._review_in_company()._jxc_card_document()
        document = self._document_without_tier()
        if not document:
            raise AccessError(self.env._("The document of this review is gone."))
        document.check_access("read")
        return document

    def _show(self, document):
        """Return the action that shows the document, or what is left to decide."""
        readable = self.env[document._name].browse(document.id).has_access("read")
        if not readable:
            return self.env["ir.actions.actions"]._for_xml_id(
                "jxc_base.tier_review_action_mine"
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "main",
        }
