# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class UnitCase(TransactionCase):
    """Products with boxes and packs, a warehouse, people with real rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, lang="en_US", tracking_disable=True)
        )
        cls.bottle = cls.env["uom.uom"].create({"name": "瓶"})
        cls.kg = cls.env.ref("uom.product_uom_kgm")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.shelf = cls.warehouse.lot_stock_id
        cls.supplier = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.wine = cls._create_product("Wine", {"箱": 12, "提": 6})

    @classmethod
    def _create_product(cls, name, units=None, **values):
        """A goods product; ``units`` is {name: factor}."""
        product = cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "uom_id": cls.bottle.id,
                "jxc_unit_ids": [
                    Command.create({"name": unit, "factor": factor})
                    for unit, factor in (units or {}).items()
                ],
                **values,
            }
        )
        # Without the context the platform leaves on it, which stops new variants.
        return product.with_env(cls.env)

    @classmethod
    def _unit(cls, product, name):
        return product.jxc_unit_ids.filtered(lambda unit: unit.name == name)

    @classmethod
    def _create_move(cls, product, quantity, uom=None, **values):
        return cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom": (uom or product.uom_id).id,
                "product_uom_qty": quantity,
                "location_id": cls.supplier.id,
                "location_dest_id": cls.shelf.id,
                **values,
            }
        )

    @classmethod
    def _receive(cls, product, quantity, uom=None):
        move = cls._create_move(product, quantity, uom)
        move._action_confirm()
        move.quantity = quantity
        move.picked = True
        move._action_done()
        return move

    @classmethod
    def _new_user(cls, login, groups, **values):
        values = {"lang": "en_US", **values}
        return new_test_user(cls.env, login, groups=groups, **values)
