# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon

RULES = st.lists(
    st.tuples(
        st.sets(st.integers(0, 2), max_size=2),  # products by number
        st.sampled_from(["", "category", "tag"]),
        st.integers(0, 3),  # minimum quantity
    ),
    max_size=2,
)


@tagged("post_install", "-at_install")
class TestPromotionBound(CreditCommon):
    """Promotions that are left out early are those that the platform gives nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.unlimited = True
        cls.tag = cls.env["product.tag"].create({"name": "Bound"})
        cls.category = cls.env["product.category"].create({"name": "Bound"})
        cls.goods = cls.env["product.product"].create(
            [
                {"name": "Nail", "list_price": 10},
                {"name": "Screw", "list_price": 10, "categ_id": cls.category.id},
                {"name": "Bolt", "list_price": 10, "product_tag_ids": cls.tag.ids},
            ]
        )

    def _program(self, rules, **values):
        """A discount of 10 % by these rules: (product numbers, other bond, minimum)."""
        return self.env["loyalty.program"].create(
            {
                "name": "Bound",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "product_ids": [
                                    Command.set([self.goods[one].id for one in numbers])
                                ],
                                "product_category_id": bond == "category"
                                and self.category.id,
                                "product_tag_id": bond == "tag" and self.tag.id,
                                "minimum_qty": minimum,
                                "reward_point_amount": 1,
                                "reward_point_mode": "order",
                            }
                        )
                        for numbers, bond, minimum in rules
                    ),
                ],
                "reward_ids": [
                    Command.clear(),
                    Command.create({"reward_type": "discount", "discount": 10}),
                ],
                **values,
            }
        )

    def _order_of(self, *numbers):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.goods[one].id, "product_uom_qty": 2}
                    )
                    for one in numbers
                ],
            }
        )

    def _gets(self, order, program):
        order._update_programs_and_rewards()
        return program in order.coupon_point_ids.coupon_id.program_id

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        RULES,
        st.sets(st.integers(0, 2), max_size=2),
        st.sampled_from(["current", "future", "both"]),
    )
    def _check_random(self, rules, numbers, applies_on):
        program = self._program(rules, applies_on=applies_on)
        order = self._order_of(*numbers)
        if program.id in order._jxc_vain_program_ids():
            status = order._program_check_compute_points(program)[program]
            self.assertIn("error", status, "The platform gives it something")
        if rules and not program.is_nominative:
            named = all(products and not bond for products, bond, _qty in rules)
            wanted = set().union(*(products for products, _bond, _qty in rules))
            self.assertEqual(
                program.id in order._jxc_vain_program_ids(),
                named and wanted.isdisjoint(numbers),
            )

    def test_random(self):
        self._check_random()

    def test_given_as_before(self):
        """With its product it is applied, without it is not, and taken away again."""
        program = self._program([({0}, "", 1)])
        self.assertFalse(self._gets(self._order_of(1, 2), program))
        order = self._order_of(0, 1)
        self.assertTrue(self._gets(order, program))
        order.order_line.filtered(
            lambda line: line.product_id == self.goods[0]
        ).unlink()
        self.assertFalse(self._gets(order, program), "Its product is gone")

    def test_rule_changes(self):
        """A rule that names another product, or none any more, is known at once."""
        program = self._program([({0}, "", 1)])
        order = self._order_of(1)
        self.assertFalse(self._gets(order, program))
        program.rule_ids.product_ids = self.goods[1]
        self.assertTrue(self._gets(order, program))
        program.rule_ids.product_ids = self.goods[2]
        self.assertFalse(self._gets(order, program))
        program.rule_ids.product_category_id = self.category
        self.assertTrue(self._gets(order, program), "Or any of a category")

    def test_rule_added_and_removed(self):
        program = self._program([({0}, "", 1)])
        order = self._order_of(1)
        self.assertFalse(self._gets(order, program))
        rule = self.env["loyalty.rule"].create(
            {"program_id": program.id, "minimum_qty": 1, "reward_point_amount": 1}
        )
        self.assertTrue(self._gets(order, program), "The second rule is for all")
        rule.unlink()
        self.assertFalse(self._gets(order, program))

    def test_product_archived(self):
        """A rule whose only product is archived is for all, says the platform."""
        program = self._program([({0}, "", 1)])
        order = self._order_of(1)
        self.assertFalse(self._gets(order, program))
        self.goods[0].action_archive()
        self.env.invalidate_all()
        self.assertTrue(self._gets(order, program))

    def test_costs_no_query(self):
        """However many promotions name other products."""
        for _number in range(5):
            self._program([({0}, "", 1)])
        order = self._order_of(1)
        order._update_programs_and_rewards()
        order._jxc_vain_program_ids()
        with self.assertQueryCount(0):
            self.assertGreaterEqual(len(order._jxc_vain_program_ids()), 5)
