# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.jxc_base.tests.import_common import ImportCase

from .common import PurchaseBudgetCommon

PARTNERS = [
    {"ref": "V1", "name": "Vendor", "kind": "vendor"},
    {"ref": "C1", "name": "Customer", "kind": "customer"},
]
PRODUCTS = [
    {"code": "P1", "name": "Tea", "base_unit": "瓶", "category": "Drinks / Tea"},
    {"code": "P2", "name": "Paper", "base_unit": "包", "category": "Office"},
    {"code": "P3", "name": "Milk", "base_unit": "瓶", "tracking": "lot"},
    {"code": "S1", "name": "Freight", "base_unit": "次", "type": "service"},
]
UNITS = [{"code": "P1", "unit": "箱", "factor": "24", "use": "purchase"}]
PRICES = [
    {
        "vendor_ref": "V1",
        "code": "P1",
        "unit": "箱",
        "price": "120",
        "min_qty": "5",
        "lead_days": "7",
    }
]
BUDGETS = [
    {
        "budget": "2026",
        "date_from": "2026-01-01",
        "date_to": "2026-12-31",
        "category": "Drinks",
        "amount": "1000",
        "control": "block",
        "warn_percent": "90",
    },
    {
        "budget": "2026",
        "date_from": "2026-01-01",
        "date_to": "2026-12-31",
        "analytic": "Shop Nine",
        "amount": "500",
        "control": "warn",
    },
]


def order(number="PO1", code="P1", **values):
    return {
        "number": number,
        "vendor_ref": "V1",
        "date": "2026-03-02",
        "planned_date": "2026-03-09",
        "code": code,
        "unit": "箱" if code == "P1" else "瓶",
        "qty": "5",
        "price": "120",
        **values,
    }


