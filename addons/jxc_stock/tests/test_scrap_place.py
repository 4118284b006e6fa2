# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .control_common import ControlCase


@tagged("post_install", "-at_install")
class TestScrapPlace(ControlCase):
    """What is scrapped is lost; it reaches nobody."""

    def _scrap(self, **values):
        return (
            self.env["stock.scrap"]
            .with_user(self.keeper)
            .create(
                {
                    "product_id": self.product.id,
                    "scrap_qty": 1,
                    "location_id": self.shelf.id,
                    **values,
                }
            )
        )

    def test_to_customers(self):
        with self.assertRaisesRegex(UserError, "no place for scrap"):
            self._scrap(scrap_location_id=self.customers.id)
        scrap = self._scrap()
        scrap.do_scrap()
        self.assertEqual(scrap.state, "done")
        with self.assertRaisesRegex(UserError, "no place for scrap"):
            self._scrap().scrap_location_id = self.customers

    def test_to_a_place_that_became_another(self):
        place = self.env["stock.location"].create({"name": "Bin", "usage": "inventory"})
        scrap = self._scrap(scrap_location_id=place.id)
        place.usage = "customer"
        with self.assertRaisesRegex(UserError, "no place for scrap"):
            scrap.do_scrap()
        self.assertEqual(scrap.state, "draft")
