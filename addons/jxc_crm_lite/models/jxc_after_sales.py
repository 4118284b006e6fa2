# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import SQL


class JxcAfterSales(models.AbstractModel):
    """Answer from tickets what vendor evaluation asks about complaints."""

    _inherit = "jxc.after.sales"

    def _vendor_case_model(self):
        return "helpdesk.ticket"

    def _vendor_cases_query(self, company, values):
        """Deliveries of the vendor's goods to customers, less those complained about.

        A ticket speaks against one delivery, and a delivery counts once, however many
        tickets speak against it. The report of complaint rates counts alike.
        """
        self._flush_tickets()
        finder = self.env["jxc.delivery.finder"]
        finder._flush()
        return SQL(
            """
            WITH vendors AS (%(vendors)s),
            blamed AS (
                SELECT complaint.line_id, MIN(complaint.ticket_id) AS ticket_id
                  FROM (%(complaints)s) complaint
                 WHERE complaint.company_id = %(company)s
                 GROUP BY complaint.line_id)
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
            complaints=finder._complaints_query(),
            **values,
        )

    def _flush_tickets(self):
        self.env["helpdesk.ticket"].flush_model()
        self.env["helpdesk.ticket.stage"].flush_model(["jxc_not_counted"])
