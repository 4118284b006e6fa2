# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain

READERS = "jxc_purchase.group_vendor_rater,jxc_base.group_executive"
#: A vendor without evaluation comes after those that proved to be good.
ORDER_OF_GRADES = {"a": 0, "b": 1, False: 2, "c": 3, "d": 4}


class ProductSupplierinfo(models.Model):
    """Which vendor of a product to ask first."""

    _inherit = "product.supplierinfo"

    jxc_is_preferred = fields.Boolean(
        string="Preferred",
        help="Suggested and ordered from first for this product, whatever grade and"
        " price: in requests, by reordering rules and for sales. Not when the price"
        " does not hold for quantity and date, or orders from the vendor are blocked.",
    )
    jxc_vendor_grade = fields.Selection(
        related="partner_id.jxc_vendor_grade",
        string="Grade",
        groups=READERS,
    )
    jxc_rank = fields.Integer(
        compute="_compute_jxc_rank",
        string="Rank",
        groups=READERS,
        help="Among the vendors of the product: preferred ones, then by grade, then by"
        " untaxed price in company currency per base unit.",
    )

    @api.depends(
        "currency_id",
        "discount",
        "jxc_is_preferred",
        "partner_id.jxc_vendor_grade",
        "price",
        "product_tmpl_id.seller_ids",
        "product_uom_id",
        "sequence",
    )
    @api.depends_context("company")
    def _compute_jxc_rank(self):
        self.jxc_rank = 0
        company = self.env.company
        sellers = self.product_tmpl_id.seller_ids.filtered(
            lambda one: one.company_id in (company, company.browse())
        )
        standing = sellers._jxc_standing(company)
        blocked = sellers.partner_id._jxc_blocked_vendors(company)
        prices = sellers._jxc_untaxed_prices(company)
        for group in sellers.grouped("product_tmpl_id").values():
            ranks = {}
            for seller in group.sorted(
                lambda one: one._jxc_rank_key(company, standing, blocked, prices)
            ):
                ranks.setdefault(seller.partner_id, len(ranks) + 1)
            for seller in self & group:
                seller.jxc_rank = ranks[seller.partner_id]

    def _jxc_standing(self, company):
        """Return {partner id: last validated evaluation}, for ``_jxc_rank_key``."""
        return self.partner_id._jxc_last_evaluations(company)

    def _jxc_untaxed_prices(self, company):
        """Return the discounted prices less the taxes an order would find in them.

        Per unit of the price, in its currency, not rounded.

        :return: {vendor price: amount}
        """
        prices = {
            seller: seller.price * (1 - (seller.discount or 0.0) / 100)
            for seller in self
        }
        if not self._jxc_may_hold_taxes():
            return prices
        positions = self._jxc_vendor_positions(company)
        for seller, price in prices.items():
            position = positions[seller.partner_id]
            prices[seller] = seller._jxc_less_taxes(price, company, position)
        return prices

    def _jxc_may_hold_taxes(self):
        """Whether a tax of these products, or one in its place, is part of prices.

        Reads all of them together. Nearly nowhere one is, and then nobody needs to know
        which fiscal position a vendor has.
        """
        taxes = self.product_tmpl_id.sudo().supplier_taxes_id
        return bool((taxes | taxes.replacing_tax_ids)._jxc_in_price())

    def _jxc_vendor_positions(self, company):
        """Return {vendor: fiscal position}, what the platform finds one by one."""
        # sudo: what of a price is tax is the same for everybody who reads the price
        vendors = self.partner_id.sudo().with_company(company)
        positions = self.env["account.fiscal.position"].sudo().with_company(company)
        automatic = positions.search(
            Domain(positions._check_company_domain(company))
            & Domain("auto_apply", "=", True)
        )
        found = {}
        for vendor in vendors:
            position = vendor.property_account_position_id
            if not position and vendor.country_id:
                position = automatic._get_first_matching_fpos(vendor)
            found[vendor] = position
        return found

    def _jxc_less_taxes(self, price, company, position):
        """Return a price less the taxes in it, as the platform does on the order."""
        own = self.product_tmpl_id.sudo().supplier_taxes_id
        own = own._filter_taxes_by_company(company)
        if not own:
            return price
        taxes = position.map_tax(own)
        price = taxes._fix_tax_included_price(price, own, taxes)
        product = self.product_id or self.product_tmpl_id.product_variant_id
        return taxes._jxc_untaxed_price(price, product)

    def _jxc_rank_key(self, company, standing, blocked, prices):
        """Return what one vendor price is sorted by, the best one first.

        :param standing: see ``_jxc_standing``
        :param blocked: vendors whose orders would be refused
        :param prices: see :meth:`_jxc_untaxed_prices`
        """
        self.ensure_one()
        grade = standing[self.partner_id.id].grade
        price = self.currency_id._convert(
            prices[self],
            company.currency_id,
            company,
            fields.Date.context_today(self),
            round=False,
        )
        base = self.product_tmpl_id.uom_id
        if self.product_uom_id and self.product_uom_id._has_common_reference(base):
            price = self.product_uom_id._compute_price(price, base)
        return (
            self.partner_id in blocked,
            not self.jxc_is_preferred,
            ORDER_OF_GRADES[grade],
            price,
            self.sequence,
            self._origin.id or 0,
        )
