# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What was open on a day: journal items less what settled them up to that day."""

from odoo.tools import SQL

#: Items of documents that were reset to draft. The platform leaves them set against
#: what they settled, but what is not posted settles nothing.
DRAFTED = SQL(
    "SELECT id FROM account_move_line"
    " WHERE parent_state = 'draft' AND matching_number IS NOT NULL"
)


def flush_settled(env):
    """Write down what says which items were settled, and by what."""
    env["account.partial.reconcile"].flush_model()
    env["account.move.line"].flush_model(["matching_number", "parent_state"])


def drafted_query():
    """Return a query of what only drafts settle of items.

    :return: SQL with the columns item_id and amount (company currency, with the sign of
        the item's residual), one row an item
    """
    return SQL(
        """
        SELECT part.item_id, SUM(part.amount) AS amount
          FROM (SELECT debit_move_id AS item_id, amount
                  FROM account_partial_reconcile
                 WHERE credit_move_id IN (%(drafted)s)
                 UNION ALL
                SELECT credit_move_id, -amount
                  FROM account_partial_reconcile
                 WHERE debit_move_id IN (%(drafted)s)) part
         GROUP BY part.item_id
        """,
        drafted=DRAFTED,
    )


def open_items_query(lines, domain, date):
    """Return a query of the items that were open on a day.

    A partial reconciliation counts from the later date of its two items on, so what
    was paid after the day is still open on it, and the sum of all open items of an
    account is its balance of that day. So does what is set against a draft.

    :param lines: recordset of account.move.line; its user's access rules apply
    :param domain: which items, without the date
    :param date: the day
    :return: SQL with the columns id, residual (company currency) and foreign_residual
        (currency of the item); debit is positive
    """
    flush_settled(lines.env)
    query = lines._search([*domain, ("date", "<=", date)])
    names = ("balance", "amount_currency")
    columns = [lines._field_to_sql(query.table, name, query) for name in names]
    items = query.select(
        SQL.identifier(query.table, "id"),
        SQL("%s AS balance", columns[0]),
        SQL("%s AS amount_currency", columns[1]),
    )
    # Added up, not joined: PostgreSQL takes the items for a few, and would go through
    # all that was settled for each of them.
    return SQL(
        """
        WITH item AS MATERIALIZED (%(items)s),
        event AS (
            SELECT id, balance, amount_currency FROM item
             UNION ALL
            SELECT item.id, -part.amount, -part.debit_amount_currency
              FROM item
              JOIN account_partial_reconcile part ON part.debit_move_id = item.id
             WHERE part.max_date <= %(date)s
               AND part.credit_move_id NOT IN (%(drafted)s)
             UNION ALL
            SELECT item.id, part.amount, part.credit_amount_currency
              FROM item
              JOIN account_partial_reconcile part ON part.credit_move_id = item.id
             WHERE part.max_date <= %(date)s
               AND part.debit_move_id NOT IN (%(drafted)s)
        )
        SELECT id, SUM(balance) AS residual, SUM(amount_currency) AS foreign_residual
          FROM event
         GROUP BY id
        HAVING ROUND(SUM(balance), 6) <> 0 OR ROUND(SUM(amount_currency), 6) <> 0
        """,
        items=items,
        date=date,
        drafted=DRAFTED,
    )
