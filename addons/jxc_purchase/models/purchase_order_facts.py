# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class PurchaseOrder(models.Model):
    """What approval tiers ask about an order besides its amount."""

    _inherit = "purchase.order"

    jxc_is_new_vendor = fields.Boolean(
        string="New Vendor",
        compute="_compute_jxc_facts",
        groups="base.group_user",
        help="Nothing was ordered from the vendor before.",
    )
    jxc_is_single_source = fields.Boolean(
        string="Single Source",
        compute="_compute_jxc_facts",
        groups="base.group_user",
        help="For at least one product no other vendor is known: none has a price for"
        " it or was ever asked.",
    )
    jxc_price_increase_percent = fields.Float(
        string="Price Increase (%)",
        digits=(16, 2),
        compute="_compute_jxc_facts",
        groups="base.group_user",
        help="The largest increase of a line against the last order or bill of its"
        " product: untaxed, after discount, per unit of the product, in company"
        " currency. Both prices at the rates of the order date.",
    )

    @api.depends(
        "company_id",
        "currency_id",
        "currency_rate",
        "date_order",
        "order_line.price_subtotal",
        "order_line.product_id",
        "order_line.product_uom_qty",
        "partner_id",
        "state",
    )
    def _compute_jxc_facts(self):
        facts = self.env["jxc.purchase.facts"].sudo()
        companies = self.company_id
        products = self.order_line.product_id
        orders_of = facts._orders_of_vendors(companies, self.partner_id)
        known = facts._known_vendors(companies, products)
        history = facts._last_prices(companies, products)
        for order in self.sudo():
            id_, company = order._origin.id, order.company_id
            vendor = order.partner_id.commercial_partner_id._origin.id
            others = orders_of[company.id, vendor] - {id_}
            order.jxc_is_new_vendor = bool(vendor) and not others
            lines = order.order_line.filtered("product_id")
            order.jxc_is_single_source = bool(vendor) and any(
                known[company.id, product.id] <= {vendor}
                for product in lines.product_id._origin
            )
            order.jxc_price_increase_percent = max(
                (
                    facts._increase(
                        line._jxc_base_price(),
                        history[company.id, line.product_id._origin.id],
                        company,
                        (order.date_order or fields.Datetime.now()).date(),
                        id_,
                    )
                    for line in lines
                ),
                default=0.0,
            )

    def _jxc_facts_texts(self):
        """Return the facts worth mentioning to who approves this order."""
        self.ensure_one()
        texts = []
        if self.jxc_is_new_vendor:
            texts.append(self.env._("New vendor"))
        if self.jxc_is_single_source:
            texts.append(self.env._("Single source"))
        if self.jxc_price_increase_percent:
            texts.append(
                self.env._(
                    "Price up by %s%% at most",
                    f"{self.jxc_price_increase_percent:.1f}",
                )
            )
        if self.jxc_over_request_percent:
            texts.append(
                self.env._(
                    "Above its requests by %s%% at most",
                    f"{self.jxc_over_request_percent:.1f}",
                )
            )
        return texts
