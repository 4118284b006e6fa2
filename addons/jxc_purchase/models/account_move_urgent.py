# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        """Keep bills of urgent orders back that nobody approved in time.

        :raise UserError: naming bill, order, deadline and who approves
        """
        if vals.get("state") == "posted" and not is_history(self.env):
            self.filtered(lambda move: move.state != "posted")._jxc_check_urgent()
        return super().write(vals)

    def _jxc_check_urgent(self, lines=None):
        """Refuse bills of urgent orders that were not approved in time.

        :param lines: judge only these of their lines; those that just came to orders
        :raise UserError: naming bill, order, deadline and who approves
        """
        bills = self.filtered(
            lambda move: move.move_type in ("in_invoice", "in_receipt")
        )
        # People who post bills need not read purchase orders.
        for bill in bills.sudo():
            judged = bill.invoice_line_ids
            if lines:
                judged &= lines
            orders = judged.purchase_line_id.order_id
            for urgent in orders._jxc_urgent():
                if urgent.state == "rejected":
                    reason = self.env._("was rejected afterwards")
                elif urgent.is_late:
                    deadline = fields.Datetime.context_timestamp(self, urgent.deadline)
                    reason = self.env._(
                        "was to be approved until %s",
                        fields.Datetime.to_string(deadline)[:16],
                    )
                else:
                    continue
                raise UserError(
                    self.env._(
                        "%(bill)s cannot be posted: the urgent order %(order)s"
                        " %(reason)s. %(approver)s has to approve it first.",
                        bill=bill.ref or bill.display_name,
                        order=urgent.order_id.name,
                        reason=reason,
                        approver=urgent.approver_id.name
                        or self.env._("A purchase manager"),
                    )
                )
