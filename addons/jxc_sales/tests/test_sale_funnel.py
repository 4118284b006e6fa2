# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestSaleFunnel(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = "Asia/Shanghai"
        cls.account.unlimited = True
        cls.funnel = cls.env["jxc.sale.funnel"]

    def _row(self, order):
        self.env.flush_all()
        self.funnel.invalidate_model()
        return self.funnel.search([("order_id", "=", order.id)])

    def _quote(self, created, confirmed=None, quantity=1):
        order = self._create_order(quantity)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = %s WHERE id = %s", [created, order.id]
        )
        order.invalidate_recordset(["create_date"])
        if confirmed:
            order.action_confirm()
            order.date_order = confirmed
        return order

    def _ship(self, order, moment, quantity=None):
        self._deliver(order, quantity)
        order.picking_ids.move_ids.filtered(
            lambda move: move.state == "done"
        ).date = moment

    def _invoice(self, order, day):
        invoice = order._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()
        return invoice

    def _settle(self, invoice, day):
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        bank = self.company_data["default_journal_bank"].default_account_id
        entry = self.env["account.move"].create(
            {
                "date": day,
                "line_ids": [
                    (0, 0, {"account_id": bank.id, "balance": receivable.balance}),
                    (
                        0,
                        0,
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": receivable.partner_id.id,
                            "balance": -receivable.balance,
                        },
                    ),
                ],
            }
        )
        entry.action_post()
        (receivable + entry.line_ids).filtered(
            lambda line: line.account_id == receivable.account_id
        ).reconcile()

    def test_steps_and_their_days(self):
        order = self._quote("2026-03-01 02:00:00")
        self.assertEqual(self._row(order).stage, "quotation")
        order.action_confirm()
        order.date_order = "2026-03-03 02:00:00"
        self.assertRecordValues(
            self._row(order), [{"stage": "confirmed", "days_to_confirm": 2}]
        )
        # 20:00 in London is the next day in Shanghai: 7 March.
        self._ship(order, "2026-03-06 20:00:00")
        row = self._row(order)
        self.assertEqual(row.stage, "delivered")
        self.assertAlmostEqual(row.days_to_deliver, 3.75)
        invoice = self._invoice(order, "2026-03-09")
        row = self._row(order)
        self.assertRecordValues(row, [{"stage": "invoiced", "days_to_invoice": 2}])
        self._settle(invoice, "2026-04-08")
        self.assertRecordValues(
            self._row(order),
            [
                {
                    "stage": "paid",
                    "days_to_pay": 30,
                    "days_to_cash": 36,
                    "order_count": 1,
                    "paid_count": 1,
                    "amount_paid": 100,
                }
            ],
        )

    def test_receipt_that_was_reset_to_draft_pays_nothing(self):
        order = self._quote("2026-03-01 02:00:00", "2026-03-01 03:00:00")
        self._ship(order, "2026-03-02 03:00:00")
        invoice = self._invoice(order, "2026-03-09")
        receipt = self._pay(invoice)
        self.assertEqual(self._row(order).stage, "paid")
        receipt.action_draft()
        self.assertRecordValues(
            self._row(order),
            [{"stage": "invoiced", "paid_count": 0, "date_paid": False}],
        )
        receipt.action_post()
        self.assertEqual(self._row(order).stage, "paid")

    def test_partly_delivered_is_not_delivered(self):
        order = self._quote("2026-03-01 02:00:00", "2026-03-01 03:00:00", quantity=10)
        self._ship(order, "2026-03-02 03:00:00", quantity=4)
        self.assertEqual(self._row(order).stage, "confirmed")
        self._ship(order, "2026-03-05 03:00:00")
        row = self._row(order)
        self.assertEqual(row.stage, "delivered")
        self.assertEqual(row.days_to_deliver, 4)

    def test_what_left_before_is_not_delivered_again(self):
        """As goods do that a cancelled return sends back to the customer."""
        order = self._quote("2026-03-01 02:00:00", "2026-03-01 03:00:00")
        self._ship(order, "2026-03-02 03:00:00")
        self._return(order, 1)
        back = order.picking_ids.filtered("return_id")
        wizard = self.env["stock.return.picking"].create({"picking_id": back.id})
        wizard.product_return_moves.quantity = 1
        again = wizard._create_return()
        again.move_ids.picked = True
        again._action_done()
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(self._row(order).days_to_deliver, 1)

    def test_cancelled(self):
        order = self._quote("2026-03-01 02:00:00", "2026-03-01 03:00:00")
        order._action_cancel()
        self.assertRecordValues(
            self._row(order),
            [{"stage": "cancelled", "order_count": 1, "confirmed_count": 0}],
        )

    def test_services_only_are_delivered_when_confirmed(self):
        service = self.env["product.product"].create(
            {
                "name": "Advice",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": False,
            }
        )
        order = self._create_order(1, product=service)
        order.action_confirm()
        self.assertEqual(self._row(order).stage, "delivered")
        self._settle(self._invoice(order, "2026-03-09"), "2026-03-10")
        self.assertEqual(self._row(order).stage, "paid")

    def test_days_of_several_are_the_median(self):
        for hours in ("03:00:00", "05:00:00"):
            self._quote("2026-03-01 02:00:00", f"2026-03-03 {hours}")
        self._quote("2026-03-01 02:00:00", "2026-09-01 02:00:00")
        self.env.flush_all()
        ((days, count),) = self.funnel._read_group(
            [("company_id", "=", self.company.id)],
            aggregates=["days_to_confirm:avg", "confirmed_count:sum"],
        )
        self.assertAlmostEqual(days, 2 + 3 / 24)
        self.assertEqual(count, 3)

    def test_counts_only_become_fewer(self):
        for number in range(4):
            order = self._quote("2026-03-01 02:00:00")
            if number > 0:
                order.action_confirm()
            if number > 1:
                self._deliver(order)
            if number > 2:
                self._invoice(order, "2026-03-20")
        self.env.flush_all()
        names = ("order", "confirmed", "delivered", "invoiced", "paid")
        ((*counts,),) = self.funnel._read_group(
            [("company_id", "=", self.company.id)],
            aggregates=[f"{name}_count:sum" for name in names],
        )
        self.assertEqual(counts, [4, 3, 2, 1, 0])
