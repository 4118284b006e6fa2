# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io
from datetime import datetime

import pytz
import xlsxwriter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.jxc_base.tools.importing import (
    BadCell,
    Column,
    ImportRefused,
    Problem,
    read_upload,
)

from .jxc_stock_count_entry import NAMES

_lt = LazyTranslate(__name__)

# Columns of the workbook and their titles, in the language of who exports it.
TITLES = {
    "location": _lt("Location"),
    "code": _lt("Internal Reference"),
    "product": _lt("Product"),
    "lot": _lt("Lot"),
    "package": _lt("Package"),
    "unit": _lt("Base Unit"),
    "qty": _lt("Counted"),
    "counted_at": _lt("Counted at"),
    "aux": _lt("Counted (Auxiliary)"),
    "owner": _lt("Owner"),
}
REQUIRED = ("code", "qty")


class JxcStockCountSheet(models.Model):
    """Counting in a workbook: export the list, fill it in, upload it."""

    _inherit = "jxc.stock.count.sheet"

    def action_export(self):
        """Make a workbook of what is to be counted and return its download."""
        self.ensure_one()
        self.check_access("read")
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.count_id.name.replace('/', '-')}-{self.number}.xlsx",
                "raw": self._export_workbook(),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def action_open_upload(self):
        """Ask for the workbook that was filled in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Upload Counted Quantities"),
            "res_model": "jxc.stock.count.upload",
            "view_mode": "form",
            "target": "new",
            "context": {"default_sheet_id": self.id},
        }

    def _export_workbook(self):
        """Return the bytes of an .xlsx with a row for each line, without quantities."""
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content, {"in_memory": True})
        page = book.add_worksheet("count")
        bold = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@"})
        for column, (name, title) in enumerate(TITLES.items()):
            page.write_string(0, column, self.env._(title), bold)
            page.set_column(
                column, column, 30 if name in ("location", "product") else 16
            )
        page.set_column(6, 8, 16, text)
        page.freeze_panes(1, 0)
        lines = self.count_id.line_ids.filtered(lambda line: line.state == "open")
        for row, line in enumerate(lines, start=1):
            product = line.product_id
            cells = (
                line.location_id.complete_name,
                product.default_code or product.barcode or "",
                product.name,
                line.sudo().lot_id.name or "",
                line.package_id.name or "",
                product.uom_id.name,
            )
            for column, cell in enumerate(cells):
                page.write_string(row, column, cell)
            page.write_string(row, 9, line.sudo().owner_id.display_name or "")
        book.close()
        return content.getvalue()

    def _upload(self, filename, content):
        """Enter what a workbook holds: all rows, or none and all their problems.

        :param content: bytes of the file
        :return: the entries
        :raise ImportRefused: listing every problem; nothing was entered
        """
        self.ensure_one()
        self._check_may_enter()
        tables, problems = read_upload(filename, content)
        rows = []
        for table in tables:
            rows += self._read_table(table, problems)
        vals_list = self._resolve_rows(rows, problems)
        if not rows and not problems:
            self._report(problems, "count", None, None, self.env._("holds no data"))
        self._refuse(problems)
        return self.env["jxc.stock.count.entry"].create(vals_list)

    def _refuse(self, problems):
        if not problems:
            return
        problems = [
            Problem(p.file, p.row, p.column, self._text(p.message)) for p in problems
        ]
        hidden = len(problems) - ImportRefused.SHOWN
        raise ImportRefused(
            self.env._(
                "Nothing was entered: %(count)s problems to correct.",
                count=len(problems),
            ),
            problems,
            self.env._("… and %(count)s more", count=hidden) if hidden > 0 else "",
        )

    def _text(self, message):
        return message if isinstance(message, str) else self.env._(message)

    def _report(self, problems, file, row, column, message):
        problems.append(Problem(file, row, column, message))

    # -- reading --------------------------------------------------------------------

    def _read_table(self, table, problems):
        """Return [(file, row number, {column: value})] of rows with a quantity."""
        names = self._column_names(table, problems)
        if names is None:
            return []
        columns = {name: Column(name) for name in TITLES}
        columns["aux"] = Column("aux", type="qty", minimum=0)
        rows = []
        for number, cells in table.rows:
            values, bad = {}, False
            for title, name in names.items():
                try:
                    values[name] = columns[name].parse(cells.get(title, ""))
                except BadCell as error:
                    bad = True
                    message = self.env._(error.text)
                    self._report(problems, table.file, number, title, message)
            # Rows that are left empty have not been counted.
            if not bad and values.get("qty") is not None:
                rows.append((table.file, number, values))
        return rows

    def _column_names(self, table, problems):
        """Return {title in the file: column}, None when the header is not usable."""
        known = {name: name for name in TITLES}
        known.update({self.env._(title): name for name, title in TITLES.items()})
        names = {title: known.get(title) for title in table.columns}
        bad = [title for title, name in names.items() if name is None]
        for title in bad:
            message = self.env._(
                "is not a column of this file, accepted are: %(columns)s",
                columns=", ".join(self.env._(title) for title in TITLES.values()),
            )
            self._report(problems, table.file, 1, title, message)
        missing = [name for name in REQUIRED if name not in names.values()]
        for name in missing:
            message = self.env._("the column is required and missing")
            self._report(problems, table.file, 1, self.env._(TITLES[name]), message)
        return None if bad or missing else names

    # -- resolving ------------------------------------------------------------------

    def _resolve_rows(self, rows, problems):
        """Return values of entries; what is wrong goes to ``problems``."""
        products = self._products_by_code({row[2]["code"] for row in rows})
        places = self._places_by_name()
        lots = self._lots_by_name(products, {row[2].get("lot") for row in rows})
        packages = self._packages_by_name({row[2].get("package") for row in rows})
        owners = self._owners_by_name({row[2].get("owner") for row in rows})
        lines = self.sudo().count_id.line_ids
        # Stock from before the goods were kept by lots may be counted without one.
        unnamed = {
            (line.product_id.id, line.location_id.id)
            for line in lines.filtered(lambda line: not line.lot_id)
        }
        vals_list, reports = [], []
        for file, number, row in rows:
            found = len(problems)

            def report(column, message, file=file, number=number):
                title = self.env._(TITLES[column])
                self._report(problems, file, number, title, message)

            product = products.get(row["code"])
            if not product:
                report("code", self.env._("no one product has this code or barcode"))
            place = places.get(row.get("location")) or self.location_id
            if not place or row.get("location") and row["location"] not in places:
                report("location", self.env._("is no location of this count"))
            lot = lots.get((product, row.get("lot"))) if product else None
            if row.get("lot") and product and not lot:
                report("lot", self.env._("the product has no such lot"))
            elif (
                product
                and product.tracking != "none"
                and not lot
                and (product.id, place.id) not in unnamed
            ):
                report("lot", self.env._("the product is kept by lots"))
            package = packages.get(row.get("package"))
            if row.get("package") and not package:
                report("package", self.env._("there is no such package"))
            owner = owners.get(row.get("owner"))
            if row.get("owner") and not owner:
                report("owner", self.env._("there is no one owner of this name"))
            vals = {
                "sheet_id": self.id,
                "product_id": product and product.id,
                "location_id": place.id,
                "lot_id": lot and lot.id,
                "package_id": package and package.id,
                "owner_id": owner and owner.id,
                "quantity_text": row["qty"],
                "aux_quantity": row.get("aux") or 0.0,
            }
            if product and not package and "owner" not in row:
                self._fill_package_and_owner(product, place, lot, vals, report)
            self._check_quantity(product, vals, report)
            vals["counted_at"] = self._row_moment(row, report)
            if len(problems) == found:
                vals_list.append(vals)
                reports.append(report)
        self._check_keys(vals_list, reports)
        return vals_list

    def _fill_package_and_owner(self, product, place, lot, vals, report):
        """A workbook without a column for owners says no more than a barcode does."""
        lot = lot or self.env["stock.lot"]
        try:
            vals.update(self._find_package_and_owner(product, place, lot))
        except UserError as error:
            report("code", error.args[0])

    def _check_quantity(self, product, vals, report):
        if not product:
            return
        try:
            self._read_quantity(product, vals)
        except UserError as error:
            report("qty", error.args[0])

    def _check_keys(self, vals_list, reports):
        """Find what would refuse the entries, all at once."""
        count = self.sudo().count_id
        keys = [tuple(vals.get(name) or False for name in NAMES) for vals in vals_list]
        outside = count._outside_scope(keys)
        lines = count._find_lines(keys)
        for key, report in zip(keys, reports, strict=True):
            if key in outside:
                report("code", outside[key])
            elif key in lines and lines[key].state != "open":
                report("code", self.env._("has been counted and settled"))

    def _row_moment(self, row, report):
        text = row.get("counted_at")
        if not text:
            return False
        for pattern in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"):
            try:
                local = datetime.strptime(text, pattern)
            except ValueError:
                continue
            try:
                moment = pytz.timezone(str(self.env.tz)).localize(local)
                moment = moment.astimezone(pytz.utc).replace(tzinfo=None)
            except OverflowError:  # the first or last day of the calendar
                moment = local
            if self.sudo().count_id.started_at <= moment <= fields.Datetime.now():
                return moment
            report(
                "counted_at",
                self.env._("is not between the start of the count and now"),
            )
            return False
        report("counted_at", self.env._("is no moment, write it like 2026-03-31 14:05"))
        return False

    def _products_by_code(self, codes):
        """Return {code: product} of codes that mean one product."""
        found = {}
        Product = self.env["product.product"]
        company = ("company_id", "in", [False, self.company_id.id])
        for name in ("default_code", "barcode"):
            groups = Product.search([(name, "in", list(codes)), company]).grouped(name)
            for code, products in groups.items():
                found.setdefault(code, products)
        return {
            code: products for code, products in found.items() if len(products) == 1
        }

    def _places_by_name(self):
        """Return {full name, or name from the stock on: location} of the count."""
        count = self.sudo().count_id
        places = self.env["stock.location"].search(count._get_location_domain())
        prefix = f"{count.warehouse_id.lot_stock_id.complete_name}/"
        found = {}
        for place in places:
            found[place.complete_name] = place
            if place.complete_name.startswith(prefix):
                found.setdefault(place.complete_name.removeprefix(prefix), place)
        return found

    def _lots_by_name(self, products, names):
        ids = [product.id for product in products.values()]
        lots = (
            self.env["stock.lot"]
            .sudo()
            .search(
                [
                    ("product_id", "in", ids),
                    ("name", "in", list(names - {None})),
                    ("company_id", "in", [False, self.company_id.id]),
                ]
            )
        )
        return {(lot.product_id.sudo(False), lot.name): lot for lot in lots}

    def _packages_by_name(self, names):
        packages = (
            self.env["stock.package"]
            .sudo()
            .search(
                [
                    ("name", "in", list(names - {None})),
                    ("company_id", "in", [False, self.company_id.id]),
                ]
            )
        )
        return {package.name: package for package in packages}

    def _owners_by_name(self, names):
        """Return {name: partner} of those whose goods are counted, or who are named."""
        owners = self.sudo().count_id.line_ids.owner_id
        known = {owner.display_name: owner for owner in owners}
        unknown = list(names - {None} - known.keys())
        partners = self.env["res.partner"].search([("complete_name", "in", unknown)])
        for name, found in partners.grouped("complete_name").items():
            if len(found) == 1:
                known[name] = found
        return known
