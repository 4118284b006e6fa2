# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

from ..tools.credit import ORDER_PARTS

#: Parts that are journal items, and the sign of what is open on those.
LEDGER_PARTS = {"receivable": ">", "unapplied": "<"}


class JxcCreditAccount(models.Model):
    """The documents behind each part of the exposure, and no others."""

    _inherit = "jxc.credit.account"

    def action_view_part(self):
        """Open the documents whose sum is the part named ``part`` in the context.

        :return: action on journal items (the sum of their residual amounts is the
            part, or minus it) or on sales orders (the sum of ``jxc_credit_<part>`` is)
        """
        self.ensure_one()
        part = self.env.context.get("part")
        if part not in LEDGER_PARTS:
            return self.action_view_orders()
        action = self.action_view_receivable()
        domain = Domain(action["domain"])
        domain &= Domain("amount_residual", LEDGER_PARTS[part], 0)
        label = self._fields[f"exposure_{part}"].get_description(self.env, ["string"])
        return {**action, "name": label["string"], "domain": list(domain)}

    def action_view_orders(self):
        """Open the orders that count in the exposure; ``part`` in the context picks.

        Cancelled orders whose goods were delivered count as well.
        """
        self.ensure_one()
        part = self.env.context.get("part")
        parts = [part] if part in ORDER_PARTS else list(ORDER_PARTS)
        domain = Domain.OR(Domain(f"jxc_credit_{part}", "!=", 0) for part in parts)
        domain &= Domain("jxc_credit_partner_id", "in", self._jxc_partners().ids)
        domain &= Domain("company_id", "=", self.company_id.id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders in the Exposure"),
            "res_model": "sale.order",
            "view_mode": "list,kanban,form",
            "views": [
                (self.env.ref("jxc_sales.sale_order_credit_view_list").id, "list"),
                (False, "kanban"),
                (False, "form"),
            ],
            "domain": list(domain),
        }
