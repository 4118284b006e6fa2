# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcCompetitor(models.Model):
    """Whom opportunities are won from and lost to."""

    _name = "jxc.competitor"
    _description = "Competitor"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        help="Empty: known to all companies.",
        index="btree_not_null",
    )
    website = fields.Char()
    strengths = fields.Text()
    weaknesses = fields.Text()
    meeting_ids = fields.One2many(
        comodel_name="jxc.lead.competitor",
        inverse_name="competitor_id",
        string="Met in Opportunities",
        readonly=True,
    )
    met_count = fields.Integer(string="Met", compute="_compute_counts")
    won_count = fields.Integer(string="We Won", compute="_compute_counts")
    lost_count = fields.Integer(string="Lost to Them", compute="_compute_counts")

    _name_unique = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))",
        "This competitor is listed already.",
    )

    def _compute_counts(self):
        """Of the opportunities the user may see."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        won, met, lost = {}, {}, {}
        for competitor, status, count in self.env["jxc.lead.competitor"]._read_group(
            [("competitor_id", "in", self.ids)],
            ["competitor_id", "won_status"],
            ["__count"],
        ):
            met[competitor] = met.get(competitor, 0) + count
            if status == "won":
                won[competitor] = count
        if self.ids:
            lost = dict(
                leads._read_group(
                    [("jxc_lost_to_id", "in", self.ids), ("won_status", "=", "lost")],
                    ["jxc_lost_to_id"],
                    ["__count"],
                )
            )
        for competitor in self:
            competitor.met_count = met.get(competitor, 0)
            competitor.won_count = won.get(competitor, 0)
            competitor.lost_count = lost.get(competitor, 0)
