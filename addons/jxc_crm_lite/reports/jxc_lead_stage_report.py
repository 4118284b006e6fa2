# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

from ..models.jxc_lead_stage_log import STATUS


class JxcLeadStageReport(models.Model):
    """Stays of opportunities in stages: funnel, conversion and time, from the history.

    One row per stay. The last one of an opportunity is the current one and carries its
    amounts; a stage counts as reached once per opportunity, and as passed when the
    opportunity got further or was won later.
    """

    _name = "jxc.lead.stage.report"
    _description = "Funnel and Time in Stage"
    _auto = False
    _rec_name = "lead_id"
    _order = "date_in desc, id desc"
    _depends = {
        "jxc.lead.stage.log": ["lead_id", "date", "stage_id", "status"],
        "crm.lead": ["company_id", "user_id", "team_id", "partner_id", "active"]
        + ["expected_revenue", "prorated_revenue", "create_date", "lost_reason_id"]
        + ["jxc_lost_to_id", "date_deadline", "type"],
        "crm.stage": ["sequence"],
    }

    lead_id = fields.Many2one(
        comodel_name="crm.lead", string="Opportunity", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", readonly=True
    )
    stage_id = fields.Many2one(comodel_name="crm.stage", readonly=True)
    status = fields.Selection(selection=STATUS, string="Outcome", readonly=True)
    lost_reason_id = fields.Many2one(comodel_name="crm.lost.reason", readonly=True)
    lost_to_id = fields.Many2one(
        comodel_name="jxc.competitor", string="Lost to", readonly=True
    )
    date_in = fields.Datetime(string="Entered on", readonly=True)
    date_out = fields.Datetime(string="Left on", readonly=True)
    date_created = fields.Datetime(string="Created on", readonly=True)
    date_deadline = fields.Date(string="Expected Closing", readonly=True)
    is_current = fields.Boolean(string="Current", readonly=True)
    lead_count = fields.Integer(
        string="Opportunities",
        readonly=True,
        help="In their present stage.",
    )
    amount = fields.Monetary(
        string="Expected Revenue",
        readonly=True,
        help="Of opportunities in their present stage.",
    )
    weighted = fields.Monetary(
        string="Weighted Revenue",
        readonly=True,
        help="Expected revenue by probability, of opportunities in their present"
        " stage.",
    )
    reached_count = fields.Integer(
        string="Reached", readonly=True, help="Opportunities that were ever here."
    )
    passed_count = fields.Integer(
        string="Got Further",
        readonly=True,
        help="Opportunities that went on to a later stage or were won.",
    )
    conversion = fields.Float(
        string="Conversion (%)",
        readonly=True,
        aggregator="sum",
        digits=(16, 1),
        help="Of those that reached the stage, how many got further.",
    )
    days = fields.Float(
        string="Days in Stage",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Up to now when it is still there. Average.",
    )
    cycle_days = fields.Float(
        string="Days to Win",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the first day of the opportunity to the order. Average.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """The conversion of a group is that of its sums."""
        if aggregate_spec != "conversion:sum":
            return super()._read_group_select(aggregate_spec, query)
        passed, reached = (
            self._field_to_sql(self._table, name, query)
            for name in ("passed_count", "reached_count")
        )
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", passed, reached)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH stay AS (
                SELECT log.id, log.lead_id, log.stage_id, log.status, log.date,
                       stage.sequence,
                       LEAD(log.date) OVER lead_row AS date_out,
                       LEAD(log.id) OVER lead_row IS NULL AS is_current,
                       MIN(log.date) OVER (PARTITION BY log.lead_id) AS begun,
                       ROW_NUMBER() OVER (
                           PARTITION BY log.lead_id, log.stage_id,
                                        log.status = 'lost'
                           ORDER BY log.date, log.id
                       ) = 1 AND log.status <> 'lost' AS is_first,
                       MAX(stage.sequence) FILTER (WHERE log.status <> 'lost')
                           OVER later AS later_sequence,
                       BOOL_OR(log.status = 'won') OVER later AS won_later
                  FROM jxc_lead_stage_log log
                  LEFT JOIN crm_stage stage ON stage.id = log.stage_id
                WINDOW lead_row AS (PARTITION BY log.lead_id ORDER BY log.date, log.id),
                       later AS (
                           PARTITION BY log.lead_id ORDER BY log.date, log.id
                           ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
                       )
            )
            SELECT stay.id, stay.lead_id, l.partner_id, l.company_id,
                   company.currency_id, l.user_id, l.team_id, stay.stage_id,
                   stay.status, l.lost_reason_id,
                   l.jxc_lost_to_id AS lost_to_id, stay.date AS date_in,
                   stay.date_out, l.create_date AS date_created, l.date_deadline,
                   stay.is_current,
                   stay.is_current::int AS lead_count,
                   CASE WHEN stay.is_current THEN l.expected_revenue END AS amount,
                   CASE WHEN stay.is_current AND stay.status <> 'lost'
                        THEN l.prorated_revenue END AS weighted,
                   stay.is_first::int AS reached_count,
                   passed.yes AS passed_count,
                   CASE WHEN stay.is_first THEN 100.0 * passed.yes END AS conversion,
                   CASE WHEN stay.status = 'pending' THEN EXTRACT(EPOCH FROM
                        COALESCE(stay.date_out, %(now)s) - stay.date) / 86400 END
                   AS days,
                   CASE WHEN stay.status = 'won' AND stay.is_current
                        THEN EXTRACT(EPOCH FROM
                             stay.date - LEAST(stay.begun, l.create_date)) / 86400 END
                   AS cycle_days
              FROM stay
              JOIN crm_lead l ON l.id = stay.lead_id
              LEFT JOIN res_users owner ON owner.id = l.user_id
              LEFT JOIN res_company company
                ON company.id = COALESCE(l.company_id, owner.company_id)
              CROSS JOIN LATERAL (
                   SELECT (stay.is_first AND (
                              stay.status = 'won'
                              OR COALESCE(stay.won_later, FALSE)
                              OR COALESCE(stay.later_sequence > stay.sequence, FALSE)
                          ))::int AS yes
              ) passed
             WHERE l.type = 'opportunity'
            """,
            now=fields.Datetime.now(),
        )
