# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class JxcApprovalLineMixin(models.AbstractModel):
    """A line of a document under approval.

    Writing lines directly would go past the document; this has every change of a line
    judged like a change of its document (see ``_jxc_widening_fields`` there).
    """

    _name = "jxc.approval.line.mixin"
    _description = "Line of a Document under Approval"

    _jxc_approval_document = "order_id"

    def _jxc_approval_documents(self, vals_list=()):
        """Return the documents of these lines and those that the values name."""
        name = self._jxc_approval_document
        ids = set(self.sudo()[name].ids)
        for vals in vals_list:
            ids.add(vals.get(name))
        ids.discard(False)
        ids.discard(None)
        return self.env[self._fields[name].comodel_name].browse(ids)

    @api.model_create_multi
    def create(self, vals_list):
        name = self._jxc_approval_document
        default = self.default_get([name])
        documents = self._jxc_approval_documents([{**default, **v} for v in vals_list])
        with documents._jxc_watch_widening():
            return super().create(vals_list)

    def write(self, vals):
        documents = self._jxc_approval_documents([vals])
        with documents._jxc_watch_widening(vals, self):
            return super().write(vals)

    def unlink(self):
        with self._jxc_approval_documents()._jxc_watch_widening():
            return super().unlink()
