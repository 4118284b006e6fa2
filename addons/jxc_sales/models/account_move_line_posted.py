# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class AccountMoveLine(models.Model):
    """What customers owe is the sum of posted items."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "jxc.posted.items.mixin"]


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "jxc.posted.entries.mixin"]


class AccountBankStatementLine(models.Model):
    _name = "account.bank.statement.line"
    _inherit = ["account.bank.statement.line", "jxc.bank.transaction.mixin"]
