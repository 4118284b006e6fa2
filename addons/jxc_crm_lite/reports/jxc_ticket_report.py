# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

from ..models.helpdesk_ticket_feedback import FAULTS, KINDS, SEVERITIES


class JxcTicketReport(models.Model):
    """Service levels and satisfaction, one row a ticket."""

    _name = "jxc.ticket.report"
    _description = "Ticket Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "ticket_id"
    _depends = {
        "helpdesk.ticket": [
            "active",
            "channel_id",
            "commercial_partner_id",
            "company_id",
            "jxc_kind",
            "jxc_opened_at",
            "jxc_product_id",
            "jxc_reason_id",
            "jxc_response_at",
            "jxc_response_deadline",
            "jxc_response_late",
            "jxc_response_taken",
            "jxc_severity",
            "jxc_solve_deadline",
            "jxc_solve_late",
            "jxc_solve_taken",
            "jxc_solved_at",
            "jxc_vendor_id",
            "stage_id",
            "team_id",
            "user_id",
        ],
        "helpdesk.ticket.stage": ["closed", "jxc_not_counted"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "rating.rating": ["consumed", "rating", "res_id", "res_model"],
    }

    ticket_id = fields.Many2one(comodel_name="helpdesk.ticket", readonly=True)
    date = fields.Datetime(string="Opened on", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    team_id = fields.Many2one(comodel_name="helpdesk.ticket.team", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Assigned to", readonly=True
    )
    stage_id = fields.Many2one(comodel_name="helpdesk.ticket.stage", readonly=True)
    channel_id = fields.Many2one(comodel_name="helpdesk.ticket.channel", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    vendor_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    reason_id = fields.Many2one(comodel_name="jxc.ticket.reason", readonly=True)
    kind = fields.Selection(selection=KINDS, readonly=True)
    severity = fields.Selection(selection=SEVERITIES, readonly=True)
    is_closed = fields.Boolean(string="Closed", readonly=True)
    is_fault = fields.Boolean(string="Counted as Complaint", readonly=True)
    ticket_count = fields.Integer(string="Tickets", readonly=True)
    response_hours = fields.Float(
        string="First Response after (hours)", readonly=True, aggregator="avg"
    )
    solve_hours = fields.Float(
        string="Solution after (hours)", readonly=True, aggregator="avg"
    )
    response_kept = fields.Float(
        string="First Response in Time (%)", readonly=True, aggregator="avg"
    )
    solve_kept = fields.Float(
        string="Solution in Time (%)", readonly=True, aggregator="avg"
    )
    rating = fields.Float(readonly=True, aggregator="avg")
    satisfied = fields.Float(string="Satisfied (%)", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT ticket.id, ticket.id AS ticket_id, ticket.jxc_opened_at AS date,
                   ticket.company_id, ticket.team_id, ticket.user_id, ticket.stage_id,
                   ticket.channel_id, ticket.commercial_partner_id AS partner_id,
                   ticket.jxc_product_id AS product_id, template.categ_id,
                   ticket.jxc_vendor_id AS vendor_id,
                   ticket.jxc_reason_id AS reason_id,
                   ticket.jxc_kind AS kind, ticket.jxc_severity AS severity,
                   COALESCE(stage.closed, false) AS is_closed,
                   ticket.jxc_kind = ANY(%s)
                       AND NOT COALESCE(stage.jxc_not_counted, false) AS is_fault,
                   1 AS ticket_count,
                   CASE WHEN ticket.jxc_response_at IS NOT NULL
                        THEN ticket.jxc_response_taken END AS response_hours,
                   CASE WHEN ticket.jxc_solved_at IS NOT NULL
                        THEN ticket.jxc_solve_taken END AS solve_hours,
                   CASE WHEN ticket.jxc_response_deadline IS NULL THEN NULL
                        WHEN ticket.jxc_response_late THEN 0.0
                        WHEN ticket.jxc_response_at IS NOT NULL THEN 100.0
                   END AS response_kept,
                   CASE WHEN ticket.jxc_solve_deadline IS NULL THEN NULL
                        WHEN ticket.jxc_solve_late THEN 0.0
                        WHEN ticket.jxc_solved_at IS NOT NULL THEN 100.0
                   END AS solve_kept,
                   word.rating,
                   CASE WHEN word.rating >= 4 THEN 100.0
                        WHEN word.rating IS NOT NULL THEN 0.0 END AS satisfied
              FROM helpdesk_ticket ticket
              LEFT JOIN helpdesk_ticket_stage stage ON stage.id = ticket.stage_id
              LEFT JOIN product_product product ON product.id = ticket.jxc_product_id
              LEFT JOIN product_template template
                ON template.id = product.product_tmpl_id
              LEFT JOIN (
                SELECT res_id, AVG(rating) AS rating FROM rating_rating
                 WHERE res_model = 'helpdesk.ticket' AND consumed AND rating > 0
                 GROUP BY res_id) word ON word.res_id = ticket.id
             WHERE ticket.active
            """,
            list(FAULTS),
        )
