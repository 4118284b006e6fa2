# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import tagged

from .hold_common import HoldCommon


@tagged("post_install", "-at_install")
class TestCreditOverdue(HoldCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.write(
            {
                "unlimited": True,
                "order_action": "block",
                "control_overdue": True,
                "overdue_days": 10,
                "overdue_amount": 50,
            }
        )

    def test_days_and_amount(self):
        self._due(500, 10)
        self._create_order(1).action_confirm()
        self._due(50, 11)
        self._create_order(1).action_confirm()
        self._due(0.01, 40)
        with self.assertRaises(UserError) as refused:
            self._create_order(1).action_confirm()
        for fact in ("Bright Trading", "50.01", "50.00", "10"):
            self.assertIn(fact, str(refused.exception))
        self.account.control_overdue = False
        self._create_order(1).action_confirm()

    def test_payment_ends_it(self):
        self.account.order_action = "hold"
        invoice = self._due(500, 40)
        order = self._held(1)
        self.assertIn("overdue", order.jxc_credit_hold_reason)
        self._triggered()
        self._pay(invoice, 449)
        self._judge()
        self.assertEqual(order.jxc_credit_state, "hold")
        self._pay(invoice, 1)
        self.assertTrue(self._triggered())
        self._judge()
        self.assertEqual((order.state, order.jxc_credit_state), ("sale", "free"))

    def test_receipt_that_is_no_more_posted_ends_nothing(self):
        """The platform shows the invoice as paid until somebody takes it apart."""
        invoice = self._due(500, 40)
        payment = self._pay(invoice)
        self._create_order(1).action_confirm()
        payment.action_draft()
        self.assertEqual(invoice.amount_residual, 0)
        with self.assertRaisesRegex(UserError, "500.00 is overdue"):
            self._create_order(1).action_confirm()
        action = self.account.action_view_overdue()
        item = self.env["account.move.line"].search(action["domain"])
        self.assertEqual((item.move_id, item.jxc_credit_open), (invoice, 500))
        payment.action_post()
        self._create_order(1).action_confirm()

    def test_warn(self):
        self.account.order_action = "warn"
        self._due(500, 40)
        order = self._create_order(1)
        order.action_confirm()
        self.assertIn("overdue", "".join(order.message_ids.mapped("body")))

    def test_delivery(self):
        self.account.delivery_action = "hold"
        order = self._create_order(2)
        order.action_confirm()
        self._due(500, 40)
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual((picking.state, order.jxc_credit_state), ("assigned", "hold"))
        order.with_user(self.manager).action_jxc_credit_release(reason="Known")
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_release_knows_what_is_overdue(self):
        self.account.order_action = "hold"
        self._due(500, 40)
        order = self._held(1)
        order.with_user(self.manager).action_jxc_credit_release(reason="Known")
        self.assertEqual(order.state, "sale")

    def test_what_gives_back_is_not_asked(self):
        order = self._create_order(2)
        order.action_confirm()
        self._due(500, 40)
        order.order_line.product_uom_qty = 1
        with self.assertRaises(UserError):
            order.order_line.product_uom_qty = 2

    # -- promises -----------------------------------------------------------------

    def _promise(self, amount, days=5, user=None):
        day = Date.add(self.account._jxc_today(), days=days)
        return (
            self.env["jxc.credit.promise"]
            .with_user(user or self.salesman)
            .create({"account_id": self.account.id, "amount": amount, "date": day})
        )

    def test_accepted_promise_is_tolerated(self):
        self.account.order_action = "hold"
        invoice = self._due(500, 40)
        order = self._held(1)
        small, promise = self._promise(100), self._promise(350)
        self._judge()
        self.assertEqual(order.jxc_credit_state, "hold", "nobody accepted it")
        small.with_user(self.manager).action_accept()
        self._triggered()
        promise.with_user(self.manager).action_accept()
        self.assertTrue(self._triggered())
        self.assertEqual(promise.accepted_by_id, self.manager)
        self._judge()
        self.assertEqual(order.state, "sale")
        self._pay(invoice, 100)
        promise.invalidate_recordset()
        small.invalidate_recordset()
        self.assertEqual((small.state, promise.state), ("kept", "open"))
        self.assertEqual(promise.amount_received, 100)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.amount_overdue, 400 - 250)

    def test_promise_is_over(self):
        self._due(500, 40)
        promise = self._promise(500)
        promise.with_user(self.manager).action_accept()
        self._create_order(1).action_confirm()
        self.env.cr.execute(
            "UPDATE jxc_credit_promise SET date = date - 6, date_from = date_from - 9"
        )
        promise.invalidate_recordset()
        self.assertEqual(promise.state, "broken")
        with self.assertRaises(UserError):
            self._create_order(1).action_confirm()

    def test_who_may_accept(self):
        promise = self._promise(500)
        with self.assertRaises(AccessError):
            promise.action_accept()
        for values in (
            {"accepted_by_id": self.salesman.id},
            {"user_id": self.manager.id},
            {"date_from": "2020-01-01"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                promise.write(values)
        born = promise.with_context(default_accepted_by_id=self.manager.id).create(
            {
                "account_id": self.account.id,
                "amount": 1,
                "date": promise.date,
                "accepted_by_id": self.manager.id,
            }
        )
        self.assertFalse(born.accepted_by_id)
        promise.amount = 400
        promise.with_user(self.manager).action_accept()
        for user in (self.salesman, self.manager):
            with self.assertRaises(UserError):
                promise.with_user(user).amount = 5000
            with self.assertRaises(UserError):
                promise.with_user(user).unlink()
        with self.assertRaises(UserError):
            self._promise(1, days=-1)

    # -- grade --------------------------------------------------------------------

    def _paid(self, amount, due_days_ago, paid_days_ago):
        invoice = self._due(amount, due_days_ago)
        day = Date.subtract(self.account._jxc_today(), days=paid_days_ago)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": day})
        )
        wizard._create_payments()

    def test_grade_is_not_written(self):
        """Neither the grade nor what it proposes as limit."""
        account = self.account.with_user(self.manager)
        for vals in (
            {"grade": "a"},
            {"days_late": 0.5},
            {"proposed_limit": 1e6},
            {"turnover_year": 1e6},
            {"graded_on": "2030-01-01"},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                account.write(vals)

    def test_grade_from_payment_history(self):
        self.account.credit_days = 30
        self._paid(3000, 100, 90)
        self._paid(1000, 60, 60)
        self._paid(9000, 500, 100)
        account = self.account.with_user(self.manager)
        account.action_grade()
        self.assertRecordValues(
            self.account,
            [{"grade": "b", "days_late": 7.5, "turnover_year": 4000}],
        )
        self.assertAlmostEqual(self.account.proposed_limit, 4000 / 365 * 60, 2)
        self.assertEqual(self.account.credit_limit, 1000, "nobody accepted it")
        self._due(4000, 95)
        account.action_grade()
        self.assertEqual(self.account.grade, "d", "95 days, half of it: open is late")
        self.assertEqual(self.account.proposed_limit, 0)

    def test_receipt_that_was_reset_to_draft_paid_nothing(self):
        """The platform leaves it set against its invoice."""
        self._paid(1000, 100, 100)
        self.account.with_user(self.manager).action_grade()
        self.assertEqual((self.account.grade, self.account.days_late), ("a", 0))
        receipt = self.env["account.payment"].search(
            [("partner_id", "=", self.customer.id)]
        )
        receipt.action_draft()
        for reset in (receipt.browse(), receipt):
            reset.action_cancel()
            self.account.with_user(self.manager).action_grade()
            self.assertRecordValues(self.account, [{"grade": "d", "days_late": 100}])

    def test_proposal_is_accepted_by_a_person(self):
        self._paid(3650, 100, 100)
        other = self.env["res.partner"].create({"name": "New", "is_company": True})
        unknown = self.env["jxc.credit.account"].create({"partner_id": other.id})
        accounts = self.account | unknown
        for action in ("action_grade", "action_accept_proposal"):
            with self.assertRaises(AccessError):
                getattr(self.account.with_user(self.salesman), action)()
        accounts.with_user(self.manager).action_grade()
        self.assertFalse(unknown.grade)
        with self.assertRaisesRegex(UserError, "New"):
            accounts.with_user(self.manager).action_accept_proposal()
        self.account.with_user(self.manager).action_accept_proposal()
        self.assertEqual(self.account.credit_limit, 3650 / 365 * 30 * 1.5)

    def test_many_are_graded_with_one_query(self):
        customers = self.env["res.partner"].create(
            [{"name": f"C{n}", "is_company": True} for n in range(20)]
        )
        accounts = self.env["jxc.credit.account"].create(
            [{"partner_id": customer.id} for customer in customers]
        )
        self.env.flush_all()
        accounts.mapped("company_id.partner_id.tz")
        with self.assertQueryCount(1):
            accounts._jxc_payment_facts()

    # -- credit days --------------------------------------------------------------

    def test_days_after_end_of_month(self):
        self.account.write(
            {"credit_days": 30, "credit_days_from": "days_after_end_of_month"}
        )
        term = self.customer.with_company(self.company).property_payment_term_id
        self.assertEqual(
            term.line_ids[0]._get_due_date(Date.to_date("2025-01-08")),
            Date.to_date("2025-03-02"),
        )
        self.account.credit_days_from = "days_after"
        plain = self.customer.with_company(self.company).property_payment_term_id
        self.assertNotEqual(plain, term)
        self.account.credit_days_from = "days_after_end_of_month"
        again = self.customer.with_company(self.company).property_payment_term_id
        self.assertEqual(again, term, "found, not made anew")

    # -- currency of the limit ----------------------------------------------------

    def test_limit_in_foreign_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.25)])
        self.account.write(
            {
                "unlimited": False,
                "limit_currency_id": currency.id,
                "credit_limit": 100,
            }
        )
        self.assertEqual(self.account.capacity, 400)
        self._create_order(4).action_confirm()
        self.assertEqual(self._exposure(), 400)
        self.assertEqual(self.account.available, 0)
        with self.assertRaisesRegex(UserError, "400.00"):
            self._create_order(1, price=0.01).action_confirm()
