# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter

from odoo import models

from odoo.addons.jxc_base.tools.importing import Column, Job
from odoo.addons.jxc_stock.tools.catalog import Catalog

#: What has to be the same in all rows of an order.
HEADER = ("vendor_ref", "date", "planned_date", "received_date", "currency")


class JxcImportPurchaseOrders(models.AbstractModel):
    """purchase_orders.csv: orders confirmed, received and billed on their days.

    What was received comes in on its date (else the planned date, else the order date):
    what else is to come may be promised for a later day. Where some of it was rejected,
    or where goods have to be inspected anyway, an inspection says so and the rejected
    goods go back to the vendor at once; they stay to be received and are noted on the
    order. What was accepted is billed on the same day at the order's price, because
    the books of the past need their purchases.
    """

    _name = "jxc.import.purchase_orders"
    _inherit = ["jxc.import.handler", "jxc.import.purchase.mixin"]
    _description = "Import of purchase_orders.csv"

    _jxc_file = "purchase_orders"
    _jxc_sequence = 80
    _jxc_key = ()
    _jxc_addon = "jxc_purchase"

    def _jxc_columns(self):
        return [
            Column("number", required=True),
            Column("vendor_ref", required=True),
            Column("date", type="date", required=True),
            Column("planned_date", type="date"),
            Column("code", required=True),
            Column("unit", required=True),
            Column("qty", type="qty", required=True, above=0),
            Column("price", type="amount", required=True, minimum=0),
            Column("received_qty", type="qty", minimum=0),
            Column("rejected_qty", type="qty", minimum=0),
            Column("received_date", type="date"),
            Column("currency"),
        ]

    # -- check --------------------------------------------------------------------

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        self._jxc_check_vendors(rows, session)
        self._jxc_check_products(rows, session)
        self._jxc_check_currencies(rows, session)
        self._jxc_check_headers(rows, session)
        self._jxc_check_quantities(rows, session)
        self._jxc_check_existing(rows, session)

    def _jxc_check_headers(self, rows, session):
        for first, *others in self._jxc_groups(rows).values():
            for row in others:
                for column in HEADER:
                    if row[column] != first[column]:
                        session.problem(
                            row,
                            column,
                            self.env._(
                                "differs from row %(row)s of the same order",
                                row=first.number,
                            ),
                        )

    def _jxc_check_quantities(self, rows, session):
        catalog = Catalog.of(session)
        for row in rows:
            received = row["received_qty"] or 0.0
            if received > row["qty"]:
                session.problem(
                    row,
                    "received_qty",
                    self.env._("is more than the quantity ordered, %s", row["qty"]),
                )
            if received:
                day = self._jxc_day_of_receipt(row)
                self._jxc_check_happened(row, "received_qty", day, session)
            if (row["rejected_qty"] or 0.0) > received:
                session.problem(
                    row,
                    "rejected_qty",
                    self.env._("is more than the quantity received, %s", received),
                )
            known = catalog.get(row["code"])
            if known and known.tracking == "serial" and received:
                session.problem(
                    row,
                    "received_qty",
                    self.env._(
                        "%(code)s has serial numbers, which this file cannot carry;"
                        " import its stock with opening_stock.csv",
                        code=row["code"],
                    ),
                )

    def _jxc_check_existing(self, rows, session):
        """An order that is there already may not differ."""
        orders = self._jxc_orders(rows, session)
        if not orders:
            return
        known = [row for row in rows if row["number"] in orders]
        catalog = Catalog.of(session)
        for number, group in self._jxc_groups(known).items():
            order = orders[number]
            first = group[0]
            currency = first["currency"] or session.company.currency_id.name
            same_header = (
                order.partner_id.ref == first["vendor_ref"]
                and order._jxc_budget_day() == first["date"]
                and order.currency_id.name == currency
            )
            ours = Counter(
                (line.product_id.default_code, round(line.product_uom_qty, 6))
                + (round(line.price_subtotal, 2),)
                for line in order.order_line
                if not line.display_type
            )
            theirs = Counter(self._jxc_row_values(row, order, catalog) for row in group)
            if not same_header or ours != theirs:
                session.problem(
                    first,
                    "number",
                    self.env._(
                        "order %(order)s was imported with other values before; change"
                        " it there",
                        order=order.name,
                    ),
                )

    def _jxc_row_values(self, row, order, catalog):
        known = catalog.get(row["code"])
        factor = known and known.factor(row["unit"]) or 0
        return (
            row["code"],
            round(row["qty"] * float(factor), 6),
            round(order.currency_id.round(row["qty"] * row["price"]), 2),
        )

    # -- plan ---------------------------------------------------------------------

    def _jxc_plan(self, rows, session):
        """One job a month of receipt, so that sales of a month find its stock."""
        months = {}
        for group in self._jxc_groups(rows).values():
            day = self._jxc_day_of_receipt(group[0])
            months.setdefault(day.replace(day=1), []).extend(group)
        return [Job(period=month, rows=of_month) for month, of_month in months.items()]

    # -- lookups ------------------------------------------------------------------

    def _jxc_day_of_receipt(self, row):
        """The day on which what the order received came, and was billed."""
        return row["received_date"] or row["planned_date"] or row["date"]

    def _jxc_groups(self, rows):
        groups = {}
        for row in rows:
            groups.setdefault(row["number"], []).append(row)
        return groups

    def _jxc_orders(self, rows, session):
        return session.find(
            "purchase.order", "jxc_import_number", {row["number"] for row in rows}
        )
