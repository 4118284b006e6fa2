# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmStage(models.Model):
    _inherit = "crm.stage"

    jxc_probability = fields.Float(
        string="Probability (%)",
        digits=(16, 2),
        help="Of opportunities in this stage. 0: as the platform estimates it from"
        " those won and lost before.",
    )

    @api.constrains("jxc_probability")
    def _check_jxc_probability(self):
        for stage in self:
            if not 0 <= stage.jxc_probability < 100:
                raise ValidationError(
                    self.env._(
                        "The probability of stage %(stage)s is %(probability)s; it must"
                        " be at least 0 and below 100 %%. Only what is won is certain.",
                        stage=stage.name,
                        probability=stage.jxc_probability,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "jxc_probability" in vals:
            leads = self.env["crm.lead"].sudo()
            leads = leads.search(
                [("stage_id", "in", self.ids), ("won_status", "=", "pending")]
            )
            if leads:
                leads._compute_probabilities()
        return result
