# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import SQL

from .analysis_common import AnalysisCommon


@tagged("post_install", "-at_install")
class TestSaleAnalysis(AnalysisCommon):
    def test_revenue_quantities_and_discount(self):
        order = self._create_order(24)
        order.order_line.discount = 10
        order.action_confirm()
        found = self._read(
            "revenue", "qty", "qty_big", "amount_discount", "amount_gross"
        )
        self.assertEqual(
            found,
            {
                "revenue": 2160,
                "qty": 24,
                "qty_big": 2,
                "amount_discount": 240,
                "amount_gross": 2400,
            },
        )
        self.assertAlmostEqual(self._read("discount_rate")["discount_rate"], 10)

    def test_the_planner_knows_the_days_a_period_is_selected_by(self):
        """What it has statistics of is what the query filters by, word for word."""
        self.env.cr.execute("ANALYZE sale_order; ANALYZE account_move")
        known = self.env.execute_query(
            SQL(
                "SELECT expr FROM pg_stats_ext_exprs WHERE statistics_name LIKE %s",
                "%_jxc_analysis_%",
            )
        )
        self.assertEqual(len(known), 4)
        period = Domain("date", ">=", "2026-01-01") & Domain("date", "<", "2027-01-01")
        years = Domain("period", "in", ("this", "last_year"))
        query = self.env["jxc.sale.analysis"]._search(period & years)
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        # without the names of the tables before the columns
        filters = re.sub(r"\b[a-z]\w*\.", "", " ".join(line for (line,) in plan))
        for (expression,) in known:
            self.assertIn(f"{expression} >= ", filters)

    def test_quotations_and_cancelled_orders_are_no_revenue(self):
        self._create_order(5)
        cancelled = self._create_order(3)
        cancelled.action_confirm()
        cancelled._action_cancel()
        self.assertFalse(self._read("revenue")["revenue"])

    def test_sold_in_boxes_counts_base_units(self):
        order = self._create_order(1)
        box = self.product.product_tmpl_id.jxc_unit_ids.uom_id
        order.order_line.write(
            {"product_uom_id": box.id, "product_uom_qty": 2, "price_unit": 1200}
        )
        order.action_confirm()
        self.assertEqual(
            self._read("qty", "qty_big", "revenue"),
            {"qty": 24, "qty_big": 2, "revenue": 2400},
        )

    def test_margin_of_what_has_left_is_at_the_cost_it_left_with(self):
        order = self._create_order(10)
        order.action_confirm()
        self._deliver(order, 4)
        self.product.standard_price = 70
        # 4 that have left at 60, 6 that are still to leave at 70.
        self.assertAlmostEqual(self._read("cost")["cost"], 4 * 60 + 6 * 70)
        self.assertAlmostEqual(self._read("margin")["margin"], 1000 - 660)

    def test_returned_goods_are_no_margin_and_no_net_revenue(self):
        order = self._sell(10)
        self._return(order, 4)
        found = self._read(
            "revenue", "qty_returned", "amount_returned", "revenue_net", "margin"
        )
        self.assertEqual(
            found,
            {
                "revenue": 1000,
                "qty_returned": 4,
                "amount_returned": 400,
                "revenue_net": 600,
                "margin": 600 - 6 * 60,
            },
        )
        self.assertAlmostEqual(self._read("return_rate")["return_rate"], 40)
        self.assertAlmostEqual(self._read("margin_rate")["margin_rate"], 40)

    def test_returned_is_what_the_return_documents_took_back(self):
        self._sell(6)
        self._sell(4, price=50)
        back = self._create_return(7)
        back.action_confirm()
        back.action_accept()
        amounts = [
            allocation.quantity
            * (allocation.sale_line_id.price_subtotal)
            / allocation.sale_line_id.product_uom_qty
            for allocation in back.line_ids.allocation_ids
        ]
        found = self._read("qty_returned", "amount_returned")
        self.assertEqual(found["qty_returned"], 7)
        self.assertAlmostEqual(found["amount_returned"], sum(amounts))

    def test_growth_on_the_same_period_last_year(self):
        self._sold_on("2025-03-10", 4)
        self._sold_on("2025-06-10", 3)
        self._sold_on("2026-03-20", 6)
        year = [("date", ">=", "2026-01-01"), ("date", "<", "2027-01-01")]
        names = ("revenue", "revenue_last_year", "revenue_change", "growth")
        found = self._read(*names, domain=year, groupby=["date:month"])
        self.assertEqual(
            {str(month)[:7]: tuple(row.values()) for month, row in found.items()},
            {"2026-03": (600, 400, 200, 50), "2026-06": (0, 300, -300, -100)},
        )
        total = self._read(*names, domain=year)
        self.assertEqual(total["revenue"], 600)
        self.assertEqual(total["revenue_last_year"], 700)
        self.assertAlmostEqual(total["growth"], -100 / 7)

    def test_leap_day_is_compared_with_the_last_of_february(self):
        self._sold_on("2024-02-29", 2)
        rows = self.analysis.search([("period", "=", "last_year")])
        self.assertEqual(str(rows.date), "2025-02-28 04:00:00")
        found = self._read("revenue_last_year", groupby=["date:day"])
        self.assertIn("2025-02-28", {str(day)[:10] for day in found})

    def test_last_year_does_not_count_as_revenue(self):
        self._sold_on("2025-03-10", 4)
        self.assertEqual(self._read("revenue", "qty"), {"revenue": 400, "qty": 4})
        self.assertEqual(self._read("line_count")["line_count"], 1)

    def test_share_is_of_all_that_is_selected(self):
        other = self._create_lamp(name="Desk", standard_price=10)
        self._sold_on("2026-03-10", 3)
        self._sold_on("2026-03-10", 1, product=other)
        self._sold_on("2025-03-10", 9, product=other)
        found = self._read(
            "share", domain=[("date", ">=", "2026-01-01")], groupby=["product_id"]
        )
        self.assertEqual(found[self.product]["share"], 75)
        self.assertEqual(found[other]["share"], 25)

    def test_pivot_has_shares_and_rates_on_every_level(self):
        order = self._sell(8)
        self._return(order, 2)
        self._sell(8)
        self.env.flush_all()
        total, by_product, by_order = self.analysis._read_grouping_sets(
            [("company_id", "=", self.company.id)],
            [[], ["product_id"], ["product_id", "order_id"]],
            ["share:sum", "return_rate:avg"],
        )
        self.assertEqual(total, [(100.0, 12.5)])
        self.assertEqual(by_product, [(self.product, 100.0, 12.5)])
        self.assertEqual(
            sorted(row[2:] for row in by_order), [(50.0, 0.0), (50.0, 25.0)]
        )

    def test_invoice_without_order_counts_once(self):
        order = self._sell(2)
        order._create_invoices().action_post()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-05-31",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 3,
                            "price_unit": 50,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        self.assertEqual(self._read("revenue")["revenue"], 200)
        invoice.action_post()
        found = self._read("revenue", "qty", groupby=["source"])
        self.assertEqual(found["invoice"], {"revenue": 150, "qty": 3})
        self.assertEqual(found["order"], {"revenue": 200, "qty": 2})
        row = self.analysis.search([("move_id", "=", invoice.id)])
        self.assertEqual(row.action_open_document()["res_id"], invoice.id)
        invoice._reverse_moves([{"date": "2026-06-01"}]).action_post()
        self.assertEqual(self._read("revenue")["revenue"], 200)

    def test_foreign_order_counts_in_company_currency(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "QQQ",
                "symbol": "Q",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 0.5})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        order = self._create_order(1, price=100, pricelist_id=pricelist.id)
        order.action_confirm()
        self.assertAlmostEqual(
            self._read("revenue")["revenue"], 100 / order.currency_rate
        )

    def test_down_payments_are_no_revenue(self):
        order = self._create_order(10)
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 30,
            }
        )
        wizard.create_invoices()
        order.invoice_ids.action_post()
        self.assertEqual(self._read("revenue")["revenue"], 1000)

    def test_dimensions(self):
        tier = self.env["jxc.customer.tier"].create({"name": "Gold"})
        region = self.env.ref("base.state_cn_GD")
        self.customer.write(
            {"jxc_tier_id": tier.id, "state_id": region.id, "country_id": False}
        )
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id, "type": "delivery"}
        )
        order = self._create_order(1, partner_id=contact.id, jxc_sale_mode="wholesale")
        order.action_confirm()
        self.env.flush_all()
        row = self.analysis.search([("order_id", "=", order.id)])
        self.assertRecordValues(
            row,
            [
                {
                    "partner_id": self.customer.id,
                    "tier_id": tier.id,
                    "state_id": region.id,
                    "sale_mode": "wholesale",
                    "user_id": order.user_id.id,
                    "team_id": order.team_id.id,
                    "categ_id": self.product.categ_id.id,
                }
            ],
        )
        self.assertEqual(row.action_open_document()["res_id"], order.id)

    def _region(self, **domain):
        self.env.flush_all()
        (name, value), *_rest = domain.items()
        row = self.analysis.search([(name, "=", value), ("period", "=", "this")])
        return row.country_id.code, row.state_id

    def test_region_is_where_the_goods_go(self):
        china, america = self.env.ref("base.cn"), self.env.ref("base.us")
        guangdong = self.env.ref("base.state_cn_GD")
        zhejiang = self.env.ref("base.state_cn_ZJ")
        self.customer.write({"state_id": guangdong.id, "country_id": china.id})
        contact, branch, abroad = self.env["res.partner"].create(
            [
                {"name": "Buyer", "parent_id": self.customer.id, "type": "other"},
                {
                    "name": "Branch",
                    "parent_id": self.customer.id,
                    "type": "delivery",
                    "country_id": china.id,
                    "state_id": zhejiang.id,
                },
                {
                    "name": "Abroad",
                    "parent_id": self.customer.id,
                    "type": "delivery",
                    "country_id": america.id,
                },
            ]
        )
        contact.write({"country_id": False, "state_id": False})
        found = []
        for receiver in (contact, branch, abroad):
            order = self._create_order(
                1, partner_id=contact.id, partner_shipping_id=receiver.id
            )
            order.action_confirm()
            found.append(self._region(order_id=order.id))
        nowhere = zhejiang.browse()
        self.assertEqual(found, [("CN", guangdong), ("CN", zhejiang), ("US", nowhere)])
        invoice = self._due(
            100, 0, partner_id=contact.id, partner_shipping_id=contact.id
        )
        self.assertEqual(self._region(move_id=invoice.id), ("CN", guangdong))

    def test_platform_report_knows_tier_mode_and_channel(self):
        tier = self.env["jxc.customer.tier"].create({"name": "Gold"})
        self.customer.jxc_tier_id = tier
        order = self._create_order(2, jxc_sale_mode="wholesale")
        order.action_confirm()
        self.env.flush_all()
        rows = self.env["sale.report"]._read_group(
            [("company_id", "=", self.company.id), ("jxc_tier_id", "=", tier.id)],
            ["jxc_sale_mode", "jxc_channel_id"],
            ["price_subtotal:sum"],
        )
        self.assertEqual(rows, [("wholesale", self.env["jxc.sale.channel"], 200.0)])

    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        st.lists(
            st.tuples(
                st.integers(1, 9),
                st.sampled_from([10.0, 33.33, 99.99]),
                st.sampled_from([0, 7, 15.5, 100]),
                st.integers(0, 3),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def test_sums_are_those_of_the_documents(self, sales):
        """Whatever is sold and returned, the report has what the documents say."""
        known = self._read("revenue", "qty_returned", "amount_discount")
        lines, returned, discount = self.env["sale.order.line"], 0, 0.0
        for quantity, price, percent, back in sales:
            order = self._create_order(quantity, price=price)
            order.order_line.discount = percent
            order.action_confirm()
            lines |= order.order_line
            discount += quantity * price * percent / 100
            if back and back <= quantity:
                self._deliver(order)
                self._return(order, back)
                returned += back
        found = self._read("revenue", "qty_returned", "amount_discount")
        for name, expected, delta in (
            ("revenue", sum(lines.mapped("price_subtotal")), 0.001),
            ("qty_returned", returned, 0.001),
            # Untaxed totals of lines are rounded, so are discounts made of them.
            ("amount_discount", discount, 0.05 * len(sales)),
        ):
            self.assertAlmostEqual(
                found[name] - (known[name] or 0.0), expected, delta=delta, msg=name
            )
