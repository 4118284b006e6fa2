# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

from ..tools.importing import Column, changed_values

TYPES = {"goods": "consu", "service": "service"}
# What a column needs the platform to have, and the addon of ours that brings it.
STOCK_FIELDS = {"tracking": "tracking", "expiry": "use_expiration_date"}


class JxcImportProducts(models.AbstractModel):
    """products.csv: goods and services, by their internal reference."""

    _name = "jxc.import.products"
    _inherit = ["jxc.import.handler"]
    _description = "Import of products.csv"

    _jxc_file = "products"
    _jxc_sequence = 20
    _jxc_key = ("code",)

    def _jxc_columns(self):
        return [
            Column("code", required=True),
            Column("name", required=True),
            Column("category"),
            Column("base_unit", required=True),
            Column("type", type="selection", values=tuple(TYPES)),
            Column("tracking", type="selection", values=("none", "lot", "serial")),
            Column("expiry", type="bool"),
            Column("cost", type="amount", minimum=0),
            Column("list_price", type="amount", minimum=0),
            Column("barcode"),
            Column("active", type="bool"),
        ]

    # -- check --------------------------------------------------------------------

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        products = session.find_all(
            "product.product", "default_code", (row["code"] for row in rows)
        )
        units = self.env["uom.uom"]._jxc_find_units(row["base_unit"] for row in rows)
        for row in rows:
            self._jxc_check_kind(row, session)
            self._jxc_check_category(row, session)
            found = products.get(row["code"])
            if found:
                self._jxc_check_existing(row, found, units, session)
        self._jxc_check_barcodes(rows, session)

    def _jxc_check_kind(self, row, session):
        """Services have no lots; an expiry date belongs to a lot."""
        for column, field in STOCK_FIELDS.items():
            value = row[column]
            wanted = value and value != "none"
            if wanted and field not in self.env["product.template"]._fields:
                session.problem(
                    row,
                    column,
                    self.env._(
                        "needs the addon %(addon)s, which is not installed",
                        addon="jxc_stock",
                    ),
                )
        tracked = row.get("tracking", "none") != "none"
        if tracked and row["type"] == "service":
            session.problem(
                row, "tracking", self.env._("a service has no lots, accepted is: none")
            )
        if row["expiry"] and not tracked:
            session.problem(
                row,
                "expiry",
                self.env._(
                    "expiry dates belong to lots, set tracking to lot or serial"
                ),
            )

    def _jxc_check_category(self, row, session):
        if row["category"] and not all(self._jxc_path(row["category"])):
            session.problem(
                row,
                "category",
                self.env._(
                    '"%(text)s" has an empty part, write it like Food / Cheese',
                    text=row["category"],
                ),
            )

    def _jxc_check_existing(self, row, products, units, session):
        if len(products) > 1:
            session.problem(
                row,
                "code",
                self.env._(
                    "%(count)s products carry the code %(code)s already; it must be"
                    " unique to be a key",
                    count=len(products),
                    code=row["code"],
                ),
            )
        elif products.uom_id != units.get(row["base_unit"]):
            session.problem(
                row,
                "base_unit",
                self.env._(
                    "the product is kept in %(unit)s; quantities on record are in it,"
                    " so an import does not change it",
                    unit=products.uom_id.name,
                ),
            )

    def _jxc_check_barcodes(self, rows, session):
        first = {}
        found = session.find_all(
            "product.product", "barcode", (row["barcode"] for row in rows)
        )
        for row in rows:
            barcode = row["barcode"]
            if not barcode:
                continue
            owners = set(
                found.get(barcode, self.env["product.product"]).mapped("default_code")
            )
            if owners - {row["code"]}:
                session.problem(
                    row,
                    "barcode",
                    self.env._(
                        "%(barcode)s belongs to %(product)s already",
                        barcode=barcode,
                        product=found[barcode][0].display_name,
                    ),
                )
            elif first.setdefault(barcode, row.number) != row.number:
                session.problem(
                    row,
                    "barcode",
                    self.env._(
                        "%(barcode)s is already in row %(row)s",
                        barcode=barcode,
                        row=first[barcode],
                    ),
                )

    # -- load ---------------------------------------------------------------------

    def _jxc_load(self, rows, session):
        super()._jxc_load(rows, session)
        units = self.env["uom.uom"]._jxc_find_or_create_base(
            row["base_unit"] for row in rows
        )
        categories = self._jxc_find_or_create_categories(rows)
        for batch in session.batches(rows):
            products = session.find(
                "product.product", "default_code", (row["code"] for row in batch)
            )
            new = [row for row in batch if row["code"] not in products]
            old = [row for row in batch if row["code"] in products]
            self._jxc_create(new, units, categories, session)
            updated = 0
            for row in old:
                product = products[row["code"]]
                updated += self._jxc_update(row, product, categories, session)
            session.count(
                created=len(new), updated=updated, unchanged=len(old) - updated
            )

    def _jxc_create(self, rows, units, categories, session):
        # Variants are created, not templates: the template would be written again
        # for every code, barcode and cost.
        products = self.env["product.product"].create(
            [
                {
                    **self._jxc_prepare_values(row, categories),
                    "default_code": row["code"],
                    "uom_id": units[row["base_unit"]].id,
                    "company_id": session.company.id,
                    # only with a cost: not everybody may write one
                    **({"standard_price": row["cost"]} if row["cost"] else {}),
                    "jxc_import_cost": row["cost"] or 0.0,
                }
                for row in rows
            ]
        )
        self._jxc_forget_revaluations(products)
        archived = [
            product.id
            for row, product in zip(rows, products, strict=True)
            if row["active"] is False
        ]
        products.browse(archived).action_archive()

    def _jxc_forget_revaluations(self, products):
        """Make the cost of new products a start, not a revaluation of today.

        The valuation notes the cost of a new product as set by hand now, and at average
        cost and FIFO that outdoes all receipts of the past that are imported next.
        """
        if "product.value" in self.env:
            moving = products.filtered(lambda p: p.cost_method != "standard")
            values = self.env["product.value"].sudo()
            values.search([("product_id", "in", moving.ids)]).unlink()

    def _jxc_prepare_values(self, row, categories):
        """Values of the columns the file has, but for cost and active."""
        values = {"name": row["name"]}
        if row["category"]:
            values["categ_id"] = categories[self._jxc_path(row["category"])].id
        if row.has("list_price"):
            values["list_price"] = row["list_price"] or 0.0
        if row.has("barcode"):
            values["barcode"] = row["barcode"] or False
        return {**values, **self._jxc_prepare_kind(row)}

    def _jxc_prepare_kind(self, row):
        values = {"type": TYPES[row.get("type", "goods")]}
        known = self.env["product.template"]._fields
        if "is_storable" in known:
            values["is_storable"] = values["type"] == "consu"
        if "tracking" in known and row.has("tracking"):
            values["tracking"] = row.get("tracking", "none")
        if "use_expiration_date" in known and row.has("expiry"):
            values["use_expiration_date"] = bool(row["expiry"])
        return values

    def _jxc_update(self, row, product, categories, session):
        """Write what differs; tell whether anything did."""
        values = changed_values(product, self._jxc_prepare_values(row, categories))
        if row["cost"] is not None:
            # Receipts move the cost on; only another imported cost changes it.
            cost = {"jxc_import_cost": row["cost"]}
            if changed_values(product.sudo(), cost):
                values.update(cost, standard_price=row["cost"])
        activity = row["active"] is not None and row["active"] != product.active
        try:
            self._jxc_write(product, values)
            if activity and row["active"]:
                product.action_unarchive()
            elif activity:
                product.action_archive()
        except UserError as error:
            session.problem(row, None, error.args[0])
        return bool(values or activity)

    def _jxc_write(self, product, values):
        if not values:
            return
        product.write(values)
        if "name" in values:
            # A new name is the name in all languages until somebody translates it.
            for language, _label in self.env["res.lang"].get_installed():
                product.with_context(lang=language).name = values["name"]

    # -- categories ---------------------------------------------------------------

    def _jxc_path(self, text):
        return tuple(part.strip() for part in text.split("/"))

    def _jxc_find_or_create_categories(self, rows):
        """{path: category}, made level by level: a search and a create for each."""
        paths = {self._jxc_path(row["category"]) for row in rows if row["category"]}
        Category = self.env["product.category"]
        categories = {(): Category}
        for depth in range(1, max(map(len, paths), default=0) + 1):
            level = sorted({path[:depth] for path in paths if len(path) >= depth})
            parents = [categories[path[:-1]].id for path in level]
            found = Category.search(
                [
                    ("parent_id", "in", list(set(parents))),
                    ("name", "in", [path[-1] for path in level]),
                ]
            )
            known = {(c.parent_id.id, c.name): c for c in reversed(found)}
            keys = {path: (categories[path[:-1]].id, path[-1]) for path in level}
            new = [path for path in level if keys[path] not in known]
            created = Category.create(
                [{"parent_id": keys[path][0], "name": path[-1]} for path in new]
            )
            categories.update(zip(new, created, strict=True))
            categories.update(
                (path, known[key]) for path, key in keys.items() if key in known
            )
        return categories
