# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL


class JxcPurchaseRequestLine(models.Model):
    """What a line will cost: vendor price, else last price, else cost."""

    _inherit = "jxc.purchase.request.line"

    vendor_id = fields.Many2one(
        comodel_name="res.partner",
        string="Suggested Vendor",
        compute="_compute_vendor_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    price_unit = fields.Float(
        string="Estimated Price",
        digits="Product Price",
        min_display_digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        help="Untaxed, per unit of the line, in company currency.",
    )
    price_source = fields.Selection(
        selection=[
            ("vendor", "Vendor price"),
            ("last", "Last purchase"),
            ("cost", "Cost"),
        ],
        compute="_compute_price_unit",
        string="Estimated from",
        store=True,
    )
    price_subtotal = fields.Monetary(
        compute="_compute_price_subtotal",
        string="Estimated Amount",
        store=True,
    )

    @api.depends("product_id")
    def _compute_vendor_id(self):
        drafts = self.filtered(lambda line: line.request_id.decision == "draft")
        suggested = drafts._suggested_vendors()
        for line in self:
            line.vendor_id = suggested.get(line) or line.vendor_id

    @api.depends("product_id", "product_qty", "product_uom_id", "vendor_id")
    def _compute_price_unit(self):
        drafts = self.filtered(lambda line: line.request_id.decision == "draft")
        last = drafts._last_order_lines()
        for line in self:
            price, source = line.price_unit, line.price_source
            if line in drafts and line.product_id and line.product_uom_id:
                price, source = line._estimate(last)
            line.price_unit, line.price_source = price, source

    @api.depends("price_unit", "product_qty")
    def _compute_price_subtotal(self):
        for line in self:
            amount = line.price_unit * line.product_qty
            line.price_subtotal = line.currency_id.round(amount)

    def _suggested_vendors(self):
        """Return {line: vendor to suggest, or none}: hook for other rankings."""
        return {line: line._seller().partner_id for line in self}

    def _seller(self):
        """Return the vendor price that fits this line, or none."""
        company = self.company_id or self.request_id.company_id or self.env.company
        product = self.product_id.sudo().with_company(company)
        if not product:
            return self.env["product.supplierinfo"]
        unit = self.product_uom_id
        return product._select_seller(
            partner_id=self.vendor_id or False,
            quantity=self.product_qty,
            date=max(self.date_required or fields.Date.today(), fields.Date.today()),
            uom_id=unit if unit._has_common_reference(product.uom_id) else None,
        )

    def _estimate(self, last):
        """Return (price, where it is from) of one line.

        :param last: {(company id, product id): last order line}
        """
        company = self.company_id or self.request_id.company_id or self.env.company
        unit = self.product_uom_id
        seller = self._seller()
        if seller and seller.price:
            price = seller.price * (1 - (seller.discount or 0.0) / 100)
            price = self._in_company_currency(price, seller.currency_id, company)
            return seller.product_uom_id._compute_price(price, unit), "vendor"
        order_line = last.get((company.id, self.product_id.id))
        if order_line and order_line.product_uom_id._has_common_reference(unit):
            price = order_line.price_unit * (1 - order_line.discount / 100)
            price = self._in_company_currency(price, order_line.currency_id, company)
            return order_line.product_uom_id._compute_price(price, unit), "last"
        product = self.product_id.sudo().with_company(company)
        cost = product.uom_id._compute_price(product.standard_price, unit)
        return cost, "cost" if cost else False

    def _in_company_currency(self, amount, currency, company):
        return currency._convert(
            amount, company.currency_id, company, fields.Date.today(), round=False
        )

    def _last_order_lines(self):
        """{(company id, product id): newest confirmed order line}, in one query."""
        products = self.product_id
        if not products:
            return {}
        companies = self.company_id | self.request_id.company_id | self.env.company
        self.env["purchase.order.line"].flush_model(["product_id", "order_id"])
        self.env["purchase.order"].flush_model(["state", "date_order", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line.product_id, ord.company_id)
                       ord.company_id, line.product_id, line.id
                  FROM purchase_order_line line
                  JOIN purchase_order ord ON ord.id = line.order_id
                 WHERE line.product_id = ANY(%s)
                   AND ord.company_id = ANY(%s)
                   AND ord.state = 'purchase'
                   AND line.price_unit > 0
                 ORDER BY line.product_id, ord.company_id, ord.date_order DESC,
                          line.id DESC
                """,
                products.ids,
                companies.ids,
            )
        )
        # The price is an estimate for everybody, the orders themselves are not shown.
        lines = self.env["purchase.order.line"].sudo()
        lines = lines.browse([line_id for _company, _product, line_id in rows])
        return {
            (company_id, product_id): line
            for (company_id, product_id, _id), line in zip(rows, lines, strict=True)
        }
