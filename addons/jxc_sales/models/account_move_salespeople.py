# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class AccountMove(models.Model):
    """Salespeople open the invoices of their orders without rights to payments."""

    _inherit = "account.move"

    # The form of an invoice shows it to everybody; it tells how many, not which.
    payment_count = fields.Integer(compute_sudo=True)
