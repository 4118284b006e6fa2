# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.jxc_stock.tools import catch_weight

from .aux_common import AuxCase


@tagged("post_install", "-at_install")
class TestAuxStock(AuxCase):
    def test_doctests(self):
        result = doctest.testmod(catch_weight)
        self.assertGreater(result.attempted, 5)
        self.assertFalse(result.failed)

    # -- the product -----------------------------------------------------------

    def test_product_rules(self):
        template = self.pig.product_tmpl_id
        for vals in (
            {"jxc_aux_ratio": 0},
            {"jxc_aux_tolerance": -1},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                template.write(vals)
                template.flush_recordset()
        gram = self.env.ref("uom.product_uom_gram")
        with self.assertRaisesRegex(ValidationError, "fixed relation"):
            self._create_pig("Sow").jxc_aux_uom_id = gram
        with self.assertRaisesRegex(ValidationError, "need an auxiliary unit"):
            self.wine.jxc_price_by = "aux"

    def test_auxiliary_unit_in_use(self):
        """It stays while head are on hand or expected, of any company."""
        self._bring(1000, 10)
        with self.assertRaisesRegex(UserError, "stock on hand: 10头 of Pig"):
            self.pig.jxc_aux_uom_id = self.bottle
        sow = self._create_pig("Sow")
        move = self._create_move(sow, 500)
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "1 stock moves of Sow"):
            sow.jxc_aux_uom_id = False
        move._action_cancel()
        sow.jxc_aux_uom_id = False

    # -- receipts and deliveries -----------------------------------------------

    def test_receipt(self):
        """20 head are expected at 2,000 kg and weigh 1,873.5 kg."""
        move = self._create_move(self.pig, 2000)
        self.assertEqual(move.jxc_aux_qty, 20)
        move._action_confirm()
        line = move.move_line_ids or self.env["stock.move.line"].create(
            {"move_id": move.id, "quantity": 2000, **self._places(move)}
        )
        self.assertEqual(line.jxc_aux_qty, 20)
        line.quantity = 1873.5
        self.assertEqual(line.jxc_aux_qty, 20, "a weight within the tolerance")
        move.picked = True
        move._action_done(cancel_backorder=True)
        self.assertEqual(self._stock(), (1873.5, 20))
        self.assertEqual(self.pig.jxc_aux_qty_available, 20)
        self.assertEqual(self.pig.product_tmpl_id.jxc_aux_qty_available, 20)
        self.assertEqual(self.pig.jxc_qty_available_text, "1873.5 kg(20头)")
        self._assert_balanced(self.pig)

    def _places(self, move):
        return {
            "product_id": move.product_id.id,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
        }

    def test_tolerance(self):
        """Beyond the tolerance a reason is needed, on done operations too."""
        with self.assertRaisesRegex(UserError, "Pig: 1500 kg / 20头.*100 kg for one"):
            self._bring(1500, 20)
        move = self._bring(1500, 20, reason="Young animals")
        self.assertTrue(move.move_line_ids.jxc_aux_is_off)
        with self.assertRaisesRegex(UserError, "off the ratio"):
            self._bring(1500, 20, reason="  ")
        with self.assertRaisesRegex(UserError, "off the ratio"):
            # To call a receipt a count is no way around it.
            self._bring(1500, 20, is_inventory=True)
        with self.assertRaisesRegex(UserError, "cannot be negative"):
            self._bring(1500, -20, is_inventory=True, reason="Never")
        move = self._bring(1000, 10)
        with self.assertRaisesRegex(UserError, "off the ratio"), self.cr.savepoint():
            move.move_line_ids.jxc_aux_qty = 5
        move.move_line_ids.write({"jxc_aux_qty": 5, "jxc_aux_reason": "Counted twice"})
        with self.assertRaisesRegex(UserError, "off the ratio"), self.cr.savepoint():
            move.move_line_ids.jxc_aux_reason = False
        self._assert_balanced(self.pig)

    def test_head_without_weight(self):
        """The platform would drop the operation: it is refused."""
        first = self._create_move(self.pig, 100)
        first._action_confirm()
        first.quantity = 100
        lines = self.env["stock.move.line"].create(
            {
                "move_id": first.id,
                "quantity": 0,
                "jxc_aux_qty": 3,
                **self._places(first),
            }
        )
        (first.move_line_ids | lines).picked = True
        with self.assertRaisesRegex(UserError, "0 kg / 3头"):
            first._action_done()

    def test_not_negative(self):
        move = self._bring(1000, 10)
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            move.move_line_ids.jxc_aux_qty = -1

    def test_product_without_auxiliary_unit(self):
        with self.assertRaisesRegex(ValidationError, "no auxiliary unit"):
            self._create_move(self.wine, 1, jxc_aux_qty=1)
        self.assertEqual(self._receive(self.wine, 5).move_line_ids.jxc_aux_qty, 0)

    def test_delivery_takes_the_ratio_of_the_stock(self):
        self._bring(1050, 10)
        move = self._create_move(
            self.pig, 525, location_id=self.shelf.id, location_dest_id=self.customers.id
        )
        move._action_confirm()
        move._action_assign()
        self.assertEqual(move.move_line_ids.jxc_aux_qty, 5)
        move.picked = True
        move._action_done()
        self.assertEqual(self._stock(), (525, 5))
        self._assert_balanced(self.pig)

    def test_put_away_takes_all_that_came(self):
        """What comes while a put-away waits goes along, without pieces left behind."""
        self._bring(1000, 10.5)
        move = self._create_move(
            self.pig, 1000, location_id=self.shelf.id, location_dest_id=self.stall.id
        )
        move._action_confirm()
        move._action_assign()
        self.assertEqual(move.move_line_ids.jxc_aux_qty, 10.5)
        self._bring(50, 0.46)
        move.quantity = 1050
        move.picked = True
        move._action_done()
        self.assertEqual(self._stock(), (0, 0))
        self.assertEqual(self._stock(location=self.stall), (1050, 10.96))
        self._assert_balanced(self.pig)

    def test_lots_and_packages(self):
        """Each lot and package keeps its own head."""
        self.pig.tracking = "lot"
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.pig.id} for name in ("A", "B")]
        )
        self._bring(1000, 10, lot=lots[0])
        self._bring(480, 5, lot=lots[1])
        self.assertEqual(lots.mapped("jxc_aux_qty"), [10, 5])
        self.assertEqual(lots[0].jxc_quantity_text, "1000 kg(10头)")
        package = self.env["stock.package"].create({"name": "Cage"})
        quant = self.env["stock.quant"].search(
            [("lot_id", "=", lots[1].id), ("location_id", "=", self.shelf.id)]
        )
        quant.move_quants(location_dest_id=self.stall, package_dest_id=package)
        self.assertEqual(self._stock(location=self.stall, package_id=package), (480, 5))
        self.assertEqual(self._stock(lot_id=lots[1]), (0, 0))
        package.unpack()
        self.assertEqual(self._stock(location=self.stall, lot_id=lots[1]), (480, 5))
        self._assert_balanced(self.pig)

    def test_backorder(self):
        """What was not received of the head waits with what is missing of the kg."""
        picking = self._create_picking(2000)
        move = picking.move_ids
        picking.action_confirm()
        move.quantity = 860
        move.move_line_ids.jxc_aux_qty = 8
        move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        rest = picking.backorder_ids.move_ids
        self.assertEqual((rest.product_uom_qty, rest.jxc_aux_qty), (1140, 12))
        self.assertEqual((move.product_uom_qty, move.jxc_aux_qty), (860, 8))
        self.assertEqual(self._stock(), (860, 8))

    def _create_picking(self, quantity):
        return self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.supplier.id,
                "location_dest_id": self.shelf.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.pig.id,
                            "product_uom_qty": quantity,
                            "location_id": self.supplier.id,
                            "location_dest_id": self.shelf.id,
                        }
                    )
                ],
            }
        )

    def test_return(self):
        """What goes back has the ratio with which it came."""
        picking = self._create_picking(1000)
        picking.action_confirm()
        picking.move_ids.quantity = 950
        picking.move_ids.move_line_ids.jxc_aux_qty = 10
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 475
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertEqual(back.move_ids.jxc_aux_qty, 5)
        back.action_assign()
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(self._stock(), (475, 5))
        self._assert_balanced(self.pig)

    def test_done_operations(self):
        """Edits of done operations move both quantities, in every direction."""
        move = self._bring(1000, 10)
        line = move.move_line_ids
        line.jxc_aux_qty = 11
        self.assertEqual(self._stock(), (1000, 11))
        line.quantity = 1020
        self.assertEqual(self._stock(), (1020, 11))
        line.location_dest_id = self.stall
        self.assertEqual(self._stock(), (0, 0))
        self.assertEqual(self._stock(location=self.stall), (1020, 11))
        owner = self.env["res.partner"].create({"name": "Farmer"})
        line.write({"owner_id": owner.id, "quantity": 900, "jxc_aux_qty": 9})
        self.assertEqual(self._stock(location=self.stall, owner_id=owner), (900, 9))
        line.quantity = 0
        self.assertEqual(self._stock(location=self.stall), (0, 0))
        self._assert_balanced(self.pig)

    def test_operation_added_to_a_done_transfer(self):
        picking = self._create_picking(1000)
        picking.action_confirm()
        picking.move_ids.quantity = 1000
        picking.move_ids.picked = True
        picking.button_validate()
        self.env["stock.move.line"].create(
            {
                "picking_id": picking.id,
                "product_id": self.pig.id,
                "quantity": 205,
                "jxc_aux_qty": 2,
                "location_id": self.supplier.id,
                "location_dest_id": self.shelf.id,
            }
        )
        self.assertEqual(self._stock(), (1205, 12))
        self._assert_balanced(self.pig)

    def test_scrap(self):
        self._bring(1050, 10)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.pig.id,
                "location_id": self.shelf.id,
                "scrap_qty": 105,
            }
        )
        self.assertEqual(scrap.jxc_aux_qty, 1)
        scrap.do_scrap()
        self.assertEqual(self._stock(), (945, 9))
        scrap = self.env["stock.scrap"].create(
            {"product_id": self.pig.id, "location_id": self.shelf.id, "jxc_aux_qty": 2}
        )
        self.assertEqual(scrap.scrap_qty, 200, "the weight follows the head")
        self._assert_balanced(self.pig)

    def test_cancel(self):
        self._bring(1000, 10)
        move = self._create_move(
            self.pig, 500, location_id=self.shelf.id, location_dest_id=self.stall.id
        )
        move._action_confirm()
        move._action_assign()
        move._action_cancel()
        self.assertEqual(self._stock(), (1000, 10))
        self._assert_balanced(self.pig)

    # -- rights and companies --------------------------------------------------

    def test_other_company(self):
        """Head of another company are not on hand here."""
        other = self.env["res.company"].create({"name": "Other Farm"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        self._bring(1000, 10)
        self._bring(
            500, 5, company_id=other.id, location_dest_id=warehouse.lot_stock_id.id
        )
        here = self.pig.with_context(allowed_company_ids=self.env.company.ids)
        there = self.pig.with_company(other).with_context(allowed_company_ids=other.ids)
        self.assertEqual(here.jxc_aux_qty_available, 10)
        self.assertEqual(there.jxc_aux_qty_available, 5)

    def test_query_count(self):
        """100 operations cost no more extra queries than one."""
        pigs = self.env["product.product"].union(
            *(self._create_pig(f"Pig {number}") for number in range(100))
        )
        counts = []
        for some in (pigs[:1], pigs):
            moves = self.env["stock.move"].union(
                *(self._create_move(pig, 100) for pig in some)
            )
            moves._action_confirm()
            for move in moves:
                move.quantity = 100
            moves.picked = True
            moves._action_done()
            lines = moves.move_line_ids
            self.env.flush_all()
            self.env.invalidate_all()
            lines = lines.browse(lines.ids)
            before = self.cr.sql_log_count
            lines._jxc_check_ratio()
            effect = lines._jxc_aux_effect()
            self.env["stock.quant"]._jxc_post_aux(effect)
            self.env.flush_all()
            lines._compute_jxc_aux_qty()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
