# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceDrift(PriceCommon):
    """Many small changes need the approval that one large change needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_price_change_percent = 10
        cls.template = cls.product.product_tmpl_id
        roles = "sales_team.group_sale_manager,product.group_product_manager"
        cls.pricing = cls._create_user("jxc_pricing", roles)
        cls.chief = cls._create_user(
            "jxc_chief", f"{roles},jxc_sales.group_price_manager"
        )
        cls.own = cls.template.with_user(cls.pricing)

    def _change(self, price, **line):
        change = (
            self.env["jxc.price.change"]
            .with_user(self.pricing)
            .create(
                {
                    "reason": "New season",
                    "line_ids": [
                        Command.create(
                            {
                                "product_tmpl_id": self.template.id,
                                "new_price": price,
                                **line,
                            }
                        )
                    ],
                }
            )
        )
        change.action_submit()
        return change

    def test_small_steps(self):
        self.own.list_price = 105
        self.own.list_price = 110
        with self.assertRaisesRegex(AccessError, r"\+15.0 %"):
            self.own.list_price = 115
        self.template.invalidate_recordset()
        self.assertEqual(self.template.list_price, 110)
        # Back is nearer, and down counts from where it was as well.
        self.own.list_price = 104
        self.own.list_price = 95
        self.own.list_price = 90
        with self.assertRaisesRegex(AccessError, "-14.0 %"):
            self.own.list_price = 86

    def test_after_a_month(self):
        self.own.list_price = 109
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            self.own.list_price = 118
            with self.assertRaisesRegex(AccessError, "30 days"):
                self.own.list_price = 122

    def test_what_was_agreed_to(self):
        """By a price manager's own change, or by his approval."""
        self.own.list_price = 109
        self.template.with_user(self.chief).list_price = 112
        self.own.list_price = 120
        change = self._change(128)
        self.assertEqual(change.state, "requested")
        change.with_user(self.chief).action_approve()
        self.own.list_price = 136
        with self.assertRaises(AccessError):
            self.own.list_price = 143

    def test_price_changes_that_need_nobody(self):
        """A document within the limit is agreed to by nobody."""
        self.assertEqual(self._change(107).state, "done")
        with self.assertRaises(AccessError):
            self.own.list_price = 113
        self.assertEqual(self._change(113).state, "requested")
        self.assertEqual(self._change(109).state, "done")

    def test_one_change_of_two_prices(self):
        """Counts once, and each price by itself."""
        self.template.with_user(self.chief).jxc_min_price = 50
        self.own.write({"list_price": 106, "jxc_min_price": 53})
        self.own.list_price = 109
        with self.assertRaises(AccessError):
            self.own.jxc_min_price = 56

    def test_consent_to_another_price(self):
        """Says nothing of this one."""
        self.own.list_price = 92
        self.template.with_user(self.chief).jxc_min_price = 40
        with self.assertRaisesRegex(AccessError, "-15.0 %"):
            self.own.list_price = 85

    def test_first_price(self):
        """Is no change; what follows is measured from it."""
        self.template.with_user(self.chief).list_price = 0
        self.own.list_price = 20
        self.own.list_price = 21.9
        with self.assertRaises(AccessError):
            self.own.list_price = 23

    def test_units(self):
        unit = self.box.with_user(self.pricing)
        old = self.box._jxc_price_of_unit()
        self.box.with_user(self.chief).list_price = old = old + 10
        unit.list_price = old * 1.08
        with self.assertRaises(AccessError):
            unit.list_price = old * 1.15
        self.box.invalidate_recordset()
        # That the product gets dearer by consent is no step of its units.
        self.template.with_user(self.chief).list_price = 150
        unit.list_price = old * 1.09
        change = self._change(old * 1.15, kind="unit", unit_id=self.box.id)
        self.assertEqual(change.state, "requested")

    def test_rules_of_price_lists(self):
        """A rule starts as a change of the sales price."""
        pricelist = self.env["product.pricelist"].create({"name": "Gold"})
        for values, small, large in (
            ({"compute_price": "fixed", "fixed_price": 95}, 91, 88),
            ({"compute_price": "percentage", "percent_price": 5}, 9, 12),
        ):
            name = next(name for name in values if name != "compute_price")
            item = (
                self.env["product.pricelist.item"]
                .with_user(self.pricing)
                .create(
                    {
                        "pricelist_id": pricelist.id,
                        "applied_on": "1_product",
                        "product_tmpl_id": self.template.id,
                        **values,
                    }
                )
            )
            with self.subTest(values):
                item[name] = small
                with self.assertRaises(AccessError):
                    item[name] = large
                item.invalidate_recordset()
                change = self._change(large, kind="item", item_id=item.id)
                self.assertEqual(change.state, "requested")
                change.with_user(self.chief).action_approve()
                self.assertEqual(item[name], large)
