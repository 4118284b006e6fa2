# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestLocationOutgoing(TransactionCase):
    """Which locations goods have left to: the platform's answer, without its query."""

    def _assert_as_platform(self):
        locations = self.env["stock.location"].with_context(active_test=False)
        for location in locations.search([("parent_path", "!=", False)]):
            with self.subTest(location.complete_name):
                self.assertEqual(location._jxc_is_outgoing(), location._is_outgoing())

    def test_as_the_platform_says(self):
        between = self.env.ref("stock.stock_location_inter_company")
        customers = self.env.ref("stock.stock_location_customers")
        shelf = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self._assert_as_platform()
        new = self.env["stock.location"].create(
            [
                {"name": "Sister", "usage": "transit", "location_id": between.id},
                {"name": "Shop", "usage": "customer", "location_id": customers.id},
                {"name": "Van", "usage": "transit", "location_id": shelf.id},
            ]
        )
        self._assert_as_platform()
        self.assertEqual(
            [place._jxc_is_outgoing() for place in new], [True, True, False]
        )
        new[2].location_id = between
        new[1].usage = "internal"
        self._assert_as_platform()
        self.assertEqual(
            [place._jxc_is_outgoing() for place in new], [True, False, True]
        )

    def test_asks_the_database_once(self):
        places = self.env["stock.location"].search([])
        places[:1]._jxc_is_outgoing()
        with self.assertQueryCount(0):
            for place in places:
                place._jxc_is_outgoing()
