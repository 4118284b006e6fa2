# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .control_common import ControlCase


@tagged("post_install", "-at_install")
class TestForecastHeld(ControlCase):
    """Defective goods serve nobody and are not counted on; goods to inspect are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bad = cls._place("X", "defective")
        cls._stock(cls.product, 5, cls.bad)
        cls._stock(cls.product, 4, cls._place("Q", "inspect"))

    def _assert_quantities(self, **expected):
        self.env.invalidate_all()
        found = {name: self.product[name] for name in expected}
        self.assertEqual(found, expected)

    def test_forecast(self):
        self._assert_quantities(qty_available=19, free_qty=10, virtual_available=14)
        self._delivery(self.product, 3)
        self._assert_quantities(qty_available=19, free_qty=7, virtual_available=11)

    def test_on_their_way_out(self):
        """What leaves is taken off once, not as defective and as leaving."""
        move = self._delivery(self.product, 2, location_id=self.bad.id)
        self.assertEqual(move.quantity, 2)
        self._assert_quantities(outgoing_qty=2, free_qty=10, virtual_available=14)

    def test_place_itself(self):
        self.product = self.product.with_context(location=self.bad.id)
        self._assert_quantities(qty_available=5, free_qty=0, virtual_available=0)

    def test_reordered_in_their_place(self):
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "location_id": self.shelf.id,
                "product_min_qty": 15,
                "product_max_qty": 15,
                "trigger": "manual",
            }
        )
        self.assertEqual((rule.qty_forecast, rule.qty_to_order), (14, 1))
