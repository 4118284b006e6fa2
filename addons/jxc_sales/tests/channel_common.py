# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command

from .common import CreditCommon

BUYER = {
    "name": "王芳",
    "phone": "13800138000",
    "street": "文三路 90 号",
    "city": "杭州",
    "zip": "310012",
}


class ChannelCommon(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 10000
        cls.box = cls.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "name": "箱",
                "factor": 12,
                "barcode": "6900000000012",
            }
        )
        cls.product.default_code = "LAMP"
        cls.bank = cls.company_data["default_journal_bank"]
        cls.shipping = cls._create_lamp(
            stock=0, name="Shipping", type="service", is_storable=False
        )
        cls.channel = cls.env["jxc.sale.channel"].create(
            {
                "name": "Flagship Store",
                "code": "FS",
                "partner_id": cls.customer.id,
                "journal_id": cls.bank.id,
                "shipping_product_id": cls.shipping.id,
                "product_ids": [
                    Command.create(
                        {
                            "sku": "LAMP-12",
                            "product_id": cls.product.id,
                            "product_uom_id": cls.box.uom_id.id,
                        }
                    )
                ],
            }
        )

    def _order(self, number, **values):
        lines = [{"sku": "LAMP", "quantity": 2, "price": 100}]
        return {"number": number, "lines": lines, **values}

    def _import(self, *orders, user=None):
        channel = self.channel.with_user(user or self.env.user)
        return channel.import_orders(list(orders))

    def _found(self, result):
        return self.env["sale.order"].browse(result["order_id"])
