# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS

from .jxc_pool_mixin import LOGGED, MANAGER


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "jxc.pool.mixin"]

    # The keys as well: whoever clears one hides a duplicate.
    _jxc_server_fields = frozenset(
        {
            "jxc_pool_state",
            "jxc_pool_company_id",
            "jxc_name_key",
            "jxc_phone_key",
            "jxc_vat_key",
        }
    )

    # What belongs to whom is asked for by every list of a salesperson.
    user_id = fields.Many2one(index="btree_not_null")
    jxc_owner_id = fields.Many2one(
        related="commercial_partner_id.user_id",
        string="Owner",
        groups="sales_team.group_sale_salesman,jxc_base.group_executive",
        # The salesperson it is taken from is tracked, once is enough.
        tracking=False,
        help="Salesperson of the commercial entity.",
    )
    jxc_pool_log_ids = fields.One2many(
        comodel_name="jxc.pool.log",
        inverse_name="partner_id",
        string="History of Owners",
        domain=[("lead_id", "=", False)],
        groups=NO_ACCESS,
    )

    def _jxc_in_pool_scheme(self):
        """Contact persons belong to their company's owner."""
        return self.filtered(lambda partner: partner == partner.commercial_partner_id)

    def _get_jxc_pool_depends(self):
        return [*super()._get_jxc_pool_depends(), "commercial_partner_id"]

    def _jxc_pool_log_values(self):
        return {"partner_id": self.id}

    def write(self, vals):
        if {"parent_id", "is_company"} & vals.keys():
            self._jxc_check_moves(vals)
        return super().write(vals)

    def _jxc_check_moves(self, vals):
        """Refuse to move contacts of others below another company.

        Whose a contact is follows from its company: below an own one it would be taken
        without a claim, and a person taken out would be nobody's.

        :raise AccessError: naming the contacts, for anyone but sales managers
        """
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        refused = self.browse()
        for partner, known in zip(self, self.sudo(), strict=True):
            entity = known.commercial_partner_id
            parent = vals.get("parent_id", known.parent_id.id)
            on_its_own = vals.get("is_company", known.is_company) or not parent
            moves = (
                (not on_its_own)
                if entity == known
                else (on_its_own or parent != known.parent_id.id)
            )
            taken = entity.user_id or entity.jxc_pool_date
            if moves and taken and entity.user_id != self.env.user:
                refused |= partner if entity._jxc_owner_is_guarded() else self.browse()
        if refused:
            raise AccessError(
                self.env._(
                    "%(names)s belong to customers that are not yours: claim those"
                    " first, or ask a sales manager to move them.",
                    names=", ".join(refused.sudo().mapped("display_name")),
                )
            )

    def _jxc_owner_is_guarded(self):
        """Owners follow from the pool where the company uses one."""
        partner = self.sudo()
        is_entity = partner == partner.commercial_partner_id
        return is_entity and partner._jxc_pool_is_used()

    def _jxc_set_owner(self, user, kind, reason=None):
        """Open leads of the customer that have no owner, or the former one, follow.

        Those of companies that the new owner does not work for wait for their own.
        """
        leads = (
            self._jxc_leads_claimed(user)
            if kind == "claim"
            else self._jxc_leads_that_follow(user, self.user_id)
        )
        result = super()._jxc_set_owner(user, kind, reason)
        if user:
            leads._jxc_set_owner(user, kind, reason)
        else:
            leads.filtered("user_id")._jxc_fall(kind, reason)
        return result

    def _jxc_note_owner_change(self, before):
        """An assignment takes the open leads along, as a claim does."""
        result = super()._jxc_note_owner_change(before)
        if self.env.context.get("jxc_pool_logged") is LOGGED:
            return result
        moved = self.filtered(lambda one: one.user_id and one._jxc_is_guarded())
        moved = moved._jxc_in_pool_scheme()
        groups = moved.grouped(lambda one: (before[one.id], one.user_id))
        for (former, owner), partners in groups.items():
            leads = partners._jxc_leads_that_follow(owner, former)
            leads._jxc_set_owner(owner, "assign")
        return result

    def _jxc_leads_that_follow(self, user, owners):
        """Return the open leads of these customers that get the new owner too.

        :param user: who gets the customers; empty when they go into the pool
        :param owners: who had them
        """
        leads = self.env["crm.lead"].search(
            [
                ("partner_id", "child_of", self.ids),
                ("user_id", "in", [*owners.ids, False]),
                ("stage_id.is_won", "=", False),
            ]
        )
        if not user:
            return leads
        return leads.filtered(
            lambda lead: (
                lead.company_id in [lead.company_id.browse(), *user.company_ids]
            )
        )

    def _jxc_leads_claimed(self, user):
        """Return the open leads that come along with a claim.

        What this person has just lost does not: the cool-down of a lead is no shorter
        for who claims its customer. It stays in the pool, where others claim it.
        """
        leads = self._jxc_leads_that_follow(user, self.env["res.users"])
        return leads.filtered(lambda lead: not lead._jxc_cool_down_until(user))

    def _jxc_claimed_places(self, user):
        """Their open leads come along, and each takes a place."""
        return super()._jxc_claimed_places(user) + len(self._jxc_leads_claimed(user))
