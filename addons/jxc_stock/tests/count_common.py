# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager
from datetime import datetime, timedelta

from freezegun import freeze_time

from .common import UnitCase

START = datetime(2026, 3, 2, 1, 0, 0)


class CountCase(UnitCase):
    """Stock, people who count, and a clock.

    Max runs counts, Uma and Ute count as stock users, Cleo has nothing but the right
    to count.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stock = "stock.group_stock_user,stock.group_production_lot"
        cls.max = cls._new_user("max", "stock.group_stock_manager")
        cls.uma = cls._new_user("uma", stock)
        cls.ute = cls._new_user("ute", stock)
        cls.cleo = cls._new_user("cleo", "jxc_stock.group_stock_counter")
        cls.reason = cls.env["jxc.stock.count.reason"].create({"name": "Lost"})
        cls.bin = cls.env["stock.location"].create(
            {"name": "Bin", "location_id": cls.shelf.id, "barcode": "BIN-1"}
        )
        cls.beer = cls._create_product("Beer", {"箱": 24}, standard_price=2.0)
        cls.wine.standard_price = 10.0
        cls.clock = START
        with freeze_time(START - timedelta(days=1)):
            cls._receive(cls.wine, 40)
            cls._receive(cls.beer, 48)

    @contextmanager
    def after(self, minutes=0, seconds=0):
        """Let time pass, and do what follows then."""
        type(self).clock = self.clock + timedelta(minutes=minutes, seconds=seconds)
        with freeze_time(self.clock):
            yield

    @classmethod
    def _deliver(cls, product, quantity, source=None):
        return cls._transfer(product, quantity, source or cls.shelf, cls.customers)

    @classmethod
    def _transfer(cls, product, quantity, source, target, lot=None):
        move = cls._create_move(
            product, quantity, location_id=source.id, location_dest_id=target.id
        )
        move._action_confirm()
        move.quantity = quantity
        if lot:
            move.move_line_ids.lot_id = lot
        move.picked = True
        move._action_done()
        return move

    def _create_count(self, user=None, **values):
        values = {
            "warehouse_id": self.warehouse.id,
            "product_ids": (self.wine | self.beer).ids,
            "reason_id": self.reason.id,
            **values,
        }
        Count = self.env["jxc.stock.count"].with_user(user or self.max)
        return Count.create(values)

    def _start_count(self, **values):
        count = self._create_count(**values)
        with self.after(minutes=1):
            count.action_start()
        return count

    def _enter(self, count, product, quantity, user=None, minutes=1, **values):
        """Let somebody count; ``quantity`` is a number or a text."""
        key = "quantity_text" if isinstance(quantity, str) else "quantity"
        user = user or self.uma
        with self.after(minutes=minutes):
            sheet = count.with_user(user)._find_or_create_sheet()
            return (
                self.env["jxc.stock.count.entry"]
                .with_user(user)
                .create(
                    {
                        "sheet_id": sheet.id,
                        "product_id": product.id,
                        "location_id": self.shelf.id,
                        key: quantity,
                        **values,
                    }
                )
            )

    def _submit(self, count):
        with self.after(minutes=1):
            return count.action_submit()

    def _apply(self, count):
        with self.after(minutes=1):
            return count.action_apply()

    def _line(self, count, product, location=None):
        return (
            count.sudo()
            .line_ids.filtered(
                lambda line: (
                    line.product_id == product
                    and line.location_id == (location or self.shelf)
                )
            )
            .with_env(count.env)
        )

    def _on_hand(self, product, location=None, lot=None):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", (location or self.shelf).id),
                *([("lot_id", "=", lot.id)] if lot else []),
            ]
        )
        return sum(quants.mapped("quantity"))
