# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

STATUS = [("pending", "In Progress"), ("won", "Won"), ("lost", "Lost")]


class JxcLeadStageLog(models.Model):
    """An opportunity entered a stage, was won, lost or opened again; never changed.

    Rows are added by the server whenever the stage or outcome of an opportunity
    changes, whatever changed it.
    """

    _name = "jxc.lead.stage.log"
    _description = "Stage Change of an Opportunity"
    _order = "date desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    date = fields.Datetime(required=True, readonly=True)
    from_stage_id = fields.Many2one(
        comodel_name="crm.stage", readonly=True, ondelete="set null"
    )
    stage_id = fields.Many2one(
        comodel_name="crm.stage", readonly=True, ondelete="set null"
    )
    status = fields.Selection(selection=STATUS, required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Changed by",
        readonly=True,
        ondelete="set null",
    )

    _lead_date = models.Index("(lead_id, date, id)")

    def init(self):
        """Opportunities that were there before begin with the stage they are in."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO jxc_lead_stage_log (
                    lead_id, date, stage_id, status, create_date, write_date
                )
                SELECT l.id, COALESCE(l.date_last_stage_update, l.create_date),
                       l.stage_id, COALESCE(l.won_status, 'pending'),
                       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
                  FROM crm_lead l
                 WHERE l.type = 'opportunity'
                   AND NOT EXISTS (
                       SELECT FROM jxc_lead_stage_log log WHERE log.lead_id = l.id
                   )
                """
            )
        )

    def write(self, vals):
        if self:
            raise AccessError(self.env._("The history of stages is not rewritten."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("The history of stages is kept."))
