# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL


class JxcDunningCustomer(models.Model):
    """Customers with overdue invoices, and which reminder is next: the 催款 list.

    One row per customer and company, read from open journal items. Receipts that were
    not set against an invoice yet count for the customer; disputed invoices do not
    count, nor what is promised: who promised all of it is not listed up to that day.
    """

    _name = "jxc.dunning.customer"
    _description = "Overdue Customer"
    _auto = False
    _order = "days_overdue desc, amount_overdue desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        readonly=True,
    )
    amount_overdue = fields.Monetary(
        string="Overdue",
        readonly=True,
        help="Less receipts that were not set against an invoice yet, and what accepted"
        " promises still have open.",
    )
    amount_promised = fields.Monetary(
        string="Promised to Pay",
        readonly=True,
        help="What accepted promises still have open.",
    )
    # What a reminder asks for: it names every overdue invoice.
    amount = fields.Monetary(
        string="Overdue and Promised",
        readonly=True,
        help="What a reminder names: overdue, with what is promised, less receipts that"
        " were not set against an invoice yet.",
    )
    amount_disputed = fields.Monetary(
        string="Overdue and Disputed",
        readonly=True,
    )
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    due_oldest = fields.Date(
        string="Oldest Due Date",
        readonly=True,
    )
    level_id = fields.Many2one(
        comodel_name="jxc.dunning.level",
        string="Level Reached",
        readonly=True,
    )
    sent_on = fields.Date(
        string="Last Reminder",
        readonly=True,
    )
    next_level_id = fields.Many2one(
        comodel_name="jxc.dunning.level",
        readonly=True,
    )
    next_on = fields.Date(
        string="Next Reminder",
        readonly=True,
    )
    is_due = fields.Boolean(
        string="To Be Reminded",
        readonly=True,
        help="The next reminder is due and not proposed yet.",
    )
    reminder_id = fields.Many2one(
        comodel_name="jxc.dunning.reminder",
        string="Proposed Reminder",
        readonly=True,
    )

    _depends = {
        "account.account": ["account_type"],
        "account.move": ["jxc_is_disputed"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "company_id",
            "date_maturity",
            "matching_number",
            "move_id",
            "parent_state",
            "partner_id",
        ],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id"],
        "jxc.dunning.level": ["active", "company_id", "days", "is_repeated"],
        "jxc.dunning.reminder": ["item_ids", "level_id", "sent_on", "state"],
        "res.partner": ["commercial_partner_id", "user_id"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            WITH item AS (%(items)s),
            late AS (
                SELECT min(item.id) FILTER (WHERE item.is_late) AS id,
                       item.partner_id,
                       item.company_id,
                       item.today,
                       coalesce(
                           sum(item.amount) FILTER (
                               WHERE item.is_late OR item.amount < 0
                           ), 0
                       ) AS amount,
                       coalesce(
                           sum(item.amount) FILTER (
                               WHERE item.is_disputed AND item.due < item.today
                                 AND item.amount > 0
                           ), 0
                       ) AS amount_disputed,
                       min(item.due) FILTER (WHERE item.is_late) AS due_oldest
                  FROM item
                 GROUP BY item.partner_id, item.company_id, item.today
                HAVING bool_or(item.is_late)
            ),
            reached AS (
                SELECT reminder.partner_id,
                       reminder.company_id,
                       (array_agg(level.id ORDER BY level.days DESC))[1] AS level_id,
                       max(level.days) AS days,
                       max(reminder.sent_on) AS sent_on
                  FROM jxc_dunning_reminder reminder
                  JOIN jxc_dunning_level level ON level.id = reminder.level_id
                 WHERE reminder.state = 'sent'
                   AND EXISTS (
                       SELECT
                         FROM jxc_dunning_reminder_item_rel rel
                         JOIN account_move_line line ON line.id = rel.item_id
                        WHERE rel.reminder_id = reminder.id
                          AND line.parent_state = 'posted'
                          AND (line.amount_residual > 0
                               OR line.id IN (SELECT item_id FROM (%(drafted)s) d))
                   )
                 GROUP BY reminder.partner_id, reminder.company_id
            )
            SELECT late.id,
                   late.partner_id,
                   late.company_id,
                   customer.user_id,
                   late.amount,
                   late.amount_disputed,
                   coalesce(promised.amount, 0) AS amount_promised,
                   late.amount - coalesce(promised.amount, 0) AS amount_overdue,
                   late.today - late.due_oldest AS days_overdue,
                   late.due_oldest,
                   reached.level_id,
                   reached.sent_on,
                   step.id AS next_level_id,
                   step.next_on,
                   coalesce(step.next_on <= late.today, FALSE)
                       AND proposed.id IS NULL AS is_due,
                   proposed.id AS reminder_id
              FROM late
              JOIN res_partner customer ON customer.id = late.partner_id
              LEFT JOIN (%(promised)s) promised
                ON promised.partner_id = late.partner_id
               AND promised.company_id = late.company_id
              LEFT JOIN reached
                ON reached.partner_id = late.partner_id
               AND reached.company_id = late.company_id
              LEFT JOIN jxc_dunning_reminder proposed
                ON proposed.partner_id = late.partner_id
               AND proposed.company_id = late.company_id
               AND proposed.state = 'proposed'
              LEFT JOIN LATERAL (
                  SELECT level.id,
                         greatest(
                             late.due_oldest + level.days,
                             reached.sent_on + level.wait_days
                         ) AS next_on
                    FROM jxc_dunning_level level
                   WHERE level.active
                     AND coalesce(level.company_id, 0) = coalesce(
                         (
                             SELECT own.company_id
                               FROM jxc_dunning_level own
                              WHERE own.active AND own.company_id = late.company_id
                              LIMIT 1
                         ), 0
                     )
                     AND (level.days > coalesce(reached.days, 0)
                          OR level.is_repeated AND level.id = reached.level_id)
                   ORDER BY level.id = reached.level_id, level.days
                   LIMIT 1
              ) step ON TRUE
             WHERE late.amount > coalesce(promised.amount, 0)
            """,
            drafted=self.env["jxc.credit.account"]._jxc_drafted_query(),
            items=self._items_query(),
            promised=self._promises_query(),
        )

    @api.model
    def _promises_query(self) -> SQL:
        """What accepted promises still have open: partner_id, company_id, amount."""
        Reminder = self.env["jxc.dunning.reminder"]
        Company = self.env["res.company"].sudo()
        return Reminder._promised_query(
            {
                # Rounded, since it is taken off sums that are exact.
                key: Company.browse(key[1]).currency_id.round(amount)
                for key, amount in Reminder._promised().items()
            }
        )

    @api.model
    def _items_query(self) -> SQL:
        """Open receivable items: id, partner_id, company_id, today, due, amount, marks.

        ``is_late`` are those that a reminder names: overdue and not disputed. What is
        open is what the overdue control counts: a document that was reset to draft
        settles nothing, though the platform leaves it set against its item. Such an
        item may have two rows.
        """
        companies = self.env["res.company"].sudo().search([])
        account = self.env["jxc.credit.account"]
        todays = [
            account.new({"company_id": company.id})._jxc_today()
            for company in companies
        ]
        return SQL(
            """
            SELECT item.id,
                   contact.commercial_partner_id AS partner_id,
                   item.company_id,
                   day.today,
                   coalesce(item.date_maturity, item.date) AS due,
                   opened.amount,
                   coalesce(move.jxc_is_disputed, FALSE) AS is_disputed,
                   opened.amount > 0
                       AND coalesce(item.date_maturity, item.date) < day.today
                       AND move.jxc_is_disputed IS NOT TRUE AS is_late
              FROM (
                    SELECT line.id AS item_id, line.amount_residual AS amount
                      FROM account_move_line line
                     WHERE line.parent_state = 'posted'
                       AND line.amount_residual <> 0
                     UNION ALL
                    %(drafted)s
                   ) opened
              JOIN account_move_line item ON item.id = opened.item_id
              JOIN unnest(%(companies)s::int[], %(todays)s::date[])
                   AS day (company_id, today) ON day.company_id = item.company_id
              JOIN account_move move ON move.id = item.move_id
              JOIN res_partner contact ON contact.id = item.partner_id
             WHERE item.parent_state = 'posted'
               AND item.account_id = ANY(ARRAY(%(accounts)s))
            """,
            accounts=self.env["account.account"]._jxc_debt_query(),
            drafted=account._jxc_drafted_query(),
            companies=companies.ids,
            todays=todays,
        )

    def action_view_items(self):
        """Open the overdue journal items that a reminder would name."""
        self.ensure_one()
        items = (
            self.env["jxc.dunning.reminder"]
            .new({"partner_id": self.partner_id.id, "company_id": self.company_id.id})
            ._read_late_items()
        )
        return self.env["jxc.credit.account"]._jxc_open_items_action(
            self.env._("Overdue"),
            [("id", "in", [n for ids in items.values() for n in ids])],
        )

    def action_propose(self):
        """Propose the reminders of these customers that are due.

        :raise AccessError: unless the user may send reminders
        """
        Reminder = self.env["jxc.dunning.reminder"]
        Reminder._check_may_send()
        self.check_access("read")
        return Reminder._propose(
            [(row.partner_id.id, row.company_id.id) for row in self]
        )._action_show()
