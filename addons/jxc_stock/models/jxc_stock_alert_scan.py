# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

NOW = SQL("(now() AT TIME ZONE 'UTC')")


class JxcStockAlert(models.Model):
    """Find what is wrong: one statement for everything, whatever the size.

    Its parts are common table expressions, each with one meaning; ``causes`` has one
    row for each (kind, product, warehouse, lot) that is wrong now.
    """

    _inherit = "jxc.stock.alert"

    @api.model
    def scan(self):
        """Open, update and close the alerts of the user's active companies.

        Doing it again changes nothing.

        :return: {"opened": n, "updated": n, "closed": n}
        :raise AccessError: who is not a user of the inventory
        """
        if not self.env.su and not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(self.env._("Only users of the inventory scan the stock."))
        return self._jxc_scan(self.env.companies)

    @api.model
    def _cron_scan(self):
        """Scan all companies and send today's digests."""
        self._jxc_scan(self.env["res.company"].sudo().search([]))
        self.env["jxc.stock.digest"]._jxc_send_today()

    @api.model
    def _jxc_scan_products(self, product_ids):
        """Scan some products in all companies, right after something happened."""
        companies = self.env["res.company"].sudo().search([])
        return self._jxc_scan(companies, product_ids)

    @api.model
    def _jxc_scan(self, companies, product_ids=None):
        self.env.flush_all()
        [counts] = self.env.execute_query(self._jxc_scan_sql(companies, product_ids))
        self.invalidate_model()
        return dict(zip(("opened", "updated", "closed"), counts, strict=True))

    @api.model
    def _jxc_scan_sql(self, companies, product_ids=None):
        """The statement that brings the alerts in step with their causes."""
        scope = SQL("TRUE")
        if product_ids is not None:
            scope = SQL("product_id IN %s", tuple(product_ids) or (0,))
        return SQL(
            """
            WITH RECURSIVE %(causes)s,
            upserted AS (
                INSERT INTO jxc_stock_alert AS alert (
                    kind, state, product_id, warehouse_id, lot_id, company_id,
                    quantity, threshold, create_uid, create_date, write_uid, write_date)
                SELECT kind, 'open', product_id, warehouse_id, lot_id, company_id,
                    quantity, threshold, %(uid)s, %(now)s, %(uid)s, %(now)s
                FROM causes
                ON CONFLICT (kind, product_id, warehouse_id, COALESCE(lot_id, 0))
                    WHERE state <> 'closed'
                DO UPDATE SET quantity = excluded.quantity,
                    threshold = excluded.threshold,
                    write_uid = excluded.write_uid, write_date = excluded.write_date
                WHERE (alert.quantity, alert.threshold)
                    IS DISTINCT FROM (excluded.quantity, excluded.threshold)
                RETURNING (alert.xmax = 0) AS opened
            ),
            closed AS (
                UPDATE jxc_stock_alert alert
                SET state = 'closed', closed_date = %(now)s,
                    write_uid = %(uid)s, write_date = %(now)s
                WHERE alert.state <> 'closed' AND company_id IN %(companies)s
                    AND alert.%(scope)s
                    AND NOT EXISTS (
                        SELECT 1 FROM causes
                        WHERE causes.kind = alert.kind
                            AND causes.product_id = alert.product_id
                            AND causes.warehouse_id = alert.warehouse_id
                            AND COALESCE(causes.lot_id, 0) = COALESCE(alert.lot_id, 0))
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM upserted WHERE opened),
                (SELECT count(*) FROM upserted WHERE NOT opened),
                (SELECT count(*) FROM closed)
            """,
            causes=self._jxc_causes_sql(companies, scope),
            companies=tuple(companies.ids) or (0,),
            scope=scope if product_ids is not None else SQL("id IS NOT NULL"),
            uid=self.env.uid,
            now=NOW,
        )

    @api.model
    def _jxc_causes_sql(self, companies, scope):
        """Common table expressions that end with ``causes``, to follow WITH RECURSIVE.

        :param scope: condition on the column product_id
        """
        return SQL(
            """
            category AS (
                SELECT id, NULLIF(jxc_safety_stock, 0) AS low,
                    NULLIF(jxc_maximum_stock, 0) AS high,
                    NULLIF(jxc_idle_days, 0) AS idle
                FROM product_category WHERE parent_id IS NULL
                UNION ALL
                SELECT child.id, COALESCE(NULLIF(child.jxc_safety_stock, 0), low),
                    COALESCE(NULLIF(child.jxc_maximum_stock, 0), high),
                    COALESCE(NULLIF(child.jxc_idle_days, 0), idle)
                FROM product_category child JOIN category ON category.id = parent_id
            ),
            product AS (
                SELECT variant.id AS product_id, template.company_id,
                    COALESCE(NULLIF(jxc_safety_stock, 0), category.low) AS low,
                    COALESCE(NULLIF(jxc_maximum_stock, 0), category.high) AS high,
                    COALESCE(NULLIF(jxc_idle_days, 0), category.idle) AS idle
                FROM product_product variant
                JOIN product_template template ON template.id = product_tmpl_id
                LEFT JOIN category ON category.id = categ_id
                WHERE variant.active AND template.active AND is_storable
            ),
            warehouse AS (
                SELECT id AS warehouse_id, company_id, jxc_alert_defaults
                FROM stock_warehouse
                WHERE active AND company_id IN %(companies)s
            ),
            place AS (
                SELECT location.id AS location_id, warehouse_id
                FROM stock_location location JOIN warehouse USING (warehouse_id)
                WHERE usage = 'internal'
            ),
            goods AS (
                SELECT product_id, place.warehouse_id, place.location_id, lot_id,
                    sum(quantity) AS quantity, max(in_date) AS in_date
                FROM stock_quant JOIN place USING (location_id)
                WHERE %(scope)s
                GROUP BY product_id, place.warehouse_id, place.location_id, lot_id
            ),
            stock AS (
                SELECT product_id, warehouse_id, sum(quantity) AS quantity,
                    max(in_date) AS in_date
                FROM goods GROUP BY product_id, warehouse_id
            ),
            rule AS (
                SELECT product_id, warehouse_id,
                    NULLIF(sum(product_min_qty), 0) AS low,
                    NULLIF(sum(product_max_qty), 0) AS high
                FROM stock_warehouse_orderpoint
                JOIN warehouse USING (warehouse_id)
                WHERE active AND %(scope)s
                GROUP BY product_id, warehouse_id
            ),
            watched AS (
                SELECT product_id, warehouse_id FROM stock
                UNION SELECT product_id, warehouse_id FROM rule
                UNION SELECT product_id, warehouse_id FROM product JOIN warehouse
                    ON jxc_alert_defaults AND (product.company_id IS NULL
                        OR product.company_id = warehouse.company_id)
                WHERE low > 0 AND %(scope)s
            ),
            pair AS (
                SELECT product_id, warehouse_id, warehouse.company_id,
                    COALESCE(stock.quantity, 0) AS quantity, in_date, idle,
                    COALESCE(rule.low,
                        CASE WHEN jxc_alert_defaults THEN product.low END, 0) AS low,
                    COALESCE(rule.high,
                        CASE WHEN jxc_alert_defaults THEN product.high END, 0) AS high
                FROM watched
                JOIN product USING (product_id)
                JOIN warehouse USING (warehouse_id)
                LEFT JOIN stock USING (product_id, warehouse_id)
                LEFT JOIN rule USING (product_id, warehouse_id)
            ),
            perishable AS (
                SELECT product_id, warehouse_id, lot_id, sum(quantity) AS quantity,
                    min(alert_date) AS alert_date,
                    min(expiration_date) AS expiration_date
                FROM goods JOIN (
                    SELECT id AS lot_id, alert_date, expiration_date FROM stock_lot
                    WHERE expiration_date <= %(now)s OR alert_date <= %(now)s
                ) lot USING (lot_id)
                GROUP BY product_id, warehouse_id, lot_id
                HAVING sum(quantity) > 0
            ),
            %(moved)s,
            causes AS (
                SELECT 'below' AS kind, product_id, warehouse_id, NULL::int AS lot_id,
                    company_id, quantity, low AS threshold
                FROM pair WHERE low > 0 AND quantity < low
                UNION ALL
                SELECT 'above', product_id, warehouse_id, NULL, company_id, quantity,
                    high
                FROM pair WHERE high > 0 AND quantity > high
                UNION ALL
                SELECT CASE WHEN expiration_date <= %(now)s
                        THEN 'expired' ELSE 'near_expiry' END,
                    product_id, warehouse_id, lot_id, company_id, quantity,
                    CASE WHEN expiration_date <= %(now)s THEN 0
                        ELSE (expiration_date::date - alert_date::date) END
                FROM perishable JOIN warehouse USING (warehouse_id)
                WHERE expiration_date IS NOT NULL
                UNION ALL
                SELECT 'idle', product_id, warehouse_id, NULL, company_id, quantity,
                    idle
                FROM pair LEFT JOIN moved USING (product_id, warehouse_id)
                WHERE idle > 0 AND quantity > 0
                    AND in_date < %(now)s - idle * interval '1 day'
                    AND (last IS NULL OR last < %(now)s - idle * interval '1 day')
                UNION ALL
                SELECT 'negative', product_id, warehouse_id, lot_id, company_id,
                    sum(quantity), 0
                FROM goods JOIN warehouse USING (warehouse_id)
                WHERE quantity < 0
                GROUP BY product_id, warehouse_id, lot_id, company_id
            )
            """,
            companies=tuple(companies.ids) or (0,),
            scope=scope,
            moved=self._jxc_moved_sql(scope),
            now=NOW,
        )

    @api.model
    def _jxc_moved_sql(self, scope):
        """When goods last came into or went out of a warehouse.

        Counting them or moving them within the warehouse is no movement. Only as much
        history is read as the longest number of days asks for.
        """
        return SQL(
            """
            recent AS (
                SELECT product_id, date, origin.warehouse_id AS origin_id,
                    target.warehouse_id AS target_id
                FROM stock_move move
                JOIN stock_location origin ON origin.id = move.location_id
                JOIN stock_location target ON target.id = location_dest_id
                WHERE state = 'done' AND NOT COALESCE(is_inventory, FALSE)
                    AND origin.warehouse_id IS DISTINCT FROM target.warehouse_id
                    AND date >= %(now)s - (SELECT max(idle) FROM product)
                        * interval '1 day'
                    AND %(scope)s
            ),
            moved AS (
                SELECT product_id, warehouse_id, max(date) AS last
                FROM (
                    SELECT product_id, origin_id AS warehouse_id, date FROM recent
                    UNION ALL SELECT product_id, target_id, date FROM recent
                ) ends
                WHERE warehouse_id IS NOT NULL
                GROUP BY product_id, warehouse_id
            )
            """,
            scope=scope,
            now=NOW,
        )
