# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command


class CreditEvents:
    """What may happen between a company and its customer, for the random histories.

    Each event takes a generator of random numbers, and returns False where the
    documents there are cannot do it. Mixed into a CreditCommon that has ``orders``,
    ``foreign`` (a pricelist), ``contact`` and ``reason``.
    """

    def _pick(self, rng, orders):
        return rng.choice(orders) if orders else orders

    def _confirmed(
        self,
        rng,
        without_deposit=False,
        waiting=False,
        unbilled=False,
        promoted=False,
    ):
        orders = self.orders.filtered(lambda order: order.state == "sale")
        if not promoted:
            orders = orders.filtered(lambda order: not order.order_line.reward_id)
        if without_deposit:
            orders = orders.filtered(
                lambda order: not any(order.order_line.mapped("is_downpayment"))
            )
        if waiting:
            orders = orders.filtered(self._open_moves)
        if unbilled:
            orders = orders.filtered(lambda order: not order.invoice_ids)
        return self._pick(rng, orders)

    def _goods(self, order):
        return order.order_line.filtered(
            lambda line: line.product_uom_qty and not line.reward_id
        )

    def _open_moves(self, order):
        return order.order_line.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.location_dest_id.usage == "customer"
            )
        )

    def _event_order(self, rng, **values):
        order = self._create_order(
            rng.randint(1, 9), price=rng.choice([10, 25.5, 99.99]), **values
        )
        order.action_confirm()
        self.orders |= order

    def _event_foreign_order(self, rng):
        self._event_order(rng, pricelist_id=self.foreign.id)

    def _event_promoted_order(self, rng):
        """An order above the threshold of a promotion is confirmed and delivered."""
        order = self._create_order(20, price=10)
        order._update_programs_and_rewards()
        order._apply_program_reward(
            self.promotion.reward_ids, order.coupon_point_ids.coupon_id
        )
        order.action_confirm()
        self._deliver(order)
        if rng.random() < 0.7:
            order._create_invoices().action_post()
        self.orders |= order

    def _event_more(self, rng):
        order = self._confirmed(rng, waiting=True)
        if not order:
            return False
        self._goods(order).product_uom_qty += rng.randint(1, 5)
        return True

    def _event_less(self, rng):
        order = self._confirmed(rng, without_deposit=True, waiting=True, unbilled=True)
        moves = self._open_moves(order)
        waiting = int(sum(moves.mapped("product_uom_qty")))
        if waiting < 2:
            return False
        self._goods(order).product_uom_qty -= rng.randint(1, waiting - 1)
        return True

    def _event_dearer(self, rng):
        order = self._confirmed(rng, unbilled=True)
        if not order:
            return False
        self._goods(order).price_unit += rng.randint(1, 7)
        return True

    def _event_deliver(self, rng, backorder=True):
        order = self._confirmed(rng, waiting=True)
        moves = self._open_moves(order)
        if not moves:
            return False
        self._deliver(
            order, rng.randint(1, int(moves[0].product_uom_qty)), backorder=backorder
        )
        return True

    def _event_close(self, rng):
        return self._event_deliver(rng, backorder=False)

    def _event_invoice(self, rng):
        order = self._confirmed(rng, promoted=True)
        if not order or not any(line.qty_to_invoice for line in self._goods(order)):
            return False
        return bool(order._create_invoices(final=True))

    def _event_post(self, rng):
        drafts = self.orders.invoice_ids.filtered(lambda move: move.state == "draft")
        if not drafts:
            return False
        self._pick(rng, drafts).action_post()
        return True

    def _event_take_back(self, rng):
        order = self._confirmed(rng, without_deposit=True)
        done = order.picking_ids.filtered(
            lambda p: p.state == "done" and p.picking_type_code == "outgoing"
        )
        left = done.sorted("id")[-1:].move_ids
        held = self._goods(order).qty_delivered if order else 0
        most = int(min(left.quantity if left else 0, held))
        if most < 1 or self._open_moves(order):
            return False
        self._return(order, rng.randint(1, most))
        return True

    def _unpaid(self, rng):
        return self._pick(
            rng,
            self.orders.invoice_ids.filtered(
                lambda move: (
                    move.state == "posted"
                    and move.move_type == "out_invoice"
                    and move.amount_residual > 1
                )
            ),
        )

    def _event_pay(self, rng):
        invoice = self._unpaid(rng)
        return bool(invoice and self._pay(invoice))

    def _event_pay_part(self, rng):
        invoice = self._unpaid(rng)
        if not invoice:
            return False
        half = invoice.currency_id.round(invoice.amount_residual / 2)
        self._pay(invoice, half)
        return True

    def _event_receipt(self, rng):
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": rng.randint(1, 300),
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        ).action_post()

    def _event_apply(self, rng):
        """An open receipt or credit note is set against an open invoice."""
        items = self._items().filtered(lambda item: item.amount_residual)
        credit = items.filtered(lambda item: item.amount_residual < 0)
        debit = items.filtered(lambda item: item.amount_residual > 0)
        if not credit or not debit:
            return False
        (rng.choice(credit) | rng.choice(debit)).reconcile()
        return True

    def _event_deposit(self, rng):
        """A new order gets a draft invoice for its deposit."""
        self._event_order(rng)
        order = self.orders[-1]
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 20})
        )
        wizard._create_invoices(order)
        return True

    def _event_give_up(self, rng):
        """One piece of a new order leaves, the rest is not delivered after all."""
        self._event_order(rng)
        order = self.orders[-1]
        self._deliver(order, 1)
        self._open_moves(order).picking_id.action_cancel()

    def _event_correct(self, rng):
        """What was delivered was one piece more than was written, or less."""
        self._event_order(rng)
        self._deliver(self.orders[-1])
        move = self.orders[-1].order_line.move_ids
        move.quantity = max(1, move.quantity + rng.choice([-1, 1]))

    def _event_free_invoice(self, rng, move_type="out_invoice"):
        self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.contact.id,
                "invoice_date": "2024-01-01",
                "currency_id": rng.choice(
                    (self.company.currency_id | self.foreign.currency_id).ids
                ),
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": 33.33, "tax_ids": False}
                    )
                ],
            }
        ).action_post()

    def _event_sales_receipt(self, rng):
        self._event_free_invoice(rng, "out_receipt")

    def _event_reset(self, rng):
        invoice = self._unpaid(rng)
        if not invoice:
            return False
        invoice.button_draft()
        return True

    def _event_credit_note(self, rng):
        invoice = self._unpaid(rng)
        if not invoice:
            return False
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.reverse_moves()
        wizard.new_move_ids.filtered(lambda move: move.state == "draft").action_post()
        return True

    def _payment(self, rng, *states):
        domain = [("partner_id", "=", self.customer.id), ("state", "in", states)]
        return self._pick(rng, self.env["account.payment"].search(domain))

    def _event_cancel_payment(self, rng):
        payment = self._payment(rng, "in_process", "paid", "draft")
        if not payment:
            return False
        if payment.state != "draft":
            payment.action_draft()
        payment.action_cancel()
        return True

    def _event_draft_payment(self, rng):
        """A receipt is corrected: it stays set against what it paid meanwhile."""
        payment = self._payment(rng, "in_process", "paid")
        if not payment:
            return False
        payment.action_draft()
        return True

    def _event_post_payment(self, rng):
        payment = self._payment(rng, "draft")
        if not payment:
            return False
        payment.action_post()
        return True

    def _event_unreconcile(self, rng):
        settled = self._items().filtered("matched_debit_ids")
        if not settled:
            return False
        self._pick(rng, settled).remove_move_reconcile()
        return True

    def _event_return_document(self, rng):
        """Goods come back with a document of their own, and are accepted."""
        order = self._confirmed(rng, without_deposit=True, promoted=True)
        held = int(self._goods(order).qty_delivered) if order else 0
        if held < 1 or self._open_moves(order):
            return False
        done = order.picking_ids.filtered(
            lambda p: p.state == "done" and p.picking_type_code == "outgoing"
        )
        quantity = rng.randint(1, held)
        if len(done) != 1:
            return False
        back = self.env["jxc.sale.return"].create(
            {
                "partner_id": self.customer.id,
                "reason_id": self.reason.id,
                "picking_id": done.id,
                "line_ids": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )
        back.action_confirm()
        back.action_accept()
        if rng.random() < 0.5:
            back.action_done()
        if rng.random() < 0.5:
            back.invoice_ids.action_post()
        self.returns |= back
        return True

    def _event_return_promoted(self, rng):
        """Goods of a promotion come back: what is kept may not earn it any more."""
        self._event_promoted_order(rng)
        others, self.orders = self.orders[:-1], self.orders[-1]
        self._event_return_document(rng)
        self.orders = others | self.orders

    def _event_settle_return(self, rng):
        back = self._pick(rng, self.returns.filtered(lambda r: r.state == "accepted"))
        if not back:
            return False
        back.action_done()
        return True

    def _event_undo_return(self, rng):
        """Goods that were accepted go to the customer again after all."""
        back = self._pick(rng, self.returns.filtered(lambda r: r.state != "cancelled"))
        if not back:
            return False
        back.action_cancel()
        return True

    def _event_cancel(self, rng):
        order = self._confirmed(rng, without_deposit=True)
        if not order:
            return False
        order.action_cancel()
        return True
