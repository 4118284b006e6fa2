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
        " price in company currency per base unit.",
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
        for group in sellers.grouped("product_tmpl_id").values():
            ranks = {}
            for seller in group.sorted(
                lambda one: one._jxc_rank_key(company, standing, blocked)
            ):
                ranks.setdefault(seller.partner_id, len(ranks) + 1)
            for seller in self & group:
                seller.jxc_rank = ranks[seller.partner_id]

    def _jxc_standing(self, company):
        """Return {partner id: last validated evaluation}, for ``_jxc_rank_key``."""
        return self.partner_id._jxc_last_evaluations(company)

    def _jxc_rank_key(self, company, standing, blocked):
        """Return what one vendor price is sorted by, the best one first.

        :param standing: see ``_jxc_standing``
        :param blocked: vendors whose orders would be refused
        """
        self.ensure_one()
        grade = standing[self.partner_id.id].grade
        price = self.currency_id._convert(
            self.price * (1 - (self.discount or 0.0) / 100),
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
