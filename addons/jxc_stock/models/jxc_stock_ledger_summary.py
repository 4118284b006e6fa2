# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, float_round

from ..tools.period import period_bounds
from ..tools.stock_flow import PERIOD_SUMS, Flow
from .jxc_stock_ledger import NET, NET_KEY, STOCK_USAGES

GROUPS = {
    "product": None,
    "warehouse": "warehouse_id",
    "location": "location_id",
    "lot": "lot_id",
}
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
QUANTITIES = ("opening_qty", "in_qty", "out_qty", "closing_qty")
VALUES = ("opening_value", "in_value", "out_value", "closing_value", "adjust_value")


class JxcStockLedger(models.Model):
    _inherit = "jxc.stock.ledger"

    @api.model
    def summary(self, date_from, date_to, groupby="product", domain=None):
        """收发存汇总: what was there, came, left and is there, per product and group.

        Read from the stock of now backwards, so that the closing quantity of today is
        the quantity on hand, and old history costs nothing. Days are those of the
        user's time zone; a move counts on the day of its date. Transfers inside a group
        count neither as in nor as out. Quantities are in the product's unit and include
        goods of other owners; values do not. Only storable goods have rows.

        Values (only for who may see costs) follow the platform: receipts and issues
        as stored on the moves, the closing value of now is own quantity × cost.
        ``opening + in − out = closing`` holds for values too: what changed a value
        without a move (a new cost, a bill that differs from its receipt after goods
        were sold, rounding) is part of ``in_value`` when it added value and of
        ``out_value`` when it took some, and told apart as ``adjust_value`` (signed).
        A group that is only part of a company's stock of a product has its share by
        quantity; transfers between groups count at the average cost of the period.

        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day, date or "YYYY-MM-DD"
        :param groupby: "product", "warehouse", "location" or "lot", or a list of them;
            the product and its company are always part of it
        :param domain: on product_id, categ_id, company_id, warehouse_id, location_id,
            lot_id and owner_id, also by path ("product_id.default_code")
        :return: list of dicts with product_id, product, default_code, categ_id, uom_id,
            uom, company_id, currency_id, the ids grouped by and their names (False
            when there is none, as the warehouse of goods on the way) and opening_,
            in_, out_ and closing_qty, and for who may see costs opening_, in_, out_,
            closing_ and adjust_value; sorted by product, groups of nothing but zeros
            left out
        :raise AccessError: without an inventory role
        :raise UserError: for dates, groups or a domain that make no sense
        """
        self._check_reader()
        return self._get_rows(date_from, date_to, groupby, domain, self._sees_values())

    @api.model
    def _get_rows(self, date_from, date_to, groupby, domain, valued):
        """Rows of :meth:`summary`, with values or without."""
        bounds = period_bounds(*self._check_period(date_from, date_to), self.env.tz)
        names = self._check_groupby(groupby)
        domain = self._check_domain(domain)
        flows = self._get_flows(bounds, names, domain, valued)
        products = self._get_products(flows)
        flows = {key: flow for key, flow in flows.items() if key[0] in products}
        values = {}
        if valued:
            wholes = self._get_wholes(flows, bounds, domain)
            values = self.sudo()._get_values(flows, wholes, products, bounds)
        rows = [
            row
            for row in self._prepare_summary_rows(flows, names, products, values)
            if any(row[name] for name in QUANTITIES)
            or any(row.get(name) for name in VALUES)
        ]
        return sorted(
            rows,
            key=lambda row: (
                row["company_id"],
                row["default_code"] or "",
                row["product"],
                row["product_id"],
                *(row[name] or 0 for name in names),
            ),
        )

    @api.model
    def _check_groupby(self, groupby):
        """Names of the fields to group by beside product and company."""
        given = groupby or []
        if not isinstance(given, list | tuple):
            given = [given]
        names = []
        for name in given:
            short = name.removesuffix("_id") if isinstance(name, str) else None
            if short not in GROUPS:
                raise UserError(
                    self.env._(
                        "The stock ledger cannot group by “%(group)s”. It can by"
                        " %(groups)s.",
                        group=name,
                        groups=", ".join(GROUPS),
                    )
                )
            if GROUPS[short] and GROUPS[short] not in names:
                names.append(GROUPS[short])
        return names

    @api.model
    def _check_domain(self, domain):
        """The domain, when it asks only about what stock of now has too."""
        domain = Domain(domain or [])
        for condition in domain.iter_conditions():
            if condition.field_expr.split(".")[0] not in DOMAIN_FIELDS:
                raise UserError(
                    self.env._(
                        "The stock ledger cannot be limited by “%(field)s”. It can by"
                        " %(fields)s.",
                        field=condition.field_expr,
                        fields=", ".join(DOMAIN_FIELDS),
                    )
                )
        return domain

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

    # Quantities -------------------------------------------------------------------

    @api.model
    def _get_flows(self, bounds, names, domain, valued):
        """{(product id, company id, *ids of the groups): Flow}"""
        flows = defaultdict(Flow)
        for *key, quantity, valued in self._query_on_hand(names, domain):
            flow = flows[tuple(key)]
            flow.closing += float(quantity)
            flow.closing_valued += float(valued)
        for *key, quantity, valued in self._query_net(names, domain, bounds[1]):
            flow = flows[tuple(key)]
            flow.closing -= float(quantity)
            flow.closing_valued -= float(valued)
        for row in self._query_period(names, domain, bounds, valued):
            key, sums = row[: -len(PERIOD_SUMS)], row[-len(PERIOD_SUMS) :]
            for name, total in zip(PERIOD_SUMS, sums, strict=True):
                setattr(flows[key], name, float(total or 0))
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
            query.select(*keys, SQL("SUM(%s)", quantity), valued)
        )

    @api.model
    def _query_net(self, names, domain, since):
        """What came and left since a moment, as one signed sum a group."""
        net = self.with_context(**{NET_KEY: (NET, since)})
        query, columns = net._query_legs(domain)
        keys = [columns[name] for name in ("product_id", "company_id", *names)]
        query.groupby = SQL(", ").join(keys)
        return self.env.execute_query(
            query.select(
                *keys,
                SQL("SUM(%s)", columns["quantity"]),
                SQL("SUM(%s)", columns["valued_quantity"]),
            )
        )

    @api.model
    def _query_period(self, names, domain, bounds, valued):
        """In and out of each group; both ends of a transfer inside it cancel out."""
        in_period = Domain("date", ">=", bounds[0]) & Domain("date", "<", bounds[1])
        query, columns = self._query_legs(domain & in_period)
        legs = query.select(*columns.values())
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

    # Rows -------------------------------------------------------------------------

    @api.model
    def _get_products(self, flows):
        """{product id: product.product}, the storable ones that the user may see."""
        products = (
            self.env["product.product"]
            .with_context(active_test=False)
            .search_fetch(
                [("id", "in", list({key[0] for key in flows}))],
                ["default_code", "product_tmpl_id"],
            )
        )
        names = ["name", "categ_id", "uom_id", "is_storable", "lot_valuated"]
        products.product_tmpl_id.fetch([*names, "company_id"])
        return {
            product.id: product
            for product in products
            if product.product_tmpl_id.is_storable
        }

    @api.model
    def _get_product_names(self, products):
        """{product id: its name}; that of a plain product needs no long way."""
        goods = self.env["product.product"].browse(products)
        variants = goods.filtered("product_template_attribute_value_ids")
        return {
            **{
                product.id: product.product_tmpl_id.name for product in goods - variants
            },
            **{
                product.id: product.display_name
                for product in variants.with_context(display_default_code=False)
            },
        }

    @api.model
    def _get_group_names(self, name, ids):
        """{id: display name} of warehouses, locations or lots."""
        records = self.env[self._fields[name].comodel_name].browse(filter(None, ids))
        return {record.id: record.display_name for record in records}

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
            for name in Flow.__slots__:
                setattr(whole, name, getattr(whole, name) + getattr(flow, name))
        return wholes

    @api.model
    def _prepare_summary_rows(self, flows, names, products, values):
        """The rows, whatever their number, by a few reads."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        labels = self._get_product_names(products)
        groups = {
            name: self._get_group_names(name, {key[2 + at] for key in flows})
            for at, name in enumerate(names)
        }
        companies = {company_id for _product, company_id, *_group in flows}
        currencies = {
            company.id: company.currency_id.id
            for company in self.env["res.company"].browse(companies).sudo()
        }
        rows = []
        for key, flow in flows.items():
            product = products[key[0]]
            template = product.product_tmpl_id
            row = {
                "product_id": product.id,
                "product": labels[product.id],
                "default_code": product.default_code or False,
                "categ_id": template.categ_id.id,
                "uom_id": template.uom_id.id,
                "uom": template.uom_id.name,
                "company_id": key[1],
                "currency_id": currencies[key[1]],
                **{name: key[2 + at] or False for at, name in enumerate(names)},
                **{
                    name.removesuffix("_id"): groups[name].get(key[2 + at], False)
                    for at, name in enumerate(names)
                },
            }
            for name in ("opening", "in", "out", "closing"):
                amount = getattr(flow, FLOW_NAMES[name])
                row[f"{name}_qty"] = float_round(amount, precision_digits=digits) + 0.0
            rows.append({**row, **values.get(key, {})})
        return rows


FLOW_NAMES = {
    "opening": "opening",
    "in": "incoming",
    "out": "outgoing",
    "closing": "closing",
}