@tagged("post_install", "-at_install")
class TestImport(PurchaseBudgetCommon, ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        # What documents say is in the language of their company.
        cls.env.company.partner_id.lang = "en_US"
        cls.env.user.group_ids += cls.env.ref("base.group_system")
        cls.env.user.group_ids += cls.env.ref("stock.group_stock_manager")
        cls.service = cls.env["jxc.import"]

    def _import(self, **files):
        history = files.pop("history", False)
        base = {"partners": PARTNERS, "products": PRODUCTS, "product_units": UNITS}
        return self.run_tables(files={**base, **files}, history=history)

    def _product(self, code):
        return self.env["product.product"].search([("default_code", "=", code)])

    def _orders(self, *numbers):
        return self.env["purchase.order"].search(
            [("jxc_import_number", "in", numbers)], order="jxc_import_number"
        )

    def test_vendor_prices(self):
        run = self._import(vendor_prices=PRICES)
        self.assertEqual(self.figures(run, "vendor_prices"), (1, 0, 0))
        price = self._product("P1").seller_ids
        self.assertEqual(price.partner_id.ref, "V1")
        self.assertEqual((price.price, price.min_qty, price.delay), (120.0, 5.0, 7))
        self.assertEqual(price.product_uom_id.relative_factor, 24.0)
        self.assertEqual(
            self.figures(self._import(vendor_prices=PRICES), "vendor_prices"), (0, 0, 1)
        )
        cheaper = [{**PRICES[0], "price": "110"}]
        run = self._import(vendor_prices=cheaper)
        self.assertEqual(self.figures(run, "vendor_prices"), (0, 1, 0))
        self.assertEqual(price.price, 110.0)

    def test_budgets(self):
        run = self._import(budgets=BUDGETS)
        self.assertEqual(self.figures(run, "budgets"), (2, 0, 0))
        budget = self.env["jxc.purchase.budget"].search([("name", "=", "2026")])
        self.assertEqual(budget.state, "confirmed")
        drinks, shop = budget.line_ids.sorted("id")
        self.assertEqual(drinks.category_id.complete_name, "Drinks")
        self.assertEqual((drinks.control, drinks.warn_percent), ("block", 90.0))
        self.assertEqual(shop.analytic_account_id.name, "Shop Nine")
        run = self._import(budgets=BUDGETS)
        self.assertEqual(self.figures(run, "budgets"), (0, 0, 2))
        problems = self.refuse(
            {"budgets": [{**BUDGETS[0], "amount": "2000"}, BUDGETS[1]]}
        )
        self.assertEqual({problem[:2] for problem in problems}, {("budgets", 2)})

    def test_replay(self):
        run = self._import(
            budgets=BUDGETS,
            purchase_orders=[
                order(received_qty="4", rejected_qty="1"),
                order(code="P2", unit="包", qty="10", price="3"),
            ],
        )
        self.assertEqual(self.figures(run, "purchase_orders"), (1, 0, 0))
        imported = self._orders("PO1")
        self.assertEqual(imported.state, "purchase")
        self.assertEqual(imported.date_approve.date(), date(2026, 3, 2))
        self.assertEqual(imported.date_planned.date(), date(2026, 3, 9))
        self.assertEqual(imported.amount_untaxed, 630.0)
        tea, paper = imported.order_line
        self.assertEqual(tea.qty_received, 3.0)
        self.assertEqual(paper.qty_received, 0.0)
        self.assertEqual(self._product("P1").qty_available, 72.0)
        done = imported.picking_ids.filtered(lambda picking: picking.state == "done")
        back = done.filtered("return_id")
        self.assertEqual(back.location_dest_id.usage, "supplier")
        self.assertEqual(back.move_ids.product_qty, 24.0)
        inspected = imported.jxc_inspection_ids.line_ids
        self.assertEqual(
            (inspected.state, inspected.qty_received, inspected.qty_rejected),
            ("done", 4.0, 1.0),
        )
        self.assertEqual((tea.qty_received, tea.jxc_qty_rejected), (3.0, 1.0))
        done -= back
        self.assertEqual(done.date_done.date(), date(2026, 3, 9))
        self.assertEqual(
            done.move_ids.mapped(lambda m: m.date.date()), [date(2026, 3, 9)]
        )
        waiting = imported.picking_ids - done - back
        self.assertEqual(
            {m.product_id.default_code: m.product_qty for m in waiting.move_ids},
            {"P1": 48.0, "P2": 10.0},
        )
        bill = imported.invoice_ids
        self.assertEqual((bill.state, bill.amount_untaxed), ("posted", 360.0))
        self.assertEqual((bill.invoice_date, bill.date), (date(2026, 3, 9),) * 2)
        self.assertIn("Rejected", " ".join(imported.message_ids.mapped("body")))
        budget = self.env["jxc.purchase.budget"].search([("name", "=", "2026")])
        drinks = budget.line_ids.filtered("category_id")
        self.assertAmounts(drinks, committed=240.0, actual=360.0)

    def test_replay_in_batches(self):
        """What the platform does document by document is done once for all."""
        drinks = self.env["product.category"].create({"name": "Drinks"})
        self.env["product.category"].create(
            {"name": "Tea", "parent_id": drinks.id, "property_cost_method": "average"}
        )
        self._import(purchase_orders=[order(received_qty="5")])
        tea = self._product("P1")
        rule = self.env["stock.warehouse.orderpoint"].create(
            {"product_id": tea.id, "product_min_qty": 500, "product_max_qty": 500}
        )
        self.assertEqual(rule.qty_to_order, 380.0)
        rows = [
            order("PO2", price="120", received_qty="5"),
            order("PO3", price="144", received_qty="5"),
        ]
        self._import(purchase_orders=rows)
        orders = self._orders("PO2", "PO3")
        self.assertEqual(tea.qty_available, 360.0)
        self.assertAlmostEqual(tea.standard_price, 128 / 24, 2)  # (2 × 120 + 144) / 3
        self.assertEqual(rule.qty_to_order, 140.0)
        documents = orders.picking_ids.message_ids | orders.invoice_ids.message_ids
        self.assertFalse(documents.filtered(lambda message: message.body))

    def test_queries_of_replay(self):
        """Another order costs what the platform asks for it, and little more."""

        def queries(prefix, count):
            numbers = [f"{prefix}{i}" for i in range(count)]
            rows = [order(number, received_qty="5") for number in numbers]
            before = self.cr.sql_log_count
            self._import(purchase_orders=rows)
            return self.cr.sql_log_count - before

        queries("A", 1)
        few, many = queries("B", 2), queries("C", 12)
        self.assertLess((many - few) / 10, 45)

    def test_lots_and_services(self):
        self._import(
            purchase_orders=[
                order(code="P3", qty="6", price="2", received_qty="6"),
                order(code="S1", unit="次", qty="2", price="50", received_qty="2"),
            ]
        )
        imported = self._orders("PO1")
        self.assertEqual(imported.order_line.mapped("qty_received"), [6.0, 2.0])
        self.assertEqual(imported.picking_ids.move_line_ids.lot_id.name, "PO1")
        self.assertEqual(imported.invoice_ids.amount_untaxed, 112.0)

    def test_again_changes_nothing(self):
        rows = [order(received_qty="5"), order("PO2", qty="1")]
        self._import(purchase_orders=rows)
        run = self._import(purchase_orders=rows)
        self.assertEqual(self.figures(run, "purchase_orders"), (0, 0, 2))
        self.assertEqual(len(self._orders("PO1", "PO2")), 2)
        for change in ({"qty": "4"}, {"price": "121"}, {"date": "2026-03-01"}):
            problems = self.refuse(
                {"purchase_orders": [rows[0], {**rows[1], **change}]}
            )
            self.assertEqual(
                [problem[:3] for problem in problems],
                [("purchase_orders", 3, "number")],
            )

    def test_budget_holds_unless_history(self):
        rows = [order(qty="9")]
        with self.subTest("now"):
            problems = self.refuse(
                {
                    "partners": PARTNERS,
                    "products": PRODUCTS,
                    "product_units": UNITS,
                    "budgets": BUDGETS,
                    "purchase_orders": rows,
                }
            )
            self.assertIn("1,080.00", problems[0][3])
            self.assertFalse(self._orders("PO1"))
        with self.subTest("history"):
            self._import(budgets=BUDGETS, purchase_orders=rows, history=True)
            imported = self._orders("PO1")
            self.assertIn("history", " ".join(imported.message_ids.mapped("body")))
            budget = self.env["jxc.purchase.budget"].search([("name", "=", "2026")])
            drinks = budget.line_ids.filtered("category_id")
            self.assertAmounts(drinks, committed=1080.0)

    def test_nothing_came_on_a_day_to_come(self):
        tomorrow = str(fields.Date.today() + timedelta(days=2))
        rows = [
            order(planned_date=tomorrow),
            order("PO2", planned_date=tomorrow, received_qty="1"),
            order("PO3", date=tomorrow, planned_date="", received_qty="1"),
        ]
        files = {"partners": PARTNERS, "products": PRODUCTS, "product_units": UNITS}
        problems = self.refuse({**files, "purchase_orders": rows})
        self.assertEqual(
            [problem[:3] for problem in problems],
            [("purchase_orders", row, "received_qty") for row in (3, 4)],
        )

    def test_received_before_the_promised_day(self):
        """A part came, the rest is promised for a day to come."""
        promised = fields.Date.today() + timedelta(days=20)
        rows = [
            order(
                planned_date=str(promised),
                received_date="2026-03-05",
                received_qty="2",
                rejected_qty="1",
            ),
            order("PO2", planned_date=str(promised), received_date="2026-04-01"),
        ]
        run = self._import(purchase_orders=rows)
        self.assertEqual(self.figures(run, "purchase_orders"), (2, 0, 0))
        imported = self._orders("PO1")
        self.assertEqual(imported.order_line.date_planned.date(), promised)
        done = imported.picking_ids.filtered(lambda one: one.state == "done")
        came = date(2026, 3, 5)
        self.assertEqual({one.date_done.date() for one in done}, {came})
        self.assertEqual({move.date.date() for move in done.move_ids}, {came})
        waiting = (imported.picking_ids - done).move_ids
        self.assertEqual({move.date.date() for move in waiting}, {promised})
        bill = imported.invoice_ids
        self.assertEqual((bill.invoice_date, bill.date), (came, came))
        run = self._import(purchase_orders=rows)
        self.assertEqual(self.figures(run, "purchase_orders"), (0, 0, 2))

    def test_problems_of_the_day_of_receipt(self):
        tomorrow = str(fields.Date.today() + timedelta(days=2))
        rows = [
            order(received_date=tomorrow, received_qty="1"),
            order("PO2", received_date="2026-03-05", received_qty="1"),
            order("PO2", code="P2", received_date="2026-03-06", unit="包"),
        ]
        files = {"partners": PARTNERS, "products": PRODUCTS, "product_units": UNITS}
        problems = self.refuse({**files, "purchase_orders": rows})
        self.assertEqual(
            sorted(problem[:3] for problem in problems),
            [
                ("purchase_orders", 2, "received_qty"),
                ("purchase_orders", 4, "received_date"),
            ],
        )

    def test_every_problem_is_listed(self):
        problems = self.refuse(
            {
                "partners": PARTNERS,
                "products": PRODUCTS,
                "product_units": UNITS,
                "vendor_prices": [
                    {**PRICES[0], "vendor_ref": "C1"},
                    {**PRICES[0], "unit": "托"},
                ],
                "budgets": [
                    {**BUDGETS[0], "category": "Toys"},
                    {**BUDGETS[0], "budget": "B", "date_to": "2025-01-01"},
                ],
                "purchase_orders": [
                    order(vendor_ref="V9"),
                    order(code="P9", vendor_ref="V9"),
                    order("PO2", received_qty="6"),
                    order("PO2", received_qty="1", rejected_qty="2"),
                    order("PO2", date="2026-03-03"),
                    order("PO3", currency="XXX"),
                ],
            }
        )
        self.assertEqual(
            sorted(problem[:3] for problem in problems),
            [
                ("budgets", 2, "category"),
                ("budgets", 3, "date_to"),
                ("purchase_orders", 2, "vendor_ref"),
                ("purchase_orders", 3, "code"),
                ("purchase_orders", 3, "vendor_ref"),
                ("purchase_orders", 4, "received_qty"),
                ("purchase_orders", 5, "rejected_qty"),
                ("purchase_orders", 6, "date"),
                ("purchase_orders", 7, "currency"),
                ("vendor_prices", 2, "vendor_ref"),
                ("vendor_prices", 3, "unit"),
            ],
        )
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "V1")]))
