# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Products and their units as they will be once an import is done.

While rows are checked, products and units may only be rows of the same import. The
catalog joins them with what is in the database, in a fixed number of searches.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from .compound import exact, normalize

CACHE_KEY = "jxc_stock.catalog"


@dataclass
class CatalogProduct:
    """One product by its code.

    :ivar product: product.product record, empty when the import makes it
    :ivar units: {normalized name: {factor, …}}, base unit included
    """

    code: str
    product: object
    base: str
    storable: bool
    tracking: str
    expiry: bool
    units: dict[str, set[Decimal]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def add_unit(self, name, factor):
        self.units.setdefault(normalize(name), set()).add(exact(factor))
        self.names.append(name)

    def factor(self, unit) -> Decimal | None:
        """Base units in one unit; None for a unit that is unknown or has several."""
        factors = self.units.get(normalize(unit), ())
        return next(iter(factors)) if len(factors) == 1 else None


class Catalog:
    """The products that the files of one import name.

    >>> catalog = Catalog.of(session)  # doctest: +SKIP
    >>> catalog.get("P001").factor("箱")  # doctest: +SKIP
    Decimal('24')
    """

    @classmethod
    def of(cls, session):
        """The catalog of an import, made once; only for checking its rows."""
        if CACHE_KEY not in session.cache:
            session.cache[CACHE_KEY] = cls(session)
        return session.cache[CACHE_KEY]

    def __init__(self, session):
        self.env = session.env
        self._rows = {row["code"]: row for row in session.rows("products")}
        self._units = {}
        for row in session.rows("product_units"):
            self._units.setdefault(row["code"], []).append(row)
        codes = {
            row.get("code") for file in session.files for row in session.rows(file)
        }
        self._found = session.find_all("product.product", "default_code", codes)
        # Together again, to be read in batches.
        products = self.env["product.product"].union(*self._found.values())
        self._by_id = {product.id: product for product in products}
        templates = products.product_tmpl_id
        self._names = (templates.uom_id | templates.uom_ids)._jxc_names()
        self._products = {
            code: self._make(code)
            for code in codes
            if code and (code in self._rows or code in self._found)
        }

    def get(self, code) -> CatalogProduct | None:
        """The product with this code, None when there will be none."""
        return self._products.get(code)

    def is_ambiguous(self, code) -> bool:
        """Whether several products in the database carry the code."""
        return len(self._found.get(code, ())) > 1

    def _make(self, code):
        found = self._found.get(code)
        product = self._by_id[found[0].id] if found else self.env["product.product"]
        row = self._rows.get(code)
        known = CatalogProduct(
            code=code,
            product=product,
            base=product.uom_id.name or (row and row["base_unit"]) or "",
            storable=product.is_storable,
            tracking=product.tracking or "none",
            expiry=product.use_expiration_date,
        )
        if row:
            known.storable = row.get("type", "goods") == "goods"
            if row.has("tracking"):
                known.tracking = row.get("tracking", "none")
            if row.has("expiry"):
                known.expiry = bool(row["expiry"])
        self._add_units(known, row)
        return known

    def _add_units(self, known, row):
        template = known.product.product_tmpl_id
        base_names = self._names.get(template.uom_id, ())
        for name in dict.fromkeys(
            filter(None, [*base_names, row and row["base_unit"]])
        ):
            known.add_unit(name, 1)
        given = [unit for unit in self._units.get(known.code, ()) if unit["unit"]]
        given_names = {normalize(unit["unit"]) for unit in given}
        for unit in template.jxc_unit_ids:
            known.add_unit(unit.display_name, unit.factor)
            if normalize(unit.name) not in given_names:
                known.add_unit(unit.name, unit.factor)
        for uom in template.uom_ids - template.jxc_unit_ids.uom_id:
            factor = exact(uom.factor) / exact(template.uom_id.factor)
            known.add_unit(uom.name, factor)
        for unit in given:
            if unit["factor"]:
                known.add_unit(unit["unit"], unit["factor"])
