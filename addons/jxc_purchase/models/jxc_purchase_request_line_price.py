# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL, float_compare

PRICE = "price_unit"
#: What a price is the price of.
PRICED_BY = ("product_id", "product_uom_id", "vendor_id")


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
    is_price_manual = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
    price_source = fields.Selection(
        selection=[
            ("vendor", "Vendor price"),
            ("last", "Last purchase"),
            ("cost", "Cost"),
            ("manual", "Entered by hand"),
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

    @api.depends(
        "is_price_manual", "product_id", "product_qty", "product_uom_id", "vendor_id"
    )
    def _compute_price_unit(self):
        drafts = self.filtered(lambda line: line.request_id.decision == "draft")
        last = drafts._last_order_lines()
        positions = {}
        for line in self:
            price, source = line.price_unit, line.price_source
            if line.is_price_manual:
                source = "manual"
            elif line in drafts and line.product_id and line.product_uom_id:
                price, source = line._estimate(last, positions)
            line.price_unit, line.price_source = price, source

    @api.depends("price_unit", "product_qty")
    def _compute_price_subtotal(self):
        for line in self:
            amount = line.price_unit * line.product_qty
            line.price_subtotal = line.currency_id.round(amount)

    # ------------------------------------------------------------
    # Prices entered by hand
    # ------------------------------------------------------------

    @api.onchange("price_unit")
    def _onchange_price_unit(self):
        self.is_price_manual = bool(self._priced_by_hand())

    @api.onchange(*PRICED_BY)
    def _onchange_priced(self):
        self.is_price_manual = False

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        given = [
            line.id
            for line, vals in zip(lines, vals_list, strict=True)
            if vals.get(PRICE)
        ]
        lines.browse(given)._note_manual_prices()
        return lines

    def write(self, vals):
        """Keep a price that somebody entered until it is for something else."""
        before = {line: line._priced() for line in self if line.is_price_manual}
        result = super().write(vals)
        if PRICE in vals:
            self._note_manual_prices()
            return result
        other = [line.id for line, key in before.items() if line._priced() != key]
        # sudo: who changes what is asked for does not say what the price follows from
        self.browse(other).sudo().is_price_manual = False
        return result

    def _priced(self):
        """Return what a price is the price of; how much is asked for is no part."""
        return [self[name] for name in PRICED_BY]

    def _note_manual_prices(self):
        """Remember which drafts have a price that is not the estimate of the server."""
        drafts = self.filtered(lambda line: line.request_id.decision == "draft")
        manual = drafts._priced_by_hand()
        # sudo: see write
        (manual - manual.filtered("is_price_manual")).sudo().is_price_manual = True
        (drafts - manual).filtered("is_price_manual").sudo().is_price_manual = False
        # Who gave the estimate as the price did not say where it is from.
        given = drafts.filtered(lambda line: line.product_id and line.price_unit)
        self.env.add_to_compute(self._fields["price_source"], given - manual)

    def _priced_by_hand(self):
        """Return the lines of products whose price is none of the estimates."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        lines = self.filtered(lambda line: line.product_id and line.price_unit)
        last, positions = lines._last_order_lines(), {}
        return lines.filtered(
            lambda line: float_compare(
                line._estimate(last, positions)[0],
                line.price_unit,
                precision_digits=digits,
            )
        )

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

    def _estimate(self, last, positions=None):
        """Return (price, where it is from) of one line; untaxed, whatever is in prices.

        :param last: {(company id, product id): last order line}
        :param positions: see ``product.supplierinfo._jxc_untaxed_price``
        """
        company = self.company_id or self.request_id.company_id or self.env.company
        unit = self.product_uom_id
        seller = self._seller()
        if seller and seller.price:
            price = seller._jxc_untaxed_price(company, positions)
            price = self._in_company_currency(price, seller.currency_id, company)
            return seller.product_uom_id._compute_price(price, unit), "vendor"
        order_line = last.get((company.id, self.product_id.id))
        if order_line and order_line.product_uom_id._has_common_reference(unit):
            price = order_line._jxc_untaxed_unit_price()
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
