# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

from ..models.sale_order_mode import MODES
from .jxc_sale_analysis_query import order_moment

STAGES = [
    ("quotation", "Quotation"),
    ("confirmed", "Confirmed"),
    ("delivered", "Delivered"),
    ("invoiced", "Invoiced"),
    ("paid", "Paid"),
    ("cancelled", "Cancelled"),
]


class JxcSaleFunnel(models.Model):
    """Orders on their way from quotation to cash, and how long each step takes.

    A row is an order or quotation. A step is done when all of it is:

    - confirmed: when the order was confirmed;
    - delivered: when the last goods left, and nothing is left to leave; an order of
      services only is delivered by being confirmed;
    - invoiced: on the date of the last invoice, when nothing is left to invoice;
    - paid: invoiced, and on the day when the last posted invoice was settled, with
      money or a credit note.

    Steps can come in any order (a deposit is invoiced first); each counts once what
    comes before it is done, so that the funnel only becomes narrower.

    The days of several orders are their median: one forgotten order does not make it
    look as if all were late.
    """

    _name = "jxc.sale.funnel"
    _description = "Order to Cash"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "order_id"
    _depends = {
        "account.move": ["invoice_date", "move_type", "payment_state", "state"],
        "account.move.line": ["parent_state"],
        "account.partial.reconcile": ["credit_move_id", "debit_move_id", "max_date"],
        "res.partner": ["commercial_partner_id"],
        "sale.order": [
            "amount_total",
            "create_date",
            "currency_rate",
            "date_order",
            "jxc_channel_date",
            "delivery_status",
            "invoice_status",
            "jxc_sale_mode",
            "state",
            "user_id",
        ],
        "sale.order.line": [
            "invoice_lines",
            "product_uom_qty",
            "qty_delivered",
            "qty_delivered_method",
        ],
        "stock.move": ["date", "origin_returned_move_id", "sale_line_id", "state"],
    }

    order_id = fields.Many2one(comodel_name="sale.order", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", readonly=True
    )
    channel_id = fields.Many2one(
        comodel_name="jxc.sale.channel", string="Sales Channel", readonly=True
    )
    sale_mode = fields.Selection(selection=MODES, string="Order Mode", readonly=True)
    stage = fields.Selection(
        selection=STAGES,
        string="Reached",
        readonly=True,
        help="The last step that is done with all before it.",
    )
    date = fields.Datetime(string="Quotation Date", readonly=True)
    date_confirmed = fields.Datetime(string="Confirmed on", readonly=True)
    date_delivered = fields.Datetime(string="Delivered on", readonly=True)
    date_invoiced = fields.Date(string="Invoiced on", readonly=True)
    date_paid = fields.Date(string="Paid on", readonly=True)
    order_count = fields.Integer(string="Quotations", readonly=True)
    confirmed_count = fields.Integer(string="Confirmed", readonly=True)
    delivered_count = fields.Integer(string="Delivered", readonly=True)
    invoiced_count = fields.Integer(string="Invoiced", readonly=True)
    paid_count = fields.Integer(string="Paid", readonly=True)
    amount = fields.Monetary(
        string="Amount Quoted",
        readonly=True,
        help="Tax included, in the currency of the company.",
    )
    amount_confirmed = fields.Monetary(readonly=True)
    amount_delivered = fields.Monetary(readonly=True)
    amount_invoiced = fields.Monetary(readonly=True)
    amount_paid = fields.Monetary(readonly=True)
    days_to_confirm = fields.Float(
        string="Days to Confirm", readonly=True, aggregator="avg", help="The median."
    )
    days_to_deliver = fields.Float(
        string="Days to Deliver",
        readonly=True,
        aggregator="avg",
        help="From the confirmation. The median.",
    )
    days_to_invoice = fields.Float(
        string="Days to Invoice",
        readonly=True,
        aggregator="avg",
        help="From the delivery. Less than 0: invoiced before. The median.",
    )
    days_to_pay = fields.Float(
        string="Days to Pay",
        readonly=True,
        aggregator="avg",
        help="From the invoice. Less than 0: paid before. The median.",
    )
    days_to_cash = fields.Float(
        string="Days Order to Cash",
        readonly=True,
        aggregator="avg",
        help="From the confirmation to the last payment. The median.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """Take the median of days."""
        name, _dot, func = aggregate_spec.partition(":")
        if name.startswith("days_to_") and func == "avg":
            column = self._field_to_sql(self._table, name, query)
            return SQL("PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)", column)
        return super()._read_group_select(aggregate_spec, query)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT step.*,
                   CASE WHEN state = 'cancel' THEN 'cancelled'
                        WHEN paid THEN 'paid' WHEN invoiced THEN 'invoiced'
                        WHEN delivered THEN 'delivered'
                        WHEN confirmed THEN 'confirmed' ELSE 'quotation' END AS stage,
                   1 AS order_count, confirmed::int AS confirmed_count,
                   delivered::int AS delivered_count, invoiced::int AS invoiced_count,
                   paid::int AS paid_count,
                   amount * confirmed::int AS amount_confirmed,
                   amount * delivered::int AS amount_delivered,
                   amount * invoiced::int AS amount_invoiced,
                   amount * paid::int AS amount_paid,
                   CASE WHEN confirmed THEN %(to_confirm)s END AS days_to_confirm,
                   CASE WHEN delivered THEN %(to_deliver)s END AS days_to_deliver,
                   CASE WHEN invoiced
                        THEN date_invoiced - %(delivery_day)s END::float
                        AS days_to_invoice,
                   CASE WHEN paid THEN date_paid - date_invoiced END::float
                        AS days_to_pay,
                   CASE WHEN paid THEN date_paid - %(order_day)s END::float
                        AS days_to_cash
              FROM (%(steps)s) step
            """,
            steps=self._steps(),
            to_confirm=self._days("date", "date_confirmed"),
            to_deliver=self._days("date_confirmed", "date_delivered"),
            delivery_day=self._local_day("date_delivered"),
            order_day=self._local_day("date_confirmed"),
        )

    def _days(self, start, end):
        return SQL(
            "GREATEST(0, EXTRACT(EPOCH FROM %s - %s) / 86400)::float",
            SQL.identifier(end),
            SQL.identifier(start),
        )

    def _local_day(self, column):
        """The day of a moment where the user is, to compare with dates of invoices."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            SQL.identifier(column),
            self.env.tz.zone,
        )

    def _steps(self):
        """Orders with the dates of their steps, and whether each is done."""
        return SQL(
            """
            SELECT sale.id, sale.id AS order_id, sale.state, sale.company_id,
                   contact.commercial_partner_id AS partner_id, sale.user_id,
                   sale.team_id, sale.jxc_channel_id AS channel_id,
                   sale.jxc_sale_mode AS sale_mode, %(made)s AS date,
                   sale.amount_total / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                       AS amount,
                   CASE WHEN done.confirmed THEN sale.date_order END AS date_confirmed,
                   CASE WHEN done.delivered
                        THEN COALESCE(shipped.date, sale.date_order) END
                        AS date_delivered,
                   CASE WHEN done.invoiced THEN billed.date END AS date_invoiced,
                   CASE WHEN done.paid THEN COALESCE(billed.settled, billed.date) END
                        AS date_paid,
                   done.*
              FROM sale_order sale
              JOIN res_partner contact ON contact.id = sale.partner_id
         LEFT JOIN (%(shipped)s) shipped ON shipped.order_id = sale.id
         LEFT JOIN (%(billed)s) billed ON billed.order_id = sale.id
        CROSS JOIN LATERAL (SELECT sale.state = 'sale' AS confirmed,
                   sale.state = 'sale' AND COALESCE(NOT shipped.is_open, TRUE)
                       AS delivered) early
        CROSS JOIN LATERAL (SELECT early.confirmed, early.delivered,
                   early.delivered AND sale.invoice_status = 'invoiced'
                       AND billed.date IS NOT NULL AS invoiced,
                   early.delivered AND sale.invoice_status = 'invoiced'
                       AND COALESCE(billed.is_paid, FALSE) AS paid) done
            """,
            made=order_moment("sale", "create_date"),
            shipped=self._shipped(),
            billed=self._billed(),
        )

    def _shipped(self):
        """When the last goods left, and whether some are still to leave.

        Goods that a cancelled return sends out once more had left before.
        """
        return SQL(
            """
            SELECT line.order_id, MAX(moved.date) AS date,
                   BOOL_OR(line.qty_delivered_method = 'stock_move' AND COALESCE(
                       moved.is_open, line.qty_delivered < line.product_uom_qty))
                       AS is_open
              FROM sale_order_line line
         LEFT JOIN (SELECT sale_line_id,
                           MAX(move.date) FILTER (WHERE move.state = 'done'
                               AND move.origin_returned_move_id IS NULL) AS date,
                           BOOL_OR(move.state NOT IN ('done', 'cancel')) AS is_open
                      FROM stock_move move
                      JOIN stock_location target ON target.id = move.location_dest_id
                     WHERE sale_line_id IS NOT NULL AND target.usage = 'customer'
                  GROUP BY sale_line_id) moved ON moved.sale_line_id = line.id
             WHERE line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
          GROUP BY line.order_id
            """
        )

    def _billed(self):
        """The last invoice of each order, and when the last one was settled.

        The platform leaves an invoice set against a receipt that was reset to draft,
        and calls it paid; what is not posted settles nothing.
        """
        return SQL(
            """
            SELECT bill.order_id, MAX(move.invoice_date) AS date,
                   BOOL_AND(move.payment_state IN ('paid', 'in_payment', 'reversed')
                       AND settled.by_draft IS NOT TRUE) AS is_paid,
                   MAX(settled.date) AS settled
              FROM (SELECT DISTINCT line.order_id, item.move_id
                      FROM sale_order_line line
                      JOIN sale_order_line_invoice_rel link
                        ON link.order_line_id = line.id
                      JOIN account_move_line item
                        ON item.id = link.invoice_line_id) bill
              JOIN account_move move ON move.id = bill.move_id
         LEFT JOIN (SELECT item.move_id, MAX(partial.max_date) AS date,
                           BOOL_OR(other.parent_state <> 'posted') AS by_draft
                      FROM (SELECT debit_move_id AS item_id, credit_move_id AS other_id,
                                   max_date
                              FROM account_partial_reconcile
                         UNION ALL
                            SELECT credit_move_id, debit_move_id, max_date
                              FROM account_partial_reconcile) partial
                      JOIN account_move_line item ON item.id = partial.item_id
                      JOIN account_move_line other ON other.id = partial.other_id
                  GROUP BY item.move_id) settled ON settled.move_id = move.id
             WHERE move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund')
          GROUP BY bill.order_id
            """
        )

    def action_open_document(self):
        """Open the order of a row."""
        self.ensure_one()
        return self.order_id.get_formview_action()
