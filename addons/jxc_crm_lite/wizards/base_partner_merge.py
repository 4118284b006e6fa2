# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import mute_logger

from ..models.jxc_pool_mixin import KEPT_BY_MANAGERS, KEPT_BY_SERVER

MANAGERS = ("sales_team.group_sale_manager", "base.group_system")
# Rows of a contact that is merged away; the nightly run makes those of the kept one.
REMADE = ("jxc.customer.class", "jxc.partner.duplicate")
NOTED = ("name", "ref", "vat", "phone", "email", "street", "city", "zip", "comment")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """The platform's merge, on all its ways: who may, what is kept, what is noted.

    Follow-ups, orders, invoices, credit accounts and messages follow by their foreign
    keys. The kept contact keeps its owner; only without one it gets the other's.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) < 2:
            return super()._merge(partner_ids, dst_partner, extra_checks)
        self._jxc_check_may_merge(partners)
        if not dst_partner or dst_partner not in partners:
            dst_partner = self._get_ordered_partner(partners.ids)[-1]
        merged = partners - dst_partner
        log = self._jxc_prepare_merge_log(merged, dst_partner)
        self._jxc_remove_remade(merged)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                result = super()._merge(partner_ids, dst_partner, extra_checks)
                self.env.flush_all()
        except psycopg2.errors.UniqueViolation as error:
            raise UserError(
                self.env._(
                    "%(names)s cannot become one: each has its own record of"
                    " %(model)s. Settle and delete one of them first.",
                    names=", ".join(partners.mapped("display_name")),
                    model=self._jxc_model_name(error.diag.table_name),
                )
            ) from error
        except psycopg2.errors.InFailedSqlTransaction as error:
            # The platform takes every error of the database for a doubled row and goes
            # on: also the one that says a contact was just claimed or written.
            raise ConcurrencyError("A contact changed while it was merged") from error
        except (
            psycopg2.errors.ForeignKeyViolation,
            psycopg2.errors.RestrictViolation,
        ) as error:
            # All documents have moved but one that was written meanwhile: the next
            # try sees it.
            raise ConcurrencyError("A contact got a document meanwhile") from error
        self.env["jxc.partner.merge.log"].sudo().create(log)
        return result

    @api.model
    def _jxc_merge_for(self, partner_ids, kept, reason):
        """Merge with a reason, also contacts with different e-mail addresses.

        The platform lets only administrators do that, as it knows no other check.
        """
        self._merge(partner_ids, kept, extra_checks=False)
        log = self.env["jxc.partner.merge.log"].sudo()
        log.search([("partner_id", "=", kept.id)], limit=1).reason = reason

    def _jxc_check_may_merge(self, partners):
        """Refuse who may not, and contacts that are certainly two.

        :raise AccessError: for anyone but sales managers and administrators
        :raise UserError: different tax numbers or companies
        """
        if not (
            self.env.su or any(self.env.user.has_group(group) for group in MANAGERS)
        ):
            raise AccessError(self.env._("Only sales managers merge contacts."))
        partners.check_access("write")
        numbers = {partner.jxc_vat_key for partner in partners if partner.jxc_vat_key}
        if len(numbers) > 1:
            raise UserError(
                self.env._(
                    "%(names)s have different tax numbers (%(numbers)s): they are"
                    " different companies. Correct the wrong number first.",
                    names=", ".join(partners.mapped("display_name")),
                    numbers=", ".join(sorted(numbers)),
                )
            )
        if len(partners.company_id) > 1:
            raise UserError(
                self.env._(
                    "%(names)s belong to different companies (%(companies)s) and"
                    " stay apart.",
                    names=", ".join(partners.mapped("display_name")),
                    companies=", ".join(partners.company_id.mapped("name")),
                )
            )

    def _jxc_prepare_merge_log(self, merged, kept):
        details = []
        for partner in merged.sudo():
            parts = [f"{name}: {partner[name]}" for name in NOTED if partner[name]]
            if partner.user_id:
                parts.append(f"user: {partner.user_id.name}")
            details.append(f"#{partner.id} " + "; ".join(parts))
        return {
            "partner_id": kept.id,
            "kept": kept.display_name,
            "merged": ", ".join(merged.mapped("display_name")),
            "details": "\n".join(details),
            "company_id": kept.company_id.id,
            "user_id": self.env.uid,
        }

    def _jxc_remove_remade(self, merged):
        for name in REMADE:
            model = self.env[name].sudo()
            for field in ("partner_id", "other_id"):
                if field in model._fields:
                    model.search([(field, "in", merged.ids)]).unlink()

    def _jxc_model_name(self, table):
        for model in self.env.registry.values():
            if model._table == table and not model._abstract:
                return self.env["ir.model"]._get(model._name).sudo().name
        return table

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Owner and pool of the kept contact stay as they are, if it has an owner.

        As superuser: who may merge may fill what the kept contact lacks, also fields
        that follow from what happened, which nobody writes.
        """
        names = KEPT_BY_SERVER | KEPT_BY_MANAGERS
        target = dst_partner.sudo()
        owned = bool(target.user_id)
        before = {name: target[name] for name in names}
        result = super()._update_values(src_partners.sudo(), target)
        if owned:
            target.write(
                {
                    name: target._fields[name].convert_to_write(value, target)
                    for name, value in before.items()
                    if target[name] != value
                }
            )
        elif owner := src_partners.sudo().user_id[:1]:
            target._jxc_set_owner(owner, "assign")
        return result
