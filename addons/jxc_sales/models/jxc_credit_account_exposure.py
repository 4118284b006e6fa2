# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import SQL

from .jxc_credit_account import PARTS


class JxcCreditAccount(models.Model):
    """The exposure in SQL: what the documents say, read in one pass."""

    _inherit = "jxc.credit.account"

    def _jxc_exposure_query(self) -> SQL:
        """One row per account: id, the parts, used, capacity. One pass for any number.

        Reads open items only, through partial indexes on journal items and orders:
        what a customer bought and paid in the past costs nothing. Of goods delivered
        without order all are read, with the invoices over the same products.
        """
        return SQL(
            """
            WITH asked AS (
                SELECT *
                  FROM unnest(%(ids)s::int[], %(todays)s::date[], %(rates)s::numeric[],
                              %(places)s::int[]) AS asked (id, today, rate, places)
            ),
            customer AS (%(customers)s),
            drafted_item AS MATERIALIZED (%(drafted)s),
            ledger AS (
                SELECT customer.account_id AS id,
                       sum(open_item.receivable) AS receivable,
                       sum(open_item.unapplied) AS unapplied
                  FROM customer
                  JOIN res_partner contact
                    ON contact.commercial_partner_id = customer.partner_id
                 -- Added up contact by contact, and drafts apart: of thousands of
                 -- items not one is joined, appended or sorted.
                 CROSS JOIN LATERAL (
                        SELECT sum(item.amount) FILTER (WHERE item.amount > 0)
                                   AS receivable,
                               sum(-item.amount) FILTER (WHERE item.amount < 0)
                                   AS unapplied
                          FROM (%(posted_items)s) item
                         UNION ALL
                        SELECT sum(item.amount) FILTER (WHERE item.amount > 0),
                               sum(-item.amount) FILTER (WHERE item.amount < 0)
                          FROM (%(drafted_items)s) item
                       ) open_item
                 GROUP BY customer.account_id
            ),
            orders AS (
                SELECT customer.account_id AS id,
                       sum(open_order.draft) AS draft,
                       sum(open_order.delivered) AS delivered,
                       sum(open_order.ordered) AS ordered,
                       sum(open_order.returned) AS returned,
                       sum(open_order.shipped) AS shipped
                  FROM customer
                 -- Customer by customer, through the index: a plan that is kept for
                 -- any number of accounts reads all open orders for one of them.
                 CROSS JOIN LATERAL (
                        SELECT sum(sale.jxc_credit_draft) AS draft,
                               sum(sale.jxc_credit_delivered) AS delivered,
                               sum(sale.jxc_credit_ordered) AS ordered,
                               sum(sale.jxc_credit_returned) AS returned,
                               sum(sale.jxc_credit_shipped) AS shipped
                          FROM sale_order sale
                         WHERE sale.jxc_credit_partner_id = customer.partner_id
                           AND sale.company_id = customer.company_id
                           AND (sale.jxc_credit_draft <> 0
                                OR sale.jxc_credit_delivered <> 0
                                OR sale.jxc_credit_ordered <> 0
                                OR sale.jxc_credit_returned <> 0)
                       ) open_order
                 GROUP BY customer.account_id
            ),
            goods AS (
                SELECT open_goods.account_id AS id,
                       sum(open_goods.delivered) AS delivered,
                       sum(open_goods.draft) AS draft
                  FROM (%(goods)s) open_goods
                 GROUP BY open_goods.account_id
            ),
            raised AS (
                SELECT override.account_id AS id, sum(override.amount) AS amount
                  FROM jxc_credit_override override
                  JOIN asked ON asked.id = override.account_id
                 WHERE override.until >= asked.today
                   AND override.revoked IS NOT TRUE
                 GROUP BY override.account_id
            )
            SELECT account.id,
                   coalesce(ledger.receivable, 0) AS receivable,
                   coalesce(ledger.unapplied, 0) AS unapplied,
                   coalesce(orders.draft, 0) + coalesce(goods.draft, 0) AS draft,
                   coalesce(orders.delivered, 0) + coalesce(goods.delivered, 0)
                       AS delivered,
                   coalesce(orders.ordered, 0) AS ordered,
                   coalesce(orders.returned, 0) AS returned,
                   coalesce(ledger.receivable, 0) - coalesce(ledger.unapplied, 0)
                       + coalesce(orders.draft, 0) + coalesce(orders.delivered, 0)
                       + coalesce(orders.ordered, 0) - coalesce(orders.returned, 0)
                       + coalesce(goods.draft, 0) + coalesce(goods.delivered, 0)
                       AS used,
                   CASE WHEN account.unlimited THEN NULL
                        ELSE round(
                                 coalesce(account.credit_limit, 0) * asked.rate,
                                 asked.places
                             )
                             + coalesce(raised.amount, 0) END AS capacity,
                   coalesce(ledger.receivable, 0) - coalesce(ledger.unapplied, 0)
                       + coalesce(orders.shipped, 0)
                       + coalesce(goods.draft, 0) + coalesce(goods.delivered, 0)
                       AS shipped,
                   coalesce(goods.draft, 0) + coalesce(goods.delivered, 0)
                       AS unordered
              FROM jxc_credit_account account
              JOIN asked ON asked.id = account.id
              LEFT JOIN ledger ON ledger.id = account.id
              LEFT JOIN orders ON orders.id = account.id
              LEFT JOIN goods ON goods.id = account.id
              LEFT JOIN raised ON raised.id = account.id
            """,
            customers=self._jxc_customers_query(),
            drafted=self._jxc_drafted_receivables_query(),
            posted_items=self._jxc_posted_items_query(),
            drafted_items=self._jxc_drafted_items_query(),
            goods=self.env["jxc.credit.unordered"]._jxc_goods_query(),
            ids=list(self._origin.ids),
            todays=[account._jxc_today() for account in self._origin],
            rates=[repr(account._jxc_limit_rate()) for account in self._origin],
            places=[account.currency_id.decimal_places for account in self._origin],
        )

    def _jxc_open_items_query(self) -> SQL:
        """Rows (due, amount): what is open of a contact's posted receivable items.

        For the rows ``customer``, of :meth:`_jxc_customers_query`, and ``contact``, one
        of its contacts; reads from ``drafted_item``, the rows of
        :meth:`_jxc_drafted_receivables_query`, as well. An item may have two rows: the
        platform leaves it set against a document that was reset to draft, but what is
        not posted settles nothing, whoever's document it is.
        """
        return SQL(
            "%s UNION ALL %s",
            self._jxc_posted_items_query(),
            self._jxc_drafted_items_query(),
        )

    def _jxc_posted_items_query(self) -> SQL:
        """The first part of :meth:`_jxc_open_items_query`: what the ledger says."""
        return SQL(
            """
            SELECT coalesce(item.date_maturity, item.date) AS due,
                   item.amount_residual AS amount
              FROM account_move_line item
             WHERE item.partner_id = contact.id
               AND item.company_id = customer.company_id
               AND item.parent_state = 'posted'
               AND item.amount_residual <> 0
               AND item.account_id = ANY(ARRAY(%(accounts)s))
            """,
            accounts=self.env["account.account"]._jxc_debt_query(),
        )

    def _jxc_drafted_items_query(self) -> SQL:
        """The second part of :meth:`_jxc_open_items_query`: what only drafts settle."""
        return SQL(
            """
            SELECT drafted_item.due, drafted_item.amount
              FROM drafted_item
             WHERE drafted_item.partner_id = contact.id
               AND drafted_item.company_id = customer.company_id
            """
        )

    def _jxc_drafted_receivables_query(self) -> SQL:
        """Rows (partner_id, company_id, due, amount): receivables drafts settle."""
        return SQL(
            """
            SELECT item.partner_id, item.company_id,
                   coalesce(item.date_maturity, item.date) AS due, drafted.amount
              FROM (%(drafted)s) drafted
              JOIN account_move_line item
                ON item.id = drafted.item_id
               AND item.parent_state = 'posted'
               AND item.account_id = ANY(ARRAY(%(accounts)s))
            """,
            drafted=self._jxc_drafted_query(),
            accounts=self.env["account.account"]._jxc_debt_query(),
        )

    def _jxc_drafted_query(self) -> SQL:
        """Rows (item_id, amount): what of journal items only a draft settles.

        An amount has the sign of its item's residual.
        """
        return SQL(
            """
            SELECT matched.item_id, matched.amount
              FROM account_move_line draft
             CROSS JOIN LATERAL (
                    SELECT partial.debit_move_id AS item_id, partial.amount
                      FROM account_partial_reconcile partial
                     WHERE partial.credit_move_id = draft.id
                     UNION ALL
                    SELECT partial.credit_move_id, -partial.amount
                      FROM account_partial_reconcile partial
                     WHERE partial.debit_move_id = draft.id
                   ) matched
             WHERE draft.parent_state = 'draft'
               AND draft.matching_number IS NOT NULL
            """
        )

    def _jxc_customers_query(self) -> SQL:
        """Rows (account_id, company_id, partner_id): who owes under each account."""
        return SQL(
            """
            SELECT account.id AS account_id, account.company_id, account.partner_id
              FROM jxc_credit_account account
             WHERE account.id = ANY(%(ids)s)
             UNION
            SELECT account.id, account.company_id, member.partner_id
              FROM jxc_credit_account account
              JOIN jxc_credit_account_member_rel member
                ON member.account_id = account.id
             WHERE account.id = ANY(%(ids)s)
            """,
            ids=list(self._origin.ids),
        )

    def _jxc_read_exposure(self):
        """{account id: {part: amount, "used": amount}} as this transaction sees it."""
        if not self._origin:
            return {}
        self.env["sale.order"].flush_model()
        self._jxc_flush_open_items()
        self.env["jxc.credit.unordered"]._jxc_flush_goods()
        self.env["jxc.credit.override"].flush_model()
        self.flush_model()
        names = (*PARTS, "used")
        rows = self.env.execute_query(self._jxc_exposure_query())
        return {
            row[0]: {
                **dict(zip(names, map(float, row[1 : 1 + len(names)]), strict=True)),
                "shipped": float(row[-2]),
                "unordered": float(row[-1]),
            }
            for row in rows
        }

    def _jxc_flush_open_items(self):
        """Write what the open items are read from."""
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model(
            [
                "account_id",
                "amount_residual",
                "company_id",
                "date",
                "date_maturity",
                "matching_number",
                "parent_state",
                "partner_id",
            ]
        )
