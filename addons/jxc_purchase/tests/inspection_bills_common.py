# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command, Date
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class InspectionBillsCommon(AccountTestInvoicingCommon):
    """Vendor bills count accepted quantities."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.env["jxc.receipt.inspection.rule"].search([]).active = False
        cls.env.user.group_ids += cls.env.ref("stock.group_stock_manager")
        cls.env.user.group_ids += cls.env.ref("purchase.group_purchase_manager")
        cls.accountant = new_test_user(
            cls.env,
            "bill_clerk",
            groups="account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.chief = new_test_user(
            cls.env,
            "bill_chief",
            groups="account.group_account_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.wine = cls.env["product.product"].create(
            {
                "name": "Wine",
                "is_storable": True,
                "purchase_method": "receive",
                "supplier_taxes_id": [Command.clear()],
            }
        )
        cls.env["jxc.receipt.inspection.rule"].create(
            {"product_id": cls.wine.id, "company_id": cls.company.id}
        )

    def _receive(self, quantity=10):
        return self._come(self._order(quantity))

    def _come(self, order):
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        return order

    def _order(self, quantity=10):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_qty": quantity,
                            "price_unit": 10,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        return order

    def _decide(self, order, accepted, rejected):
        inspection = order.jxc_inspection_ids.filtered(lambda one: one.state == "draft")
        inspection.line_ids.write({"qty_accepted": accepted, "qty_rejected": rejected})
        inspection.action_done()
        return inspection

    def _bill(self, order, quantity, refund=False, move_type="in_invoice"):
        line = order.order_line
        return (
            self.env["account.move"]
            .with_user(self.accountant)
            .create(
                {
                    "move_type": "in_refund" if refund else move_type,
                    "partner_id": self.vendor.id,
                    "company_id": self.company.id,
                    "invoice_date": Date.today(),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.wine.id,
                                "quantity": quantity,
                                "price_unit": 10,
                                "purchase_line_id": line.id,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
