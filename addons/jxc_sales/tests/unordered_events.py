# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
class UnorderedEvents:
    """What may happen to goods that leave without an order, for random histories.

    Each event takes a generator of random numbers, and returns False where the
    documents there are cannot do it. Mixed into an UnorderedCommon that has ``worth``,
    a dict of what one piece was worth by stock move.
    """

    def _event_leave(self, rng):
        """Goods leave, at a price of the day."""
        self.product.list_price = rng.choice([10, 25.5, 99.99])
        move = self._leave(rng.randint(1, 9)).move_ids
        self.worth[move] = self.product.list_price

    def _unordered_move(self, rng):
        moves = [move for move in self.worth if self._kept(move) >= 1]
        return rng.choice(moves) if moves else None

    def _event_come_back(self, rng):
        move = self._unordered_move(rng)
        if not move:
            return False
        quantity = rng.randint(1, int(self._kept(move)))
        back = self._come_back(move.picking_id, quantity)
        if rng.random() < 0.4:
            # Some of it goes to the customer again, at the price of this day.
            again = self._come_back(back, rng.randint(1, quantity)).move_ids
            self.worth[again] = self.product.list_price
        return True

    def _event_correct_left(self, rng):
        """More or less left than was written."""
        move = self._unordered_move(rng)
        if not move or move.returned_move_ids:
            return False
        move.quantity = max(1, move.quantity + rng.choice([-2, -1, 1, 2]))
        return True

    def _event_bill_goods(self, rng, move_type="out_invoice"):
        """A draft invoice over goods, whoever of the customer it is written to."""
        bill = self._bill(
            rng.randint(1, 9),
            price=rng.choice([0, 10, 40, 60]),
            customer=rng.choice((self.customer, self.contact)),
            move_type=move_type,
        )
        if rng.random() < 0.5:
            bill.action_post()
        self.bills |= bill

    def _event_credit_goods(self, rng):
        self._event_bill_goods(rng, move_type="out_refund")

    def _event_receipt_goods(self, rng):
        self._event_bill_goods(rng, move_type="out_receipt")

    def _event_post_goods(self, rng):
        drafts = self.bills.filtered(lambda bill: bill.state == "draft")
        if not drafts:
            return False
        rng.choice(drafts).action_post()
        return True

    def _event_drop_bill(self, rng):
        """A bill over goods is reset, and given up."""
        bills = self.bills.filtered(lambda bill: bill.state == "posted")
        if not bills:
            return False
        bill = rng.choice(bills)
        bill.button_draft()
        if rng.random() < 0.7:
            bill.button_cancel()
        return True

    def _event_excuse(self, rng):
        """Goods are billed otherwise, or count again."""
        goods = self.env["jxc.credit.unordered"].search(
            [("partner_id", "=", self.customer.id)]
        )
        if not goods:
            return False
        one = rng.choice(goods)
        if one.excused_by_id:
            one.action_count()
        else:
            one.action_excuse("In a kit")
        return True

    # -- the count ----------------------------------------------------------------

    @staticmethod
    def _kept(move):
        """How many pieces of what left by this move the customer has."""
        back = sum(
            one.quantity for one in move.returned_move_ids if one.state == "done"
        )
        return max(0, move.quantity - back)

    def _billed(self, state, least):
        """How many pieces of the goods are billed without an order.

        :param least: what one piece has to cost for that
        """
        total = 0
        for bill in self.bills.filtered(lambda bill: bill.state == state):
            sign = -1 if bill.move_type == "out_refund" else 1
            for line in bill.invoice_line_ids:
                if line.price_unit >= least:
                    total += sign * line.quantity
        return max(0, int(total))

    def _owed_without_order(self):
        """(delivered, on drafts): piece by piece, what left first billed first."""
        excused = self.env["jxc.credit.unordered"].search(
            [("excused_by_id", "!=", False)]
        )
        least = min(
            (
                worth
                for move, worth in self.worth.items()
                if move not in excused.move_id
            ),
            default=0,
        )
        pieces = [
            worth
            for move, worth in sorted(self.worth.items(), key=lambda pair: pair[0].id)
            if move not in excused.move_id
            for _piece in range(int(self._kept(move)))
        ]
        unposted = pieces[self._billed("posted", least / 2) :]
        undrafted = unposted[self._billed("draft", least / 2) :]
        return sum(undrafted), sum(unposted) - sum(undrafted)
