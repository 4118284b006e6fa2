# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import format_amount


class JxcPurchaseBudgetTransfer(models.Model):
    """What approval tiers ask about a budget change besides its amount.

    A budget line may name a vendor. Money for such a line is meant for that vendor, so
    a change can be for a new vendor, or for a single source. There is no rule about the
    last price: neither a budget line nor a change has a product or a price. Prices are
    judged on the requests and orders that spend the money.
    """

    _inherit = "jxc.purchase.budget.transfer"

    jxc_is_new_vendor = fields.Boolean(
        string="New Vendor",
        compute="_compute_jxc_facts",
        help="A budget line that receives is for a vendor from whom nothing was ordered"
        " before.",
    )
    jxc_is_single_source = fields.Boolean(
        string="Single Source",
        compute="_compute_jxc_facts",
        help="A budget line that receives is for a vendor who is the only one known for"
        " at least one product of the category of the line.",
    )

    @api.depends(
        "company_id",
        "line_ids.line_to_id.category_id",
        "line_ids.line_to_id.partner_id",
    )
    def _compute_jxc_facts(self):
        facts = self.env["jxc.purchase.facts"].sudo()
        changes = self.sudo()
        vendors = changes.line_ids.line_to_id.partner_id
        orders_of = facts._orders_of_vendors(changes.company_id, vendors)
        products_of = facts._products_of_vendors(changes.company_id, vendors)
        products = self.env["product.product"].sudo().union(*products_of.values())
        known = facts._known_vendors(changes.company_id, products)
        for change in changes:
            company_id = change.company_id.id
            is_new = is_single = False
            for line in change.line_ids.line_to_id.filtered("partner_id"):
                key = (company_id, line.partner_id.commercial_partner_id.id)
                is_new = is_new or not orders_of[key]
                is_single = is_single or any(
                    known[company_id, product.id] <= {key[1]}
                    for product in products_of.get(key, products.browse())
                    if not line.category_id
                    or (product.categ_id.parent_path or "").startswith(
                        line.category_id.parent_path
                    )
                )
            change.jxc_is_new_vendor = is_new
            change.jxc_is_single_source = is_single

    def _jxc_approval_summary(self):
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        parts = [
            kinds[self.kind],
            format_amount(self.env, self.amount_total, self.currency_id),
        ]
        if self.jxc_is_new_vendor:
            parts.append(self.env._("New vendor"))
        if self.jxc_is_single_source:
            parts.append(self.env._("Single source"))
        if self.is_over_budget:
            parts.append(self.env._("Over budget"))
        lines = self.line_ids
        for line in lines[:5]:
            names = (line.line_from_id.display_name, line.line_to_id.display_name)
            parts.append(" → ".join(filter(None, names)))
        return "\n".join([*parts, self.reason or ""]).strip()

    def action_jxc_approve(self):
        return self.action_approve()

    def action_jxc_reject(self):
        """Ask why, then reject: for the user's tiers, or as a budget manager.

        :return: the action of the window that asks
        :raise AccessError: the user may not decide
        :raise UserError: it is not waiting for its approval
        """
        self._check_states("submitted")
        if self.sudo().review_ids:
            return super().action_jxc_reject()
        self._check_may_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": "jxc.purchase.budget.transfer.reject",
            "view_mode": "form",
            "target": "new",
            "context": {"default_transfer_id": self.id},
        }
