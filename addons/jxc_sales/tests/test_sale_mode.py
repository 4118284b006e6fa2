# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import new_test_user, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestSaleMode(CreditCommon):
    """What has to be paid before goods leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 0
        cls.shipper = new_test_user(
            cls.env,
            "jxc_shipper",
            "stock.group_stock_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _confirmed(self, quantity=3, **values):
        order = self._create_order(quantity, **values)
        order.with_user(self.salesman).action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        # Taken by hand: for a pre-sale without deposit nothing is reserved.
        picking.move_ids.write({"quantity": quantity, "picked": True})
        return order, picking.with_user(self.shipper)

    def _assert_stays(self, picking, text):
        with self.assertRaisesRegex(UserError, text):
            picking.button_validate()
        picking.invalidate_recordset()
        self.assertEqual(picking.state, "assigned")

    def test_defaults(self):
        team = self.env["crm.team"].create({"name": "Shop", "jxc_sale_mode": "retail"})
        self.assertEqual(self._create_order().jxc_sale_mode, "simple")
        self.assertEqual(self._create_order(team_id=team.id).jxc_sale_mode, "retail")
        self.customer.jxc_sale_mode = "wholesale"
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        order = self._create_order(partner_id=contact.id, team_id=team.id)
        self.assertEqual(order.jxc_sale_mode, "wholesale")

    def test_presale_terms_are_those_of_the_company_of_the_order(self):
        other = self.setup_other_company()["company"]
        self.company.write(
            {"jxc_presale_balance_before": True, "jxc_presale_deposit_percent": 30}
        )
        other.write(
            {"jxc_presale_balance_before": False, "jxc_presale_deposit_percent": 45}
        )
        ours = self._create_order(jxc_sale_mode="presale")
        theirs = self._create_order(company_id=other.id, jxc_sale_mode="presale")
        agreed = self._create_order(
            company_id=other.id,
            jxc_sale_mode="presale",
            jxc_deposit_percent=10,
            jxc_balance_before=True,
        )
        self.assertEqual(
            [
                (order.jxc_balance_before, order.jxc_deposit_percent)
                for order in (ours, theirs, agreed, agreed.copy())
            ],
            [(True, 30), (False, 45), (True, 10), (True, 10)],
        )
        self.assertAlmostEqual(
            theirs._jxc_before_delivery(), theirs._jxc_company_total() * 0.45
        )
        self.assertAlmostEqual(ours._jxc_before_delivery(), 100)
        other.jxc_presale_deposit_percent = 50
        self.assertEqual(theirs.jxc_deposit_percent, 45, "as it was agreed on")

    def test_retail_takes_no_credit(self):
        order, picking = self._confirmed(jxc_sale_mode="retail")
        self.assertEqual(order.state, "sale", "nothing leaves unpaid")
        self._assert_stays(picking, "300.00")
        self._receipt(299, order)
        self._assert_stays(picking, "299.00")
        self._receipt(1, order)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_retail_of_customers_without_account(self):
        stranger = self.env["res.partner"].create({"name": "Passer-by"})
        order, picking = self._confirmed(partner_id=stranger.id, jxc_sale_mode="retail")
        self._assert_stays(picking, order.name)

    def test_services_are_held_to_the_limit(self):
        service = self.env["product.product"].create(
            {"name": "Work", "type": "service", "taxes_id": [Command.clear()]}
        )
        with self.assertRaises(UserError):
            self._confirmed(product=service, jxc_sale_mode="retail")
        order, _picking = self._confirmed(jxc_sale_mode="retail")
        with self.assertRaises(UserError):
            order.order_line = [
                Command.create({"product_id": service.id, "price_unit": 5})
            ]

    def test_terms_are_settled_by_confirming(self):
        order, _picking = self._confirmed(jxc_sale_mode="retail")
        for values in (
            {"jxc_sale_mode": "simple"},
            {"jxc_sale_mode": "presale", "jxc_balance_before": False},
            {"jxc_deposit_percent": 1},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                order.write(values)
        self.customer.jxc_sale_mode = "simple"
        self.assertEqual(order.jxc_sale_mode, "retail")

    def test_retail_customer_stays_retail(self):
        self.account.credit_limit = 5000
        self.customer.jxc_sale_mode = "retail"
        order = self._create_order(jxc_sale_mode="wholesale")
        with self.assertRaisesRegex(UserError, "Bright Trading"):
            order.with_user(self.salesman).action_confirm()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_retail_customer_stays_retail_on_hold(self):
        """The job that lets orders go is no way to another mode."""
        self.account.write({"credit_limit": 0, "order_action": "hold"})
        self.customer.jxc_sale_mode = "retail"
        service = self.env["product.product"].create(
            {"name": "Work", "type": "service", "taxes_id": [Command.clear()]}
        )
        order = self._create_order().with_user(self.salesman)
        order.order_line = [Command.create({"product_id": service.id, "price_unit": 5})]
        self._receipt(5, order)
        order.action_confirm()
        self.assertEqual(order.jxc_credit_state, "hold")
        with self.assertRaisesRegex(UserError, "Bright Trading"):
            order.jxc_sale_mode = "simple"

    def test_presale_deposit(self):
        self.company.jxc_presale_balance_before = False
        self.account.credit_limit = 5000
        order, picking = self._confirmed(
            jxc_sale_mode="presale", jxc_deposit_percent=30, jxc_balance_before=False
        )
        self.assertEqual(order.jxc_amount_before, 90)
        self._assert_stays(picking, "90.00")
        self._receipt(90, order)
        order.invalidate_recordset()
        self.assertEqual(order.jxc_amount_prepaid, 90)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_presale_down_payment_counts_when_paid(self):
        self.company.jxc_presale_balance_before = False
        self.account.credit_limit = 5000
        order, picking = self._confirmed(
            jxc_sale_mode="presale", jxc_deposit_amount=100, jxc_balance_before=False
        )
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 100})
        )
        deposit = wizard._create_invoices(order)
        self._assert_stays(picking, "100.00")
        deposit.action_post()
        self._assert_stays(picking, "100.00")
        self._pay(deposit)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_presale_without_balance_is_held_to_the_limit(self):
        self.company.jxc_presale_balance_before = False
        with self.assertRaisesRegex(UserError, "credit limit"):
            self._confirmed(
                jxc_sale_mode="presale",
                jxc_deposit_percent=30,
                jxc_balance_before=False,
            )
        order, picking = self._confirmed(
            jxc_sale_mode="presale", jxc_balance_before=True
        )
        self._receipt(90, order)
        self._assert_stays(picking, "300.00")

    def test_presale_window(self):
        today = self.account._jxc_today()
        order, picking = self._confirmed(
            jxc_sale_mode="presale",
            jxc_balance_before=True,
            jxc_window_from=Date.add(today, days=1),
        )
        self._receipt(300, order)
        self._assert_stays(picking, "window")
        order.jxc_window_from = today
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_paid_goods_go_and_unpaid_stay(self):
        _order, unpaid = self._confirmed(jxc_sale_mode="retail")
        order, paid = self._confirmed(jxc_sale_mode="retail")
        self._receipt(300, order)
        (unpaid | paid).button_validate()
        self.assertEqual((unpaid.state, paid.state), ("assigned", "done"))

    def test_returned_goods_come_back_unpaid(self):
        order, picking = self._confirmed(jxc_sale_mode="retail")
        self._receipt(300, order)
        picking.button_validate()
        order.jxc_payment_ids.action_draft()
        self._return(order, 3)
        self.assertEqual(order.order_line.qty_delivered, 0)
