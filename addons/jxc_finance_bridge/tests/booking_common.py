# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.fields import Command

from .common import FinanceBridgeCommon

METHODS = ("bill", "difference", "month")
ENDS = ("2026-01-31", "2026-02-28", "2026-03-31")


class BookingCommon(FinanceBridgeCommon):
    """A company that books stock at movement, and what happens in a warehouse.

    Times are Chinese noon of a day, when UTC has the same day.
    """

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        for name in (
            "purchase.group_purchase_manager",
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
        ):
            groups |= cls.env.ref(name)
        return groups

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_booking("540100")

    @classmethod
    def _set_up_booking(cls, cost):
        """Set the company up, with what is bought and sold in it.

        :param cost: code of its cost of goods sold
        """
        cls.env["jxc.finance.setup"].sudo().apply_defaults(cls.company)
        cls.company.jxc_books_stock = True
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.goods = cls._goods("Goods")
        cls.vendor, cls.customer = cls.partner_a, cls.partner_b
        for partner in cls.vendor | cls.customer:
            partner.property_account_position_id = False
            partner.property_payment_term_id = False
            partner.property_supplier_payment_term_id = False
        cls.snapshots = cls.env["jxc.stock.snapshot"]
        cls.accrual = cls.company.jxc_accrual_account_id
        cls.transit = cls.company.jxc_transit_account_id
        cls.shipped = cls.company.jxc_shipped_account_id
        cls.stock = cls.company.account_stock_valuation_id
        cls.cost = cls._account(cost)

    @classmethod
    def _goods(cls, name, **values):
        # A product has its first cost on the day it is made; later than its receipts
        # it would count for them.
        with cls._on("2025-12-01"):
            return cls.env["product.product"].create(
                {
                    "name": name,
                    "is_storable": True,
                    "purchase_method": "receive",
                    "invoice_policy": "order",
                    "supplier_taxes_id": [Command.clear()],
                    "taxes_id": [Command.clear()],
                    **values,
                }
            )

    @classmethod
    def _on(cls, day):
        return freeze_time(f"{day} 04:00:00")

    # Purchase ---------------------------------------------------------------------

    @classmethod
    def _buy(cls, day, quantity, price, product=None, **values):
        """A confirmed order; return its line."""
        with cls._on(day):
            order = cls.env["purchase.order"].create(
                {
                    "partner_id": cls.vendor.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or cls.goods).id,
                                "product_qty": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                                **values,
                            }
                        )
                    ],
                }
            )
            order.button_confirm()
        return order.order_line

    def _done(self, picking, quantity):
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        wizard = picking.button_validate()
        if isinstance(wizard, dict):
            self.env[wizard["res_model"]].with_context(**wizard["context"]).create(
                {}
            ).process()

    def _move(self, day, line, quantity):
        """Receive or deliver a part of an order line."""
        with self._on(day):
            moves = line.move_ids.filtered(
                lambda move: (
                    move.state not in ("done", "cancel")
                    and not move.origin_returned_move_id
                )
            )
            self._done(moves.picking_id, quantity)
        return moves

    def _back(self, day, line, quantity):
        """Return a part of what was received or delivered."""
        move = line.move_ids.filtered(
            lambda move: move.state == "done" and not move.origin_returned_move_id
        )[:1]
        with self._on(day):
            wizard = self.env["stock.return.picking"].create(
                {"picking_id": move.picking_id.id}
            )
            wizard.product_return_moves.quantity = quantity
            picking = wizard._create_return()
            self._done(picking, quantity)
        return picking.move_ids

    def _invoice(self, day, line, quantity, price, refund=False, post=True, user=None):
        """A bill or an invoice of an order line, or a refund."""
        sale = line._name == "sale.order.line"
        kind = f"{'out' if sale else 'in'}_{'refund' if refund else 'invoice'}"
        link = (
            {"sale_line_ids": [Command.set(line.ids)]}
            if sale
            else {"purchase_line_id": line.id}
        )
        with self._on(day):
            move = self.env["account.move"].create(
                {
                    "move_type": kind,
                    "partner_id": (self.customer if sale else self.vendor).id,
                    "invoice_date": day,
                    "date": day,
                    "ref": f"{day}-{line.id}-{quantity}-{price}-{self._next()}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "product_uom_id": line.product_uom_id.id,
                                "quantity": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                                **link,
                            }
                        )
                    ],
                }
            )
            if post:
                move.with_user(user or self.env.user).action_post()
        return move

    def _next(self):
        type(self).number = getattr(type(self), "number", 0) + 1
        return self.number

    # Sales ------------------------------------------------------------------------

    @classmethod
    def _sell(cls, day, quantity, price=100.0, product=None):
        with cls._on(day):
            order = cls.env["sale.order"].create(
                {
                    "partner_id": cls.customer.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or cls.goods).id,
                                "product_uom_qty": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
        return order.order_line

    # Counts -----------------------------------------------------------------------

    def _count(self, day, quantity, product=None, lot=None):
        product = product or self.goods
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        with self._on(day):
            self.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": product.id,
                    "lot_id": lot and lot.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "inventory_quantity": quantity,
                }
            ).action_apply_inventory()

    def _count_account(self):
        """Count differences are booked from now on."""
        location = self.goods.with_company(self.company).property_stock_inventory
        location.valuation_account_id = self._account("190100")
        return location.valuation_account_id

    # Books ------------------------------------------------------------------------

    def _balance(self, account, day=None):
        domain = [
            ("account_id", "=", account.id),
            ("parent_state", "=", "posted"),
            ("company_id", "=", self.company.id),
        ]
        domain += [("date", "<=", day)] if day else []
        [[balance]] = self.env["account.move.line"]._read_group(
            domain, [], ["balance:sum"]
        )
        return self.company.currency_id.round(balance)

    def _assert_books(self, day=None, **expected):
        """Debit balances of stock, accrual, transit, shipped and cost on a day."""
        found = {
            name: self._balance(getattr(self, name), day)
            for name in ("stock", "accrual", "transit", "shipped", "cost")
        }
        wanted = dict.fromkeys(found, 0.0) | expected
        self.assertEqual(found, wanted)

    def _take(self, date, now=None):
        """Take a month-end; the stock ledger says the same before and after."""
        with self._on(now or "2026-12-01"):
            again = self.snapshots.search_count(
                [("company_id", "=", self.company.id), ("date", "=", date)]
            )
            before = self._ledger_values(date)
            snapshot = self.snapshots.take(date, self.company)
            if not again:
                self._assert_ledger(snapshot, before)
        self._assert_ledger(snapshot, self._ledger_values(date))
        return snapshot

    def _ledger_values(self, day):
        """{product id: what the ledger of quantities and amounts says of a day}"""
        self.env.invalidate_all()
        ledger = self.env["jxc.stock.ledger"].sudo()
        rows = ledger.with_context(tz=self.company._jxc_timezone()).summary(
            day, day, domain=[("company_id", "=", self.company.id)]
        )
        return {row["product_id"]: row["closing_value"] for row in rows}

    def _assert_ledger(self, snapshot, values):
        stored = {line.product_id: line.value for line in snapshot.line_ids}
        for product, value in stored.items():
            self.assertAlmostEqual(
                values.pop(product.id, 0.0), value, 2, (snapshot.date, product.name)
            )
        goods = self.env["product.product"].browse(values)
        perpetual = goods.with_company(self.company).filtered(
            lambda product: product.valuation == "real_time"
        )
        self.assertFalse([values[product.id] for product in perpetual])

    def _assert_tied(self, snapshot):
        self.assertEqual(
            [
                snapshot[f"{name}_difference"]
                for name in ("stock", "accrual", "transit", "shipped")
            ],
            [0.0] * 4,
            snapshot.display_name,
        )

    # Each way -----------------------------------------------------------------------

    def _play_each(self, play, goods_at, check):
        """Play three months by each way to accrue and each cost method, and undo it.

        Stock ties at each month end, and in the end nothing is under way.

        :param play: generator of what happens, with a yield at each month end
        :param goods_at: {cost method: what makes its goods}
        :param check: called in the end with the cost method and the last snapshot
        """
        for cost_method, make in goods_at.items():
            for method in METHODS:
                with (
                    self.subTest(cost_method=cost_method, method=method),
                    self.env.cr.savepoint() as savepoint,
                ):
                    self.company.jxc_accrual_method = method
                    self.goods = make(cost_method)
                    for end, _month in zip(ENDS, play(), strict=True):
                        snapshot = self._take(end)
                        self._assert_tied(snapshot)
                        self.assertEqual(snapshot.stock_value, snapshot.stock_balance)
                    for name in ("accrual", "transit", "shipped"):
                        self.assertEqual(self._balance(getattr(self, name)), 0, name)
                    self.env.invalidate_all()
                    check(cost_method, snapshot)
                    savepoint.rollback()
                self.env.invalidate_all()
