# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .count_common import CountCase


@tagged("post_install", "-at_install")
class TestCountApproval(CountCase):
    """Large differences reach the stock only with an approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._new_user(
            "boss", "stock.group_stock_manager,jxc_base.group_see_costs"
        )
        cls.env["tier.definition"].create(
            {
                "name": "Boss",
                "model_id": cls.env["ir.model"]._get_id("jxc.stock.count"),
                "review_type": "individual",
                "reviewer_id": cls.boss.id,
                "definition_domain": "[('variance_value', '>', 50)]",
                "company_id": False,
            }
        )

    def _submitted(self, quantity):
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, quantity)
        self._submit(count)
        return count

    def test_small_differences_need_none(self):
        count = self._submitted(39)
        self._apply(count)
        self.assertEqual(count.state, "done")

    def test_nothing_reaches_the_stock_before(self):
        count = self._submitted(30)
        line = self._line(count, self.wine)
        for apply in (count.action_apply, line.action_apply):
            with self.assertRaisesRegex(ValidationError, "needs approval"):
                apply()
        with self.assertRaises(AccessError):
            count.write({"state": "done"})
        # Nobody's rights pass it, nor do the engine's own context keys.
        for keys in ("skip_validation_check", "skip_check_state_condition"):
            with self.assertRaises(ValidationError):
                count.sudo().with_context(**{keys: True}).write({"state": "done"})
            with self.assertRaises(ValidationError):
                count.with_context(**{keys: True}).action_apply()
        with self.assertRaisesRegex(ValidationError, "Boss"):
            line.action_keep()
        count.request_validation()
        self.assertEqual(count.review_ids.status, "pending")
        with self.assertRaises(ValidationError):
            count.action_apply()
        self.assertEqual(self._on_hand(self.wine), 40)

    def test_approved_is_applied(self):
        count = self._submitted(30)
        count.request_validation()
        count.with_user(self.boss).validate_tier()
        self._apply(count)
        self.assertEqual((count.state, self._on_hand(self.wine)), ("done", 30))

    def test_rejected_is_not_applied(self):
        count = self._submitted(30)
        count.request_validation()
        count.with_user(self.boss).reject_tier()
        with self.assertRaises(ValidationError):
            self._apply(count)

    def test_approval_is_asked_for_a_result_only(self):
        count = self._start_count()
        self.assertFalse(count.request_validation())

    def test_recount_drops_the_approval(self):
        count = self._submitted(30)
        count.request_validation()
        count.with_user(self.boss).validate_tier()
        count.action_recount()
        self.assertFalse(count.review_ids)
        self._enter(count, self.wine, 20)
        self._submit(count)
        with self.assertRaisesRegex(ValidationError, "needs approval"):
            self._apply(count)

    def test_counters_do_not_approve(self):
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 30, user=self.boss)
        self._submit(count)
        # The only reviewer counted.
        with self.assertRaises(UserError):
            count.request_validation()

    def test_lines_one_by_one_after_the_approval(self):
        count = self._start_count()
        self._enter(count, self.wine, 30)
        self._enter(count, self.beer, 40)
        self._submit(count)
        count.request_validation()
        count.with_user(self.boss).validate_tier()
        self._line(count, self.wine).action_apply()
        self.assertEqual(count.state, "submitted")
        self._line(count, self.beer).action_apply()
        self.assertEqual(count.state, "done")
