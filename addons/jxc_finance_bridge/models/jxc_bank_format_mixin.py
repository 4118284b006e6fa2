# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

ENCODINGS = [("auto", "Found out"), ("utf-8", "UTF-8"), ("gb18030", "GB18030")]
#: Roles of columns, see tools/bank_statement.py, by field.
COLUMNS = {
    "column_date": "date",
    "column_amount": "amount",
    "column_in": "in",
    "column_out": "out",
    "column_partner": "partner",
    "column_account": "account",
    "column_reference": "reference",
    "column_memo": "memo",
}


class JxcBankFormatMixin(models.AbstractModel):
    """How a bank writes its exports."""

    _name = "jxc.bank.format.mixin"
    _description = "Format of Bank Statements"

    encoding = fields.Selection(selection=ENCODINGS, default="auto", required=True)
    column_date = fields.Char(string="Column of the Date")
    column_amount = fields.Char(
        string="Column of the Amount", help="Positive for money that came in."
    )
    column_in = fields.Char(string="Column of Money In")
    column_out = fields.Char(string="Column of Money Out")
    column_partner = fields.Char(string="Column of the Partner")
    column_account = fields.Char(string="Column of the Partner's Account")
    column_reference = fields.Char(
        string="Column of the Bank's Number",
        help="What tells transactions apart; without it date, amount, partner and memo"
        " do.",
    )
    column_memo = fields.Char(string="Column of the Memo")
