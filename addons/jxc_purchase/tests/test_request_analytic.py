# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestRequestAnalytic(PurchaseBudgetCommon):
    """Requests ask the account that their order will ask."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop_line, cls.any_line = cls._create_budget(
            {"analytic_account_id": cls.shop.id, "amount_planned": 100.0},
            {"amount_planned": 1000.0},
        ).line_ids.sorted("id")
        cls.to_shop = {str(cls.shop.id): 100.0}
        cls.to_web = {str(cls.web.id): 100.0}
        cls._model(cls.to_shop, product_id=cls.bread.id)

    @classmethod
    def _model(cls, distribution, **values):
        cls.env["account.analytic.distribution.model"].create(
            {
                "analytic_distribution": distribution,
                "company_id": cls.company.id,
                **values,
            }
        )

    def test_request_and_order_ask_the_same_line(self):
        user = new_test_user(
            self.env,
            "analytic_asker",
            "jxc_purchase.group_purchase_requester",
            company_id=self.company.id,
        )
        request = (
            self.env["jxc.purchase.request"]
            .with_user(user)
            .create(
                {
                    "company_id": self.company.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.bread.id,
                                "product_qty": 1,
                                "price_unit": 100.0,
                            }
                        )
                    ],
                }
            )
        )
        line = request.sudo().line_ids
        self.assertEqual(line.analytic_distribution, self.to_shop)
        request = self._approve(request.with_user(self.env.user))
        self.assertAmounts(self.shop_line, reserved=100.0)
        order = self._order_request(request)
        self.assertEqual(order.order_line.analytic_distribution, self.to_shop)
        order.button_confirm()
        self.assertAmounts(self.shop_line, committed=100.0)
        self.assertAmounts(self.any_line)

    def test_submitted_at_once(self):
        """As alerts and reordering rules do, in the transaction that makes it."""
        request = self._approve(self._create_request((self.bread, 1, 100.0)))
        self.assertEqual(request.line_ids.analytic_distribution, self.to_shop)
        self.assertAmounts(self.shop_line, reserved=100.0)
        self.assertAmounts(self.any_line)

    def test_what_is_entered_stays(self):
        for own in (self.to_web, False):
            more = {"analytic_distribution": own}
            line = self._create_request((self.bread, 1, 10.0, more)).line_ids
            self.assertEqual(line.analytic_distribution or False, own)
        line.analytic_distribution = self.to_web
        line.product_qty = 2
        self.assertEqual(line.analytic_distribution, self.to_web)

    def test_suggested_vendor(self):
        self._model(self.to_web, partner_id=self.other_vendor.id)
        line = self._create_request((self.paper, 1, 10.0)).line_ids
        self.assertFalse(line.analytic_distribution)
        line.vendor_id = self.other_vendor
        self.assertEqual(line.analytic_distribution, self.to_web)

    def test_another_product_has_its_own_account(self):
        """A line that serves its request no more follows the product it is for."""
        self._model(self.to_web, product_id=self.juice.id)
        request = self._approve(
            self._create_request((self.bread, 1, 10.0), (self.paper, 1, 10.0))
        )
        lines = self._order_request(request).order_line.grouped("product_id")
        first, second = lines[self.bread], lines[self.paper]
        self.assertEqual(first.analytic_distribution, self.to_shop)
        self.assertFalse(second.analytic_distribution)
        for line in (first, second):
            line.product_id = self.juice
            self.assertEqual(line.analytic_distribution, self.to_web)
            line.order_id.partner_id = self.other_vendor
            self.assertEqual(line.analytic_distribution, self.to_web)

    def test_what_was_submitted_stays(self):
        """Whatever vendor buyers decide on, and whoever sells in the end."""
        request = self._approve(self._create_request((self.paper, 1, 10.0)))
        self._model(self.to_shop, partner_id=self.vendor.id)
        request.line_ids.vendor_id = self.vendor
        self.assertFalse(request.line_ids.analytic_distribution)
        self.assertAmounts(self.any_line, reserved=10.0)
        order = self._order_request(request)
        self.assertFalse(order.order_line.analytic_distribution)
        order.partner_id = self.other_vendor
        order.partner_id = self.vendor
        self.assertFalse(order.order_line.analytic_distribution)
        order.button_confirm()
        self.assertAmounts(self.any_line, committed=10.0)
