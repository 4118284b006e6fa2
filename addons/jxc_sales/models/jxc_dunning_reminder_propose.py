# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, split_every

#: How many reminders the nightly job sends before it commits.
BATCH = 50


class JxcDunningReminder(models.Model):
    """Which reminders are due: read and proposed in one statement for any number."""

    _inherit = "jxc.dunning.reminder"

    # -- proposing ----------------------------------------------------------------

    @api.model
    def _propose(self, customers=None, company_ids=None):
        """Propose each reminder that is due, once.

        :param customers: only these (customer id, company id); None for all
        :param company_ids: only in these companies; None for all
        :return: the new reminders, with superuser rights
        """
        chosen = SQL("TRUE")
        if company_ids is not None:
            chosen = SQL("late.company_id = ANY(%s)", list(company_ids))
        if customers is not None:
            chosen = SQL(
                "(late.partner_id, late.company_id) IN"
                " (SELECT * FROM unnest(%s::int[], %s::int[]))",
                [partner_id for partner_id, _company_id in customers],
                [company_id for _partner_id, company_id in customers],
            )
        promised = self._promised()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO jxc_dunning_reminder (
                    partner_id, company_id, level_id, state, amount, days_overdue,
                    due_oldest, proposed_on, create_uid, write_uid, create_date,
                    write_date
                )
                SELECT late.partner_id, late.company_id, late.next_level_id,
                       'proposed', late.amount, late.days_overdue, late.due_oldest,
                       late.due_oldest + late.days_overdue, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM (%(late)s) late
                  LEFT JOIN (%(promised)s) promised
                    ON promised.partner_id = late.partner_id
                   AND promised.company_id = late.company_id
                 WHERE late.is_due
                   AND late.amount > coalesce(promised.amount, 0)
                   AND %(chosen)s
                    ON CONFLICT DO NOTHING
                RETURNING id
                """,
                uid=self.env.uid,
                late=self.env["jxc.dunning.customer"]._table_query,
                promised=self._promised_query(promised),
                chosen=chosen,
            )
        )
        reminders = self.sudo().browse(row[0] for row in rows)
        reminders._insert_items()
        return reminders

    def _insert_items(self):
        """Note the open items of new proposals."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO jxc_dunning_reminder_item_rel (reminder_id, item_id)
                SELECT DISTINCT reminder.id, item.id
                  FROM jxc_dunning_reminder reminder
                  JOIN (%(items)s) item
                    ON item.partner_id = reminder.partner_id
                   AND item.company_id = reminder.company_id
                   AND item.is_late
                 WHERE reminder.id = ANY(%(ids)s)
                RETURNING reminder_id
                """,
                items=self.env["jxc.dunning.customer"]._items_query(),
                ids=list(self.ids),
            )
        )
        self.env.invalidate_all(flush=False)

    @api.model
    def _drop_settled(self):
        """Cancel proposals of customers who paid, or have nothing undisputed open."""
        proposed = self.sudo().search([("state", "=", "proposed")])
        late = self.env["jxc.dunning.customer"].sudo()
        still = late.search([("reminder_id", "in", proposed.ids)]).reminder_id
        (proposed - still)._drop()

    @api.model
    def _cron_propose(self):
        """Propose what is due in all companies; send what goes out by itself."""
        cron = self.env["ir.cron"]
        self._drop_settled()
        self._propose()
        waiting = self.sudo().search(
            [
                ("state", "=", "proposed"),
                ("level_id.is_automatic", "=", True),
                ("problem", "=", False),
            ]
        )
        remaining = len(waiting)
        for ids in split_every(BATCH, waiting.ids):
            waiting.browse(ids)._send()
            remaining -= len(ids)
            if self.env.context.get(
                "ir_cron_progress_id"
            ) and not cron._commit_progress(len(ids), remaining=remaining):
                break

    # -- what is open and what is promised ----------------------------------------

    def _read_late_items(self):
        """{(customer id, company id): ids of journal items} to be reminded of."""
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(["jxc_is_disputed"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.partner_id, item.company_id, item.id
                  FROM (%(items)s) item
                 WHERE item.is_late
                   AND item.partner_id = ANY(%(partners)s)
                   AND item.company_id = ANY(%(companies)s)
                 GROUP BY item.partner_id, item.company_id, item.due, item.id
                 ORDER BY item.due, item.id
                """,
                items=self.env["jxc.dunning.customer"]._items_query(),
                partners=list(self.partner_id.ids),
                companies=list(self.company_id.ids),
            )
        )
        items = defaultdict(list)
        for partner_id, company_id, item_id in rows:
            items[partner_id, company_id].append(item_id)
        return items

    @api.model
    def _promised(self):
        """{(customer id, company id): what accepted promises still have open}.

        What is promised for an account of several customers is taken off what they are
        late with, the oldest first, and once.
        """
        # Promises that are over by any clock are left out; the rest know their day.
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        promises = (
            self.env["jxc.credit.promise"]
            .sudo()
            .search([("accepted_by_id", "!=", False), ("date", ">=", yesterday)])
        )
        promised = {
            account: of_account._open_amount()
            for account, of_account in promises.grouped("account_id").items()
        }
        shares, shared = {}, {}
        for account, amount in promised.items():
            keys = [
                (partner.id, account.company_id.id)
                for partner in account._jxc_partners()
            ]
            if len(keys) > 1:
                shared[account] = keys
            else:
                shares[keys[0]] = amount
        late = self._read_late_amounts(key for keys in shared.values() for key in keys)
        for account, keys in shared.items():
            left = promised[account]
            for key in sorted(set(keys) & set(late), key=lambda key: late[key]):
                shares[key] = max(0.0, min(left, late[key][1]))
                left -= shares[key]
        return shares

    @api.model
    def _read_late_amounts(self, customers):
        """{(customer id, company id): (since when, how much)} of who is late.

        Less what was received and is not set against anything, as in the list.
        """
        customers = list(customers)
        if not customers:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.partner_id, item.company_id,
                       MIN(item.due) FILTER (WHERE item.is_late),
                       SUM(item.amount)
                           FILTER (WHERE item.is_late OR item.amount < 0)
                  FROM (%(items)s) item
                 WHERE (item.partner_id, item.company_id) IN
                       (SELECT * FROM unnest(%(partners)s::int[], %(companies)s::int[]))
                 GROUP BY item.partner_id, item.company_id
                HAVING bool_or(item.is_late)
                """,
                items=self.env["jxc.dunning.customer"]._items_query(),
                partners=[partner_id for partner_id, _company_id in customers],
                companies=[company_id for _partner_id, company_id in customers],
            )
        )
        return {
            (partner_id, company_id): (due, float(amount))
            for partner_id, company_id, due, amount in rows
        }

    def _promised_query(self, promised) -> SQL:
        return SQL(
            """
            SELECT *
              FROM unnest(%(partners)s::int[], %(companies)s::int[],
                          %(amounts)s::numeric[])
                   AS promised (partner_id, company_id, amount)
            """,
            partners=[partner_id for partner_id, _company_id in promised],
            companies=[company_id for _partner_id, company_id in promised],
            amounts=[repr(amount) for amount in promised.values()],
        )
