# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcSaleChannelUploadLine(models.TransientModel):
    """What became of one order of a file."""

    _name = "jxc.sale.channel.upload.line"
    _description = "Uploaded Order of a Shop"
    _order = "id"

    upload_id = fields.Many2one(
        comodel_name="jxc.sale.channel.upload",
        required=True,
        index=True,
        ondelete="cascade",
    )
    number = fields.Char(
        string="Number in the Shop",
        readonly=True,
    )
    status = fields.Selection(
        selection=[
            ("created", "Confirmed"),
            ("quotation", "Quotation"),
            ("exists", "There already"),
            ("refused", "Refused"),
        ],
        readonly=True,
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sales Order",
        readonly=True,
    )
    problems = fields.Text(
        readonly=True,
    )
