# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Goods that come back: where from, what becomes of them, what is credited."""

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturn(ReturnCommon):
    def test_has_a_title_before_its_number(self):
        Return = self.env["jxc.sale.return"]
        self.assertEqual(Return.new({}).display_name, "New")
        back = self._create_return(1)
        self.assertEqual(back.display_name, back.name)

    def test_whole_way(self):
        """Promise, accept, settle: stock, order, invoice and credit follow."""
        order = self._sell(5)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(self._exposure(), 500)
        back = self._create_return(2)
        self.assertEqual(back.amount_returned, 200)
        back.action_confirm()
        self.assertRecordValues(
            back.line_ids.allocation_ids,
            [{"sale_line_id": order.order_line.id, "quantity": 2, "amount": 200}],
        )
        self.assertEqual(back.picking_ids.state, "assigned")
        self.assertEqual(order.order_line.qty_delivered, 5)
        back.action_accept()
        self.assertEqual(back.state, "accepted")
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(self._exposure(), 300)
        back.action_done()
        self.assertRecordValues(
            back.invoice_ids,
            [
                {
                    "move_type": "out_refund",
                    "amount_total": 200,
                    "reversed_entry_id": invoice.id,
                    "state": "draft",
                }
            ],
        )
        self.assertEqual(order.order_line.qty_invoiced, 3)
        back.invoice_ids.action_post()
        self.assertEqual(self._exposure(), 300)
        self.assertEqual(order.jxc_return_count, 1)

    def test_not_invoiced_is_not_credited(self):
        order = self._sell(5)
        back = self._create_return(2)
        back.action_confirm()
        back.action_accept()
        self.assertTrue(back.action_done())
        self.assertFalse(back.invoice_ids)
        self.assertEqual(order._create_invoices().amount_total, 300)

    def test_ordered_policy_is_credited(self):
        """What was invoiced by the order comes back with its money."""
        self.product.invoice_policy = "order"
        order = self._sell(5)
        order._create_invoices().action_post()
        back = self._create_return(2)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        self.assertEqual(back.invoice_ids.amount_total, 200)

    def test_newest_and_oldest_first(self):
        old, new = self._sell(3, price=80), self._sell(3, price=100)
        self._date(old, "2026-01-05")
        self._date(new, "2026-03-05")
        newest = self._create_return(4)
        self.assertEqual(newest.amount_returned, 3 * 100 + 80)
        oldest = self._create_return(4, allocation_order="oldest")
        self.assertEqual(oldest.amount_returned, 3 * 80 + 100)
        oldest.action_confirm()
        shares = oldest.line_ids.allocation_ids
        self.assertEqual(
            {(share.order_id, share.quantity) for share in shares},
            {(old, 3), (new, 1)},
        )
        self.assertEqual(len(oldest.picking_ids), 2)
        # What is on its way back is not there a second time.
        self.assertEqual(newest._plan().shares[newest.line_ids][0].quantity, 2)

    def test_named_delivery(self):
        old, new = self._sell(3, price=80), self._sell(3, price=100)
        self._date(old, "2026-01-05")
        self._date(new, "2026-03-05")
        back = self._create_return(2, picking_id=old.picking_ids.id)
        back.action_confirm()
        self.assertEqual(back.line_ids.amount, 160)

    def test_over_return_is_refused(self):
        """Nothing is half done, and every line is named."""
        self._sell(3)
        other = self._create_lamp(name="Shade")
        back = self._create_return(
            4,
            line_ids=[
                Command.create({"product_id": self.product.id, "product_uom_qty": 4}),
                Command.create({"product_id": other.id, "product_uom_qty": 1}),
            ],
        )
        with self.assertRaises(UserError) as refused:
            back.action_confirm()
        text = str(refused.exception)
        self.assertIn("Lamp: 4", text)
        self.assertIn("3", text)
        self.assertIn("Shade: 1", text)
        self.assertEqual(back.state, "draft")
        self.assertFalse(back.picking_ids)

    def test_two_lines_of_one_delivery(self):
        """Lines together do not take more than the delivery had."""
        self._sell(3)
        twice = [
            Command.create({"product_id": self.product.id, "product_uom_qty": 2})
        ] * 2
        with self.assertRaises(UserError):
            self._create_return(0, line_ids=twice).action_confirm()

    def test_what_came_back_by_the_platform_counts(self):
        order = self._sell(3)
        self._return(order, 2)
        with self.assertRaises(UserError):
            self._create_return(2).action_confirm()
        self._create_return(1).action_confirm()

    def test_outcome(self):
        """Good goods are for sale again, defective ones are not, scrap is gone."""
        self._sell(10)
        before = self.product.qty_available
        back = self._create_return(6)
        back.action_confirm()
        back.line_ids.write({"qty_restock": 3, "qty_defective": 2, "qty_scrap": 1})
        back.action_accept()
        self.product.invalidate_recordset()
        self.assertEqual(self.product.qty_available, before + 5)
        held = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product.id),
                ("location_id", "=", self.defective.id),
            ]
        )
        self.assertEqual(held.quantity, 2)
        scrap = self.env["stock.scrap"].search([("origin", "=", back.name)])
        self.assertRecordValues(scrap, [{"scrap_qty": 1, "state": "done"}])

    def test_less_comes_than_promised(self):
        order = self._sell(5)
        order._create_invoices().action_post()
        back = self._create_return(4)
        back.action_confirm()
        back.line_ids.qty_restock = 1
        back.action_accept()
        back.action_done()
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertEqual(back.invoice_ids.amount_total, 100)
        # The rest can still come, by another return.
        self._create_return(4).action_confirm()

    def test_analysis_counts_what_came_back(self):
        """At the price of the deliveries it came from, and nothing that stayed."""
        self._sell(2, price=80)
        self._sell(3)
        back = self._create_return(5)
        back.action_confirm()
        line = back.line_ids
        self.assertEqual((line.amount, line.amount_accepted), (460, 0))
        line.write({"qty_restock": 2, "qty_defective": 1, "qty_scrap": 1})
        self.assertEqual(line.amount_accepted, 0, "not taken in yet")
        back.action_accept()
        self.assertEqual((line.amount, line.amount_accepted), (460, 380))
        domain = [("return_id", "=", back.id), ("state", "in", ("accepted", "done"))]
        rows = self.env["jxc.sale.return.line"]._read_group(
            domain, ["reason_id"], ["amount_accepted:sum"]
        )
        self.assertEqual(rows, [(back.reason_id, 380)])

    def test_more_than_promised_is_refused(self):
        self._sell(5)
        back = self._create_return(2)
        back.action_confirm()
        with self.assertRaises(ValidationError):
            back.line_ids.write({"qty_restock": 2, "qty_defective": 1})

    def test_no_place_for_defective(self):
        self.defective.jxc_stock_status = False
        self._sell(2)
        back = self._create_return(1)
        back.action_confirm()
        back.line_ids.qty_defective = 1
        with self.assertRaisesRegex(UserError, "no location for defective goods"):
            back.action_accept()

    def test_units_of_other_goods(self):
        """A crate of bulbs is no crate of lamps, and a crate stays what it is."""
        bulb = self._create_lamp(stock=0, name="Bulb", uom_id=self.product.uom_id.id)
        for product, factor in ((bulb, 24), (self.product, 12)):
            crate = {"name": "Crate", "factor": factor}
            product.jxc_unit_ids = [Command.create(crate)]
        line = {"product_id": self.product.id, "product_uom_qty": 1}
        with self.assertRaisesRegex(ValidationError, "not of Lamp"):
            uom = bulb.jxc_unit_ids.uom_id
            self._create_return(
                0, line_ids=[Command.create({**line, "product_uom_id": uom.id})]
            )
        unit = self.product.jxc_unit_ids
        back = self._create_return(
            0, line_ids=[Command.create({**line, "product_uom_id": unit.uom_id.id})]
        )
        usages = unit._jxc_return_usage()
        self.assertEqual(len(usages), 1)
        self.assertIn(f"1 returns of {self.product.display_name}", usages[0])
        self.assertIn(back.name, usages[0])

    def test_units(self):
        """A box that comes back is twelve pieces of the delivery."""
        box = self.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "name": "箱",
                "factor": 12,
            }
        )
        self._sell(30)
        back = self._create_return(1)
        back.line_ids.product_uom_id = box.uom_id
        back.action_confirm()
        self.assertEqual(back.line_ids.allocation_ids.quantity, 12)
        back.action_accept()
        self.assertEqual(back.line_ids.qty_restock, 1)
        self.assertEqual(back.picking_ids.move_ids.quantity, 12)

    def test_lots(self):
        """A lot that is named comes back, and no other."""
        product = self._create_lamp(stock=0, name="Battery", tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in ("B1", "B2")]
        )
        for lot in lots:
            self._add_stock(product, 3, lot=lot)
        self._sell(6, product=product)
        back = self._create_return(2, product=product)
        back.line_ids.lot_id = lots[1]
        back.action_confirm()
        back.action_accept()
        self.assertEqual(back.picking_ids.move_line_ids.lot_id, lots[1])
        again = self._create_return(2, product=product)
        again.line_ids.lot_id = lots[1]
        with self.assertRaises(UserError):
            again.action_confirm()

    def test_promotions(self):
        """The share of a discount on the whole order is not paid out."""
        order = self._create_order(4)
        order.order_line = [
            Command.create(
                {
                    "product_id": self._create_lamp(
                        name="Discount", type="service", is_storable=False, stock=0
                    ).id,
                    "product_uom_qty": 1,
                    "price_unit": -40,
                }
            )
        ]
        order.action_confirm()
        self._deliver(order)
        order.order_line[1].qty_delivered = 1
        order._create_invoices().action_post()
        back = self._create_return(2)
        self.assertEqual(back.amount_returned, 180)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        self.assertEqual(back.invoice_ids.amount_total, 180)

    def test_warehouse_takes_goods_in_itself(self):
        """The return follows its transfer, also when nobody opens the return."""
        self._sell(5)
        back = self._create_return(2)
        back.action_confirm()
        back.picking_ids.move_ids.picked = True
        back.picking_ids._action_done()
        self.assertEqual(back.state, "accepted")
        self.assertEqual(back.line_ids.qty_restock, 2)

    # -- cancelling ---------------------------------------------------------------

    def test_cancel_while_waiting(self):
        order = self._sell(5)
        back = self._create_return(2)
        back.action_confirm()
        back.action_cancel()
        self.assertEqual(back.picking_ids.state, "cancel")
        self.assertEqual(order.order_line.qty_delivered, 5)
        self._create_return(5).action_confirm()

    def test_cancel_after_settlement(self):
        """Goods, order, invoice and credit are as if nothing had come back."""
        order = self._sell(5)
        order._create_invoices().action_post()
        before = self.product.qty_available
        back = self._create_return(3)
        back.action_confirm()
        back.line_ids.write({"qty_restock": 1, "qty_defective": 2})
        back.action_accept()
        back.action_done()
        back.invoice_ids.action_post()
        self.assertEqual(self._exposure(), 200)
        back.action_cancel()
        self.product.invalidate_recordset()
        self.assertEqual(self.product.qty_available, before)
        self.assertEqual(order.order_line.qty_delivered, 5)
        self.assertEqual(order.order_line.qty_invoiced, 5)
        self.assertEqual(self._exposure(), 500)
        self._create_return(5).action_confirm()

    # -- who may ------------------------------------------------------------------

    def test_server_decides(self):
        """No client writes the status, what was delivered, or what it was worth."""
        self._sell(5)
        back = self._create_return(2, user=self.salesman)
        for values in (
            {"state": "done"},
            {"accepted_by_id": self.salesman.id},
            {"picking_ids": [Command.clear()], "state": "accepted"},
        ):
            with self.assertRaises(AccessError):
                back.write(values)
        for values in (
            {"amount": 5},
            {"amount": 0},
            {"state": "done"},
            {"reason_id": False},
            {"allocation_ids": [Command.clear()]},
        ):
            with self.assertRaises(AccessError, msg=str(values)):
                back.line_ids.write(values)
        with self.assertRaises(AccessError):
            self._create_return(2, user=self.salesman, state="accepted")
        born = (
            self.env["jxc.sale.return"]
            .with_user(self.salesman)
            .with_context(default_state="done")
            .create({"partner_id": self.customer.id, "reason_id": self.reason.id})
        )
        self.assertEqual(born.state, "draft")
        back.action_confirm()
        with self.assertRaises(UserError):
            back.line_ids.write({"product_uom_qty": 5})
        with self.assertRaises(UserError):
            back.write({"partner_id": self.customer.copy().id})

    def test_roles(self):
        """Sales promises, the warehouse accepts; nobody does the other's part."""
        self._sell(5)
        back = self._create_return(2, user=self.salesman)
        with self.assertRaises(AccessError):
            back.with_user(self.storekeeper).action_confirm()
        back.action_confirm()
        with self.assertRaises(AccessError):
            back.action_accept()
        taken = back.with_user(self.storekeeper)
        taken.line_ids.qty_restock = 1
        taken.action_accept()
        self.assertEqual(back.accepted_by_id, self.storekeeper)
        with self.assertRaises(AccessError):
            taken.action_done()
        back.action_done()
        with self.assertRaises(AccessError):
            back.action_cancel()

    def test_others_documents(self):
        other = new_test_user(
            self.env,
            "jxc_other_salesman",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self._sell(5)
        back = self._create_return(2, user=self.salesman)
        with self.assertRaises(AccessError):
            back.with_user(other).action_confirm()

    def test_other_company(self):
        """Deliveries of another company are none of ours."""
        self._sell(5)
        other = self._create_company(name="Second Company")
        self.env.user.company_ids += other
        back = self.env["jxc.sale.return"].create(
            {
                "company_id": other.id,
                "partner_id": self.customer.id,
                "reason_id": self.reason.id,
                "line_ids": [Command.create({"product_id": self.product.id})],
            }
        )
        with self.assertRaises(UserError):
            back.action_confirm()
        with self.assertRaises(AccessError):
            back.with_user(self.salesman).read(["name"])

    def test_kept_for_the_record(self):
        self._sell(5)
        back = self._create_return(2)
        back.action_confirm()
        with self.assertRaises(UserError):
            back.unlink()

    def test_date_of_today(self):
        back = self._create_return(1)
        self.assertEqual(back.date, fields.Date.context_today(back))
        self.assertTrue(back.name.startswith("RX/"))
