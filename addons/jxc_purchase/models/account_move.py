# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import sources

#: Changes of a bill that can move it to another budget line or change its amount.
BUDGET_FIELDS = {"invoice_date", "move_type", "partner_id", "state"}
#: Who can read every field of the form of a bill.
BOOKS = (
    "account.group_account_invoice,account.group_account_readonly,"
    "jxc_base.group_executive"
)


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"state"})

    def write(self, vals):
        """Book vendor bills on their budgets when they are posted, and off again.

        :raise UserError: a bill costs more than what its order committed, and a
            blocking budget line has not enough left for the difference
        """
        if not set(vals) & BUDGET_FIELDS:
            return super().write(vals)
        was_posted = self._jxc_posted_bills()
        result = super().write(vals)
        is_posted = self._jxc_posted_bills()
        bills = was_posted | is_posted
        if bills:
            lines = bills.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
            newly = bool(is_posted - was_posted)
            self.env["jxc.budget.engine"]._sync(None, lines, rematch=newly)
        return result

    def _jxc_posted_bills(self):
        return self.filtered(
            lambda move: move.state == "posted" and move.move_type in sources.BILL_TYPES
        )

    def _jxc_plain_form(self):
        """Return the form of a bill for buyers and budget managers, or no view.

        They may read the bill, but not the payments and documents behind it.
        """
        view = self.env["ir.ui.view"]
        if self.env.user.has_groups(BOOKS):
            return view
        return self.env.ref("jxc_purchase.account_move_view_form_plain").sudo()
