# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from datetime import datetime
from functools import cache

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.guard import own_defaults

from .jxc_credit_account_gate import STRICT


class StockPicking(models.Model):
    """The delivery plan (发货计划): what may leave, and what is to leave today.

    To plan reserves and validates nothing; the checks at the door stay what they are.
    """

    _inherit = "stock.picking"

    jxc_planned_on = fields.Date(
        string="Planned For",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    jxc_ship_state = fields.Selection(
        selection=[
            ("free", "May Leave"),
            ("early", "Before the Window"),
            ("unpaid", "Not Paid"),
            ("over", "Over Credit"),
            ("hold", "On Hold"),
        ],
        string="Credit State",
        compute="_compute_jxc_ship_state",
        compute_sudo=True,
        help="Whether its goods could leave today, as far as money is concerned, after"
        " what is planned before it.",
    )
    jxc_goods_value = fields.Monetary(
        string="Value of the Delivery",
        compute="_compute_jxc_ship_state",
        compute_sudo=True,
        currency_field="jxc_company_currency_id",
        help="What of it is reserved, or asked for, at the prices of the order, tax"
        " included.",
    )
    jxc_company_currency_id = fields.Many2one(
        related="company_id.currency_id",
        string="Company Currency",
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"jxc_planned_on"})

    def _jxc_guarded_fields(self):
        """See jxc.server.fields.mixin: what is planned uses credit before others."""
        guarded = super()._jxc_guarded_fields()
        return guarded if self.env.su else guarded | {"jxc_planned_on"}

    @api.depends(
        "state",
        "sale_id.jxc_credit_state",
        "move_ids.quantity",
        "jxc_planned_on",
        "priority",
    )
    def _compute_jxc_ship_state(self):
        # The accounts of all are read at once.
        self._jxc_credit_orders().jxc_credit_account_id.mapped("exposure_shipped")
        judged = self.filtered(
            lambda picking: (
                picking.state not in ("draft", "done", "cancel")
                and picking._jxc_credit_orders()
            )
        )
        states = judged._jxc_judge_in_order()
        for picking in self:
            is_open = picking.state not in ("draft", "done", "cancel")
            picking.jxc_goods_value = (
                picking._jxc_value_of_goods() if picking in states else 0.0
            )
            picking.jxc_ship_state = states.get(picking, "free" if is_open else False)

    def _jxc_judge_in_order(self):
        """Judge open deliveries as they will leave: those planned first, in order.

        What may leave takes of its customer's account before the next one is judged;
        each of those not planned comes after all that is.

        :return: ``{delivery: credit state}``
        """
        states, taken = {}, Counter()
        if not self:
            return states
        planned = self._jxc_planned_of_same_accounts()
        # Asked for once, and only when something does not fit.
        orders = (planned | self)._jxc_credit_orders()
        orders._jxc_read_payments()
        leaves = cache(orders._jxc_credit_leaves)
        for picking, orders in planned._jxc_orders_of_each().items():
            state = picking._jxc_judge_plan(orders, taken, leaves)
            if state == "free":
                taken.update(picking._jxc_planned_use(orders))
            states[picking] = state
        rest = self - self.browse(one.id for one in states)
        for picking, orders in rest._jxc_orders_of_each().items():
            states[picking] = picking._jxc_judge_plan(orders, taken, leaves)
        return states

    def _jxc_orders_of_each(self):
        """``{delivery: orders whose goods it brings}``, all read together."""
        together = self._jxc_credit_orders()._prefetch_ids
        return {
            picking: picking._jxc_credit_orders().with_prefetch(together)
            for picking in self
        }

    def _jxc_planned_of_same_accounts(self):
        """Planned and open deliveries of the accounts of these, in order of the plan.

        With superuser rights: all that is planned counts, whatever a user may see.
        """
        accounts = self._jxc_credit_orders().jxc_credit_account_id
        if not accounts:
            return self.sudo().browse()
        planned = self.sudo().search(
            Domain("jxc_planned_on", "!=", False)
            & Domain("state", "not in", ("draft", "done", "cancel"))
            & Domain("picking_type_code", "=", "outgoing")
            & Domain("company_id", "in", self.company_id.ids)
        )
        # Whose accounts all of them are is read at once.
        planned._jxc_credit_orders().mapped("jxc_credit_account_id")
        planned = planned.filtered(
            lambda one: one._jxc_credit_orders().jxc_credit_account_id & accounts
        )
        return planned._jxc_by_urgency().sorted("jxc_planned_on")

    def _jxc_value_of_goods(self):
        """What these goods add to the debt: those reserved, or all without any."""
        moves = self.move_ids.filtered(lambda move: move.state != "cancel")
        if any(moves.mapped("quantity")):
            return sum(move._jxc_credit_value(move.quantity) for move in moves)
        return sum(move._jxc_credit_value(move.product_uom_qty) for move in moves)

    def _jxc_judge_plan(self, orders, planned=None, leaves=None):
        """Return the credit state of one open delivery of these orders.

        :param planned: {account: amount in company currency} of goods that leave
            before these
        :param leaves: callable; what the credit leaves of all orders are, as
            ``_jxc_credit_leaves`` returns them
        """
        planned = planned or {}
        if "hold" in orders.mapped("jxc_credit_state"):
            return "hold"
        for order in orders:
            if order._jxc_unpaid_text():
                start = order.jxc_window_from
                return "early" if start and start > order._jxc_day() else "unpaid"
        short = orders.jxc_credit_account_id.filtered(
            lambda account: self._jxc_is_beyond(account, planned)
        )
        if not short:
            return "free"
        leaves = leaves() if leaves else orders._jxc_credit_leaves()
        leaves = {order: leaves[order] for order in orders if order in leaves}
        extra = sum(leave.extra for leave in leaves.values())
        if all(order in leaves and leaves[order].is_full for order in orders):
            return "free"
        is_released = extra and not any(
            self._jxc_is_beyond(account, planned, extra) for account in short
        )
        return "free" if is_released else "over"

    def _jxc_is_beyond(self, account, planned, extra=0.0):
        """Whether these goods would bring an account beyond what deliveries may."""
        if not extra and account._jxc_is_too_late("delivery"):
            return True
        if account.delivery_action not in STRICT:
            return False
        room = account.capacity + extra - account.exposure_shipped
        value = self._jxc_value_of_goods() + planned.get(account, 0.0)
        return not account.unlimited and (
            account.currency_id.compare_amounts(value, room) > 0
        )

    def action_jxc_plan_today(self):
        """Plan deliveries for today; those that may not leave are named instead.

        The urgent ones come first, then those promised first: each takes of what the
        customer's account leaves beside all that is planned already. One that finds no
        room any more is taken off the plan.

        :return: True, or the action that shows which were left out, and why
        :raise AccessError: unless the user works in the warehouse
        :raise UserError: none of them can be planned
        """
        self._jxc_check_may_plan()
        labels = dict(self._fields["jxc_ship_state"]._description_selection(self.env))
        planned = self._jxc_planned_beside()
        fit, texts = self.browse(), []
        for picking in self._jxc_by_urgency():
            if picking.picking_type_code != "outgoing" or not picking.jxc_ship_state:
                texts.append(self.env._("%s: no open delivery.", picking.name))
            elif (alone := picking._jxc_state_alone()) != "free":
                texts.append(f"{picking.name}: {labels[alone]}")
            elif not picking._jxc_fits_beside(planned):
                texts.append(
                    self.env._(
                        "%s: no credit is left for it beside what is planned.",
                        picking.name,
                    )
                )
            else:
                fit |= picking
                planned.update(picking._jxc_planned_use(picking._jxc_credit_orders()))
        if not fit:
            raise UserError("\n".join(texts))
        others = (self - fit).filtered("jxc_ship_state")
        # sudo: only planning says which day a delivery is planned for
        others.sudo().jxc_planned_on = False
        for company, pickings in fit.grouped("company_id").items():
            account = self.env["jxc.credit.account"].new({"company_id": company.id})
            pickings.sudo().jxc_planned_on = account._jxc_today()
        if texts:
            return self.env["sale.order"]._jxc_notification(texts)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _jxc_by_urgency(self):
        """These deliveries, the one that is to leave first in front."""
        return self.sorted(
            lambda picking: (
                -int(picking.priority or 0),
                picking.date_deadline or datetime.max,
                picking.scheduled_date or datetime.max,
                picking.id,
            )
        )

    def _jxc_planned_beside(self):
        """Return {account: amount} of other deliveries that are planned and open.

        Only of accounts that these deliveries ask, in company currency.
        """
        planned = Counter()
        others = self._jxc_planned_of_same_accounts() - self.sudo()
        for other, orders in others._jxc_orders_of_each().items():
            planned.update(other._jxc_planned_use(orders))
        return planned

    def _jxc_planned_use(self, orders):
        """Return {account: amount} that one delivery takes; nothing of what is paid.

        :param orders: whose goods it brings
        """
        orders = orders.filtered(
            lambda order: not (order._jxc_mode_leave() or order._jxc_prepaid_leave())
        )
        value = self._jxc_value_of_goods()
        return dict.fromkeys(orders.jxc_credit_account_id, value)

    def _jxc_state_alone(self):
        """The credit state of one open delivery, were nothing else to leave."""
        orders = self._jxc_credit_orders()
        return self.sudo()._jxc_judge_plan(orders) if orders else "free"

    def _jxc_fits_beside(self, planned):
        orders = self._jxc_credit_orders()
        return not orders or self._jxc_judge_plan(orders, planned) == "free"

    def action_jxc_unplan(self):
        """Take deliveries off the plan.

        :raise AccessError: unless the user works in the warehouse
        """
        self._jxc_check_may_plan()
        self.sudo().jxc_planned_on = False
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _jxc_check_may_plan(self):
        if not (self.env.su or self.env.user.has_group("stock.group_stock_user")):
            raise AccessError(
                self.env._("Deliveries are planned by who works in the warehouse.")
            )
        self.check_access("write")
