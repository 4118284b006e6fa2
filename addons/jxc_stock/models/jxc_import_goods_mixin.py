# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

import pytz

from odoo import models

from ..tools.compound import number_text


class JxcImportGoodsMixin(models.AbstractModel):
    """What the files about stock have in common: warehouses, places, lots, goods."""

    _name = "jxc.import.goods.mixin"
    _description = "Import of goods in stock"

    def _jxc_warehouses(self, session):
        """{code: stock.warehouse} of the company of the import."""
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "=", session.company.id)]
        )
        return {warehouse.code: warehouse for warehouse in warehouses}

    def _jxc_find_products(self, rows, session):
        """{code: product.product} of rows that were checked, read as one batch."""
        found = session.find(
            "product.product", "default_code", (row["code"] for row in rows)
        )
        products = self.env["product.product"].union(*found.values())
        by_id = {product.id: product for product in products}
        return {code: by_id[product.id] for code, product in found.items()}

    def _jxc_check_warehouse(self, row, warehouses, session):
        if row["warehouse"] in warehouses:
            return True
        session.problem(
            row,
            "warehouse",
            self.env._(
                "there is no warehouse %(code)s in %(company)s, accepted are:"
                " %(codes)s",
                code=row["warehouse"],
                company=session.company.name,
                codes=", ".join(sorted(warehouses)),
            ),
        )
        return False

    def _jxc_check_code(self, row, catalog, session):
        """Whether the row's code means one product, of the database or the import."""
        code = row["code"]
        if catalog.is_ambiguous(code):
            message = self.env._(
                "several products carry the code %(code)s; it must be unique to be a"
                " key",
                code=code,
            )
        elif not catalog.get(code):
            message = self.env._(
                "no product has the code %(code)s; add it to products.csv", code=code
            )
        else:
            return True
        session.problem(row, "code", message)
        return False

    def _jxc_check_goods(self, row, catalog, session):
        """Whether the row's code means one product that is kept in stock."""
        if not self._jxc_check_code(row, catalog, session):
            return False
        if catalog.get(row["code"]).storable:
            return True
        message = self.env._("%(code)s is not kept in stock", code=row["code"])
        session.problem(row, "code", message)
        return False

    def _jxc_too_fine(self, quantity, digits):
        return self.env._(
            "%(quantity)s is too fine: quantities are kept with %(digits)s decimals",
            quantity=number_text(quantity),
            digits=digits,
        )

    # -- places -------------------------------------------------------------------

    def _jxc_check_location(self, row, session):
        if row["location"] and not all(self._jxc_path(row["location"])):
            session.problem(
                row,
                "location",
                self.env._(
                    '"%(text)s" has an empty part, write it like Hall 1/Shelf A',
                    text=row["location"],
                ),
            )

    def _jxc_path(self, text):
        return tuple(part.strip() for part in text.split("/"))

    def _jxc_locations(self, warehouses):
        """{(warehouse code, text): stock.location} of all ways to write them.

        A location is written with its full name, or from the warehouse's stock
        location on; that itself may be left out (None).
        """
        places = {}
        codes = {warehouse: code for code, warehouse in warehouses.items()}
        locations = self.env["stock.location"].search(
            [
                ("warehouse_id", "in", [warehouse.id for warehouse in codes]),
                ("usage", "=", "internal"),
            ]
        )
        for location in locations:
            code = codes[location.warehouse_id]
            places[code, location.complete_name] = location
        for code, warehouse in warehouses.items():
            stock = warehouse.lot_stock_id
            places[code, None] = stock
            prefix = f"{stock.complete_name}/"
            for location in locations:
                if location.complete_name.startswith(prefix):
                    short = location.complete_name.removeprefix(prefix)
                    places.setdefault((code, short), location)
        return places

    def _jxc_find_or_create_locations(self, rows, session):
        """{(warehouse code, text): stock.location}, new ones under the stock."""
        warehouses = self._jxc_warehouses(session)
        places = self._jxc_locations(warehouses)
        wanted = {(row["warehouse"], row["location"]) for row in rows}
        for code, text in sorted(wanted - set(places), key=str):
            # Warehouses have few places: made one level after the other.
            location = warehouses[code].lot_stock_id
            for name in self._jxc_path(text):
                child = location.child_ids.filtered(lambda c, name=name: c.name == name)
                location = child[:1] or location.sudo().create(
                    {
                        "name": name,
                        "location_id": location.id,
                        "usage": "internal",
                        "company_id": session.company.id,
                    }
                )
            places[code, text] = location
        return places

    # -- lots ---------------------------------------------------------------------

    def _jxc_lots(self, rows, products, session):
        """{(product id, lot name): stock.lot} of what is there."""
        lots = (
            self.env["stock.lot"]
            .sudo()
            .search(
                [
                    ("product_id", "in", products.ids),
                    ("name", "in", [row["lot"] for row in rows if row["lot"]]),
                    ("company_id", "in", [False, session.company.id]),
                ]
            )
        )
        return {(lot.product_id.id, lot.name): lot for lot in lots}

    def _jxc_find_or_create_lots(self, rows, products, session):
        """{(product id, lot name): stock.lot} of rows with a lot.

        :param products: {code: product.product}
        """
        all_products = self.env["product.product"].union(*products.values())
        lots = self._jxc_lots(rows, all_products, session)
        new = {}
        for row in rows:
            key = products[row["code"]].id, row["lot"]
            if not row["lot"] or key in lots or key in new:
                continue
            new[key] = {
                "product_id": key[0],
                "name": row["lot"],
                "company_id": session.company.id,
            }
            if row["expiry_date"]:
                new[key]["expiration_date"] = self._jxc_end_of_day(row["expiry_date"])
        created = self.env["stock.lot"].sudo().create(list(new.values()))
        return {**lots, **dict(zip(new, created, strict=True))}

    # -- days ---------------------------------------------------------------------

    def _jxc_end_of_day(self, date):
        """The last second of a day where the user is, as the platform stores it."""
        end = datetime.datetime.combine(date, datetime.time(23, 59, 59))
        local = pytz.timezone(str(self.env.tz)).localize(end)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _jxc_local_date(self, moment):
        """The user's day of a stored moment, None without one."""
        if not moment:
            return None
        return pytz.utc.localize(moment).astimezone(self.env.tz).date()
