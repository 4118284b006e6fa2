# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The statement behind the collection report; see the report for what it counts."""

from odoo.tools import SQL

DOCUMENTS = ("out_invoice", "out_refund", "out_receipt")


def collection_query(items, periods, advances):
    """Rows of customers, salespersons and periods that have anything.

    :param items: query of the receivable items that count
    :param periods: ``[(first day, last day)]``, one after the other
    :param advances: SQL of the ids of accounts of advances received
    """
    return SQL(
        """
        SELECT found.*,
               100.0 * collected / NULLIF(billed, 0) AS collection_rate,
               100.0 * collected / NULLIF(opening + billed, 0) AS recovery_rate,
               balance_days / NULLIF(billed, 0) AS dso
          FROM (SELECT date_from, date_to, company_id, partner_id, user_id,
                       closing - change AS opening, billed, collected, other, closing,
                       (closing - change / 2) * (date_to - date_from + 1)
                           AS balance_days
                  FROM (%(balances)s) balance) found
         WHERE opening <> 0 OR billed <> 0 OR collected <> 0 OR other <> 0
        """,
        balances=_balances(items, periods, advances),
    )


def entries_query(items, line, advances):
    """Rows of what one row of the report is made of, with the same sums.

    What happened before the period is one row for each claim that was open then.

    :param items: query of the receivable items that count
    :param line: jxc.sale.collection.line
    :param advances: SQL of the ids of accounts of advances received
    """
    return SQL(
        """
        WITH money AS MATERIALIZED (%(money)s),
        claim AS MATERIALIZED (%(claims)s),
        event AS (
            SELECT * FROM (%(events)s) single
             WHERE date <= %(last)s AND company_id = %(company)s
               AND COALESCE(partner_id, 0) = %(partner)s
               AND COALESCE(user_id, 0) = %(user)s),
        entry AS (
            SELECT NULL::date AS date, company_id, item_id, NULL::int AS counter_id,
                   SUM(billed - collected + other) AS opening,
                   0.0 AS billed, 0.0 AS collected, 0.0 AS other
              FROM event
             WHERE date < %(first)s
          GROUP BY company_id, item_id
            HAVING SUM(billed - collected + other) <> 0
         UNION ALL
            SELECT date, company_id, item_id, counter_id, 0.0, billed, collected, other
              FROM event
             WHERE date >= %(first)s)
        SELECT entry.date, entry.company_id, item.move_id,
               counter.move_id AS counter_move_id, opening, billed, collected, other,
               opening + billed - collected + other AS closing
          FROM entry
          JOIN account_move_line item ON item.id = entry.item_id
     LEFT JOIN account_move_line counter ON counter.id = entry.counter_id
      ORDER BY entry.date NULLS FIRST, item.date, item.id
        """,
        money=_money(advances),
        claims=_claims(items),
        events=_events(),
        first=line.date_from,
        last=line.date_to,
        company=line.company_id.id,
        partner=line.partner_id.id or 0,
        user=line.user_id.id or 0,
    )


