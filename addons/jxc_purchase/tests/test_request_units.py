# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..tools.coverage import in_base
from .request_common import RequestCommon

PARTS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 400), st.booleans()),
    min_size=1,
    max_size=6,
)


@tagged("post_install", "-at_install")
class TestRequestUnits(RequestCommon):
    """Parts of requests are exact, whatever unit they were asked for in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beer = cls._product("Beer", {"箱": 24, "提": 6})
        units = {unit.name: unit.uom_id for unit in cls.beer.jxc_unit_ids}
        cls.crate, cls.pack = units["箱"], units["提"]

    def _asked(self, quantity, unit, product=None):
        values = {"product_uom_id": unit.id}
        lines = [(product or self.beer, quantity, values)]
        return self._request(*lines, approve=True).line_ids

    def _order_written(self, lines, *splits):
        """Make RFQs: (request line, quantity, its unit, vendor); return them."""
        wizard = self._wizard(lines)
        wizard.line_ids.unlink()
        wizard.line_ids.create(
            [
                {
                    "wizard_id": wizard.id,
                    "request_line_id": line.id,
                    "product_id": line.product_id.id,
                    "vendor_id": vendor.id,
                    "quantity": quantity,
                    "product_uom_id": unit.id,
                }
                for line, quantity, unit, vendor in splits
            ]
        )
        return self._create_orders(wizard)

    def _wizard(self, lines):
        action = lines.with_user(self.buyer).action_create_orders()
        wizard = self.env["jxc.purchase.request.order"].browse(action["res_id"])
        return wizard.with_user(self.buyer)

    def _create_orders(self, wizard):
        before = self.env["purchase.order"].search([])
        wizard.action_create()
        return self.env["purchase.order"].search([], order="id") - before

    def _in_bottles(self, line):
        parts = line._parts()[line]
        return [int(part) for part in parts]

    def test_rest_is_exact(self):
        """3 packs of six, 5 bottles ordered: 13 bottles are left, not 2.17 packs."""
        line = self._asked(3, self.pack)
        other = self._asked(53, self.bottle)
        self._order_written(line, (line, 5, self.bottle, self.other_vendor))
        self.assertEqual(self._in_bottles(line), [5, 0, 0, 0, 13])
        self.assertEqual(line.qty_open, 2.17)
        wizard = self._wizard(line | other.with_env(line.env))
        first = wizard.line_ids[0]
        self.assertEqual(first.open_text, "2提1瓶")
        self.assertEqual((first.quantity, first.product_uom_id), (13, self.bottle))
        wizard.line_ids.vendor_id = self.vendor
        order = self._create_orders(wizard)
        self.assertEqual(order.order_line.product_qty, 66)
        self.assertEqual(order.order_line.product_uom_id, self.bottle)
        order.with_user(self.buyer).button_confirm()
        self.assertEqual(self._in_bottles(line), [5, 13, 0, 0, 0])
        self.assertQuantities(line, rfq=0.83, ordered=2.17)

    def test_what_is_shown_means_all_of_it(self):
        """Who enters the rest as it is shown orders the rest."""
        line = self._asked(3, self.pack)
        self._order_written(line, (line, 5, self.bottle, self.other_vendor))
        order = self._order_written(line, (line, 2.17, self.pack, self.vendor))
        self.assertEqual(order.order_line.product_qty, 13)
        self.assertEqual(order.order_line.product_uom_id, self.bottle)
        order.button_confirm()
        self.assertEqual(self._in_bottles(line), [5, 13, 0, 0, 0])

    def test_nothing_is_not_the_rest(self):
        """One bottle is 0.00 barrels; who enters 0 barrels orders none."""
        big = self._product("Screws", {"桶": 1000})
        barrel = big.jxc_unit_ids.uom_id
        line = self._asked(1, barrel, big)
        self._order_written(line, (line, 999, self.bottle, self.vendor))
        wizard = self._wizard(line)
        part = wizard.line_ids
        part.write({"quantity": 0, "product_uom_id": barrel.id})
        self.assertEqual(part._shares(), {part: 0})
        self.assertEqual(part.order_qty, 0)
        part.action_split()
        rest = wizard.line_ids - part
        self.assertEqual((rest.quantity, rest.product_uom_id), (1, self.bottle))

    def test_split_of_a_crate(self):
        line = self._asked(1, self.crate)
        wizard = self._wizard(line)
        first = wizard.line_ids
        self.assertEqual((first.quantity, first.product_uom_id), (1, self.crate))
        first.write(
            {
                "quantity": 8,
                "product_uom_id": self.bottle.id,
                "vendor_id": self.vendor.id,
            }
        )
        first.action_split()
        rest = wizard.line_ids - first
        self.assertEqual((rest.quantity, rest.product_uom_id), (16, self.bottle))
        rest.vendor_id = self.other_vendor
        orders = self._create_orders(wizard)
        self.assertEqual(orders.order_line.mapped("product_qty"), [8, 16])
        self.assertEqual(orders.order_line.product_uom_id, self.bottle)
        orders.button_confirm()
        self.assertEqual(self._in_bottles(line), [0, 24, 0, 0, 0])
        self.assertQuantities(line, ordered=1)

    def test_eight_bottles_can_be_entered(self):
        line = self._asked(1, self.crate)
        with Form(self._wizard(line)) as form, form.line_ids.edit(0) as part:
            self.assertEqual(part.open_text, "1箱")
            part.product_uom_id = self.bottle
            part.quantity = 8
            part.vendor_id = self.vendor
            self.assertEqual(part.order_qty, 8)
            self.assertEqual(part.order_uom_id, self.bottle)

    def test_the_last_bottles_of_many(self):
        """What is less than a hundredth of a unit is open all the same."""
        big = self._product("Screws", {"桶": 1000})
        barrel = big.jxc_unit_ids.uom_id
        line = self._asked(1, barrel, big)
        order = self._order_written(line, (line, 998, self.bottle, self.vendor))
        order.button_confirm()
        self.assertQuantities(line, ordered=0.99, opened=0.01)
        self.assertTrue(line.request_id.has_open)
        rest = self._order(line)
        self.assertEqual(rest.order_line.product_qty, 2)
        rest.button_confirm()
        self.assertEqual(line.progress, "ordered")
        self._receive(order)
        self.assertEqual(line.progress, "ordered")
        self._receive(rest)
        self.assertEqual(line.progress, "done")

    def test_more_than_open_names_the_units(self):
        line = self._asked(3, self.pack)
        with self.assertRaisesRegex(UserError, "1箱 are to be ordered.*only 3提 are"):
            self._order_written(line, (line, 24, self.bottle, self.vendor))

    def test_units_of_another_kind(self):
        line = self._asked(3, self.pack)
        kilo = self.env.ref("uom.product_uom_kgm")
        with self.assertRaisesRegex(UserError, "no fixed relation"):
            self._order_written(line, (line, 1, kilo, self.vendor))

    def test_received_in_bottles(self):
        """2 bottles of 5 crates came: 2 bottles, not 0.08 crates of 24."""
        line = self._asked(120, self.bottle)
        order = self._order(line, (line, 120, self.vendor, self.crate))
        order.order_line.price_unit = 240
        order.button_confirm()
        self.assertEqual(order.order_line.product_qty, 5)
        self._receive(order, 2)
        self.assertEqual(order.order_line.qty_received, 0.08)
        self.assertEqual(order.order_line.jxc_qty_received_base, 2)
        self.assertQuantities(line, ordered=120, received=2)
        order.with_user(self.buyer).action_jxc_close_short()
        self.assertQuantities(line, ordered=2, received=2, opened=118)
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_qty": 2,
                    "product_uom_id": self.bottle.id,
                    "price_unit": 10,
                    "qty_received": 2,
                }
            ],
        )
        self.assertIn("5箱(24瓶) → 2 瓶", order.message_ids[0].body)
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done", "cancel"})

    def test_closing_short_needs_no_new_approval(self):
        """Less in another unit is no more than what was approved."""
        tier = self.env["tier.definition"].create(
            {
                "name": "Orders",
                "model_id": self.env["ir.model"]._get("purchase.order").id,
                "review_type": "individual",
                "reviewer_id": self.manager.id,
                "definition_domain": "[]",
            }
        )
        self.assertTrue(tier.active)
        line = self._asked(120, self.bottle)
        order = self._order(line, (line, 120, self.vendor, self.crate))
        order.with_user(self.buyer).button_confirm()
        self.assertEqual(order.state, "to approve")
        order.with_user(self.manager).validate_tier()
        self.assertEqual(order.state, "purchase")
        self._receive(order, 2)
        order.with_user(self.buyer).action_jxc_close_short()
        self.assertEqual((order.state, order.order_line.product_qty), ("purchase", 2))

    def test_returned_bottles(self):
        line = self._asked(2, self.crate)
        order = self._order(line)
        order.button_confirm()
        self._receive(order)
        picking = order.picking_ids.with_context(active_model="stock.picking")
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": 5, "to_refund": True})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(self._in_bottles(line), [0, 48, 43, 0, 0])

    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(quantity=st.integers(1, 900), unit=st.integers(0, 2), parts=PARTS)
    def test_own_rfqs_always_confirm(self, quantity, unit, parts):
        """Ordered and open are what was requested, to the bottle; RFQs confirm."""
        self.env.cr.execute("SAVEPOINT example")
        try:
            self._play(quantity, unit, parts)
        finally:
            self.env.invalidate_all()
            self.env.transaction.clear()
            self.env.cr.execute("ROLLBACK TO SAVEPOINT example")

    def _play(self, quantity, unit, parts):
        units = [self.bottle, self.pack, self.crate]
        line = self._asked(quantity / 4, units[unit])
        asked = in_base(line.product_qty, line.product_uom_id)
        for number, part, confirmed in parts:
            left = line._parts()[line].open
            size = in_base(1, units[number])
            if not left or Fraction(part, 20) * size > left:
                continue
            order = self._order_written(
                line, (line, part / 20, units[number], self.vendor)
            )
            if confirmed:
                order.with_user(self.buyer).button_confirm()
                self.assertEqual(order.state, "purchase")
            found = line._parts()[line]
            self.assertEqual(
                found.in_rfqs + found.ordered + found.closed + found.open, asked
            )
        if line._parts()[line].open:
            self._order(line).with_user(self.buyer).button_confirm()
        self.assertEqual(line._parts()[line].open, 0)
        self.assertEqual(line.qty_open, 0)
