# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import sources

#: Changes of a posted bill line that can move it to another budget line or change its
#: amount.
BUDGET_FIELDS = {
    "amount_currency",
    "analytic_distribution",
    "balance",
    "credit",
    "debit",
    "discount",
    "display_type",
    "jxc_aux_qty",
    "move_id",
    "price_unit",
    "product_id",
    "product_uom_id",
    "purchase_line_id",
    "quantity",
    "tax_ids",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    jxc_budget_match = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_user",
        export_string_translation=False,
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"jxc_budget_match"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_refuse_match(vals)
        lines = super().create(vals_list)
        lines._jxc_budget_lines()._jxc_sync()
        return lines

    def write(self, vals):
        self._jxc_refuse_match(vals)
        if not set(vals) & BUDGET_FIELDS:
            return super().write(vals)
        before = self._jxc_budget_lines()
        billed_before = before.purchase_line_id
        result = super().write(vals)
        (before | self._jxc_budget_lines())._jxc_sync(billed_before)
        return result

    def unlink(self):
        lines = self._jxc_budget_lines()
        billed = lines.purchase_line_id
        keys = [(sources.BILL, line_id) for line_id in lines.ids]
        result = super().unlink()
        if keys:
            self.env["jxc.budget.engine"]._sync(billed, deleted=keys)
        return result

    def _jxc_budget_lines(self):
        """Return the lines that budgets count: products on posted vendor bills."""
        return self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.display_type == "product"
                and line.move_id.move_type in sources.BILL_TYPES
            )
        )

    def _jxc_sync(self, order_lines=None):
        if self or order_lines:
            self.env["jxc.budget.engine"]._sync(order_lines, self)

    def _jxc_refuse_match(self, vals):
        if "jxc_budget_match" in vals:
            raise UserError(
                self.env._("Which budget line counts is decided by the budgets.")
            )
