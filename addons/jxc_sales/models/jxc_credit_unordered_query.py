# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

#: The share of what goods are worth that an invoice line asks for at least to bill
#: them. People haggle; for less goods are not sold, but given away.
LEAST_SHARE = 0.5


class OpenGoods(NamedTuple):
    """What one record of goods counts, in company currency."""

    id: int
    partner_id: int
    company_id: int
    delivered: float
    draft: float


class JxcCreditUnordered(models.Model):
    """What of goods delivered without order is not billed, in SQL."""

    _inherit = "jxc.credit.unordered"

    @api.model
    def _jxc_goods_query(self) -> SQL:
        """Rows (account_id, id, partner_id, company_id, delivered, draft) of goods.

        Reads from ``customer``, rows (account_id, company_id, partner_id) of commercial
        customers. No document says which invoice bills which goods, so the invoices
        over a product, less its credit notes, bill what left first; drafts come after
        what is posted. Lines of orders, and invoices of the point of sale, bill others,
        and lines that ask for too little of what the goods are worth bill none:
        what is given away, a credit manager takes out of the exposure.
        """
        return SQL(
            """
            WITH counted AS (
                SELECT customer.account_id, customer.partner_id,
                       goods.id, goods.company_id, goods.product_id,
                       goods.quantity::numeric AS quantity,
                       goods.unit_worth::numeric AS unit_worth,
                       currency.decimal_places AS places,
                       company.jxc_billed_after AS billed_after,
                       sum(goods.quantity::numeric) OVER (
                           PARTITION BY customer.account_id, customer.partner_id,
                                        goods.company_id, goods.product_id
                           ORDER BY goods.id
                       ) AS upto
                  FROM customer
                  JOIN res_partner contact
                    ON contact.commercial_partner_id = customer.partner_id
                  JOIN jxc_credit_unordered goods
                    ON goods.partner_id = contact.id
                   AND goods.company_id = customer.company_id
                   AND goods.excused_by_id IS NULL
                  JOIN res_company company ON company.id = goods.company_id
                  JOIN res_currency currency ON currency.id = company.currency_id
            ),
            wanted AS (
                SELECT partner_id, company_id, product_id, billed_after,
                       min(unit_worth) AS worth
                  FROM counted
                 GROUP BY partner_id, company_id, product_id, billed_after
            ),
            -- Once a product, not again for each delivery of it.
            bill AS MATERIALIZED (
                SELECT wanted.partner_id, wanted.company_id, wanted.product_id,
                       billed.posted, billed.draft
                  FROM wanted
                 CROSS JOIN LATERAL (%(bills)s) billed
            ),
            goods AS (
                SELECT counted.*,
                       least(counted.quantity,
                             greatest(counted.upto - bill.posted, 0)) AS unposted,
                       least(counted.quantity,
                             greatest(counted.upto - bill.posted - bill.draft, 0))
                           AS undrafted
                  FROM counted
                  JOIN bill
                    ON bill.partner_id = counted.partner_id
                   AND bill.company_id = counted.company_id
                   AND bill.product_id = counted.product_id
            )
            SELECT goods.account_id, goods.id, goods.partner_id, goods.company_id,
                   round(goods.undrafted * goods.unit_worth, goods.places) AS delivered,
                   round(goods.unposted * goods.unit_worth, goods.places)
                       - round(goods.undrafted * goods.unit_worth, goods.places)
                       AS draft
              FROM goods
            """,
            bills=self._jxc_bills_query(),
        )

    @api.model
    def _jxc_bills_query(self) -> SQL:
        """One row (posted, draft): how much of a product invoices bill, in its unit.

        For the customer, company and product of ``wanted``. Never below zero.
        """
        return SQL(
            """
            SELECT greatest(0, coalesce(sum(billed.quantity)
                       FILTER (WHERE billed.parent_state = 'posted'), 0)) AS posted,
                   greatest(0, coalesce(sum(billed.quantity)
                       FILTER (WHERE billed.parent_state = 'draft'), 0)) AS draft
              FROM (%(lines)s) billed
            """,
            lines=self._jxc_bill_lines_query(),
        )

    @api.model
    def _jxc_bill_lines_query(self) -> SQL:
        """Rows (id, parent_state, quantity): lines that bill a product, in its unit.

        For ``wanted``, as :meth:`_jxc_bills_query`; credit notes are below zero. A line
        asks for its own total, less its share of what lines below zero take off again.
        """
        return SQL(
            """
            SELECT line.id, line.parent_state, pieces.quantity
                       * CASE bill.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                       AS quantity
              FROM res_partner contact
              JOIN account_move_line line
                ON line.partner_id = contact.id
               AND line.product_id = wanted.product_id
               AND line.company_id = wanted.company_id
               AND line.display_type = 'product'
               AND line.parent_state IN ('posted', 'draft')
               AND line.id > coalesce(wanted.billed_after, 0)
               AND line.jxc_promotion_line_id IS NULL
              JOIN account_move bill
                ON bill.id = line.move_id
               AND bill.move_type IN
                       ('out_invoice', 'out_receipt', 'out_refund')
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template
                ON template.id = product.product_tmpl_id
              JOIN uom_uom base ON base.id = template.uom_id
              LEFT JOIN uom_uom unit
                ON unit.id = line.product_uom_id
               AND split_part(unit.parent_path, '/', 1)
                       = split_part(base.parent_path, '/', 1)
             CROSS JOIN LATERAL (
                    SELECT line.quantity * coalesce(unit.factor / base.factor, 1)
                               AS quantity
                   ) pieces
             CROSS JOIN LATERAL (
                    SELECT sum(one.price_total) AS total,
                           sum(greatest(one.price_total, 0)) AS asked
                      FROM account_move_line one
                     WHERE one.move_id = bill.id
                       AND one.display_type = 'product'
                       AND NOT EXISTS (
                               SELECT 1
                                 FROM sale_order_line_invoice_rel ordered
                                WHERE ordered.invoice_line_id = one.id
                           )
                   ) whole
             WHERE contact.commercial_partner_id = wanted.partner_id
               AND abs(line.price_total)
                       * CASE WHEN line.price_total > 0
                              THEN greatest(whole.total, 0) / nullif(whole.asked, 0)
                              ELSE 1 END
                       / CASE WHEN line.currency_id = line.company_currency_id
                              THEN 1
                              ELSE coalesce(
                                       nullif(bill.invoice_currency_rate, 0), 1
                                   )::numeric END
                   >= %(least)s * wanted.worth * abs(pieces.quantity)
               AND NOT EXISTS (
                       SELECT 1
                         FROM sale_order_line_invoice_rel ordered
                        WHERE ordered.invoice_line_id = line.id
                   )
               AND %(not_from_till)s
            """,
            least=LEAST_SHARE,
            not_from_till=self._jxc_not_from_till(),
        )

    @api.model
    def _jxc_not_from_till(self) -> SQL:
        """Condition on ``bill``: it does not belong to an order of a point of sale."""
        if "pos.order" not in self.env:
            return SQL("TRUE")
        return SQL("NOT EXISTS (SELECT 1 FROM pos_order WHERE account_move = bill.id)")

    @api.model
    def _jxc_flush_goods(self):
        """Write what the query reads."""
        self.flush_model()
        self.env["res.company"].flush_model(["currency_id", "jxc_billed_after"])
        self.env["account.move"].flush_model(["invoice_currency_rate", "move_type"])
        self.env["account.move.line"].flush_model(
            [
                "company_currency_id",
                "company_id",
                "currency_id",
                "display_type",
                "jxc_promotion_line_id",
                "move_id",
                "parent_state",
                "partner_id",
                "price_total",
                "product_id",
                "product_uom_id",
                "quantity",
                "sale_line_ids",
            ]
        )

    @api.model
    def _jxc_open_rows(self, partner_ids):
        """What the goods of customers count, whoever asks. One query.

        :param partner_ids: of the customers; their commercial customers count
        :return: list of :class:`OpenGoods`, those that count nothing included
        """
        if not partner_ids:
            return []
        self._jxc_flush_goods()
        return [
            OpenGoods(*row[1:4], float(row[4]), float(row[5]))
            for row in self.env.execute_query(
                SQL(
                    """
                    WITH customer AS (
                        SELECT partner.id AS account_id, company.id AS company_id,
                               partner.id AS partner_id
                          FROM res_partner contact
                          JOIN res_partner partner
                            ON partner.id = contact.commercial_partner_id
                         CROSS JOIN res_company company
                         WHERE contact.id = ANY(%(partners)s::int[])
                         GROUP BY partner.id, company.id
                    )
                    SELECT * FROM (%(goods)s) goods
                    """,
                    partners=list(partner_ids),
                    goods=self._jxc_goods_query(),
                )
            )
        ]

    @api.model
    def _jxc_open_by_customer(self, partners):
        """What goods without order count, by customer.

        :param partners: res.partner, their commercial customers count
        :return: Counter of {(commercial partner id, company id): amount in company
            currency}, with 0 where all is billed and no entry where nothing left
        """
        amounts = Counter()
        for row in self._jxc_open_rows(partners.ids):
            amounts[row.partner_id, row.company_id] += row.delivered + row.draft
        return amounts

    def _jxc_billed_lines(self):
        """What bills these goods, all of one customer, company and product.

        :return: ``{account.move.line: quantity in the product's own unit}``, credit
            notes below zero
        """
        if not self:
            return {}
        self._jxc_flush_goods()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT billed.id, billed.quantity
                  FROM (SELECT %s AS partner_id, %s AS company_id, %s AS product_id,
                               %s AS billed_after, %s::numeric AS worth) wanted
                 CROSS JOIN LATERAL (%s) billed
                """,
                self.partner_id.commercial_partner_id.id,
                self.company_id.id,
                self.product_id.id,
                self.company_id.jxc_billed_after or 0,
                min(self.mapped("unit_worth")),
                self._jxc_bill_lines_query(),
            )
        )
        lines = self.env["account.move.line"].browse(line_id for line_id, _qty in rows)
        quantities = [float(quantity) for _line_id, quantity in rows]
        return dict(zip(lines, quantities, strict=True))

    @api.model
    def _jxc_hold(self, accounts):
        """Let nobody else change what goods and invoices of these accounts count.

        Which goods an invoice bills is found by reading; of two that would read the
        same goods at once, the later one is repeated and sees the other.
        """
        ids = sorted(account.id for account in accounts)
        if ids:
            self.env["jxc.credit.account"].sudo().browse(ids).flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE jxc_credit_account SET write_date = write_date"
                    " WHERE id = ANY(%s)",
                    ids,
                )
            )
