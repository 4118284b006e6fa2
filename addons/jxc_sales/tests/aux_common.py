# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command

from .common import CreditCommon


class AuxCommon(CreditCommon):
    """Pigs: kept in kg, counted in head of 100 kg, sold by either."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 1000000
        cls.head = cls.env["uom.uom"].create({"name": "头"})
        cls.kg = cls.env.ref("uom.product_uom_kgm")
        cls.pig = cls._create_pig(jxc_price_by="aux", list_price=1500)
        cls.pork = cls._create_pig(name="Pork", list_price=15)

    @classmethod
    def _create_pig(cls, **values):
        product = cls._create_lamp(
            **{
                "stock": 0,
                "name": "Pig",
                "uom_id": cls.kg.id,
                "jxc_aux_uom_id": cls.head.id,
                "jxc_aux_ratio": 100,
                "jxc_aux_tolerance": 10,
                **values,
            }
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        quant = (
            cls.env["stock.quant"]
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": product.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "inventory_quantity": 10000,
                    "jxc_aux_inventory_qty": 100,
                }
            )
        )
        quant.action_apply_inventory()
        return product

    def _order(self, product, taxes=None, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "tax_ids": [Command.set(taxes.ids if taxes else [])],
                            **values,
                        }
                    )
                ],
            }
        )

    def _deliver(self, order, quantity, head):
        move = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ).move_ids
        move.quantity = quantity
        move.jxc_aux_done = head
        move.picked = True
        move.picking_id.with_context(skip_backorder=True).button_validate()
        return move
