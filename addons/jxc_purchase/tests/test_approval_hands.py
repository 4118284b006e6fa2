# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import OrderApprovalCommon
from .urgent_common import UrgentCommon


@tagged("post_install", "-at_install")
class TestOrderHands(OrderApprovalCommon):
    """Who makes more of the buyer's order does not approve it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_boss = cls._user("order_other_boss", "jxc_base.group_executive")
        (cls.boss | cls.other_boss).group_ids += cls.env.ref(
            "purchase.group_purchase_manager"
        )
        cls.group = cls.env["res.groups"].create(
            {
                "name": "Both bosses",
                "user_ids": [Command.set((cls.boss | cls.other_boss).ids)],
            }
        )
        cls._tier(
            review_type="group", reviewer_id=False, reviewer_group_id=cls.group.id
        )

    def _draft(self):
        return self._purchase((self.tea, 10, 120), (self.wine, 1, -20))

    def _line(self, quantity=5, price=900):
        return Command.create(
            {
                "product_id": self.wine.id,
                "product_qty": quantity,
                "price_unit": price,
                "tax_ids": [Command.clear()],
            }
        )

    def _assert_only_the_other_decides(self, order):
        self.assertEqual(order.state, "to approve")
        self.assertFalse(order.with_user(self.boss).can_review)
        with self.assertRaises(AccessError):
            order.with_user(self.boss).validate_tier()
        with self.assertRaises(AccessError):
            order.with_user(self.boss).reject_tier()
        order.with_user(self.other_boss).validate_tier()
        self.assertEqual(order.state, "purchase")

    def test_who_raises_a_draft_does_not_approve_it(self):
        changes = {
            "price": lambda order: order.order_line[0].write({"price_unit": 500}),
            "quantity": lambda order: order.order_line[0].write({"product_qty": 11}),
            "product": lambda order: order.order_line[0].write(
                {"product_id": self.wine.id, "price_unit": 120, "product_qty": 10}
            ),
            "rebate": lambda order: order.order_line[1].unlink(),
            "line": lambda order: order.order_line.create(
                {"order_id": order.id, **self._line()[2]}
            ),
            "lines": lambda order: order.write({"order_line": [self._line()]}),
            "form": lambda order: order.write(
                {
                    "order_line": [
                        Command.update(order.order_line[0].id, {"price_unit": 500})
                    ]
                }
            ),
            "vendor": lambda order: order.write({"partner_id": self.other_vendor.id}),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                order = self._draft()
                change(order.with_user(self.boss))
                order.button_confirm()
                self._assert_only_the_other_decides(order)

    def test_own_order_in_passing_hides_no_hand(self):
        order = self._draft()
        order.with_user(self.boss).user_id = self.boss
        order.with_user(self.boss).order_line[0].price_unit = 500
        order.with_user(self.boss).user_id = self.buyer
        order.button_confirm()
        self._assert_only_the_other_decides(order)

    def test_hand_holds_when_the_order_starts_over(self):
        order = self._draft()
        order.with_user(self.boss).order_line[0].price_unit = 500
        order.button_confirm()
        order.button_cancel()
        order.button_draft()
        order.button_confirm()
        self._assert_only_the_other_decides(order)

    def test_less_and_notes_leave_the_reviewer(self):
        order = self._draft()
        mine = order.with_user(self.boss)
        mine.write({"note": "As agreed", "date_planned": mine.date_planned})
        mine.order_line[0].date_planned += timedelta(days=3)
        mine.order_line[0].write({"name": "Green tea", "price_unit": 110})
        mine.write(
            {
                "order_line": [
                    Command.create(
                        {"display_type": "line_note", "name": "!", "product_qty": 0}
                    )
                ]
            }
        )
        self.assertFalse(order.jxc_hand_ids)
        order.button_confirm()
        mine.validate_tier()
        self.assertEqual(order.state, "purchase")

    def test_only_reviewer_is_told_at_once(self):
        self.group.user_ids = self.boss
        order = self._draft()
        order.with_user(self.boss).order_line[0].price_unit = 500
        with self.assertRaisesRegex(UserError, "Nobody may decide"):
            order.button_confirm()

    def test_copy_is_nobody_elses(self):
        order = self._draft()
        order.with_user(self.boss).order_line[0].price_unit = 500
        self.assertEqual(order.jxc_hand_ids, self.boss)
        self.assertFalse(order.copy().jxc_hand_ids)

    def test_hands_are_not_written(self):
        order = self._draft()
        order.with_user(self.boss).order_line[0].price_unit = 500
        for value in ([Command.clear()], False, [Command.unlink(self.boss.id)]):
            with self.assertRaises(AccessError):
                order.with_user(self.boss).jxc_hand_ids = value
        with self.assertRaises(AccessError):
            self._purchase((self.tea, 1, 1), jxc_hand_ids=[self.boss.id])
        defaulted = self.env["purchase.order"].with_user(self.buyer)
        born = defaulted.with_context(default_jxc_hand_ids=self.boss.ids).create(
            {"partner_id": self.vendor.id}
        )
        self.assertFalse(born.jxc_hand_ids)


@tagged("post_install", "-at_install")
class TestUrgentHands(UrgentCommon):
    """The same for orders that are approved afterwards."""

    def test_who_raised_the_price_does_not_approve_it(self):
        order = self._urgent(user=self.hasty, confirm=False)
        order.with_user(self.manager).order_line.price_unit = 900
        order.button_confirm()
        urgent = order.jxc_urgent_ids
        with self.assertRaises(AccessError):
            urgent.with_user(self.manager).action_approve()
        second = self._user("urgent_second", "purchase.group_purchase_manager")
        urgent.with_user(second).action_approve()
        self.assertEqual(urgent.state, "approved")
