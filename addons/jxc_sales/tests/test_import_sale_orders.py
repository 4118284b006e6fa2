# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo.fields import Date
from odoo.tests import tagged

from odoo.addons.jxc_base.tools.importing import ImportRefused

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestImportSaleOrders(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("base.group_system")
        cls.env.user.tz = "Asia/Shanghai"
        cls.customer.ref = "BT"
        cls.product.default_code = "LAMP"
        cls.unit = cls.product.uom_id.name
        cls.account.unlimited = True

    def _row(self, **values):
        return {
            "number": "S1",
            "customer_ref": "BT",
            "date": "2025-03-31",
            "code": "LAMP",
            "unit": self.unit,
            "qty": "10",
            "price": "100",
            "discount_percent": "",
            "delivered_qty": "",
            "currency": "",
            **values,
        }

    def _import(self, *rows, **options):
        rows = list(enumerate(rows, start=2))
        return self.env["jxc.import"].run_tables({"sale_orders": rows}, **options)

    def _order(self, number="S1"):
        return self.env["sale.order"].search([("jxc_import_number", "=", number)])

    def test_replay(self):
        self._import(
            self._row(delivered_qty="10"),
            self._row(qty="4", price="12.5", discount_percent="10", delivered_qty="3"),
            self._row(number="S2", date="2025-04-01"),
        )
        order = self._order()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order._jxc_local_date(), Date.to_date("2025-03-31"))
        self.assertEqual(order.order_line.mapped("qty_delivered"), [10, 3])
        self.assertEqual(order.amount_untaxed, 1000 + 45)
        invoice = order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.invoice_date, Date.to_date("2025-03-31"))
        self.assertEqual(invoice.date, Date.to_date("2025-03-31"))
        self.assertEqual(invoice.amount_untaxed, 1033.75)
        done = order.picking_ids.filtered(lambda p: p.state == "done")
        self.assertEqual(done.date_done, order.date_order)
        self.assertEqual(done.move_ids.mapped("date"), [order.date_order] * 2)
        waiting = self._order("S2")
        self.assertEqual(waiting.state, "sale")
        self.assertFalse(waiting.invoice_ids)
        self.assertEqual(self._exposure(), 1045 + 1000)
        self.assertFalse(self.env["mail.mail"].search([("res_id", "in", order.ids)]))

    def test_ordered_policy_invoices_what_was_delivered(self):
        self.product.invoice_policy = "order"
        self._import(self._row(delivered_qty="4"))
        self.assertEqual(self._order().invoice_ids.amount_untaxed, 400)

    def test_again_changes_nothing(self):
        rows = [self._row(delivered_qty="4"), self._row(qty="2")]
        self._import(*rows)
        report = self._import(*rows).report["files"][0]
        self.assertEqual((report["created"], report["unchanged"]), (0, 1))
        self.assertEqual(len(self._order()), 1)
        for change in (
            {"qty": "11"},
            {"price": "90"},
            {"date": "2025-03-30"},
            {"discount_percent": "5"},
        ):
            with self.subTest(change=change), self.assertRaises(ImportRefused):
                self._import(self._row(delivered_qty="4", **change), rows[1])

    def test_every_problem_is_listed(self):
        with self.assertRaises(ImportRefused) as refused:
            self._import(
                self._row(customer_ref="NOBODY"),
                self._row(number="S2", code="NOTHING"),
                self._row(number="S3", unit="barrel"),
                self._row(number="S4", delivered_qty="11"),
                self._row(number="S5", currency="XXQ"),
                self._row(number="S6", qty="0"),
                self._row(number="S7"),
                self._row(number="S7", date="2025-04-02"),
            )
        places = {(p.row, p.column) for p in refused.exception.problems}
        self.assertLessEqual(
            {
                (2, "customer_ref"),
                (3, "code"),
                (4, "unit"),
                (5, "delivered_qty"),
                (6, "currency"),
                (7, "qty"),
                (9, "date"),
            },
            places,
        )
        self.assertFalse(self._order("S7"))

    def test_nothing_left_on_a_day_to_come(self):
        coming = str(Date.today() + timedelta(days=2))
        with self.assertRaises(ImportRefused) as refused:
            self._import(
                self._row(date=coming),
                self._row(number="S2", date=coming, delivered_qty="1"),
            )
        places = [(p.row, p.column) for p in refused.exception.problems]
        self.assertEqual(places, [(3, "delivered_qty")])

    def test_not_in_stock(self):
        with self.assertRaisesRegex(ImportRefused, "not in stock"):
            self._import(self._row(qty="2000", delivered_qty="2000"), history=True)

    def test_delivered_orders_come_first(self):
        self._import(self._row(number="W", qty="995", date="2025-01-01"), history=True)
        self._import(self._row(delivered_qty="10", date="2025-02-01"), history=True)
        self.assertEqual(self._order().order_line.qty_delivered, 10)

    def test_right_lots(self):
        product = self._create_lamp(
            stock=0, name="Cheese", default_code="CHEESE", tracking="lot"
        )
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": product.id})
        self._add_stock(product, 50, lot)
        self._import(self._row(code="CHEESE", delivered_qty="7"))
        lines = self._order().picking_ids.move_line_ids.filtered(
            lambda line: line.state == "done"
        )
        self.assertEqual(lines.lot_id, lot)
        self.assertEqual(sum(lines.mapped("quantity")), 7)

    def test_foreign_currency(self):
        self.setup_other_currency("EUR", rates=[("2020-01-01", 4.0)])
        self._import(self._row(currency="EUR", delivered_qty="10"))
        order = self._order()
        self.assertEqual(order.currency_id.name, "EUR")
        self.assertEqual(order.invoice_ids.amount_total, 1000)
        self.assertEqual(self._exposure(), 250)

    def test_one_order_per_number(self):
        self._import(self._row())
        self.assertFalse(self._order().copy().jxc_import_number)
