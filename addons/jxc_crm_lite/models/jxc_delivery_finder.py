# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.tools import SQL

from .helpdesk_ticket_feedback import FAULTS

READ = (
    ("stock.move.line", ["company_id", "date", "location_dest_id", "location_id"]),
    ("stock.move.line", ["lot_id", "move_id", "picking_id", "product_id", "state"]),
    ("stock.move", ["location_id", "origin_returned_move_id"]),
    ("stock.move", ["partner_id", "repair_id", "sale_line_id"]),
    ("stock.picking", ["partner_id"]),
    ("stock.location", ["usage"]),
    ("product.product", ["product_tmpl_id"]),
    ("product.template", ["tracking"]),
    ("sale.order.line", ["order_id"]),
    ("sale.order", ["partner_id"]),
    ("res.partner", ["commercial_partner_id"]),
)


class JxcDeliveryFinder(models.AbstractModel):
    """What was delivered to whom, and who delivered it to us.

    Goods of an order are the orderer's wherever they were sent to, so both the customer
    of the order and the address of the transfer count.
    """

    _name = "jxc.delivery.finder"
    _description = "Deliveries to Customers"

    @api.model
    def _sale_deliveries(self, keys):
        """Find the delivery that a warranty runs from, all at once.

        It is the last one up to the moment of the ticket. When there is none, the
        transfer was booked later than the customer complained: then the first one.
        Goods that go back to their owner after a repair were sold before: the move of
        the repair order does not count, nor one serial number that leaves once more
        without an order.

        :param keys: list of (product id, lot id or None, order line id or None,
            id of the commercial partner, company id, UTC moment of the ticket)
        :return: list of UTC moments, None where there was no delivery
        """
        if not keys:
            return []
        self._flush()
        columns = [list(column) for column in zip(*keys, strict=True)]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT wanted.number,
                       COALESCE(
                           MAX(line.date) FILTER (
                               WHERE line.date <= wanted.until
                                 AND (line.sale_line_id IS NOT NULL
                                      OR wanted.lot IS NULL
                                      OR template.tracking <> 'serial')),
                           MIN(line.date))
                  FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::int[],
                              %s::timestamp[])
                       WITH ORDINALITY AS wanted(product, lot, sold, customer, company,
                                                 until, number)
                  JOIN (%s) line ON line.product_id = wanted.product
                   AND line.company_id = wanted.company
                   AND (wanted.lot IS NULL OR line.lot_id = wanted.lot)
                   AND (wanted.sold IS NULL OR line.sale_line_id = wanted.sold)
                   AND wanted.customer IN (line.orderer, line.addressee)
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                  JOIN stock_move move ON move.id = line.move_id
                 WHERE move.repair_id IS NULL
                 GROUP BY wanted.number
                """,
                *columns,
                self._deliveries_query(),
            )
        )
        found = dict(rows)
        return [found.get(number) for number in range(1, len(keys) + 1)]

    @api.model
    def _delivered_goods(self, customer, company):
        """Return [(product id, lot id or None)] delivered to a commercial partner."""
        self._flush()
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT line.product_id, line.lot_id
                  FROM (%s) line
                 WHERE line.company_id = %s
                   AND %s IN (line.orderer, line.addressee)
                """,
                self._deliveries_query(),
                company.id,
                customer.id,
            )
        )

    def _flush(self):
        for model, names in READ:
            self.env[model].flush_model(names)

    def _deliveries_query(self):
        """Return the SELECT of done transfers of goods out to customers.

        What came back and goes out again was delivered before. Another lot than the one
        that came back is new to the customer.
        """
        return SQL(
            """
            SELECT line.id, line.product_id, line.lot_id, line.company_id, line.date,
                   line.quantity_product_uom, move.sale_line_id, line.move_id,
                   orderer.commercial_partner_id AS orderer,
                   addressee.commercial_partner_id AS addressee
              FROM stock_move_line line
              JOIN stock_move move ON move.id = line.move_id
              JOIN stock_location source ON source.id = line.location_id
              JOIN stock_location dest ON dest.id = line.location_dest_id
              LEFT JOIN stock_picking picking ON picking.id = line.picking_id
              LEFT JOIN sale_order_line sold ON sold.id = move.sale_line_id
              LEFT JOIN sale_order ord ON ord.id = sold.order_id
              LEFT JOIN res_partner orderer ON orderer.id = ord.partner_id
              LEFT JOIN res_partner addressee
                ON addressee.id = COALESCE(move.partner_id, picking.partner_id)
             WHERE line.state = 'done'
               AND dest.usage = 'customer' AND source.usage <> 'customer'
               AND (move.origin_returned_move_id IS NULL
                    OR NOT EXISTS (
                        SELECT FROM stock_move_line came
                          JOIN stock_location away ON away.id = came.location_id
                         WHERE came.move_id = move.origin_returned_move_id
                           AND away.usage = 'customer'
                           AND came.lot_id IS NOT DISTINCT FROM line.lot_id))
            """
        )

    def _complaints_query(self):
        """Return the SELECT of complaints (ticket_id) and what they are about.

        A complaint is about the last delivery (line_id) of its lot, order line or
        product to the customer before it was opened. One about what was never delivered
        to the customer is not there: it speaks against nobody's goods.
        """
        return SQL(
            """
            SELECT ticket.id AS ticket_id, ticket.company_id, delivery.id AS line_id,
                   delivery.product_id, delivery.lot_id
              FROM helpdesk_ticket ticket
              LEFT JOIN helpdesk_ticket_stage stage ON stage.id = ticket.stage_id
             CROSS JOIN LATERAL (
                SELECT line.id, line.product_id, line.lot_id FROM (%(deliveries)s) line
                 WHERE line.product_id = ticket.jxc_product_id
                   AND line.company_id = ticket.company_id
                   AND ticket.commercial_partner_id IN (line.orderer, line.addressee)
                   AND line.date <= ticket.jxc_opened_at
                   AND (ticket.jxc_lot_id IS NULL
                        OR ticket.jxc_lot_id = line.lot_id)
                   AND (ticket.jxc_order_line_id IS NULL
                        OR ticket.jxc_order_line_id = line.sale_line_id)
                 ORDER BY line.date DESC, line.id DESC LIMIT 1) delivery
             WHERE ticket.active AND ticket.jxc_kind = ANY(%(faults)s)
               AND NOT COALESCE(stage.jxc_not_counted, false)
            """,
            deliveries=self._deliveries_query(),
            faults=list(FAULTS),
        )

    def _receipts_query(self):
        """Return the SELECT of done transfers of goods in from vendors."""
        return SQL(
            """
            SELECT line.product_id, line.lot_id, line.company_id, line.date,
                   vendor.commercial_partner_id AS vendor
              FROM stock_move_line line
              JOIN stock_move move ON move.id = line.move_id
              JOIN stock_location source ON source.id = line.location_id
              LEFT JOIN stock_picking picking ON picking.id = line.picking_id
              JOIN res_partner vendor
                ON vendor.id = COALESCE(picking.partner_id, move.partner_id)
             WHERE line.state = 'done' AND source.usage = 'supplier'
            """
        )

    def _vendors_query(self):
        """Return the SELECT of (product_id, lot_id, company_id, vendor).

        The vendor of a lot is the one it last came from. Without a lot
        (``lot_id IS NULL``) only a product that all came from one vendor has one.
        """
        return SQL(
            """
            (SELECT DISTINCT ON (product_id, lot_id, company_id)
                    product_id, lot_id, company_id, vendor
               FROM (%(receipts)s) receipt
              WHERE lot_id IS NOT NULL
              ORDER BY product_id, lot_id, company_id, date DESC)
             UNION ALL
            (SELECT product_id, NULL, company_id, MIN(vendor)
               FROM (%(receipts)s) receipt
              GROUP BY product_id, company_id
             HAVING COUNT(DISTINCT vendor) = 1)
            """,
            receipts=self._receipts_query(),
        )

    @api.model
    def _vendors(self, keys):
        """Find the vendor of goods, all at once.

        :param keys: list of (product id, lot id or None, company id)
        :return: list of ids of commercial partners, None where it is not certain
        """
        if not keys:
            return []
        self._flush()
        products = sorted({product for product, _lot, _company in keys})
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, lot_id, company_id, vendor
                  FROM (%s) vendors WHERE product_id = ANY(%s)
                """,
                self._vendors_query(),
                products,
            )
        )
        found = {
            (product, lot, company): vendor for product, lot, company, vendor in rows
        }
        return [found.get(key) or found.get((key[0], None, key[2])) for key in keys]
