# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools.credit import Use


class AccountMove(models.Model):
    """Entries that move a debt from one customer to another (应收转应收).

    Whoever takes it over gets credit by that, and is judged as if he bought.
    """

    _inherit = "account.move"

    def _post(self, soft=True):
        transfers = self.sudo().filtered(lambda move: move._jxc_moves_debt())
        if not transfers:
            return super()._post(soft)
        # A refused entry is taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            posted = super()._post(soft)
            (transfers & posted.sudo())._jxc_judge_transfers()
        return posted

    def _jxc_moves_debt(self):
        """Whether this entry is between debts and advances of several customers.

        Nobody's are another one's.
        """
        self.ensure_one()
        if self.move_type != "entry":
            return False
        lines = self.line_ids.filtered("account_id")
        owners = {line.partner_id.commercial_partner_id for line in lines}
        return len(owners) > 1 and all(line._jxc_is_debt() for line in lines)

    def _jxc_judge_transfers(self):
        """Put debts that were taken over before the gate.

        What takes a transfer back is recorded only: the debt returns where it was.

        :raise UserError: naming who takes over more than his limit allows
        """
        taken, returned = Use(), Use()
        for line in self.line_ids:
            change = returned if line.move_id.reversed_entry_id else taken
            partner = line.partner_id.commercial_partner_id
            if partner:
                change[(partner.id, line.company_id.id), "receivable"] += line.balance
        Order = self.env["sale.order"]
        accounts, use = Order._jxc_credit_accounts(returned, open_missing=False)
        accounts._jxc_credit_take(use, enforced=False)
        accounts, use = Order._jxc_credit_accounts(taken)
        # However late the new debtor is: the goods have left long ago.
        for account, text in accounts._jxc_credit_take(use, late=False):
            account._message_log(body=text)
