# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import new_test_user, tagged

from .common import CreditCommon
from .test_credit_channels import PIXEL


@tagged("post_install", "-at_install")
class TestDeliveryPlan(CreditCommon):
    """What may leave today, and delivery notes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.write({"credit_limit": 1000, "order_action": "none"})
        cls.account.delivery_action = "hold"
        cls.today = cls.account._jxc_today()
        cls.shipper = new_test_user(
            cls.env,
            "jxc_shipper",
            "stock.group_stock_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _open(self, quantity, **values):
        order = self._create_order(quantity, **values)
        order.action_confirm()
        return order.picking_ids.with_user(self.shipper)

    def _state(self, picking):
        self.env.invalidate_all()
        return picking.jxc_ship_state

    def test_credit_state(self):
        small, large = self._open(10), self._open(11)
        self.assertEqual(small.jxc_goods_value, 1000)
        self.assertEqual((self._state(small), self._state(large)), ("free", "over"))
        large.move_ids.picked = True
        large.button_validate()
        self.assertEqual(self._state(large), "hold")
        self.account.unlimited = True
        large.sudo().sale_id._jxc_leave_hold()
        self.assertEqual(self._state(large), "free")

    def test_planned_by_planning_only(self):
        """A day that is written would take credit before the others."""
        picking = self._open(6)
        with self.assertRaises(AccessError):
            picking.jxc_planned_on = self.today
        twin = picking.with_context(default_jxc_planned_on=self.today).copy()
        self.assertFalse(twin.jxc_planned_on)
        picking.action_jxc_plan_today()
        self.assertEqual(picking.jxc_planned_on, self.today)
        with self.assertRaises(AccessError):
            picking.jxc_planned_on = False
        picking.action_jxc_unplan()
        self.assertFalse(picking.jxc_planned_on)

    def test_credit_state_follows_the_plan(self):
        """Each is judged after what leaves before it, in the order of the plan."""
        first, second, third = (self._open(quantity) for quantity in (6, 5, 4))
        for picking in (first, second, third):
            self.assertEqual(self._state(picking), "free", "nothing is planned")
        (second | first).action_jxc_plan_today()
        planned = (first | second).filtered("jxc_planned_on")
        self.assertEqual(planned, first, "the second found no room any more")
        self.assertEqual(self._state(first), "free", "not beside itself")
        self.assertEqual(self._state(second), "over", "6 of 10 are gone by then")
        self.assertEqual(self._state(third), "free")
        third.action_jxc_plan_today()
        # Planned all the same, as the credit got smaller: the urgent one leaves.
        third.sudo().priority = "1"
        self.account.credit_limit = 500
        self.env.invalidate_all()
        states = [self._state(one) for one in (first, second, third)]
        self.assertEqual(states, ["over", "over", "free"])
        self.assertEqual(first._jxc_state_alone(), "over")
        first.action_jxc_unplan()
        self.account.credit_limit = 1000
        self.assertEqual(self._state(first), "free", "4 and 6")
        self.assertEqual(self._state(second), "free")
        self.env.invalidate_all()
        both = (first | second | third).mapped("jxc_ship_state")
        self.assertEqual(both, ["free", "free", "free"], "as each by itself")

    def test_released(self):
        picking = self._open(11)
        self.assertEqual(self._state(picking), "over")
        order = self.env["sale.order"].browse(picking.sudo().sale_id.id)
        order.action_jxc_credit_release(100, None, "A bit more")
        self.assertEqual(self._state(picking), "free")

    def test_overdue(self):
        self.account.write(
            {
                "unlimited": True,
                "control_overdue": True,
                "overdue_days": 10,
                "overdue_amount": 50,
            }
        )
        picking = self._open(1)
        self.assertEqual(self._state(picking), "free")
        invoice = self._due(500, 40)
        self.assertEqual(self._state(picking), "over")
        with self.assertRaisesRegex(UserError, picking.name):
            picking.action_jxc_plan_today()
        self._pay(invoice)
        self.assertEqual(self._state(picking), "free")

    def test_two_share_the_room(self):
        first, urgent = self._open(6), self._open(6)
        urgent.priority = "1"
        self.assertEqual((self._state(first), self._state(urgent)), ("free", "free"))
        result = (first | urgent).action_jxc_plan_today()
        self.assertEqual(urgent.jxc_planned_on, self.today)
        self.assertFalse(first.jxc_planned_on)
        self.assertIn(first.name, result["params"]["message"])
        self.assertNotIn(urgent.name, result["params"]["message"])

    def test_promised_first_goes_first(self):
        late, soon = self._open(6), self._open(6)
        for picking, days in ((late, 5), (soon, 1)):
            picking.move_ids.date_deadline = Date.add(self.today, days=days)
        (late | soon).action_jxc_plan_today()
        self.assertEqual((late | soon).filtered("jxc_planned_on"), soon)

    def test_what_is_planned_already_counts(self):
        first, second = self._open(6), self._open(6)
        first.action_jxc_plan_today()
        with self.assertRaisesRegex(UserError, second.name):
            second.action_jxc_plan_today()
        self._open(4).action_jxc_plan_today()
        first.action_jxc_unplan()
        second.action_jxc_plan_today()
        self.assertEqual(second.jxc_planned_on, self.today)

    def test_an_urgent_one_takes_the_place_of_one_that_is_planned(self):
        first, urgent = self._open(6), self._open(6)
        first.action_jxc_plan_today()
        urgent.priority = "1"
        (first | urgent).action_jxc_plan_today()
        self.assertEqual((first | urgent).filtered("jxc_planned_on"), urgent)

    def test_what_left_is_counted_once(self):
        first = self._open(6)
        first.action_jxc_plan_today()
        first.move_ids.picked = True
        first.button_validate()
        self._open(4).action_jxc_plan_today()

    def test_released_goes_beyond_what_is_planned(self):
        first, second = self._open(6), self._open(6)
        first.action_jxc_plan_today()
        order = self.env["sale.order"].browse(second.sudo().sale_id.id)
        order.action_jxc_credit_release(200, None, "Both")
        self.env.invalidate_all()
        second.action_jxc_plan_today()
        self.assertEqual(second.jxc_planned_on, self.today)

    def test_mode_state(self):
        tomorrow = Date.add(self.today, days=1)
        retail = self._open(1, jxc_sale_mode="retail")
        early = self._open(
            1,
            jxc_sale_mode="presale",
            jxc_balance_before=False,
            jxc_deposit_percent=0,
            jxc_window_from=tomorrow,
        )
        self.assertEqual((self._state(retail), self._state(early)), ("unpaid", "early"))

    def test_plan_names_what_may_not_leave(self):
        fits, too_much = self._open(3), self._open(11)
        result = (fits | too_much).action_jxc_plan_today()
        self.assertIn(too_much.name, result["params"]["message"])
        self.assertNotIn(fits.name, result["params"]["message"])
        self.assertEqual(fits.jxc_planned_on, self.today)
        self.assertFalse(too_much.jxc_planned_on)
        with self.assertRaisesRegex(UserError, too_much.name):
            too_much.action_jxc_plan_today()
        fits.action_jxc_unplan()
        self.assertFalse(fits.jxc_planned_on)

    def test_plan_validates_nothing(self):
        picking = self._open(3)
        picking.move_ids._do_unreserve()
        before = picking.move_ids.read(["state", "quantity", "picked"])
        picking.action_jxc_plan_today()
        self.assertEqual(picking.move_ids.read(["state", "quantity", "picked"]), before)
        self.assertNotEqual(picking.state, "done")

    def test_plan_opens_no_door(self):
        picking = self._open(3)
        picking.action_jxc_plan_today()
        self.account.credit_limit = 0
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(picking.jxc_credit_state, "hold")

    def test_done_deliveries_are_not_planned(self):
        picking = self._open(3)
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertFalse(self._state(picking))
        with self.assertRaisesRegex(UserError, picking.name):
            picking.action_jxc_plan_today()

    def test_who_may_plan(self):
        picking = self._open(3)
        for action in ("action_jxc_plan_today", "action_jxc_unplan"):
            with self.assertRaises(AccessError):
                getattr(picking.with_user(self.salesman), action)()

    def test_short_delivery_leaves_the_rest_on_the_plan_list(self):
        picking = self._open(6)
        picking.action_jxc_plan_today()
        picking.move_ids.write({"quantity": 4, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        rest = picking.sudo().sale_id.picking_ids - picking
        self.assertEqual(rest.move_ids.product_uom_qty, 2)
        self.assertFalse(rest.jxc_planned_on, "planned anew, by a person")
        self.assertEqual(self._state(rest.with_user(self.shipper)), "free")

    def test_many_cost_no_more_exposure_queries(self):
        def queries(count):
            pickings = self.env["stock.picking"].union(
                *(self._open(1) for _number in range(count))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            pickings.with_user(self.shipper).mapped("jxc_ship_state")
            return self.env.cr.sql_log_count - before

        one = queries(1)
        self.assertLessEqual(queries(10), one + 2)

    # -- delivery notes -----------------------------------------------------------

    def _html(self, pickings):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "jxc_sales.jxc_delivery_note_print", pickings.ids
        )
        return html.decode()

    def test_delivery_notes_of_several(self):
        one, two = self._open(3), self._open(2)
        html = self._html(one | two)
        for text in (one.name, two.name, "300.00", "200.00", "Bright Trading"):
            self.assertIn(text, html)
        self.company.jxc_delivery_note_prices = False
        html = self._html(one)
        self.assertIn(one.name, html)
        self.assertNotIn("300.00", html)

    def test_delivery_note_shows_units_and_receipt(self):
        box = self.env["uom.uom"].create(
            {
                "name": "Box of 12",
                "relative_factor": 12,
                "relative_uom_id": self.product.uom_id.id,
            }
        )
        self.product.uom_ids = box
        picking = self._open(30)
        self.account.unlimited = True
        rows = picking._jxc_note_lines()
        self.assertEqual(rows[0]["amount"], 3000)
        self.assertEqual(rows[0]["text"], picking.move_ids.jxc_quantity_text)
        picking.move_ids.picked = True
        picking.button_validate()
        picking.action_jxc_sign("Mr Li", PIXEL)
        html = self._html(picking)
        self.assertIn("Mr Li", html)
        self.assertIn(picking.move_ids.jxc_done_text, html)

    def test_shelf_life_of_the_customer_applies(self):
        product = self._create_lamp(
            stock=0,
            name="Milk",
            tracking="lot",
            use_expiration_date=True,
        )
        lots = self.env["stock.lot"].create(
            [
                {
                    "name": name,
                    "product_id": product.id,
                    "expiration_date": Date.add(self.today, days=days),
                }
                for name, days in (("SHORT", 10), ("LONG", 90))
            ]
        )
        for lot in lots:
            self._add_stock(product, 5, lot)
        self.customer.with_company(self.company).jxc_shelf_days = 30
        picking = self._open(5, product=product)
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id.name, "LONG")
