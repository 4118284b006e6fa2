# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from odoo.addons.jxc_base.tools.importing import Column, changed_values

from ..tools.catalog import Catalog
from ..tools.compound import is_exact


class JxcImportReorderRules(models.AbstractModel):
    """reorder_rules.csv: minimum and maximum stock, in base units."""

    _name = "jxc.import.reorder_rules"
    _inherit = ["jxc.import.handler", "jxc.import.goods.mixin"]
    _description = "Import of reorder_rules.csv"

    _jxc_file = "reorder_rules"
    _jxc_sequence = 50
    _jxc_key = ("warehouse", "code")
    _jxc_addon = "jxc_stock"

    def _jxc_columns(self):
        return [
            Column("warehouse", required=True),
            Column("code", required=True),
            Column("min_qty", type="qty", required=True, minimum=0),
            Column("max_qty", type="qty", required=True, minimum=0),
        ]

    # -- check --------------------------------------------------------------------

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        catalog = Catalog.of(session)
        warehouses = self._jxc_warehouses(session)
        for row in rows:
            self._jxc_check_warehouse(row, warehouses, session)
            self._jxc_check_goods(row, catalog, session)
            self._jxc_check_quantities(row, session)

    def _jxc_check_quantities(self, row, session):
        digits = self.env["jxc.product.unit"]._jxc_digits()
        for column in ("min_qty", "max_qty"):
            if not is_exact(row[column], digits):
                session.problem(row, column, self._jxc_too_fine(row[column], digits))
        if row["max_qty"] < row["min_qty"]:
            session.problem(
                row,
                "max_qty",
                self.env._(
                    "%(most)s is less than the minimum %(least)s",
                    most=row["max_qty"],
                    least=row["min_qty"],
                ),
            )

    # -- load ---------------------------------------------------------------------

    def _jxc_load(self, rows, session):
        super()._jxc_load(rows, session)
        warehouses = self._jxc_warehouses(session)
        for batch in session.batches(rows):
            products = self._jxc_find_products(batch, session)
            # Rules are set up by stock managers; importing takes another right.
            rules = self.env["stock.warehouse.orderpoint"].sudo()
            found = {
                (rule.location_id, rule.product_id): rule
                for rule in rules.with_context(active_test=False).search(
                    [
                        ("product_id", "in", [p.id for p in products.values()]),
                        ("location_id", "in", warehouses_stock(warehouses).ids),
                    ]
                )
            }
            new, updated = [], 0
            for row in batch:
                location = warehouses[row["warehouse"]].lot_stock_id
                product = products[row["code"]]
                values = {
                    "product_min_qty": row["min_qty"],
                    "product_max_qty": row["max_qty"],
                }
                rule = found.get((location, product))
                if not rule:
                    new.append(self._jxc_prepare_rule(row, product, warehouses, values))
                elif changes := changed_values(rule, values):
                    rule.write(changes)
                    updated += 1
            rules.create(new)
            session.count(
                created=len(new),
                updated=updated,
                unchanged=len(batch) - len(new) - updated,
            )

    def _jxc_prepare_rule(self, row, product, warehouses, values):
        warehouse = warehouses[row["warehouse"]]
        return {
            **values,
            "product_id": product.id,
            "warehouse_id": warehouse.id,
            "location_id": warehouse.lot_stock_id.id,
            "company_id": warehouse.company_id.id,
            # Levels to watch, not an order to buy at once: a person starts that.
            "trigger": "manual",
        }


def warehouses_stock(warehouses):
    """Stock locations of {code: stock.warehouse}."""
    records = list(warehouses.values())
    return records[0].union(*records).lot_stock_id if records else []
