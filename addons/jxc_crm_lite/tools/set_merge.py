# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Bringing a table in line with a SELECT, in one statement."""

import pytz

from odoo import fields
from odoo.tools import SQL


def merge_statement(model, company, keys, values, parts, extra=None):
    """Return the statement that makes a company's rows equal to ``target``.

    Rows that are there already and say the same are not written, so a second run
    writes nothing. The statement returns one row: created, changed, removed.

    :param model: empty recordset; has ``company_id`` and a unique index over
        ``company_id`` and ``keys``
    :param company: res.company, one
    :param keys: names of the columns that identify a row in its company
    :param values: names of the columns that are computed
    :param SQL parts: common table expressions, the last one is ``target`` with just
        these columns
    :param SQL extra: further assignments when a row changes; the row is ``kept``, its
        new values are ``excluded``
    """
    key_columns = [SQL.identifier(name) for name in keys]
    columns = key_columns + [SQL.identifier(name) for name in values]

    def listed(prefix, names=columns):
        return SQL(", ").join(SQL("%s.%s", prefix, name) for name in names)

    computed = columns[len(keys) :]
    return SQL(
        """
        WITH %(parts)s,
        removed AS (
            DELETE FROM %(table)s kept
             WHERE kept.company_id = %(company)s
               AND NOT EXISTS (
                   SELECT FROM target WHERE (%(target_keys)s) = (%(kept_keys)s)
               )
            RETURNING 1
        ),
        saved AS (
            INSERT INTO %(table)s AS kept (
                company_id, %(names)s, create_uid, create_date, write_uid, write_date
            )
            SELECT %(company)s, %(target)s, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM target
                ON CONFLICT (company_id, %(key_names)s) DO UPDATE
               SET (%(computed)s, write_uid, write_date)
                   = (%(excluded)s, %(uid)s, %(now)s)%(extra)s
             WHERE (%(kept)s) IS DISTINCT FROM (%(excluded)s)
            RETURNING (xmax = 0) AS is_new
        )
        SELECT (SELECT COUNT(*) FROM saved WHERE is_new),
               (SELECT COUNT(*) FROM saved WHERE NOT is_new),
               (SELECT COUNT(*) FROM removed)
        """,
        parts=parts,
        table=SQL.identifier(model._table),
        company=company.id,
        names=SQL(", ").join(columns),
        key_names=SQL(", ").join(key_columns),
        target=listed(SQL("target")),
        target_keys=listed(SQL("target"), key_columns),
        kept_keys=listed(SQL("kept"), key_columns),
        computed=SQL(", ").join(computed),
        kept=listed(SQL("kept"), computed),
        excluded=listed(SQL("excluded"), computed),
        extra=SQL(", %s", extra) if extra else SQL(""),
        uid=model.env.uid,
        now=model.env.cr.now(),
    )


def merge(model, company, keys, values, parts, extra=None):
    """Run :func:`merge_statement`; return how many rows it touched.

    The caller flushes what ``parts`` reads.

    :return: dict with created, changed and removed
    """
    model.flush_model()
    statement = merge_statement(model, company, keys, values, parts, extra)
    # Just after an import the planner knows nothing of the new rows and would join
    # each with each.
    model.env.cr.execute("SET LOCAL enable_nestloop TO off")
    [counts] = model.env.execute_query(statement)
    model.env.cr.execute("SET LOCAL enable_nestloop TO DEFAULT")
    model.invalidate_model()
    return dict(zip(("created", "changed", "removed"), counts, strict=True))


def today_in(timezone):
    """The day it is in a time zone, as a date."""
    now = fields.Datetime.now().replace(tzinfo=pytz.utc)
    return now.astimezone(pytz.timezone(timezone)).date()
