# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class InspectionCommon(RequestCommon):
    """Wine that must be inspected, an inspector and the head of the warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["jxc.receipt.inspection.rule"].search([]).active = False
        cls.inspector = cls._user("ins_worker", "stock.group_stock_user")
        cls.colleague_inspector = cls._user("ins_other", "stock.group_stock_user")
        cls.keeper = cls._user("ins_keeper", "stock.group_stock_manager")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.water = cls._product("Water")
        cls.rule = cls._rule(product_id=cls.wine.id)
        cls.scratched = cls.env["jxc.receipt.defect"].create({"name": "Scratched"})

    @classmethod
    def _rule(cls, **values):
        return cls.env["jxc.receipt.inspection.rule"].create(
            {"company_id": cls.company.id, **values}
        )

    @classmethod
    def _buy(cls, *lines, vendor=None, **values):
        """A confirmed order; lines are (product, quantity[, unit])."""
        order = cls.env["purchase.order"].create(
            {
                "partner_id": (vendor or cls.vendor).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": 10.0,
                            "tax_ids": [Command.clear()],
                            **({"product_uom_id": unit[0].id} if unit else {}),
                        }
                    )
                    for product, quantity, *unit in lines
                ],
                **values,
            }
        )
        order.button_confirm()
        return order

    @classmethod
    def _come(cls, order, quantity=None, user=None):
        """Validate the open receipt as a stock user; return it."""
        picking = order.picking_ids.filtered(
            lambda one: (
                one.state not in ("done", "cancel")
                and one.picking_type_code == "incoming"
            )
        )
        picking = picking.with_user(user or cls.inspector)
        if quantity is not None:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    def _inspection(self, order, user=None):
        """The open inspection of an order."""
        found = self.env["jxc.receipt.inspection"].search(
            [("purchase_ids", "in", order.ids), ("state", "=", "draft")]
        )
        return found.with_user(user or self.inspector)

    def _decide(self, inspection, accepted=0, rejected=0, concession=0, **values):
        """Enter a decision on the only line and finish."""
        inspection.line_ids.write(
            {
                "qty_accepted": accepted,
                "qty_rejected": rejected,
                "qty_concession": concession,
                **values,
            }
        )
        inspection.action_done()

    def _free(self, product=None):
        """What of a product an order could take."""
        product = (product or self.wine).with_context(location=self.stock.id)
        product.invalidate_recordset()
        return product.free_qty

    def _in(self, place, product=None):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", (product or self.wine).id),
                ("location_id", "child_of", place.id),
            ]
        )
        return sum(quants.mapped("quantity"))

    @property
    def place(self):
        return self.warehouse.jxc_inspection_location_id

    @property
    def defective(self):
        return self.warehouse.jxc_defective_location_id
