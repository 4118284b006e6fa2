# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcFapiaoUploadLine(models.TransientModel):
    """What became of one file."""

    _name = "jxc.fapiao.upload.line"
    _description = "Uploaded File of a Tax Invoice"

    upload_id = fields.Many2one(
        comodel_name="jxc.fapiao.upload",
        required=True,
        ondelete="cascade",
        index=True,
    )
    name = fields.Char(string="File")
    state = fields.Selection(
        selection=[
            ("new", "Registered"),
            ("attached", "Attached"),
            ("warning", "Registered, no bill"),
            ("problem", "Problem"),
        ],
        string="Result",
    )
    fapiao_id = fields.Many2one(
        comodel_name="jxc.fapiao",
        string="Tax Invoice",
        ondelete="cascade",
    )
    message = fields.Text()
