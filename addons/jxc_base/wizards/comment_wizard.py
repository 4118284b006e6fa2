# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import AccessError


class CommentWizard(models.TransientModel):
    _inherit = "comment.wizard"

    def add_comment(self):
        """Decide with a comment, on what the user may decide and nothing else.

        The wizard is the client's: the document, the reviews and the decision in it are
        taken as wishes. What it may do is the same as without a comment.

        :raise AccessError: the user may decide nothing on that document
        """
        self.ensure_one()
        document = self._jxc_document()
        document._jxc_check_may_decide()
        decidable = document._jxc_decidable_reviews(
            in_a_row=self.validate_reject == "validate"
        )
        wizard = self.sudo()
        if wizard.review_ids - decidable:
            raise AccessError(
                self.env._(
                    "Some of these reviews of %(document)s are not yours to decide "
                    "now. Open the document again.",
                    document=document.sudo().display_name,
                )
            )
        wizard.review_ids = wizard.review_ids or decidable
        return super(CommentWizard, wizard).add_comment()

    def _jxc_document(self):
        model = self.env.get(self.res_model)
        if (
            model is None
            or not issubclass(type(model), self.pool["tier.validation"])
            or self.validate_reject not in ("validate", "reject")
        ):
            raise AccessError(
                self.env._("A comment needs a document and a decision on it.")
            )
        return model.browse(self.res_id)
