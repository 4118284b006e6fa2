# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest
from datetime import timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.jxc_stock.tools import abc

from .count_common import CountCase


@tagged("post_install", "-at_install")
class TestCountPlan(CountCase):
    """Cycle counts by ABC class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.env["product.category"].create({"name": "Goods"})
        cls.tea = cls._create_product("Tea", standard_price=1.0)
        with freeze_time(cls.clock - timedelta(days=1)):
            cls._receive(cls.tea, 100)
        (cls.wine | cls.beer | cls.tea).categ_id = cls.goods

    def _create_plan(self, user=None, **values):
        values = {
            "name": "Cycle",
            "warehouse_id": self.warehouse.id,
            "category_ids": self.goods.ids,
            **values,
        }
        return (
            self.env["jxc.stock.count.plan"].with_user(user or self.max).create(values)
        )

    def _count(self, *products):
        count = self._start_count(
            product_ids=[product.id for product in products],
        )
        for product in products:
            self._enter(count, product, self._on_hand(product))
        self._submit(count)
        self._apply(count)

    def test_examples(self):
        self.assertEqual(doctest.testmod(abc).failed, 0)

    @settings(
        max_examples=100,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.dictionaries(st.integers(), st.integers(-5, 100), max_size=8))
    def test_classes_follow_the_value(self, values):
        classes = abc.classify(values)
        self.assertEqual(set(classes), set(values))
        order = sorted(values, key=lambda key: -values[key])
        self.assertEqual([classes[key] for key in order], sorted(classes.values()))

    def test_what_was_never_counted_is_due(self):
        plan = self._create_plan()
        with self.after():
            plan.action_plan()
        self.assertEqual(plan.count_ids.product_ids, self.wine | self.beer | self.tea)
        self.assertEqual(plan.count_ids.state, "draft")
        self.assertTrue(plan.count_ids.blind)

    def test_classes_come_due_one_after_the_other(self):
        plan = self._create_plan(days_a=10, days_b=20, days_c=40)
        with self.after(minutes=1):
            self._deliver(self.wine, 9)
            self._deliver(self.beer, 6)
            self._deliver(self.tea, 1)
        self._count(self.wine, self.beer, self.tea)
        due = {}
        for days in (9, 11, 21, 41):
            with freeze_time(self.clock + timedelta(days=days)):
                due[days] = plan._due_products()
        self.assertFalse(due[9])
        self.assertEqual(due[11], self.wine)
        self.assertEqual(due[21], self.wine | self.beer)
        self.assertEqual(due[41], self.wine | self.beer | self.tea)

    def test_a_few_at_a_time_the_longest_waiting_first(self):
        plan = self._create_plan(most_products=1, days_c=5)
        self._count(self.wine)
        with self.after(minutes=60):
            pass
        self._count(self.beer)
        with self.after(minutes=60):
            self.assertEqual(plan._due_products(), self.tea)
        self._count(self.tea)
        with freeze_time(self.clock + timedelta(days=30)):
            self.assertEqual(plan._due_products(), self.wine)

    def test_the_night_makes_one_count(self):
        plan = self._create_plan()
        cron = self.env.ref("jxc_stock.ir_cron_count_plan")
        for _night in range(2):
            with self.after(), self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.assertEqual(len(plan.count_ids), 1)
        plan.count_ids.action_cancel()
        with self.after():
            plan.action_plan()
        self.assertEqual(len(plan.count_ids), 2)

    def test_only_administrators_plan(self):
        plan = self._create_plan()
        with self.assertRaises(AccessError):
            self._create_plan(self.uma)
        with self.assertRaises(AccessError):
            plan.with_user(self.uma).action_plan()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user(
            "stranger",
            "stock.group_stock_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            plan.with_user(stranger).action_plan()
