# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError

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
        scope = {("scope", self._jxc_scope()): 0.0}
        if self.compute_price == "fixed":
            return {kind: self.fixed_price, **scope}
        based = (*kind, self.base, self.base_pricelist_id.id)
        if self.compute_price == "percentage":
            return {based: 100.0 - self.percent_price, **scope}
        if self._jxc_goods() and self.base == "list_price":
            return {based: self._jxc_resulting()[1], **scope}
        asked = 100.0 - self.price_discount
        if self.base == "standard_price":
            asked = 100.0 + self.price_markup
        # What is added is a lot for cheap goods and little for dear ones: another
        # amount is another rule.
        return {based: asked, ("amounts", self._jxc_amounts()): 100.0, **scope}

    def _jxc_price_percent(self, before):
        """Judge a rule that reaches further than it did like one that is new."""
        measured = {key: old for key, old in before.items() if key[0] != "scope"}
        percent = super()._jxc_price_percent(measured)
        if any(self._jxc_reaches_beyond(key[1]) for key in before if key[0] == "scope"):
            new = self._jxc_percent_of_new()
            percent = max(percent, -100.0 if new is None else new, key=abs)
        return percent

    def _jxc_scope(self):
        """Where this rule holds: price list, quantity from, days from and to."""
        return (
            self.pricelist_id.id,
            self.min_quantity,
            self.date_start or datetime.min,
            self.date_end or datetime.max,
        )

    def _jxc_reaches_beyond(self, scope):
        """Whether this rule holds where it did not with that scope."""
        pricelist, quantity, start, end = self._jxc_scope()
        return (
            pricelist != scope[0]
            or quantity < scope[1]
            or start < scope[2]
            or end > scope[3]
        )

    def _jxc_goods(self):
        """The one product, or variant, that this rule is for, or nothing."""
        if self.applied_on == "0_product_variant":
            return self.product_id
        if self.applied_on == "1_product":
            return self.product_tmpl_id
        return self.product_tmpl_id.browse()

    def _jxc_amounts(self):
        """What a formula adds, rounds to, and keeps within; money, not percent."""
        return (
            self.price_surcharge,
            self.price_round,
            self.price_min_margin,
            self.price_max_margin,
        )

    def _jxc_resulting(self):
        """Return (sales price, price by this rule) of its goods, in its currency."""
        goods = self._jxc_goods()
        known = {
            "product": goods,
            "quantity": self.min_quantity or 1.0,
            "uom": goods.uom_id,
            "date": fields.Datetime.now(),
            "currency": self.currency_id,
        }
        return self._compute_base_price(**known), self._compute_price(**known)

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
            if percent is None:
                item.with_env(self.env)._jxc_check_unmeasured()
                percent = 0.0
            item.with_env(self.env)._jxc_check_price_change(percent)
            name = {
                "fixed": "fixed_price",
                "percentage": "percent_price",
            }.get(item.compute_price, "price_discount")
            key = item._jxc_price_key(next(iter(item._jxc_price_measures())))
            changes.append((item, {name: 0.0}, percent, {key: percent}))
        self._jxc_log_prices(changes)
        return items

    def _jxc_percent_of_new(self):
        """By how much the price by this rule differs from the sales price, in percent.

        :return: None where nobody can say: one price, or an amount, for goods of all
            prices, or prices that start from other ones
        """
        if self.compute_price == "fixed":
            product = self._jxc_goods()
            if not product:
                return None
            listed = product.currency_id._convert(
                product.list_price, self.currency_id, self.env.company
            )
            return change_percent(listed, self.fixed_price)
        if self.base != "list_price":
            return None
        if self.compute_price == "percentage":
            return -self.percent_price
        if self._jxc_goods():
            return change_percent(*self._jxc_resulting())
        return None if any(self._jxc_amounts()) else -self.price_discount

    def _jxc_check_unmeasured(self):
        """:raise AccessError: naming a rule that may change prices by anything"""
        if self._jxc_may_change_prices() or not self._jxc_price_limit():
            return
        raise AccessError(
            self.env._(
                "%s: only price managers make rules whose prices cannot be compared"
                " with the sales price: one price or amount for many goods, or prices"
                " that start from costs or another price list.",
                self.sudo()._jxc_price_label(),
            )
        )

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


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def write(self, vals):
        """:raise AccessError: prices become those of another currency"""
        if "currency_id" in vals:
            for item in self.sudo().item_ids:
                is_other = item.pricelist_id.currency_id.id != vals["currency_id"]
                is_amount = item.compute_price == "fixed" or any(item._jxc_amounts())
                if is_other and is_amount:
                    item.with_env(self.env)._jxc_check_unmeasured()
        return super().write(vals)
