# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import token

#: Changes of a line that can move it to another budget line or change its amount.
BUDGET_FIELDS = {
    "analytic_distribution",
    "discount",
    "jxc_aux_qty",
    "order_id",
    "price_unit",
    "product_id",
    "product_qty",
    "product_uom_id",
    "tax_ids",
}


#: Follow from the order, quantity, price and taxes; budgets, approval tiers and the
#: comparisons with other purchases read them.
COMPUTED_FIELDS = {
    "jxc_is_priced_by_aux",
    "partner_id",
    "price_subtotal",
    "price_tax",
    "price_total",
    "price_total_cc",
    "product_uom_qty",
    "qty_invoiced",
    "qty_to_invoice",
}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    jxc_budget_match = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_user",
        export_string_translation=False,
    )
    jxc_budget_date = fields.Date(
        string="Budget Carried to",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="What was not billed yet counts on the budget of this day, because the"
        " earlier one was carried forward.",
    )
    jxc_budget_line_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.line",
        string="Budget Line",
        compute="_compute_jxc_budget_line",
        groups="base.group_user",
        help="The budget line that counts this line; the first one when its analytic"
        " distribution is split.",
    )
    jxc_budget_available = fields.Monetary(
        string="Budget Available",
        compute="_compute_jxc_budget_line",
        currency_field="company_currency_id",
        groups="base.group_user",
        help="What is available on the budget line now, in company currency.",
    )

    @api.depends(
        "analytic_distribution",
        "order_id.company_id",
        "order_id.date_order",
        "order_id.partner_id",
        "order_id.state",
        "product_id",
    )
    def _compute_jxc_budget_line(self):
        found = self.env["jxc.budget.engine"]._preview_lines(self)
        for line in self:
            line.jxc_budget_line_id, line.jxc_budget_available = found[line]

    @api.constrains("product_id", "product_uom_id")
    def _check_unit_fits_product(self):
        for line in self:
            line.product_id._jxc_check_unit(line.product_uom_id)

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        guarded = COMPUTED_FIELDS | {"jxc_budget_date", "jxc_budget_match"}
        # See purchase_order_company.
        guarded |= {"company_id"}
        return own_defaults(self, defaults, guarded)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_not_computed(vals)
        lines = super().create(vals_list)
        lines._jxc_follow_goods()
        lines.filtered(lambda line: line.order_id.state == "purchase")._jxc_sync()
        return lines

    def write(self, vals):
        """Keep the budget right when confirmed lines change.

        :raise UserError: the budget does not cover the change
        """
        self._jxc_check_not_computed(vals)
        if not set(vals) & BUDGET_FIELDS:
            return super().write(vals)
        was_confirmed = self.filtered(lambda line: line.order_id.state == "purchase")
        left = self.order_id if "order_id" in vals else self.order_id.browse()
        result = super().write(vals)
        is_confirmed = self.filtered(lambda line: line.order_id.state == "purchase")
        (was_confirmed | is_confirmed | left._jxc_lines_below_zero())._jxc_sync()
        return result

    def unlink(self):
        tracked = self.filtered("jxc_budget_match").ids
        orders = self.order_id
        result = super().unlink()
        orders = orders.exists()
        deferred = token.deferred_of(self.env)
        if tracked and deferred:
            deferred.order_line_ids.difference_update(tracked)
            deferred.deleted_line_ids.update(tracked)
            deferred.order_line_ids.update(orders._jxc_lines_below_zero().ids)
        elif tracked:
            keys = [("purchase.order", line_id) for line_id in tracked]
            below = orders._jxc_lines_below_zero()
            self.env["jxc.budget.engine"]._sync(below, deleted=keys)
        return result

    def _jxc_is_down_payment(self):
        """Whether one line orders nothing: bills ahead of the goods are put on it."""
        return self.is_downpayment and not self.display_type and not self.product_qty

    def _jxc_is_budgeted(self):
        """Whether a budget line counts some of one line."""
        shares = (self.jxc_budget_match or {}).get("shares", ())
        return any(budget_line for budget_line, *_account in shares)

    def _jxc_follow_goods(self):
        """Carry down payments forward that nothing is paid on yet, as their goods were.

        Where goods that budgets hold are still in the earlier period, they stay.

        :return: the lines that moved
        """
        # sudo: buyers need not read bills
        marked = self.sudo().with_context(**{token.ENGINE: token.Engine()})
        moved = self.browse()
        for line in marked.filtered(lambda one: one._jxc_is_down_payment()):
            goods = line.order_id.order_line.filtered(
                lambda one: (
                    one._jxc_is_budgeted()
                    and one.product_qty > one.jxc_qty_billed + one.jxc_qty_gone
                )
            )
            days = goods.mapped("jxc_budget_date")
            paid = line.invoice_lines.filtered(lambda one: one.parent_state == "posted")
            if paid or not days or not all(days):
                continue
            if not line.jxc_budget_date or line.jxc_budget_date < max(days):
                line.jxc_budget_date = max(days)
                moved += self.browse(line.id)
        return moved

    def _jxc_sync(self):
        """Ask the budget now, or at the end of the write on the order around it."""
        if not self:
            return
        deferred = token.deferred_of(self.env)
        if deferred:
            deferred.order_line_ids.update(self.ids)
        else:
            self.env["jxc.budget.engine"]._sync(self)

    def _jxc_check_not_computed(self, vals):
        forbidden = {"jxc_budget_date", "jxc_budget_match"} & set(vals)
        if forbidden and not token.is_engine(self.env):
            raise UserError(
                self.env._("Which budget line counts is decided by the budgets.")
            )
        names = COMPUTED_FIELDS & set(vals)
        if names and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s of purchase order lines cannot be written: the value"
                    " follows from quantity, price and bills.",
                    fields=", ".join(sorted(names)),
                )
            )

    def _track_qty_received(self, new_qty):
        """Past receipts are no news: history imports post no note for each line."""
        if not is_history(self.env):
            super()._track_qty_received(new_qty)
