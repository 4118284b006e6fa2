# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .jxc_vendor_evaluation import GRADES

READERS = "jxc_purchase.group_vendor_rater,jxc_base.group_executive"


class ResPartner(models.Model):
    """What the last validated evaluation says, in the current company."""

    _inherit = "res.partner"

    jxc_evaluation_ids = fields.One2many(
        comodel_name="jxc.vendor.evaluation",
        inverse_name="partner_id",
        string="Vendor Evaluations",
        readonly=True,
        groups=READERS,
    )
    jxc_evaluation_count = fields.Integer(
        compute="_compute_jxc_evaluation_count",
        string="Evaluations",
        groups=READERS,
    )
    jxc_vendor_score = fields.Float(
        string="Vendor Score",
        compute="_compute_jxc_vendor_grade",
        digits=(5, 2),
        groups=READERS,
        help="Of the last validated evaluation in this company.",
    )
    jxc_vendor_grade = fields.Selection(
        selection=GRADES,
        string="Vendor Grade",
        compute="_compute_jxc_vendor_grade",
        search="_search_jxc_vendor_grade",
        groups=READERS,
    )
    jxc_was_graded_d = fields.Boolean(
        compute="_compute_jxc_was_graded_d",
        store=True,
        groups=READERS,
        export_string_translation=False,
        help="Whether any company ever gave grade D. Each order asks; those of the"
        " others need not look closer.",
    )
    jxc_score_trend = fields.Text(
        compute="_compute_jxc_score_trend",
        string="Score Trend",
        groups=READERS,
        export_string_translation=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_no_grade(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_no_grade(vals)
        return super().write(vals)

    def _jxc_check_no_grade(self, vals):
        """:raise AccessError: a client says what follows from evaluations"""
        if "jxc_was_graded_d" in vals and not self.env.su:
            raise AccessError(
                self.env._("Grades of vendors follow from their evaluations.")
            )

    @api.model
    def _jxc_vendor_score(self, company):
        """Return {partner id: score from 0 to 100, or None} for the whole recordset.

        The score is that of the last validated evaluation by this company: the one
        whose period ends last. Contacts have the score of their company.

        :param company: one ``res.company``
        """
        found = self._jxc_last_evaluations(company)
        return {
            partner_id: evaluation.score if evaluation else None
            for partner_id, evaluation in found.items()
        }

    def _jxc_vendor_scores(self):
        """What inspection rules ask, in the company that receives."""
        scores = super()._jxc_vendor_scores()
        for partner_id, score in self._jxc_vendor_score(self.env.company).items():
            if score is not None:
                scores[self.browse(partner_id)] = score
        return scores

    def _jxc_last_evaluations(self, company):
        """Return {partner id: last validated evaluation, or none}, in one query."""
        evaluations = self.env["jxc.vendor.evaluation"].sudo()
        rows = evaluations.search_fetch(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "=", "validated"),
            ],
            ["partner_id", "score", "grade", "date_to", "period"],
            order="date_to, date_from, id",
        )
        last = {row.partner_id.id: row for row in rows}
        return {
            partner.id: last.get(partner.commercial_partner_id.id, evaluations)
            for partner in self
        }

    @api.depends("jxc_evaluation_ids.state", "commercial_partner_id")
    @api.depends_context("company")
    def _compute_jxc_vendor_grade(self):
        found = self._jxc_last_evaluations(self.env.company)
        for partner in self:
            evaluation = found.get(partner.id)
            partner.jxc_vendor_score = evaluation.score if evaluation else 0.0
            partner.jxc_vendor_grade = evaluation.grade if evaluation else False

    @api.depends("jxc_evaluation_ids.grade", "jxc_evaluation_ids.state")
    def _compute_jxc_was_graded_d(self):
        graded = self.env["jxc.vendor.evaluation"].sudo()
        groups = graded._read_group(
            [
                ("partner_id", "in", self.ids),
                ("state", "=", "validated"),
                ("grade", "=", "d"),
            ],
            ["partner_id"],
        )
        ids = {partner.id for (partner,) in groups}
        for partner in self:
            partner.jxc_was_graded_d = partner._origin.id in ids

    def _search_jxc_vendor_grade(self, operator, value):
        if operator != "in":
            return NotImplemented
        evaluations = self.env["jxc.vendor.evaluation"].search_fetch(
            [("company_id", "=", self.env.company.id), ("state", "=", "validated")],
            ["partner_id", "grade"],
            order="date_to, date_from, id",
        )
        last = {one.partner_id.id: one.grade for one in evaluations}
        wanted = [partner_id for partner_id, grade in last.items() if grade in value]
        domain = Domain("commercial_partner_id", "in", wanted)
        if False in value:
            domain |= Domain("commercial_partner_id", "not in", list(last))
        return domain

    @api.depends("jxc_evaluation_ids")
    @api.depends_context("company")
    def _compute_jxc_evaluation_count(self):
        counts = dict(
            self.env["jxc.vendor.evaluation"]._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("state", "!=", "replaced"),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.jxc_evaluation_count = counts.get(partner.commercial_partner_id, 0)

    @api.depends("jxc_evaluation_ids.state", "commercial_partner_id")
    @api.depends_context("company", "lang")
    def _compute_jxc_score_trend(self):
        """The validated scores, in the form that the platform's small chart reads."""
        rows = self.env["jxc.vendor.evaluation"].search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "=", "validated"),
            ],
            ["partner_id", "period", "score"],
            order="date_to, date_from, id",
        )
        by_partner = rows.grouped("partner_id")
        for partner in self:
            values = [
                {"x": row.period, "y": row.score, "name": row.period}
                for row in by_partner.get(partner.commercial_partner_id, ())
            ]
            partner.jxc_score_trend = json.dumps(
                [{"key": self.env._("Score"), "title": "", "values": values[-24:]}]
            )

    def action_jxc_open_evaluations(self):
        """Show the evaluations of a vendor, as a line of scores over time first.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_purchase.jxc_vendor_evaluation_action"
        )
        partner = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "=", partner.id), ("state", "!=", "replaced")],
            "context": {"default_partner_id": partner.id},
        }
