# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

#: what says that nobody was spoken to
NOT_REACHED = "no_answer"


class JxcFollowup(models.Model):
    """Which follow-ups keep a customer and his leads out of the public pool.

    Whoever only ticks off a list has not looked after anybody: a follow-up has to tell
    something before it counts. How much is the company's to say.
    """

    _inherit = "jxc.followup"

    def _get_telling(self, company):
        """Return the condition in SQL, over ``f``, of what counts for a company."""
        return SQL(
            """
            f.is_draft IS NOT TRUE AND (
                %(characters)s = 0
                OR f.outcome <> %(not_reached)s
                OR char_length(btrim(f.note, E' \\t\\r\\n\\u3000')) >= %(characters)s
                OR EXISTS (SELECT FROM jxc_followup_attachment_rel photo
                            WHERE photo.followup_id = f.id)
            )
            """,
            characters=company.jxc_followup_min_note,
            not_reached=NOT_REACHED,
        )

    def _tells(self, company):
        """Whether one follow-up counts for a company: the same condition as above."""
        self.ensure_one()
        characters = company.jxc_followup_min_note
        return not self.is_draft and bool(
            not characters
            or self.outcome not in (False, NOT_REACHED)
            or len((self.note or "").strip()) >= characters
            or self.photo_ids
        )

    def _after_contact(self):
        result = super()._after_contact()
        self.sudo()._end_warnings()
        return result

    def write(self, vals):
        result = super().write(vals)
        # Told later what came of it: looked after from then on.
        if {"outcome", "note", "photo_ids"} & vals.keys():
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
            kept = records.filtered("jxc_pool_warned_on").filtered(self._keep)
            kept.write({"jxc_pool_warned_on": False, "jxc_pool_due": False})

    def _keep(self, record):
        """Whether one of these follow-ups is about the record, and counts for it."""
        company = record._jxc_pool_company()
        now = fields.Datetime.now()
        customer = (
            record.partner_id.commercial_partner_id
            if record._name == "crm.lead"
            else record
        )
        return any(
            followup._tells(company)
            and followup.date <= now
            and (
                (customer and followup.customer_id == customer)
                or (record._name == "crm.lead" and followup.lead_id == record)
            )
            for followup in self
        )
