# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import periods


class JxcVendorEvaluationBatch(models.TransientModel):
    """Make the evaluations of a period for many vendors at once."""

    _name = "jxc.vendor.evaluation.batch"
    _description = "Make Vendor Evaluations"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_period()[0],
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: self._default_period()[1],
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Vendors",
        check_company=True,
        help="Empty: all vendors from whom something was ordered or expected in the"
        " period.",
    )

    def _default_period(self):
        kind = self.env.company.jxc_vendor_period
        return periods.last_period(
            fields.Date.context_today(self),
            kind if kind in periods.MONTHS else "quarter",
        )

    def action_create_evaluations(self):
        """Make and compute drafts, and open them.

        :return: action
        :raise AccessError: the user may not make evaluations
        :raise UserError: there is no vendor who has none yet
        """
        self.ensure_one()
        evaluations = self.env["jxc.vendor.evaluation"]
        evaluations.check_access("create")
        if self.date_from > self.date_to:
            raise UserError(self.env._("A period cannot end before it starts."))
        partners = self.partner_ids.commercial_partner_id if self.partner_ids else None
        made = evaluations._create_batch(
            self.company_id, self.date_from, self.date_to, partners
        )
        if not made:
            raise UserError(
                self.env._(
                    "Nothing to make from %(start)s to %(end)s: nobody delivered or was"
                    " ordered from, or everybody has an evaluation already.",
                    start=self.date_from,
                    end=self.date_to,
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_purchase.jxc_vendor_evaluation_action"
        )
        return {**action, "domain": [("id", "in", made.ids)], "context": {}}
