# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError

from ..tools.credit import Use
from ..tools.refusal import refusal_of, refused


class SaleOrder(models.Model):
    """What goods that leave take of their customer's credit."""

    _inherit = "sale.order"

    def _jxc_credit_settle_delivery(self, goods, uses):
        """Put what just left, or came back, before the gate; warn in the chatter.

        :param goods: {order: what its goods out took before}
        :param uses: {order: Use} from before; more than was ordered widens the order
        """
        after = self._jxc_credit_uses()
        changes = {order: after[order].since(uses[order]) for order in self}
        accounts = self._jxc_hint_accounts(self)
        account_of = {order: accounts.get(order._jxc_customer()) for order in self}
        moved = {
            order: order.jxc_credit_shipped - goods[order]
            for order in self
            if account_of[order]
        }
        judged = [o for o in moved if account_of[o].delivery_action != "none"]
        late = [
            order
            for order in moved
            if account_of[order]._jxc_overdue_action("delivery") != "none"
        ]
        taken = {o: moved[o] for o in moved if o in judged or o in late}
        if taken:
            self._jxc_take_goods(taken, account_of)
        if judged:
            net_accounts, use = self._jxc_credit_accounts(
                Use.total(changes[order] for order in judged),
                open_missing=False,
            )
            if any(net > 0 for net in use.net().values()):
                self._jxc_credit_take(net_accounts, use, changes, stage="delivery")
        self._jxc_settle_widened(
            {order: changes[order] for order in moved if order not in judged}
        )
        if any(moved[order] < 0 for order in moved):
            self.env["jxc.credit.account"]._jxc_judge_holds_soon()

    def _jxc_settle_widened(self, changes):
        """Ask for what left beyond what was ordered, where no delivery is judged.

        It widens its order and is judged like that. It cannot wait: it left.

        :param changes: {order: Use by ((customer id, company id), part)}
        :raise UserError: when a limit that blocks, or holds, does not suffice
        """
        accounts, use = self._jxc_credit_accounts(
            Use.total(changes.values()), open_missing=False
        )
        if not any(net > 0 for net in use.net().values()):
            return
        try:
            warnings = self._jxc_credit_take(accounts, use, changes)
        except UserError as error:
            refusal = refusal_of(error)
            if not refusal:
                raise
            text = error.args[0]
            raise refused(text, replace(refusal, holds=False)) from error
        for account, text in warnings:
            self._jxc_credit_log(account, text)

    def _jxc_take_goods(self, moved, account_of):
        """Take the goods of each order; those released or paid last, by themselves."""
        Account = self.env["jxc.credit.account"]
        total = Counter()
        for order, amount in moved.items():
            total[account_of[order].id] += amount
        try:
            warnings = Account._jxc_delivery_take(total, total)
        except UserError as error:
            leaves = self._jxc_credit_leaves()
            if not leaves or not refusal_of(error):
                raise
            groups = [([order for order in moved if order not in leaves], None)]
            groups += [([order], leaves[order]) for order in moved if order in leaves]
            warnings, rest = [], Counter(total)
            for orders, leave in groups:
                part = Counter()
                for order in orders:
                    part[account_of[order].id] += moved[order]
                warnings += Account._jxc_delivery_take(part, rest, leave)
                rest.subtract(part)
        for account, text in warnings:
            self._jxc_credit_log(account, text)
        self.filtered(
            lambda order: order in moved and order.jxc_credit_state == "hold"
        )._jxc_leave_hold()
