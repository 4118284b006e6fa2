# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from ..models.jxc_settlement import KINDS, METHODS, TRANSFERS


class JxcSettlementBatch(models.TransientModel):
    """Settle the open items of many partners in one go (一键核销)."""

    _name = "jxc.settlement.batch"
    _description = "Settle Many Partners"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        selection=[kind for kind in KINDS if kind[0] not in TRANSFERS],
        required=True,
        default="receivable",
    )
    method = fields.Selection(
        selection=[method for method in METHODS if method[0] != "manual"],
        string="Proposal",
        required=True,
        default="due",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    due_until = fields.Date(help="Propose only what is due up to this day.")
    partner_ids = fields.Many2many(
        "res.partner",
        string="Partners",
        check_company=True,
        help="Empty: all partners with open items on both sides.",
    )

    def action_propose(self):
        """Draft a settlement for every partner with something to settle.

        :return: action that shows them
        """
        return self._show(self._propose())

    def action_apply(self):
        """Draft settlements and apply them; what cannot be applied stops all of it.

        :return: action that shows them
        """
        settlements = self._propose()
        settlements.action_apply()
        return self._show(settlements)

    def _propose(self):
        self.ensure_one()
        settlements = self.env["jxc.settlement"]
        settlements._check_may_settle()
        self.company_id.check_access("read")
        partners = self.partner_ids.commercial_partner_id
        return settlements._jxc_propose_all(
            self.company_id,
            self.kind,
            self.date,
            partners or None,
            method=self.method,
            due_until=self.due_until,
        )

    def _show(self, settlements):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settlements"),
            "res_model": settlements._name,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", settlements.ids)],
        }
