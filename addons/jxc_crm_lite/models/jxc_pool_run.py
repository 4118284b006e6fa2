# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from functools import partial

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

#: When an order, ``o``, counts: its date is a client's to write, to a later one too.
MOMENT = SQL("LEAST(o.date_order, o.jxc_confirmed_at)")


class JxcPoolRun(models.AbstractModel):
    """The nightly look at who is not looked after: warn first, then into the pool."""

    _name = "jxc.pool.run"
    _description = "Public Pool: Nightly Run"

    @api.model
    def _cron_run(self):
        """Every night, company by company; running it twice changes nothing."""
        companies = self.env["res.company"].search([("jxc_pool_active", "=", True)])
        for number, company in enumerate(companies, start=1):
            # People claim, assign and write customers meanwhile: a night is not lost.
            retrying(partial(self._run, company), self.env)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number)

    @api.model
    def _run(self, company, today=None):
        """Warn and let fall what the rules of one company say.

        A warning always comes first: who was never warned is warned now and falls
        after the days of the warning. Who was touched since is no longer warned.

        :param company: one res.company
        :param today: date; today in the company's time zone when left out
        :return: dict with fall, warn and reset (numbers of records)
        """
        today = today or fields.Date.context_today(
            self.with_context(tz=company._jxc_timezone())
        )
        self.env.flush_all()
        done = {}
        # Both before anything changes: the leads of who falls are idle themselves.
        idle = {
            name: self.env.execute_query(self._get_idle(company, name, today))
            for name in ("res.partner", "crm.lead")
        }
        for name, rows in idle.items():
            model = self.env[name].sudo()
            found = {"fall": {}, "warn": {}, "reset": {}}
            for record_id, due, step in rows:
                found[step][record_id] = due
            # A lead may have gone into the pool with its customer a moment ago.
            model.browse(found["fall"]).filtered("user_id")._jxc_fall("fall")
            model.browse(found["reset"]).write(
                {"jxc_pool_warned_on": False, "jxc_pool_due": False}
            )
            owned = model.browse(found["warn"]).filtered("user_id")
            found["warn"] = {record.id: found["warn"][record.id] for record in owned}
            self._warn(model, found["warn"], today)
            for step, records in found.items():
                done[step] = done.get(step, 0) + len(records)
        return done

    def _warn(self, model, due_by_id, today):
        """Tell the owners and keep the day on which each record falls."""
        records = model.browse(due_by_id)
        for due, group in records.grouped(lambda record: due_by_id[record.id]).items():
            group.write({"jxc_pool_warned_on": today, "jxc_pool_due": due})
        records._jxc_log_pool("warn", {record.id: record.user_id for record in records})
        for each in records:
            record = each.with_context(lang=each.user_id.lang)
            each.jxc_pool_activity_id = record.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=due_by_id[record.id],
                summary=record.env._(
                    "%(name)s falls into the public pool", name=record.display_name
                ),
                note=record.env._(
                    "Nobody has followed up or sold anything. Enter a follow-up, or"
                    " it is free for everybody on %(date)s.",
                    date=fields.Date.to_string(due_by_id[record.id]),
                ),
                user_id=record.user_id.id,
            )

    def _get_idle(self, company, model, today):
        """SELECT (id, day it falls, step): what to do today by the first matching rule.

        fall: warned, and the day has come; warn: not warned, and the day to warn has
        come; reset: warned, and touched since or no rule's any more. All days are
        those of the company. OFFSET 0 keeps the planner from looking for the last
        touch again wherever its day is used.
        """
        return SQL(
            """
            SELECT id, due, step
              FROM (
                   SELECT id, due,
                          CASE WHEN warn_on IS NULL OR warn_on > %(today)s
                               THEN CASE WHEN was_warned THEN 'reset' END
                               WHEN NOT was_warned AND warn_days > 0 THEN 'warn'
                               WHEN due <= %(today)s THEN 'fall' END AS step
                     FROM (
                          SELECT id, warn_days, warned_on IS NOT NULL AS was_warned,
                                 GREATEST(
                                     touched + days,
                                     COALESCE(due, %(today)s + warn_days)
                                 ) AS due,
                                 touched + days - warn_days AS warn_on
                            FROM (
                                 SELECT records.*,
                                        (touched_at AT TIME ZONE 'UTC'
                                         AT TIME ZONE %(zone)s)::date AS touched
                                   FROM (%(records)s) records
                                 OFFSET 0
                            ) idle
                   ) judged
              ) found
             WHERE step IS NOT NULL
             ORDER BY id
            """,
            records=(
                self._get_customers(company, today)
                if model == "res.partner"
                else self._get_leads(company, today)
            ),
            zone=company._jxc_timezone(),
            today=today,
        )

    def _get_rule(self, company, applies_to):
        """JOIN of the ``rule`` that says how long, and by which follow-ups, is kept.

        By the class ``c`` of the customer; NULL for who does not fall.
        """
        return SQL(
            """
            LEFT JOIN LATERAL (
                 SELECT r.days, r.warn_days, r.never, r.counts, r.min_note
                   FROM jxc_pool_rule r
                  WHERE r.active AND r.company_id = %(company)s
                    AND r.applies_to = %(applies_to)s
                    AND (r.abc IS NULL OR r.abc = c.abc)
                    AND (r.life_cycle IS NULL OR r.life_cycle = c.life_cycle)
                  ORDER BY r.sequence, r.id LIMIT 1
            ) rule ON rule.never IS NOT TRUE
            """,
            company=company.id,
            applies_to=applies_to,
        )

    def _get_customers(self, company, today):
        """Customers of the company's people, with the moment of the last touch.

        An order in any company counts, for the customer for whom it was confirmed: who
        buys is not neglected. What is dated later than the day of the run has not
        happened. Who has a salesperson is a customer, or shall become one, unless a
        vendor and nothing else; colleagues and the companies themselves are not.
        Archived ones fall too: they are taken back with one click. Who was erased has
        no owner any more, those of former times left out.
        """
        return SQL(
            """
            SELECT p.id, p.jxc_pool_warned_on AS warned_on, p.jxc_pool_due AS due,
                   rule.warn_days,
                   CASE WHEN p.jxc_pool_protected_until >= %(today)s THEN NULL
                        ELSE rule.days END AS days,
                   GREATEST(
                       COALESCE(p.jxc_owner_since, p.create_date),
                       (SELECT MAX(f.date) FROM jxc_followup f
                         WHERE f.customer_id = p.id AND f.date < %(end)s
                           AND %(recent)s AND %(tells)s),
                       (SELECT MAX(%(moment)s) FROM sale_order o
                          JOIN res_partner op ON op.id = o.partner_id
                          JOIN res_partner fp ON fp.id = o.jxc_confirmed_for_id
                         WHERE op.commercial_partner_id = p.id
                           AND fp.commercial_partner_id = p.id
                           AND o.state = 'sale' AND %(moment)s < %(end)s)
                   ) AS touched_at
              FROM res_partner p
              JOIN res_users u ON u.id = p.user_id
              LEFT JOIN jxc_customer_class c
                ON c.partner_id = p.id AND c.company_id = %(company)s
              %(rule)s
             WHERE p.jxc_pool_state IN ('owned', 'warned')
               AND COALESCE(p.jxc_pool_company_id, u.company_id) = %(company)s
               AND (p.customer_rank > 0 OR c.id IS NOT NULL OR NOT (%(vendor)s))
               AND NOT (%(ours)s)
               AND NOT EXISTS (
                   SELECT FROM jxc_privacy_log erased
                    WHERE erased.partner_id = p.id AND erased.kind = 'erase'
               )
            """,
            company=company.id,
            today=today,
            vendor=self._get_is_vendor(),
            ours=self._get_is_ours(),
            end=self._get_end(company, today),
            moment=MOMENT,
            recent=self._get_is_recent(today),
            tells=self.env["jxc.followup"]._get_telling(company),
            rule=self._get_rule(company, "customer"),
        )

    def _get_is_recent(self, today):
        """Return the condition over ``f`` and ``rule``: it may still keep somebody.

        What lies further back than the rule's days keeps nobody any more, and need not
        be looked into; two days more, for the time zones of both.
        """
        return SQL("f.date >= %s::date - rule.days - 2", today)

    def _get_end(self, company, today):
        """SQL of the moment at which the company's day is over, as stored (UTC)."""
        return SQL(
            "((%s::date + 1)::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC')",
            today,
            company._jxc_timezone(),
        )

    def _get_prospects(self, company):
        """SELECT of ids of whom somebody looks after and who may become a customer.

        As in the pool: with a salesperson, or with a follow-up; no vendor, colleague or
        company of ours.
        """
        return SQL(
            """
            SELECT p.id
              FROM res_partner p
              LEFT JOIN res_users u ON u.id = p.user_id
             WHERE (
                   COALESCE(p.jxc_pool_company_id, u.company_id) = %(company)s
                   AND p.user_id IS NOT NULL
                   OR EXISTS (
                       SELECT FROM jxc_followup f
                        WHERE f.customer_id = p.id AND f.company_id = %(company)s
                          AND f.is_draft IS NOT TRUE AND f.is_plan IS NOT TRUE
                   )
               )
               AND NOT (%(vendor)s) AND NOT (%(ours)s)
            """,
            company=company.id,
            vendor=self._get_is_vendor(),
            ours=self._get_is_ours(),
        )

    def _get_may_be_owned(self):
        """Return the condition over ``p`` of who is a customer, or may become one.

        As in the run; a customer of any company is none of the vendors.
        """
        return SQL(
            "(p.customer_rank > 0 OR NOT (%s) OR EXISTS ("
            "SELECT FROM jxc_customer_class c WHERE c.partner_id = p.id))"
            " AND NOT (%s)",
            self._get_is_vendor(),
            self._get_is_ours(),
        )

    def _get_is_ours(self):
        """Return the condition over ``p`` of colleagues and of companies of ours."""
        return SQL(
            "EXISTS (SELECT FROM res_users own"
            " WHERE own.partner_id = p.id AND own.share IS NOT TRUE)"
            " OR EXISTS (SELECT FROM res_company house WHERE house.partner_id = p.id)"
        )

    def _get_is_vendor(self):
        """Return the condition over ``p`` of who sells to us, as far as we know.

        A vendor that was entered in Contacts has no rank before the first bill, but
        prices of products or, where they are used, purchase orders.
        """
        signs = [
            SQL("p.supplier_rank > 0"),
            SQL(
                "EXISTS (SELECT FROM product_supplierinfo i"
                " JOIN res_partner ip ON ip.id = i.partner_id"
                " WHERE ip.commercial_partner_id = p.id)"
            ),
        ]
        if "purchase.order" in self.env:
            signs.append(
                SQL(
                    "EXISTS (SELECT FROM purchase_order o"
                    " JOIN res_partner op ON op.id = o.partner_id"
                    " WHERE op.commercial_partner_id = p.id)"
                )
            )
        return SQL(" OR ").join(signs)

    def _get_leads(self, company, today):
        """Open leads of the company's people, with the moment of the last touch.

        An order from the lead counts; so do any order and any follow-up of its
        customer, with whom somebody was in touch. Moving the lead from stage to stage
        does not: that is done without talking to anybody.
        """
        return SQL(
            """
            SELECT l.id, l.jxc_pool_warned_on AS warned_on, l.jxc_pool_due AS due,
                   rule.warn_days,
                   CASE WHEN l.jxc_pool_protected_until >= %(today)s THEN NULL
                        ELSE rule.days END AS days,
                   GREATEST(
                       COALESCE(l.jxc_owner_since, l.create_date),
                       (SELECT MAX(f.date) FROM jxc_followup f
                         WHERE f.lead_id = l.id AND f.date < %(end)s
                           AND %(recent)s AND %(tells)s),
                       (SELECT MAX(f.date) FROM jxc_followup f
                         WHERE f.customer_id = p.commercial_partner_id
                           AND f.date < %(end)s AND %(recent)s AND %(tells)s),
                       (SELECT MAX(%(moment)s) FROM sale_order o
                         WHERE o.opportunity_id = l.id
                           AND o.jxc_confirmed_lead_id = l.id
                           AND o.state = 'sale' AND %(moment)s < %(end)s),
                       (SELECT MAX(%(moment)s) FROM sale_order o
                          JOIN res_partner op ON op.id = o.partner_id
                          JOIN res_partner fp ON fp.id = o.jxc_confirmed_for_id
                         WHERE op.commercial_partner_id = p.commercial_partner_id
                           AND fp.commercial_partner_id = p.commercial_partner_id
                           AND o.state = 'sale' AND %(moment)s < %(end)s)
                   ) AS touched_at
              FROM crm_lead l
              JOIN res_users u ON u.id = l.user_id
              LEFT JOIN res_partner p ON p.id = l.partner_id
              LEFT JOIN jxc_customer_class c
                ON c.partner_id = p.commercial_partner_id
               AND c.company_id = %(company)s
              %(rule)s
             WHERE l.active AND l.jxc_pool_state IN ('owned', 'warned')
               AND COALESCE(l.jxc_pool_company_id, u.company_id) = %(company)s
            """,
            company=company.id,
            today=today,
            end=self._get_end(company, today),
            moment=MOMENT,
            recent=self._get_is_recent(today),
            tells=self.env["jxc.followup"]._get_telling(company),
            rule=self._get_rule(company, "lead"),
        )
