# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.tools import SQL

from ..tools.credit import ORDER_PARTS


class JxcCreditAccount(models.Model):
    """What one customer ordered and another one, under the same limit, is billed.

    Such an invoice stands for its order as one to the order's own customer does, for
    as long as they share an account.
    """

    _inherit = "jxc.credit.account"

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._jxc_recount_billed_to_others(accounts._jxc_partners())
        return accounts

    def write(self, vals):
        if not {"company_id", "member_ids", "partner_id"} & set(vals):
            return super().write(vals)
        before = self._jxc_partners()
        result = super().write(vals)
        self._jxc_recount_billed_to_others(before | self._jxc_partners())
        return result

    def unlink(self):
        partners = self._jxc_partners()
        result = super().unlink()
        self._jxc_recount_billed_to_others(partners)
        return result

    @api.model
    def _jxc_is_shared(self, company, *partners):
        """Whether commercial customers are one, or owe under one account."""
        if len(set(partners)) == 1:
            return True
        customers = [(partner.id, company.id) for partner in partners]
        accounts = self._jxc_accounts_of(customers)
        found = [accounts.get(customer) for customer in customers]
        return bool(found[0]) and len(set(found)) == 1

    @api.model
    def _jxc_recount_billed_to_others(self, partners):
        """Have orders counted again that one of these ordered and another was billed.

        :param partners: commercial customers that share a limit now, or did
        """
        if len(partners) < 2:
            return
        self.env["account.move"].flush_model(["commercial_partner_id", "state"])
        self.env["sale.order"].flush_model(["jxc_credit_partner_id"])
        self.env["sale.order.line"].flush_model(["invoice_lines", "order_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT line.order_id
                  FROM sale_order sale
                  JOIN sale_order_line line ON line.order_id = sale.id
                  JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
                  JOIN account_move_line billed ON billed.id = link.invoice_line_id
                  JOIN account_move move ON move.id = billed.move_id
                 WHERE sale.jxc_credit_partner_id = ANY(%(partners)s)
                   AND move.commercial_partner_id = ANY(%(partners)s)
                   AND move.commercial_partner_id <> sale.jxc_credit_partner_id
                   AND move.state = 'posted'
                """,
                partners=partners.ids,
            )
        )
        Order = self.env["sale.order"].sudo()
        orders = Order.browse([order_id for (order_id,) in rows])
        for part in (*ORDER_PARTS, "shipped"):
            self.env.add_to_compute(Order._fields[f"jxc_credit_{part}"], orders)
