# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .mode_common import ModeCommon


@tagged("post_install", "-at_install")
class TestModeFramework(ModeCommon):
    """Call-offs keep the agreement: vendor, validity, price, quantity, amount."""

    def setUp(self):
        super().setUp()
        self.agreement = self._agreement((self.wine, 100, 5))

    def _call_off(self, quantity, price=5, agreement=None, confirm=True, **values):
        order = self._rfq(
            (self.wine, quantity, price),
            requisition_id=(agreement or self.agreement).id,
            **values,
        )
        if confirm:
            order.button_confirm()
        return order

    def _left(self, agreement=None):
        lines = (agreement or self.agreement).line_ids
        lines.invalidate_recordset()
        return lines[:1].jxc_qty_left

    def test_quantity_is_taken_and_given_back(self):
        order = self._call_off(60)
        self.assertEqual(self._left(), 40)
        with self.refused("agreed 100 .* called off 60, asked 41, missing 1"):
            self._call_off(41)
        order.button_cancel()
        self.assertEqual(self._left(), 100)
        self._call_off(100)
        self.assertEqual(self._left(), 0)

    def test_batch_is_asked_together(self):
        orders = self._call_off(60, confirm=False) | self._call_off(50, confirm=False)
        with self.refused("asked 110, missing 10"):
            orders.button_confirm()
        self.assertEqual(self._left(), 100)

    def test_widening_and_narrowing(self):
        order = self._call_off(60)
        with self.refused("missing 1"):
            order.order_line.product_qty = 101
        order.order_line.product_qty = 100
        self.assertEqual(self._left(), 0)
        order.order_line.product_qty = 30
        self.assertEqual(self._left(), 70)
        with self.refused("missing 2"):
            order.write({"order_line": [self._line(self.wine, 72, 5)]})
        self.env.invalidate_all()
        order.order_line.product_qty = 0
        self.assertEqual(self._left(), 100)

    def test_lines_of_one_write_are_taken_together(self):
        order = self._rfq(
            (self.wine, 50, 5),
            (self.wine, 50, 5),
            requisition_id=self.agreement.id,
        )
        order.button_confirm()
        first, second = order.order_line
        order.write(
            {
                "order_line": [
                    Command.update(first.id, {"product_qty": 70}),
                    Command.update(second.id, {"product_qty": 30}),
                ]
            }
        )
        self.assertEqual(self._left(), 0)

    def test_units_are_exact(self):
        agreement = self._agreement((self.wine, 1, 60, self.box))
        for _number in range(3):
            self._call_off(4, 5, agreement)
        self.assertEqual(self._left(agreement), 0)
        with self.refused("missing"):
            self._call_off(1, 5, agreement)

    def test_price_as_agreed(self):
        for price, discount in ((5.5, 0), (4.5, 0), (5, 10)):
            order = self._call_off(1, price, confirm=False)
            order.order_line.discount = discount
            with self.refused(r"5\.00 was agreed"):
                order.button_confirm()
        order = self._call_off(1)
        with self.refused(r"5\.00 was agreed"):
            order.order_line.price_unit = 6

    def test_only_agreed_products(self):
        order = self._call_off(1, confirm=False)
        order.write({"order_line": [self._line(self._product("Beer"), 1, 5)]})
        with self.refused("Beer is not part of"):
            order.button_confirm()

    def test_agreement_has_to_fit(self):
        today = fields.Date.today()
        cases = [
            (self._rfq((self.wine, 1, 5)), "names no blanket order"),
            (
                self._call_off(1, confirm=False, vendor=self.other_vendor),
                "is with Vendor A",
            ),
            (
                self._call_off(
                    1,
                    agreement=self._agreement((self.wine, 5, 5), confirm=False),
                    confirm=False,
                ),
                "is not confirmed",
            ),
            (
                self._call_off(
                    1,
                    agreement=self._agreement(
                        (self.wine, 5, 5), date_end=today - timedelta(days=1)
                    ),
                    confirm=False,
                    date_order="2020-01-01 12:00:00",
                ),
                "not today",
            ),
        ]
        for order, message in cases:
            order.jxc_procurement_mode = "framework"
            with self.refused(message):
                order.button_confirm()

    def test_agreement_binds_in_every_mode(self):
        for mode in ("direct", "urgent"):
            order = self._call_off(101, confirm=False)
            order.write({"jxc_procurement_mode": mode, "jxc_urgent_reason": "x"})
            with self.refused("missing 1"):
                order.with_user(self.manager).button_confirm()

    def test_agreed_amount(self):
        agreement = self._agreement((self.wine, 100, 5), jxc_amount_limit=200)
        order = self._call_off(30, agreement=agreement)
        self.assertEqual(agreement.jxc_amount_called, 150)
        with self.refused(r"missing.*5\.00"):
            self._call_off(11, agreement=agreement)
        self.assertEqual(self._left(agreement), 70)
        with self.refused("cannot become lower"):
            agreement.jxc_amount_limit = 149
        agreement.jxc_amount_limit = 150
        order.button_cancel()
        self.assertEqual(agreement.jxc_amount_called, 0)

    def test_what_was_agreed_is_kept(self):
        self._call_off(60)
        line = self.agreement.line_ids
        for values in ({"product_qty": 200}, {"price_unit": 9}):
            with self.assertRaises(AccessError):
                line.with_user(self.buyer).write(values)
        with self.assertRaises(AccessError):
            self.agreement.with_user(self.buyer).jxc_amount_limit = 9
        manager = line.with_user(self.manager)
        with self.refused("60 .* are called off"):
            manager.product_qty = 59
        manager.product_qty = 60
        with self.refused("cannot become another product"):
            manager.product_id = self._product("Beer")
        with self.refused("rely on what was agreed"):
            self.agreement.with_user(self.manager).action_draft()
        with self.refused("rely on what was agreed"):
            self.agreement.vendor_id = self.other_vendor
        self.assertTrue(self.agreement.message_ids.filtered(lambda m: "60" in m.body))

    def test_called_fields_are_the_servers(self):
        order = self._call_off(60)
        for values in (
            {"jxc_called_qty": 0},
            {"jxc_called_line_id": False},
            {"jxc_called_amount": 0},
        ):
            with self.assertRaises(AccessError):
                order.order_line.write(values)
        sneaky = order.with_context(default_jxc_called_qty=-50)
        line = sneaky.order_line.create(
            {"order_id": order.id, "product_id": self.wine.id, "product_qty": 10}
        )
        self.assertEqual(line.jxc_called_qty, 10)

    def test_waiting_orders_take_nothing(self):
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 10}
        )
        order = self._call_off(60)
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._left(), 100)
        order.with_user(self.manager).button_approve()
        self.assertEqual(self._left(), 40)

    def test_orders_from_before(self):
        """What was called off before this addon was installed is counted."""
        order = self._call_off(60)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order_line SET jxc_called_line_id = NULL,"
            " jxc_called_qty = NULL, jxc_called_amount = NULL WHERE order_id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._left(), 100)
        self.env["purchase.order.line"].init()
        self.env.invalidate_all()
        self.assertEqual(self._left(), 40)
        self.assertEqual(self.agreement.jxc_amount_called, 300)
