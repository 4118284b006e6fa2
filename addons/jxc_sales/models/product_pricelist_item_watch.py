# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

from ..tools.price import change_percent

KINDS = ("compute_price", "base", "base_pricelist_id", "applied_on", "pricelist_id")
SCOPES = ("product_tmpl_id", "product_id", "categ_id", "min_quantity")
DATES = ("date_start", "date_end")
AMOUNTS = (
    "fixed_price",
    "percent_price",
    "price_discount",
    "price_markup",
    "price_max_margin",
    "price_min_margin",
    "price_round",
    "price_surcharge",
)


class ProductPricelistItem(models.Model):
    """Rules of price lists: made, changed and deleted with a trace."""

    _name = "product.pricelist.item"
    _inherit = ["jxc.price.watch", "product.pricelist.item"]

    _jxc_price_fields = (*AMOUNTS, *KINDS, *SCOPES, *DATES)

    def _jxc_price_measures(self):
        """What the rule asks, of 100 or as a price; another kind is another key."""
        product = (self.product_id.id, self.product_tmpl_id.id, self.categ_id.id)
        kind = (self.compute_price, self.applied_on, product)
        if self.compute_price == "fixed":
            return {kind: self.fixed_price}
        if self.compute_price == "percentage":
            return {kind: 100.0 - self.percent_price}
        asked = 100.0 - self.price_discount
        if self.base == "standard_price":
            asked = 100.0 + self.price_markup
        return {
            (*kind, self.base, self.base_pricelist_id.id): asked,
            # A constant to be compared with itself: what is added changes with it.
            ("surcharge", *kind): 100.0 + self.price_surcharge,
        }

    def _jxc_price_names(self):
        template = self.product_tmpl_id or self.product_id.product_tmpl_id
        return {
            "pricelist_id": self.pricelist_id.id,
            "product_tmpl_id": template.id,
            "company_id": self.pricelist_id.company_id.id or template.company_id.id,
        }

    def _jxc_price_label(self):
        return f"{self.pricelist_id.display_name}: {self.name}"

    @api.model_create_multi
    def create(self, vals_list):
        """Judge new rules against the price that holds without them.

        :raise AccessError: see :meth:`_jxc_check_price_change`
        """
        items = super().create(vals_list)
        changes = []
        for item in items.sudo():
            percent = item._jxc_percent_of_new()
            item.with_env(self.env)._jxc_check_price_change(percent)
            name = {
                "fixed": "fixed_price",
                "percentage": "percent_price",
            }.get(item.compute_price, "price_discount")
            changes.append((item, {name: 0.0}, percent))
        self._jxc_log_prices(changes)
        return items

    def _jxc_percent_of_new(self):
        if self.compute_price == "fixed":
            product = self.product_id or self.product_tmpl_id
            listed = (
                product.currency_id._convert(
                    product.list_price, self.currency_id, self.env.company
                )
                if product
                else 0.0
            )
            return change_percent(listed, self.fixed_price)
        if self.compute_price == "percentage":
            return -self.percent_price
        if self.base == "standard_price":
            return 0.0
        return -self.price_discount

    def unlink(self):
        lang = self.env.company._jxc_lang()
        items = self.sudo().with_context(lang=lang).exists()
        changes = []
        for item in items:
            name = {
                "fixed": "fixed_price",
                "percentage": "percent_price",
            }.get(item.compute_price, "price_discount")
            changes.append(
                {
                    **item._jxc_price_names(),
                    "what": item.env._("Deleted: %s", item._jxc_price_label()),
                    "old_text": item._jxc_price_text(name, item[name]),
                    "new_text": "–",
                    "tells_costs": item._jxc_price_tells_costs({}),
                    "user_id": self.env.uid,
                }
            )
        result = super().unlink()
        self.env["jxc.price.log"].sudo().create(changes)
        return result
