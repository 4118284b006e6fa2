# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcBankImportRow(models.TransientModel):
    """What becomes of a row of the bank's file."""

    _name = "jxc.bank.import.row"
    _description = "Row of a Bank Statement"
    _order = "number, id"

    wizard_id = fields.Many2one(
        "jxc.bank.import", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(string="Row")
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("duplicate", "Imported before"),
            ("booked", "Booked already"),
            ("problem", "Problem"),
        ],
        required=True,
    )
    date = fields.Date()
    amount = fields.Float(digits=(16, 2))
    partner_name = fields.Char(string="Partner")
    memo = fields.Char()
    message = fields.Char(string="Remark")
