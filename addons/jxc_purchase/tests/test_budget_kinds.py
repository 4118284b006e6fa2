# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetKinds(PurchaseBudgetCommon):
    """What was let in by a weaker control is no room for what is judged strictly."""

    def _line(self, **controls):
        budget = self._create_budget(
            {"category_id": self.food.id, "amount_planned": 100.0, **controls}
        )
        return budget.line_ids

    def _ordered(self, price=500.0, quantities=None):
        """An RFQ of an approved request of so much."""
        request = self._approve(self._create_request((self.bread, 5, price / 5)))
        return self._order_request(request, quantities)

    def _post_alone(self, price):
        """Post a bill of so much that has no order."""
        bill = self._create_bill(self._create_order((self.bread, 1, price)))
        bill.invoice_line_ids.purchase_line_id = False
        bill.action_post()

    def _assert_refused(self, document, confirm, used, asked, missing):
        self.assertEqual(document.jxc_budget_state, "over")
        self.assertIn(f"missing $\xa0{missing}", document.jxc_budget_hint)
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            confirm()
        text = str(caught.exception)
        self.assertIn("Planned $\xa0100.00", text)
        self.assertIn(f"used $\xa0{used}", text)
        self.assertIn(f"asked $\xa0{asked}, missing $\xa0{missing}", text)
        document.invalidate_recordset()

    def test_order_of_a_request_that_was_not_stopped(self):
        for control in ("none", "warn"):
            with self.subTest(control=control):
                savepoint = self.cr.savepoint()
                line = self._line(control_request=control)
                order = self._ordered()
                self.assertAmounts(line, reserved=500.0)
                self._assert_refused(
                    order, order.button_confirm, "0.00", "500.00", "400.00"
                )
                self.assertAmounts(line, reserved=500.0)
                order.order_line.price_unit = 20.0
                self.assertEqual(order.jxc_budget_state, "warning")
                order.button_confirm()
                self.assertAmounts(line, committed=100.0)
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

    def test_request_as_strict_as_its_order_makes_room(self):
        """The difference counts, whatever happened to the line since."""
        line = self._line(control_bill="none")
        order = self._ordered(100.0)
        self._post_alone(900.0)
        self.assertAmounts(line, reserved=100.0, actual=900.0)
        order.button_confirm()
        self.assertAmounts(line, committed=100.0, actual=900.0)

    def test_bill_of_an_order_that_was_not_stopped(self):
        line = self._line(control="none", control_bill="block")
        order = self._create_order((self.bread, 1, 150.0))
        order.button_confirm()
        self.assertAmounts(line, committed=150.0)
        bill = self._create_bill(order)
        self._assert_refused(bill, bill.action_post, "0.00", "150.00", "50.00")
        bill.invoice_line_ids.price_unit = 100.0
        bill.action_post()
        self.assertAmounts(line, actual=100.0)

    def test_going_back_is_not_judged_again(self):
        """A refund, and a bill that is reset, are no new orders."""
        line = self._line(control_bill="none")
        order = self._create_order((self.bread, 1, 100.0))
        order.button_confirm()
        bill = self._create_bill(order, price=900.0)
        bill.action_post()
        self._post_alone(50.0)
        self.assertAmounts(line, actual=950.0)
        bill.button_draft()
        self.assertAmounts(line, actual=50.0, committed=100.0)
        order.button_cancel()
        self.assertAmounts(line, actual=50.0)

    def test_override_covers_what_is_missing(self):
        line = self._line(control_request="none")
        order = self._ordered()
        self.env["jxc.budget.override"].create(
            {
                "line_id": line.id,
                "res_model": order._name,
                "res_id": order.id,
                "amount": 400.0,
                "reason": "Agreed",
            }
        )
        self.assertEqual(order.jxc_budget_state, "warning")
        order.button_confirm()
        self.assertAmounts(line, committed=500.0)

    def test_override_is_preset_with_what_is_missing(self):
        line = self._line(control_request="none")
        order = self._ordered()
        missing = self.env["jxc.budget.engine"]._preview_missing(order)
        self.assertEqual(missing, {line: 400.0})

    def test_warned_of_what_was_only_counted(self):
        line = self._line(control="none", control_order="warn")
        self.company.partner_id.lang = "en_US"
        order = self._ordered()
        order.button_confirm()
        self.assertAmounts(line, committed=500.0)
        self.assertIn("exceeded", " ".join(order.message_ids.mapped("body")))

    def test_judged_over_several_periods(self):
        budget = self._create_budget(
            *(
                {
                    "category_id": self.food.id,
                    "amount_planned": 50.0,
                    "control_request": "none",
                    "date_from": f"2026-{first:02}-01",
                    "date_to": f"2026-{first + 5:02}-{30 if first == 1 else 31}",
                }
                for first in (1, 7)
            ),
            check_scope="year",
        )
        order = self._ordered()
        self._assert_refused(order, order.button_confirm, "0.00", "500.00", "400.00")
        self.assertAmounts(budget.line_ids[0], reserved=500.0)
