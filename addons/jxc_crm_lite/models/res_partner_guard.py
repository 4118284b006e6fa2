# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import AccessError

from .jxc_pool_mixin import SELLER

TEAM = "jxc_crm_lite.group_sale_team"
ALL = "sales_team.group_sale_salesman_all_leads"
GUARDED = ("create", "write", "unlink")


class ResPartner(models.Model):
    """Whose customer it is also says which salesperson may change it.

    Reading colleagues' customers and selling to them stays free where the rules over
    records allow it; names, addresses, files, archiving and deleting are the owner's,
    his team's, or of who sees all documents, and so are the contacts below. It holds
    where the owner's company uses the public pool, or shows customers by owner.
    Employees outside sales keep the platform's rights: they look after addresses and
    terms of payment of everybody.
    """

    _inherit = "res.partner"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or operation not in GUARDED or self.env.su or not any(self._ids):
            return result
        refused = self._jxc_customers_of_others()
        if not refused:
            return None
        return refused, lambda: AccessError(
            self.env._(
                "%(names)s: customers of others, and such as lie in the public pool,"
                " are not yours to change or to delete, nor are their contacts. Claim"
                " them, or ask the owner or a sales manager.",
                names=", ".join(refused.sudo().mapped("display_name")[:10]),
            )
        )

    def _jxc_customers_of_others(self):
        """Return the contacts that the role in sales of the user does not reach."""
        user = self.env.user
        if not user.has_group(SELLER) or user.has_group(ALL):
            return self.browse()
        reached = user
        if user.has_group(TEAM):
            reached |= user._jxc_team_mates()
        guarded = {}
        refused = []
        # sudo: owner and company of a contact decide, whether or not they are shown
        for partner, known in zip(self, self.sudo(), strict=True):
            entity = known.commercial_partner_id
            if entity not in guarded:
                guarded[entity] = (
                    bool(entity.user_id or entity.jxc_pool_date)
                    and entity.user_id not in reached
                    and entity != user.partner_id.sudo().commercial_partner_id
                    and entity._jxc_is_guarded()
                )
            if guarded[entity]:
                refused.append(partner.id)
        return self.browse(refused)

    def _jxc_is_guarded(self):
        """Whether the company whose customer it is keeps customers apart."""
        company = self._jxc_pool_company()
        return company.jxc_pool_active or company.jxc_customers_by_owner


class ResUsers(models.Model):
    _inherit = "res.users"

    def _jxc_team_mates(self):
        """Return the members of the sales teams that the user belongs to or leads."""
        self.ensure_one()
        # sudo: whoever is in a team belongs to it, also if its members are not shown
        members = self.env["crm.team.member"].sudo()
        return members.search(
            [
                "|",
                ("crm_team_id.user_id", "=", self.id),
                (
                    "crm_team_id.crm_team_member_ids",
                    "any",
                    [("active", "=", True), ("user_id", "=", self.id)],
                ),
            ]
        ).user_id
