# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcXlsxFill(models.TransientModel):
    """The period for which a workbook template is filled in."""

    _name = "jxc.xlsx.fill"
    _description = "Fill a Workbook Template"

    template_id = fields.Many2one(
        comodel_name="jxc.xlsx.template",
        required=True,
        ondelete="cascade",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env["jxc.trial.balance"]._default_period()[0],
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: self.env["jxc.trial.balance"]._default_period()[1],
    )
    file = fields.Binary(
        readonly=True,
        attachment=False,
    )
    file_name = fields.Char(readonly=True)

    def action_fill(self):
        """Fill the template in and download it."""
        self.ensure_one()
        result = self.template_id.fill(
            self.date_from, self.date_to, self.env.company.id
        )
        self.write({"file": result["content"], "file_name": result["name"]})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file"
            "?download=true&filename_field=file_name",
            "target": "self",
        }
