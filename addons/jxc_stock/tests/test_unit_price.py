# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestUnitPrice(UnitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wine.list_price = 10
        cls.box = cls._unit(cls.wine, "箱")
        cls.pack = cls._unit(cls.wine, "提")
        cls.box.list_price = 100
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Retail"})

    def _price(self, uom, pricelist=None, product=None):
        return (pricelist or self.pricelist)._get_product_price(
            product or self.wine, 1, uom=uom
        )

    def test_own_price_wins(self):
        """A box costs what the box costs, a pack six bottles."""
        for product in (self.wine, self.wine.product_tmpl_id):
            self.assertEqual(self._price(self.box.uom_id, product=product), 100)
            self.assertEqual(self._price(self.pack.uom_id, product=product), 60)
            self.assertEqual(self._price(self.bottle, product=product), 10)
        self.box.active = False
        self.assertEqual(self._price(self.box.uom_id), 120)

    def test_pricelists_start_from_it(self):
        for values, price in (
            ({"compute_price": "percentage", "percent_price": 10}, 90),
            (
                {
                    "compute_price": "formula",
                    "price_discount": 20,
                    "price_surcharge": 1,
                },
                92,
            ),
            ({"compute_price": "fixed", "fixed_price": 7}, 84),
        ):
            with self.subTest(values=values):
                self.pricelist.item_ids = [
                    Command.clear(),
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": self.wine.product_tmpl_id.id,
                            **values,
                        }
                    ),
                ]
                self.assertEqual(self._price(self.box.uom_id), price)

    def test_chained_pricelist_and_cost(self):
        """Another pricelist as base passes it on; the cost knows no unit price."""
        self.wine.standard_price = 4
        chained = self.env["product.pricelist"].create(
            {
                "name": "Friends",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "formula",
                            "base": "pricelist",
                            "base_pricelist_id": self.pricelist.id,
                            "price_discount": 50,
                        }
                    )
                ],
            }
        )
        self.assertEqual(self._price(self.box.uom_id, chained), 50)
        chained.item_ids.write({"base": "standard_price", "price_discount": 0})
        chained.item_ids.price_markup = 0
        self.assertEqual(self._price(self.box.uom_id, chained), 48)

    def test_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2020-01-01", "rate": 2}
        )
        if euro == self.env.company.currency_id:
            self.skipTest("the company works in euro")
        abroad = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": euro.id}
        )
        self.assertAlmostEqual(self._price(self.box.uom_id, abroad), 200)

    def test_variants(self):
        """What a variant costs more, it costs more in every bottle."""
        attribute = self.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [
                    Command.create({"name": "S"}),
                    Command.create({"name": "L", "default_extra_price": 2}),
                ],
            }
        )
        template = self.wine.product_tmpl_id
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        prices = [
            self._price(self.box.uom_id, product=variant)
            for variant in template.product_variant_ids.sorted("price_extra")
        ]
        self.assertEqual(prices, [100, 124])

    def test_portal(self):
        """Who may not read units sees the same price."""
        portal = self._new_user("unit_portal", "base.group_portal")
        self.env["ir.model.access"].create(
            [
                {
                    "name": model,
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": self.env.ref("base.group_portal").id,
                    "perm_read": True,
                }
                for model in (
                    "product.product",
                    "product.template",
                    "product.template.attribute.value",
                    "uom.uom",
                )
            ]
        )
        wine = self.wine.with_user(portal)
        self.assertFalse(self.box.with_user(portal).has_access("read"))
        prices = wine._price_compute("list_price", uom=self.box.uom_id)
        self.assertEqual(prices[wine.id], 100)

    def test_priced_by_auxiliary_unit(self):
        """A price for one head stays one for any unit of the weight."""
        head = self.env["uom.uom"].create({"name": "头"})
        ton = self.env.ref("uom.product_uom_ton")
        pig = self._create_product(
            "Pig",
            uom_id=self.kg.id,
            list_price=1500,
            jxc_aux_uom_id=head.id,
            jxc_aux_ratio=100,
            jxc_price_by="aux",
        )
        self.assertEqual(self._price(ton, product=pig), 1500)
        pig.jxc_price_by = "base"
        self.assertEqual(self._price(ton, product=pig), 1500000)
