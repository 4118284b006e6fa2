# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

from odoo.exceptions import UserError

from .common import UnitCase


class ControlCase(UnitCase):
    """Ten bottles on the shelf; people who may and may not control stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controller = cls._new_user("controller", "jxc_stock.group_stock_control")
        cls.keeper = cls._new_user("keeper", "stock.group_stock_user")
        cls.product = cls._create_product("Oil", {"箱": 12})
        cls.quant = cls._stock(cls.product, 10)

    @contextmanager
    def _refused(self, message="", error=UserError):
        """Expect an error and undo what happened before it, as a request does."""
        with self.assertRaisesRegex(error, message), self.env.cr.savepoint():
            yield
        self.env.invalidate_all()

    @classmethod
    def _stock(cls, product, quantity, location=None, lot=None, **kw):
        """Put goods somewhere; return their quant."""
        location = location or cls.shelf
        quants = cls.env["stock.quant"]
        quants._update_available_quantity(product, location, quantity, lot_id=lot, **kw)
        return quants._gather(product, location, lot_id=lot, strict=True).filtered(
            lambda quant: quant.lot_id == (lot or quant.lot_id.browse())
        )

    @classmethod
    def _quant(cls, product, location=None):
        location = location or cls.shelf
        return cls.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id", "=", location.id)]
        )

    @classmethod
    def _place(cls, name, status=False, **values):
        return cls.env["stock.location"].create(
            {
                "name": name,
                "location_id": cls.shelf.id,
                "jxc_stock_status": status,
                **values,
            }
        )

    @classmethod
    def _delivery(cls, product, quantity, **values):
        """A delivery to a customer that reserved what there is."""
        move = cls._create_move(
            product,
            quantity,
            **{
                "location_id": cls.shelf.id,
                "location_dest_id": cls.customers.id,
                "picking_type_id": cls.warehouse.out_type_id.id,
                **values,
            },
        )
        move._action_confirm(merge=False)
        move._action_assign()
        return move

    @classmethod
    def _validate(cls, move, quantity=None, **line_values):
        """Hand the goods over, whether they were reserved or not."""
        if quantity is not None:
            move.quantity = quantity
        if line_values:
            move.move_line_ids.write(line_values)
        move.picked = True
        move._action_done()

    @classmethod
    def _create_lot(cls, product, name, **values):
        return cls.env["stock.lot"].create(
            {"name": name, "product_id": product.id, **values}
        )
