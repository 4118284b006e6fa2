# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The query behind the sales performance report.

Every row offers every column, and PostgreSQL leaves out what is not asked: the joins of
costs, returns and units are left joins with grouped, hence unique, keys, which the
planner removes when no column of theirs is used.
"""

from odoo.tools import SQL

ANALYSIS_DEPENDS = {
    "account.move": [
        "invoice_date",
        "invoice_user_id",
        "move_type",
        "partner_shipping_id",
        "state",
        "team_id",
    ],
    "account.move.line": ["balance", "display_type", "quantity", "sale_line_ids"],
    "jxc.product.unit": ["factor", "in_compound", "product_tmpl_id"],
    "product.product": ["product_tmpl_id", "standard_price"],
    "product.template": ["categ_id", "uom_id"],
    "res.partner": ["commercial_partner_id", "country_id", "jxc_tier_id", "state_id"],
    "sale.order": [
        "currency_rate",
        "date_order",
        "jxc_channel_date",
        "jxc_channel_id",
        "jxc_sale_mode",
        "partner_id",
        "partner_shipping_id",
        "state",
        "team_id",
        "user_id",
    ],
    "sale.order.line": [
        "discount",
        "price_subtotal",
        "price_unit",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "reward_id",
    ],
    "stock.move": [
        "origin_returned_move_id",
        "quantity",
        "sale_line_id",
        "state",
        "to_refund",
        "value",
    ],
}

#: Columns of both branches of a year, in this order.
DIMENSIONS = SQL(
    "source, order_id, move_id, company_id, partner_id, tier_id, country_id, state_id,"
    " user_id, team_id, channel_id, sale_mode, product_id, product_tmpl_id, categ_id,"
    " uom_id"
)


def analysis_query(env):
    """Return the rows of both years as one statement."""
    rates = _rates(env)
    rows = SQL("%s UNION ALL %s", _orders(env, rates), _invoices(env, rates))
    this_year = SQL(
        """
        SELECT %(id)s, 'this' AS period, date AS date, date AS date_document,
               %(dimensions)s, %(currency)s AS currency_id,
               1 AS line_count, qty, qty / big_factor AS qty_big, revenue,
               revenue + discount AS amount_gross, discount AS amount_discount,
               qty_returned, amount_returned, revenue - refunded AS revenue_net,
               cost, revenue - refunded - cost AS margin,
               0.0 AS revenue_last_year, 0.0 AS qty_last_year,
               revenue AS revenue_change,
               NULL::numeric AS growth, NULL::numeric AS share,
               100 * discount / NULLIF(revenue + discount, 0) AS discount_rate,
               100 * amount_returned / NULLIF(revenue, 0) AS return_rate,
               100 * (revenue - refunded - cost) / NULLIF(revenue - refunded, 0)
                   AS margin_rate
          FROM (%(rows)s) line
        """,
        id=SQL("line.id * 4 + kind AS id"),
        dimensions=DIMENSIONS,
        currency=env.company.currency_id.id,
        rows=rows,
    )
    last_year = SQL(
        """
        SELECT %(id)s, 'last_year', %(later)s, date,
               %(dimensions)s, %(currency)s,
               0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
               revenue, qty, -revenue,
               NULL::numeric, NULL::numeric, NULL::numeric, NULL::numeric, NULL::numeric
          FROM (%(rows)s) line
         WHERE date < now() AT TIME ZONE 'UTC'
        """,
        id=SQL("line.id * 4 + kind + 1"),
        later=year_later(SQL("date")),
        dimensions=DIMENSIONS,
        currency=env.company.currency_id.id,
        rows=rows,
    )
    return SQL("%s UNION ALL %s", this_year, last_year)


def _orders(env, rates):
    """Lines of confirmed orders."""
    price = SQL(
        # A line of goods that were delivered without being ordered has no total.
        "CASE WHEN line.product_uom_qty <> 0 THEN line.price_subtotal"
        " / line.product_uom_qty ELSE line.price_reduce_taxexcl END"
        " / unit.factor * rate.factor"
    )
    country, state = _region()
    # The customer of a shop's orders is the platform: where it sits tells nothing.
    from_shop = SQL(
        "sale.jxc_channel_id IS NOT NULL"
        " AND sale.partner_shipping_id <> sale.partner_id"
    )
    return SQL(
        """
        SELECT line.id::bigint AS id, 0 AS kind, 'order' AS source,
               %(date)s AS date, sale.id AS order_id, NULL::int AS move_id,
               sale.company_id, contact.commercial_partner_id AS partner_id,
               customer.jxc_tier_id AS tier_id, %(country)s AS country_id,
               %(state)s AS state_id,
               sale.user_id, sale.team_id, sale.jxc_channel_id AS channel_id,
               sale.jxc_sale_mode AS sale_mode, line.product_id,
               product.product_tmpl_id, template.categ_id, template.uom_id,
               line.product_uom_qty * unit.factor / base.factor AS qty,
               COALESCE(big.factor, 1) AS big_factor,
               line.price_subtotal * rate.factor AS revenue,
               CASE WHEN line.reward_id IS NOT NULL AND line.price_subtotal < 0
                    THEN -line.price_subtotal
                    WHEN COALESCE(line.discount, 0) < 100
                    THEN line.price_subtotal * line.discount / (100 - line.discount)
                    ELSE line.price_unit * line.product_uom_qty
               END * rate.factor AS discount,
               (COALESCE(moved.returned, 0) - own.came) / base.factor AS qty_returned,
               (COALESCE(moved.returned, 0) - own.came) * %(price)s AS amount_returned,
               CASE WHEN moved.refunded <> own.came THEN %(refunded)s * %(price)s
                    ELSE 0 END AS refunded,
               (COALESCE(moved.value, 0) + %(cost)s * %(to_move)s / base.factor)
                   * rate.company AS cost
          FROM sale_order_line line
          JOIN sale_order sale ON sale.id = line.order_id
          JOIN (%(rates)s) account_currency_table
            ON account_currency_table.company_id = sale.company_id
    CROSS JOIN LATERAL (SELECT account_currency_table.rate AS company,
                   account_currency_table.rate
                   / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS factor) rate
     LEFT JOIN res_partner receiver ON receiver.id = sale.partner_shipping_id
     LEFT JOIN res_partner contact ON contact.id = sale.partner_id
     LEFT JOIN res_partner customer ON customer.id = contact.commercial_partner_id
     LEFT JOIN product_product product ON product.id = line.product_id
     LEFT JOIN product_template template ON template.id = product.product_tmpl_id
     LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
     LEFT JOIN uom_uom base ON base.id = template.uom_id
     LEFT JOIN (%(big)s) big ON big.product_tmpl_id = product.product_tmpl_id
     LEFT JOIN (%(moved)s) moved ON moved.sale_line_id = line.id
    CROSS JOIN LATERAL (SELECT CASE WHEN line.product_uom_qty < 0
                   THEN COALESCE(moved.came, 0) ELSE 0 END AS came) own
    CROSS JOIN LATERAL (SELECT line.product_uom_qty * unit.factor + own.came
                   - COALESCE(moved.went, 0) AS qty) rest
         WHERE sale.state = 'sale' AND line.display_type IS NULL
           AND line.is_downpayment IS NOT TRUE
        """,
        price=price,
        country=country,
        state=SQL("CASE WHEN %s THEN receiver.state_id ELSE %s END", from_shop, state),
        cost=_cost(env, "sale"),
        date=order_moment("sale"),
        rates=rates,
        big=_big_units(),
        moved=_moved(),
        to_move=_on_side_of_line(SQL("rest.qty")),
        refunded=_refunded(),
    )


def order_moment(alias, otherwise="date_order"):
    """When an order was made: in its shop, should it come from one.

    Unless that is later than what we know ourselves: then the shop's clock is wrong.
    """
    return SQL(
        "LEAST(%s, %s)",
        SQL.identifier(alias, "jxc_channel_date"),
        SQL.identifier(alias, otherwise),
    )


def invoice_moment(alias):
    """The day of an invoice, at noon UTC: the same one in most of the world."""
    return SQL("(%s + interval '12 hours')", SQL.identifier(alias, "invoice_date"))


def year_later(moment):
    """When a sale is compared with what is sold then."""
    return SQL("(%s + interval '1 year')", moment)


def _invoices(env, rates):
    """Lines of posted invoices and credit notes without order."""
    quantity = SQL(
        "CASE WHEN move.move_type = 'out_refund' THEN -line.quantity"
        " ELSE line.quantity END * unit.factor / base.factor"
    )
    country, state = _region()
    return SQL(
        """
        SELECT line.id::bigint, 2, 'invoice', %(date)s,
               NULL::int, move.id, move.company_id, move.commercial_partner_id,
               customer.jxc_tier_id, %(country)s, %(state)s,
               move.invoice_user_id, move.team_id, NULL::int, NULL, line.product_id,
               product.product_tmpl_id, template.categ_id, template.uom_id,
               COALESCE(%(quantity)s, 0), COALESCE(big.factor, 1),
               -line.balance * account_currency_table.rate,
               CASE WHEN COALESCE(line.discount, 0) < 100
                    THEN -line.balance * line.discount / (100 - line.discount)
                    ELSE 0 END * account_currency_table.rate,
               0.0, 0.0, 0.0,
               COALESCE(%(quantity)s * %(cost)s, 0) * account_currency_table.rate
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN (%(rates)s) account_currency_table
            ON account_currency_table.company_id = move.company_id
     LEFT JOIN res_partner receiver ON receiver.id = move.partner_shipping_id
     LEFT JOIN res_partner contact ON contact.id = move.partner_id
     LEFT JOIN res_partner customer ON customer.id = move.commercial_partner_id
     LEFT JOIN product_product product ON product.id = line.product_id
     LEFT JOIN product_template template ON template.id = product.product_tmpl_id
     LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
     LEFT JOIN uom_uom base ON base.id = template.uom_id
     LEFT JOIN (%(big)s) big ON big.product_tmpl_id = product.product_tmpl_id
         WHERE move.state = 'posted' AND line.display_type = 'product'
           AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
           AND NOT EXISTS (SELECT FROM sale_order_line_invoice_rel link
                            WHERE link.invoice_line_id = line.id)
        """,
        quantity=quantity,
        country=country,
        state=state,
        cost=_cost(env, "move"),
        date=invoice_moment("move"),
        rates=rates,
        big=_big_units(),
    )


def _region():
    """Return country and province of a sale: where the goods go.

    What the address does not say is that of the contact, or else of its company; but
    no province of another country.
    """
    country = SQL(
        "COALESCE(receiver.country_id, contact.country_id, customer.country_id)"
    )
    states = SQL(", ").join(
        SQL(
            "CASE WHEN %(of)s IS NULL OR %(of)s = %(country)s THEN %(state)s END",
            of=SQL.identifier(alias, "country_id"),
            country=country,
            state=SQL.identifier(alias, "state_id"),
        )
        for alias in ("receiver", "contact", "customer")
    )
    return country, SQL("COALESCE(%s)", states)


def _on_side_of_line(quantity):
    """A quantity where it is on the same side of zero as its line, else nothing."""
    return SQL(
        "CASE WHEN line.product_uom_qty < 0 THEN LEAST(0, %(quantity)s)"
        " ELSE GREATEST(0, %(quantity)s) END",
        quantity=quantity,
    )


def _refunded():
    """What is to be taken off the revenue of a line: no more than is in it.

    Goods that come back on a line below zero are in its revenue already. What had left
    beyond the order is in no revenue: that comes back first.
    """
    beyond = _on_side_of_line(SQL("-rest.qty"))
    return _on_side_of_line(SQL("moved.refunded - own.came - %s", beyond))


def _moved():
    """What left and came back for each order line, at cost.

    Quantities are in reference units, as ``uom.factor`` counts. ``went`` and ``came``
    is what no other move had brought the other way before, ``returned`` all that came
    back, less what left again: a cancelled return sends its goods out by moves that
    return its receipts. They are no new deliveries, but take the return back, and its
    refund if it had one.

    Each of several processes that work on one report would do all of this by itself:
    the limit, beyond any number of lines, has it done once.
    """
    return SQL(
        """
        SELECT move.sale_line_id,
               SUM(done.qty) FILTER (WHERE done.is_first AND NOT is_back.yes) AS went,
               SUM(-done.qty) FILTER (WHERE done.is_first AND is_back.yes) AS came,
               SUM(-done.qty) FILTER (WHERE is_back.yes OR NOT done.is_first)
                   AS returned,
               SUM(-done.qty) FILTER (WHERE (is_back.yes OR NOT done.is_first)
                   AND move.to_refund AND undone.is_refunded IS NOT FALSE) AS refunded,
               SUM(CASE WHEN is_back.yes THEN -move.value ELSE move.value END) AS value
          FROM stock_move move
          JOIN stock_location source ON source.id = move.location_id
          JOIN stock_location target ON target.id = move.location_dest_id
          JOIN uom_uom unit ON unit.id = move.product_uom
     LEFT JOIN (SELECT again.id, back.to_refund AS is_refunded
                  FROM stock_move again
                  JOIN stock_move back ON back.id = again.origin_returned_move_id
                 WHERE back.origin_returned_move_id IS NOT NULL) undone
            ON undone.id = move.id
    CROSS JOIN LATERAL (SELECT source.usage = 'customer' AS yes) is_back
    CROSS JOIN LATERAL (SELECT move.origin_returned_move_id IS NULL AS is_first,
                   CASE WHEN is_back.yes THEN -move.quantity ELSE move.quantity END
                   * unit.factor AS qty) done
         WHERE move.state = 'done' AND move.sale_line_id IS NOT NULL
           AND (source.usage = 'customer') <> (target.usage = 'customer')
      GROUP BY move.sale_line_id
         LIMIT 9223372036854775807
        """
    )


def _big_units():
    """The largest unit of each product that is said."""
    return SQL(
        """
        SELECT product_tmpl_id, MAX(factor) AS factor
          FROM jxc_product_unit
         WHERE active AND in_compound AND factor > 1
      GROUP BY product_tmpl_id
        """
    )


def _rates(env):
    """Rates from the currencies of the companies to that of the current one."""
    table = env["res.currency"]._get_simple_currency_table(env.companies)
    return SQL("SELECT company_id, rate FROM %s", table)


def _cost(env, alias):
    """Unit cost of today in the company of the document; it is kept per company."""
    products = env["product.product"].sudo()
    costs = [
        SQL(
            "WHEN %s = %s THEN %s",
            SQL.identifier(alias, "company_id"),
            company.id,
            products.with_company(company)._field_to_sql("product", "standard_price"),
        )
        for company in env.companies.sudo()
    ]
    return SQL("COALESCE(CASE %s END, 0)", SQL(" ").join(costs))
