# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_costs_roles import CostsRolesCommon


@tagged("post_install", "-at_install")
class TestCostsFlows(CostsRolesCommon):
    """Who may not see costs goes on to move, bill, receive and request goods."""

    def test_goods_are_moved(self):
        keeper = self._user("stock.group_stock_user", "sales_team.group_sale_salesman")
        order = self._order(4, 100, user=keeper)
        order.sudo().user_id = keeper
        order.action_confirm()
        picking = order.picking_ids
        with Form(picking) as form:
            with form.move_ids.edit(0) as move:
                move.quantity = 3
        self.env.invalidate_all()
        result = picking.button_validate()
        wizard = (
            self.env[result["res_model"]]
            .with_user(keeper)
            .with_context(**result["context"])
            .create({})
        )
        wizard.process()
        self.assertEqual(picking.state, "done")
        self.assertAlmostEqual(picking.sudo().move_ids.value, 184.5)
        rest = order.picking_ids - picking
        self.assertEqual(rest.move_ids.product_uom_qty, 1)
        order.order_line.product_uom_qty = 6
        self.env.invalidate_all()
        self.assertEqual(sum(rest.move_ids.mapped("product_uom_qty")), 3)
        rest.move_ids.quantity = 3
        rest.button_validate()
        self.assertEqual(rest.state, "done")

    def test_moves_of_unlike_price_stay_apart(self):
        """A keeper confirms receipts: what he may not see still counts."""
        keeper = self._user("stock.group_stock_user")
        kind = self.env["stock.picking.type"].search(
            [("code", "=", "incoming"), ("company_id", "=", self.company.id)], limit=1
        )
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": kind.default_location_dest_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 5,
                            "price_unit": price,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": kind.default_location_dest_id.id,
                        }
                    )
                    for price in (7, 9, 7)
                ],
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        picking.with_user(keeper).action_confirm()
        moves = picking.move_ids
        self.assertEqual(
            sorted(moves.mapped(lambda m: (m.price_unit, m.product_uom_qty))),
            [(7, 10), (9, 5)],
        )
        for move in moves.with_user(keeper):
            move.quantity = 4
            move.picked = True
        self.env.invalidate_all()
        picking.with_user(keeper)._action_done()
        rest = self.env["stock.picking"].search([("backorder_id", "=", picking.id)])
        self.assertEqual(
            sorted(rest.move_ids.mapped(lambda m: (m.price_unit, m.product_uom_qty))),
            [(7, 6), (9, 1)],
        )

    def test_invoices_are_posted_and_reset(self):
        """A seller who bills makes and takes back cost entries he does not see."""
        biller = self._user("account.group_account_invoice")
        stock = self.company_data["default_account_assets"].copy()
        category = self.env["product.category"].create({"name": "Perpetual"})
        category.write(
            {
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": stock.id,
            }
        )
        self.product.write({"categ_id": category.id, "is_storable": True})
        order = self._create_order(2, 100)
        order.action_confirm()
        self._deliver(order)
        invoice = order._create_invoices().with_user(biller)
        self.env.flush_all()
        self.env.invalidate_all()
        invoice.action_post()

        def costs(move):
            lines = move.sudo().line_ids.filtered(lambda x: x.display_type == "cogs")
            return sorted(lines.mapped("balance"))

        self.assertEqual(costs(invoice), [-123, 123])
        self.env.invalidate_all()
        self.assertNotIn("cogs", invoice.line_ids.mapped("display_type"))
        invoice.button_draft()
        self.env.invalidate_all()
        self.assertEqual(costs(invoice), [])
        invoice.action_post()
        self.env.invalidate_all()
        self.assertEqual(costs(invoice), [-123, 123])
        back = invoice._reverse_moves(
            [{"invoice_date": invoice.invoice_date}], cancel=True
        )
        self.assertFalse(back.env.su)
        self.env.invalidate_all()
        self.assertEqual(costs(back), [-123, 123])
        self.assertEqual(back.state, "posted")

    def test_goods_are_received(self):
        """Receipts of purchases are validated without seeing what they cost."""
        if "purchase.order" not in self.env:
            return
        keeper = self._user("stock.group_stock_user")
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_qty": 4,
                            "price_unit": 61.5,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        picking = order.picking_ids.with_user(keeper)
        picking.move_ids.quantity = 3
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(picking.state, "done")
        self.assertAlmostEqual(picking.sudo().move_ids.value, 184.5)
        rest = order.picking_ids - picking
        self.assertEqual(rest.move_ids.price_unit, 61.5)
        self.env.invalidate_all()
        wizard = (
            self.env["stock.return.picking"]
            .with_user(keeper)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.quantity = 1
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(back.state, "done")
        self.env.invalidate_all()
        seen = order.with_user(keeper)
        self.assertEqual(seen.order_line.qty_received, 2)
        for record, name in ((seen, "amount_total"), (seen.order_line, "price_unit")):
            self.assertRaises(AccessError, record.read, [name])
            self.assertRaises(AccessError, record.web_read, {name: {}})
        arch = seen.get_view(view_type="form")["arch"]
        self.assertNotIn('name="price_unit"', arch)
        self.assertNotIn('name="tax_totals"', arch)

    def test_purchases_are_requested(self):
        """A seller asks for goods without being told what they are estimated at."""
        if "jxc.purchase.request" not in self.env:
            return
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.customer.id,
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "price": 61.5,
            }
        )
        seller = self._user("jxc_purchase.group_purchase_requester")
        with Form(self.env["jxc.purchase.request"].with_user(seller)) as form:
            with form.line_ids.new() as line:
                line.product_id = self.product
                line.product_qty = 3
        request = form.save()
        self.env.invalidate_all()
        self.assertAlmostEqual(request.sudo().line_ids.price_unit, 61.5)
        with self.assertRaises(AccessError):
            request.line_ids.read(["price_unit"])
        told = request.line_ids.onchange(
            {"product_id": self.product.id}, ["product_id"], {"product_qty": {}}
        )
        self.assertNotIn("61.5", str(told))
        request.action_submit()
        self.assertNotEqual(request.state, "draft")
