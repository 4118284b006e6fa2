# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.jxc_base.tools.importing import ImportRefused

from .price_common import PriceCommon
from .test_credit_channels import CONTEXT_KEYS, PIXEL

BOSS = "sales_team.group_sale_manager"


class MinimumCommon(PriceCommon):
    """Wholesale takes 2 boxes (20) of lamps at least, and 1,500 in all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.jxc_sale_mode = "wholesale"
        cls.product.product_tmpl_id.write(
            {"jxc_min_order_qty": 2, "jxc_min_order_uom_id": cls.box.uom_id.id}
        )
        cls.company.write(
            {
                "jxc_min_order_action": "block",
                "jxc_min_order_amount": 1500,
                "jxc_min_price_action": "none",
            }
        )

    def _assert_refused(self, order):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotEqual(order.state, "sale")
        self.assertFalse(order.picking_ids)


@tagged("post_install", "-at_install")
class TestSaleMinimum(MinimumCommon):
    """The rule of wholesale (起批): so much of a product, and so much in all."""

    def test_off_by_default(self):
        other = self.env["res.company"].create({"name": "New"})
        self.assertEqual(other.jxc_min_order_action, "none")
        self.company.jxc_min_order_action = "none"
        order = self._order(1)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_other_modes_take_any_quantity(self):
        """A wholesale customer's order is wholesale, unless it is paid first."""
        for mode in ("presale", "retail"):
            order = self._order(1, jxc_sale_mode=mode, jxc_balance_before=True)
            order.action_confirm()
            self.assertEqual(order.state, "sale", mode)
        for terms in (
            {"jxc_deposit_percent": 0},
            {"jxc_deposit_percent": 99},
            {"jxc_deposit_percent": 100, "jxc_deposit_amount": 99},
        ):
            order = self._order(
                1, jxc_sale_mode="presale", jxc_balance_before=False, **terms
            )
            with self.assertRaisesRegex(UserError, "minimum order"):
                order.with_user(self.manager).action_confirm()
        order.write({"jxc_deposit_amount": 0})
        order.action_confirm()
        self.assertEqual(order.state, "sale", "all of it is paid first")
        with self.assertRaisesRegex(UserError, "minimum order"):
            self._order(1, jxc_sale_mode="simple").action_confirm()
        self.customer.jxc_sale_mode = "simple"
        self._order(1).action_confirm()
        with self.assertRaisesRegex(UserError, "minimum order"):
            self._order(1, jxc_sale_mode="wholesale").action_confirm()

    def test_quantity_in_any_unit(self):
        with self.assertRaisesRegex(
            UserError, r"2\.00 Box\S* Units\S at least.* 1\.90"
        ):
            self._order(19).action_confirm()
        self._order(20).action_confirm()
        with self.assertRaises(UserError):
            self._order(1, 900, unit=self.box.uom_id).action_confirm()
        order = self._order(1, 900, unit=self.box.uom_id)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "product_uom_qty": 10,
                    "price_unit": 100,
                }
            )
        ]
        order.action_confirm()
        self.assertEqual(order.state, "sale", "both lines together")

    def test_base_unit_and_none(self):
        template = self.product.product_tmpl_id
        template.write({"jxc_min_order_qty": 5, "jxc_min_order_uom_id": False})
        self.company.jxc_min_order_amount = 0
        with self.assertRaisesRegex(UserError, "Lamp"):
            self._order(4).action_confirm()
        self._order(5).action_confirm()
        template.jxc_min_order_qty = 0
        self._order(1).action_confirm()

    def test_amount_of_company_and_tier(self):
        self.product.product_tmpl_id.jxc_min_order_qty = 0
        with self.assertRaisesRegex(
            UserError, "1,500.00 at least, this one .*1,400.00"
        ):
            self._order(14).action_confirm()
        self._order(15).action_confirm()
        tier = self.env["jxc.customer.tier"].create(
            {"name": "Gold", "jxc_min_order_amount": 300}
        )
        self.customer.jxc_tier_id = tier
        self._order(3).action_confirm()
        with self.assertRaises(UserError):
            self._order(2).action_confirm()
        other = self.setup_other_company()["company"]
        self.assertEqual(tier.with_company(other).jxc_min_order_amount, 0)

    def test_unit_of_another_product(self):
        other = self.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": self._create_lamp(0, name="Bulb").product_tmpl_id.id,
                "name": "Case",
                "factor": 6,
            }
        )
        with self.assertRaises(ValidationError):
            self.product.product_tmpl_id.jxc_min_order_uom_id = other.uom_id
        with self.assertRaises(ValidationError):
            self.product.product_tmpl_id.jxc_min_order_uom_id = self.env.ref(
                "uom.product_uom_kgm"
            )

    def test_quotation_says_so(self):
        with Form(self.env["sale.order"].with_user(self.salesman)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.product
                line.product_uom_qty = 15
            self.assertIn("Lamp", form.jxc_minimum_hint)
            self.assertNotIn("1,500", form.jxc_minimum_hint)
            self.assertEqual(form.jxc_minimum_guard, "block")

    # -- confirmed orders that shrink -----------------------------------------------

    def test_confirmed_orders_do_not_shrink_below(self):
        order = self._order(30)
        order.action_confirm()
        line = order.order_line
        line.product_uom_qty = 20
        for change in (
            lambda: line.write({"product_uom_qty": 19}),
            lambda: order.write(
                {"order_line": [Command.update(line.id, {"product_uom_qty": 1})]}
            ),
            lambda: line.write({"price_unit": 70}),
            lambda: line.write({"discount": 30}),
            lambda: order.with_context(**CONTEXT_KEYS).order_line.write(
                {"product_uom_qty": 19}
            ),
        ):
            with self.assertRaisesRegex(UserError, "minimum order"):
                change()
            self.env.invalidate_all()
            self.assertEqual((line.product_uom_qty, line.price_unit), (20, 100))
        line.product_uom_qty = 25
        self.company.jxc_min_order_action = "warn"
        line.product_uom_qty = 10
        self.assertIn("Below the minimum", str(order.message_ids.mapped("body")))

    def test_orders_from_before_may_still_change(self):
        """Who confirmed it before there was a minimum may widen it, not shrink it."""
        self.company.jxc_min_order_action = "none"
        order = self._order(10)
        order.action_confirm()
        self.company.jxc_min_order_action = "block"
        order.order_line.product_uom_qty = 12
        with self.assertRaises(UserError):
            order.order_line.product_uom_qty = 11
        order.sudo()._action_cancel()
        self.assertEqual(order.state, "cancel")

    # -- approval -----------------------------------------------------------------

    def test_exceptions_are_approved(self):
        self.company.jxc_min_order_action = "approval"
        preset = self.env.ref("jxc_sales.tier_preset_sale_minimum")
        self.assertTrue(preset.active, "switched on with the setting")
        good, small = self._order(20), self._order(16)
        action = (good + small).action_confirm()
        self.assertEqual((good.state, small.state), ("sale", "draft"))
        self.assertIn(small.name, action["params"]["message"])
        self.assertIn("Lamp", small.with_user(self.manager)._jxc_approval_summary())
        with self.assertRaises(UserError):
            small.write({"state": "sale"})
        small.with_user(self.manager).validate_tier()
        self.assertEqual(small.state, "sale", "confirmed by the approval")
        small.order_line.product_uom_qty = 15
        self.assertEqual(small.state, "draft", "back to its approval")
        self.assertTrue(small.sudo().review_ids)
        good.order_line.product_uom_qty = 18
        self.assertEqual(good.state, "draft")
        good.with_user(self.manager).validate_tier()
        self.assertEqual(good.state, "sale")

    def test_delivered_orders_do_not_go_back(self):
        self.company.jxc_min_order_action = "approval"
        order = self._order(30)
        order.action_confirm()
        self._deliver(order.sudo(), 5)
        with self.assertRaisesRegex(UserError, "goods of it have left"):
            order.order_line.product_uom_qty = 10

    def test_approval_without_a_tier(self):
        self.company.jxc_min_order_action = "approval"
        self.env.ref("jxc_sales.tier_preset_sale_minimum").action_jxc_deactivate()
        with self.assertRaisesRegex(UserError, "no tier"):
            self._order(10).action_confirm()
        order = self._order(20)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "no tier"):
            order.order_line.product_uom_qty = 10

    # -- channels -------------------------------------------------------------------

    def test_several_at_once(self):
        good, small = self._order(20), self._order(3)
        action = (good + small).action_confirm()
        self.assertEqual((good.state, small.state), ("sale", "draft"))
        self.assertIn("minimum order", action["params"]["message"])

    def test_writes_and_context_keys(self):
        small = self._order(3)
        for context in ({}, CONTEXT_KEYS):
            order = small.with_context(**context)
            for attempt in (
                order.action_confirm,
                order._validate_order,
                lambda order=order: order.write({"state": "sale"}),
            ):
                with self.assertRaises(UserError):
                    attempt()
                self._assert_refused(small)

    def test_warning_is_kept(self):
        self.company.jxc_min_order_action = "warn"
        order = self._order(3)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertIn("at least", str(order.message_ids.mapped("body")))

    def test_shops(self):
        channel = self.env["jxc.sale.channel"].create(
            {
                "name": "Shop",
                "code": "FS",
                "partner_id": self.customer.id,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        self.product.default_code = "LAMP"
        results = channel.import_orders(
            [
                {
                    "number": f"O{quantity}",
                    "lines": [{"sku": "LAMP", "quantity": quantity, "price": 100}],
                }
                for quantity in (3, 20)
            ]
        )
        orders = self.env["sale.order"].search([("jxc_channel_id", "=", channel.id)])
        states = {order.jxc_channel_number: order.state for order in orders}
        self.assertEqual(states.get("O20"), "sale", results)
        self.assertNotEqual(states.get("O3"), "sale")
        self.assertIn("minimum order", json.dumps(results, default=str))

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
            "qty": "3",
            "price": "100",
        }
        with self.assertRaisesRegex(ImportRefused, "minimum order"):
            self.env["jxc.import"].run_tables({"sale_orders": [(2, row)]})
        self.env["jxc.import"].run_tables({"sale_orders": [(2, row)]}, history=True)
        order = self.env["sale.order"].search([("jxc_import_number", "=", "S1")])
        self.assertEqual(order.state, "sale", "what was is not judged")


@tagged("post_install", "-at_install")
class TestSaleMinimumPortal(MinimumCommon, HttpCase):
    def _sign(self, order):
        order.write({"require_signature": True, "require_payment": False})
        order._portal_ensure_token()
        params = {
            "access_token": order.access_token,
            "name": "Buyer",
            "signature": PIXEL,
        }
        return self.url_open(
            f"/my/orders/{order.id}/accept",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()

    def test_signature(self):
        small = self._create_order(3, user_id=self.salesman.id)
        self._sign(small)
        self._assert_refused(small)
        self.assertIn("minimum order", str(small.message_ids.mapped("body")))
        good = self._create_order(20, user_id=self.salesman.id)
        self._sign(good)
        self.env.invalidate_all()
        self.assertEqual(good.state, "sale")

    def test_payment(self):
        small = self._create_order(3, user_id=self.salesman.id)
        provider = self.env["payment.provider"].create({"name": "Bank of Tests"})
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": self.env.ref(
                        "payment.payment_method_unknown"
                    ).id,
                    "reference": small.name,
                    "amount": small.amount_total,
                    "currency_id": small.currency_id.id,
                    "partner_id": small.partner_id.id,
                    "sale_order_ids": [Command.set(small.ids)],
                    "state": "done",
                }
            )
        )
        transaction._check_amount_and_confirm_order()
        self._assert_refused(small)
        self.assertIn("minimum order", str(small.message_ids.mapped("body")))
