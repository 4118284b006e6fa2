# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

from ..tools.credit import ORDER_PARTS

#: Parts that are journal items: the sign of what is open on those, and where what
#: was set against them is found.
LEDGER_PARTS = {
    "receivable": (">", "matched_credit_ids.credit_move_id"),
    "unapplied": ("<", "matched_debit_ids.debit_move_id"),
}


class JxcCreditAccount(models.Model):
    """The documents behind each part of the exposure, and no others."""

    _inherit = "jxc.credit.account"

    def action_view_part(self):
        """Open the documents whose sum is the part named ``part`` in the context.

        :return: action on journal items (the sum of ``jxc_credit_open`` is the part,
            or minus it) or on sales orders (the sum of ``jxc_credit_<part>`` is)
        """
        self.ensure_one()
        part = self.env.context.get("part")
        if part not in LEDGER_PARTS:
            return self.action_view_orders()
        label = self._fields[f"exposure_{part}"].get_description(self.env, ["string"])
        return self._jxc_open_items_action(
            label["string"], self._jxc_open_items_domain(part)
        )

    def action_view_receivable(self):
        """Open the journal items behind the receivable and the unapplied receipts."""
        self.ensure_one()
        domain = Domain.OR(self._jxc_open_items_domain(part) for part in LEDGER_PARTS)
        return self._jxc_open_items_action(self.env._("Open Receivables"), domain)

    def _jxc_open_items_domain(self, part):
        """Return the domain of journal items, also those that only a draft settles."""
        sign, other = LEDGER_PARTS[part]
        domain = Domain(
            "partner_id.commercial_partner_id", "in", self._jxc_partners().ids
        )
        domain &= Domain("company_id", "=", self.company_id.id)
        domain &= self.company_id._jxc_debt_domain()
        domain &= Domain("parent_state", "=", "posted")
        return domain & (
            Domain("amount_residual", sign, 0)
            | Domain(f"{other}.parent_state", "=", "draft")
        )

    def _jxc_open_items_action(self, name, domain):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "views": [
                (
                    self.env.ref("jxc_sales.account_move_line_credit_view_list").id,
                    "list",
                ),
                (False, "kanban"),
                (False, "form"),
            ],
            "domain": list(domain),
        }

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
            "mobile_view_mode": "kanban",
            "views": [
                (self.env.ref("jxc_sales.sale_order_credit_view_list").id, "list"),
                (False, "kanban"),
                (False, "form"),
            ],
            "domain": list(domain),
        }

    def action_view_unordered(self):
        """Open the goods delivered without order that count in the exposure.

        :return: action on jxc.credit.unordered, whose sums of ``amount_delivered`` and
            ``amount_draft`` are what they bring to these two parts
        """
        self.ensure_one()
        partners = self._jxc_partners()
        rows = self.env["jxc.credit.unordered"]._jxc_open_rows(partners.ids)
        ids = [
            row.id
            for row in rows
            if row.company_id == self.company_id.id and (row.delivered or row.draft)
        ]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_sales.jxc_credit_unordered_action"
        )
        return {**action, "domain": [("id", "in", ids)], "context": {}}
