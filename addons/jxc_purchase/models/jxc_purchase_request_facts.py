# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import format_amount


class JxcPurchaseRequest(models.Model):
    """What approval tiers ask about a request besides its amount."""

    _inherit = "jxc.purchase.request"

    jxc_is_new_vendor = fields.Boolean(
        string="New Vendor",
        compute="_compute_jxc_facts",
        help="Nothing was ordered before from a vendor that a line suggests.",
    )
    jxc_is_single_source = fields.Boolean(
        string="Single Source",
        compute="_compute_jxc_facts",
        help="For at least one product only one vendor is known.",
    )
    jxc_price_increase_percent = fields.Float(
        string="Price Increase (%)",
        digits=(16, 2),
        compute="_compute_jxc_facts",
        help="The largest increase of an estimated price against the last order or bill"
        " of its product, untaxed, per unit of the product, in company currency.",
    )

    @api.depends(
        "company_id",
        "line_ids.price_unit",
        "line_ids.product_id",
        "line_ids.product_uom_id",
        "line_ids.vendor_id",
    )
    def _compute_jxc_facts(self):
        facts = self.env["jxc.purchase.facts"].sudo()
        companies = self.company_id
        products = self.line_ids.product_id
        orders_of = facts._orders_of_vendors(companies, self.line_ids.vendor_id)
        known = facts._known_vendors(companies, products)
        history = facts._last_prices(companies, products)
        for request in self.sudo():
            company_id = request.company_id.id
            vendors = request.line_ids.vendor_id.commercial_partner_id
            request.jxc_is_new_vendor = any(
                not orders_of[company_id, vendor.id] for vendor in vendors._origin
            )
            lines = request.line_ids.filtered("product_id")
            request.jxc_is_single_source = any(
                len(line._jxc_vendors(known)) == 1 for line in lines
            )
            request.jxc_price_increase_percent = max(
                (
                    facts._increase(
                        line._jxc_base_price(),
                        history[company_id, line.product_id._origin.id],
                        request.company_id,
                        # As its prices are estimated.
                        fields.Date.today(),
                    )
                    for line in lines
                ),
                default=0.0,
            )

    def _jxc_approval_summary(self):
        self.ensure_one()
        amount = format_amount(self.env, self.amount_total, self.currency_id)
        names = [line.name.split("\n")[0] for line in self.line_ids[:5] if line.name]
        parts = [self.user_id.name, amount]
        if self.jxc_is_new_vendor:
            parts.append(self.env._("New vendor"))
        if self.jxc_is_single_source:
            parts.append(self.env._("Single source"))
        if self.jxc_price_increase_percent:
            parts.append(
                self.env._(
                    "Price up by %s%% at most",
                    f"{self.jxc_price_increase_percent:.1f}",
                )
            )
        parts.append(", ".join(names) + ("…" if len(self.line_ids) > 5 else ""))
        return "\n".join([*parts, self.note or ""]).strip()

    def action_jxc_approve(self):
        return self.action_approve()

    def action_jxc_reject(self):
        return self.action_reject()
