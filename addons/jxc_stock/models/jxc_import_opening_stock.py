# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from odoo import fields, models
from odoo.tools import float_compare

from odoo.addons.jxc_base.tools.importing import Column

from ..tools.catalog import Catalog
from ..tools.compound import exact, is_exact, normalize

# Files whose documents move stock: the opening stock was there before them.
DATED_FILES = ("purchase_orders", "sale_orders")


class JxcImportOpeningStock(models.AbstractModel):
    """opening_stock.csv: stock a company starts with, as inventory adjustments.

    Each row becomes one stock move that carries the row's key; a second import finds
    it and changes nothing. The value is pinned to the move: the platform would
    otherwise value it again and again at the current cost.
    """

    _name = "jxc.import.opening_stock"
    _inherit = ["jxc.import.handler", "jxc.import.goods.mixin"]
    _description = "Import of opening_stock.csv"

    _jxc_file = "opening_stock"
    _jxc_sequence = 60
    _jxc_key = ("warehouse", "location", "code", "lot")
    _jxc_addon = "jxc_stock"

    def _jxc_columns(self):
        return [
            Column("warehouse", required=True),
            Column("location"),
            Column("code", required=True),
            Column("lot"),
            Column("expiry_date", type="date"),
            Column("unit", required=True),
            Column("qty", type="qty", required=True, minimum=0),
            Column("unit_cost", type="amount", minimum=0),
        ]

    # -- check --------------------------------------------------------------------

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        catalog = Catalog.of(session)
        warehouses = self._jxc_warehouses(session)
        known = []
        for row in rows:
            self._jxc_check_location(row, session)
            right = self._jxc_check_warehouse(row, warehouses, session)
            if self._jxc_check_goods(row, catalog, session) and right:
                known.append(row)
                self._jxc_check_unit(row, catalog.get(row["code"]), session)
                self._jxc_check_lot(row, catalog.get(row["code"]), session)
        self._jxc_check_serials(known, catalog, session)
        self._jxc_check_existing(known, catalog, warehouses, session)

    def _jxc_check_unit(self, row, known, session):
        factor = known.factor(row["unit"])
        digits = self.env["jxc.product.unit"]._jxc_digits()
        if factor is None:
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
        elif not is_exact(exact(row["qty"]) * factor, digits):
            quantity = exact(row["qty"]) * factor
            session.problem(row, "qty", self._jxc_too_fine(quantity, digits))
        elif (
            known.tracking == "serial"
            and row["qty"]
            and exact(row["qty"]) * factor != 1
        ):
            session.problem(
                row,
                "qty",
                self.env._("a serial number is one %(unit)s", unit=known.base),
            )

    def _jxc_check_lot(self, row, known, session):
        if known.tracking != "none" and not row["lot"]:
            session.problem(
                row, "lot", self.env._("%(code)s is kept by lots", code=row["code"])
            )
        if known.tracking == "none" and row["lot"]:
            session.problem(
                row,
                "lot",
                self.env._(
                    "%(code)s is not kept by lots, leave it empty or set tracking in"
                    " products.csv",
                    code=row["code"],
                ),
            )
        if row["expiry_date"] and not known.expiry:
            session.problem(
                row,
                "expiry_date",
                self.env._(
                    "%(code)s has no expiry dates, set expiry in products.csv",
                    code=row["code"],
                ),
            )

    def _jxc_check_serials(self, rows, catalog, session):
        """A lot has one expiry date, a serial number one place."""
        first = {}
        for row in rows:
            if not row["lot"]:
                continue
            other = first.setdefault((row["code"], row["lot"]), row)
            if other is row:
                continue
            if catalog.get(row["code"]).tracking == "serial":
                session.problem(
                    row,
                    "lot",
                    self.env._(
                        "the serial number %(lot)s is already in row %(row)s",
                        lot=row["lot"],
                        row=other.number,
                    ),
                )
            elif other["expiry_date"] != row["expiry_date"]:
                session.problem(
                    row,
                    "expiry_date",
                    self.env._(
                        "the lot %(lot)s has another date in row %(row)s",
                        lot=row["lot"],
                        row=other.number,
                    ),
                )

    def _jxc_check_existing(self, rows, catalog, warehouses, session):
        """What is recorded already may not differ; other stock may not be there."""
        moves = self._jxc_moves(rows, session)
        values = self._jxc_pinned_values(moves.values())
        products = self.env["product.product"].union(
            *(catalog.get(row["code"]).product for row in rows)
        )
        stock = self._jxc_stock(products, warehouses)
        lots = self._jxc_lots(rows, products, session)
        locations = self._jxc_locations(warehouses)
        for row in rows:
            known = catalog.get(row["code"])
            move = moves.get(self._jxc_number(row))
            if move:
                self._jxc_check_recorded(row, known, move, values, session)
                continue
            location = locations.get((row["warehouse"], row["location"]))
            quantity = location and stock.get(
                (known.product.id, location.id, row["lot"])
            )
            if quantity:
                session.problem(
                    row,
                    None,
                    self.env._(
                        "there is stock already: %(quantity)s. Use a stock count to"
                        " correct it",
                        quantity=known.product.jxc_format_qty(quantity),
                    ),
                )
            lot = lots.get((known.product.id, row["lot"]))
            expiry = lot and self._jxc_local_date(lot.expiration_date)
            if expiry and row["expiry_date"] and expiry != row["expiry_date"]:
                session.problem(
                    row,
                    "expiry_date",
                    self.env._(
                        "the lot %(lot)s expires on %(date)s",
                        lot=lot.name,
                        date=expiry.isoformat(),
                    ),
                )

    def _jxc_check_recorded(self, row, known, move, values, session):
        factor = known.factor(row["unit"])
        quantity = exact(row["qty"]) * factor if factor is not None else None
        if quantity is not None and move.product_id.uom_id.compare(
            float(quantity), move.product_qty
        ):
            session.problem(
                row,
                "qty",
                self.env._(
                    "%(quantity)s were imported before. Use a stock count to correct"
                    " the stock",
                    quantity=move.product_id.jxc_format_qty(move.product_qty),
                ),
            )
        value = self._jxc_value(row, move.company_id)
        if value is not None and float_compare(
            value, values.get(move, value), precision_digits=6
        ):
            session.problem(
                row,
                "unit_cost",
                self.env._(
                    "a value of %(value)s was imported before. Adjust the value of the"
                    " stock move instead",
                    value=values[move],
                ),
            )

    # -- load ---------------------------------------------------------------------

    def _jxc_load(self, rows, session):
        super()._jxc_load(rows, session)
        date = self._jxc_opening_date(session)
        for batch in session.batches(rows):
            moves = self._jxc_moves(batch, session)
            new = [
                row
                for row in batch
                if row["qty"] and self._jxc_number(row) not in moves
            ]
            session.count(created=len(new), unchanged=len(batch) - len(new))
            if new:
                self._jxc_record(new, date, session)

    def _jxc_record(self, rows, date, session):
        """Make the inventory adjustments of rows that are new."""
        products = self._jxc_find_products(rows, session)
        places = self._jxc_find_or_create_locations(rows, session)
        lots = self._jxc_find_or_create_lots(rows, products, session)
        quantities = self._jxc_quantities(rows, products)
        lang = session.company._jxc_lang()
        name = session.user_env(context={**session.user_env.context, "lang": lang})._(
            "Opening stock"
        )
        move_values = []
        for row, quantity in zip(rows, quantities, strict=True):
            product = products[row["code"]]
            lot = lots.get((product.id, row["lot"]))
            location = places[row["warehouse"], row["location"]]
            quant = self._jxc_new_quant(product, location, lot, session)
            loss = product.with_company(session.company).property_stock_inventory
            values = quant._get_inventory_move_values(quantity, loss, location)
            values["inventory_name"] = name
            values["jxc_import_number"] = self._jxc_number(row)
            move_values.append(values)
            session.total("quantity", quantity)
        # Stock is moved by stock users; importing takes another right.
        moves = self.env["stock.move"].sudo().create(move_values)
        # Before the moves are done: entries are made with the value they have then.
        self._jxc_pin_values(rows, moves, date, session)
        moves.with_context(force_period_date=date.date())._action_done()
        moves.date = date
        self._jxc_quants(moves).in_date = date

    def _jxc_new_quant(self, product, location, lot, session):
        """A place in the stock, as the platform's own count starts from."""
        return (
            self.env["stock.quant"]
            .sudo()
            .new(
                {
                    "product_id": product.id,
                    "location_id": location.id,
                    "lot_id": lot.id if lot else False,
                    "company_id": session.company.id,
                }
            )
        )

    def _jxc_quantities(self, rows, products):
        """Quantities of the rows in base units, exact."""
        templates = self.env["product.template"].union(
            *(product.product_tmpl_id for product in products.values())
        )
        uoms = self._jxc_normalized_uoms(templates)
        quantities = []
        for row in rows:
            template = products[row["code"]].product_tmpl_id
            uom = uoms[template.id, normalize(row["unit"])]
            factor = exact(uom.factor) / exact(template.uom_id.factor)
            quantities.append(float(exact(row["qty"]) * factor))
        return quantities

    def _jxc_pin_values(self, rows, moves, date, session):
        pinned = []
        for row, move in zip(rows, moves, strict=True):
            value = self._jxc_value(row, session.company)
            if value is not None:
                session.total("value", value)
                pinned.append(
                    {
                        "move_id": move.id,
                        "value": value,
                        "date": date,
                        "company_id": session.company.id,
                        "description": move.inventory_name,
                    }
                )
        self.env["product.value"].sudo().create(pinned)

    def _jxc_quants(self, moves):
        """The stock that the moves have brought; there was none before."""
        lines = moves.move_line_ids
        return (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("product_id", "in", lines.product_id.ids),
                    ("location_id", "in", lines.location_dest_id.ids),
                    ("lot_id", "in", [False, *lines.lot_id.ids]),
                ]
            )
        )

    def _jxc_opening_date(self, session):
        """The evening before the first document of the import, else now."""
        dates = [
            row["date"]
            for file in DATED_FILES
            for row in session.rows(file)
            if row.get("date")
        ]
        if not dates:
            return fields.Datetime.now()
        return self._jxc_end_of_day(min(dates) - datetime.timedelta(days=1))

    # -- lookups ------------------------------------------------------------------

    def _jxc_number(self, row):
        """The key that marks the stock move of a row."""
        parts = (row[column] or "" for column in self._jxc_key)
        return " | ".join((self._jxc_file, *parts))

    def _jxc_moves(self, rows, session):
        """{key: stock.move} of rows that were imported before."""
        moves = (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("jxc_import_number", "in", [self._jxc_number(r) for r in rows]),
                    ("company_id", "=", session.company.id),
                    ("state", "=", "done"),
                ]
            )
        )
        return {move.jxc_import_number: move for move in moves}

    def _jxc_pinned_values(self, moves):
        """{stock.move: value it was imported with}."""
        pinned = (
            self.env["product.value"]
            .sudo()
            .search([("move_id", "in", [m.id for m in moves])], order="id desc")
        )
        return {value.move_id: value.value for value in pinned}

    def _jxc_value(self, row, company):
        """Value of a row in the company's currency, None when no cost is given."""
        if row["unit_cost"] is None:
            return None
        value = exact(row["qty"]) * exact(row["unit_cost"])
        return company.currency_id.round(float(value))

    def _jxc_stock(self, products, warehouses):
        """{(product id, location id, lot name or None): quantity on hand}."""
        groups = self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", products.ids),
                ("location_id.warehouse_id", "in", [w.id for w in warehouses.values()]),
            ],
            ["product_id", "location_id", "lot_id"],
            ["quantity:sum"],
        )
        return {
            (product.id, location.id, lot.name or None): quantity
            for product, location, lot, quantity in groups
            if not product.uom_id.is_zero(quantity)
        }

    def _jxc_normalized_uoms(self, templates):
        uom_map = self.env["jxc.product.unit"]._jxc_uom_map(templates)
        return {
            (template_id, normalize(name)): uom
            for (template_id, name), uom in uom_map.items()
        }
