# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two years of stock operations, for the figures of ledger.py."""

from rows import commit_and_analyze, copy

from odoo.tools import SQL

MARK = "LEDGER-BENCH"
PRODUCTS = 5000
DAYS = 730


class Builder:
    """Adds the history to a database, once.

    :param lines: how many operations
    """

    def __init__(self, env, lines):
        self.env, self.lines = env, lines
        self.company = env.company

    def build(self):
        first = self.env["product.product"].search([("default_code", "=", f"{MARK}-0")])
        if first:
            return
        warehouses = self._warehouses()
        product = self.env["product.product"].create(
            {"name": MARK, "default_code": f"{MARK}-0", "is_storable": True}
        )
        product.categ_id = self.env["product.category"].create(
            {"name": MARK, "property_cost_method": "average"}
        )
        stock = self.env.ref("stock.stock_location_suppliers")
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 1,
                "location_id": stock.id,
                "location_dest_id": warehouses[0].lot_stock_id.id,
            }
        )
        move._action_confirm()
        move.quantity = 1
        move.picked = True
        move._action_done()
        self.env.flush_all()
        self._clone_products(product)
        self._clone_moves(product, move, warehouses)
        self._build_quants(product)
        commit_and_analyze(self.env)

    def _warehouses(self):
        warehouses = self.env["stock.warehouse"].search([], limit=1)
        for number in (1, 2):
            warehouses |= self.env["stock.warehouse"].create(
                {"name": f"{MARK} {number}", "code": f"LB{number}"}
            )
        return warehouses

    def _clone_products(self, product):
        code = SQL("%s || g.n", f"{MARK}-")
        templates = copy(
            self.env,
            product.product_tmpl_id,
            PRODUCTS - 1,
            name=SQL("jsonb_build_object('en_US', 'Ledger bench ' || g.n)"),
            default_code=code,
        )
        copy(
            self.env,
            product,
            PRODUCTS - 1,
            product_tmpl_id=SQL("%s + g.n", templates),
            default_code=code,
            standard_price=SQL(
                "jsonb_build_object(%s, 1 + g.n %% 50)", str(self.company.id)
            ),
        )
        self.env.cr.execute(
            SQL(
                "UPDATE product_product SET standard_price = jsonb_build_object(%s, 1)"
                " WHERE id = %s",
                str(self.company.id),
                product.id,
            )
        )

    def _clone_moves(self, product, move, warehouses):
        """Receipts, issues and transfers at a constant cost of each product."""
        shelves = [warehouse.lot_stock_id.id for warehouse in warehouses]
        supplier = self.env.ref("stock.stock_location_suppliers").id
        customer = self.env.ref("stock.stock_location_customers").id
        rows = SQL(
            """
            SELECT n, product, quantity,
                   quantity * (1 + (product - %(first)s) %% 50) AS value,
                   kind < 48 AS is_in, kind >= 52 AS is_out,
                   CASE WHEN kind < 48 THEN %(supplier)s ELSE shelf END AS source,
                   CASE WHEN kind < 48 THEN shelf
                        WHEN kind < 52 THEN other ELSE %(customer)s END AS dest,
                   now() AT TIME ZONE 'UTC' - %(days)s * interval '1 day'
                       * (1 - n / (%(lines)s + 1.0)) AS date
              FROM (SELECT n, h %% 100 AS kind,
                           %(first)s + (h / 100) %% %(products)s AS product,
                           1 + (h / 7) %% 20 AS quantity,
                           (%(shelves)s)[1 + (h / 11) %% 3] AS shelf,
                           (%(shelves)s)[1 + (h / 11 + 1) %% 3] AS other
                      FROM (SELECT n, abs(hashint8(n)::bigint) AS h
                              FROM generate_series(1, %(lines)s) n) hashed) drawn
            """,
            first=product.id,
            products=PRODUCTS,
            lines=self.lines,
            days=DAYS,
            supplier=supplier,
            customer=customer,
            shelves=shelves,
        )
        common = {
            "product_id": SQL("g.product"),
            "location_id": SQL("g.source"),
            "location_dest_id": SQL("g.dest"),
            "quantity": SQL("g.quantity"),
            "date": SQL("g.date"),
        }
        moved = {"product_qty": SQL("g.quantity"), "product_uom_qty": SQL("g.quantity")}
        valued = {
            "value": SQL("CASE WHEN g.is_in OR g.is_out THEN g.value ELSE 0 END"),
            "is_in": SQL("g.is_in"),
            "is_out": SQL("g.is_out"),
        }
        moves = copy(self.env, move, rows, **common, **moved, **valued)
        line = {
            "move_id": SQL("%s + g.n", moves),
            "quantity_product_uom": SQL("g.quantity"),
        }
        copy(self.env, move.move_line_ids, rows, **common, **line)
        self.env.cr.execute(
            SQL("UPDATE stock_move SET value = 1 WHERE id = %s", move.id)
        )

    def _build_quants(self, product):
        """Stock of now, as the operations say."""
        quant = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("quantity", ">", 0)], limit=1
        )
        first_line = self.env["stock.move.line"].search(
            [("product_id", "=", product.id)], order="id", limit=1
        )
        rows = SQL(
            """
            SELECT product_id, legs.location_id, SUM(quantity) AS quantity,
                   ROW_NUMBER() OVER () AS n
              FROM (SELECT product_id, location_dest_id AS location_id,
                           quantity_product_uom AS quantity, id
                      FROM stock_move_line
                     UNION ALL
                    SELECT product_id, location_id, -quantity_product_uom, id
                      FROM stock_move_line) legs
              JOIN stock_location l ON l.id = legs.location_id
             WHERE l.usage = 'internal' AND product_id >= %s AND legs.id > %s
             GROUP BY 1, 2
            """,
            product.id,
            first_line.id,
        )
        copy(
            self.env,
            quant,
            rows,
            product_id=SQL("g.product_id"),
            location_id=SQL("g.location_id"),
            quantity=SQL("g.quantity"),
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_quant a SET quantity = total
                  FROM (SELECT product_id, location_id, SUM(quantity) AS total,
                               MIN(id) AS id
                          FROM stock_quant WHERE product_id = %(first)s
                         GROUP BY 1, 2) b
                 WHERE a.id = b.id;
                DELETE FROM stock_quant a USING stock_quant b
                 WHERE a.product_id = %(first)s AND b.product_id = a.product_id
                   AND b.location_id = a.location_id AND b.id < a.id;
                """,
                first=product.id,
            )
        )
