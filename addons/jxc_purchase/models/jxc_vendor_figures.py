# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

#: What the statements read.
READ = (
    ("purchase.order", ["company_id", "currency_rate", "date_approve", "partner_id"]),
    ("purchase.order", ["jxc_date_answered", "jxc_date_sent", "state"]),
    ("purchase.order.line", ["jxc_date_promised", "order_id", "price_subtotal"]),
    ("purchase.order.line", ["product_id", "product_qty", "product_uom_qty"]),
    ("purchase.order.line", ["display_type", "jxc_qty_accepted"]),
    ("purchase.order.line", ["jxc_qty_inspecting"]),
    ("jxc.receipt.inspection", ["company_id", "date", "partner_id", "state"]),
    ("jxc.receipt.inspection.line", ["inspection_id", "move_id", "state"]),
    ("jxc.receipt.inspection.line", ["qty_accepted_base", "qty_concession_base"]),
    ("jxc.receipt.inspection.line", ["qty_received_base", "qty_rejected_base"]),
    ("product.product", ["product_tmpl_id"]),
    ("product.template", ["type", "uom_id"]),
    ("res.partner", ["commercial_partner_id"]),
    ("stock.location", ["usage"]),
    ("stock.move", ["date", "location_dest_id", "location_id", "product_id"]),
    ("stock.move", ["product_uom", "purchase_line_id", "quantity", "state"]),
    ("stock.move", ["jxc_inspection_id", "origin_returned_move_id", "to_refund"]),
    ("uom.uom", ["factor"]),
)


