# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestAllocation(UnitCase):
    """Three warehouses: the main one has plenty, the shops run short."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.max = cls._new_user("max", "stock.group_stock_manager")
        cls.uma = cls._new_user("uma", "stock.group_stock_user")
        cls.east, cls.west = cls.env["stock.warehouse"].create(
            [{"name": "East", "code": "EAST"}, {"name": "West", "code": "WEST"}]
        )
        cls._stock(cls.warehouse, 100)
        cls._rule(cls.warehouse, 30)

    @classmethod
    def _stock(cls, warehouse, quantity, product=None):
        cls.env["stock.quant"]._update_available_quantity(
            product or cls.wine, warehouse.lot_stock_id, quantity
        )

    @classmethod
    def _rule(cls, warehouse, minimum, maximum=0, product=None, uom=None):
        return cls.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": (product or cls.wine).id,
                "warehouse_id": warehouse.id,
                "location_id": warehouse.lot_stock_id.id,
                "product_min_qty": minimum,
                "product_max_qty": maximum or minimum,
                "replenishment_uom_id": uom and uom.id,
                "trigger": "manual",
            }
        )

    def _create_allocation(self, *lines, user=None, **values):
        """Create an allocation; lines are (source, target, quantity)."""
        Allocation = self.env["jxc.stock.allocation"].with_user(user or self.uma)
        return Allocation.create(
            {
                "product_ids": self.wine.ids,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "source_id": source.id,
                            "target_id": target.id,
                            "quantity": quantity,
                        }
                    )
                    for source, target, quantity in lines
                ],
                **values,
            }
        )

    def _suggest(self, **values):
        allocation = self._create_allocation(**values)
        allocation.action_suggest()
        return {
            (line.source_id, line.target_id): line.quantity
            for line in allocation.line_ids
        }

    def _validate(self, picking, quantity=None):
        if quantity is not None:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking._action_done()

    # -- proposals ------------------------------------------------------------------

    def test_shortages_are_covered(self):
        self._rule(self.east, 20)
        self._rule(self.west, 10)
        self._stock(self.west, 4)
        self.assertEqual(
            self._suggest(),
            {(self.warehouse, self.east): 20, (self.warehouse, self.west): 6},
        )

    def test_safety_stock_of_products_and_categories(self):
        """What stock alerts watch counts, also where no rule is."""
        self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "=", self.wine.id)]
        ).unlink()
        self.wine.jxc_safety_stock = 60
        self.assertEqual(self._suggest(), {(self.warehouse, self.east): 40})
        self.east.jxc_alert_defaults = False
        self._stock(self.west, 55)
        self.assertEqual(
            self._suggest(product_ids=False), {(self.warehouse, self.west): 5}
        )
        with self.assertRaisesRegex(UserError, "safety stock"):
            self._create_allocation((self.warehouse, self.east, 41)).action_confirm()
        self.wine.jxc_safety_stock = 0
        self.wine.categ_id = self.env["product.category"].create(
            {"name": "Wines", "jxc_safety_stock": 70, "jxc_maximum_stock": 80}
        )
        self.assertEqual(
            self._suggest(fill_to="max"), {(self.warehouse, self.west): 25}
        )

    def test_safety_stock_of_the_source_stays(self):
        self._rule(self.east, 90)
        self.assertEqual(self._suggest(), {(self.warehouse, self.east): 70})

    def test_up_to_the_maximum(self):
        self._rule(self.east, 10, 40)
        self.assertEqual(
            self._suggest(fill_to="max"), {(self.warehouse, self.east): 40}
        )

    def test_whole_boxes(self):
        self._rule(self.east, 13, uom=self._unit(self.wine, "箱").uom_id)
        self.assertEqual(self._suggest(), {(self.warehouse, self.east): 24})

    def test_what_is_on_its_way_is_not_sent_again(self):
        self._rule(self.east, 20)
        first = self._create_allocation()
        first.action_suggest()
        first.action_confirm()
        self.assertEqual(self._suggest(), {})

    def test_reserved_stock_is_not_given_away(self):
        move = self._create_move(
            self.wine, 60, location_id=self.shelf.id, location_dest_id=self.customers.id
        )
        move._action_confirm()
        move._action_assign()
        self._rule(self.east, 20)
        self.assertEqual(self._suggest(), {(self.warehouse, self.east): 10})

    def test_the_nearer_warehouse_helps(self):
        self._rule(self.east, 20)
        self._stock(self.west, 50)
        Distance = self.env["jxc.stock.distance"].with_user(self.max)
        Distance.create(
            [
                {
                    "source_id": self.warehouse.id,
                    "target_id": self.east.id,
                    "distance": 900,
                },
                {
                    "source_id": self.west.id,
                    "target_id": self.east.id,
                    "distance": 40,
                },
            ]
        )
        self.assertEqual(self._suggest(), {(self.west, self.east): 20})
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            Distance.create(
                {
                    "source_id": self.east.id,
                    "target_id": self.west.id,
                    "distance": math.nan,
                }
            )
        with self.assertRaises(AccessError):
            Distance.with_user(self.uma).create(
                {"source_id": self.east.id, "target_id": self.west.id, "distance": 1}
            )

    def test_scope(self):
        self._rule(self.east, 20)
        self._rule(self.west, 20)
        self.assertEqual(
            self._suggest(target_ids=self.west.ids), {(self.warehouse, self.west): 20}
        )
        self.assertEqual(self._suggest(source_ids=self.west.ids), {})
        beer = self._create_product("Beer")
        self._rule(self.east, 5, product=beer)
        self._stock(self.warehouse, 9, beer)
        self.assertEqual(
            self._suggest(product_ids=beer.ids), {(self.warehouse, self.east): 5}
        )

    def test_typed_lines_stay(self):
        self._rule(self.east, 20)
        allocation = self._create_allocation((self.warehouse, self.west, 3))
        allocation.action_suggest()
        allocation.action_suggest()
        self.assertEqual(allocation.line_ids.mapped("quantity"), [3])
        allocation.line_ids.unlink()
        for _turn in range(2):
            allocation.action_suggest()
            self.assertEqual(allocation.line_ids.mapped("quantity"), [20])
        self.assertTrue(allocation.line_ids.is_suggested)

    # -- transfers ------------------------------------------------------------------

    def test_two_steps_through_the_transit(self):
        allocation = self._create_allocation((self.warehouse, self.east, 24))
        line = allocation.line_ids
        self.assertEqual(line.quantity_text, "2箱")
        allocation.action_confirm()
        delivery, receipt = allocation.picking_ids.sorted("id")
        transit = self.env.company.internal_transit_location_id
        self.assertEqual(delivery.location_id, self.warehouse.lot_stock_id)
        self.assertEqual(delivery.location_dest_id, transit)
        self.assertEqual(receipt.location_dest_id, self.east.lot_stock_id)
        self.assertEqual((delivery.state, receipt.state), ("assigned", "waiting"))
        self.assertEqual(receipt.picking_type_id, self.east.in_type_id)
        wine = self.wine.with_context(warehouse_id=self.east.id)
        self.assertEqual((wine.qty_available, wine.incoming_qty), (0, 24))
        self._validate(delivery)
        self.assertEqual((line.shipped_quantity, line.in_transit_quantity), (24, 24))
        self.assertTrue(allocation.in_transit)
        self.assertEqual(receipt.state, "assigned")
        self._validate(receipt)
        self.assertEqual((line.received_quantity, line.in_transit_quantity), (24, 0))
        wine.invalidate_recordset()
        self.assertEqual((wine.qty_available, wine.incoming_qty), (24, 0))

    def test_partial_shipments(self):
        allocation = self._create_allocation((self.warehouse, self.east, 20))
        allocation.action_confirm()
        delivery, receipt = allocation.picking_ids.sorted("id")
        self._validate(delivery, 12)
        line = allocation.line_ids
        self.assertEqual((line.shipped_quantity, line.in_transit_quantity), (12, 12))
        self._validate(receipt, 5)
        self.assertEqual((line.received_quantity, line.in_transit_quantity), (5, 7))
        found = self.env["jxc.stock.allocation.line"].search(
            [("in_transit_quantity", ">", 0), ("allocation_id", "=", allocation.id)]
        )
        self.assertEqual(found, line)
        rest = allocation.picking_ids.filtered(lambda p: p.state == "assigned")
        self.assertEqual(len(rest), 2)
        for picking in rest.sorted("id"):
            self._validate(picking)
        self.assertEqual((line.shipped_quantity, line.received_quantity), (20, 20))

    def test_warehouses_with_more_steps(self):
        """Picked and packed before it is sent, put away after it has arrived."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.east.reception_steps = "three_steps"
        self._stock(self.west, 9)
        allocation = self._create_allocation(
            (self.warehouse, self.east, 24), (self.west, self.warehouse, 9)
        )
        allocation.action_confirm()
        line, other = allocation.line_ids
        short = other.move_ids.picking_id.picking_type_id
        self.assertEqual(short, self.west.out_type_id + self.warehouse.in_type_id)
        pick, ship, receipt = line.move_ids.picking_id.sorted("id")
        self.assertEqual(
            [picking.state for picking in (pick, ship, receipt)],
            ["assigned", "waiting", "waiting"],
        )
        wine = self.wine.with_context(warehouse_id=self.east.id)
        self.assertEqual((wine.qty_available, wine.incoming_qty), (0, 24))
        self._validate(pick, 20)
        pack = (line.move_ids.picking_id - pick - ship - receipt).filtered(
            lambda picking: picking.picking_type_id == self.warehouse.pack_type_id
        )
        self.assertEqual(pack.location_dest_id, self.warehouse.wh_output_stock_loc_id)
        self.assertFalse(line.shipped_quantity)
        self._validate(pack)
        self.assertEqual(ship.move_ids.quantity, 20)
        self._validate(ship)
        self.assertEqual((line.shipped_quantity, line.in_transit_quantity), (20, 20))
        self.assertEqual(receipt.location_dest_id, self.east.wh_input_stock_loc_id)
        self._validate(receipt)
        self.assertEqual((line.received_quantity, line.in_transit_quantity), (20, 0))
        for step in (self.east.qc_type_id, self.east.store_type_id):
            self._validate(
                allocation.picking_ids.filtered(
                    lambda picking, step=step: picking.picking_type_id == step
                )
            )
        found = self.env["stock.quant"]._gather(self.wine, self.east.lot_stock_id)
        self.assertEqual(found.mapped("quantity"), [20])
        self.assertEqual((line.received_quantity, line.in_transit_quantity), (20, 0))

    def test_one_transfer_a_pair(self):
        allocation = self._create_allocation(
            (self.warehouse, self.east, 5),
            (self.warehouse, self.east, 6),
            (self.warehouse, self.west, 7),
        )
        allocation.action_confirm()
        self.assertEqual(allocation.picking_count, 4)
        self.assertEqual(len(allocation.line_ids.move_ids), 6)

    # -- guards ---------------------------------------------------------------------

    def test_below_the_safety_stock(self):
        allocation = self._create_allocation((self.warehouse, self.east, 80))
        with self.assertRaisesRegex(UserError, "can give 5箱1提4瓶"):
            allocation.action_confirm()
        self.assertFalse(allocation.picking_ids)
        allocation.with_user(self.max).action_confirm()
        self.assertEqual(allocation.state, "confirmed")

    def test_confirmed_once(self):
        allocation = self._create_allocation((self.warehouse, self.east, 5))
        allocation.action_confirm()
        for action in ("action_confirm", "action_suggest"):
            with self.assertRaisesRegex(UserError, "no draft"):
                getattr(allocation, action)()
        with self.assertRaisesRegex(UserError, "no draft"):
            allocation.line_ids.quantity = 9
        with self.assertRaisesRegex(UserError, "no draft"):
            allocation.line_ids.copy()
        with self.assertRaisesRegex(UserError, "no draft"):
            allocation.line_ids.unlink()
        with self.assertRaises(UserError):
            allocation.unlink()

    def test_results_cannot_be_written(self):
        allocation = self._create_allocation((self.warehouse, self.east, 5))
        with self.assertRaises(AccessError):
            allocation.state = "confirmed"
        with self.assertRaises(AccessError):
            self._create_allocation(state="confirmed")
        made = allocation.with_context(default_state="confirmed").create({})
        self.assertEqual(made.state, "draft")
        for name in ("shipped_quantity", "in_transit_quantity"):
            with self.assertRaises(AccessError):
                allocation.line_ids.write({name: 4})

    def test_empty_and_wrong_lines(self):
        with self.assertRaisesRegex(UserError, "nothing to transfer"):
            self._create_allocation().action_confirm()
        service = self.env["product.product"].create(
            {"name": "Help", "type": "service"}
        )
        allocation = self._create_allocation((self.warehouse, self.east, 5))
        with self.assertRaisesRegex(UserError, "not kept in stock"):
            allocation.line_ids.product_id = service

    def test_cancel(self):
        allocation = self._create_allocation((self.warehouse, self.east, 5))
        allocation.action_confirm()
        allocation.action_cancel()
        self.assertEqual(set(allocation.picking_ids.mapped("state")), {"cancel"})
        allocation = self._create_allocation((self.warehouse, self.east, 5))
        allocation.action_confirm()
        allocation.picking_ids.sorted("id")[0].action_cancel()
        self.assertEqual(allocation.state, "cancelled", "nothing will come")
        allocation = self._create_allocation((self.warehouse, self.east, 5))
        allocation.action_confirm()
        self._validate(allocation.picking_ids.sorted("id")[0])
        with self.assertRaisesRegex(UserError, "is done already"):
            allocation.action_cancel()

    def test_ordinary_users_do_nothing_here(self):
        user = self._new_user("nobody", "base.group_user")
        allocation = self._create_allocation((self.warehouse, self.east, 5))
        for action in ("action_suggest", "action_confirm", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(allocation.with_user(user), action)()

    def test_companies_do_not_mix(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        with self.assertRaises(UserError):
            self._create_allocation(
                (self.warehouse, theirs, 5), user=self.env.ref("base.user_root")
            )
        stranger = self._new_user(
            "stranger",
            "stock.group_stock_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        allocation = self._create_allocation((self.warehouse, self.east, 5))
        with self.assertRaises(AccessError):
            allocation.with_user(stranger).read(["name"])
        mine = self._create_allocation(user=stranger, product_ids=False)
        mine.action_suggest()
        self.assertFalse(mine.line_ids)

    # -- screens --------------------------------------------------------------------

    def test_units_in_the_form(self):
        with Form(self._create_allocation()) as form, form.line_ids.new() as line:
            line.product_id = self.wine
            line.source_id = self.warehouse
            line.target_id = self.east
            line.quantity_text = "2箱3瓶"
        self.assertEqual(form.record.line_ids.quantity, 27)

    def test_print(self):
        allocation = self._create_allocation((self.warehouse, self.east, 24))
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.uma)
            ._render_qweb_html("jxc_stock.jxc_stock_allocation_print", allocation.ids)
        )
        self.assertIn("2箱", html.decode())

    def test_queries_do_not_grow_with_products(self):
        def queries(number):
            products = self.env["product.product"].create(
                [
                    {"name": f"P{i}", "is_storable": True, "uom_id": self.bottle.id}
                    for i in range(number)
                ]
            )
            for product in products:
                self._stock(self.warehouse, 50, product)
                self._rule(self.east, 20, product=product)
            allocation = self._create_allocation(product_ids=products.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            allocation.action_suggest()
            self.env.flush_all()
            self.assertEqual(len(allocation.line_ids), number)
            return self.cr.sql_log_count - before

        queries(2)
        few, many = queries(2), queries(30)
        self.assertLessEqual(many, few + 5)
