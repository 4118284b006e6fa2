# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history


class PurchaseOrder(models.Model):
    """No order from a vendor whose grade or papers forbid it."""

    _inherit = "purchase.order"

    jxc_vendor_hint = fields.Text(
        compute="_compute_jxc_vendor_hint",
        string="Vendor Hint",
        groups="purchase.group_purchase_user,jxc_base.group_executive",
        help="What would be said about the vendor if the order was confirmed now.",
    )
    jxc_vendor_blocked = fields.Boolean(
        compute="_compute_jxc_vendor_hint",
        groups="purchase.group_purchase_user,jxc_base.group_executive",
        export_string_translation=False,
    )

    @api.depends(
        "company_id",
        "order_line.product_id",
        "partner_id",
        "state",
    )
    def _compute_jxc_vendor_hint(self):
        open_orders = self.filtered(
            lambda order: order.state in ("draft", "sent", "to approve")
        )
        problems = open_orders.sudo()._jxc_vendor_problems()
        for order in self:
            found = problems.get(order.sudo(), [])
            order.jxc_vendor_hint = "\n".join(text for _c, text in found) or False
            order.jxc_vendor_blocked = any(one == "block" for one, _text in found)

    def _jxc_check_confirm(self):
        super()._jxc_check_confirm()
        self._jxc_check_vendors()

    def _jxc_check_vendors(self):
        """Refuse orders from vendors that are blocked, note warnings on the others.

        :raise UserError: naming order, vendor, and what is wrong
        """
        if is_history(self.env):
            return
        # Who confirms need not be allowed to read evaluations.
        problems = self.sudo()._jxc_vendor_problems()
        blocked, notes = [], {}
        for order in self:
            found = problems.get(order.sudo(), [])
            blocked += [
                self.env._("%(order)s: %(problem)s", order=order.name, problem=text)
                for control, text in found
                if control == "block"
            ]
            warnings = [text for control, text in found if control == "warn"]
            if warnings:
                notes[order.id] = Markup("<br/>").join(warnings)
        if blocked:
            blocked.append(
                self.env._(
                    "Ways out: order from another vendor, complete the vendor's papers,"
                    " or ask for an exemption (Purchase → Vendors → Exemptions)."
                )
            )
            raise UserError("\n\n".join(blocked))
        if notes:
            self.browse(notes).sudo()._message_log_batch(bodies=notes)

    def _jxc_vendor_problems(self):
        """Return {order: [(control, text)]} of what is wrong with its vendor today."""
        problems = defaultdict(list)
        today = fields.Date.context_today(self)
        for company, orders in (
            self.filtered("partner_id").grouped("company_id").items()
        ):
            partners = orders.partner_id.commercial_partner_id
            # For most orders it is not worth looking closer.
            graded_d = any(partners.mapped("jxc_was_graded_d"))
            by_vendor = {
                "grade": graded_d and orders._jxc_grade_problems(company, partners),
                "qualification": orders._jxc_qualification_problems(company, partners),
            }
            types = self.env["jxc.vendor.certificate.type"]
            needed = types._asked_by(company.id) and orders._jxc_needed_types(company)
            valid = {}
            if needed:
                valid = self.env["jxc.vendor.certificate"]._valid_types(
                    partners, company, today
                )
            if not (any(by_vendor.values()) or needed):
                continue
            exempt = self.env["jxc.vendor.exemption"]._in_force(
                partners, company, today
            )
            for order in orders:
                vendor = order.partner_id.commercial_partner_id
                for kind, found in by_vendor.items():
                    if found and vendor.id in found and (vendor.id, kind) not in exempt:
                        problems[order].append(found[vendor.id])
                if (vendor.id, "certificate") not in exempt:
                    types = needed.get(order, {}) if needed else {}
                    have = valid.get(vendor.id, ())
                    problems[order] += [
                        (one.control, order._jxc_certificate_text(one, product))
                        for one, product in types.items()
                        if one not in have
                    ]
        return problems

    def _jxc_grade_problems(self, company, partners):
        """Return {vendor id: (control, text)} for vendors with grade D."""
        control = company.jxc_vendor_grade_d_control
        if control == "none":
            return {}
        found = {}
        for partner_id, last in partners._jxc_last_evaluations(company).items():
            if last.grade == "d":
                text = self.env._(
                    "%(vendor)s has grade D (%(score)s points in %(period)s).",
                    vendor=last.partner_id.display_name,
                    score=last.score,
                    period=last.period,
                )
                found[partner_id] = (control, text)
        return found

    def _jxc_qualification_problems(self, company, partners):
        """Return {vendor id: (control, text)} for vendors not qualified today."""
        control = company.jxc_vendor_unqualified_control
        if control == "none":
            return {}
        found = self.env["jxc.vendor.qualification"]._problems(partners, company)
        names = {partner.id: partner.display_name for partner in partners}
        return {
            partner_id: (
                control,
                self.env._(
                    "%(vendor)s is not qualified: %(problem)s.",
                    vendor=names[partner_id],
                    problem=problem,
                ),
            )
            for partner_id, problem in found.items()
        }

    def _jxc_needed_types(self, company):
        """Return {order: {certificate type: first product that needs it}}."""
        types = self.env["jxc.vendor.certificate.type"]
        asked = types._asked_for(self.order_line.product_id, company)
        needed = {}
        for order in self:
            for product in order.order_line.product_id:
                for one in asked.get(product, ()):
                    needed.setdefault(order, {}).setdefault(one, product)
        return needed

    def _jxc_certificate_text(self, certificate_type, product):
        self.ensure_one()
        return self.env._(
            "%(vendor)s has no valid certificate “%(type)s”, which %(product)s needs.",
            vendor=self.partner_id.commercial_partner_id.display_name,
            type=certificate_type.name,
            product=product.display_name,
        )
