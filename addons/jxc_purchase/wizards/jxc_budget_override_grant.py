# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import sources


class JxcBudgetOverrideGrant(models.TransientModel):
    """Let one document take more than its budget lines have."""

    _name = "jxc.budget.override.grant"
    _description = "Give an Override"

    res_model = fields.Selection(
        selection=[
            (sources.REQUEST, "Purchase Request"),
            (sources.ORDER, "Purchase Order"),
            (sources.BILL, "Vendor Bill"),
        ],
        string="Document Type",
        required=True,
        readonly=True,
    )
    res_id = fields.Many2oneReference(
        string="Document",
        model_field="res_model",
        required=True,
        readonly=True,
    )
    reason = fields.Text(
        required=True,
    )
    date_until = fields.Date(
        string="Valid until",
    )
    line_ids = fields.One2many(
        comodel_name="jxc.budget.override.grant.line",
        inverse_name="wizard_id",
        string="Lines",
    )

    @api.model
    def default_get(self, fields):
        """Propose what is missing on each budget line of the document."""
        values = super().default_get(fields)
        model = values.get("res_model") or self.env.context.get("active_model")
        res_id = values.get("res_id") or self.env.context.get("active_id")
        models = dict(self._fields["res_model"].selection)
        if model not in models or not res_id:
            return values
        document = self.env[model].browse(res_id)
        document.check_access("read")
        values.update(res_model=model, res_id=res_id)
        if "line_ids" in fields:
            values["line_ids"] = [
                Command.create({"line_id": line.id, "amount": missing})
                for line, missing in self.env["jxc.budget.engine"]
                ._preview_missing(document)
                .items()
            ]
        return values

    def action_grant(self):
        """Give the overrides.

        :return: True
        :raise AccessError: the user is no budget manager
        :raise UserError: no amount is given
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.amount > 0)
        if not lines:
            raise UserError(self.env._("Enter how much may be taken beyond a budget."))
        self.env["jxc.budget.override"].create(
            [
                {
                    "line_id": line.line_id.id,
                    "res_model": self.res_model,
                    "res_id": self.res_id,
                    "amount": line.amount,
                    "reason": self.reason,
                    "date_until": self.date_until,
                }
                for line in lines
            ]
        )
        return True
