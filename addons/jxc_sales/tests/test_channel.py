# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Orders of shops: each once, the good ones whatever the bad."""

import xmlrpc.client
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models.sale_order_channel import CHANNEL_FIELDS
from .channel_common import BUYER, ChannelCommon

#: Reports of sales, and where they say the channel.
CHANNEL_OF = {"jxc.sale.analysis": "channel_id", "sale.report": "jxc_channel_id"}


@tagged("post_install", "-at_install")
class TestChannelOrders(ChannelCommon):
    def test_order_comes_in_confirmed(self):
        data = self._order(
            "20260501001",
            date="2026-05-01T09:30:00+08:00",
            buyer=BUYER,
            shipping=8,
            fee=3.2,
            total=208,
        )
        [result] = self._import(data, user=self.salesman)
        self.assertEqual(result["status"], "created", result)
        order = self._found(result)
        self.assertRecordValues(
            order,
            [
                {
                    "state": "sale",
                    "amount_total": 208,
                    "origin": "FS/20260501001",
                    "client_order_ref": "20260501001",
                    "jxc_channel_fee": 3.2,
                    "create_uid": self.salesman.id,
                }
            ],
        )
        self.assertEqual(order.partner_id, self.customer)
        self.assertRecordValues(
            order.partner_shipping_id,
            [
                {
                    "name": "王芳",
                    "type": "delivery",
                    "parent_id": self.customer.id,
                    "street": "文三路 90 号",
                }
            ],
        )
        self.assertEqual(order.picking_ids.partner_id.name, "王芳")

    def test_each_order_once(self):
        [first] = self._import(self._order("A1", buyer=BUYER))
        [again] = self._import(self._order("A1", buyer=BUYER))
        self.assertEqual(again["status"], "exists")
        self.assertEqual(again["order_id"], first["order_id"])
        twice = self._import(self._order("A2"), self._order("A2"))
        self.assertEqual([one["status"] for one in twice], ["created", "refused"])
        self.assertEqual(self.channel.order_count, 2)

    def test_known_address_is_used_again(self):
        results = self._import(
            self._order("A1", buyer=BUYER), self._order("A2", buyer=BUYER)
        )
        addresses = {self._found(one).partner_shipping_id for one in results}
        self.assertEqual(len(addresses), 1)
        [moved] = self._import(self._order("A3", buyer={**BUYER, "city": "宁波"}))
        self.assertNotIn(self._found(moved).partner_shipping_id, addresses)
        # A province that nobody knows is told apart from none, and found again.
        abroad = {**BUYER, "state": "Atlantis"}
        results = self._import(
            self._order("A4", buyer=abroad),
            self._order("A5", buyer=abroad),
        ) + self._import(self._order("A6", buyer=abroad))
        address = {self._found(one).partner_shipping_id for one in results}
        self.assertEqual([one.city for one in address], ["Atlantis 杭州"])

    def test_report_tells_the_shop_and_the_province_of_the_buyer(self):
        china = self.env.ref("base.cn")
        self.customer.write(
            {"state_id": self.env.ref("base.state_cn_GD").id, "country_id": china.id}
        )
        zhejiang = self.env.ref("base.state_cn_ZJ")
        self._import(
            self._order("1", buyer={**BUYER, "state": zhejiang.name}),
            self._order("2", buyer={**BUYER, "name": "李强"}),
        )
        self.env.flush_all()
        rows = self.env["jxc.sale.analysis"]._read_group(
            [("channel_id", "=", self.channel.id)],
            ["channel_id", "country_id", "state_id"],
            ["revenue:sum"],
        )
        self.assertCountEqual(
            rows,
            [
                (self.channel, china, zhejiang, 200.0),
                (self.channel, china, zhejiang.browse(), 200.0),
            ],
        )

    def test_sales_count_in_the_month_of_the_shop(self):
        """Imported and confirmed months later; a clock that is ahead does not count."""
        ahead = datetime.now(UTC) + timedelta(days=90)
        results = self._import(
            self._order("1", date="2026-03-31T23:30:00+08:00"),
            self._order("2", date="2026-04-01T00:30:00+08:00"),
            self._order("3", date=ahead.isoformat()),
            self._order("4"),
        )
        orders = [self._found(result) for result in results]
        self.assertEqual({order.state for order in orders}, {"sale"})
        first, _second, _third, dateless = orders
        self.assertEqual(first.jxc_channel_date, datetime(2026, 3, 31, 15, 30))
        self.assertFalse(dateless.jxc_channel_date)
        # Whoever confirms one by hand, later, does not move it either.
        self.account.write({"credit_limit": 0, "order_action": "block"})
        [late] = self._import(self._order("5", date="2026-03-01T09:00:00+08:00"))
        self.assertEqual(late["status"], "quotation", late)
        self.account.credit_limit = 10000
        self._found(late).action_confirm()
        self.assertGreater(self._found(late).date_order, datetime(2026, 4, 2))
        self.env.flush_all()
        sold_at = first.date_order.replace(tzinfo=UTC)
        this_month = sold_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m")
        for model, measure in (
            ("jxc.sale.analysis", "revenue:sum"),
            ("sale.report", "price_subtotal:sum"),
        ):
            with self.subTest(model):
                rows = (
                    self.env[model]
                    .with_context(tz="Asia/Shanghai")
                    ._read_group(
                        [(CHANNEL_OF[model], "=", self.channel.id)],
                        ["date:month"],
                        [measure],
                    )
                )
                found = {month.strftime("%Y-%m"): amount for month, amount in rows}
                found = {month: amount for month, amount in found.items() if amount}
                self.assertEqual(
                    found, {"2026-03": 400, "2026-04": 200, this_month: 400}
                )
        funnel = self.env["jxc.sale.funnel"].search([("order_id", "=", first.id)])
        self.assertEqual(funnel.date, first.jxc_channel_date)

    def test_units_of_the_shop(self):
        """The shop sells by the box; a barcode of a unit means that unit."""
        lines = [
            {"sku": "LAMP-12", "quantity": 2, "price": 1100},
            {"sku": "6900000000012", "quantity": 1, "price": 1100, "discount": 10},
        ]
        [result] = self._import({"number": "B1", "lines": lines})
        order = self._found(result)
        self.assertEqual(order.order_line.product_uom_id, self.box.uom_id)
        self.assertEqual(order.amount_untaxed, 2 * 1100 + 990)
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_qty")), 36)

    def test_good_ones_go_through(self):
        """What is wrong with an order is told in full, and holds no other one up."""
        results = self._import(
            self._order("G1"),
            {"number": "G2", "lines": [{"sku": "NOPE", "quantity": 0, "prize": 1}]},
            {"number": "G3", "lines": [{"sku": "NOPE", "quantity": 1, "price": 1}]},
            "G4",
            self._order("G5"),
        )
        statuses = [one["status"] for one in results]
        self.assertEqual(
            statuses, ["created", "refused", "refused", "refused", "created"]
        )
        self.assertEqual(
            results[1]["problems"],
            [
                'line 1: "prize" is not a field of a line',
                "line 1: quantity has to be above 0",
                "line 1: price is missing",
            ],
        )
        self.assertIn("NOPE", results[2]["problems"][0])
        self.assertEqual([one["number"] for one in results[1:4]], ["G2", "G3", False])

    def test_answers_reach_every_client(self):
        """XML-RPC knows no nothing, and what was made is committed by then."""
        good = self._order("G1")
        wrong = (5, None, {}, {"number": 7}, {"number": None}, [], good)
        results = self._import(good, *wrong)
        answer, _method = xmlrpc.client.loads(xmlrpc.client.dumps((results,)))
        self.assertEqual(answer, (results,))
        self.assertEqual(
            [one["status"] for one in results], ["created"] + ["refused"] * 7
        )

    def test_credit_holds(self):
        """A shop gets no more credit than others; what fits is confirmed."""
        self.account.credit_limit = 450
        results = self._import(*[self._order(f"C{n}") for n in range(3)])
        self.assertEqual(
            [one["status"] for one in results], ["created", "created", "quotation"]
        )
        self.assertIn("credit limit", results[2]["problems"][0])
        self.assertEqual(self._found(results[2]).state, "draft")
        self.assertEqual(self._exposure(), 400)

    def test_held_orders_wait(self):
        """Where the customer's orders are held, the shop's are, and it is told so."""
        self.account.write({"credit_limit": 350, "order_action": "hold"})
        results = self._import(self._order("H1"), self._order("H2"))
        self.assertEqual([one["status"] for one in results], ["created", "quotation"])
        held = self._found(results[1])
        self.assertEqual(held.jxc_credit_state, "hold")
        self.assertIn(held.name, results[1]["problems"][0])

    def test_sent_again_while_it_waits(self):
        """A shop that asks again is told what has not become an order yet."""
        self.account.write({"credit_limit": 350, "order_action": "hold"})
        orders = [self._order("W1"), self._order("W2")]
        held = self._found(self._import(*orders)[1])
        again = self._import(*orders)
        self.assertEqual([one["status"] for one in again], ["exists", "exists"])
        self.assertEqual(
            [one["problems"] for one in again],
            [[], [f"{held.name} is not confirmed yet; its log says why"]],
        )
        held.action_jxc_credit_release(None, None, "agreed")
        self.assertEqual(held.state, "sale")
        self.assertEqual(self._import(orders[1])[0]["problems"], [])
        held.action_cancel()
        self.assertEqual(
            self._import(orders[1])[0]["problems"], [f"{held.name} was cancelled"]
        )

    def test_wrong_total_is_not_confirmed(self):
        results = self._import(self._order("T1", total=190), self._order("T2"))
        self.assertEqual([one["status"] for one in results], ["quotation", "created"])
        self.assertIn("190.00", results[0]["problems"][0])

    def test_prices_with_tax(self):
        """The channel's taxes say whether the shop's prices include them."""
        tax = self.env["account.tax"].create(
            {
                "name": "13% incl.",
                "amount": 13,
                "price_include_override": "tax_included",
            }
        )
        self.channel.tax_ids = tax
        lines = [{"sku": "LAMP", "quantity": 1, "price": 113}]
        [result] = self._import({"number": "P1", "lines": lines, "total": 113})
        self.assertRecordValues(
            self._found(result), [{"amount_untaxed": 100, "amount_total": 113}]
        )

    def test_paid(self):
        """What buyers paid is booked once, and gives credit back."""
        [result] = self._import(self._order("Z1", paid=150))
        order = self._found(result)
        payments = self.env["account.payment"].search(
            [("jxc_sale_order_id", "=", order.id)]
        )
        self.assertRecordValues(
            payments, [{"amount": 150, "memo": "FS/Z1", "journal_id": self.bank.id}]
        )
        self._import(self._order("Z1", paid=150))
        self._import(self._order("Z1", paid=200))
        payments = payments.search([("jxc_sale_order_id", "=", order.id)])
        self.assertEqual(sum(payments.mapped("amount")), 200)
        self.assertEqual(len(payments), 2)

    def test_paid_without_journal(self):
        self.channel.journal_id = False
        results = self._import(self._order("Z2", paid=10), self._order("Z3"))
        self.assertEqual([one["status"] for one in results], ["refused", "created"])
        self.assertIn("journal", results[0]["problems"][0])

    def test_code_of_two_products_says_nothing(self):
        self._create_lamp(stock=0, name="Twin", default_code="LAMP")
        [result] = self._import(self._order("D1"))
        self.assertEqual(result["status"], "refused")

    def test_hostile_input(self):
        """Whatever a shop sends is answered order by order, and makes no odd order."""
        line = {"sku": "LAMP", "quantity": 1, "price": 100}
        for name, data in {
            "blank number": {"number": "  ", "lines": [line]},
            "blank sku": {"lines": [{**line, "sku": " \t"}]},
            "endless number": {"lines": [{**line, "quantity": 10**400}]},
            "not a number": {"lines": [{**line, "price": "NaN"}]},
            "infinite": {"lines": [{**line, "quantity": float("inf")}]},
            "below zero": {"lines": [{**line, "quantity": -1}]},
            "yes": {"lines": [{**line, "quantity": True}]},
            "vanishes": {"lines": [{**line, "quantity": 1e-9}]},
            "finer than the unit": {"lines": [{**line, "quantity": 1.00001}]},
            "half a character": {"buyer": {"name": "\ud83d"}, "lines": [line]},
            "nothing to print": {"buyer": {"name": "a\x00b"}, "lines": [line]},
            "before all dates": {
                "date": "0001-01-01T00:00:00+08:00",
                "lines": [line],
            },
            "after all dates": {"date": "9999-12-31T23:59:59-08:00", "lines": [line]},
            "too much": {"lines": [{**line, "price": 1e13}]},
        }.items():
            with self.subTest(name):
                results = self._import({"number": "X", **data}, self._order(name))
                self.assertEqual(
                    [one["status"] for one in results], ["refused", "created"]
                )
                self.assertTrue(results[0]["problems"])
        # The same sku on two lines is no mistake: shops split lines by promotion.
        [result] = self._import({"number": "Twice", "lines": [line, line]})
        self.assertEqual(len(self._found(result).order_line), 2)

    def test_answers_in_the_language_of_the_caller(self):
        """A program names no language; its user has one."""
        self.env["res.lang"]._activate_lang("zh_CN")
        shop = self.salesman
        shop.lang = "zh_CN"
        channel = self.channel.with_user(shop).with_context(lang=None)
        [result] = channel.import_orders(
            [{"number": "L1", "lines": [{"sku": "NO", "quantity": 0, "price": 1}]}]
        )
        self.assertIn("第 1 行", result["problems"][0])
        with self.assertRaisesRegex(UserError, "最多"):
            channel.import_orders("A")
        [result] = channel.with_context(lang="en_US").import_orders(
            [{"number": "L1", "lines": [{"sku": "NO", "quantity": 0, "price": 1}]}]
        )
        self.assertIn("line 1", result["problems"][0])

    def test_texts_are_texts(self):
        """What looks like markup in a note is shown as it was typed."""
        note = "<b>3</b> < 5\nleave at the gate"
        [result] = self._import(self._order("N1", note=note))
        text = self._found(result).note
        self.assertIn("&lt;b&gt;3&lt;/b&gt; &lt; 5", text)
        self.assertIn("<br", text)

    def test_withdrawn_products(self):
        """What is not sold any more is not sold by a shop either, mapped or not."""
        self.product.product_tmpl_id.sale_ok = False
        lines = [{"sku": "LAMP-12", "quantity": 1, "price": 1100}]
        [result] = self._import({"number": "S1", "lines": lines})
        self.assertEqual(result["status"], "refused")
        self.product.product_tmpl_id.write({"sale_ok": True, "active": False})
        [result] = self._import({"number": "S2", "lines": lines})
        self.assertEqual(result["status"], "refused")
        self.assertIn("LAMP-12", result["problems"][0])

    def test_closed_channel(self):
        self.channel.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            self._import(self._order("K1"))

    def test_no_list(self):
        for wrong in ({"number": "A"}, "A", None, [{}] * 1001):
            with self.assertRaises(UserError):
                self.channel.import_orders(wrong)

    def test_who_may(self):
        """A salesperson with own orders only imports nothing, nor writes a number."""
        own = new_test_user(
            self.env,
            "jxc_own_orders",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self._import(self._order("W1"), user=own)
        with self.assertRaises(AccessError):
            self.channel.with_user(self.salesman).write({"match_codes": False})
        order = self._create_order().with_user(self.salesman)
        for name in CHANNEL_FIELDS:
            value = "X" if name == "jxc_channel_number" else 5000
            if name == "jxc_channel_date":
                value = "2026-01-01 00:00:00"
            if name == "jxc_channel_id":
                value = self.channel.id
            with self.subTest(name), self.assertRaises(AccessError):
                order.write({name: value})
        with self.assertRaises(AccessError):
            order.copy({"jxc_channel_id": self.channel.id})

    def test_other_company(self):
        other = self._create_company(name="Second Company")
        self.env.user.company_ids += other
        both = (other + self.company).ids
        channel = self.channel.with_context(allowed_company_ids=both)
        [result] = channel.import_orders([self._order("O1")])
        self.assertEqual(self._found(result).company_id, self.company)
        stranger = new_test_user(
            self.env,
            "jxc_stranger",
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self._import(self._order("O2"), user=stranger)

    def test_queries_do_not_grow_per_order(self):
        """Orders are made together: fewer queries an order, the more there are."""
        self._import(self._order("Q0"))
        self.env.flush_all()
        counts = []
        for size in (5, 20):
            orders = [
                self._order(
                    f"Q{size}-{number}",
                    buyer={**BUYER, "name": f"{number}", "zip": f"{size}"},
                )
                for number in range(size)
            ]
            before = self.env.cr.sql_log_count
            self._import(*orders)
            counts.append((self.env.cr.sql_log_count - before) / size)
        self.assertLess(counts[1], counts[0])
        self.assertLess(counts[1], 45, "queries for each of twenty orders")
