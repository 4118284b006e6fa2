# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

from ..models.helpdesk_ticket_feedback import FAULTS
from ..models.jxc_customer_class import ABC


class JxcRepeatReport(models.Model):
    """Who bought again, and how satisfied: one row a customer and company."""

    _name = "jxc.repeat.report"
    _description = "Repeat Purchase and Satisfaction"
    _auto = False
    _order = "last_order_date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "helpdesk.ticket": [
            "active",
            "commercial_partner_id",
            "company_id",
            "jxc_kind",
            "jxc_opened_at",
            "stage_id",
        ],
        "helpdesk.ticket.stage": ["jxc_not_counted"],
        "jxc.customer.class": ["abc", "company_id", "partner_id"],
        "rating.rating": ["consumed", "rating", "res_id", "res_model"],
        "res.partner": ["commercial_partner_id", "user_id"],
        "sale.order": [
            "amount_untaxed",
            "company_id",
            "currency_rate",
            "date_order",
            "partner_id",
            "state",
        ],
    }

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    abc = fields.Selection(selection=ABC, string="Customer Class", readonly=True)
    first_order_date = fields.Datetime(string="First Order", readonly=True)
    last_order_date = fields.Datetime(string="Last Order", readonly=True)
    customer_count = fields.Integer(string="Customers", readonly=True)
    order_count = fields.Integer(string="Orders", readonly=True)
    amount = fields.Monetary(
        string="Revenue",
        readonly=True,
        help="Untaxed, confirmed orders, company currency.",
    )
    repeat_rate = fields.Float(
        string="Bought again (%)",
        readonly=True,
        aggregator="avg",
        help="Customers with more than one order.",
    )
    ticket_count = fields.Integer(string="Tickets", readonly=True)
    fault_count = fields.Integer(string="Complaints", readonly=True)
    kept_rate = fields.Float(
        string="Bought again after a Complaint (%)",
        readonly=True,
        aggregator="avg",
        help="Of the customers who complained, those who have ordered since.",
    )
    rating = fields.Float(readonly=True, aggregator="avg")
    satisfied = fields.Float(
        string="Satisfied (%)",
        readonly=True,
        aggregator="avg",
        help="Customers whose ratings are 4 or better on average.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(ord.id) AS id, customer.id AS partner_id, ord.company_id,
                   customer.user_id, class.abc,
                   MIN(ord.date_order) AS first_order_date,
                   MAX(ord.date_order) AS last_order_date,
                   1 AS customer_count, COUNT(*) AS order_count,
                   SUM(ord.amount_untaxed / COALESCE(NULLIF(ord.currency_rate, 0), 1))
                       AS amount,
                   CASE WHEN COUNT(*) > 1 THEN 100.0 ELSE 0.0 END AS repeat_rate,
                   COALESCE(MAX(word.tickets), 0) AS ticket_count,
                   COALESCE(MAX(word.faults), 0) AS fault_count,
                   CASE WHEN MAX(word.last_fault) IS NULL THEN NULL
                        WHEN MAX(ord.date_order) > MAX(word.last_fault) THEN 100.0
                        ELSE 0.0 END AS kept_rate,
                   MAX(word.rating) AS rating,
                   CASE WHEN MAX(word.rating) >= 4 THEN 100.0
                        WHEN MAX(word.rating) IS NOT NULL THEN 0.0 END AS satisfied
              FROM sale_order ord
              JOIN res_partner buyer ON buyer.id = ord.partner_id
              JOIN res_partner customer ON customer.id = buyer.commercial_partner_id
              LEFT JOIN jxc_customer_class class ON class.partner_id = customer.id
               AND class.company_id = ord.company_id
              LEFT JOIN (
                SELECT ticket.commercial_partner_id, ticket.company_id,
                       COUNT(DISTINCT ticket.id) AS tickets,
                       COUNT(DISTINCT ticket.id) FILTER (WHERE %(fault)s) AS faults,
                       MAX(ticket.jxc_opened_at) FILTER (WHERE %(fault)s) AS last_fault,
                       AVG(rating.rating) AS rating
                  FROM helpdesk_ticket ticket
                  LEFT JOIN helpdesk_ticket_stage stage ON stage.id = ticket.stage_id
                  LEFT JOIN rating_rating rating ON rating.res_id = ticket.id
                   AND rating.res_model = 'helpdesk.ticket' AND rating.consumed
                   AND rating.rating > 0
                 WHERE ticket.active
                 GROUP BY ticket.commercial_partner_id, ticket.company_id) word
                ON word.commercial_partner_id = customer.id
               AND word.company_id = ord.company_id
             WHERE ord.state = 'sale'
             GROUP BY customer.id, ord.company_id, class.abc
            """,
            fault=SQL(
                "ticket.jxc_kind = ANY(%s) AND NOT COALESCE(stage.jxc_not_counted,"
                " false)",
                list(FAULTS),
            ),
        )
