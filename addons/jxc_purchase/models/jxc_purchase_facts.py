# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class JxcPurchaseFacts(models.AbstractModel):
    """What past purchases say about vendors and prices, for whole batches.

    Reads with superuser rights: whether a vendor is new does not depend on who asks.
    """

    _name = "jxc.purchase.facts"
    _description = "Facts about Vendors and Prices"

    @api.model
    def _orders_of_vendors(self, companies, partners):
        """Return ``{(company id, commercial partner id): set of order ids}``.

        Of each vendor's confirmed orders two at most, which tells whether there is one
        besides a given one.
        """
        vendors = partners.sudo().commercial_partner_id
        found = defaultdict(set)
        if not vendors:
            return found
        groups = (
            self.env["purchase.order"]
            .sudo()
            ._read_group(
                Domain("state", "=", "purchase")
                & Domain("company_id", "in", companies.ids)
                & Domain("partner_id", "child_of", vendors.ids),
                ["company_id", "partner_id"],
                ["id:min", "id:max"],
            )
        )
        for company, partner, first, last in groups:
            found[company.id, partner.commercial_partner_id.id] |= {first, last}
        return found

    @api.model
    def _products_of_vendors(self, companies, partners):
        """Return ``{(company id, commercial partner id): products}`` that they sell.

        Those they have a price for, and those they were ever asked for.
        """
        found = defaultdict(self.env["product.product"].sudo().browse)
        vendors = partners.sudo().commercial_partner_id
        if not vendors:
            return found
        prices = self.env["product.supplierinfo"].sudo()
        for seller in prices.search(
            Domain("partner_id", "child_of", vendors.ids)
            & Domain("company_id", "in", [False, *companies.ids])
        ):
            products = seller.product_id or seller.product_tmpl_id.product_variant_ids
            for company in seller.company_id or companies:
                vendor = seller.partner_id.commercial_partner_id
                found[company.id, vendor.id] |= products
        groups = (
            self.env["purchase.order.line"]
            .sudo()
            ._read_group(
                Domain("partner_id", "child_of", vendors.ids)
                & Domain("company_id", "in", companies.ids)
                & Domain("order_id.state", "!=", "cancel")
                & Domain("product_id", "!=", False),
                ["company_id", "partner_id"],
                ["product_id:recordset"],
            )
        )
        for company, partner, products in groups:
            found[company.id, partner.commercial_partner_id.id] |= products
        return found

    @api.model
    def _known_vendors(self, companies, products):
        """Return ``{(company id, product id): set of commercial partner ids}``.

        Known are the vendors with a price for the product and those it was ever asked
        or ordered from.
        """
        known = defaultdict(set)
        if not products:
            return known
        products = products.sudo()
        for product in products:
            for seller in product.seller_ids:
                if seller.product_id and seller.product_id != product:
                    continue
                vendor = seller.partner_id.commercial_partner_id.id
                for company in seller.company_id & companies or companies:
                    if not seller.company_id or seller.company_id == company:
                        known[company.id, product.id].add(vendor)
        groups = (
            self.env["purchase.order.line"]
            .sudo()
            ._read_group(
                Domain("product_id", "in", products.ids)
                & Domain("company_id", "in", companies.ids)
                & Domain("order_id.state", "!=", "cancel"),
                ["company_id", "product_id", "partner_id"],
            )
        )
        for company, product, partner in groups:
            known[company.id, product.id].add(partner.commercial_partner_id.id)
        return known

    @api.model
    def _last_prices(self, companies, products):
        """Return ``{(company id, product id): [(order id, price, currency id), …]}``.

        Newest first. Untaxed prices per unit of the product in the currency they were
        agreed in, of confirmed order lines and of posted bill lines, two documents at
        most. A bill of an order says what that order really cost; the order id of other
        bills is below zero.
        """
        found = defaultdict(list)
        if not products:
            return found
        self._flush_prices()
        rows = self.env.execute_query(
            SQL(
                """
                WITH price AS (
                    SELECT line.company_id,
                           line.product_id,
                           line.order_id AS document,
                           coalesce(ord.date_approve, ord.date_order)::date AS day,
                           0 AS paid,
                           line.id,
                           line.price_subtotal / line.product_uom_qty AS price,
                           ord.currency_id
                      FROM purchase_order_line line
                      JOIN purchase_order ord ON ord.id = line.order_id
                     WHERE line.product_id = ANY(%(products)s)
                       AND line.company_id = ANY(%(companies)s)
                       AND ord.state = 'purchase'
                       AND line.product_uom_qty > 0
                       AND line.price_subtotal > 0
                     UNION ALL
                    SELECT line.company_id,
                           line.product_id,
                           coalesce(order_line.order_id, -line.move_id),
                           coalesce(move.invoice_date, move.date),
                           1,
                           line.id,
                           line.amount_currency
                               / (line.quantity * unit.factor / base.factor),
                           line.currency_id
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                      JOIN product_product product ON product.id = line.product_id
                      JOIN product_template template
                        ON template.id = product.product_tmpl_id
                      JOIN uom_uom base ON base.id = template.uom_id
                      JOIN uom_uom unit ON unit.id = line.product_uom_id
                      LEFT JOIN purchase_order_line order_line
                        ON order_line.id = line.purchase_line_id
                     WHERE line.product_id = ANY(%(products)s)
                       AND line.company_id = ANY(%(companies)s)
                       AND line.display_type = 'product'
                       AND move.move_type = 'in_invoice'
                       AND move.state = 'posted'
                       AND line.quantity > 0
                       AND line.amount_currency > 0
                ),
                latest AS (
                    SELECT DISTINCT ON (company_id, product_id, document) *
                      FROM price
                     ORDER BY company_id, product_id, document, paid DESC, day DESC,
                              id DESC
                ),
                ranked AS (
                    SELECT *,
                           row_number() OVER (
                               PARTITION BY company_id, product_id
                               ORDER BY day DESC, document DESC
                           ) AS rank
                      FROM latest
                )
                SELECT company_id, product_id, document, price, currency_id
                  FROM ranked
                 WHERE rank <= 2
                 ORDER BY company_id, product_id, rank
                """,
                products=products.ids,
                companies=companies.ids,
            )
        )
        for company_id, product_id, *last in rows:
            found[company_id, product_id].append(tuple(last))
        return found

    @api.model
    def _flush_prices(self):
        self.env["purchase.order"].flush_model(
            ["currency_id", "date_approve", "date_order", "state"]
        )
        self.env["purchase.order.line"].flush_model(
            [
                "company_id",
                "order_id",
                "price_subtotal",
                "product_id",
                "product_uom_qty",
            ]
        )
        self.env["account.move"].flush_model(
            ["date", "invoice_date", "move_type", "state"]
        )
        self.env["account.move.line"].flush_model(
            [
                "amount_currency",
                "currency_id",
                "product_id",
                "product_uom_id",
                "purchase_line_id",
                "quantity",
            ]
        )

    @api.model
    def _increase(self, price, history, company, day, order_id=False):
        """Return by how many percent ``price`` is above the last one, 0 if it is not.

        Both at the rates of one day: a rate that moves is no higher price, and hides
        none either.

        :param price: per unit of the product, company currency
        :param history: a value of :meth:`_last_prices`
        :param day: whose rates ``price`` was converted at
        :param order_id: the order that the price is of, which is no history of itself
        """
        for document, last, currency_id in history:
            if document != order_id:
                currency = self.env["res.currency"].browse(currency_id)
                last = currency._convert(
                    float(last), company.currency_id, company, day, round=False
                )
                # What two conversions leave of nothing is no increase.
                percent = (float(price) - last) / last * 100
                return percent if percent > 1e-6 else 0.0
        return 0.0
