# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from odoo.addons.jxc_stock.tools.catalog import Catalog
from odoo.addons.jxc_stock.tools.compound import normalize


class JxcImportPurchaseMixin(models.AbstractModel):
    """What purchase files have in common: vendors, products, units, currencies."""

    _name = "jxc.import.purchase.mixin"
    _description = "Import of purchase data"

    # -- check --------------------------------------------------------------------

    def _jxc_check_vendors(self, rows, session):
        refs = {row["vendor_ref"] for row in rows}
        found = session.find_all("res.partner", "ref", refs)
        coming = {row["ref"]: row for row in session.rows("partners")}
        for row in rows:
            ref = row["vendor_ref"]
            if ref not in found and ref not in coming:
                message = self.env._(
                    "no contact has the reference %(ref)s; add it to partners.csv",
                    ref=ref,
                )
            elif len(found.get(ref, ())) > 1:
                message = self.env._(
                    "several contacts carry the reference %(ref)s; it must be unique to"
                    " be a key",
                    ref=ref,
                )
            elif ref in coming and coming[ref]["kind"] == "customer":
                message = self.env._(
                    "%(ref)s is a customer in partners.csv, accepted are vendor and"
                    " both",
                    ref=ref,
                )
            else:
                continue
            session.problem(row, "vendor_ref", message)

    def _jxc_check_products(self, rows, session):
        catalog = Catalog.of(session)
        for row in rows:
            known = catalog.get(row["code"])
            if not known:
                session.problem(
                    row,
                    "code",
                    self.env._(
                        "no product has the code %(code)s; add it to products.csv",
                        code=row["code"],
                    ),
                )
            elif catalog.is_ambiguous(row["code"]):
                session.problem(
                    row,
                    "code",
                    self.env._(
                        "several products carry the code %(code)s; it must be unique"
                        " to be a key",
                        code=row["code"],
                    ),
                )
            elif known.factor(row["unit"]) is None:
                session.problem(
                    row,
                    "unit",
                    self.env._(
                        "%(unit)s is not one unit of %(code)s, accepted are: %(units)s",
                        unit=row["unit"],
                        code=row["code"],
                        units=", ".join(dict.fromkeys(known.names)),
                    ),
                )

    def _jxc_check_currencies(self, rows, session):
        codes = {row["currency"] for row in rows if row["currency"]}
        currencies = session.find("res.currency", "name", codes)
        for row in rows:
            code = row["currency"]
            if code and not currencies.get(code):
                message = self.env._(
                    '"%(code)s" is not a currency, write its ISO code like CNY',
                    code=code,
                )
            elif code and not currencies[code].active:
                message = self.env._(
                    "%(code)s is not active; activate it and enter its rates first",
                    code=code,
                )
            else:
                continue
            session.problem(row, "currency", message)

    # -- load ---------------------------------------------------------------------

    def _jxc_lookups(self, rows, session):
        """Vendors, products, units and currencies of rows, a few searches.

        :return: functions of a row that give its vendor, product, unit and currency
        """
        vendors = session.find(
            "res.partner", "ref", {row["vendor_ref"] for row in rows}
        )
        products = session.find(
            "product.product", "default_code", {row["code"] for row in rows}
        )
        currencies = session.find(
            "res.currency", "name", {row["currency"] for row in rows}
        )
        templates = self.env["product.template"].union(
            *(product.product_tmpl_id for product in products.values())
        )
        uom_map = self.env["jxc.product.unit"]._jxc_uom_map(templates)
        units = {
            (template, normalize(name)): uom
            for (template, name), uom in uom_map.items()
        }

        def unit_of(row):
            template = products[row["code"]].product_tmpl_id
            return units[template.id, normalize(row["unit"])]

        return (
            lambda row: vendors[row["vendor_ref"]],
            lambda row: products[row["code"]],
            unit_of,
            lambda row: currencies.get(row["currency"], session.company.currency_id),
        )
