# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_refuse_reviews(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_refuse_reviews(vals)
        return super().write(vals)

    def _jxc_refuse_reviews(self, vals):
        """A user's reviews are the reviews that name him: not to be written here."""
        if vals.get("review_ids") and not self.env.su:
            raise AccessError(
                self.env._(
                    "Who reviews a document follows from its approval tiers and from "
                    "delegations. It cannot be set on the user."
                )
            )

    @api.model
    def review_user_count(self):
        """Count the documents waiting for the user, those delegated to him included.

        :return: list of dicts as of the tier engine, one per document model
        """
        groups = super().review_user_count()
        delegations = self.env["jxc.approval.delegation"]._jxc_in_effect(self.env.user)
        if not delegations:
            return groups
        counted = {group["model"]: group for group in groups}
        for documents in delegations._jxc_documents_to_review():
            group = counted.setdefault(documents._name, documents._jxc_review_group())
            group["pending_count"] += len(documents)
        return list(counted.values())
