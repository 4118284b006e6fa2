# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .aux_common import AuxCase

WRONG = (float("nan"), float("inf"), -float("inf"), "nan", "-Infinity")


@tagged("post_install", "-at_install")
class TestNumbers(AuxCase):
    """NaN and infinity, as clients can send them, are refused by name."""

    def _assert_refused(self, act, message):
        for value in WRONG:
            with (
                self.subTest(value=value),
                self.assertRaisesRegex(
                    ValidationError, f"{message} must be a number, not {value}"
                ),
                self.cr.savepoint(),
            ):
                act(value)

    def _assert_write_refused(self, record, name, message):
        before = record[name]
        self._assert_refused(lambda value: record.write({name: value}), message)
        self.assertEqual(record[name], before)

    def test_operations(self):
        move = self._create_move(self.pig, 500)
        move._action_confirm()
        move.quantity = 500
        self._assert_write_refused(move, "jxc_aux_qty", "Pig.*: Auxiliary Demand")
        self._assert_write_refused(
            move, "jxc_aux_done", "Pig.*: Auxiliary Quantity Done"
        )
        self._assert_write_refused(
            move.move_line_ids, "jxc_aux_qty", "Auxiliary Quantity"
        )
        line = {
            "product_id": self.pig.id,
            "location_id": self.shelf.id,
            "location_dest_id": self.customers.id,
        }
        for given in ({}, {"quantity": 100}):
            self._assert_refused(
                lambda value, given=given: self.env["stock.move.line"].create(
                    {**line, **given, "jxc_aux_qty": value}
                ),
                "Pig: Auxiliary Quantity",
            )

    def test_stock(self):
        self._bring(1000, 10)
        quant = self.env["stock.quant"]._gather(self.pig, self.shelf)
        counting = quant.with_context(inventory_mode=True)
        message = r"Counted \(Auxiliary\)"
        self._assert_write_refused(counting, "jxc_aux_inventory_qty", message)
        self._assert_refused(
            lambda value: counting.create(
                {
                    "product_id": self.pig.id,
                    "location_id": self.stall.id,
                    "inventory_quantity": 100,
                    "jxc_aux_inventory_qty": value,
                }
            ),
            message,
        )
        self._assert_refused(
            lambda value: self.env["stock.scrap"].create(
                {"product_id": self.pig.id, "jxc_aux_qty": value}
            ),
            "Pig: Auxiliary Quantity",
        )
        self._assert_refused(
            lambda value: self.env["jxc.stock.freeze.wizard"].create(
                {"quant_ids": quant.ids, "quantity": value}
            ),
            "Freeze Stock: Quantity",
        )

    def test_limits(self):
        template = self.pig.product_tmpl_id
        for name, label in (
            ("jxc_safety_stock", "Safety Stock"),
            ("jxc_maximum_stock", "Maximum Stock"),
        ):
            self._assert_write_refused(template, name, f"Pig: {label}")
            self._assert_write_refused(self.pig.categ_id, name, label)
        for name in ("jxc_aux_ratio", "jxc_aux_tolerance"):
            self._assert_write_refused(template, name, "Pig: .*")

    def test_counts_and_transfers(self):
        company = self.env.company
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        other = warehouse.create({"name": "Other", "code": "OTHER"})
        for name in ("percent", "quantity"):
            self._assert_write_refused(
                company, f"jxc_count_tolerance_{name}", "Recount above.*"
            )
            self._assert_refused(
                lambda value, name=name: self.env["jxc.stock.count"].create(
                    {"warehouse_id": warehouse.id, f"tolerance_{name}": value}
                ),
                ".*",
            )
        for name in ("share_a", "share_b"):
            self._assert_refused(
                lambda value, name=name: self.env["jxc.stock.count.plan"].create(
                    {"name": "Rolling", "warehouse_id": warehouse.id, name: value}
                ),
                "Rolling: .*",
            )
        allocation = self.env["jxc.stock.allocation"].create({})
        line = {
            "allocation_id": allocation.id,
            "product_id": self.wine.id,
            "source_id": warehouse.id,
            "target_id": other.id,
        }
        self._assert_refused(
            lambda value: self.env["jxc.stock.allocation.line"].create(
                {**line, "quantity": value}
            ),
            ".*Wine.*: Quantity",
        )
        kept = self.env["jxc.stock.allocation.line"].create({**line, "quantity": 2})
        self._assert_write_refused(kept, "quantity", ".*Wine.*: Quantity")