def _balances(items, periods, advances):
    """Changes in each period, and what was open at its end."""
    rows = SQL(", ").join(
        SQL("(%s::date, %s::date)", start, end) for start, end in periods
    )
    return SQL(
        """
        WITH money AS MATERIALIZED (%(money)s),
        claim AS MATERIALIZED (%(claims)s),
        event AS MATERIALIZED (
            SELECT CASE WHEN date < %(first)s THEN NULL ELSE date END AS date,
                   company_id, partner_id, user_id, SUM(billed) AS billed,
                   SUM(collected) AS collected, SUM(other) AS other
              FROM (%(events)s) single
             WHERE date <= %(last)s
          GROUP BY 1, 2, 3, 4),
        period (date_from, date_to) AS (VALUES %(rows)s),
        debtor AS (SELECT DISTINCT company_id, partner_id, user_id FROM event),
        sums AS (
            SELECT period.date_from, company_id, partner_id, user_id,
                   SUM(billed) AS billed, SUM(collected) AS collected,
                   SUM(other) AS other
              FROM event
              JOIN period ON event.date BETWEEN period.date_from AND period.date_to
          GROUP BY 1, 2, 3, 4),
        opening AS (
            SELECT company_id, partner_id, user_id,
                   SUM(billed - collected + other) AS amount
              FROM event WHERE date IS NULL GROUP BY 1, 2, 3)
        SELECT period.date_from, period.date_to, debtor.company_id, debtor.partner_id,
               debtor.user_id, now.billed, now.collected, now.other, now.change,
               COALESCE(opening.amount, 0) + SUM(now.change) OVER (
                   PARTITION BY debtor.company_id, debtor.partner_id, debtor.user_id
                   ORDER BY period.date_from) AS closing
          FROM debtor
    CROSS JOIN period
     LEFT JOIN opening ON %(same_opening)s
     LEFT JOIN sums ON sums.date_from = period.date_from AND %(same_sums)s
    CROSS JOIN LATERAL (SELECT COALESCE(sums.billed, 0) AS billed,
                   COALESCE(sums.collected, 0) AS collected,
                   COALESCE(sums.other, 0) AS other,
                   COALESCE(sums.billed - sums.collected + sums.other, 0) AS change) now
        """,
        money=_money(advances),
        claims=_claims(items),
        events=_events(),
        first=periods[0][0],
        last=periods[-1][1],
        rows=rows,
        same_opening=_same_debtor("opening"),
        same_sums=_same_debtor("sums"),
    )


def _same_debtor(alias):
    """Nobody's items belong together, too; COALESCE lets them be joined by hash."""
    return SQL(" AND ").join(
        SQL(
            "COALESCE(%s, 0) = COALESCE(%s, 0)",
            SQL.identifier(alias, column),
            SQL.identifier("debtor", column),
        )
        for column in ("company_id", "partner_id", "user_id")
    )


def _events():
    """What changed what was open, by claim and day.

    A claim is an item that is not money: an invoice, a credit note, an entry. Matching
    a claim with money collects it, as far as it was money. Matching claims with each
    other changes nothing in all, but may move what is open between salespersons.
    """
    return SQL(
        """
        SELECT date, company_id, partner_id, user_id,
               CASE WHEN is_document THEN balance ELSE 0 END AS billed,
               0.0 AS collected,
               CASE WHEN is_document THEN 0 ELSE balance END AS other,
               id AS item_id, NULL::int AS counter_id
          FROM claim
     UNION ALL
        SELECT partial.max_date, claim.company_id, claim.partner_id, claim.user_id, 0,
               side.sign * partial.amount * COALESCE(money.share, 0),
               -side.sign * partial.amount * (1 - COALESCE(money.share, 0)),
               side.item_id, side.other_id
          FROM account_partial_reconcile partial
    CROSS JOIN LATERAL (VALUES
                   (1, partial.debit_move_id, partial.credit_move_id),
                   (-1, partial.credit_move_id, partial.debit_move_id)
               ) side (sign, item_id, other_id)
          JOIN claim ON claim.id = side.item_id
          JOIN account_move_line counter
            ON counter.id = side.other_id
           AND counter.parent_state = 'posted'
     LEFT JOIN res_partner payer ON payer.id = counter.partner_id
     LEFT JOIN money ON money.move_id = counter.move_id
           AND money.partner_id = COALESCE(payer.commercial_partner_id, 0)
        """
    )


def _claims(items):
    """The items that are not money, with who owes them and who sold.

    Entries of exchange differences only close what is left of a matching.
    """
    return SQL(
        """
        SELECT item.id, item.date, item.company_id, item.balance,
               debtor.commercial_partner_id AS partner_id,
               move.invoice_user_id AS user_id,
               move.move_type IN %(documents)s AS is_document
          FROM %(items)s item
          JOIN account_move move ON move.id = item.move_id
     LEFT JOIN res_partner debtor ON debtor.id = item.partner_id
     LEFT JOIN money ON money.move_id = item.move_id
           AND money.partner_id = COALESCE(debtor.commercial_partner_id, 0)
         WHERE money.share IS NULL
           AND item.move_id NOT IN (SELECT exchange_move_id
                                      FROM account_partial_reconcile
                                     WHERE exchange_move_id IS NOT NULL)
        """,
        documents=DOCUMENTS,
        items=items.subselect(
            *(
                SQL.identifier(items.table, column)
                for column in (
                    "id",
                    "date",
                    "company_id",
                    "balance",
                    "partner_id",
                    "move_id",
                )
            )
        ),
    )


