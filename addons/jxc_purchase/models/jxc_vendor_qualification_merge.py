# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

#: Which decision stays in force when two vendors become one.
PRECEDENCE = ("suspended", "qualified", "pending", "none")


class JxcVendorQualification(models.Model):
    """What becomes of two qualifications when two vendors become one."""

    _inherit = "jxc.vendor.qualification"

    @api.model
    def _settle_merge(self, partners, kept):
        """Leave one qualification of each company in force; archive the others.

        :param partners: all vendors that become one
        :param kept: the one of them that stays
        """
        found = self.search([("partner_id", "in", partners.ids)])
        for rows in found.grouped("company_id").values():
            if len(rows) == 1:
                continue
            rows = rows.sorted(lambda one: one._merge_rank(kept))
            rows[1:].write({"active": False})
            rows[0]._note_merge(rows[1:])
        self.flush_model()

    def _merge_rank(self, kept):
        """Sort key: which of several qualifications stays, lowest first."""
        self.ensure_one()
        return PRECEDENCE.index(self.state), self.partner_id != kept, -self.id

    def _note_merge(self, others):
        told = others.with_context(lang=self.company_id._jxc_lang())
        labels = dict(self._fields["state"]._description_selection(told.env))
        for one in told:
            self.message_post(
                body=told.env._(
                    "%(vendor)s was merged into this vendor. Its own qualification"
                    " (%(state)s) is archived.",
                    vendor=one.partner_id.display_name,
                    state=labels[one.state],
                )
            )
