# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL


class JxcVendorFigures(models.AbstractModel):
    """How vendors deliver: on time, in full, accepted."""

    _inherit = "jxc.vendor.figures"

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
                   line.product_id, line.product_uom_qty, base.factor AS base_factor,
                   line.product_qty * unit.factor / base.factor AS qty_base,
                   ((line.jxc_date_promised AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)
                    ::date + 1 + %(grace)s)::timestamp
                   AT TIME ZONE %(zone)s AT TIME ZONE 'UTC' AS due
              FROM purchase_order_line line
              JOIN purchase_order ord ON ord.id = line.order_id
              JOIN res_partner vendor ON vendor.id = ord.partner_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom base ON base.id = template.uom_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
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

    def _came(self):
        """SELECT of what came of ``due`` lines: moments, base quantities, exact.

        What went back for a refund, and what inspections rejected, did not come; what
        was accepted came on the day it came, whenever that was decided. Goods that
        replace what went back without a refund came before. Rejected goods
        that go back are not taken off twice. What waits for its inspection is told
        apart: that we have not looked is not the vendor's doing, and what was not
        accepted is nothing to praise him for.
        """
        return SQL(
            """
            SELECT move.date, waits.quantity AS waiting,
                   CASE WHEN dest.usage = 'supplier' THEN COALESCE((
                       SELECT SUM(bad.quantity_product_uom)
                         FROM stock_move_line bad
                         JOIN stock_location place ON place.id = bad.location_id
                        WHERE bad.move_id = move.id
                          AND place.jxc_status = 'defective'
                   ), 0) ELSE 0 END
                   + move.quantity * unit.factor / due.base_factor
                   * CASE WHEN dest.usage = 'supplier' THEN -1 ELSE 1 END
                   - COALESCE((
                       SELECT SUM(bad.qty_rejected_base)
                         FROM jxc_receipt_inspection_line bad
                        WHERE bad.move_id = move.id AND bad.state = 'done'
                   ), 0)
                   - waits.quantity AS quantity
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location dest ON dest.id = move.location_dest_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              LEFT JOIN stock_move back ON back.id = move.origin_returned_move_id
              LEFT JOIN stock_location replaced ON replaced.id = back.location_dest_id
             CROSS JOIN LATERAL (
                       SELECT COALESCE(SUM(open.qty_received_base), 0) AS quantity
                         FROM jxc_receipt_inspection_line open
                        WHERE open.move_id = move.id AND open.state = 'draft'
                   ) waits
             WHERE move.purchase_line_id = due.res_id
               AND move.product_id = due.product_id
               AND move.state = 'done'
               AND (source.usage IN ('supplier', 'transit')
                       AND (move.to_refund OR replaced.usage IS NULL
                            OR replaced.usage <> 'supplier')
                    OR dest.usage = 'supplier'
                       AND move.jxc_inspection_id IS NULL
                       AND (move.to_refund
                            OR move.origin_returned_move_id IS NULL))
            """
        )

    def _due_with_came(self, criterion, company, values, in_time):
        """SELECT of due lines with what came and what of it waits, at most all of it.

        :param in_time: only what came before the line was too late
        """
        return SQL(
            """
            SELECT due.partner_id, due.res_id, due.qty_base, due.product_uom_qty,
                   GREATEST(COALESCE(SUM(came.quantity), 0), 0) AS came,
                   COALESCE(SUM(came.waiting), 0) AS waiting
              FROM (%(lines)s) due
              LEFT JOIN LATERAL (%(came)s) came ON %(condition)s
             WHERE due.due <= %(now)s
             GROUP BY due.partner_id, due.res_id, due.qty_base, due.product_uom_qty
            """,
            lines=self._due_lines(
                company, values, criterion.grace_days if in_time else 0
            ),
            came=self._came(),
            condition=SQL("came.date < due.due") if in_time else SQL("TRUE"),
            now=fields.Datetime.now(),
        )

    def _on_time_query(self, criterion, company, values):
        """A line is on time if all of it had come by the end of the promised day.

        The promise is the one given when the order was confirmed. What went back for a
        refund until then, and what inspections rejected, did not come. While it depends
        on goods that came in time and wait for their inspection, the line counts by
        the share that was accepted; it is late for sure where they would not do.
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return SQL(
            """
            SELECT partner_id, res_id, whole, LEAST(part, whole) AS part
              FROM (
                SELECT partner_id, res_id,
                       CASE WHEN came >= product_uom_qty - %(tolerance)s
                              OR came + waiting < product_uom_qty - %(tolerance)s
                            THEN 1.0 ELSE came / qty_base END AS whole,
                       CASE WHEN came + waiting >= product_uom_qty - %(tolerance)s
                            THEN 1.0 ELSE 0.0 END AS part
                  FROM (%(lines)s) lines
              ) judged
             WHERE whole > 0
            """,
            lines=self._due_with_came(criterion, company, values, in_time=True),
            tolerance=0.5 * 10**-digits,
        )

    def _fill_query(self, criterion, company, values):
        """Each line by the share of its quantity that has come until now.

        Counted from what was moved, in the product's own unit: the received quantity of
        an order line is rounded to the decimals of its unit. What waits for its
        inspection is no part of the line yet.
        """
        return SQL(
            """
            SELECT partner_id, res_id, whole, LEAST(part, whole) AS part
              FROM (
                SELECT partner_id, res_id,
                       1.0 - LEAST(waiting, qty_base - LEAST(came, qty_base))
                             / qty_base AS whole,
                       LEAST(came / qty_base, 1.0) AS part
                  FROM (%(lines)s) lines
              ) judged
             WHERE whole > 0
            """,
            lines=self._due_with_came(criterion, company, values, in_time=False),
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
