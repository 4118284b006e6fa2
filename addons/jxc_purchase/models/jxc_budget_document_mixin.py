# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools import sources


class JxcBudgetDocumentMixin(models.AbstractModel):
    """What belongs to a request, an order or a bill: its number, and the way to it.

    Models that inherit it have the fields ``res_model`` and ``res_id``.
    """

    _name = "jxc.budget.document.mixin"
    _description = "Of a Document that Uses Budgets"

    document_name = fields.Char(
        compute="_compute_document_name",
        string="Document Number",
    )

    @api.depends("res_model", "res_id")
    def _compute_document_name(self):
        for model, records in self.grouped("res_model").items():
            names = {}
            if model:
                documents = self.env[model].browse(records.mapped("res_id")).exists()
                # The number is no secret to who may read what belongs to the document.
                names = {doc.id: doc.display_name for doc in documents.sudo()}
            for record in records:
                record.document_name = names.get(record.res_id) or self.env._(
                    "Deleted document %s", record.res_id
                )

    def action_open_document(self):
        """Open the request, order or bill; one record.

        People who keep budgets but no books get a form of a bill that shows no more of
        the books than the bill itself.
        """
        self.ensure_one()
        view = False
        if self.res_model == sources.BILL:
            view = self.env[sources.BILL]._jxc_plain_form().id
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(view, "form")],
        }
