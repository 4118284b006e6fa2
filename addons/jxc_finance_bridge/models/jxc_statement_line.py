# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcStatementLine(models.Model):
    """A movement of a statement, or goods of the invoice above it."""

    _name = "jxc.statement.line"
    _description = "Movement of a Statement of Account"
    _order = "statement_id, sequence, id"

    statement_id = fields.Many2one(
        comodel_name="jxc.statement",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    sequence = fields.Integer()
    is_goods = fields.Boolean(string="Goods")
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Journal Entry",
        ondelete="set null",
        index="btree_not_null",
    )
    date = fields.Date()
    date_maturity = fields.Date(string="Due Date")
    document = fields.Char()
    name = fields.Char(string="Summary")
    quantity = fields.Float(digits="Product Unit")
    unit = fields.Char()
    price = fields.Float(
        digits="Product Price",
        help="With tax, after discounts.",
    )
    amount = fields.Monetary(
        string="Goods Amount",
        help="With tax, in the currency of the company.",
    )
    debit = fields.Monetary()
    credit = fields.Monetary()
    balance = fields.Monetary()
