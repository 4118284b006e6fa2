# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL


class JxcApprovalDocumentType(models.Model):
    """The kinds of documents that go through approval tiers.

    Ordinary users may not read the platform's list of models, so a delegation chooses
    from this window on it. The id is the one of ``ir.model``.
    """

    _name = "jxc.approval.document.type"
    _description = "Kind of Document under Approval"
    _order = "name, id"
    _auto = False

    name = fields.Char(translate=True, readonly=True)
    model = fields.Char(readonly=True)

    @property
    def _table_query(self):
        names = self.env["tier.definition"]._get_tier_validation_model_names()
        return SQL(
            "SELECT id, name, model FROM ir_model WHERE model = ANY(%s)", list(names)
        )
