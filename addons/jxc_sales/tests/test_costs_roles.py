# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..tools.costs import CLOSED_ELSEWHERE
from .price_common import PriceCommon

#: Roles that sellers may have beside, none of which works with costs.
ROLES = (
    "stock.group_stock_user",
    "account.group_account_invoice",
    "account.group_account_basic",
    "jxc_stock.group_stock_counter",
    "jxc_base.group_credit_manager",
    "jxc_purchase.group_purchase_requester",
    "jxc_sales.group_price_manager",
    "stock.group_stock_user,account.group_account_invoice",
)
#: Fields that tell what goods cost.
CLOSED = {
    "product.product": ["standard_price", "avg_cost", "total_value"],
    "product.template": ["standard_price"],
    "product.supplierinfo": ["price", "price_discounted", "discount"],
    "stock.lot": ["standard_price", "avg_cost", "total_value"],
    "stock.quant": ["value"],
    "stock.move": [
        "value",
        "value_manual",
        "value_justification",
        "value_computed_justification",
        "standard_price",
        "price_unit",
        "remaining_value",
    ],
    "stock.move.line": ["jxc_lot_cost"],
    "sale.order": ["jxc_margin_amount", "jxc_margin_percent"],
    "sale.order.line": ["jxc_margin_percent"],
    "jxc.stock.ledger": ["value"],
    "jxc.stock.overview": ["value"],
    "jxc.stock.count": ["value_difference"],
    "jxc.sale.analysis": ["cost", "margin"],
    **{model: names for model, (_roles, names) in CLOSED_ELSEWHERE.items()},
}


