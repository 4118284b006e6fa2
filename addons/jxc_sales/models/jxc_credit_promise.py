# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.language import in_company_lang

#: Settled by who accepts, and by the server.
SERVER_FIELDS = {"accepted_by_id", "company_id", "user_id"}


class JxcCreditPromise(models.Model):
    """A customer's promise to pay so much by a day.

    Accepted by a credit manager, what is still open of it does not count as overdue up
    to that day. Whether it was kept is read from the receipts since.
    """

    _name = "jxc.credit.promise"
    _description = "Promise to Pay"
    _order = "date desc, id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        comodel_name="jxc.credit.account",
        string="Credit Account",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="account_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True)
    date_from = fields.Date(
        string="Promised On",
        required=True,
        readonly=True,
        help="Receipts from this day on count for it.",
    )
    date = fields.Date(
        string="Pays By",
        required=True,
    )
    note = fields.Char(help="Who promised it, and how.")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Taken By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    accepted_by_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        copy=False,
    )
    amount_received = fields.Monetary(
        string="Received",
        compute="_compute_progress",
        help="Receipts of the customers of the account between both days.",
    )
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("kept", "Kept"),
            ("broken", "Broken"),
        ],
        compute="_compute_progress",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)",
        "What is promised must be above zero.",
    )

    @api.depends("amount", "date", "date_from", "account_id")
    def _compute_progress(self):
        received = self._read_received()
        for promise in self:
            amount = received.get(promise._origin.id, 0.0)
            promise.amount_received = amount
            if promise.currency_id.compare_amounts(amount, promise.amount) >= 0:
                promise.state = "kept"
            elif promise.date and promise.date < promise.account_id._jxc_today():
                promise.state = "broken"
            else:
                promise.state = "open"

    def _read_received(self):
        """{promise id: amount in company currency} of receipts between its days."""
        if not self._origin:
            return {}
        self.env["account.move.line"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH customer AS (%(customers)s)
                SELECT promise.id, -sum(item.balance)
                  FROM jxc_credit_promise promise
                  JOIN customer ON customer.account_id = promise.account_id
                  JOIN res_partner contact
                    ON contact.commercial_partner_id = customer.partner_id
                  JOIN account_move_line item
                    ON item.partner_id = contact.id
                   AND item.company_id = customer.company_id
                   AND item.parent_state = 'posted'
                   AND item.date BETWEEN promise.date_from AND promise.date
                   AND item.account_id = ANY(ARRAY(%(accounts)s))
                  JOIN account_journal journal
                    ON journal.id = item.journal_id
                   AND journal.type IN ('bank', 'cash', 'credit')
                 WHERE promise.id = ANY(%(ids)s)
                 GROUP BY promise.id
                """,
                accounts=self.env["account.account"]._jxc_debt_query(),
                customers=self.account_id._jxc_customers_query(),
                ids=list(self._origin.ids),
            )
        )
        return {promise_id: float(amount) for promise_id, amount in rows}

    @api.depends("account_id", "amount")
    def _compute_display_name(self):
        for promise in self:
            name = promise.account_id.display_name or ""
            promise.display_name = f"{name} {promise.amount:,.2f}"

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), SERVER_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        prepared = []
        for vals in vals_list:
            account = self.env["jxc.credit.account"].browse(vals.get("account_id"))
            # Who took it and from when it counts is no matter of what a client sends.
            prepared.append(
                {
                    **vals,
                    "user_id": self.env.uid,
                    "accepted_by_id": False,
                    "date_from": account.sudo()._jxc_today(),
                }
            )
        promises = super().create(prepared)
        for promise in promises:
            if promise.date < promise.date_from:
                raise UserError(
                    self.env._("A promise for %s would be over.", promise.date)
                )
        return promises

    def write(self, vals):
        if not self.env.su and (SERVER_FIELDS | {"account_id", "date_from"}) & set(
            vals
        ):
            raise UserError(
                self.env._("Who took and who accepted a promise is not written.")
            )
        if not self.env.su and self.filtered("accepted_by_id"):
            raise UserError(
                self.env._("An accepted promise is not changed: take another one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        if self.filtered("accepted_by_id"):
            raise UserError(self.env._("Accepted promises are kept for the record."))

    def action_accept(self):
        """Tolerate what is promised up to its day.

        :raise AccessError: unless the user is a credit manager
        """
        self.env["sale.order"]._jxc_check_credit_manager()
        self.check_access("read")
        for promise in self.filtered(lambda one: not one.accepted_by_id):
            promise.sudo().accepted_by_id = self.env.user
            kept = in_company_lang(promise)
            promise.account_id.sudo().message_post(
                body=kept.env._(
                    "Promise accepted: %(amount)s by %(day)s.",
                    amount=kept.account_id._jxc_money(promise.amount),
                    day=promise.date,
                )
            )
        self.account_id._jxc_judge_holds_soon()
        return True

    def _open_amount(self):
        """What is still tolerated for these promises today."""
        valid = self.filtered(lambda one: one.accepted_by_id and one.state == "open")
        return sum(one.amount - max(0.0, one.amount_received) for one in valid)
