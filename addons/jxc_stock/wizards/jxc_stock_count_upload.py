# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError


class JxcStockCountUpload(models.TransientModel):
    """Enter the quantities of a workbook on a count sheet."""

    _name = "jxc.stock.count.upload"
    _description = "Upload of Counted Quantities"

    sheet_id = fields.Many2one(
        comodel_name="jxc.stock.count.sheet",
        required=True,
    )
    upload = fields.Binary(
        string="Workbook",
        attachment=False,
    )
    upload_name = fields.Char(
        export_string_translation=False,
    )

    def action_upload(self):
        """Enter all rows, or none and tell every problem.

        :raise ImportRefused: with all problems of the workbook
        """
        self.ensure_one()
        if not self.upload:
            raise UserError(self.env._("Choose a workbook (.xlsx)."))
        try:
            content = base64.b64decode(self.upload, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("The upload is damaged, try again.")) from error
        self.sheet_id._upload(self.upload_name or "count.xlsx", content)
        return {"type": "ir.actions.act_window_close"}
