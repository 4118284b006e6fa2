# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.tests import tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class LedgerCase(UnitCase):
    """Goods at average cost, two warehouses, people who may and may not see costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ledger = cls.env["jxc.stock.ledger"]
        cls.methods = {
            method: cls.env["product.category"].create(
                {"name": method, "property_cost_method": method}
            )
            for method in ("average", "fifo", "standard")
        }
        cls.branch = cls.env["stock.warehouse"].create(
            {"name": "Branch", "code": "BRX", "company_id": cls.env.company.id}
        )
        cls.far_shelf = cls.branch.lot_stock_id
        cls.keeper = cls._new_user("jxc_keeper", "stock.group_stock_user")
        cls.controller = cls._new_user(
            "jxc_controller", "stock.group_stock_user,jxc_base.group_see_costs"
        )
        cls.outsider = cls._new_user("jxc_outsider", "base.group_user")
        cls.rice = cls._create_goods("Rice", units={"箱": 12})

    @classmethod
    def _create_goods(cls, name, method="average", **values):
        values = {"categ_id": cls.methods[method].id, **values}
        # before its first move: the platform notes the cost of a new product
        with freeze_time("2024-12-01 08:00:00"):
            return cls._create_product(name, **values)

    @classmethod
    def _move_at(cls, moment, product, quantity, source, dest, owner=None, lot=None):
        """A done move of a moment."""
        with freeze_time(moment):
            move = cls._create_move(
                product,
                quantity,
                location_id=source.id,
                location_dest_id=dest.id,
                restrict_partner_id=owner.id if owner else False,
            )
            move._action_confirm()
            move.quantity = quantity
            if owner:
                move.move_line_ids.owner_id = owner
            if lot:
                move.move_line_ids.lot_id = lot
            move.picked = True
            move._action_done()
        return move

    @classmethod
    def _receive_at(cls, moment, product, quantity, value=None, dest=None, **kwargs):
        """Receive goods of a fixed worth, as bills fix it."""
        move = cls._move_at(
            moment, product, quantity, cls.supplier, dest or cls.shelf, **kwargs
        )
        if value is not None:
            with freeze_time(moment):
                cls.env["product.value"].create({"move_id": move.id, "value": value})
        return move

    @classmethod
    def _issue_at(cls, moment, product, quantity, source=None, **kwargs):
        return cls._move_at(
            moment, product, quantity, source or cls.shelf, cls.customers, **kwargs
        )

    def _rows(
        self, date_from, date_to, groupby="product", product=None, user=None, zone="UTC"
    ):
        ledger = self.ledger.with_user(user or self.controller).with_context(tz=zone)
        domain = [("product_id", "in", (product or self.rice).ids)]
        return ledger.summary(date_from, date_to, groupby, domain)

    def _row(self, *args, **kwargs):
        rows = self._rows(*args, **kwargs)
        self.assertEqual(len(rows), 1, rows)
        return rows[0]

    def assertRow(self, row, **expected):
        for name, value in expected.items():
            self.assertAlmostEqual(row[name], value, 6, (name, row))
        self.assertTies(row)

    def assertTies(self, row):
        for kind in ("qty", "value"):
            opening, incoming, outgoing, closing = (
                row[f"{name}_{kind}"] for name in ("opening", "in", "out", "closing")
            )
            self.assertAlmostEqual(opening + incoming - outgoing, closing, 6, row)
