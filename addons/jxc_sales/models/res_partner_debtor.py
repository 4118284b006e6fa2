# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

from ..tools.credit import Use


class ResPartner(models.Model):
    """A contact that joins a company brings along what it ordered and owes."""

    _inherit = "res.partner"

    def write(self, vals):
        if not {"parent_id", "is_company"} & set(vals):
            return super().write(vals)
        documents = self._jxc_owed_documents()
        before = self._jxc_debts(*documents)
        # Refused moves are taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            result = super().write(vals)
            self._jxc_settle_debts(self._jxc_debts(*documents).since(before))
        return result

    def _jxc_owed_documents(self):
        """Return (orders, open journal items) of these contacts, with all rights.

        Whoever files contacts need not be allowed to read what they owe.
        """
        orders = self.env["sale.order"].sudo().union(*self._jxc_open_orders())
        items = self.env["account.move.line"].sudo()
        items = items.search(
            Domain("partner_id", "child_of", self.ids)
            & self.env["res.company"].sudo().search([])._jxc_debt_domain()
            & Domain("parent_state", "=", "posted")
            & (
                Domain("amount_residual", "!=", 0)
                | Domain("matched_credit_ids.credit_move_id.parent_state", "=", "draft")
                | Domain("matched_debit_ids.debit_move_id.parent_state", "=", "draft")
            )
        )
        return orders, items

    def _jxc_debts(self, orders, items):
        """What these documents bring to whose exposure now.

        :return: Use by ((customer id, company id), part), in company currency
        """
        debts = Use(orders._jxc_credit_use())
        for item in items:
            key = (item.partner_id.commercial_partner_id.id, item.company_id.id)
            debts[key, "receivable"] += item.jxc_credit_open
        return debts

    def _jxc_settle_debts(self, change):
        """Put what moved to another debtor before the gate.

        :param change: as :meth:`_jxc_debts`
        :raise UserError: the limit of the new debtor does not suffice
        """
        accounts, use = self.env["sale.order"]._jxc_credit_accounts(
            change, open_missing=False
        )
        for account, text in accounts._jxc_credit_take(use):
            account._message_log(body=text)
