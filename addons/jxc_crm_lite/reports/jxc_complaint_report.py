# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

RATES = {
    "complaint_rate:avg": ("blamed_count", "delivery_count"),
    "quantity_rate:avg": ("complaint_qty", "delivered_qty"),
}


class JxcComplaintReport(models.Model):
    """Deliveries to customers and complaints about goods, by product, vendor and lot.

    One row a delivered lot or product, one row a ticket; the rates are made of the sums
    of what is shown, so that they are right for every group. The rule is that of vendor
    evaluation: only complaints of customers about what was delivered to them, against
    the vendor of that delivery, and each delivery once.
    """

    _name = "jxc.complaint.report"
    _description = "Complaint Rates"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "product_id"
    _depends = {
        "helpdesk.ticket": [
            "active",
            "commercial_partner_id",
            "company_id",
            "jxc_kind",
            "jxc_lot_id",
            "jxc_opened_at",
            "jxc_order_line_id",
            "jxc_product_id",
            "jxc_quantity",
            "stage_id",
        ],
        "helpdesk.ticket.stage": ["jxc_not_counted"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "res.partner": ["commercial_partner_id"],
        "sale.order": ["partner_id"],
        "sale.order.line": ["order_id"],
        "stock.location": ["usage"],
        "stock.move": ["partner_id", "sale_line_id"],
        "stock.move.line": [
            "company_id",
            "date",
            "location_dest_id",
            "location_id",
            "lot_id",
            "move_id",
            "picking_id",
            "product_id",
            "quantity_product_uom",
            "state",
        ],
        "stock.picking": ["partner_id"],
    }

    date = fields.Datetime(readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot", string="Lot/Serial Number", readonly=True
    )
    vendor_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    ticket_id = fields.Many2one(comodel_name="helpdesk.ticket", readonly=True)
    delivery_count = fields.Integer(string="Deliveries", readonly=True)
    delivered_qty = fields.Float(
        string="Delivered", digits="Product Unit", readonly=True
    )
    complaint_count = fields.Integer(string="Complaints", readonly=True)
    blamed_count = fields.Integer(
        string="Deliveries Complained of",
        readonly=True,
        help="Several complaints about one delivery count once.",
    )
    complaint_qty = fields.Float(
        string="Complained of", digits="Product Unit", readonly=True
    )
    complaint_rate = fields.Float(
        string="Complaints (%)",
        readonly=True,
        aggregator="avg",
        help="Deliveries complained of in 100 deliveries.",
    )
    quantity_rate = fields.Float(
        string="Quantity (%)",
        readonly=True,
        aggregator="avg",
        help="Quantity complained of in 100 delivered.",
    )

    @property
    def _table_query(self):
        finder = self.env["jxc.delivery.finder"]
        return SQL(
            """
            WITH vendors AS (%(vendors)s),
            complaints AS (%(complaints)s)
            SELECT line.id::bigint * 2 AS id, line.date, line.company_id,
                   line.product_id, template.categ_id, line.lot_id,
                   COALESCE(by_lot.vendor, by_product.vendor) AS vendor_id,
                   NULL::int AS ticket_id, 1 AS delivery_count,
                   line.quantity_product_uom AS delivered_qty,
                   0 AS complaint_count, 0 AS blamed_count, 0.0 AS complaint_qty,
                   0.0 AS complaint_rate, 0.0 AS quantity_rate
              FROM (%(deliveries)s) line
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN vendors by_lot ON by_lot.product_id = line.product_id
               AND by_lot.company_id = line.company_id AND by_lot.lot_id = line.lot_id
              LEFT JOIN vendors by_product ON by_product.product_id = line.product_id
               AND by_product.company_id = line.company_id
               AND by_product.lot_id IS NULL
             UNION ALL
            SELECT ticket.id::bigint * 2 + 1, ticket.jxc_opened_at, ticket.company_id,
                   ticket.jxc_product_id, template.categ_id, complaint.lot_id,
                   COALESCE(by_lot.vendor, by_product.vendor), ticket.id, 0, 0.0,
                   1, CASE WHEN complaint.number = 1 THEN 1 ELSE 0 END,
                   ticket.jxc_quantity, 0.0, 0.0
              FROM (SELECT *, ROW_NUMBER() OVER (
                               PARTITION BY line_id ORDER BY ticket_id) AS number
                      FROM complaints) complaint
              JOIN helpdesk_ticket ticket ON ticket.id = complaint.ticket_id
              JOIN product_product product ON product.id = ticket.jxc_product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN vendors by_lot ON by_lot.product_id = complaint.product_id
               AND by_lot.company_id = complaint.company_id
               AND by_lot.lot_id = complaint.lot_id
              LEFT JOIN vendors by_product
                ON by_product.product_id = complaint.product_id
               AND by_product.company_id = complaint.company_id
               AND by_product.lot_id IS NULL
            """,
            vendors=finder._vendors_query(),
            deliveries=finder._deliveries_query(),
            complaints=finder._complaints_query(),
        )

    def _read_group_select(self, aggregate_spec, query):
        """A rate of a group is made of the sums of the group."""
        if aggregate_spec not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (
            self._field_to_sql(self._table, name, query)
            for name in RATES[aggregate_spec]
        )
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", part, whole)
