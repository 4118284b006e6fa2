# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

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
        positions = {}
        for group in sellers.grouped("product_tmpl_id").values():
            ranks = {}
            for seller in group.sorted(
                lambda one: one._jxc_rank_key(company, standing, blocked, positions)
            ):
                ranks.setdefault(seller.partner_id, len(ranks) + 1)
            for seller in self & group:
                seller.jxc_rank = ranks[seller.partner_id]

    def _jxc_standing(self, company):
        """Return {partner id: last validated evaluation}, for ``_jxc_rank_key``."""
        return self.partner_id._jxc_last_evaluations(company)

    def _jxc_untaxed_price(self, company, positions=None):
        """Return the discounted price less the taxes an order would find in it.

        Per unit of the price, in its currency, not rounded.

        :param positions: {(company, vendor): fiscal position} of earlier calls, kept
            over many prices
        """
        self.ensure_one()
        vendor = self.partner_id
        product = self.product_id or self.product_tmpl_id.product_variant_id
        price = self.price * (1 - (self.discount or 0.0) / 100)
        own = self.product_tmpl_id.sudo().supplier_taxes_id
        own = own._filter_taxes_by_company(company)
        if not own:
            return price
        positions = {} if positions is None else positions
        if (company, vendor) not in positions:
            find = self.env["account.fiscal.position"].sudo().with_company(company)
            positions[company, vendor] = find._get_fiscal_position(vendor)
        taxes = positions[company, vendor].map_tax(own)
        # As the platform does it on the order.
        price = taxes._fix_tax_included_price(price, own, taxes)
        return taxes._jxc_untaxed_price(price, product)

    def _jxc_rank_key(self, company, standing, blocked, positions=None):
        """Return what one vendor price is sorted by, the best one first.

        :param standing: see ``_jxc_standing``
        :param blocked: vendors whose orders would be refused
        :param positions: see :meth:`_jxc_untaxed_price`
        """
        self.ensure_one()
        grade = standing[self.partner_id.id].grade
        price = self._jxc_untaxed_price(company, positions)
        price = self.currency_id._convert(
            price,
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
