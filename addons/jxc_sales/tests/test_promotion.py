# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Promotions with a limited number of uses, and what was paid the last time."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestLimitedPromotion(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.unlimited = True
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "First Two",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "limit_usage": True,
                "max_usage": 2,
                "rule_ids": [Command.clear(), Command.create({"minimum_amount": 1})],
                "reward_ids": [
                    Command.clear(),
                    Command.create({"reward_type": "discount", "discount": 10}),
                ],
            }
        )

    def _promoted(self):
        """A quotation that carries the reward, whatever the platform counted."""
        order = self._create_order(1)
        reward = self.program.reward_ids
        order.sudo().order_line = [
            Command.create(
                {
                    "name": "10% off",
                    "product_id": reward.discount_line_product_id.id,
                    "price_unit": -10,
                    "product_uom_qty": 1,
                    "reward_id": reward.id,
                }
            )
        ]
        return order

    def test_not_oversold(self):
        """Three quotations carry the reward, two of them can be confirmed."""
        orders = self._promoted() + self._promoted() + self._promoted()
        for order in orders[:2]:
            order.action_confirm()
        self._assert_uses(2)
        self.assertEqual(orders[:2].mapped("state"), ["sale", "sale"])
        with self.assertRaisesRegex(UserError, "First Two: 2 uses") as refused:
            orders[2]._jxc_use_promotions()
        self.assertIn(orders[2].name, str(refused.exception))

    def test_batch_is_judged_together(self):
        orders = self._promoted() + self._promoted() + self._promoted()
        with self.assertRaisesRegex(UserError, "used up"):
            orders._jxc_use_promotions()

    def test_cancelling_gives_back(self):
        first, second, third = (self._promoted() for _number in range(3))
        (first + second).action_confirm()
        self._assert_uses(2)
        first._action_cancel()
        self._assert_uses(1)
        third._jxc_use_promotions()

    def test_reward_of_a_confirmed_order(self):
        (self._promoted() + self._promoted()).action_confirm()
        order = self._create_order(1)
        order.action_confirm()
        reward = self.program.reward_ids
        with self.assertRaisesRegex(UserError, "First Two"):
            order.sudo().order_line = [
                Command.create(
                    {
                        "name": "10% off",
                        "product_id": reward.discount_line_product_id.id,
                        "price_unit": -10,
                        "reward_id": reward.id,
                    }
                )
            ]

    def _assert_uses(self, number):
        self.env.flush_all()
        self.env.cr.execute(self.program._jxc_gate_query())
        self.assertEqual(self.env.cr.fetchall(), [(self.program.id, number, 2)])


@tagged("post_install", "-at_install")
class TestLastPrice(CreditCommon):
    def test_last_price(self):
        """The customer's last confirmed price, in units, after discount."""
        self.account.unlimited = True
        box = self.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "name": "箱",
                "factor": 12,
            }
        )
        old = self._create_order(5, price=90, date_order="2026-01-10 04:00:00")
        new = self._create_order(3, price=1200, date_order="2026-03-02 04:00:00")
        new.order_line.write({"product_uom_id": box.uom_id.id, "price_unit": 1200})
        new.order_line.discount = 10
        for order in (new, old):
            date = order.date_order
            order.action_confirm()
            order.date_order = date
        self._create_order(1, price=1)  # a quotation says nothing
        contact = self.env["res.partner"].create(
            {"name": "Shop", "parent_id": self.customer.id}
        )
        line = self._create_order(1, partner_id=contact.id).order_line
        text = line.with_user(self.salesman).jxc_last_price
        self.assertIn("3箱 @", text)
        self.assertIn("1,080.00/箱", text.replace("\xa0", " "))
        self.assertIn("03/02/2026", text)
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        line = self._create_order(1, partner_id=other.id).order_line
        self.assertFalse(line.jxc_last_price)

    def test_queries_do_not_grow_with_lines(self):
        orders = self._create_order(1) + self._create_order(1)
        orders[1].order_line = [
            Command.create({"product_id": self.product.id}) for _number in range(9)
        ]
        counts = []
        for order in (orders[0], *orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.order_line.mapped("jxc_last_price")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
