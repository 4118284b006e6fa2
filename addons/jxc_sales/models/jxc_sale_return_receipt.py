# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from .jxc_sale_return_line import OUTCOMES


class JxcSaleReturn(models.Model):
    """Goods of a return that come in several times, by backorders.

    What the warehouse takes in past the document is good. The document is accepted with
    the last of it, or earlier by whoever accepts it: then it says what became of all,
    and what is still on its way is taken in with it, or is not waited for.
    """

    _inherit = "jxc.sale.return"

    def _receipts(self):
        """The moves that bring goods of these returns back, in the order they do."""
        return self.receipt_ids.move_ids.filtered(
            lambda move: move.state != "cancel" and move._jxc_comes_back()
        ).sorted("id")

    def _received(self):
        """What came in so far.

        Goods of the lot that was expected are that share's, then any of its delivery.

        :return: ``{allocation: quantity in the product's own unit}``
        """
        left = defaultdict(float)
        for move in self._receipts()._jxc_done():
            for line in move.move_line_ids:
                key = move.origin_returned_move_id, line.lot_id
                left[key] += line.quantity_product_uom
        received = defaultdict(float)
        shares = self.line_ids.allocation_ids
        for is_exact in (True, False):
            for share in shares:
                for move, lot in list(left):
                    if move != share.move_id or (is_exact and lot != share.lot_id):
                        continue
                    taken = min(share.quantity - received[share], left[move, lot])
                    received[share] += taken
                    left[move, lot] -= taken
        return received

    def _targets(self):
        """The open move that each share, or its rest, is to come in by.

        :return: ``{allocation: move}``; an empty move where nothing comes any more
        """
        waiting = self._receipts() - self._receipts()._jxc_done()
        targets = {}
        for share in self.line_ids.allocation_ids:
            own = share.return_move_id & waiting
            rest = waiting.filtered(
                lambda move, share=share: move.origin_returned_move_id == share.move_id
            )
            targets[share] = own or rest[:1]
        return targets

    def _accepted_shares(self):
        """What was, or is to be, taken in of each share; what came already is good.

        :return: ``{allocation: {outcome: quantity in the product's own unit}}``
        """
        received, accepted = self._received(), {}
        for line in self.line_ids.filtered(lambda one: one.direction == "in"):
            base, left = line.product_id.uom_id, line._outcome()
            for share in line.allocation_ids:
                good = base.round(min(received[share], left["restock"]))
                accepted[share] = dict.fromkeys(OUTCOMES, 0.0) | {"restock": good}
                left["restock"] -= good
            for share in line.allocation_ids:
                room = share.quantity - accepted[share]["restock"]
                for outcome in OUTCOMES:
                    quantity = base.round(min(room, left[outcome]))
                    if base.compare(quantity, 0) <= 0:
                        continue
                    accepted[share][outcome] += quantity
                    left[outcome] -= quantity
                    room -= quantity
        return accepted

    def _accepted_parts(self):
        """What is taken in by each return move.

        :return: ``{move: {(outcome, lot): quantity in the product's own unit}}``
        """
        parts = defaultdict(lambda: defaultdict(float))
        for share, outcomes in self._accepted_shares().items():
            for outcome, quantity in outcomes.items():
                if quantity:
                    parts[share.return_move_id][outcome, share.lot_id] += quantity
        return parts

    def _parts_to_come(self, targets):
        """What the open moves take in, what came already left out.

        :param targets: see :meth:`_targets`
        :return: as :meth:`_accepted_parts`
        :raise UserError: naming goods that are not on their way, or came already
        """
        received = self._received()
        parts = defaultdict(lambda: defaultdict(float))
        for share, outcomes in self._accepted_shares().items():
            base = share.line_id.product_id.uom_id
            outcomes["restock"] -= received[share]
            lost = base.compare(outcomes["restock"], 0) < 0
            for outcome, quantity in outcomes.items():
                if base.compare(quantity, 0) <= 0:
                    continue
                lost = lost or not targets[share]
                parts[targets[share]][outcome, share.lot_id] += quantity
            if lost:
                raise UserError(
                    self.env._(
                        "%(return)s, %(product)s: %(quantity)s of one delivery came in"
                        " already and are good; the rest of it comes only by an open"
                        " transfer. Correct the quantities.",
                        **{"return": self.name},
                        product=share.line_id.product_id.display_name,
                        quantity=share.line_id.product_id.jxc_format_qty(
                            received[share]
                        ),
                    )
                )
        return parts

    def _fill_outcome(self):
        """Lines without any outcome are good, as far as they come."""
        received, targets = self._received(), self._targets()
        for line in self.line_ids.filtered(lambda line: line.direction == "in"):
            if any(line._outcome().values()):
                continue
            coming = sum(
                share.quantity if targets[share] else received[share]
                for share in line.allocation_ids
            )
            line._set_good(coming)

    def _follow_receipt(self):
        """The warehouse took goods in past this document: they are good.

        Called with superuser rights when a return transfer is done.
        """
        for back in self.filtered(lambda one: one.state == "confirmed"):
            states = set(back.receipt_ids.mapped("state"))
            if not states <= {"done", "cancel"}:
                continue
            received = back._received()
            for line in back.line_ids.filtered(lambda one: one.direction == "in"):
                line._set_good(sum(received[share] for share in line.allocation_ids))
            back.write(back._prepare_acceptance_values())
            back._action_accepted()
