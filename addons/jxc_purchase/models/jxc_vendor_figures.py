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
    ("purchase.order.line", ["product_id", "product_qty", "product_uom_id"]),
    ("purchase.order.line", ["display_type", "product_uom_qty"]),
    ("jxc.receipt.inspection", ["company_id", "date", "partner_id", "state"]),
    ("jxc.receipt.inspection.line", ["inspection_id", "move_id", "state"]),
    ("jxc.receipt.inspection.line", ["qty_accepted_base", "qty_concession_base"]),
    ("jxc.receipt.inspection.line", ["qty_received_base", "qty_rejected_base"]),
    ("product.product", ["product_tmpl_id"]),
    ("product.template", ["type", "uom_id"]),
    ("res.partner", ["commercial_partner_id"]),
    ("stock.location", ["jxc_status", "usage"]),
    ("stock.move", ["date", "location_dest_id", "location_id", "product_id"]),
    ("stock.move", ["product_uom", "purchase_line_id", "quantity", "state"]),
    ("stock.move", ["jxc_inspection_id", "origin_returned_move_id", "to_refund"]),
    ("stock.move.line", ["location_id", "move_id", "quantity_product_uom"]),
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
            SQL(
                "SELECT DISTINCT res_id FROM (%s) cases WHERE res_id IS NOT NULL", query
            )
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
            "after_sales": self.env["jxc.after.sales"]._vendor_case_model(),
        }

    def _cases_query(self, criterion, company, date_from, date_to, partner_ids):
        """Return the SELECT of the cases of a criterion, or None without one.

        After-sales figures come from an addon that has tickets, by the hook of
        ``jxc.after.sales``.
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
            "after_sales": self._after_sales_query,
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
    # After-sales
    # ------------------------------------------------------------

    def _after_sales_query(self, criterion, company, values):
        """Share of deliveries of the vendor's goods that customers did not complain of.

        None where no addon keeps complaints: the criterion has no data then.
        """
        return self.env["jxc.after.sales"]._vendor_cases_query(company, values)

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
