# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL

#: what says that nobody was spoken to
NOT_REACHED = "no_answer"
#: how far a message and the report of it may lie apart
BESIDE = SQL("m.date BETWEEN f.date - INTERVAL '1 day' AND f.date + INTERVAL '1 day'")
#: to or from whom: by the customer's contacts, and by the lead's own address
PEOPLE = SQL(
    "SELECT person.id FROM res_partner person"
    " WHERE person.commercial_partner_id = f.customer_id"
)
ON_LEAD = SQL("m.model = 'crm.lead' AND m.res_id = f.lead_id")


class JxcFollowup(models.Model):
    """Which follow-ups keep a customer and his leads out of the public pool.

    Whoever only ticks off a list has not looked after anybody: a follow-up has to tell
    something before it counts. How much is the company's to say, and what it takes
    beyond the rule's of the pool.
    """

    _inherit = "jxc.followup"

    keeps_nobody = fields.Boolean(
        string="Does Not Count",
        compute="_compute_keeps_nobody",
        help="By the rules of the public pool, so that its customer may fall all the"
        " same.",
    )

    @api.depends(
        *("partner_id", "lead_id", "kind", "date", "is_draft", "is_plan"),
        *("outcome", "note", "photo_ids", "is_located"),
    )
    def _compute_keeps_nobody(self):
        """Tell the author, who could add what is missing, before the customer falls."""
        self.keeps_nobody = False
        # sudo: who is about to fall is the server's to judge
        known = self.sudo().filtered(
            lambda followup: (
                isinstance(followup.id, int)
                and not followup.is_draft
                and followup._get_kept().jxc_pool_state in ("owned", "warned")
                and followup._get_kept()._jxc_pool_company().jxc_pool_active
            )
        )
        counting = known._get_counting(known.customer_id)
        counting |= known._get_counting(known.lead_id)
        counted = {followup_id for _record_id, followup_id in counting}
        for followup in known:
            if followup.id not in counted:
                self.browse(followup.id).keeps_nobody = True

    def _get_kept(self):
        """Return whom a follow-up is to keep: its lead, or its customer."""
        return self.lead_id or self.customer_id

    def _get_telling(self, company):
        """Return the condition in SQL of what counts for a company.

        Over the follow-up ``f`` and the ``rule`` of ``jxc.pool.run._get_rule``.
        Without a note, an outcome or a file it never does, nor does what was planned
        without a contact.
        """
        return SQL(
            """
            f.is_draft IS NOT TRUE AND f.is_plan IS NOT TRUE
            AND (%(length)s > 0 OR f.outcome IS NOT NULL OR %(file)s)
            AND CASE WHEN rule.counts = 'note' THEN %(length)s >= rule.min_note
                     ELSE %(characters)s = 0
                          OR f.outcome <> %(not_reached)s
                          OR %(length)s >= %(characters)s
                          OR %(file)s END
            AND CASE WHEN rule.counts = 'evidence' THEN %(evidence)s ELSE TRUE END
            """,
            characters=company.jxc_followup_min_note,
            evidence=self._get_evidence(),
            file=self._get_has_file(),
            length=SQL(
                "COALESCE(char_length(btrim(f.note, E' \\t\\r\\n\\u00a0\\u3000')), 0)"
            ),
            not_reached=NOT_REACHED,
        )

    def _get_has_file(self):
        return SQL(
            "EXISTS (SELECT FROM jxc_followup_attachment_rel photo"
            " WHERE photo.followup_id = f.id)"
        )

    def _get_evidence(self):
        """Return the condition in SQL, over ``f``, of what shows that it took place.

        The number was dialled from here (which the server keeps); a photo, screenshot
        or voice note is attached that no earlier report had; a visit has its place;
        the salesperson's e-mail or SMS was sent, or the customer wrote, within a day of
        it. Mass sendings show nothing, nor does what the salesperson entered in the
        customer's name.
        """
        return SQL(
            """
            (f.kind = 'phone' AND f.phone IS NOT NULL)
            OR EXISTS (
                SELECT FROM jxc_followup_attachment_rel photo
                  JOIN ir_attachment a ON a.id = photo.attachment_id
                 WHERE photo.followup_id = f.id
                   AND NOT EXISTS (
                       SELECT FROM ir_attachment same
                         JOIN jxc_followup_attachment_rel earlier
                           ON earlier.attachment_id = same.id
                        WHERE same.checksum = a.checksum
                          AND earlier.followup_id < f.id
                   )
            )
            OR (f.kind = 'visit' AND f.is_located)
            OR %(sent)s
            OR EXISTS (
                SELECT FROM mail_message m
                 WHERE m.author_id IN (%(people)s)
                   AND m.message_type IN ('email', 'sms', 'comment')
                   AND m.create_uid <> f.user_id AND %(beside)s
            )
            OR EXISTS (
                SELECT FROM mail_message m
                 WHERE %(on_lead)s AND m.message_type IN ('email', 'sms')
                   AND m.create_uid <> f.user_id AND %(beside)s
                   AND NOT EXISTS (
                       SELECT FROM res_users u
                        WHERE u.partner_id = m.author_id AND u.share IS NOT TRUE
                   )
            )
            """,
            beside=BESIDE,
            on_lead=ON_LEAD,
            people=PEOPLE,
            sent=self._get_sent(),
        )

    def _get_sent(self):
        """Return the condition in SQL of what the salesperson sent and what went out.

        Of SMS the platform calls handed over "pending", and delivered "sent". OFFSET 0
        makes the planner begin with the customer's or the lead's own.
        """
        return SQL(
            """
            (EXISTS (
                 SELECT FROM (
                        SELECT n.mail_message_id FROM mail_notification n
                         WHERE n.res_partner_id IN (%(people)s) AND %(went_out)s
                        OFFSET 0
                   ) n
                   JOIN mail_message m ON m.id = n.mail_message_id
                  WHERE %(own)s
             )
             OR EXISTS (
                 SELECT FROM (
                        SELECT * FROM mail_message m WHERE %(on_lead)s OFFSET 0
                   ) m
                   JOIN mail_notification n ON n.mail_message_id = m.id
                  WHERE %(went_out)s AND %(own)s
             )
             OR EXISTS (
                 SELECT FROM jxc_sms_message s
                  WHERE s.partner_id IN (%(people)s) AND s.create_uid = f.user_id
                    AND s.direction = 'out' AND s.is_marketing IS NOT TRUE
                    AND s.state IN ('sent', 'delivered')
                    AND s.sent_at BETWEEN f.date - INTERVAL '1 day'
                                      AND f.date + INTERVAL '1 day'
             ))
            """,
            on_lead=ON_LEAD,
            own=self._get_is_own(),
            people=PEOPLE,
            went_out=SQL(
                "n.notification_type IN ('email', 'sms')"
                " AND n.notification_status IN ('pending', 'sent')"
            ),
        )

    def _get_is_own(self):
        """Return the condition in SQL: the salesperson wrote ``m``, to few, near ``f``.

        The author is compared in a way that uses no index: what one salesperson has
        ever written is the worst place to look for what one customer got.
        """
        return SQL(
            """
            m.author_id IS NOT DISTINCT FROM (
                SELECT sender.partner_id FROM res_users sender
                 WHERE sender.id = f.user_id
            )
            AND %(beside)s
            AND NOT EXISTS (
                SELECT FROM mailing_trace t
                 WHERE t.message_id = m.message_id
                   AND (t.mass_mailing_id IS NOT NULL OR t.jxc_company_id IS NOT NULL)
            )
            """,
            beside=BESIDE,
        )

    def _get_counting(self, records):
        """Return which of these follow-ups count for which records, as tonight.

        By the same SQL as the nightly run.

        :param records: res.partner (customers) or crm.lead
        :return: set of (id of the record, id of the follow-up)
        """
        if not (self and records):
            return set()
        run = self.env["jxc.pool.run"]
        self.env.flush_all()
        is_lead = records._name == "crm.lead"
        found = set()
        for company, group in records.grouped(
            lambda record: record._jxc_pool_company()
        ).items():
            query = SQL(
                """
                SELECT record.id, f.id
                  FROM %(table)s record
                  LEFT JOIN res_partner p ON p.id = %(partner)s
                  LEFT JOIN jxc_customer_class c
                    ON c.partner_id = p.commercial_partner_id
                   AND c.company_id = %(company)s
                  %(rule)s
                  JOIN jxc_followup f
                    ON f.customer_id = p.commercial_partner_id OR %(on_record)s
                 WHERE record.id = ANY(%(ids)s) AND f.id = ANY(%(followups)s)
                   AND f.date <= %(now)s AND %(tells)s
                """,
                table=SQL.identifier(records._table),
                partner=SQL("record.partner_id" if is_lead else "record.id"),
                on_record=SQL("f.lead_id = record.id" if is_lead else "FALSE"),
                company=company.id,
                rule=run._get_rule(company, "lead" if is_lead else "customer"),
                ids=group.ids,
                followups=self.ids,
                now=fields.Datetime.now(),
                tells=self._get_telling(company),
            )
            found.update(self.env.execute_query(query))
        return found

    def _after_contact(self):
        result = super()._after_contact()
        self.sudo()._end_warnings()
        return result

    def write(self, vals):
        result = super().write(vals)
        # Told later what came of it: looked after from then on.
        if {"outcome", "note", "photo_ids", "is_located"} & vals.keys():
            self.sudo()._end_warnings()
        return result

    def _end_warnings(self):
        """Who is looked after again, and his leads, are no longer about to fall."""
        customers, leads = self.customer_id, self.lead_id
        if customers:
            leads |= leads.search(
                [
                    ("partner_id", "child_of", customers.ids),
                    ("jxc_pool_warned_on", "!=", False),
                ]
            )
        for records in (customers, leads):
            warned = records.filtered("jxc_pool_warned_on")
            kept = {record_id for record_id, _followup in self._get_counting(warned)}
            records.browse(kept).write(
                {"jxc_pool_warned_on": False, "jxc_pool_due": False}
            )
