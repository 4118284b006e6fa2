# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import float_compare

from odoo.addons.jxc_base.tools.importing import Column, Job
from odoo.addons.jxc_stock.tools.catalog import Catalog

#: Columns that belong to the order and must be the same in all its rows.
HEADER = ("customer_ref", "date", "currency")


class JxcImportSaleOrders(models.AbstractModel):
    """sale_orders.csv: what is checked before anything is written."""

    _name = "jxc.import.sale_orders"
    _inherit = ["jxc.import.handler"]
    _description = "Import of sale_orders.csv"

    _jxc_file = "sale_orders"
    _jxc_sequence = 90
    _jxc_addon = "jxc_sales"

    def _jxc_columns(self):
        return [
            Column("number", required=True),
            Column("customer_ref", required=True),
            Column("date", type="date", required=True),
            Column("code", required=True),
            Column("unit", required=True),
            Column("qty", type="qty", required=True, above=0),
            Column("price", type="amount", required=True, minimum=0),
            Column("discount_percent", type="float", minimum=0, maximum=100),
            Column("delivered_qty", type="qty", minimum=0),
            Column("currency"),
        ]

    def _jxc_plan(self, rows, session):
        """One job a month, orders whole and by date."""
        months = {}
        for document in self._jxc_documents(rows):
            months.setdefault(document[0]["date"].replace(day=1), []).append(document)
        return [
            Job(period=month, rows=[row for document in documents for row in document])
            for month, documents in sorted(months.items())
        ]

    def _jxc_documents(self, rows):
        """The rows of each order, by date and then as they stand in the file."""
        documents = {}
        for row in rows:
            documents.setdefault(row["number"], []).append(row)
        return sorted(documents.values(), key=lambda document: document[0]["date"])

    # -- check --------------------------------------------------------------------

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        catalog = Catalog.of(session)
        customers = self._jxc_known_customers(rows, session)
        currencies = self._jxc_currencies()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for row in rows:
            self._jxc_check_customer(row, customers, session)
            self._jxc_check_product(row, catalog, session)
            self._jxc_check_quantities(row, digits, session)
            if row["currency"] and row["currency"] not in currencies:
                session.problem(
                    row,
                    "currency",
                    self.env._(
                        '"%(text)s" is not an active currency, accepted are:'
                        " %(currencies)s",
                        text=row["currency"],
                        currencies=", ".join(sorted(currencies)),
                    ),
                )
        self._jxc_check_headers(rows, session)
        self._jxc_check_existing(rows, session)

    def _jxc_known_customers(self, rows, session):
        """{ref: number of partners who will carry it}"""
        found = session.find_all(
            "res.partner", "ref", (row["customer_ref"] for row in rows)
        )
        counts = {ref: len(partners) for ref, partners in found.items()}
        for row in session.rows("partners"):
            counts.setdefault(row["ref"], 1)
        return counts

    def _jxc_check_customer(self, row, customers, session):
        count = customers.get(row["customer_ref"], 0)
        if not count:
            message = self.env._(
                "no partner has the reference %(ref)s; add it to partners.csv",
                ref=row["customer_ref"],
            )
        elif count > 1:
            message = self.env._(
                "%(count)s contacts carry the reference %(ref)s; it must be unique to"
                " be a key",
                count=count,
                ref=row["customer_ref"],
            )
        else:
            return
        session.problem(row, "customer_ref", message)

    def _jxc_check_product(self, row, catalog, session):
        known = catalog.get(row["code"])
        if catalog.is_ambiguous(row["code"]):
            session.problem(
                row,
                "code",
                self.env._(
                    "several products carry the code %(code)s; it must be unique to be"
                    " a key",
                    code=row["code"],
                ),
            )
        elif not known:
            session.problem(
                row,
                "code",
                self.env._(
                    "no product has the code %(code)s; add it to products.csv",
                    code=row["code"],
                ),
            )
        elif known.factor(row["unit"]) is None:
            session.problem(
                row,
                "unit",
                self.env._(
                    "%(code)s has no unit %(unit)s, accepted are: %(units)s",
                    code=row["code"],
                    unit=row["unit"],
                    units=", ".join(dict.fromkeys(known.names)),
                ),
            )

    def _jxc_check_quantities(self, row, digits, session):
        delivered = row["delivered_qty"] or 0.0
        if float_compare(delivered, row["qty"], precision_digits=digits) > 0:
            session.problem(
                row,
                "delivered_qty",
                self.env._(
                    "%(delivered)s is more than the %(ordered)s ordered",
                    delivered=delivered,
                    ordered=row["qty"],
                ),
            )
        if delivered:
            self._jxc_check_happened(row, "delivered_qty", row["date"], session)

    def _jxc_check_headers(self, rows, session):
        first = {}
        for row in rows:
            head = first.setdefault(row["number"], row)
            for column in HEADER:
                if row[column] != head[column]:
                    session.problem(
                        row,
                        column,
                        self.env._(
                            "differs from row %(row)s of the same order %(number)s",
                            row=head.number,
                            number=row["number"],
                        ),
                    )

    def _jxc_check_existing(self, rows, session):
        """An order that is there already is not changed by an import."""
        existing = session.find(
            "sale.order", "jxc_import_number", (row["number"] for row in rows)
        )
        if not existing:
            return
        orders = self.env["sale.order"].union(*existing.values())
        units = self._jxc_units(orders.order_line.product_template_id)
        for document in self._jxc_documents(rows):
            order = existing.get(document[0]["number"])
            if order and self._jxc_differs(document, order, units, session):
                session.problem(
                    document[0],
                    None,
                    self.env._(
                        "order %(number)s was imported as %(name)s and is confirmed; an"
                        " import does not change it. Change the order itself, or take"
                        " it out of the file.",
                        number=document[0]["number"],
                        name=order.name,
                    ),
                )

    def _jxc_differs(self, document, order, units, session):
        head = document[0]
        currency = head["currency"] or session.company.currency_id.name
        if (
            order.partner_id.ref != head["customer_ref"]
            or order._jxc_local_date() != head["date"]
            or order.currency_id.name != currency
        ):
            return True
        wanted = [
            (
                row["code"],
                row["qty"],
                row["price"],
                row["discount_percent"] or 0.0,
            )
            for row in document
        ]
        lines = order.order_line.filtered("product_id")
        found = [
            (
                line.product_id.default_code,
                line.product_uom_qty,
                line.price_unit,
                line.discount,
            )
            for line in lines
        ]
        if len(wanted) != len(found):
            return True
        for (row, line), a, b in zip(
            zip(document, lines, strict=True), wanted, found, strict=True
        ):
            unit = units.get((line.product_template_id.id, row["unit"]))
            if a[0] != b[0] or unit != line.product_uom_id:
                return True
            if any(
                float_compare(x, y, precision_digits=4)
                for x, y in zip(a[1:], b[1:], strict=True)
            ):
                return True
        return False

    # -- lookups ------------------------------------------------------------------

    def _jxc_currencies(self):
        """{name: res.currency} of the active ones."""
        return {c.name: c for c in self.env["res.currency"].search([])}

    def _jxc_units(self, templates):
        return self.env["jxc.product.unit"]._jxc_uom_map(templates)
