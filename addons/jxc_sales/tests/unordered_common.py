# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command

from .common import CreditCommon


class UnorderedCommon(CreditCommon):
    """Goods that a warehouse worker ships by hand, without an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipper = cls._create_user("jxc_shipper", "stock.group_stock_user")
        cls.account.write({"order_action": "block", "delivery_action": "block"})
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.customers = cls.env.ref("stock.stock_location_customers")

    def _picking(self, quantity=1, product=None, product_uom=None, **values):
        """A delivery ready to be validated by the warehouse worker."""
        move = {
            "product_id": (product or self.product).id,
            "product_uom_qty": quantity,
            "location_id": self.warehouse.lot_stock_id.id,
            "location_dest_id": self.customers.id,
        }
        if product_uom:
            move["product_uom"] = product_uom
        picking = (
            self.env["stock.picking"]
            .with_user(self.shipper)
            .create(
                {
                    "partner_id": self.customer.id,
                    "picking_type_id": self.warehouse.out_type_id.id,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "location_dest_id": self.customers.id,
                    "move_ids": [Command.create(move)],
                    **values,
                }
            )
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": quantity, "picked": True})
        return picking

    def _leave(self, quantity, **values):
        picking = self._picking(quantity, **values)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def _come_back(self, picking, quantity):
        """Return so much of a transfer: back to us, or to the customer again."""
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = quantity
        back = wizard._create_return()
        back.move_ids.write({"quantity": quantity, "picked": True})
        back.button_validate()
        self.assertEqual(back.state, "done")
        return back

    def _bill(self, quantity, price=100, product=None, customer=None, **values):
        """A draft invoice over goods, without an order."""
        move_type = values.pop("move_type", "out_invoice")
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (customer or self.customer).id,
                "invoice_date": "2024-01-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": (product or self.product).id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": False,
                            **values,
                        }
                    )
                ],
            }
        )

    def _goods_of(self, picking):
        return self.env["jxc.credit.unordered"].search(
            [("move_id", "in", picking.move_ids.ids)]
        )
