# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Rows by the thousand: a record that Odoo made, copied by SQL."""

from odoo.tools import SQL


def numbers(count):
    """Return a query with ``n`` = 1 … count."""
    return SQL("SELECT n FROM generate_series(1, %s) n", count)


def copy(env, record, rows, **values):
    """Copy the row of a record for each row of a query.

    :param rows: a query with a column ``n``, or how many copies: n = 1 … rows
    :param values: SQL of columns that differ, over ``g``, the row of the query, and
        ``source``, the row that is copied
    :return: a number; the copy of row n has the id number + n
    """
    record.ensure_one()
    env.flush_all()
    table = SQL.identifier(record._table)
    names = [
        field.name
        for field in record._fields.values()
        if field.store and field.column_type and field.name != "id"
    ]
    [(start,)] = env.execute_query(SQL("SELECT MAX(id) FROM %s", table))
    env.cr.execute(
        SQL(
            "INSERT INTO %(table)s (id, %(names)s) SELECT %(start)s + g.n, %(values)s"
            " FROM %(table)s source CROSS JOIN (%(rows)s) g WHERE source.id = %(id)s",
            table=table,
            names=SQL(", ").join(map(SQL.identifier, names)),
            start=start,
            values=SQL(", ").join(
                values.get(name, SQL.identifier("source", name)) for name in names
            ),
            rows=numbers(rows) if isinstance(rows, int) else rows,
            id=record.id,
        )
    )
    env.cr.execute(
        SQL(
            "SELECT setval(%s, (SELECT MAX(id) FROM %s))",
            f"{record._table}_id_seq",
            table,
        )
    )
    return start


def analyze(env, *models):
    """Let PostgreSQL know what was added, within the transaction."""
    for model in models:
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(env[model]._table)))
    env.invalidate_all()


def commit_and_analyze(env):
    """Keep what was added for later runs, and have PostgreSQL tidy up after it.

    It does so by itself within a minute, but must not while something is timed.
    """
    env.cr.commit()
    env.cr.connection.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr.connection.autocommit = False
