# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: Whoever puts an order on hold does not see money that arrives in the same moment,
#: nor the other way round: one look a moment later sees both.
SECOND_LOOK = timedelta(minutes=1)

#: Writing one of these may let orders on hold go.
WIDENING_FIELDS = {
    "control_overdue",
    "credit_limit",
    "delivery_action",
    "limit_currency_id",
    "member_ids",
    "order_action",
    "overdue_amount",
    "overdue_days",
    "overdue_delivery_action",
    "overdue_order_action",
    "partner_id",
    "unlimited",
}


class JxcCreditAccount(models.Model):
    """Orders on hold are judged again when money arrives or a limit changes.

    A cron job does it, started after the commit of what changed. It asks the gate like
    everybody else, so it may run beside anything.
    """

    _inherit = "jxc.credit.account"

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._jxc_judge_holds_soon()
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if WIDENING_FIELDS & set(vals):
            self._jxc_judge_holds_soon()
        return result

    @api.model
    def _jxc_judge_holds_soon(self, second_look=False):
        """Have orders on hold judged again after this transaction, if there are any."""
        cron = self.env.ref("jxc_sales.jxc_credit_hold_cron", raise_if_not_found=False)
        if not cron or not (second_look or self._jxc_has_holds()):
            return
        # Whoever books a payment may not start jobs himself.
        cron = cron.sudo()
        cron._trigger()
        if second_look:
            cron._trigger(at=fields.Datetime.now() + SECOND_LOOK)

    @api.model
    def _jxc_has_holds(self):
        self.env["sale.order"].flush_model(["jxc_credit_state"])
        [(found,)] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM sale_order WHERE jxc_credit_state = 'hold')"
            )
        )
        return found

    @api.model
    def _cron_judge_holds(self):
        """Judge all orders on hold again, in the order in which they were held."""
        cron = self.env["ir.cron"]
        orders = self.env["sale.order"]._jxc_held_orders()
        for number, order in enumerate(orders, start=1):
            order._jxc_judge_again()
            if self.env.context.get(
                "ir_cron_progress_id"
            ) and not cron._commit_progress(1, remaining=len(orders) - number):
                break
