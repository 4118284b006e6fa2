# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
import xmlrpc.client

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.jxc_base.tools.importing import ImportRefused

from .common import CreditCommon

#: What other add-ons call it when they want to get past their own checks.
CONTEXT_KEYS = {
    "bypass_risk": True,
    "skip_credit_check": True,
    "skip_validation_check": True,
    "jxc_history": True,
    "jxc_sales_confirming": True,
    "jxc_sales_replay": True,
    "jxc_sales_watch": {"is_open": True, "order_ids": []},
    "jxc_sales_written": {"is_open": True, "amounts": {}},
    "install_mode": True,
    "module": "jxc_sales",
    "no_credit": 1,
    "default_unlimited": True,
    "default_order_action": "none",
    "default_delivery_action": "none",
    "default_credit_limit": 1e9,
    "default_state": "sale",
    "default_jxc_credit_state": "released",
}

#: A picture of one pixel.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestCreditChannels(CreditCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.order = self._create_order(11)

    def _assert_refused(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotEqual(self.order.state, "sale")
        self.assertFalse(self.order.picking_ids)

    def test_context_keys(self):
        order = self.order.with_user(self.salesman)
        for key, value in CONTEXT_KEYS.items():
            with self.subTest(key), self.assertRaises(UserError):
                order.with_context(**{key: value}).action_confirm()
            self._assert_refused()
        with self.assertRaises(UserError):
            order.with_context(**CONTEXT_KEYS).action_confirm()

    def test_account_that_is_opened_by_an_order(self):
        """It has the company's limit, whatever its first order brings along."""
        self.company.write(
            {"jxc_credit_no_account": "default", "jxc_credit_default_limit": 100}
        )
        for name, value in (("unlimited", True), ("order_action", "none")):
            self.env["ir.default"].with_user(self.salesman).set(
                "jxc.credit.account", name, value, user_id=self.salesman.id
            )
        for keys in (CONTEXT_KEYS, {}):
            partner = self.env["res.partner"].create({"name": "New", "is_company": 1})
            order = self._create_order(1, partner_id=partner.id)
            more = self._create_order(11, partner_id=partner.id)
            order.with_user(self.salesman).with_context(**keys).action_confirm()
            account = self.env["jxc.credit.account"].search(
                [("partner_id", "=", partner.id)]
            )
            self.assertRecordValues(
                account,
                [{"unlimited": False, "order_action": "block", "credit_limit": 100}],
            )
            with self.assertRaises(UserError):
                more.with_user(self.salesman).with_context(**keys).action_confirm()

    def test_state_is_not_written(self):
        fitting = self._create_order(1).with_user(self.salesman)
        for context in ({}, CONTEXT_KEYS):
            with self.assertRaises(UserError):
                fitting.with_context(**context).write({"state": "sale"})
            with self.assertRaises(UserError):
                fitting.order_line.with_context(**context).write({"state": "sale"})
            with self.assertRaises(UserError):
                fitting.with_context(**context).create(
                    {"partner_id": self.customer.id, "state": "sale"}
                )
        fitting.invalidate_recordset()
        self.assertEqual(fitting.state, "draft")

    def test_validate_order(self):
        with self.assertRaises(UserError):
            self.order.with_user(self.salesman)._validate_order()
        self._assert_refused()

    def test_copy_does_not_confirm(self):
        self.order.order_line.product_uom_qty = 1
        self.order.action_confirm()
        self.assertEqual(self.order.copy().state, "draft")

    def test_json_rpc(self):
        user = new_test_user(
            self.env,
            "jxc_rpc",
            "sales_team.group_sale_salesman_all_leads",
            password="jxc_rpc_password",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.authenticate(user.login, "jxc_rpc_password")
        for method, args in (
            ("action_confirm", [self.order.ids]),
            ("write", [self.order.ids, {"state": "sale"}]),
            ("web_save", [self.order.ids, {"state": "sale"}, {"state": {}}]),
        ):
            answer = self._call("sale.order", method, args, context=CONTEXT_KEYS)
            self.assertIn("error", answer, method)
            self._assert_refused()
        self._try_over_xml_rpc(user)

    def _try_over_xml_rpc(self, user):
        """The ways past other add-ons: the method of a wizard, a key in the context."""
        attempts = {
            "a wizard's method": (
                "jxc.credit.release",
                "create",
                [{"order_id": self.order.id, "reason": "x", "state": "granted"}],
            ),
            "its button": (
                "sale.order",
                "action_jxc_credit_release",
                [self.order.ids, 0, False, "x"],
            ),
            "the end of a review": ("sale.order", "validate_tier", [self.order.ids]),
            "a context key": ("sale.order", "action_confirm", [self.order.ids]),
        }
        for name, (model, method, args) in attempts.items():
            for keywords in ({}, {"context": CONTEXT_KEYS}):
                with self.subTest(name), self.assertRaises(xmlrpc.client.Fault):
                    self.xmlrpc_object.execute_kw(
                        self.env.cr.dbname,
                        user.id,
                        "jxc_rpc_password",
                        model,
                        method,
                        args,
                        keywords,
                    )
                self._assert_refused()

    def test_portal_signature(self):
        self.order.require_signature = True
        self.order._portal_ensure_token()
        answer = self._post_json(
            f"/my/orders/{self.order.id}/accept",
            {
                "access_token": self.order.access_token,
                "name": "Buyer",
                "signature": PIXEL,
            },
        )
        # An answer, not a failure: the portal shows it where it was signed.
        self.assertIn("cannot be confirmed online", answer["result"]["error"])
        self.assertNotIn("1,000", json.dumps(answer))
        self._assert_refused()
        self.assertFalse(self.order.signature)
        note = self.order.message_ids.filtered(lambda one: "Buyer" in one.body)
        self.assertEqual(len(note), 1)
        self.assertIn("1,000.00", note.body)
        page = self.url_open(self.order.get_portal_url()).text
        self.assertNotIn("1,000.00", page)

    def test_portal_signature_puts_on_hold(self):
        """The customer signs; staff sees why it waits, he sees nothing of limits."""
        self.account.order_action = "hold"
        answer = self._sign()
        self.assertNotIn("1,000", json.dumps(answer))
        self._assert_refused()
        self.assertEqual(self.order.jxc_credit_state, "hold")
        self.assertTrue(self.order.signature, "signed all the same")
        page = self.url_open(self.order.get_portal_url()).text
        self.assertIn("It is being checked and not confirmed yet", page)
        self.assertNotIn("1,000.00", page)
        self.assertIn("1,000.00", self.order.jxc_credit_hold_reason)
        page = self.url_open(self.order.get_portal_url()).text
        for secret in ("1,000.00", "On hold", "credit limit"):
            self.assertNotIn(secret, page)
        self.account.credit_limit = 1100
        self.env["jxc.credit.account"]._cron_judge_holds()
        self.assertEqual(self.order.state, "sale")

    def test_retail_customer_does_not_sign_for_credit(self):
        """Nor does a salesperson in the customer's place."""
        self.account.credit_limit = 5000
        self.customer.jxc_sale_mode = "retail"
        self.order.jxc_sale_mode = "simple"
        self.assertIn("error", self._sign()["result"])
        self._assert_refused()
        self.order.jxc_sale_mode = "retail"
        self._sign()
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "sale")
        page = self.url_open(self.order.get_portal_url()).text
        self.assertNotIn("It is being checked", page)

    def _sign(self):
        self.order.require_signature = True
        self.order.require_payment = False
        self.order._portal_ensure_token()
        return self._post_json(
            f"/my/orders/{self.order.id}/accept",
            {
                "access_token": self.order.access_token,
                "name": "Buyer",
                "signature": PIXEL,
            },
        )

    def test_payment(self):
        """A payment that would confirm the order runs into the limit, too."""
        transaction = self._pay_online(self.order)
        self.assertFalse(transaction._check_amount_and_confirm_order())
        self._assert_refused()
        notes = "".join(self.order.message_ids.mapped("body"))
        self.assertIn("Paid, but not confirmed", notes)
        self.assertIn("Bright Trading", notes)

    def test_payment_within_the_limit(self):
        order = self._create_order(10)
        self.assertEqual(
            self._pay_online(order)._check_amount_and_confirm_order(), order
        )
        self.assertEqual(order.state, "sale")

    def _pay_online(self, order):
        provider = self.env["payment.provider"].create({"name": "Bank of Tests"})
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": self.env.ref(
                        "payment.payment_method_unknown"
                    ).id,
                    "reference": order.name,
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": "done",
                }
            )
        )

    def test_import(self):
        self.env.user.group_ids += self.env.ref("base.group_system")
        self.customer.ref = "BT"
        self.product.default_code = "LAMP"
        row = {
            "number": "S1",
            "customer_ref": "BT",
            "date": "2025-03-01",
            "code": "LAMP",
            "unit": self.product.uom_id.name,
            "qty": "11",
            "price": "100",
        }
        with self.assertRaisesRegex(ImportRefused, "Bright Trading"):
            self.env["jxc.import"].run_tables({"sale_orders": [(2, row)]})
        self.assertFalse(
            self.env["sale.order"].search([("jxc_import_number", "=", "S1")])
        )
        self.env["jxc.import"].run_tables({"sale_orders": [(2, row)]}, history=True)
        order = self.env["sale.order"].search([("jxc_import_number", "=", "S1")])
        self.assertEqual(order.state, "sale")
        self.assertIn("history", "".join(order.message_ids.mapped("body")))
        self.assertEqual(self._exposure(), 1100)

    def _load(self, model, columns, *rows):
        """Import as *Import records* does it; refused as a whole, with its reason."""
        result = (
            self.env[model].with_user(self.salesman).load(columns, [*map(list, rows)])
        )
        self.env.invalidate_all()
        return result["ids"], str(result["messages"])

    def test_load_of_orders(self):
        """A status is no column that gets an order past its confirmation."""
        columns = [
            "partner_id/.id",
            "client_order_ref",
            "state",
            "order_line/product_id/.id",
            "order_line/product_uom_qty",
        ]
        for state in ("sale", "done"):
            row = (str(self.customer.id), "LOADED", state, str(self.product.id), "11")
            ids, messages = self._load("sale.order", columns, row)
            with self.subTest(state):
                self.assertFalse(ids, messages)
        columns = [".id", "state"]
        ids, messages = self._load("sale.order", columns, (str(self.order.id), "sale"))
        self.assertFalse(ids, messages)
        self._assert_refused()
        loaded = self.env["sale.order"].search([("client_order_ref", "=", "LOADED")])
        self.assertFalse(loaded)
        self.assertEqual(self._exposure(), 0)

    def test_load_of_lines(self):
        """Lines that widen a confirmed order are held to the limit."""
        self.order.order_line.product_uom_qty = 9
        self.order.action_confirm()
        order, line = str(self.order.id), str(self.order.order_line.id)
        product = str(self.product.id)
        new = ["order_id/.id", "product_id/.id", "product_uom_qty"]
        through = [".id", "order_line/.id", "order_line/product_uom_qty"]
        for model, columns, row in (
            ("sale.order.line", new, (order, product, "2")),
            ("sale.order.line", [".id", "product_uom_qty"], (line, "11")),
            ("sale.order.line", [".id", "price_unit"], (line, "120")),
            ("sale.order", through, (order, line, "11")),
        ):
            ids, messages = self._load(model, columns, row)
            with self.subTest(model, columns=columns):
                self.assertFalse(ids)
                self.assertIn("Bright Trading", messages)
                self.assertEqual(self._exposure(), 900)
        ids, messages = self._load("sale.order.line", new, (order, product, "1"))
        self.assertTrue(ids, messages)
        self.assertEqual(self._exposure(), 1000)

    def _call(self, model, method, args, **kwargs):
        return self._post_json(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _post_json(self, url, params):
        response = self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()
