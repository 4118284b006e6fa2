# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import format_amount

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetHint(PurchaseBudgetCommon):
    """What a draft is told is what it would be refused with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 100.0}
        )
        cls.line = cls.budget.line_ids

    def _override(self, document, amount):
        return self.env["jxc.budget.override"].create(
            {
                "line_id": self.line.id,
                "res_model": document._name,
                "res_id": document.id,
                "amount": amount,
                "reason": "Typhoon",
            }
        )

    def assertSameFigures(self, document, action, limit, used, asked, missing):
        """The hint, the refusal and the wizard that gives overrides agree."""
        document.invalidate_recordset()
        hint = document[
            "budget_hint"
            if document._name == "jxc.purchase.request"
            else "jxc_budget_hint"
        ]
        money = [self._money(amount) for amount in (limit, used, asked, missing)]
        figures = "limit {}, used {}, asked {}, missing {}.".format(*money)
        self.assertIn(figures, hint)
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            action()
        self.assertIn(figures, str(caught.exception))
        for paragraph in hint.split("\n"):
            self.assertIn(paragraph, str(caught.exception))
        document.invalidate_recordset()
        wizard = self.env["jxc.budget.override.grant"].with_context(
            active_model=document._name, active_id=document.id
        )
        proposed = wizard.create({"reason": "Typhoon"}).line_ids
        # Nobody has to cover what others used too much.
        self.assertEqual(proposed.mapped("amount"), [min(missing, asked)])

    def _money(self, amount):
        return format_amount(self.env, amount, self.company.currency_id)

    def test_scarce_line(self):
        self._create_order((self.bread, 1, 90.0)).button_confirm()
        order = self._create_order((self.bread, 1, 30.0))
        self.assertSameFigures(order, order.button_confirm, 100, 90, 30, 20)

    def test_overdrawn_line(self):
        """Nothing of what was used too much is forgotten."""
        self._loosen(self.line, control="warn")
        self._create_order((self.bread, 1, 150.0)).button_confirm()
        self.line.control = "block"
        order = self._create_order((self.bread, 1, 10.0))
        self.assertSameFigures(order, order.button_confirm, 100, 150, 10, 60)
        self._override(order, 10.0)
        order.invalidate_recordset()
        self.assertEqual(order.jxc_budget_state, "warning")
        order.button_confirm()
        self.assertAmounts(self.line, committed=160.0)

    def test_overridden_line(self):
        """What an override of somebody else covers is not missing again."""
        other = self._create_order((self.bread, 1, 150.0))
        self._override(other, 60.0)
        other.button_confirm()
        order = self._create_order((self.bread, 1, 10.0))
        self.assertSameFigures(order, order.button_confirm, 150, 150, 10, 10)
        self.assertNotEqual(other.jxc_budget_state, "over")

    def test_override_that_does_not_suffice(self):
        self._create_order((self.bread, 1, 90.0)).button_confirm()
        order = self._create_order((self.bread, 1, 30.0))
        self._override(order, 5.0)
        self.assertSameFigures(order, order.button_confirm, 100, 90, 25, 15)

    def test_override_of_the_request_behind(self):
        """It counts for the order that is made of the request."""
        request = self._create_request((self.bread, 1, 120.0))
        override = self._override(request, 50.0)
        self._approve(request)
        self.assertEqual(override.amount_used, 20.0)
        order = self._order_request(request)
        order.order_line.price_unit = 150.0
        self.assertEqual(order.jxc_budget_state, "warning")
        order.order_line.price_unit = 160.0
        # 120 are held and 20 covered; 40 more are asked and 30 more are covered.
        self.assertSameFigures(order, order.button_confirm, 120, 120, 10, 10)

    def test_dearer_than_its_request(self):
        request = self._create_request((self.bread, 1, 80.0))
        self._approve(request)
        order = self._order_request(request)
        order.order_line.price_unit = 90.0
        self.assertIn("planned", order.jxc_budget_hint)
        self.assertIn(
            f"{self._money(80.0)} is held for it already", order.jxc_budget_hint
        )
        order.order_line.price_unit = 120.0
        self.assertSameFigures(order, order.button_confirm, 100, 80, 40, 20)

    def test_request(self):
        self._create_order((self.bread, 1, 90.0)).button_confirm()
        request = self._create_request((self.bread, 1, 30.0))
        self.assertSameFigures(request, request.action_submit, 100, 90, 30, 20)

    def test_later_period_has_used_it(self):
        """A cumulative line also asks the ones after it, in the hint as well."""
        self._create_budget(
            *(
                {
                    "date_from": date(2026, month, 1),
                    "date_to": date(2026, month, 28),
                    "amount_planned": 100.0,
                    "category_id": self.food.id,
                    "partner_id": self.vendor.id,
                }
                for month in (1, 2)
            ),
            check_scope="cumulative",
        )
        self._create_order(
            (self.bread, 1, 150.0), date_order=datetime(2026, 2, 15)
        ).button_confirm()
        order = self._create_order(
            (self.bread, 1, 60.0), date_order=datetime(2026, 1, 15)
        )
        self.assertSameFigures(order, order.button_confirm, 200, 150, 60, 10)

    def test_entries_show_plan_and_rest(self):
        """As the list does, whose button sends the chosen entries along: none."""
        self._create_order((self.bread, 1, 30.0)).button_confirm()
        self._give(self.line, 20.0)
        entry = self.line.entry_ids
        self.assertEqual(
            (entry.line_amount_planned, entry.line_amount_available), (120.0, 90.0)
        )
        action = call_kw(self.line.entry_ids, "action_open_analysis", [[]], {})
        self.assertEqual(action["res_model"], "jxc.budget.report")
        self.assertEqual(action["views"][0], (False, "graph"))

    def test_closed_budget(self):
        self._create_order((self.bread, 1, 30.0)).button_confirm()
        order = self._create_order((self.bread, 1, 10.0))
        self.budget.action_close()
        order.invalidate_recordset()
        self.assertSameFigures(order, order.button_confirm, 30, 30, 10, 10)
