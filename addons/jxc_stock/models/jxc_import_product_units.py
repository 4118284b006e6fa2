# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from odoo.addons.jxc_base.tools.importing import Column, changed_values

from ..tools.catalog import Catalog
from ..tools.compound import exact, normalize


class JxcImportProductUnits(models.AbstractModel):
    """product_units.csv: further units of products, by product code and unit name."""

    _name = "jxc.import.product_units"
    _inherit = ["jxc.import.handler", "jxc.import.goods.mixin"]
    _description = "Import of product_units.csv"

    _jxc_file = "product_units"
    _jxc_sequence = 30
    _jxc_key = ("code", "unit")
    _jxc_addon = "jxc_stock"

    def _jxc_columns(self):
        return [
            Column("code", required=True),
            Column("unit", required=True),
            Column("factor", type="float", required=True, above=0),
            Column("barcode"),
            Column("list_price", type="amount", minimum=0),
            Column("use", type="set", values=("purchase", "sale")),
        ]

    # -- check --------------------------------------------------------------------

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        catalog = Catalog.of(session)
        known = [row for row in rows if self._jxc_check_code(row, catalog, session)]
        for row in known:
            self._jxc_check_unit(row, catalog.get(row["code"]), session)
        self._jxc_check_templates(known, catalog, session)
        self._jxc_check_existing(known, catalog, session)
        self._jxc_check_barcodes(known, catalog, session)

    def _jxc_check_unit(self, row, known, session):
        Unit = self.env["jxc.product.unit"]
        if self._jxc_is_base(row, known):
            # Its own row in the file says nothing new, unless it carries more.
            for column in ("barcode", "list_price"):
                if row[column]:
                    session.problem(
                        row,
                        column,
                        self.env._("belongs into products.csv for the base unit"),
                    )
            return
        problem = Unit._jxc_name_problem(row["unit"], known.base)
        if problem:
            session.problem(row, "unit", problem)
        problem = Unit._jxc_factor_problem(row["factor"], Unit._jxc_digits())
        if problem:
            session.problem(row, "factor", problem)

    def _jxc_is_base(self, row, known):
        return row["factor"] == 1 and normalize(row["unit"]) == normalize(known.base)

    def _jxc_check_templates(self, rows, catalog, session):
        """Variants of one product share their units."""
        first = {}
        for row in rows:
            template = catalog.get(row["code"]).product.product_tmpl_id
            key = template.id or row["code"], normalize(row["unit"])
            other = first.setdefault(key, row)
            if other["factor"] != row["factor"]:
                session.problem(
                    row,
                    "factor",
                    self.env._(
                        "%(code)s in row %(row)s is a variant of the same product, its"
                        " %(unit)s holds %(factor)s",
                        code=other["code"],
                        row=other.number,
                        unit=other["unit"],
                        factor=other["factor"],
                    ),
                )

    def _jxc_check_existing(self, rows, catalog, session):
        """A unit in use keeps its content."""
        changed = {}
        for row in rows:
            template = catalog.get(row["code"]).product.product_tmpl_id
            units = self._jxc_same_name(template, row)
            if not units or self._jxc_match(template, row):
                continue
            if len(units) == 1:
                changed[row] = units
                continue
            session.problem(
                row,
                "unit",
                self.env._(
                    "the product has %(units)s; which one is meant?",
                    units=", ".join(units.mapped("display_name")),
                ),
            )
        Unit = self.env["jxc.product.unit"]
        if not Unit.union(*changed.values())._jxc_unit_usage():
            return
        for row, unit in changed.items():
            usages = unit._jxc_unit_usage()
            if usages:
                session.problem(
                    row,
                    "factor",
                    self.env._(
                        "%(unit)s is in use, its content cannot change: %(usages)s",
                        unit=unit.display_name,
                        usages="; ".join(usages),
                    ),
                )

    def _jxc_check_barcodes(self, rows, catalog, session):
        """A barcode means one unit of one product, everywhere."""
        rows = [row for row in rows if row["barcode"]]
        barcodes = [row["barcode"] for row in rows]
        # Unique in the whole database, so look at all companies' products.
        found = {
            product.barcode: product
            for product in self.env["product.product"]
            .sudo()
            .with_context(active_test=False)
            .search([("barcode", "in", barcodes)])
        }
        packages = (
            self.env["product.uom"].sudo().search([("barcode", "in", barcodes)])
        ).grouped("barcode")
        given = {row["barcode"]: row["code"] for row in session.rows("products")}
        first = {}
        for row in rows:
            barcode, known = row["barcode"], catalog.get(row["code"])
            owner = found.get(barcode)
            package = packages.get(barcode)
            own_unit = package and (
                package.product_id == known.product
                and package.uom_id
                in self._jxc_same_name(known.product.product_tmpl_id, row).uom_id
            )
            if owner or (package and not own_unit):
                taken_by = owner or package.product_id
                message = self.env._(
                    "%(barcode)s belongs to %(product)s already",
                    barcode=barcode,
                    product=taken_by.display_name,
                )
            elif barcode in given:
                message = self.env._(
                    "%(barcode)s belongs to %(product)s already",
                    barcode=barcode,
                    product=given[barcode],
                )
            elif first.setdefault(barcode, row.number) != row.number:
                message = self.env._(
                    "%(barcode)s is already in row %(row)s",
                    barcode=barcode,
                    row=first[barcode],
                )
            else:
                continue
            session.problem(row, "barcode", message)

    def _jxc_same_name(self, template, row):
        name = normalize(row["unit"])
        return template.jxc_unit_ids.filtered(lambda unit: normalize(unit.name) == name)

    def _jxc_match(self, template, row):
        """The unit a row is about: of this content, or the only one of this name."""
        units = self._jxc_same_name(template, row)
        same = units.filtered(lambda unit: exact(unit.factor) == exact(row["factor"]))
        return same[:1]

    # -- load ---------------------------------------------------------------------

    def _jxc_load(self, rows, session):
        super()._jxc_load(rows, session)
        for batch in session.batches(rows):
            products = self._jxc_find_products(batch, session)
            units, results = self._jxc_find_or_create(batch, products)
            self._jxc_update(batch, units, products, results)
            session.count(
                created=results.count("created"),
                updated=results.count("updated"),
                unchanged=results.count("unchanged"),
            )

    def _jxc_find_or_create(self, rows, products):
        """One unit a row (None for base units), and what happened to each row."""
        Unit = self.env["jxc.product.unit"]
        units, results, new = [], [], {}
        for row in rows:
            template = products[row["code"]].product_tmpl_id
            unit = self._jxc_match(template, row) or self._jxc_same_name(template, row)
            key = template.id, normalize(row["unit"])
            is_base = (
                not unit
                and row["factor"] == 1
                and normalize(template.uom_id.name) == normalize(row["unit"])
            )
            fresh = not unit and not is_base and key not in new
            if fresh:
                new[key] = {
                    "product_tmpl_id": template.id,
                    **self._jxc_prepare_values(row),
                }
            units.append(unit if unit or is_base else key)
            results.append("created" if fresh else "unchanged")
        created = dict(zip(new, Unit.create(list(new.values())), strict=True))
        return [created.get(unit, unit) for unit in units], results

    def _jxc_prepare_values(self, row):
        """Values of the columns that the file has."""
        values = {"name": row["unit"], "factor": row["factor"]}
        if row.has("list_price"):
            values["list_price"] = row["list_price"] or 0.0
        if row.has("use"):
            use = row["use"] or ()
            values.update(use_purchase="purchase" in use, use_sale="sale" in use)
        return values

    def _jxc_update(self, rows, units, products, results):
        """Write what differs, note it in the results."""
        barcodes = {}
        for position, (row, unit) in enumerate(zip(rows, units, strict=True)):
            if not unit:
                continue
            product, changes = products[row["code"]], {}
            if results[position] != "created":
                changes = changed_values(unit, self._jxc_prepare_values(row))
                # Another spelling of the name is the same unit.
                changes.pop("name", None)
            if row.has("barcode"):
                barcode = row["barcode"] or False
                if barcode != unit._jxc_barcode_of(product):
                    barcodes[unit, product] = barcode
            if changes:
                unit.write(changes)
            if results[position] == "unchanged" and (
                changes or (unit, product) in barcodes
            ):
                results[position] = "updated"
        self.env["jxc.product.unit"]._jxc_set_barcodes(barcodes)
