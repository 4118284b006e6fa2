# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import itertools
import json

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .test_credit_channels import CONTEXT_KEYS
from .test_sale_terms import TermsCommon


@tagged("post_install", "-at_install")
class TestAgreedDays(TermsCommon, HttpCase):
    """An order is paid no later than agreed with the customer, whoever sells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = {
            days: cls.env["jxc.credit.account"]._jxc_find_or_create_term(
                cls.company, days
            )
            for days in (15, 30, 45)
        }
        cls.account.credit_days = 30

    def _due(self, days, **values):
        values = {"user_id": self.salesman.id, **values}
        term = self.terms[days].id if days else False
        return self._create_order(1, payment_term_id=term, **values)

    def test_later_than_agreed(self):
        for days in (0, 15, 30):
            order = self._due(days)
            self.assertEqual(order.jxc_terms_guard, "none")
            order.with_user(self.salesman).action_confirm()
            self.assertEqual(order.state, "sale")
        order = self._due(45)
        self._assert_refused(order)
        self.assertIn("15 days later", order.jxc_terms_hint)
        order.with_user(self.boss).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_customers_own_term(self):
        """Is the measure where the account has no days; without, the invoice is due."""
        self.account.credit_days = 0
        self.customer.property_payment_term_id = self.terms[15]
        self._due(15).with_user(self.salesman).action_confirm()
        self._assert_refused(self._due(30))
        self.customer.property_payment_term_id = False
        self._assert_refused(self._due(15))
        self._due(0).with_user(self.salesman).action_confirm()

    def test_account_before_the_customers_own_term(self):
        self.customer.property_payment_term_id = self.terms[45]
        self._assert_refused(self._due(45))

    def test_instalments(self):
        """The last day may be the same: what was due before is paid later."""
        self.account.credit_days = 0
        half = {"value": "percent", "value_amount": 50, "nb_days": 10}
        names = ("Halves", "More Later", "Fixed First")
        first = (half, {**half, "value_amount": 40}, {**half, "value": "fixed"})
        last = (half, {**half, "value_amount": 60}, {**half, "value_amount": 100})
        halves, later, fixed = self.env["account.payment.term"].create(
            [
                {
                    "name": name,
                    "line_ids": [
                        Command.create(one),
                        Command.create({**rest, "nb_days": 30}),
                    ],
                }
                for name, one, rest in zip(names, first, last, strict=True)
            ]
        )
        self.customer.property_payment_term_id = halves
        for term, days in ((self.terms[30], 20), (later, 20), (self.terms[15], 5)):
            order = self._due(0)
            order.payment_term_id = term
            self.assertEqual(order._jxc_days_later(), days, term.name)
            self._assert_refused(order)
        order = self._due(0)
        order.payment_term_id = fixed
        self.assertEqual(order.amount_total, 100)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
        dear = self._create_order(2, payment_term_id=fixed.id, user_id=self.salesman.id)
        self.assertEqual(dear._jxc_days_later(), 20)

    def test_end_of_month(self):
        """Whatever day of a month the invoice is from."""
        end = self.env["jxc.credit.account"]._jxc_find_or_create_term(
            self.company, 30, "days_after_end_of_month"
        )
        order = self._due(30)
        order.payment_term_id = end
        self._assert_refused(order)
        self.account.credit_days_from = "days_after_end_of_month"
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
        self._due(30).with_user(self.salesman).action_confirm()
        # On the last day of a month 45 days are later than 30 after its end.
        self._assert_refused(self._due(45))

    def test_plain_days_without_the_calendar(self):
        """Terms of plain numbers of days are as late as every day of a month says."""
        Account = self.env["jxc.credit.account"]
        terms = list(self.terms.values())
        terms.append(
            Account._jxc_find_or_create_term(
                self.company, 10, "days_after_end_of_month"
            )
        )
        parts = [{"value": "percent", "value_amount": 50, "nb_days": 20}] * 2
        parts[1] = {**parts[1], "nb_days": 50}
        for lines in (parts, [{**parts[0], "value_amount": 100, "nb_days": 0}]):
            values = {
                "name": "Parts",
                "line_ids": [Command.create(line) for line in lines],
            }
            terms.append(self.env["account.payment.term"].create(values))
        order = self._due(30)
        found = set()
        ways = ("days_after", "days_after_end_of_month")
        for days, way, own, term in itertools.product((0, 25), ways, terms, terms):
            self.account.write({"credit_days": days, "credit_days_from": way})
            self.customer.property_payment_term_id = own
            order.payment_term_id = term
            expected = 0
            if days or own != term:
                expected = order._jxc_days_later_by_calendar(self.account, own)
            self.assertEqual(order._jxc_days_later(), expected, (days, way, own, term))
            found.add(expected)
        self.assertGreater(len(found), 8)

    def test_members_of_a_group_and_contacts(self):
        sister = self.env["res.partner"].create({"name": "Sister", "is_company": True})
        self.account.member_ids = sister
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": sister.id}
        )
        self._assert_refused(self._due(45, partner_id=contact.id))

    def test_nothing_is_agreed(self):
        """Without a credit account, and where all is paid first."""
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for values in (
            {"partner_id": stranger.id},
            {"jxc_sale_mode": "retail"},
            {"jxc_sale_mode": "presale", "jxc_balance_before": True},
        ):
            with self.subTest(values):
                order = self._due(45, **values)
                order.with_user(self.salesman).action_confirm()
                self.assertEqual(order.state, "sale")

    def test_confirmed_order(self):
        order = self._due(30)
        order.with_user(self.salesman).action_confirm()
        own = order.with_user(self.salesman)
        own.payment_term_id = self.terms[15]
        for context in ({}, CONTEXT_KEYS):
            with self.assertRaisesRegex(UserError, "sales manager"):
                own.with_context(**context).payment_term_id = self.terms[45]
            self.env.invalidate_all()
        self.assertEqual(order.payment_term_id, self.terms[15])
        own.payment_term_id = self.terms[30]
        order.with_user(self.boss).payment_term_id = self.terms[45]
        self.assertEqual(order.payment_term_id, self.terms[45])
        own.payment_term_id = self.terms[30]
        self.assertEqual(order.payment_term_id, self.terms[30])

    def test_order_on_hold(self):
        self.account.write({"credit_limit": 0, "order_action": "hold"})
        order = self._due(30).with_user(self.salesman)
        order.action_confirm()
        self.assertEqual(order.jxc_credit_state, "hold")
        with self.assertRaisesRegex(UserError, "sales manager"):
            order.payment_term_id = self.terms[45]
        self.env.invalidate_all()
        order.with_user(self.boss).payment_term_id = self.terms[45]

    def test_approval(self):
        self.env.ref("jxc_sales.tier_preset_sale_terms").action_jxc_activate()
        order = self._due(45)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "draft")
        self.assertTrue(order.sudo().review_ids)
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "sale")

    def test_confirmed_order_is_approved_again(self):
        self.env.ref("jxc_sales.tier_preset_sale_terms").action_jxc_activate()
        order = self._due(30)
        own = order.with_user(self.salesman)
        own.action_confirm()
        self.assertEqual(order.state, "sale")
        own.payment_term_id = self.terms[45]
        self.assertEqual((order.state, order.validation_status), ("draft", "pending"))
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "sale")

    def test_import_and_rpc(self):
        ident = (
            self.env["ir.model.data"]
            .create(
                {
                    "module": "__test__",
                    "name": "late_order",
                    "model": "sale.order",
                    "res_id": self._due(30).id,
                }
            )
            .complete_name
        )
        order = self.env.ref(ident)
        order.with_user(self.salesman).action_confirm()
        loaded = self.env["sale.order"].with_user(self.salesman)
        loaded = loaded.load(
            ["id", "payment_term_id/.id"], [[ident, str(self.terms[45].id)]]
        )
        self.assertFalse(loaded["ids"], loaded)
        self.env.invalidate_all()
        self.authenticate(self.salesman.login, self.salesman.login)
        draft = self._due(45)
        for record, method, args in (
            (draft, "action_confirm", []),
            (draft, "write", [{"state": "sale"}]),
            (order, "write", [{"payment_term_id": self.terms[45].id}]),
        ):
            params = {
                "model": "sale.order",
                "method": method,
                "args": [record.ids, *args],
                "kwargs": {"context": CONTEXT_KEYS},
            }
            answer = self.url_open(
                f"/web/dataset/call_kw/sale.order/{method}",
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                headers={"Content-Type": "application/json"},
            ).json()
            self.assertIn("error", answer)
        self.env.invalidate_all()
        self.assertEqual(
            (draft.state, order.payment_term_id), ("draft", self.terms[30])
        )

    def test_portal(self):
        order = self._due(45)
        self._sign(order)
        self.assertNotEqual(order.state, "sale")
