# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.language import in_company_lang
from .jxc_credit_account import ACTIONS
from .jxc_credit_account_gate import STRICT


class JxcCreditAccount(models.Model):
    """Overdue control (期限): independent of the limit, also where there is none."""

    _inherit = "jxc.credit.account"

    control_overdue = fields.Boolean(
        string="Overdue Control",
        tracking=True,
        help="Act as well when invoices are overdue, whatever the limit leaves.",
    )
    overdue_days = fields.Integer(
        string="Tolerated Days",
        tracking=True,
        help="An invoice counts as overdue from this many days after it was due.",
    )
    overdue_amount = fields.Monetary(
        string="Tolerated Amount",
        tracking=True,
        help="So much may be overdue, tax included.",
    )
    overdue_order_action = fields.Selection(
        selection=ACTIONS,
        string="Overdue at Order",
        tracking=True,
        help="What happens when an order is confirmed or extended, or an invoice"
        " without order is posted, while too much is overdue. Empty: as for the limit.",
    )
    overdue_delivery_action = fields.Selection(
        selection=ACTIONS,
        string="Overdue at Delivery",
        tracking=True,
        help="What happens when a delivery is validated while too much is overdue."
        " Empty: as for the limit.",
    )
    promise_ids = fields.One2many(
        comodel_name="jxc.credit.promise",
        inverse_name="account_id",
        string="Promises to Pay",
    )
    amount_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_overdue",
        help="Due longer ago than is tolerated and not paid, less what accepted"
        " promises still have open.",
    )
    is_overdue = fields.Boolean(compute="_compute_overdue")

    _overdue_positive = models.Constraint(
        "CHECK (overdue_days >= 0 AND overdue_amount >= 0)",
        "What is tolerated cannot be negative.",
    )

    @api.depends(
        "control_overdue",
        "member_ids",
        "overdue_amount",
        "overdue_days",
        "promise_ids.accepted_by_id",
    )
    def _compute_overdue(self):
        amounts = self._jxc_read_overdue()
        for account in self:
            amount = amounts.get(account._origin.id, 0.0)
            promised = account.promise_ids._open_amount() if amount else 0.0
            amount = max(0.0, amount - promised)
            account.amount_overdue = amount
            account.is_overdue = account.control_overdue and (
                account.currency_id.compare_amounts(amount, account.overdue_amount) > 0
            )

    def _jxc_read_overdue(self):
        """{account id: amount in company currency} of what is due for too long."""
        if not self._origin:
            return {}
        self._jxc_flush_open_items()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH customer AS (%(customers)s),
                drafted_item AS MATERIALIZED (%(drafted)s)
                SELECT account.id, sum(open_item.amount)
                  FROM customer
                  JOIN jxc_credit_account account ON account.id = customer.account_id
                  JOIN unnest(%(ids)s::int[], %(todays)s::date[]) AS asked (id, today)
                    ON asked.id = account.id
                  JOIN res_partner contact
                    ON contact.commercial_partner_id = customer.partner_id
                 CROSS JOIN LATERAL (%(open_items)s) open_item
                 WHERE open_item.amount > 0
                   AND open_item.due + coalesce(account.overdue_days, 0) < asked.today
                 GROUP BY account.id
                """,
                customers=self._jxc_customers_query(),
                drafted=self._jxc_drafted_receivables_query(),
                open_items=self._jxc_open_items_query(),
                ids=list(self._origin.ids),
                todays=[account._jxc_today() for account in self._origin],
            )
        )
        return {account_id: float(amount) for account_id, amount in rows}

    def _jxc_overdue_action(self, stage):
        """What happens where too much is overdue: "none", "warn", "hold" or "block".

        :param stage: "order" or "delivery"
        """
        self.ensure_one()
        if not self.control_overdue:
            return "none"
        return self[f"overdue_{stage}_action"] or self[f"{stage}_action"]

    def _jxc_is_too_late(self, stage):
        """Whether this account gets nothing because of what is overdue."""
        return self._jxc_overdue_action(stage) in STRICT and self.is_overdue

    def _jxc_refuse_overdue(self, stage):
        """Judge accounts that ask for more by what they owe for too long.

        :param stage: "order" or "delivery", whose action for what is overdue counts
        :return: list of (account, text) of accounts that only warn
        :raise UserError: naming each account that does not, with amount and tolerance
        """
        late = self.filtered(
            lambda account: account._jxc_overdue_action(stage) != "none"
        )
        late.invalidate_recordset(["amount_overdue", "is_overdue"])
        late.promise_ids.invalidate_recordset(["amount_received", "state"])
        late = late.filtered("is_overdue")
        strict = late.filtered(lambda account: account._jxc_is_too_late(stage))
        if strict:
            raise strict._jxc_refused_with(
                lambda accounts: accounts._jxc_overdue_message(),
                {account._jxc_overdue_action(stage) for account in strict} == {"hold"},
            )
        return [
            (account, in_company_lang(account)._jxc_overdue_text()) for account in late
        ]

    def _jxc_overdue_message(self):
        texts = [account._jxc_overdue_text() for account in self]
        texts.append(
            self.env._(
                "Ways out: register a payment, or ask a credit manager to accept a"
                " promise to pay or to release the order (Sales > Credit)."
            )
        )
        return "\n\n".join(texts)

    def _jxc_overdue_text(self):
        return self.env._(
            "%(customer)s: %(overdue)s is overdue by more than %(days)s days;"
            " %(tolerated)s is tolerated.",
            customer=self.display_name,
            overdue=self._jxc_money(self.amount_overdue),
            days=self.overdue_days,
            tolerated=self._jxc_money(self.overdue_amount),
        )

    def action_view_overdue(self):
        """Open the overdue journal items, those within the tolerance too."""
        self.ensure_one()
        today = fields.Date.to_string(self._jxc_today())
        domain = self._jxc_open_items_domain("receivable")
        domain &= Domain("date_maturity", "<", today)
        return self._jxc_open_items_action(self.env._("Overdue"), domain)
