# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcDuplicateEngine(models.AbstractModel):
    """Which of the documents that meet can become one."""

    _inherit = "jxc.duplicate.engine"

    def _mergeable(self, found):
        """Return ``{document: what the user may merge it with}``, batched.

        :param found: ``{document: list of Collision}`` of documents of one model
        :return: records of that model with the user's rights; empty for what is not
            saved yet
        """
        pairs = {
            document: document._origin.union(
                *(
                    one.document
                    for one in collisions
                    if one.document and one.document._name == document._name
                )
            )
            - document._origin
            for document, collisions in found.items()
        }
        if not any(pairs.values()):
            return pairs
        model = next(iter(pairs)).browse()
        all_of_them = model.union(
            *(document._origin | others for document, others in pairs.items())
        )
        mine = all_of_them.with_env(self.env)._filtered_access("write")
        answers = {}
        for document, others in pairs.items():
            original = document._origin.with_env(self.env)
            answers[document] = (others.with_env(self.env) & mine).filtered(
                lambda other, original=original: (
                    original in mine and original._jxc_can_merge_with(other)
                )
            )
        return answers
