# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResPartner(models.Model):
    """From whom nothing can be ordered today, before there is an order."""

    _inherit = "res.partner"

    def _jxc_blocked_vendors(self, company, product=None):
        """Return those of these vendors whose orders would be refused today.

        As confirming an order says: for their grade, their qualification, or the
        certificates that a product needs; not where they are exempt.

        :param company: the one that orders
        :param product: one product.product; None asks for no certificates
        :return: res.partner, a part of these
        """
        # sudo: who plans purchases need not read grades and papers
        vendors = self.sudo().commercial_partner_id
        today = fields.Date.context_today(self)
        found = vendors._jxc_blocked_by_standing(company)
        if product:
            found |= vendors._jxc_blocked_by_papers(company, product.sudo(), today)
        if not found:
            return self.browse()
        exemptions = self.env["jxc.vendor.exemption"].sudo()
        found -= exemptions._in_force(vendors, company, today)
        ids = {vendor_id for vendor_id, _kind in found}
        return self.filtered(lambda one: one.sudo().commercial_partner_id.id in ids)

    def _jxc_blocked_by_standing(self, company):
        """Return {(vendor id, kind)} that grade or qualification block."""
        orders = self.env["purchase.order"].sudo()
        problems = {"qualification": orders._jxc_qualification_problems(company, self)}
        if any(self.mapped("jxc_was_graded_d")):
            problems["grade"] = orders._jxc_grade_problems(company, self)
        return {
            (vendor_id, kind)
            for kind, texts in problems.items()
            for vendor_id, (control, _text) in texts.items()
            if control == "block"
        }

    def _jxc_blocked_by_papers(self, company, product, today):
        """Return {(vendor id, "certificate")} of who lacks what a product needs."""
        types = self.env["jxc.vendor.certificate.type"].sudo()
        if not types._asked_by(company.id):
            return set()
        needed = types._asked_for(product, company).get(product, types.browse())
        needed = set(needed.filtered(lambda one: one.control == "block"))
        if not needed:
            return set()
        certificates = self.env["jxc.vendor.certificate"].sudo()
        valid = certificates._valid_types(self, company, today)
        return {
            (vendor.id, "certificate")
            for vendor in self
            if not needed.issubset(valid.get(vendor.id, ()))
        }
