# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Promotions of an order are judged again for what the customer keeps."""

from odoo.fields import Command
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnPromotion(ReturnCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.cup = cls._create_lamp(name="Cup", list_price=20)

    def _make(self, **values):
        self.env["jxc.promotion"].create({"name": "Spring", **values}).action_create()

    def _bought(self, quantity, price=100.0, bill=True, others=()):
        """A delivered order with every reward it is offered."""
        order = self._create_order(quantity, price=price)
        order.order_line = [
            Command.create({"product_id": one.id, "product_uom_qty": qty})
            for one, qty in others
        ]
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            for reward in rewards:
                order._apply_program_reward(reward, coupon)
        order.action_confirm()
        self._deliver(order)
        if bill:
            order._create_invoices().action_post()
        return order

    def _returned(self, quantity, product=None, **values):
        back = self._create_return(quantity, product=product, **values)
        preview = back.amount_difference
        back.action_confirm()
        back.action_accept()
        self.assertAlmostEqual(back.amount_difference, preview)
        # Goods free what will be credited, not what they were billed with.
        accepted = self._exposure()
        back.action_done()
        self.assertAlmostEqual(self._exposure(), accepted, 2, "drafts")
        back.invoice_ids.filtered(lambda one: one.state == "draft").action_post()
        self.assertAlmostEqual(self._exposure(), accepted, 2, "posted")
        return back

    def _paid(self, order):
        """What all documents over the order charge."""
        returns = self.env["jxc.sale.return"].search(
            [("line_ids.allocation_ids.sale_line_id.order_id", "=", order.id)]
        )
        return sum(
            (order.invoice_ids | returns.invoice_ids)
            .filtered(lambda one: one.state == "posted")
            .mapped("amount_total_signed")
        )

    def test_money_off(self):
        """满1000减100: 300 come back, what is kept does not earn it any more."""
        self._make(kind="money_off", amount_from=1000, amount_off=100)
        order = self._bought(10)
        self.assertEqual(order.amount_total, 900)
        back = self._returned(3)
        self.assertEqual((back.amount_returned, back.amount_promotion), (270, 70))
        self.assertRecordValues(
            back.invoice_ids, [{"move_type": "out_refund", "amount_total": 200}]
        )
        self.assertEqual(self._exposure(), 700)
        # Lost once: the next ones come back for what they cost.
        again = self._returned(2)
        self.assertEqual(again.invoice_ids.amount_total, 200)
        # Not returned after all: the whole of it is as before.
        again.action_cancel()
        back.action_cancel()
        self.assertEqual(self._paid(order), 900)
        self.assertEqual(self._returned(10).invoice_ids.amount_total, 900)
        self.assertEqual(self._paid(order), 0)

    def test_money_off_kept(self):
        """Above the threshold the customer keeps the whole of it."""
        self._make(kind="money_off", amount_from=500, amount_off=100)
        order = self._bought(10)
        self.assertEqual(self._returned(3).invoice_ids.amount_total, 300)
        self.assertEqual(self._paid(order), 600)
        # A little that comes back may cost more than it was worth.
        bill = self._returned(3)
        self.assertEqual(bill.invoice_ids.amount_total, 200)
        self.assertEqual(self._paid(order), 400)

    def test_small_return_costs(self):
        """Who loses more than he gave back pays the difference."""
        self._make(kind="money_off", amount_from=1000, amount_off=150)
        order = self._bought(10)
        back = self._returned(1)
        self.assertEqual(back.amount_difference, 50)
        self.assertRecordValues(
            back.invoice_ids, [{"move_type": "out_invoice", "amount_total": 50}]
        )
        self.assertEqual(self._paid(order), 900)

    def test_exposure_by_part(self):
        """What is lost comes off the credit note; what is more, is to be invoiced."""
        self._make(kind="money_off", amount_from=1000, amount_off=150)
        self._bought(10)
        large = self._create_return(3)
        large.action_confirm()
        large.action_accept()
        self.assertEqual(self._parts(), {"receivable": 850, "returned": 150})
        large.action_cancel()
        self.assertEqual(self._parts(), {"receivable": 850})
        small = self._create_return(1)
        small.action_confirm()
        # Nobody is kept from giving goods back by the credit he does not have.
        self.account.write({"credit_limit": 0, "delivery_action": "block"})
        small.action_accept()
        self.assertEqual(self._parts(), {"receivable": 850, "delivered": 50})
        small.action_done()
        self.assertEqual(self._parts(), {"receivable": 850, "draft": 50})
        small.invoice_ids.action_post()
        self.assertEqual(self._parts(), {"receivable": 900})

    def test_accepted_before_it_was_noted(self):
        """Databases without the column are brought up to date with it."""
        self._make(kind="money_off", amount_from=1000, amount_off=100)
        self._bought(10)
        back = self._create_return(3)
        back.action_confirm()
        back.action_accept()
        exposure = self._exposure()
        back.sudo().is_to_settle = False
        self.assertNotEqual(self._exposure(), exposure, "as it was then")
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE jxc_sale_return DROP COLUMN is_to_settle")
        self.env.invalidate_all()
        self.env.registry.init_models(
            self.env.cr, ["jxc.sale.return"], {"module": "jxc_sales"}, install=False
        )
        self.assertTrue(back.is_to_settle)
        self.assertEqual(self._exposure(), exposure)

    def test_not_invoiced(self):
        """What the order still is to invoice comes out right in the end."""
        self._make(kind="money_off", amount_from=1000, amount_off=100)
        order = self._bought(10, bill=False)
        back = self._returned(3)
        self.assertRecordValues(
            back.invoice_ids, [{"move_type": "out_invoice", "amount_total": 100}]
        )
        order._create_invoices().action_post()
        self.assertEqual(self._paid(order), 700)
        self._returned(7)
        self.assertEqual(self._paid(order), 0)
        # All of it back before anything was invoiced: nothing to charge.
        whole = self._bought(10, bill=False)
        self.assertFalse(self._returned(10).invoice_ids)
        self.assertEqual(self._paid(whole), 0)

    def test_gift(self):
        """满300送2杯: the gift is charged, unless it comes back too."""
        self._make(kind="gift", amount_from=300, gift_id=self.cup.id, gift_quantity=2)
        order = self._bought(3)
        back = self._returned(1)
        self.assertEqual(back.invoice_ids.amount_total, 100 - 2 * 20)
        self.assertEqual(self._paid(order), 240)
        # One of the cups after all
        self.assertEqual(self._returned(1, self.cup).invoice_ids.amount_total, 20)
        both = self._bought(3)
        lines = [
            Command.create({"product_id": one.id, "product_uom_qty": qty})
            for one, qty in ((self.product, 1), (self.cup, 2))
        ]
        back = self._returned(0, line_ids=lines)
        self.assertEqual(back.invoice_ids.amount_total, 100)
        self.assertEqual(self._paid(both), 200)

    def test_buy_n_get_m(self):
        """买2送1: six and three free; three of these back, whichever they are."""
        self._make(
            kind="buy_get",
            product_id=self.product.id,
            quantity=2,
            gift_id=self.product.id,
            gift_quantity=1,
        )
        order = self._bought(6)
        self.assertEqual(sum(order.order_line.mapped("product_uom_qty")), 9)
        back = self._returned(3)
        kept = order._jxc_kept()
        paid = [line for line in kept if not line.reward_id]
        free = [line for line in kept if line.reward_id]
        bought = sum(kept[line] for line in paid)
        excess = sum(kept[line] for line in free) - bought // 2
        self.assertEqual(self._paid(order), 100 * (bought + max(0, excess)))
        self.assertEqual(back.state, "done")

    def test_price_by_quantity_stays(self):
        """阶梯价: a price that was agreed is not judged again."""
        self._make(
            kind="ladder",
            product_id=self.product.id,
            pricelist_id=self.env["product.pricelist"].create({"name": "Steps"}).id,
            line_ids=[Command.create({"quantity": 10, "price": 80})],
        )
        order = self._bought(10, price=80)
        self.assertEqual(self._returned(3).invoice_ids.amount_total, 240)
        self.assertEqual(self._paid(order), 560)

    def test_discount_follows_its_goods(self):
        """限时折扣 on cups: lamps come back without a share of it, cups with all."""
        self._make(
            kind="flash",
            product_ids=[Command.set(self.cup.ids)],
            percent_off=50,
            date_to="2099-12-31",
        )
        order = self._bought(2, others=[(self.cup, 5)])
        self.assertEqual(order.amount_total, 250)
        self.assertEqual(self._returned(1).invoice_ids.amount_total, 100)
        self.assertEqual(self._returned(5, self.cup).invoice_ids.amount_total, 50)
        self.assertEqual(self._paid(order), 100)

    def test_points_spent(self):
        """A quarter back: a quarter of the points, of both that were moved."""
        program = self._create_points(
            reward_ids=[
                Command.clear(),
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_order",
                        "discount": 40,
                        "required_points": 200,
                    }
                ),
            ],
        )
        card = self.env["loyalty.card"].create(
            {
                "program_id": program.id,
                "partner_id": self.customer.id,
                "points": 200,
            }
        )
        order = self._create_order(4)
        order._update_programs_and_rewards()
        order._apply_program_reward(program.reward_ids, card)
        order.action_confirm()
        self._deliver(order)
        order._create_invoices().action_post()
        self.assertEqual(order.amount_total, 360)
        before, earned = card.points, order.coupon_point_ids.points
        self.assertEqual(before, earned)
        back = self._returned(1)
        self.assertEqual(back.invoice_ids.amount_total, 90)
        self.assertAlmostEqual(card.points, before - earned / 4 + 50)
        back.action_cancel()
        self.assertAlmostEqual(card.points, before)
        self._returned(4)
        self.assertAlmostEqual(card.points, 200)
