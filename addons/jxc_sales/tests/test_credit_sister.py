# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon
from .test_credit_channels import PIXEL


@tagged("post_install", "-at_install")
class TestCreditSisterCompany(CreditCommon):
    """Goods on their way to a sister company have left, as the platform counts it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipper = cls._create_user("jxc_shipper", "stock.group_stock_user")
        cls.account.write({"order_action": "none", "delivery_action": "block"})
        cls.between = cls.env.ref("stock.stock_location_inter_company")
        cls.between.active = True
        sister = cls.setup_other_company()["company"].partner_id
        cls.sister = sister.with_company(cls.company)
        cls.sister.property_stock_customer = cls.between
        cls.env["jxc.credit.account"].create(
            {
                "partner_id": sister.id,
                "credit_limit": 1000,
                "order_action": "none",
                "delivery_action": "block",
            }
        )

    def _ready(self, quantity, **values):
        order = self._create_order(quantity, **values)
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        return picking.with_user(self.shipper)

    def test_sister_company_is_held_to_its_limit(self):
        picking = self._ready(11, partner_id=self.sister.id)
        self.assertEqual(picking.move_ids.location_dest_id, self.between)
        with self.assertRaises(UserError):
            picking.button_validate()
        picking = self._ready(10, partner_id=self.sister.id)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        move = picking.move_ids
        with self.assertRaises(UserError):
            move.quantity = 11

    def test_no_way_around_by_naming_that_place(self):
        picking = self._ready(11)
        picking.location_dest_id = self.between
        picking.move_ids.location_dest_id = self.between
        with self.assertRaises(UserError):
            picking.button_validate()

    def test_unpaid_retail_stays(self):
        picking = self._ready(1, jxc_sale_mode="retail", partner_id=self.sister.id)
        with self.assertRaisesRegex(UserError, "100.00"):
            picking.button_validate()

    def test_overdue(self):
        account = self.env["jxc.credit.account"].search(
            [("partner_id", "=", self.sister.id)]
        )
        account.write({"unlimited": True, "control_overdue": True})
        self._due(10, 20, partner_id=self.sister.id)
        with self.assertRaisesRegex(UserError, "overdue"):
            self._ready(1, partner_id=self.sister.id).button_validate()

    def test_is_signed_for_and_comes_back(self):
        picking = self._ready(2, partner_id=self.sister.id)
        picking.button_validate()
        picking.action_jxc_sign(receiver="Mr Li", signature=PIXEL)
        self.assertTrue(picking.jxc_receipt_id)
        back = self.env["jxc.sale.return"].create(
            {
                "partner_id": self.sister.id,
                "reason_id": self.env["jxc.sale.return.reason"].search([], limit=1).id,
                "line_ids": [
                    Command.create(
                        {
                            "direction": "in",
                            "product_id": self.product.id,
                            "product_uom_qty": 1,
                        }
                    )
                ],
            }
        )
        back.action_confirm()
        back.action_accept()
        order = picking.sudo().sale_id
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(order.jxc_credit_shipped, 100)
