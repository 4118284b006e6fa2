# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .ledger_common import LedgerCase

TODAY = "2025-06-15 09:00:00"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestStockLedger(LedgerCase):
    def test_month(self):
        self._receive_at("2025-03-10 08:00:00", self.rice, 10, 100)
        self._receive_at("2025-04-10 08:00:00", self.rice, 10, 140)
        self._issue_at("2025-04-20 08:00:00", self.rice, 5)
        self._issue_at("2025-05-20 08:00:00", self.rice, 5)
        self.assertRow(
            self._row("2025-04-01", "2025-04-30"),
            opening_qty=10,
            in_qty=10,
            out_qty=5,
            closing_qty=15,
            opening_value=100,
            in_value=140,
            out_value=60,
            closing_value=180,
            adjust_value=0,
        )
        now = self._row("2025-05-01", "2025-06-15")
        self.assertRow(now, opening_qty=15, out_qty=5, closing_qty=10)
        product = self.rice.with_user(self.controller)
        self.assertEqual(now["closing_qty"], product.qty_available)
        self.assertAlmostEqual(now["closing_value"], product.sudo().total_value, 2)
        self.assertEqual(self._rows("2025-01-01", "2025-02-28"), [])

    def test_every_entry_names_its_document(self):
        """Moves without a transfer come from another document, as an inspection."""
        move = self._receive_at("2025-03-10 08:00:00", self.rice, 10, 100)
        move.origin = "RI/1"
        self.env.flush_all()
        entries = self.ledger.with_user(self.controller)
        entry = entries.search([("move_id", "=", move.id)])
        self.assertFalse(move.reference)
        self.assertEqual(entry.reference, "RI/1")
        move.reference = "WH/IN/1"
        self.env.flush_all()
        entry.invalidate_recordset()
        self.assertEqual(entry.reference, "WH/IN/1")

    def test_days_are_those_of_the_user(self):
        """At 01:00 on 1 April in Shanghai it is still March in UTC."""
        self._receive_at("2025-03-31 17:00:00", self.rice, 10, 100)
        self.assertRow(self._row("2025-03-01", "2025-03-31"), in_qty=10)
        zone = "Asia/Shanghai"
        self.assertEqual(self._rows("2025-03-01", "2025-03-31", zone=zone), [])
        self.assertRow(self._row("2025-04-01", "2025-04-30", zone=zone), in_qty=10)

    def test_transfers(self):
        """Inside the company a transfer is no issue; between warehouses it is, at the
        average cost of the period."""
        self._receive_at("2025-03-10 08:00:00", self.rice, 10, 100)
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 140)
        way = self.shelf, self.far_shelf
        self._move_at("2025-04-10 08:00:00", self.rice, 4, *way)
        self._issue_at("2025-04-20 08:00:00", self.rice, 1, self.far_shelf)
        period_ = "2025-04-01", "2025-04-30"
        self.assertRow(self._row(*period_), in_qty=10, out_qty=1, out_value=12)
        rows = {row["warehouse_id"]: row for row in self._rows(*period_, "warehouse")}
        self.assertEqual(rows[self.branch.id]["warehouse"], "Branch")
        self.assertRow(
            rows[self.warehouse.id], opening_qty=10, in_qty=10, out_qty=4, out_value=48
        )
        self.assertRow(
            rows[self.branch.id], in_qty=4, in_value=48, out_qty=1, closing_value=36
        )
        rows = self._rows(*period_, ["location_id"])
        self.assertEqual(
            {row["location_id"] for row in rows}, {self.shelf.id, self.far_shelf.id}
        )
        only = self.ledger.with_user(self.controller).summary(
            *period_, "product", [("warehouse_id", "=", self.branch.id)]
        )
        self.assertRow(only[0], in_qty=4, out_qty=1, closing_qty=3, closing_value=36)

    def test_on_the_way(self):
        """Goods between warehouses belong to no warehouse, but to the stock."""
        transit = self.env.company.internal_transit_location_id
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        self._move_at("2025-04-10 08:00:00", self.rice, 4, self.shelf, transit)
        rows = self._rows("2025-04-01", "2025-04-30", "warehouse")
        self.assertEqual(
            {row["warehouse_id"] for row in rows}, {False, self.warehouse.id}
        )
        self.assertRow(self._row("2025-04-01", "2025-04-30"), closing_qty=10)

    def test_lots(self):
        product = self._create_goods("Milk", tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in ("L1", "L2")]
        )
        for lot, quantity in zip(lots, (6, 4), strict=True):
            self._receive_at("2025-04-02 08:00:00", product, quantity, 10, lot=lot)
        self._issue_at("2025-04-20 08:00:00", product, 2, lot=lots[0])
        rows = self._rows("2025-04-01", "2025-04-30", "lot", product)
        found = {row["lot_id"]: row["closing_qty"] for row in rows}
        self.assertEqual(found, {lots[0].id: 4, lots[1].id: 4})
        for row in rows:
            self.assertTies(row)

    def test_goods_of_others(self):
        """Consigned goods are there, but are worth nothing to the company."""
        owner = self.env["res.partner"].create({"name": "Consignor"})
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        self._receive_at("2025-04-03 08:00:00", self.rice, 7, owner=owner)
        self.assertRow(
            self._row("2025-04-01", "2025-04-30"),
            in_qty=17,
            in_value=100,
            closing_qty=17,
            closing_value=100,
        )

    def test_back_dated(self):
        """What is entered later for an earlier day belongs to that day."""
        self._receive_at("2025-05-02 08:00:00", self.rice, 10, 100)
        late = self._receive_at("2025-05-20 08:00:00", self.rice, 5, 50)
        (late | late).date = late.move_line_ids.date = "2025-04-20 08:00:00"
        self.assertRow(self._row("2025-04-01", "2025-04-30"), in_qty=5, closing_qty=5)
        self.assertRow(self._row("2025-05-01", "2025-05-31"), opening_qty=5, in_qty=10)

    def test_goods_of_others_come_last(self):
        """What somebody lends us hides no value of what we bought."""
        lender = self.env["res.partner"].create({"name": "Lender"})
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        self._receive_at("2025-05-02 08:00:00", self.rice, 5, owner=lender)
        for group in ("product", "warehouse", "location", "lot"):
            with self.subTest(group=group):
                row = self._row("2025-04-01", "2025-04-30", group)
                self.assertRow(row, in_qty=10, in_value=100, adjust_value=0)

    def test_rules_of_an_administrator(self):
        """A record rule on places is heard, whatever the sums are grouped by."""
        self.env["ir.rule"].create(
            {
                "name": "Shelf only",
                "model_id": self.env["ir.model"]._get_id("jxc.stock.ledger"),
                "domain_force": f"[('location_id', '=', {self.shelf.id})]",
            }
        )
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        self._receive_at("2025-05-02 08:00:00", self.rice, 5, 50, self.far_shelf)
        for group in ("product", "location"):
            entries = self._rows("2025-05-01", "2025-05-31", group)
            self.assertEqual(sum(row["in_qty"] for row in entries), 0)

    def test_later_bill(self):
        """A receipt that turns out dearer after goods were sold: the balance is the
        platform's value of now, and the difference is told."""
        receipt = self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        self._issue_at("2025-04-10 08:00:00", self.rice, 5)
        self._receive_at("2025-05-02 08:00:00", self.rice, 5, 60)
        with freeze_time("2025-05-10 08:00:00"):
            receipt.value_manual = 120
        self.assertRow(
            self._row("2025-04-01", "2025-04-30"),
            in_value=120,
            out_value=60,
            adjust_value=-10,
            closing_value=60,
        )
        self.assertRow(
            self._row("2025-05-01", "2025-05-31"), opening_value=60, closing_value=120
        )
        self.assertAlmostEqual(self.rice.total_value, 120, 2)

    def test_new_cost(self):
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        with freeze_time("2025-05-10 08:00:00"):
            self.rice.standard_price = 12
        self.assertRow(self._row("2025-04-01", "2025-04-30"), closing_value=100)
        self.assertRow(
            self._row("2025-05-01", "2025-05-31"),
            opening_value=100,
            in_value=20,
            adjust_value=20,
            closing_value=120,
        )

    def test_who_may_read(self):
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        period_ = "2025-04-01", "2025-04-30"
        row = self._row(*period_, user=self.keeper)
        self.assertEqual(row["closing_qty"], 10)
        self.assertFalse([name for name in row if "value" in name])
        with self.assertRaises(AccessError):
            self._rows(*period_, user=self.outsider)
        with self.assertRaises(AccessError):
            self.ledger.with_user(self.outsider).search([])
        with self.assertRaises(AccessError):
            self.ledger.with_user(self.outsider).ages()
        entries = self.ledger.with_user(self.keeper).search(
            [("product_id", "=", self.rice.id)]
        )
        with self.assertRaises(AccessError):
            entries.read(["value"])
        executive = self._new_user("jxc_boss", "jxc_base.group_executive")
        self.assertEqual(self._row(*period_, user=executive)["closing_value"], 100)

    def test_nobody_writes(self):
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        entry = self.ledger.with_user(self.controller).search(
            [("product_id", "=", self.rice.id)]
        )
        with self.assertRaises(AccessError):
            entry.write({"quantity": 1})
        with self.assertRaises(AccessError):
            entry.unlink()

    def test_two_companies(self):
        """Each company has rows of its own, and only those who work there see them."""
        other = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        elsewhere = self.env(
            context=dict(self.env.context, allowed_company_ids=[other.id])
        )
        move = elsewhere["stock.move"].create(
            {
                "product_id": self.rice.id,
                "product_uom_qty": 3,
                "location_id": self.supplier.id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "company_id": other.id,
            }
        )
        move._action_confirm()
        move.quantity = 3
        move.picked = True
        move._action_done()
        period_ = "2025-04-01", "2025-06-30"
        self.assertRow(self._row(*period_), closing_qty=10)
        self.controller.company_ids |= other
        ledger = self.ledger.with_user(self.controller).with_context(
            allowed_company_ids=[self.env.company.id, other.id]
        )
        rows = ledger.summary(*period_, "product", [("product_id", "=", self.rice.id)])
        self.assertEqual(
            {row["company_id"]: row["closing_qty"] for row in rows},
            {self.env.company.id: 10, other.id: 3},
        )
        self.assertEqual(
            ledger.search([("product_id", "=", self.rice.id)]).company_id,
            self.env.company | other,
        )
        self.assertNotIn(
            other,
            self.ledger.with_user(self.keeper)
            .search([("product_id", "=", self.rice.id)])
            .company_id,
        )

    def test_refused_questions(self):
        ledger = self.ledger.with_user(self.controller)
        for arguments, fragment in (
            (("2025-04-30", "2025-04-01"), "in that order"),
            (("2025-04-31", "2025-05-01"), "2024-01-31"),
            (("2025-04-01", False), "in that order"),
            (("2025-04-01", "2025-04-30", "partner"), "partner"),
            (("2025-04-01", "2025-04-30", [7]), "7"),
            (("2025-04-01", "2025-04-30", 7), "7"),
            (("2025-04-01", "2025-04-30", [["product"]]), "product"),
            ((5, 7), "2024-01-31"),
            (("2025-04-01", True), "2024-01-31"),
            (("0001-01-01", "2025-04-30"), "1900"),
            (("2025-04-01", "9999-12-31"), "1900"),
            (("2025-04-01", "2025-04-30", "product", "abc"), "limited by this: abc"),
            (("2025-04-01", "2025-04-30", "product", 7), "limited by this: 7"),
            *(
                (("2025-04-01", "2025-04-30", "product", [leaf]), "limited by this")
                for leaf in (
                    ("product_id",),
                    ("product_id", "??", 1),
                    ("product_id.nothing", "=", 1),
                    7,
                )
            ),
            (
                ("2025-04-01", "2025-04-30", "product", [("date", ">", "2025-01-01")]),
                "“date”",
            ),
        ):
            with self.subTest(arguments=arguments):
                with self.assertRaises(UserError) as refused:
                    ledger.summary(*arguments)
                self.assertIn(fragment, str(refused.exception))
                with self.assertRaises(UserError):
                    ledger.turnover(*arguments)

    def test_refused_day(self):
        ledger = self.ledger.with_user(self.controller)
        for day in ("yesterday", 5, "2025-04-31", True):
            with self.subTest(day=day), self.assertRaisesRegex(UserError, "2024-01-31"):
                ledger.ages(day)
        for day in ("0001-01-01", "9999-12-31"):
            with self.subTest(day=day), self.assertRaisesRegex(UserError, "1900"):
                ledger.ages(day)

    def test_domain_by_path(self):
        self.rice.default_code = "RICE"
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        rows = self.ledger.with_user(self.controller).summary(
            "2025-04-01",
            "2025-04-30",
            domain=[
                ("product_id.default_code", "=", "RICE"),
                "!",
                ("location_id", "child_of", self.branch.view_location_id.id),
            ],
        )
        self.assertEqual([row["closing_qty"] for row in rows], [10])
        self.assertEqual(rows[0]["closing_value"], 100)

    def test_queries_do_not_grow(self):
        """Neither with history nor with products."""
        others = [self._create_goods(f"Goods {number}") for number in range(5)]
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        goods = self.rice.browse([self.rice.id, *(one.id for one in others)])

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._rows("2025-04-01", "2025-04-30", "warehouse", goods)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for product in others:
            for day in range(1, 5):
                self._receive_at(f"2025-04-0{day} 08:00:00", product, 5, 50)
        self.assertLessEqual(count(), few + 1)

    def test_entries(self):
        """The stock card: running balances that end at the quantity on hand."""
        self._receive_at("2025-04-02 08:00:00", self.rice, 10, 100)
        self._move_at("2025-04-03 08:00:00", self.rice, 4, self.shelf, self.far_shelf)
        self._issue_at("2025-04-04 08:00:00", self.rice, 3)
        entries = self.ledger.with_user(self.controller).search(
            [("product_id", "=", self.rice.id)], order="date, id"
        )
        self.assertEqual(entries.mapped("quantity"), [10, -4, 4, -3])
        self.assertEqual(entries.mapped("balance_product"), [10, 6, 10, 7])
        self.assertEqual(entries.mapped("balance_location"), [10, 6, 4, 3])
        self.assertEqual(entries.mapped("value"), [100, 0, 0, -30])
        self.assertEqual(entries[-1].balance_text, "7瓶")
        self.assertEqual(entries[-1].balance_product, self.rice.qty_available)
        action = entries[0].action_open_document()
        self.assertEqual(action["res_id"], entries[0].move_id.id)
