# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .jxc_pool_mixin import MANAGER

#: What says whose lead it is; written, it may become a second one of a person.
PERSON = {"partner_id", "phone", "email_from"}


class CrmLead(models.Model):
    """A second lead of the same person begins no new term.

    Whoever copies a lead that is about to fall, or enters it anew after it fell, has
    not spoken to anybody. What an owner's other leads of the customer, phone number or
    e-mail address have left holds for the new one; within the cool-down after a fall
    there is none. Leads of sales managers, the web site and the mail gateway are new.
    """

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._jxc_check_term()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if PERSON & vals.keys():
            self._jxc_check_term()
        return result

    def _jxc_set_owner(self, user, kind, reason=None):
        result = super()._jxc_set_owner(user, kind, reason)
        if kind == "claim":
            self._jxc_continue_term()
        return result

    def _jxc_cool_down_until(self, user):
        """The day after which the last owner of this or of the same person's may."""
        days = [super()._jxc_cool_down_until(user)]
        fallen = self._jxc_fallen_of([user.id])
        for other in self._jxc_of_same_person(fallen):
            if other.user_id == user:
                continue
            days.append(super(CrmLead, other)._jxc_cool_down_until(user))
        return max(filter(None, days), default=False)

    def _jxc_check_term(self):
        """Refuse what fell from its owner a moment ago, and continue other terms.

        :raise UserError: naming the lead, for anyone but sales managers
        """
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        # sudo: whose leads of the person there are decides, shown or not
        leads = self.sudo().filtered(
            lambda lead: lead.user_id and lead._jxc_pool_is_used()
        )
        fallen = leads._jxc_fallen_of(leads.user_id.ids)
        for lead in leads if fallen else ():
            for other in lead._jxc_of_same_person(fallen):
                if other.user_id == lead.user_id:
                    continue
                until = super(CrmLead, other)._jxc_cool_down_until(lead.user_id)
                if until:
                    raise UserError(lead._jxc_too_early(other, until))
        leads._jxc_continue_term()

    def _jxc_too_early(self, other, until):
        """Say why a person is not entered again yet.

        :param other: the person's lead that was lost to the pool
        :param until: the day from which on it may be had again
        """
        values = {
            "name": self.display_name,
            "other": other.display_name,
            "date": fields.Date.to_string(until),
        }
        if other.user_id:
            return self.env._(
                "%(name)s is of the same person as %(other)s, which was yours until a"
                " short while ago and is a colleague's now. You can enter it on"
                " %(date)s; until then it is the colleague's to look after.",
                **values,
            )
        return self.env._(
            "%(name)s is of the same person as %(other)s in the public pool, which was"
            " yours until a short while ago; you can claim that one again on %(date)s,"
            " others can now.",
            **values,
        )

    def _jxc_continue_term(self):
        """Give each lead the time that its owner's older ones of the person have."""
        older = self._jxc_older_of_owners()
        if not older:
            return
        touched = older._jxc_own_touch()
        for lead in self:
            same = lead._jxc_of_same_person(older).filtered(
                lambda one, lead=lead: (
                    one.user_id == lead.user_id
                    and one.jxc_owner_since
                    and one.jxc_owner_since < lead.jxc_owner_since
                )
            )
            if not same:
                continue
            best = max(same, key=lambda one: (touched[one.id], one.id))
            if touched[best.id] < lead.jxc_owner_since:
                lead.write(
                    {
                        "jxc_owner_since": touched[best.id],
                        "jxc_pool_warned_on": best.jxc_pool_warned_on,
                        "jxc_pool_due": best.jxc_pool_due,
                    }
                )

    # Leads of the same person -----------------------------------------------------

    def _jxc_of_same_person(self, leads):
        """Return those of ``leads`` of this one's customer, number or address."""
        self.ensure_one()
        entity = self.partner_id.commercial_partner_id
        return (leads - self).filtered(
            lambda one: (
                (entity and one.partner_id.commercial_partner_id == entity)
                or (
                    self.phone_sanitized and one.phone_sanitized == self.phone_sanitized
                )
                or (
                    self.email_normalized
                    and one.email_normalized == self.email_normalized
                )
            )
        )

    def _jxc_person_domain(self):
        """Domain of what may be of one of these leads' persons, False for none."""
        found = {
            "partner_id.commercial_partner_id": (
                self.partner_id.commercial_partner_id.ids
            ),
            "phone_sanitized": list({*self.mapped("phone_sanitized")} - {False}),
            "email_normalized": list({*self.mapped("email_normalized")} - {False}),
        }
        return Domain.OR(Domain(name, "in", keys) for name, keys in found.items())

    def _jxc_fallen_of(self, user_ids):
        """Return leads of these persons that these users have lost to the pool."""
        return self.search(
            self._jxc_person_domain()
            & Domain("jxc_pool_state", "=", "pool")
            & Domain("jxc_pool_last_owner_id", "in", user_ids)
        )

    def _jxc_older_of_owners(self):
        """Return leads of these persons and owners: open, or lost just now.

        Marked as lost a lead is out of the pool's reach: that is no way to begin anew
        either. A lost lead's last change, not its closing date, is kept by the server.
        """
        companies = self.jxc_pool_company_id
        days = max(companies.mapped("jxc_pool_cool_down_days"), default=0)
        since = fields.Datetime.now() - relativedelta(days=days)
        return self.with_context(active_test=False).search(
            self._jxc_person_domain()
            & Domain("user_id", "in", self.user_id.ids)
            & Domain("won_status", "!=", "won")
            & (
                Domain("jxc_pool_state", "in", ["owned", "warned"])
                | Domain("write_date", ">=", since)
            )
        )

    def _jxc_own_touch(self):
        """Return ``{id: moment}`` since when each runs, or of the last follow-up."""
        now = fields.Datetime.now()
        touched = {lead.id: lead.jxc_owner_since or lead.create_date for lead in self}
        followups = self.env["jxc.followup"].search(
            [("lead_id", "in", self.ids), ("date", "<=", now)]
        )
        counting = followups._get_counting(self)
        for followup in followups:
            lead_id = followup.lead_id.id
            if (lead_id, followup.id) in counting:
                touched[lead_id] = max(touched[lead_id], followup.date)
        return touched
