# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.tools import ormcache

from ..tools import token

#: Kinds of taxes that leave the price without tax as it is, when added to it.
ADDED = ("fixed", "percent")

#: What decides on whether a tax is a cost of the goods.
COST_FIELDS = {
    "amount_type",
    "children_tax_ids",
    "company_id",
    "invoice_repartition_line_ids",
    "price_include_override",
    "repartition_line_ids",
}


class AccountTax(models.Model):
    """What of its taxes goods cost, without working out the taxes.

    To price what is received, the platform works out every tax of every order line,
    with the tags of the tax report: half of what confirming a line costs. All it wants
    to know is how much of them the tax office does not give back: nearly always none.
    """

    _inherit = "account.tax"

    def write(self, vals):
        result = super().write(vals)
        if COST_FIELDS & set(vals):
            self.env.registry.clear_cache()
        return result

    def compute_all(self, price_unit, currency=None, quantity=1.0, *args, **kwargs):
        """Work out the taxes; where only the cost is asked, and no tax is in it, none.

        :return: as the platform does; with a :class:`~..tools.token.CostOnly` in the
            context, ``total_void`` alone where that is the price
        """
        if token.is_cost_only(self.env) and not self._jxc_may_be_cost():
            return {"total_void": price_unit * quantity}
        return super().compute_all(price_unit, currency, quantity, *args, **kwargs)

    def _jxc_may_be_cost(self):
        """Whether any of these taxes may be part of what the goods cost.

        Not when each is added to the price and goes to an account of its own.
        """
        ids = tuple(self.ids)
        return len(ids) < len(self) or self._jxc_may_be_cost_cached(ids)

    @api.model
    @ormcache("ids")
    def _jxc_may_be_cost_cached(self, ids):
        taxes = self.sudo().browse(ids).flatten_taxes_hierarchy()
        return any(
            tax.price_include
            or tax.amount_type not in ADDED
            or not all(
                line.account_id
                for line in tax.invoice_repartition_line_ids
                if line.repartition_type == "tax"
            )
            for tax in taxes
        )

    # -- prices with and without the taxes in them ------------------------------------

    def _jxc_untaxed_price(self, price, product=None):
        """Return a unit price less those of these taxes that are part of it.

        Not rounded; the price itself where no tax is part of it.
        """
        if not self._jxc_in_price():
            return price
        return self._get_tax_details(
            price, 1.0, rounding_method="round_globally", product=product
        )["total_excluded"]

    def _jxc_price_with_taxes(self, untaxed, product=None):
        """Return the unit price that these taxes leave ``untaxed`` of."""
        taxes = self._jxc_in_price()
        if not taxes:
            return untaxed
        return taxes._get_tax_details(
            untaxed,
            1.0,
            rounding_method="round_globally",
            product=product,
            special_mode="total_excluded",
        )["total_included"]

    def _jxc_in_price(self):
        """Return those of these taxes that prices contain."""
        return self.flatten_taxes_hierarchy().filtered("price_include")


class AccountTaxRepartitionLine(models.Model):
    _inherit = "account.tax.repartition.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env.registry.clear_cache()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result


class ResCompany(models.Model):
    _inherit = "res.company"

    def cache_invalidation_fields(self):
        return super().cache_invalidation_fields() | {"account_price_include"}
