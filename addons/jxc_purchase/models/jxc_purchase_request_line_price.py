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
        estimates = drafts.filtered(
            lambda line: (
                line.product_id and line.product_uom_id and not line.is_price_manual
            )
        )._estimates()
        for line in self:
            price, source = estimates.get(line, (line.price_unit, line.price_source))
            if line.is_price_manual:
                source = "manual"
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
            if self._is_price_given(vals)
        ]
        lines.browse(given)._note_manual_prices()
        return lines

    def copy_data(self, default=None):
        """An estimate of nothing is made anew: given as 0 it would be one by hand."""
        vals_list = super().copy_data(default)
        for line, vals in zip(self, vals_list, strict=True):
            estimated = not (line.price_unit or line.is_price_manual)
            if estimated and PRICE not in (default or {}):
                vals.pop(PRICE, None)
        return vals_list

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

    @api.model
    def _is_price_given(self, vals):
        """Whether values name a price: also 0, but not the empty cell of a file."""
        return vals.get(PRICE) is not None and vals[PRICE] is not False

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
        given = drafts.filtered("product_id")
        self.env.add_to_compute(self._fields["price_source"], given - manual)

    def _priced_by_hand(self):
        """Return the lines of products whose price is none of the estimates."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        lines = self.filtered("product_id")
        estimates = lines._estimates()
        return lines.filtered(
            lambda line: float_compare(
                estimates[line][0], line.price_unit, precision_digits=digits
            )
        )

    def _suggested_vendors(self):
        """Return {line: vendor to suggest, or none}: hook for other rankings."""
        return {line: line._seller().partner_id for line in self}

    def _seller(self):
        """Return the vendor price that fits this line, or none."""
        company = self._pricing_company()
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

    def _estimates(self):
        """Return {line: (price, where it is from)}; untaxed, whatever is in prices."""
        last = self._last_order_lines()
        sellers = {line: line._seller() for line in self}
        every = self.env["product.supplierinfo"].sudo()
        prices = {
            company: every.union(
                *(sellers[line] for line in lines)
            )._jxc_untaxed_prices(company)
            for company, lines in self.grouped(
                lambda line: line._pricing_company()
            ).items()
        }
        return {line: line._estimate(sellers[line], prices, last) for line in self}

    def _pricing_company(self):
        return self.company_id or self.request_id.company_id or self.env.company

    def _estimate(self, seller, prices, last):
        """Return (price, where it is from) of one line.

        :param seller: the vendor price that fits the line, or none
        :param prices: {company: {vendor price: untaxed}}
        :param last: {(company id, product id): last order line}
        """
        company = self._pricing_company()
        unit = self.product_uom_id
        if seller and seller.price:
            price = prices[company][seller]
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
