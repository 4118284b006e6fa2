# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults

from .jxc_vendor_evaluation_actions import VALIDATOR
from .res_partner_budget import PARENT_FIELDS

#: What is known of a vendor: ``{model: its field for the vendor}``.
JUDGED = {
    "jxc.vendor.certificate": "partner_id",
    "jxc.vendor.evaluation": "partner_id",
    "jxc.vendor.exemption": "partner_id",
    "jxc.vendor.qualification": "partner_id",
    "purchase.order": "partner_id",
    "purchase.requisition": "vendor_id",
}


class ResPartner(models.Model):
    """A vendor stays who it is.

    Grades, papers and what was ordered before are asked of the company that a partner
    belongs to. Who could put a vendor under another one would lend it their papers.
    """

    _inherit = "res.partner"

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        return own_defaults(self, defaults, {"commercial_partner_id"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_company_follows(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep the company of partners that are known as vendors.

        :raise AccessError: the user does not validate vendors
        """
        self._jxc_check_company_follows(vals)
        if not PARENT_FIELDS & set(vals) or self._jxc_may_move_vendors():
            return super().write(vals)
        family = self.sudo().with_context(active_test=False)
        family = family.search([("id", "child_of", self.ids)])
        before = {one: one.commercial_partner_id for one in family}
        result = super().write(vals)
        moved = family.filtered(lambda one: one.commercial_partner_id != before[one])
        moved._jxc_check_not_judged()
        return result

    def _jxc_may_move_vendors(self):
        return self.env.su or self.env.user.has_group(VALIDATOR)

    def _jxc_check_company_follows(self, vals):
        """:raise AccessError: a client writes what follows from the parent"""
        if "commercial_partner_id" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "Which company a contact belongs to follows from its parent."
                )
            )

    def _jxc_check_not_judged(self):
        """Refuse that partners move that were ordered from or judged as vendors.

        :raise AccessError: naming one of them and the way out
        """
        if not self:
            return
        for model, name in JUDGED.items():
            records = self.env[model].sudo().with_context(active_test=False)
            domain = [(name, "in", self.ids)]
            if "state" in records._fields and model.startswith("purchase."):
                domain.append(("state", "!=", "cancel"))
            found = records.search(domain, limit=1)
            if found:
                raise AccessError(
                    self.env._(
                        "%(vendor)s is known as a vendor (%(document)s): which company"
                        " it belongs to changes with somebody who validates vendor"
                        " evaluations.",
                        vendor=found[name].display_name,
                        document=found.display_name,
                    )
                )
