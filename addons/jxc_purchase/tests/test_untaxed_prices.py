# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestUntaxedPrices(TenderCommon):
    """113 with 13 % of tax in it is 100, wherever prices are compared."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.included = cls._tax("13 % in it", "tax_included")
        cls.added = cls._tax("13 % on top", "tax_excluded")
        cls.tea = cls._product("Tea", {"箱": 12}, supplier_taxes_id=cls.included.ids)
        cls.crate = cls.tea.jxc_unit_ids.uom_id
        cls.juice = cls._product("Juice", supplier_taxes_id=cls.included.ids)

    @classmethod
    def _tax(cls, name, included):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": 13.0,
                "type_tax_use": "purchase",
                "price_include_override": included,
            }
        )

    def _price(self, price, vendor=None, **values):
        return self.env["product.supplierinfo"].create(
            {
                "partner_id": (vendor or self.vendor).id,
                "product_tmpl_id": self.tea.product_tmpl_id.id,
                "price": price,
                **values,
            }
        )

    def _untaxed(self, seller):
        return seller._jxc_untaxed_prices(self.company)[seller]

    def _position(self, rate, **values):
        """A fiscal position with another tax, in the price, for the usual one."""
        tax = self._tax(f"{rate} % in it", "tax_included")
        tax.amount = rate
        position = self.env["account.fiscal.position"].create(
            {"name": f"Rate {rate}", "company_id": self.company.id, **values}
        )
        tax.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.set((self.included | self.added).ids)],
            }
        )
        return position

    def _sold(self, count, tax):
        """So many products with this tax, each with a vendor of a country."""
        country = self.env.ref("base.cn")
        products = self.env["product.product"].create(
            [
                {"name": f"Product {number}", "supplier_taxes_id": tax.ids}
                for number in range(count)
            ]
        )
        vendors = self.env["res.partner"].create(
            [
                {"name": f"Vendor {number}", "country_id": country.id}
                for number in range(count)
            ]
        )
        self.env["product.supplierinfo"].create(
            [
                {
                    "partner_id": vendor.id,
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "price": 113,
                }
                for product, vendor in zip(products, vendors, strict=True)
            ]
        )
        return products

    def _queries_of_request(self, products):
        """Request the products; return how many queries that takes, and the prices.

        The second time: the first one fills what the server remembers.
        """
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            request = self._request(*((product, 2) for product in products))
            self.env.flush_all()
            count = self.cr.sql_log_count - before
        return count, set(request.line_ids.mapped("price_unit"))

    def _buy(self, product, price, tax, **values):
        line = (product, 10, price, {"tax_ids": tax.ids, **values})
        order = self._rfq(line, jxc_procurement_mode="direct")
        order.with_context(skip_alternative_check=True).button_confirm()
        self.assertEqual(order.state, "purchase")
        return order

    def test_vendor_price(self):
        self._price(113)
        line = self._request((self.tea, 10)).line_ids
        self.assertEqual(line.price_source, "vendor")
        self.assertAlmostEqual(line.price_unit, 100)
        self.assertAlmostEqual(line.price_subtotal, 1000)

    def test_vendor_price_of_a_box_with_a_discount(self):
        self._price(2712, discount=50, product_uom_id=self.crate.id)
        line = self._request((self.tea, 12)).line_ids
        self.assertAlmostEqual(line.price_unit, 100)

    def test_vendor_with_a_fiscal_position(self):
        """Another tax for this vendor: what his price leaves without it."""
        rate = self._tax("3 % in it", "tax_included")
        rate.amount = 3
        position = self.env["account.fiscal.position"].create({"name": "Small"})
        rate.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.set(self.included.ids)],
            }
        )
        self.vendor.property_account_position_id = position
        seller = self._price(113)
        order = self._rfq((self.tea, 1, 0), vendor=self.vendor)
        order.order_line.unlink()
        order.write(
            {
                "order_line": [
                    Command.create({"product_id": self.tea.id, "product_qty": 1})
                ]
            }
        )
        self.assertAlmostEqual(self._untaxed(seller), order.amount_untaxed, 2)

    def test_queries(self):
        """What a request costs does not depend on how many lines it has."""
        for tax, price in ((self.added, 113), (self.included, 100)):
            with self.subTest(tax.name):
                few = self._queries_of_request(self._sold(5, tax))
                many = self._queries_of_request(self._sold(25, tax))
                self.assertEqual(few, many)
                self.assertEqual(few[1], {price})

    def test_queries_with_positions(self):
        """A tax that only a position has in the price is found, in one search."""
        self._position(
            5, auto_apply=True, country_id=self.env.ref("base.cn").id, sequence=-1
        )
        few = self._queries_of_request(self._sold(5, self.added))
        many = self._queries_of_request(self._sold(25, self.added))
        self.assertEqual(few, many)
        self.assertEqual(few[1], {round(113 / 1.05, 2)})

    def test_positions_as_the_platform_finds_them(self):
        """By hand before the automatic one; abroad and without a country none."""
        china, japan = self.env.ref("base.cn"), self.env.ref("base.jp")
        automatic = self._position(5, auto_apply=True, country_id=china.id, sequence=-1)
        by_hand = self._position(3)
        vendors = self.env["res.partner"].create(
            [
                {"name": "Near", "country_id": china.id},
                {"name": "Far", "country_id": japan.id},
                {"name": "Nowhere"},
                {
                    "name": "Told",
                    "country_id": china.id,
                    "property_account_position_id": by_hand.id,
                },
            ]
        )
        prices = self.env["product.supplierinfo"].union(
            *(self._price(113, vendor) for vendor in vendors)
        )
        found = prices._jxc_vendor_positions(self.company)
        find = self.env["account.fiscal.position"].with_company(self.company)
        for vendor in vendors:
            self.assertEqual(found[vendor], find._get_fiscal_position(vendor))
        near, _far, _nowhere, told = vendors
        self.assertEqual((found[near], found[told]), (automatic, by_hand))
        untaxed = prices._jxc_untaxed_prices(self.company)
        # As on an order: what the usual tax leaves, less the one in its place.
        self.assertAlmostEqual(untaxed[prices[0]], 100 / 1.05)
        self.assertAlmostEqual(untaxed[prices[1]], 100)

    def test_last_price(self):
        self._buy(self.juice, 113, self.included)
        self.juice.seller_ids.unlink()
        line = self._request((self.juice, 10)).line_ids
        self.assertEqual(line.price_source, "last")
        self.assertAlmostEqual(line.price_unit, 100)

    def test_an_unchanged_price_is_no_increase(self):
        self._buy(self.juice, 113, self.included)
        request = self._request((self.juice, 10), approve=True)
        self.assertAlmostEqual(request.jxc_price_increase_percent, 0)
        order = self._order(request.line_ids)
        self.assertEqual(order.order_line.tax_ids, self.included)
        self.assertAlmostEqual(order.order_line.price_unit, 113)
        self.assertAlmostEqual(order.amount_untaxed, 1000)
        self.assertAlmostEqual(order.jxc_price_increase_percent, 0)
        self.assertAlmostEqual(order.jxc_over_request_percent, 0)
        order.order_line.price_unit = 124.3
        self.assertAlmostEqual(order.jxc_price_increase_percent, 10)
        self.assertAlmostEqual(order.jxc_over_request_percent, 10)

    def test_ranks(self):
        """Of two fiscal positions the one that leaves less is cheaper."""
        self.tea.supplier_taxes_id = self.included
        dear, cheap = self._price(105, self.other_vendor), self._price(113)
        exempt = self.env["account.fiscal.position"].create({"name": "Exempt"})
        self.vendor.property_account_position_id = exempt
        self.assertAlmostEqual(self._untaxed(cheap), 100)
        self.assertAlmostEqual(self._untaxed(dear), 105 / 1.13)

    def test_tender(self):
        """113 with the tax in it is cheaper than 105 without."""
        self.cheap.order_line.tax_ids = self.included
        self.middle.order_line.tax_ids = self.added
        self._quote(113, 105, 120)
        _data, quotes = self._data()
        first, second = (quotes[str(one.id)] for one in (self.cheap, self.middle))
        self.assertAlmostEqual(first["price"], 100)
        self.assertEqual(first["price_quoted"], 113)
        self.assertTrue(first["is_cheapest"])
        self.assertAlmostEqual(second["price"], 105)
        self.assertFalse(second["is_cheapest"])
        # The cheapest one needs no reason.
        self._award((self.cheap, 10))
        self.assertAlmostEqual(self.cheap.amount_untaxed, 1000)
        award = self.env["jxc.purchase.award"]._last_of(self.cheap.order_line)
        award = award[self.cheap.order_line]
        self.assertAlmostEqual(award.price_untaxed, 100)
        self.assertTrue(award.is_cheapest)
        self.assertIsNone(self.cheap.order_line._jxc_award_problem(award))
        # The tax on top of what was quoted with it is dearer.
        self.cheap.order_line.tax_ids = self.added
        self.assertIn("100.00", self.cheap.order_line._jxc_award_problem(award))
