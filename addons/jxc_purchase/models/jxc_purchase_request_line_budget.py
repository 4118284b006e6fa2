# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class JxcPurchaseRequestLine(models.Model):
    """What a request line holds on which budget line."""

    _inherit = "jxc.purchase.request.line"

    budget_date = fields.Date(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The day that decides on the budget period: of the submission, or the"
        " first day of the budget that the line was carried forward to.",
    )
    is_unreserved = fields.Boolean(
        string="Holds no Budget",
        readonly=True,
        copy=False,
        help="An order of this line was cancelled or reduced when its budget had been"
        " used by others. The next order asks for all of it.",
    )
    jxc_budget_match = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_user",
        export_string_translation=False,
    )
    budget_line_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.line",
        compute="_compute_budget_line_id",
        help="The budget line that counts this line; the first one when its analytic"
        " distribution is split.",
    )

    def _compute_budget_line_id(self):
        found = self.env["jxc.budget.engine"]._preview_request_lines(self)
        for line in self:
            line.budget_line_id = found[line]

    @api.depends("product_id", "vendor_id")
    def _compute_analytic_distribution(self):
        """Suggest, as on orders, what the distribution models say for the vendor.

        While it is a draft: what was submitted on an account stays there.
        """
        models_ = self.env["account.analytic.distribution.model"].sudo()
        drafts = self.filtered(lambda line: line.request_id.decision == "draft")
        suggested = {}
        if drafts and models_.search_count([], limit=1):
            keys = {line: line._analytic_key() for line in drafts}
            by_key = {
                key: models_._get_distribution(drafts._prepare_analytic_values(*key))
                for key in set(keys.values())
            }
            suggested = {line: by_key[key] for line, key in keys.items()}
        for line in self:
            distribution = suggested.get(line) or line.analytic_distribution
            line.analytic_distribution = distribution

    def _analytic_key(self):
        company = self.company_id or self.request_id.company_id
        return self.product_id, self.vendor_id, company

    def _prepare_analytic_values(self, product, vendor, company):
        """Return what the distribution models are asked by: hook."""
        return {
            "product_id": product.id,
            "product_categ_id": product.categ_id.id,
            "partner_id": vendor.id,
            "partner_category_id": vendor.category_id.ids,
            "company_id": company.id,
        }

    def write(self, vals):
        """Keep the budget right when buyers decide on the vendor of held lines.

        :raise UserError: the budget of that vendor does not suffice
        """
        result = super().write(vals)
        if {"analytic_distribution", "price_unit", "product_qty", "vendor_id"} & set(
            vals
        ):
            self._sync_budget()
        return result

    def _sync_budget(self):
        held = self.filtered("budget_date")
        if held:
            self.env["jxc.budget.engine"]._sync(request_lines=held)
