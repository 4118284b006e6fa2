# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestUnitChannels(CreditCommon, HttpCase):
    """A crate of twelve lamps has a price of its own, wherever it is sold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 1_000_000
        cls.product.jxc_unit_ids = [
            Command.create(
                {"name": "Crate", "factor": 12, "list_price": 1100, "use_sale": True}
            ),
            Command.create({"name": "Half Crate", "factor": 6}),
        ]
        cls.crate, cls.half = cls.product.jxc_unit_ids.uom_id.sorted(
            lambda uom: -uom.factor
        )
        cls.kilo = cls.env.ref("uom.product_uom_kgm")
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Ten percent off",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": 10,
                        }
                    )
                ],
            }
        )

    def _rpc(self, route, **params):
        self.authenticate("jxc_salesman", "jxc_salesman")
        answer = self.url_open(
            route,
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.assertNotIn("error", answer)
        return answer["result"]

    def _order_in(self, uom, quantity=1, **values):
        order = self.env["sale.order"].with_user(self.salesman)
        return order.create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": quantity,
                            "product_uom_id": uom.id,
                        }
                    )
                ],
                **values,
            }
        )

    def test_prices(self):
        """The unit's own price wins over its content; then pricelists apply."""
        for uom, plain, reduced in (
            (self.crate, 1100, 990),
            (self.half, 600, 540),
            (self.product.uom_id, 100, 90),
        ):
            with self.subTest(uom=uom.name):
                order = self._order_in(uom, pricelist_id=False)
                self.assertEqual(order.order_line.price_unit, plain)
                order = self._order_in(uom, pricelist_id=self.pricelist.id)
                self.assertEqual(order.amount_untaxed, reduced)

    def test_prices_over_rpc(self):
        """As another program reads them."""
        self.authenticate("jxc_salesman", "jxc_salesman")
        price = self._rpc(
            "/web/dataset/call_kw/sale.order/create",
            model="sale.order",
            method="create",
            args=[
                {
                    "partner_id": self.customer.id,
                    "pricelist_id": self.pricelist.id,
                    "order_line": [
                        [
                            0,
                            0,
                            {
                                "product_id": self.product.id,
                                "product_uom_id": self.crate.id,
                                "product_uom_qty": 2,
                            },
                        ]
                    ],
                }
            ],
            kwargs={},
        )
        order = self.env["sale.order"].browse(price)
        self.assertEqual(order.amount_untaxed, 1980)
        self.assertEqual(
            self.pricelist._get_product_price(self.product, 1, uom=self.crate), 990
        )

    def test_foreign_unit(self):
        with self.assertRaisesRegex((UserError, ValidationError), "Lamp"):
            self._order_in(self.kilo)
        order = self._order_in(self.crate)
        with self.assertRaisesRegex((UserError, ValidationError), "Lamp"):
            order.order_line.product_uom_id = self.kilo

    def test_unit_of_another_product(self):
        """It converts, but a crate of bulbs is no crate of lamps."""
        bulb = self._create_lamp(stock=0, name="Bulb", uom_id=self.product.uom_id.id)
        bulb.jxc_unit_ids = [Command.create({"name": "Crate", "factor": 100})]
        crate = bulb.jxc_unit_ids.uom_id
        with self.assertRaisesRegex(ValidationError, "not of Lamp"):
            self._order_in(crate)
        order = self._order_in(self.crate)
        with self.assertRaisesRegex(ValidationError, "not of Lamp"):
            order.order_line.product_uom_id = crate
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")

    def _other_crate(self):
        bulb = self._create_lamp(stock=0, name="Bulb", uom_id=self.product.uom_id.id)
        bulb.jxc_unit_ids = [Command.create({"name": "Crate", "factor": 100})]
        return bulb.jxc_unit_ids.uom_id

    def test_templates(self):
        """What a quotation refuses is refused on its template already."""
        template = self.env["sale.order.template"].create({"name": "Lamps"})
        line = {"product_id": self.product.id, "product_uom_qty": 1}
        for unit in (self.kilo, self._other_crate()):
            with self.assertRaisesRegex(ValidationError, "Lamp"):
                template.sale_order_template_line_ids = [
                    Command.create({**line, "product_uom_id": unit.id})
                ]
        template.sale_order_template_line_ids = [
            Command.create({**line, "product_uom_id": self.crate.id}),
            Command.create({"display_type": "line_note", "name": "Thank you"}),
        ]

    def test_shops(self):
        """A shop sells in units of the product, and they stay what they are."""
        channel = self.env["jxc.sale.channel"].create(
            {"name": "Shop", "code": "SHOP9", "partner_id": self.customer.id}
        )
        one = {"channel_id": channel.id, "sku": "L-1", "product_id": self.product.id}
        shops = self.env["jxc.sale.channel.product"]
        with self.assertRaisesRegex(ValidationError, "not of Lamp"):
            other = self._other_crate()
            shops.create({**one, "sku": "L-0", "product_uom_id": other.id})
        shops.create({**one, "product_uom_id": self.crate.id})
        unit = self.product.jxc_unit_ids.filtered(lambda u: u.uom_id == self.crate)
        with self.assertRaisesRegex(UserError, "1 sales channels of Lamp"):
            unit.factor = 7

    def test_proposed_unit(self):
        """Who enters a line is offered the unit for sales; a program that leaves the
        unit out means the product's own."""
        with Form(self.env["sale.order"].with_user(self.salesman)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.product
                self.assertEqual(line.product_uom_id, self.crate)
                self.assertEqual(line.price_unit, 1100)
                line.product_uom_id = self.half
        self.assertEqual(form.record.order_line.product_uom_id, self.half)
        self.assertEqual(form.record.order_line.price_unit, 600)
        order = self._create_order(1)
        self.assertEqual(order.order_line.product_uom_id, self.product.uom_id)

    def test_catalog(self):
        """The catalog shows and sells the unit of the line that is there."""
        order = self._order_in(self.crate, pricelist_id=self.pricelist.id)
        common = {"res_model": "sale.order", "order_id": order.id}
        shown = self._rpc(
            "/product/catalog/order_lines_info",
            product_ids=self.product.ids,
            **common,
        )[str(self.product.id)]
        self.assertEqual(shown["uomDisplayName"], self.crate.display_name)
        self.assertEqual((shown["quantity"], shown["price"]), (1, 990))
        price = self._rpc(
            "/product/catalog/update_order_line_info",
            product_id=self.product.id,
            quantity=3,
            **common,
        )
        self.assertEqual(price, 990)
        order.invalidate_recordset()
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_uom_id": self.crate.id,
                    "product_uom_qty": 3,
                    "price_subtotal": 2970,
                }
            ],
        )
        self.assertEqual(order.with_user(self.env.user).order_line.product_uom_qty, 3)

    def test_catalog_adds_what_it_shows(self):
        """A product that is not in the order yet: shown and added by its own unit."""
        order = self._order_in(self.crate)
        order.order_line.unlink()
        common = {"res_model": "sale.order", "order_id": order.id}
        shown = self._rpc(
            "/product/catalog/order_lines_info",
            product_ids=self.product.ids,
            **common,
        )[str(self.product.id)]
        price = self._rpc(
            "/product/catalog/update_order_line_info",
            product_id=self.product.id,
            quantity=2,
            **common,
        )
        order.invalidate_recordset()
        line = order.with_context(lang=self.salesman.lang).order_line
        self.assertEqual(line.product_uom_id.display_name, shown["uomDisplayName"])
        self.assertEqual(price, line.price_unit)
        self.assertEqual(shown["price"], line.price_unit)

    def test_delivery_package_and_invoice(self):
        """Two crates are 24 lamps in a package, and two crates on the invoice."""
        order = self._order_in(self.crate, 2).with_user(self.env.user)
        order.action_confirm()
        move = order.picking_ids.move_ids
        self.assertEqual(move.product_qty, 24)
        order.picking_ids.action_assign()
        package = self.env["stock.package"].create({"name": "Pallet"})
        move.move_line_ids.result_package_id = package
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        self.assertEqual(sum(package.quant_ids.mapped("quantity")), 24)
        self.assertEqual(order.order_line.qty_delivered, 2)
        invoice = order._create_invoices()
        self.assertRecordValues(
            invoice.invoice_line_ids,
            [
                {
                    "product_uom_id": self.crate.id,
                    "quantity": 2,
                    "price_unit": 1100,
                    "price_subtotal": 2200,
                }
            ],
        )
        with self.assertRaisesRegex((UserError, ValidationError), "Lamp"):
            invoice.invoice_line_ids.product_uom_id = self.kilo

    def test_invoice_by_hand(self):
        values = {
            "move_type": "out_invoice",
            "partner_id": self.customer.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_id": self.crate.id,
                        "quantity": 1,
                    }
                )
            ],
        }
        invoice = self.env["account.move"].create(values)
        self.assertEqual(invoice.invoice_line_ids.price_unit, 1100)
        values["invoice_line_ids"][0][2]["product_uom_id"] = self.kilo.id
        with self.assertRaisesRegex((UserError, ValidationError), "Lamp"):
            self.env["account.move"].create(values)
