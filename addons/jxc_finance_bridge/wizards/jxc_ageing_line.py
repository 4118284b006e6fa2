# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcAgeingLine(models.TransientModel):
    """One document, or payment, that was open on the day of an ageing.

    Filled by one statement, see ``jxc.ageing._insert_lines``.
    """

    _name = "jxc.ageing.line"
    _description = "Open Item of an Ageing"
    _order = "date_maturity, id"
    _rec_name = "move_id"

    ageing_id = fields.Many2one(
        comodel_name="jxc.ageing",
        required=True,
        ondelete="cascade",
        index=True,
    )
    bucket_id = fields.Many2one(
        comodel_name="jxc.ageing.bucket",
        string="Age",
        required=True,
        ondelete="cascade",
        index=True,
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal Item",
        required=True,
        ondelete="cascade",
    )
    # Not stored: each foreign key of a row is checked when a ledger's items are
    # written at once.
    partner_id = fields.Many2one(
        related="move_line_id.partner_id.commercial_partner_id"
    )
    account_id = fields.Many2one(related="move_line_id.account_id")
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    company_id = fields.Many2one(related="move_line_id.company_id")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    company_currency_id = fields.Many2one(related="move_line_id.company_currency_id")
    date = fields.Date(string="Document Date")
    date_maturity = fields.Date(string="Due Date")
    days = fields.Integer(
        string="Age (Days)",
        aggregator="max",
        help="Days since the due date or document date; negative: days left.",
    )
    amount = fields.Monetary(
        string="Original Amount",
        currency_field="company_currency_id",
    )
    residual = fields.Monetary(
        string="Open Amount",
        currency_field="company_currency_id",
    )
    residual_currency = fields.Monetary(
        string="Open in Currency",
    )

    def action_open_document(self):
        """Open the invoice, bill, payment or entry of an item."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