@tagged("post_install", "-at_install")
class TestCostsRoles(PriceCommon):
    """Who sells sees no costs, whatever he does beside that works without them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.standard_price = 61.5
        cls.purchases = cls.company_data["default_journal_purchase"]
        cls.sellers = cls.env["res.users"]
        for role in ROLES:
            groups = [name for name in role.split(",") if cls.env.ref(name, False)]
            if groups:
                cls.sellers += cls._create_user(
                    f"jxc_{role}",
                    ",".join(
                        [
                            "sales_team.group_sale_manager",
                            "base.group_allow_export",
                            *groups,
                        ]
                    ),
                )

    def _user(self, role, base="sales_team.group_sale_manager"):
        return self._create_user(f"jxc_user_{role}", f"{base},{role}")

    def _closed(self):
        for model, names in CLOSED.items():
            for name in names:
                if model in self.env and name in self.env[model]._fields:
                    yield model, name

    def test_no_field(self):
        closed = list(self._closed())
        self.assertGreater(len(closed), 25)
        for user in self.sellers:
            for name, field in closed:
                model = self.env[name].with_user(user)
                with self.subTest(user=user.login, model=name, field=field):
                    self.assertFalse(
                        model._has_field_access(model._fields[field], "read")
                    )
                    self.assertNotIn(field, model.fields_get())
                    for attempt in (
                        lambda m=model, n=field: m.search_read([], [n], limit=1),
                        lambda m=model, n=field: m.web_search_read([], {n: {}}),
                        lambda m=model, n=field: m.export_data([n]),
                        lambda m=model, n=field: m.read([n]),
                    ):
                        if model._abstract:
                            continue
                        try:
                            told = attempt()
                        except AccessError:
                            continue
                        self.assertFalse(told.get("datas") if told else told)

    def test_no_oracle(self):
        """Domains, orders and groups over what is closed say nothing."""
        for user in self.sellers:
            for name, field in self._closed():
                model = self.env[name].with_user(user)
                if model._abstract or not model._fields[field].store:
                    continue
                for attempt in (
                    lambda m=model, n=field: m.search_count([(n, ">", 0)]),
                    lambda m=model, n=field: m.search([], order=n, limit=1),
                    lambda m=model, n=field: m.formatted_read_group(
                        [], [], [f"{n}:max"]
                    ),
                ):
                    with self.subTest(user=user.login, model=name, field=field):
                        # Nothing at all where he may read not one record.
                        try:
                            told = attempt()
                        except AccessError:
                            continue
                        if isinstance(told, list):
                            told = [group[f"{field}:max"] for group in told]
                            told = any(told)
                        self.assertFalse(told)

    def test_no_report(self):
        """The report on the value of stock is public to RPC: it says nothing."""
        for user in self.sellers:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["stock_account.stock.valuation.report"].with_user(
                    user
                ).get_report_values()

    def _bill(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-05",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 61.5,
                            "quantity": 1,
                        }
                    )
                ],
            }
        )
        bill.action_post()
        return bill

    def test_no_vendor_bill(self):
        bill = self._bill()
        for user in self.sellers:
            if not self.env["account.move"].with_user(user).has_access("read"):
                continue
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                Moves = self.env["account.move"].with_user(user)
                self.assertFalse(Moves.search([("id", "=", bill.id)]))
                with self.assertRaises(AccessError):
                    bill.with_user(user).read(["amount_total"])
                Lines = self.env["account.move.line"].with_user(user)
                self.assertFalse(Lines.search([("move_id", "=", bill.id)]))
                with self.assertRaises(AccessError):
                    bill.line_ids.with_user(user).read(["price_unit"])
                Report = self.env["account.invoice.report"].with_user(user)
                if Report.has_access("read"):
                    self.assertFalse(Report.search([("move_id", "=", bill.id)]))
        clerk = self._user("account.group_account_invoice", "base.group_user")
        self.assertEqual(bill.with_user(clerk).amount_total, bill.amount_total)
        both = self._user("account.group_account_user")
        self.assertEqual(bill.with_user(both).amount_total, bill.amount_total)

    def test_no_entry_of_stock(self):
        general = self.company_data["default_journal_misc"]
        accounts = self.company_data["default_account_expense"]
        entry = self.env["account.move"].create(
            {
                "journal_id": general.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": accounts.id,
                            "product_id": self.product.id,
                            "balance": balance,
                        }
                    )
                    for balance in (61.5, -61.5)
                ],
            }
        )
        biller = self._user("account.group_account_invoice")
        Lines = self.env["account.move.line"].with_user(biller)
        self.assertFalse(Lines.search([("move_id", "=", entry.id)]))

    def test_who_needs_vendor_prices_has_them(self):
        """A clerk who sells nothing works with bills, and an accountant with all."""
        price = self.env["product.supplierinfo"]._fields["price"]
        value = self.env["stock.move"]._fields["value"]
        for role, sees in (
            ("account.group_account_invoice", (True, False)),
            ("stock.group_stock_user", (False, False)),
            ("stock.group_stock_manager", (True, True)),
            ("account.group_account_user", (True, True)),
            ("account.group_account_manager", (True, True)),
            ("account.group_account_readonly", (True, True)),
            ("jxc_base.group_see_costs", (True, True)),
        ):
            user = self._user(role, "base.group_user")
            told = tuple(
                self.env[field.model_name]
                .with_user(user)
                ._has_field_access(field, "read")
                for field in (price, value)
            )
            with self.subTest(role=role):
                self.assertEqual(told, sees)
                if role == "account.group_account_invoice":
                    user.group_ids += self.env.ref("sales_team.group_sale_salesman")
                    self.assertFalse(
                        price and user.has_group("jxc_sales.group_vendor_prices")
                    )
                    user.group_ids += self.env.ref("jxc_base.group_see_costs")
                    self.assertTrue(user.has_group("jxc_sales.group_vendor_prices"))

    # -- the work goes on ---------------------------------------------------------

    def test_goods_are_moved(self):
        keeper = self._user("stock.group_stock_user", "sales_team.group_sale_salesman")
        order = self._order(4, 100, user=keeper)
        order.sudo().user_id = keeper
        order.action_confirm()
        picking = order.picking_ids
        with Form(picking) as form:
            with form.move_ids.edit(0) as move:
                move.quantity = 3
        self.env.invalidate_all()
        result = picking.button_validate()
        wizard = (
            self.env[result["res_model"]]
            .with_user(keeper)
            .with_context(**result["context"])
            .create({})
        )
        wizard.process()
        self.assertEqual(picking.state, "done")
        self.assertAlmostEqual(picking.sudo().move_ids.value, 184.5)
        rest = order.picking_ids - picking
        self.assertEqual(rest.move_ids.product_uom_qty, 1)
        order.order_line.product_uom_qty = 6
        self.env.invalidate_all()
        self.assertEqual(sum(rest.move_ids.mapped("product_uom_qty")), 3)
        rest.move_ids.quantity = 3
        rest.button_validate()
        self.assertEqual(rest.state, "done")

    def test_moves_of_unlike_price_stay_apart(self):
        """A keeper confirms receipts: what he may not see still counts."""
        keeper = self._user("stock.group_stock_user")
        kind = self.env["stock.picking.type"].search(
            [("code", "=", "incoming"), ("company_id", "=", self.company.id)], limit=1
        )
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": kind.default_location_dest_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 5,
                            "price_unit": price,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": kind.default_location_dest_id.id,
                        }
                    )
                    for price in (7, 9, 7)
                ],
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        picking.with_user(keeper).action_confirm()
        moves = picking.move_ids
        self.assertEqual(
            sorted(moves.mapped(lambda m: (m.price_unit, m.product_uom_qty))),
            [(7, 10), (9, 5)],
        )
        for move in moves.with_user(keeper):
            move.quantity = 4
            move.picked = True
        self.env.invalidate_all()
        picking.with_user(keeper)._action_done()
        rest = self.env["stock.picking"].search([("backorder_id", "=", picking.id)])
        self.assertEqual(
            sorted(rest.move_ids.mapped(lambda m: (m.price_unit, m.product_uom_qty))),
            [(7, 6), (9, 1)],
        )

    def test_invoices_are_posted_and_reset(self):
        """A seller who bills makes and takes back cost entries he does not see."""
        biller = self._user("account.group_account_invoice")
        stock = self.company_data["default_account_assets"].copy()
        category = self.env["product.category"].create({"name": "Perpetual"})
        category.write(
            {
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": stock.id,
            }
        )
        self.product.write({"categ_id": category.id, "is_storable": True})
        order = self._create_order(2, 100)
        order.action_confirm()
        self._deliver(order)
        invoice = order._create_invoices().with_user(biller)
        self.env.flush_all()
        self.env.invalidate_all()
        invoice.action_post()

        def costs(move):
            lines = move.sudo().line_ids.filtered(lambda x: x.display_type == "cogs")
            return sorted(lines.mapped("balance"))

        self.assertEqual(costs(invoice), [-123, 123])
        self.env.invalidate_all()
        self.assertNotIn("cogs", invoice.line_ids.mapped("display_type"))
        invoice.button_draft()
        self.env.invalidate_all()
        self.assertEqual(costs(invoice), [])
        invoice.action_post()
        self.env.invalidate_all()
        self.assertEqual(costs(invoice), [-123, 123])
        back = invoice._reverse_moves(
            [{"invoice_date": invoice.invoice_date}], cancel=True
        )
        self.assertFalse(back.env.su)
        self.env.invalidate_all()
        self.assertEqual(costs(back), [-123, 123])
        self.assertEqual(back.state, "posted")

    def test_goods_are_received(self):
        """Receipts of purchases are validated without seeing what they cost."""
        if "purchase.order" not in self.env:
            return
        keeper = self._user("stock.group_stock_user")
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_qty": 4,
                            "price_unit": 61.5,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        picking = order.picking_ids.with_user(keeper)
        picking.move_ids.quantity = 3
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(picking.state, "done")
        self.assertAlmostEqual(picking.sudo().move_ids.value, 184.5)
        rest = order.picking_ids - picking
        self.assertEqual(rest.move_ids.price_unit, 61.5)
        self.env.invalidate_all()
        wizard = (
            self.env["stock.return.picking"]
            .with_user(keeper)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.quantity = 1
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(back.state, "done")
        self.env.invalidate_all()
        seen = order.with_user(keeper)
        self.assertEqual(seen.order_line.qty_received, 2)
        for record, name in ((seen, "amount_total"), (seen.order_line, "price_unit")):
            self.assertRaises(AccessError, record.read, [name])
            self.assertRaises(AccessError, record.web_read, {name: {}})
        arch = seen.get_view(view_type="form")["arch"]
        self.assertNotIn('name="price_unit"', arch)
        self.assertNotIn('name="tax_totals"', arch)

    def test_purchases_are_requested(self):
        """A seller asks for goods without being told what they are estimated at."""
        if "jxc.purchase.request" not in self.env:
            return
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.customer.id,
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "price": 61.5,
            }
        )
        seller = self._user("jxc_purchase.group_purchase_requester")
        with Form(self.env["jxc.purchase.request"].with_user(seller)) as form:
            with form.line_ids.new() as line:
                line.product_id = self.product
                line.product_qty = 3
        request = form.save()
        self.env.invalidate_all()
        self.assertAlmostEqual(request.sudo().line_ids.price_unit, 61.5)
        with self.assertRaises(AccessError):
            request.line_ids.read(["price_unit"])
        told = request.line_ids.onchange(
            {"product_id": self.product.id}, ["product_id"], {"product_qty": {}}
        )
        self.assertNotIn("61.5", str(told))
        request.action_submit()
        self.assertNotEqual(request.state, "draft")
