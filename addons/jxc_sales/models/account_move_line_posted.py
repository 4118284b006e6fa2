# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

from odoo.addons.jxc_base.tools.reconciling import Reconciling


class AccountMoveLine(models.Model):
    """What customers owe is the sum of posted items."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "jxc.posted.items.mixin"]

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        # The platform makes reconciliations in here, and nowhere else.
        with Reconciling.of(self) as items:
            return super(AccountMoveLine, items)._reconcile_plan(reconciliation_plan)


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "jxc.posted.entries.mixin"]


class AccountBankStatementLine(models.Model):
    _name = "account.bank.statement.line"
    _inherit = ["account.bank.statement.line", "jxc.bank.transaction.mixin"]


class AccountPartialReconcile(models.Model):
    _name = "account.partial.reconcile"
    _inherit = ["account.partial.reconcile", "jxc.reconciliation.mixin"]
