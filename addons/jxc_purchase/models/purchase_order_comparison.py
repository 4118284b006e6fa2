# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.tools import SQL, format_date

from ..tools.coverage import in_base
from .purchase_order_mode import OPEN_STATES

#: How many earlier prices of a product are shown.
HISTORY = 3


class PurchaseOrder(models.Model):
    """The comparison of a tender (比价表): products as rows, vendors as columns.

    Prices are comparable: untaxed, less discount, in company currency at the rate of
    today, for one unit of the product.
    """

    _inherit = "purchase.order"

    def action_jxc_compare(self):
        """Open the comparison of the tender that this order belongs to.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "jxc_purchase.jxc_tender_comparison_action"
        )
        return {**action, "context": {"active_id": self.id, "active_model": self._name}}

    def action_jxc_print_comparison(self):
        """Print the comparison (比价表)."""
        self.ensure_one()
        report = self.env.ref("jxc_purchase.jxc_tender_comparison_report")
        return report.report_action(self)

    def action_jxc_export_comparison(self):
        """Export the comparison (比价表) as a workbook."""
        self.ensure_one()
        report = self.env.ref("jxc_purchase.jxc_tender_xlsx_report")
        return report.report_action(self)

    def jxc_tender_data(self):
        """Return the comparison as the screen and the print show it.

        :return: dict of plain values: ``orders`` (the columns), ``rows`` with
            ``quotes`` by order id; amounts in company currency unless said otherwise
        :raise AccessError: the user may not read the orders
        """
        self.ensure_one()
        orders = self._jxc_tender_orders()
        orders.check_access("read")
        company = self.company_id
        awards = self.env["jxc.purchase.award"]._last_of(orders.order_line)
        rows = self._jxc_comparison_rows(orders, awards)
        # The evaluations behind a score are not for every buyer.
        vendors = orders.partner_id.commercial_partner_id.sudo()
        scores = vendors._jxc_vendor_score(company)
        needed = company.jxc_tender_quotes
        answered = len(
            orders.filtered("jxc_quoted_on").partner_id.commercial_partner_id
        )
        return {
            "order_id": self.id,
            "name": self.name,
            "company": company.name,
            "currency": company.currency_id.name,
            "currency_id": company.currency_id.id,
            "digits": self.env["decimal.precision"].precision_get("Product Price"),
            "quotes_needed": needed,
            "quotes_got": answered,
            "intro": self.env._(
                "%(answered)s vendors answered, %(needed)s have to. Prices per unit of"
                " the product, untaxed, in %(currency)s.",
                answered=answered,
                needed=needed,
                currency=company.currency_id.name,
            ),
            "can_award": self._jxc_may_award(),
            "orders": [
                order._jxc_comparison_column(
                    scores.get(order.partner_id.commercial_partner_id.id), rows
                )
                for order in orders
            ],
            "rows": rows,
        }

    def _jxc_may_award(self):
        user = self.env.user
        return self.env.su or user.has_group("purchase.group_purchase_user")

    def _jxc_comparison_column(self, score, rows):
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        quotes = [row["quotes"].get(str(self.id)) for row in rows]
        offered = [quote for quote in quotes if quote and quote["price"]]
        return {
            "id": self.id,
            "name": self.name,
            "vendor": self.partner_id.commercial_partner_id.name,
            "state": self.state,
            "state_label": labels[self.state],
            "is_open": self.state in OPEN_STATES,
            "quoted_on": self.jxc_quoted_on
            and format_date(self.env, self.jxc_quoted_on)
            or "",
            "score": score or 0.0,
            "total": sum(quote["total"] for quote in offered),
            "is_complete": len(offered) == len(rows),
            "currency": self.currency_id.name,
        }

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    def _jxc_comparison_rows(self, orders, awards):
        """Return the rows: each product, once for each time the RFQs ask for it."""
        cells = defaultdict(dict)
        for order in orders:
            seen = defaultdict(int)
            for line in order._jxc_mode_lines().sorted("id"):
                key = (line.product_id, seen[line.product_id])
                seen[line.product_id] += 1
                cells[key][order] = line
        products = self.env["product.product"].union(*(key[0] for key in cells))
        history = self._jxc_price_history(products, orders)
        return [
            self._jxc_comparison_row(key, lines, history[key[0].id], awards)
            for key, lines in cells.items()
        ]

    def _jxc_comparison_row(self, key, lines, history, awards):
        product, number = key
        base = in_base(1, product.uom_id) or 1
        quotes = {
            str(order.id): line._jxc_comparison_cell(awards.get(line))
            for order, line in lines.items()
        }
        offered = [
            quote for quote in quotes.values() if quote["price"] and quote["is_quoted"]
        ]
        prices = [quote["price"] for quote in offered]
        leads = [quote["lead"] for quote in offered if quote["lead"] is not None]
        for quote in offered:
            quote["is_cheapest"] = quote["price"] <= min(prices) + 1e-9
            quote["is_fastest"] = bool(leads) and quote["lead"] == min(leads)
            if history:
                last = history[0]["price"]
                change = (quote["price"] / last - 1) * 100 if last else 0.0
                quote["change"] = round(change, 1)
                quote["change_text"] = self.env._(
                    "%s %% against the last price", f"{change:+.1f}"
                )
        needed = max(line._jxc_needed() for line in lines.values())
        return {
            "key": f"{product.id}-{number}",
            "product": product.display_name,
            "needed": float(needed / base),
            "unit": product.uom_id.name,
            "history": history,
            "quotes": quotes,
        }

    def _jxc_price_history(self, products, orders):
        """Return ``{product id: its latest confirmed prices}``, the last one first."""
        self.env["purchase.order.line"].flush_model()
        self.env["purchase.order"].flush_model()
        found = defaultdict(list)
        partners = self.env["res.partner"]
        for product_id, price, day, partner_id in self.env.execute_query(
            SQL(
                """
                SELECT product_id, price, day, partner_id
                  FROM (
                   SELECT line.product_id, po.partner_id,
                          COALESCE(po.date_approve, po.date_order)::date AS day,
                          line.price_subtotal / line.product_uom_qty
                              / COALESCE(NULLIF(po.currency_rate, 0), 1) AS price,
                          row_number() OVER (
                              PARTITION BY line.product_id
                              ORDER BY COALESCE(po.date_approve, po.date_order) DESC,
                                       line.id DESC
                          ) AS position
                     FROM purchase_order_line line
                     JOIN purchase_order po ON po.id = line.order_id
                    WHERE line.product_id = ANY(%(products)s)
                      AND po.state = 'purchase'
                      AND po.company_id = %(company)s
                      AND NOT po.id = ANY(%(orders)s)
                      AND line.product_uom_qty > 0
                       ) price
                 WHERE position <= %(limit)s
                 ORDER BY product_id, position
                """,
                products=list(products.ids),
                company=self.company_id.id,
                orders=list(orders.ids),
                limit=HISTORY,
            )
        ):
            found[product_id].append(
                {
                    "price": float(price),
                    "day": format_date(self.env, day),
                    "vendor": partners.browse(partner_id).sudo().display_name,
                }
            )
        return found
