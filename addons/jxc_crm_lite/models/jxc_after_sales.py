# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import SQL

from .helpdesk_ticket_feedback import FAULTS


class JxcAfterSales(models.AbstractModel):
    """Answer from tickets what vendor evaluation asks about complaints."""

    _inherit = "jxc.after.sales"

    def _vendor_case_model(self):
        return "helpdesk.ticket"

    def _vendor_cases_query(self, company, values):
        """Deliveries of the vendor's goods to customers, less those complained about.

        A ticket speaks against the last delivery of its lot, order line or product to
        the customer before it was opened.
        """
        self._flush_tickets()
        finder = self.env["jxc.delivery.finder"]
        finder._flush()
        return SQL(
            """
            WITH vendors AS (%(vendors)s),
            blamed AS (
                SELECT delivery.id AS line_id, MIN(ticket.id) AS ticket_id
                  FROM helpdesk_ticket ticket
                  JOIN helpdesk_ticket_stage stage ON stage.id = ticket.stage_id
                 CROSS JOIN LATERAL (
                    SELECT line.id FROM (%(deliveries)s) line
                     WHERE line.product_id = ticket.jxc_product_id
                       AND line.company_id = ticket.company_id
                       AND ticket.commercial_partner_id
                           IN (line.orderer, line.addressee)
                       AND line.date <= ticket.jxc_opened_at
                       AND (ticket.jxc_lot_id IS NULL
                            OR ticket.jxc_lot_id = line.lot_id)
                       AND (ticket.jxc_order_line_id IS NULL
                            OR ticket.jxc_order_line_id = line.sale_line_id)
                     ORDER BY line.date DESC, line.id DESC LIMIT 1) delivery
                 WHERE ticket.company_id = %(company)s AND ticket.active
                   AND ticket.jxc_kind = ANY(%(faults)s)
                   AND NOT COALESCE(stage.jxc_not_counted, false)
                 GROUP BY delivery.id)
            SELECT COALESCE(by_lot.vendor, by_product.vendor) AS partner_id,
                   blamed.ticket_id AS res_id, 1.0 AS whole,
                   CASE WHEN blamed.ticket_id IS NULL THEN 1.0 ELSE 0.0 END AS part
              FROM (%(deliveries)s) line
              LEFT JOIN vendors by_lot ON by_lot.product_id = line.product_id
               AND by_lot.company_id = line.company_id AND by_lot.lot_id = line.lot_id
              LEFT JOIN vendors by_product ON by_product.product_id = line.product_id
               AND by_product.company_id = line.company_id
               AND by_product.lot_id IS NULL
              LEFT JOIN blamed ON blamed.line_id = line.id
             WHERE line.company_id = %(company)s
               AND line.date >= %(begin)s AND line.date < %(end)s
               AND COALESCE(by_lot.vendor, by_product.vendor) = ANY(%(partners)s)
            """,
            deliveries=finder._deliveries_query(),
            vendors=finder._vendors_query(),
            faults=list(FAULTS),
            **values,
        )

    def _flush_tickets(self):
        self.env["helpdesk.ticket"].flush_model()
        self.env["helpdesk.ticket.stage"].flush_model(["jxc_not_counted"])
