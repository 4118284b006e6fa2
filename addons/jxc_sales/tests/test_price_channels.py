# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.jxc_base.tools.importing import ImportRefused

from .channel_common import ChannelCommon


@tagged("post_install", "-at_install")
class TestPriceChannels(ChannelCommon):
    """The lowest price holds for whoever confirms: a shop, a file, money, a return."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.product_tmpl_id.jxc_min_price = 80
        cls.company.write(
            {"jxc_min_price_action": "block", "jxc_min_margin_action": "none"}
        )

    def _priced(self, number, price):
        lines = [{"sku": "LAMP", "quantity": 1, "price": price}]
        return self._order(number, lines=lines)

    def test_shop(self):
        cheap, good = self._import(self._priced("CHEAP", 79), self._priced("GOOD", 80))
        self.assertEqual(self._found(good).state, "sale")
        self.assertNotEqual(cheap["status"], "created")
        self.assertIn("lowest price", str(cheap))
        order = self.env["sale.order"].search([("jxc_channel_number", "=", "CHEAP")])
        self.assertNotIn("sale", order.mapped("state"))

    def test_import(self):
        self.env.user.group_ids += self.env.ref("base.group_system")
        self.customer.ref = "BT"
        row = {
            "number": "S1",
            "customer_ref": "BT",
            "date": "2025-03-01",
            "code": "LAMP",
            "unit": self.product.uom_id.name,
            "qty": "1",
            "price": "79",
        }
        with self.assertRaisesRegex(ImportRefused, "lowest price"):
            self.env["jxc.import"].run_tables({"sale_orders": [(2, row)]})
        domain = [("jxc_import_number", "=", "S1")]
        self.assertFalse(self.env["sale.order"].search(domain))
        row["price"] = "80"
        self.env["jxc.import"].run_tables({"sale_orders": [(2, row)]})
        self.assertEqual(self.env["sale.order"].search(domain).state, "sale")

    def test_payment(self):
        order = self._create_order(1, price=79)
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.env["payment.provider"]
                    .create({"name": "Bank of Tests"})
                    .id,
                    "payment_method_id": self.env.ref(
                        "payment.payment_method_unknown"
                    ).id,
                    "reference": order.name,
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": "done",
                }
            )
        )
        self.assertFalse(transaction._check_amount_and_confirm_order())
        self.assertNotEqual(order.state, "sale")
        self.assertIn("lowest price", str(order.message_ids.mapped("body")))

    def test_exchange(self):
        sold = self._create_order(2)
        sold.action_confirm()
        self._deliver(sold)
        back = self.env["jxc.sale.return"].create(
            {
                "partner_id": self.customer.id,
                "reason_id": self.env["jxc.sale.return.reason"].search([], limit=1).id,
                "exchange_first": True,
                "line_ids": [
                    Command.create(
                        {
                            "direction": direction,
                            "product_id": self.product.id,
                            "product_uom_qty": 1,
                        }
                    )
                    for direction in ("in", "out")
                ],
            }
        )
        outward = back.line_ids.filtered(lambda line: line.direction == "out")
        outward.price_unit = 79
        with self.assertRaises(UserError) as refused:
            back.action_confirm()
        self.assertIn("lowest price", str(refused.exception))
        self.env.invalidate_all()
        self.assertEqual(back.state, "draft")
        outward.price_unit = 80
        back.action_confirm()
        self.assertEqual(back.exchange_order_ids.state, "sale")
