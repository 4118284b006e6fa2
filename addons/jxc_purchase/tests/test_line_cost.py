# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import float_round

from .common import PurchaseBudgetCommon

KINDS = st.sampled_from(["percent", "fixed", "division"])
TAXES = st.lists(
    st.tuples(
        KINDS,
        st.integers(0, 30),
        st.sampled_from(["tax_included", "tax_excluded", False]),
        st.booleans(),  # affects what comes after it
        st.sampled_from(["account", "none", "half"]),
    ),
    max_size=3,
)


@tagged("post_install", "-at_install")
class TestLineCost(PurchaseBudgetCommon):
    """What is received is priced as the platform does, taxes worked out or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.numbers = itertools.count()
        cls.account = cls.env["account.account"].search(
            [("account_type", "=", "asset_current")], limit=1
        )

    def _tax(self, kind, amount, included, affects, share):
        """A tax that goes to an account wholly, by half, or not at all."""
        parts = {
            "account": [(100, self.account.id)],
            "none": [(100, False)],
            "half": [(50, self.account.id), (50, False)],
        }[share]
        lines = [Command.create({"repartition_type": "base"})]
        lines += [
            Command.create(
                {
                    "repartition_type": "tax",
                    "factor_percent": percent,
                    "account_id": account,
                }
            )
            for percent, account in parts
        ]
        return self.env["account.tax"].create(
            {
                "name": f"{kind} {amount} {share} {next(self.numbers)}",
                "amount_type": kind,
                "amount": amount,
                "price_include_override": included,
                "include_base_amount": affects,
                "type_tax_use": "purchase",
                "invoice_repartition_line_ids": lines,
                "refund_repartition_line_ids": lines,
            }
        )

    def _line(self, taxes, quantity=3, price=10.0):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.bread.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                ],
            }
        )
        return order.order_line

    def _worked_out(self, line):
        """Price and what of its taxes has no account, by the platform's figures."""
        amounts = line.tax_ids.compute_all(
            line.price_unit_discounted,
            currency=line.currency_id,
            quantity=line.product_qty,
            product=line.product_id,
            partner=line.partner_id,
            rounding_method="round_globally",
        )
        price = amounts["total_void"] / line.product_qty
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float_round(price, precision_digits=digits)

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(TAXES, st.integers(1, 50), st.decimals(0, 500, places=2), st.booleans())
    def _check_random(self, taxes, quantity, price, grouped):
        found = self.env["account.tax"].union(*(self._tax(*one) for one in taxes))
        if grouped and found:
            found = self.env["account.tax"].create(
                {
                    "name": f"Group of {found.ids}",
                    "amount_type": "group",
                    "type_tax_use": "purchase",
                    "children_tax_ids": [Command.set(found.ids)],
                }
            )
        line = self._line(found, quantity, float(price))
        self.assertAlmostEqual(
            line._get_stock_move_price_unit(), self._worked_out(line), places=6
        )

    def test_random(self):
        """Included or added, with accounts or without, in groups, one after another."""
        self._check_random()

    def test_account_taken_away(self):
        """What was given back is not any more: it is a cost from now on."""
        tax = self._tax("percent", 13, False, False, "account")
        line = self._line(tax)
        self.assertEqual(line._get_stock_move_price_unit(), 10.0)
        part = tax.invoice_repartition_line_ids.filtered("account_id")
        part.account_id = False
        self.assertEqual(line._get_stock_move_price_unit(), 11.3)
        part.account_id = self.account
        self.assertEqual(line._get_stock_move_price_unit(), 10.0)

    def test_included_from_now_on(self):
        """The tax, or the company, says that prices include it."""
        tax = self._tax("percent", 25, False, False, "account")
        line = self._line(tax)
        self.assertEqual(line._get_stock_move_price_unit(), 10.0)
        tax.price_include_override = "tax_included"
        self.assertEqual(line._get_stock_move_price_unit(), 8.0)
        tax.price_include_override = False
        self.assertEqual(line._get_stock_move_price_unit(), 10.0)
        self.company.account_price_include = "tax_included"
        tax.invalidate_recordset(["price_include"])
        self.assertEqual(line._get_stock_move_price_unit(), 8.0)

    def test_group_changes(self):
        """A group takes in a tax that nobody gives back."""
        kept = self._tax("percent", 13, False, False, "account")
        lost = self._tax("percent", 10, False, False, "none")
        group = self.env["account.tax"].create(
            {
                "name": "Both",
                "amount_type": "group",
                "type_tax_use": "purchase",
                "children_tax_ids": [Command.set(kept.ids)],
            }
        )
        line = self._line(group)
        self.assertEqual(line._get_stock_move_price_unit(), 10.0)
        group.children_tax_ids += lost
        self.assertEqual(line._get_stock_move_price_unit(), 11.0)

    def test_others_see_all(self):
        """Who asks for the taxes of a line gets them, whatever its context says."""
        tax = self._tax("percent", 13, False, False, "account")
        for mark in (True, {"kind": "cost"}):
            amounts = tax.with_context(jxc_purchase_cost_only=mark).compute_all(100.0)
            self.assertEqual(amounts["total_included"], 113.0)
            self.assertEqual(amounts["taxes"][0]["amount"], 13.0)
