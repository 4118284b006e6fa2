# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .jxc_pool_mixin import MANAGER, SELLER


class JxcPoolMixin(models.AbstractModel):
    """What was archived or lost for a while does not pass a limit."""

    _inherit = "jxc.pool.mixin"

    def write(self, vals):
        if vals.get("active"):
            self._jxc_take_restored_places()
        return super().write(vals)

    def _jxc_take_restored_places(self):
        """What was archived, or lost, took no place of its owner's; taken back it does.

        :raise UserError: the owner may not own more; for anyone but sales managers
        """
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        restored = self.sudo().filtered(
            lambda record: (
                not record.active and record.user_id and record._jxc_owner_is_guarded()
            )
        )
        quotas = self.env["jxc.pool.quota"]
        for owner, records in restored.grouped("user_id").items():
            companies = records.jxc_pool_company_id or owner.company_id
            shortage = quotas._shortage(owner, companies, len(records))
            if shortage:
                raise UserError(
                    self.env._(
                        "%(user)s owns %(used)d customers and leads; the limit is"
                        " %(capacity)d, so %(asked)d archived ones cannot be taken"
                        " back. Release some, or ask a sales manager.",
                        user=owner.name,
                        used=shortage.used,
                        capacity=shortage.capacity,
                        asked=shortage.asked,
                    )
                )


class ResPartner(models.Model):
    """A second customer of the same name does not pass a limit."""

    _inherit = "res.partner"

    @api.constrains("name", "phone", "vat", "is_company", "parent_id")
    def _check_jxc_pool_copies(self):
        """Refuse to enter a customer of the pool again instead of claiming it.

        With a second one, its last owner would not wait, and others pass their limit.

        :raise ValidationError: naming the one in the pool
        """
        user = self.env.user
        # The platform validates with superuser rights: the person counts.
        if self.env.uid == SUPERUSER_ID or not user.has_group(SELLER):
            return
        if user.has_group(MANAGER):
            return
        entities = self.sudo().filtered(
            lambda partner: (
                partner == partner.commercial_partner_id and not partner.jxc_pool_date
            )
        )
        by_key = {
            name: {key for key in entities.mapped(name) if key}
            for name in ("jxc_phone_key", "jxc_vat_key", "jxc_name_key")
        }
        domain = Domain.OR(Domain(name, "in", keys) for name, keys in by_key.items())
        domain &= Domain("jxc_pool_date", "!=", False)
        domain &= Domain("company_id", "in", [*user.company_ids.ids, False])
        if not any(by_key.values()):
            return
        pooled = self.sudo().with_context(active_test=False).search(domain)
        pooled = pooled.filtered(lambda one: one._jxc_owner_is_guarded())
        for partner in entities:
            same = pooled.filtered(lambda one, own=partner: own._jxc_is_same(one))
            if same:
                raise ValidationError(
                    self.env._(
                        "%(name)s is in the public pool already, as %(other)s: claim"
                        " that one, or ask a sales manager.",
                        name=partner.display_name,
                        other=same[0].display_name,
                    )
                )

    def _jxc_is_same(self, other):
        """Whether two entities have one number, or are companies of one name."""
        return (
            (self.jxc_phone_key and self.jxc_phone_key == other.jxc_phone_key)
            or (self.jxc_vat_key and self.jxc_vat_key == other.jxc_vat_key)
            or (
                self.is_company
                and other.is_company
                and self.jxc_name_key == other.jxc_name_key
            )
        )
