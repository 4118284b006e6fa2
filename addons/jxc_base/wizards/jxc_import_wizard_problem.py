# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcImportWizardProblem(models.TransientModel):
    """One thing to correct before the data can be imported."""

    _name = "jxc.import.wizard.problem"
    _description = "Problem of an Import"
    _order = "id"

    wizard_id = fields.Many2one(
        "jxc.import.wizard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    file = fields.Char(readonly=True)
    row = fields.Integer(readonly=True)
    column = fields.Char(readonly=True)
    message = fields.Text(string="What to Correct", readonly=True)
