# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.jxc_base.tests.import_common import ImportCase

from .common import PurchaseBudgetCommon
from .test_import import PARTNERS, PRODUCTS, UNITS, order


@tagged("post_install", "-at_install")
class TestModeImport(PurchaseBudgetCommon, ImportCase):
    """Imported orders follow the rules of their mode, past ones do not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        for group in ("base.group_system", "stock.group_stock_manager"):
            cls.env.user.group_ids += cls.env.ref(group)
        cls.service = cls.env["jxc.import"]
        cls.env.company.write({"jxc_direct_policy": "limit", "jxc_direct_limit": 100})

    def _import(self, history):
        files = {"partners": PARTNERS, "products": PRODUCTS, "product_units": UNITS}
        return self.run_tables(
            files={**files, "purchase_orders": [order()]}, history=history
        )

    def test_limit_of_direct_purchases(self):
        with self.assertRaisesRegex(UserError, "cannot be bought directly"):
            self._import(history=False)
        # A key of the context is no history.
        self.service = self.service.with_context(jxc_history=True)
        with self.assertRaisesRegex(UserError, "cannot be bought directly"):
            self._import(history=False)

    def test_history_is_recorded_as_it_was(self):
        self._import(history=True)
        imported = self.env["purchase.order"].search(
            [("jxc_import_number", "=", "PO1")]
        )
        self.assertEqual(imported.state, "purchase")
        self.assertEqual(imported.jxc_procurement_mode, "direct")
