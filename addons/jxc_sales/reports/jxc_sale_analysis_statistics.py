# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What PostgreSQL is told of the days the sales performance report selects by.

These are expressions, and of an expression it knows nothing: it takes a year of orders
for a handful, looks up their lines one by one, and needs twice the time. Statistics of
it, unlike an index, cost nothing when an order is written.
"""

from odoo.tools import SQL

from .jxc_sale_analysis_query import invoice_moment, order_moment, year_later


def keep_statistics(env):
    """Have statistics of the expressions; tables are analysed when one is new."""
    for table, expressions in _expressions().items():
        added = [
            _create(env, table, f"{table}_jxc_analysis_{name}", expression)
            for name, expression in expressions.items()
        ]
        if any(added):
            env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def drop_statistics(env):
    """Leave none behind, on tables that stay."""
    for table, expressions in _expressions().items():
        for name in expressions:
            name = SQL.identifier(f"{table}_jxc_analysis_{name}")
            env.cr.execute(SQL("DROP STATISTICS IF EXISTS %s", name))


def _expressions():
    """{table: {name: SQL}}: the days of both years, as the query has them."""
    ordered, invoiced = order_moment("sale_order"), invoice_moment("account_move")
    return {
        "sale_order": {"day": ordered, "year_later": year_later(ordered)},
        "account_move": {"day": invoiced, "year_later": year_later(invoiced)},
    }


def _create(env, table, name, expression):
    """Create statistics of an expression of a table; return whether they are new.

    As with the platform's indexes, their comment tells what they were made of.
    """
    made_of = env.execute_query(
        SQL(
            "SELECT obj_description(oid, 'pg_statistic_ext') FROM pg_statistic_ext"
            " WHERE stxname = %s AND stxnamespace = current_schema::regnamespace",
            name,
        )
    )
    if made_of == [(expression.code,)]:
        return False
    statistics = SQL.identifier(name)
    env.cr.execute(SQL("DROP STATISTICS IF EXISTS %s", statistics))
    env.cr.execute(
        SQL(
            "CREATE STATISTICS %s ON (%s) FROM %s",
            statistics,
            expression,
            SQL.identifier(table),
        )
    )
    comment = SQL("COMMENT ON STATISTICS %s IS %s", statistics, expression.code)
    env.cr.execute(comment)
    return True