class JxcVendorFigures(models.AbstractModel):
    """The figures that vendors are evaluated by, for all vendors of a period at once.

    Each measure is a SELECT of cases ``(partner_id, res_id, part, whole)``; the figure
    of a vendor is the sum of the parts in relation to the sum of the wholes. To add a
    measure, extend the selection of ``jxc.vendor.criterion`` and ``_cases_query``, or,
    for figures that come from elsewhere, ``_figures``.
    """

    _name = "jxc.vendor.figures"
    _description = "Figures of Vendors"

    @api.model
    def _figures(self, criterion, company, date_from, date_to, partner_ids):
        """Return the figures of vendors; who has no case is left out.

        :param criterion: the ``jxc.vendor.criterion`` with measure and parameters
        :param company: one company; its orders, its days, its currency
        :param date_from: first day of the period
        :param date_to: last day of the period
        :param partner_ids: ids of commercial partners
        :return: {partner id: (value, number of cases)}; percent, or hours
        """
        query = self._cases_query(criterion, company, date_from, date_to, partner_ids)
        if not query or not partner_ids:
            return {}
        self._flush()
        scale = 1.0 if criterion.measure == "response" else 100.0
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, SUM(part) / SUM(whole), COUNT(*)
                  FROM (%s) cases
                 GROUP BY partner_id
                HAVING SUM(whole) > 0
                """,
                query,
            )
        )
        return {
            partner_id: (round(float(share) * scale, 2), count)
            for partner_id, share, count in rows
        }

    @api.model
    def _cases(self, criterion, company, date_from, date_to, partner_ids):
        """Return (model, ids) of the records behind figures, or (None, [])."""
        query = self._cases_query(criterion, company, date_from, date_to, partner_ids)
        model = self._case_models().get(criterion.measure)
        if not query or not model:
            return None, []
        self._flush()
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT res_id FROM (%s) cases", query)
        )
        return model, [res_id for (res_id,) in rows]

    def _case_models(self):
        """Return {measure: model of its cases}."""
        return {
            "on_time": "purchase.order.line",
            "accepted": "jxc.receipt.inspection",
            "price": "purchase.order.line",
            "fill": "purchase.order.line",
            "response": "purchase.order",
        }

    def _cases_query(self, criterion, company, date_from, date_to, partner_ids):
        """Return the SELECT of the cases of a criterion, or None without one.

        Hook: after-sales figures come from an addon that has tickets.
        """
        begin, end = self._bounds(company, date_from, date_to)
        values = {
            "company": company.id,
            "partners": list(partner_ids),
            "begin": begin,
            "end": end,
        }
        method = {
            "on_time": self._on_time_query,
            "accepted": self._accepted_query,
            "fill": self._fill_query,
            "price": self._price_query,
            "response": self._response_query,
        }.get(criterion.measure)
        return method and method(criterion, company, values)

    def _flush(self):
        for model, names in READ:
            self.env[model].flush_model(names)

    def _bounds(self, company, date_from, date_to):
        """Return the period as UTC moments, the second one excluded."""
        zone = pytz.timezone(company._jxc_timezone())

        def moment(day):
            start = zone.localize(datetime.combine(day, time.min))
            return start.astimezone(pytz.utc).replace(tzinfo=None)

        return moment(date_from), moment(date_to + timedelta(days=1))

    # ------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------

    def _due_lines(self, company, values, grace_days=0):
        """SELECT of the order lines promised for the period and due by now.

        ``due`` is the first moment that is too late. A line that is not due yet says
        nothing about the vendor.
        """
        return SQL(
            """
            SELECT line.id AS res_id, vendor.commercial_partner_id AS partner_id,
                   line.product_id, line.product_qty, line.product_uom_qty,
                   line.jxc_qty_accepted + line.jxc_qty_inspecting AS qty_good,
                   base.factor AS base_factor,
                   ((line.jxc_date_promised AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)
                    ::date + 1 + %(grace)s)::timestamp
                   AT TIME ZONE %(zone)s AT TIME ZONE 'UTC' AS due
              FROM purchase_order_line line
              JOIN purchase_order ord ON ord.id = line.order_id
              JOIN res_partner vendor ON vendor.id = ord.partner_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom base ON base.id = template.uom_id
             WHERE ord.company_id = %(company)s
               AND ord.state = 'purchase'
               AND vendor.commercial_partner_id = ANY(%(partners)s)
               AND line.display_type IS NULL
               AND line.product_qty > 0
               AND template.type <> 'service'
               AND line.jxc_date_promised >= %(begin)s
               AND line.jxc_date_promised < %(end)s
            """,
            zone=company._jxc_timezone(),
            grace=grace_days,
            **values,
        )

    def _on_time_query(self, criterion, company, values):
        """A line is on time if all of it had come by the end of the promised day.

        The promise is the one given when the order was confirmed. What went back for a
        refund until then, and what inspections rejected, did not come.
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return SQL(
            """
            SELECT due.partner_id, due.res_id, 1.0 AS whole,
                   CASE WHEN COALESCE(SUM(came.quantity), 0)
                             >= due.product_uom_qty - %(tolerance)s
                        THEN 1.0 ELSE 0.0 END AS part
              FROM (%(lines)s) due
              LEFT JOIN LATERAL (
                   SELECT move.quantity * unit.factor / due.base_factor
                          * CASE WHEN dest.usage = 'supplier' THEN -1 ELSE 1 END
                          - COALESCE((
                              SELECT SUM(bad.qty_rejected_base)
                                FROM jxc_receipt_inspection_line bad
                               WHERE bad.move_id = move.id AND bad.state = 'done'
                          ), 0) AS quantity
                     FROM stock_move move
                     JOIN stock_location source ON source.id = move.location_id
                     JOIN stock_location dest ON dest.id = move.location_dest_id
                     JOIN uom_uom unit ON unit.id = move.product_uom
                    WHERE move.purchase_line_id = due.res_id
                      AND move.product_id = due.product_id
                      AND move.state = 'done'
                      AND move.date < due.due
                      AND (source.usage IN ('supplier', 'transit')
                           OR dest.usage = 'supplier'
                              AND move.jxc_inspection_id IS NULL
                              AND (move.to_refund
                                   OR move.origin_returned_move_id IS NULL))
              ) came ON TRUE
             WHERE due.due <= %(now)s
             GROUP BY due.partner_id, due.res_id, due.product_uom_qty
            """,
            lines=self._due_lines(company, values, criterion.grace_days),
            tolerance=0.5 * 10**-digits,
            now=fields.Datetime.now(),
        )

    def _fill_query(self, criterion, company, values):
        """Each line by the share of its quantity that has come until now.

        Less what went back and what was rejected; what waits for its inspection came.
        """
        return SQL(
            """
            SELECT due.partner_id, due.res_id, 1.0 AS whole,
                   GREATEST(LEAST(due.qty_good / due.product_qty, 1.0), 0.0) AS part
              FROM (%(lines)s) due
             WHERE due.due <= %(now)s
            """,
            lines=self._due_lines(company, values),
            now=fields.Datetime.now(),
        )

    def _accepted_query(self, criterion, company, values):
        """Each inspected line by its accepted share, whatever unit it is counted in.

        What was taken by concession counts in part; what is not inspected, not at all.
        """
        return SQL(
            """
            SELECT vendor.commercial_partner_id AS partner_id,
                   inspection.id AS res_id, 1.0 AS whole,
                   GREATEST(LEAST((line.qty_accepted_base
                       + line.qty_concession_base * %(concession)s)
                       / line.qty_received_base, 1.0), 0.0) AS part
              FROM jxc_receipt_inspection_line line
              JOIN jxc_receipt_inspection inspection
                ON inspection.id = line.inspection_id
              JOIN res_partner vendor ON vendor.id = inspection.partner_id
             WHERE inspection.company_id = %(company)s
               AND inspection.state = 'done'
               AND inspection.date >= %(begin)s
               AND inspection.date < %(end)s
               AND vendor.commercial_partner_id = ANY(%(partners)s)
               AND line.qty_received_base > 0
            """,
            concession=criterion.concession_percent / 100.0,
            **values,
        )

    # ------------------------------------------------------------
    # Price
    # ------------------------------------------------------------

    def _price_query(self, criterion, company, values):
        """What was paid in relation to what it would have cost at reference prices.

        Prices are untaxed, in company currency, per base unit, discounts taken off. The
        reference price of a product is the mean of the vendor's own last price before
        the period and of the average that all vendors were paid in the period; the
        average counts if there are two vendors at least. Products without either are
        left out.
        """
        return SQL(
            """
            WITH paid AS (%(paid)s),
            market AS (
                SELECT product_id, SUM(amount) / SUM(quantity) AS price
                  FROM paid
                 GROUP BY product_id
                HAVING COUNT(DISTINCT partner_id) > 1
            ),
            wanted AS (
                SELECT * FROM paid WHERE partner_id = ANY(%(partners)s)
            ),
            last AS (
                SELECT DISTINCT ON (before.partner_id, before.product_id)
                       before.partner_id, before.product_id,
                       before.amount / before.quantity AS price
                  FROM (%(before)s) before
                 WHERE before.partner_id = ANY(%(partners)s)
                   AND before.product_id IN (SELECT product_id FROM wanted)
                 ORDER BY before.partner_id, before.product_id, before.moment DESC,
                          before.res_id DESC
            )
            SELECT wanted.partner_id, wanted.res_id, wanted.amount AS part,
                   wanted.quantity * CASE
                       WHEN market.price IS NULL THEN last.price
                       WHEN last.price IS NULL THEN market.price
                       ELSE (last.price + market.price) / 2 END AS whole
              FROM wanted
              LEFT JOIN market ON market.product_id = wanted.product_id
              LEFT JOIN last ON last.product_id = wanted.product_id
                            AND last.partner_id = wanted.partner_id
             WHERE market.price IS NOT NULL OR last.price IS NOT NULL
            """,
            paid=self._bought_lines(
                SQL(
                    "ord.date_approve >= %s AND ord.date_approve < %s",
                    values["begin"],
                    values["end"],
                ),
                values,
            ),
            before=self._bought_lines(
                SQL("ord.date_approve < %s", values["begin"]), values
            ),
            partners=values["partners"],
        )

    def _bought_lines(self, condition, values):
        """SELECT of confirmed order lines with amount in company currency."""
        return SQL(
            """
            SELECT line.id AS res_id, vendor.commercial_partner_id AS partner_id,
                   line.product_id, ord.date_approve AS moment,
                   (line.price_subtotal / COALESCE(NULLIF(ord.currency_rate, 0), 1))
                   ::float8 AS amount,
                   line.product_uom_qty::float8 AS quantity
              FROM purchase_order_line line
              JOIN purchase_order ord ON ord.id = line.order_id
              JOIN res_partner vendor ON vendor.id = ord.partner_id
             WHERE ord.company_id = %(company)s
               AND ord.state = 'purchase'
               AND line.display_type IS NULL
               AND line.product_id IS NOT NULL
               AND line.product_uom_qty > 0
               AND line.price_subtotal > 0
               AND %(condition)s
            """,
            company=values["company"],
            condition=condition,
        )

    # ------------------------------------------------------------
    # Response
    # ------------------------------------------------------------

    def _response_query(self, criterion, company, values):
        """Hours from sending a request for quotation to the vendor's answer.

        One that was never answered waits until the end of the period, or until now;
        given up without an answer it says nothing.
        """
        return SQL(
            """
            SELECT vendor.commercial_partner_id AS partner_id, ord.id AS res_id,
                   1.0 AS whole,
                   EXTRACT(EPOCH FROM GREATEST(
                       COALESCE(ord.jxc_date_answered, LEAST(%(end)s, %(now)s))
                       - ord.jxc_date_sent, interval '0')) / 3600.0 AS part
              FROM purchase_order ord
              JOIN res_partner vendor ON vendor.id = ord.partner_id
             WHERE ord.company_id = %(company)s
               AND vendor.commercial_partner_id = ANY(%(partners)s)
               AND ord.jxc_date_sent >= %(begin)s
               AND ord.jxc_date_sent < %(end)s
               AND (ord.jxc_date_answered IS NOT NULL OR ord.state <> 'cancel')
            """,
            now=fields.Datetime.now(),
            **values,
        )

    # ------------------------------------------------------------
    # Vendors
    # ------------------------------------------------------------

    @api.model
    def _active_vendors(self, company, date_from, date_to):
        """Return vendors from whom something was ordered or expected in a period."""
        begin, end = self._bounds(company, date_from, date_to)
        self._flush()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT vendor.commercial_partner_id
                  FROM purchase_order ord
                  JOIN res_partner vendor ON vendor.id = ord.partner_id
                 WHERE ord.company_id = %(company)s
                   AND ord.state = 'purchase'
                   AND (ord.date_approve >= %(begin)s AND ord.date_approve < %(end)s
                        OR EXISTS (
                            SELECT FROM purchase_order_line line
                             WHERE line.order_id = ord.id
                               AND line.jxc_date_promised >= %(begin)s
                               AND line.jxc_date_promised < %(end)s))
                 ORDER BY 1
                """,
                company=company.id,
                begin=begin,
                end=end,
            )
        )
        return self.env["res.partner"].browse([partner_id for (partner_id,) in rows])