def _money(advances):
    """How much of what an entry takes off receivables was money, between 0 and 1.

    Of payments and bank transactions, all but what went to income, expense, taxes and
    other debts. Of other entries, first what the same customer had paid in advance, or
    is kept for him of a credit note, then what went to a bank or cash account and was
    kept for nobody: one row for each customer of an entry. Debts that the same entry
    puts on others are none of it. What opens balances against equity moved no money,
    unless it is booked in the journal of a bank or of cash.
    """
    return SQL(
        """
        WITH entry AS (
            SELECT sums.*, COALESCE(SUM(money) OVER entry, 0) AS all_money,
                   COALESCE(BOOL_OR(opens) OVER entry, FALSE) AS is_opening
              FROM (%(sums)s) sums
            WINDOW entry AS (PARTITION BY move_id)),
        ahead AS (
            SELECT move_id, partner_id, all_money,
                   COALESCE(receivable, 0) AS receivable,
                   COALESCE(advance, 0) AS advance,
                   CASE WHEN receivable < 0 AND advance > 0
                          OR receivable > 0 AND advance < 0
                         AND (all_money < 0 OR receivable + advance <= 0)
                        THEN LEAST(1, advance / -receivable) ELSE 0 END AS ahead
              FROM entry
             WHERE NOT is_opening),
        rest AS (
            SELECT move_id, partner_id, ahead, all_money,
                   all_money + SUM(advance + ahead * receivable) OVER entry AS money,
                   receivable * all_money < 0 AS is_paid,
                   SUM(receivable * (1 - ahead)) FILTER (
                       WHERE receivable * all_money < 0) OVER entry AS receivable
              FROM ahead
            WINDOW entry AS (PARTITION BY move_id)),
        paid AS (
            SELECT move_id, partner_id, ahead,
                   CASE WHEN is_paid THEN LEAST(1, GREATEST(0, COALESCE(
                       CASE WHEN all_money > 0
                            THEN LEAST(all_money, GREATEST(0, money))
                            ELSE GREATEST(all_money, LEAST(0, money)) END
                       / -NULLIF(receivable, 0), 0))) ELSE 0 END AS paid
              FROM rest)
        SELECT move_id, partner_id, ahead + (1 - ahead) * paid AS share
          FROM paid
         WHERE ahead + (1 - ahead) * paid > 0
        """,
        sums=_sums_of_entries(advances),
    )


def _sums_of_entries(advances):
    """What each entry books on each customer: receivables, money, advances."""
    return SQL(
        """
        SELECT item.move_id, COALESCE(owner.commercial_partner_id, 0) AS partner_id,
               SUM(item.balance) FILTER (
                   WHERE account.account_type = 'asset_receivable') AS receivable,
               BOOL_OR(account.account_type LIKE 'equity%%'
                   AND journal.type NOT IN ('bank', 'cash')
                   AND move.origin_payment_id IS NULL
                   AND move.statement_line_id IS NULL) AS opens,
               SUM(item.balance) FILTER (
                   WHERE account.account_type = 'asset_cash'
                      OR (move.origin_payment_id IS NOT NULL
                          OR move.statement_line_id IS NOT NULL)
                     AND item.tax_line_id IS NULL
                     AND account.account_type NOT IN (
                         'asset_receivable', 'liability_payable')
                     AND account.account_type NOT LIKE 'income%%'
                     AND account.account_type NOT LIKE 'expense%%') AS money,
               SUM(item.balance) FILTER (
                   WHERE account.id = ANY(ARRAY(%(advances)s))
                     AND move.origin_payment_id IS NULL
                     AND move.statement_line_id IS NULL) AS advance
          FROM account_move move
          JOIN account_journal journal ON journal.id = move.journal_id
          JOIN account_move_line item ON item.move_id = move.id
          JOIN account_account account ON account.id = item.account_id
     LEFT JOIN res_partner owner ON owner.id = item.partner_id
         WHERE move.state = 'posted' AND move.move_type = 'entry'
      GROUP BY 1, 2
        """,
        advances=advances,
    )
