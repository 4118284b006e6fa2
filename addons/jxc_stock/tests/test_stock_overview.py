# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .control_common import ControlCase


@tagged("post_install", "-at_install")
class TestStockOverview(ControlCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.standard_price = 3
        cls.rows = cls.env["jxc.stock.overview"]

    def _rows(self, product=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        product = product or self.product
        rows = self.rows.with_user(user) if user else self.rows
        return rows.search(
            [("product_id", "=", product.id)], order="location_id, status"
        )

    def test_one_row_for_each_status(self):
        self.quant.action_jxc_freeze(2, "Smells")
        self._stock(self.product, 4, self._place("Q", "inspect"))
        self._stock(self.product, 5, self._place("X", "defective"))
        self._delivery(self.product, 3)
        self._create_move(self.product, 7)._action_confirm()
        self.assertRecordValues(
            self._rows().sorted("status"),
            [
                {
                    "status": "available",
                    "quantity": 8,
                    "reserved": 3,
                    "available": 5,
                    "incoming": 7,
                    "outgoing": 3,
                    "value": 24,
                    "quantity_text": "8瓶",
                    "warehouse_id": self.warehouse.id,
                    "company_id": self.env.company.id,
                },
                self._status("defective", 5),
                self._status("frozen", 2),
                self._status("inspect", 4),
            ],
        )

    def test_auxiliary_quantities(self):
        """Both quantities are shown; goods frozen in part share the auxiliary one."""
        head = self.env["uom.uom"].create({"name": "头"})
        pig = self._create_product(
            "Pig",
            uom_id=self.kg.id,
            jxc_aux_uom_id=head.id,
            jxc_aux_ratio=95,
            jxc_aux_tolerance=10,
        )
        move = self._create_move(pig, 1900)
        move._action_confirm()
        move.write({"quantity": 1900, "picked": True})
        move.move_line_ids.jxc_aux_qty = 20
        move._action_done()
        quant = self.env["stock.quant"].search(
            [("product_id", "=", pig.id), ("location_id", "=", self.shelf.id)]
        )
        quant.action_jxc_freeze(475, "Sick")
        self._create_move(pig, 95)._action_confirm()
        self.assertRecordValues(
            self._rows(pig),
            [
                {
                    "status": "available",
                    "aux_quantity": 15,
                    "quantity_text": "1425 kg(15头)",
                    "incoming_text": "95 kg",
                    "outgoing_text": "",
                },
                {
                    "status": "frozen",
                    "aux_quantity": 5,
                    "quantity_text": "475 kg(5头)",
                    "incoming_text": "",
                    "outgoing_text": "",
                },
            ],
        )

    def test_quantities_add_up_per_unit(self):
        """Bottles and kilograms make no sum; goods of one unit and values do."""
        rice = self._create_product("Rice", uom_id=self.kg.id, standard_price=2)
        self._stock(rice, 4, self.shelf)
        self._stock(rice, 1, self._place("Q", "inspect"))
        self.env.flush_all()
        domain = [("product_id", "in", (self.product + rice).ids)]
        [group] = self.rows.formatted_read_group(
            domain, [], ["quantity:sum", "available:sum", "value:sum"]
        )
        self.assertFalse(group["quantity:sum"] or group["available:sum"])
        self.assertEqual(group["value:sum"], 40)
        groups = dict(self.rows._read_group(domain, ["product_id"], ["quantity:sum"]))
        self.assertEqual(groups, {self.product: 10, rice: 5})

    def _status(self, status, quantity):
        return {
            "status": status,
            "quantity": quantity,
            "reserved": 0,
            "available": 0,
            "incoming": 0,
            "outgoing": 0,
            "value": quantity * 3,
            "quantity_text": f"{quantity}瓶",
            "warehouse_id": self.warehouse.id,
            "company_id": self.env.company.id,
        }

    def test_sums_are_the_platform_s(self):
        """By product: on hand, incoming, outgoing and value as everywhere else."""
        product = self._create_product("Tea", {"箱": 12}, standard_price=3)
        self._receive(product, 24)
        self._validate(self._delivery(product, 5), 5)
        self._delivery(product, 6)
        box = self._unit(product, "箱").uom_id
        self._create_move(product, 2, box)._action_confirm()
        to_inspect = self._place("Q", "inspect")
        move = self._delivery(product, 3, location_dest_id=to_inspect.id)
        self._validate(move, 3)
        self._quant(product).action_jxc_freeze(4, "Smells")
        self.env.flush_all()
        product.invalidate_recordset()
        [[on_hand, available, incoming, outgoing, value]] = self.rows._read_group(
            [("product_id", "=", product.id)],
            [],
            [
                "quantity:sum",
                "available:sum",
                "incoming:sum",
                "outgoing:sum",
                "value:sum",
            ],
        )
        self.assertEqual(on_hand, product.qty_available)
        self.assertEqual(available, product.free_qty)
        self.assertEqual(incoming, product.incoming_qty)
        self.assertEqual(outgoing, product.outgoing_qty)
        self.assertAlmostEqual(value, product.total_value)

    def test_lots_and_expiry(self):
        milk = self._create_product("Milk", tracking="lot", use_expiration_date=True)
        old = self._create_lot(milk, "L1", expiration_date="2020-01-01")
        soon = fields.Datetime.now() + timedelta(days=3, hours=1)
        new = self._create_lot(milk, "L2", expiration_date=soon)
        for lot in (old, new):
            self._stock(milk, 6, lot=lot)
        expired, fresh = self._rows(milk).sorted("expiration_date")
        self.assertRecordValues(
            expired + fresh,
            [
                {
                    "lot_id": old.id,
                    "status": "expired",
                    "quantity": 6,
                    "available": 0,
                },
                {
                    "lot_id": new.id,
                    "status": "available",
                    "quantity": 6,
                    "available": 6,
                },
            ],
        )
        self.assertLess(expired.days_left, 0)
        self.assertEqual(fresh.days_left, 3)

    def test_value_only_for_who_sees_costs(self):
        with self._refused(error=AccessError):
            self._rows(user=self.keeper).read(["value"])
        self.assertNotIn("value", self.rows.with_user(self.keeper).fields_get())
        with self._refused(error=AccessError):
            self.rows.with_user(self.keeper)._read_group([], [], ["value:sum"])
        self.keeper.group_ids += self.env.ref("jxc_base.group_see_costs")
        self.assertEqual(self._rows(user=self.keeper).value, 30)

    def test_who_may_read(self):
        clerk = self._new_user("clerk", "base.group_user")
        with self._refused(error=AccessError):
            self._rows(user=clerk)
        with self._refused(error=AccessError):
            self._rows(user=self.controller).quantity = 5
        executive = self._new_user("executive", "jxc_base.group_executive")
        self.assertEqual(self._rows(user=executive).quantity, 10)

    def test_expired_goods_keep_another_status(self):
        """Expired is said of goods that nothing else holds; one date is enough."""
        milk = self._create_product("Milk", tracking="lot", use_expiration_date=True)
        lot = self._create_lot(milk, "L1", expiration_date="2020-01-01")
        lot.removal_date = False
        self._stock(milk, 6, lot=lot).action_jxc_freeze(2, "Smells")
        self._stock(milk, 4, self._place("Q", "inspect"), lot=lot)
        found = [(row.status, row.quantity, row.available) for row in self._rows(milk)]
        self.assertCountEqual(
            found, [("expired", 4, 0), ("frozen", 2, 0), ("inspect", 4, 0)]
        )

    def test_two_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self._stock(self.product, 5, warehouse.lot_stock_id)
        self.product.with_company(other).standard_price = 7
        self.assertEqual(len(self._rows(user=self.keeper)), 1)
        rows = self.rows.with_context(
            allowed_company_ids=[self.env.company.id, other.id]
        )
        self.env.flush_all()
        rows = rows.search([("product_id", "=", self.product.id)])
        self.assertEqual(
            {row.company_id: row.value for row in rows},
            {self.env.company: 30, other: 35},
        )

    def test_transfers_within_a_warehouse_are_neither(self):
        place = self._place("Elsewhere")
        self._delivery(self.product, 3, location_dest_id=place.id)
        self.assertRecordValues(
            self._rows(), [{"incoming": 0, "outgoing": 0, "reserved": 3}]
        )

    def test_freeze_from_here(self):
        action = self._rows(user=self.controller).action_open_freeze()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.controller)
            .with_context(**action["context"])
        )
        form.quantity = 4
        form.reason = "Smells"
        form.save().action_apply()
        self.assertEqual(self.quant.jxc_frozen_quantity, 4)
        domain = self._rows()[:1].action_open_quants()["domain"]
        self.assertEqual(self.env["stock.quant"].search(domain), self.quant)

    def test_queries_do_not_grow(self):
        counts = []
        for number in (1, 20):
            for name in range(number):
                self._stock(self._create_product(f"P{name}", {"箱": 12}), 5)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rows.search([]).read(["product_id", "quantity", "quantity_text"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
