# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.stock_flow import Flow
from .jxc_stock_ledger import STOCK_USAGES

# What a domain may ask about, and the field of stock.quant that means the same.
DOMAIN_FIELDS = {
    "product_id": "product_id",
    "categ_id": "product_id.categ_id",
    "company_id": "company_id",
    "warehouse_id": "location_id.warehouse_id",
    "location_id": "location_id",
    "lot_id": "lot_id",
    "owner_id": "owner_id",
}
PRODUCT_FIELDS = {"product_id", "categ_id", "company_id"}
# What the flows of a period are told from, beside the groups.
LEG_COLUMNS = (
    "move_line_id",
    "move_id",
    "product_id",
    "company_id",
    "is_external",
    "quantity",
    "valued_quantity",
    "move_value",
)


class JxcStockLedger(models.Model):
    """What was there, came and left: the queries behind the summary."""

    _inherit = "jxc.stock.ledger"

    @api.model
    def _get_flows(self, bounds, names, domain, valued):
        """{(product id, company id, *ids of the groups): Flow}"""
        flows = defaultdict(Flow)
        width = 2 + len(names)
        for *key, quantity, own in self._query_on_hand(names, domain):
            flow = flows[tuple(key)]
            flow.closing += float(quantity)
            flow.closing_valued += float(own)
        for *key, quantity, own in self._query_net(names, domain, bounds[1]):
            flow = flows[tuple(key)]
            flow.closing -= float(quantity)
            flow.closing_valued -= float(own)
        for row in self._query_period(names, domain, bounds, valued):
            flows[row[:width]].set_period(row[width:])
        return flows

    @api.model
    def _query_on_hand(self, names, domain):
        quants = self.env["stock.quant"]
        query = quants._search(self._quant_domain(domain))
        place = "jxc_place"
        query.add_join(
            "LEFT JOIN",
            place,
            "stock_location",
            SQL(
                "%s = %s",
                SQL.identifier(query.table, "location_id"),
                SQL.identifier(place, "id"),
            ),
        )
        fields_ = {"warehouse_id": SQL.identifier(place, "warehouse_id")}
        keys = [
            fields_.get(name) or quants._field_to_sql(query.table, name, query)
            for name in ("product_id", "company_id", *names)
        ]
        quantity = quants._field_to_sql(query.table, "quantity", query)
        owner = quants._field_to_sql(query.table, "owner_id", query)
        query.groupby = SQL(", ").join(keys)
        valued = SQL(
            "COALESCE(SUM(%(quantity)s) FILTER (WHERE %(owner)s IS NULL OR %(owner)s ="
            " (SELECT partner_id FROM res_company WHERE id = %(company)s)), 0)",
            quantity=quantity,
            owner=owner,
            company=keys[1],
        )
        return self.env.execute_query(
            # the platform leaves quants of goods that never were there without quantity
            query.select(*keys, SQL("COALESCE(SUM(%s), 0)", quantity), valued)
        )

    @api.model
    def _query_period(self, names, domain, bounds, valued):
        """In and out of each group; both ends of a transfer inside it cancel out."""
        in_period = Domain("date", ">=", bounds[0]) & Domain("date", "<", bounds[1])
        query, columns = self._query_legs(domain & in_period)
        needed = dict.fromkeys([*LEG_COLUMNS, *names])
        legs = query.select(*(columns[name] for name in needed))
        values = SQL("NULL::numeric, NULL::numeric")
        totals = SQL("SELECT NULL::integer AS move_id, NULL::numeric AS total")
        if valued:
            totals = self._select_move_totals(domain, in_period)
            values = SQL(
                """SUM(move_value * valued / total)
                       FILTER (WHERE is_external AND valued > 0),
                   -SUM(move_value * valued / total)
                       FILTER (WHERE is_external AND valued < 0)"""
            )
        keys = [SQL.identifier(name) for name in ("product_id", "company_id", *names)]
        return self.env.execute_query(
            SQL(
                """
                WITH legs AS MATERIALIZED (%(legs)s),
                     moves AS (
                        SELECT %(keys)s, MIN(move_id) AS move_id,
                               BOOL_OR(is_external) AS is_external,
                               SUM(quantity) AS quantity,
                               SUM(valued_quantity) AS valued,
                               MAX(move_value) AS move_value
                          FROM legs GROUP BY move_line_id, %(keys)s),
                     totals AS (%(totals)s)
                SELECT %(keys)s,
                       SUM(quantity) FILTER (WHERE quantity > 0),
                       -SUM(quantity) FILTER (WHERE quantity < 0),
                       SUM(valued),
                       SUM(valued) FILTER (WHERE is_external AND valued > 0),
                       %(values)s,
                       SUM(valued) FILTER (WHERE NOT is_external AND valued > 0),
                       -SUM(valued) FILTER (WHERE NOT is_external AND valued < 0)
                  FROM moves LEFT JOIN totals USING (move_id)
                 GROUP BY %(keys)s
                """,
                legs=legs,
                keys=SQL(", ").join(keys),
                totals=totals,
                values=values,
            )
        )

    @api.model
    def _select_move_totals(self, domain, in_period):
        """The quantity that the value of each move is the value of."""
        legs = SQL("SELECT move_id, is_external, valued_quantity FROM legs")
        if not self._asks_only_products(domain):
            query, columns = self.sudo()._query_legs(in_period)
            names = ("move_id", "is_external", "valued_quantity")
            legs = query.select(*(columns[name] for name in names))
        return SQL(
            "SELECT move_id, NULLIF(ABS(SUM(valued_quantity)), 0) AS total"
            " FROM (%s) AS whole WHERE is_external GROUP BY move_id",
            legs,
        )

    @api.model
    def _get_wholes(self, flows, bounds, domain):
        """{(product id, company id): Flow} of all own stock of these products."""
        if not self._asks_only_products(domain):
            keys = {key[0] for key in flows}
            domain = Domain("product_id", "in", list(keys))
            flows = self.sudo()._get_flows(bounds, [], domain, True)
        wholes = defaultdict(Flow)
        for key, flow in flows.items():
            whole = wholes[key[:2]]
            whole.add(flow)
        return wholes

    @api.model
    def _asks_only_products(self, domain):
        """Whether a domain takes or leaves the whole stock of a product."""
        roots = {c.field_expr.split(".")[0] for c in domain.iter_conditions()}
        return roots <= PRODUCT_FIELDS

    @api.model
    def _query_legs(self, domain):
        query = self._search(domain)
        columns = {
            name: SQL.identifier(query.table, name)
            for name in (
                "company_id",
                "date",
                "id",
                "is_external",
                "location_id",
                "lot_id",
                "move_id",
                "move_line_id",
                "move_value",
                "product_id",
                "quantity",
                "valued_quantity",
                "warehouse_id",
            )
        }
        return query, columns

    @api.model
    def _quant_domain(self, domain):
        """The same question to stock.quant."""

        def translate(condition):
            root, *path = condition.field_expr.split(".")
            expression = ".".join([DOMAIN_FIELDS[root], *path])
            return Domain(expression, condition.operator, condition.value)

        return Domain(domain).map_conditions(translate) & Domain(
            [
                ("location_id.usage", "in", STOCK_USAGES),
                ("company_id", "!=", False),
            ]
        )
