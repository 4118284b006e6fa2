# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

ABC = [("a", "A"), ("b", "B"), ("c", "C")]
LIFE_CYCLE = [
    ("potential", "Potential"),
    ("new", "New"),
    ("active", "Active"),
    ("sleeping", "Sleeping"),
    ("lost", "Lost"),
]
# What the recomputation stores; the first three are what a change is logged for.
STORED = (
    "abc",
    "life_cycle",
    "rfm_score",
    "recency_days",
    "frequency",
    "monetary",
    "first_order_date",
    "last_order_date",
)
READ = (
    ("sale.order", ["partner_id", "company_id", "state", "date_order"]),
    ("sale.order", ["amount_untaxed", "currency_rate"]),
    ("res.partner", ["commercial_partner_id", "company_id", "active", "customer_rank"]),
    ("res.partner", ["user_id", "jxc_pool_company_id", "supplier_rank"]),
    ("crm.lead", ["partner_id", "company_id"]),
    ("jxc.followup", ["customer_id", "company_id", "is_draft"]),
    ("product.supplierinfo", ["partner_id"]),
)


class JxcCustomerClass(models.Model):
    """What a customer is worth to one company; contacts are shared, classes are not.

    Rows are kept by ``_recompute`` alone: one statement over the confirmed orders.
    """

    _name = "jxc.customer.class"
    _inherit = ["jxc.recompute.mixin"]
    _description = "Customer Class"
    _rec_name = "partner_id"
    _order = "monetary desc, id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    phone = fields.Char(related="partner_id.phone")
    country_id = fields.Many2one(related="partner_id.country_id")
    abc = fields.Selection(
        selection=ABC,
        string="Class",
        readonly=True,
        help="By share of the revenue or the margin of twelve months, as the company"
        " has chosen in its settings.",
    )
    life_cycle = fields.Selection(
        selection=LIFE_CYCLE,
        required=True,
        readonly=True,
    )
    rfm_score = fields.Char(
        string="RFM",
        readonly=True,
        help="Three digits from 1 (low) to 5 (high): recency, frequency, revenue.",
    )
    recency_days = fields.Integer(
        string="Days since Last Order",
        readonly=True,
        aggregator="avg",
    )
    frequency = fields.Integer(
        string="Orders in 12 Months",
        readonly=True,
    )
    monetary = fields.Monetary(
        string="Revenue of 12 Months",
        readonly=True,
        help="Untaxed amount of confirmed orders in company currency.",
    )
    first_order_date = fields.Date(string="First Order", readonly=True)
    last_order_date = fields.Date(string="Last Order", readonly=True)
    computed_at = fields.Datetime(
        string="Changed on",
        readonly=True,
        help="When a recomputation last changed any of the figures.",
    )

    _company_partner_unique = models.UniqueIndex(
        "(company_id, partner_id)",
        "A customer has one class per company.",
    )

    # Recomputation ------------------------------------------------------------

    @api.model
    def _recompute(self, company, reference_date=None):
        """As described there; the dict also has logged, the number of changes."""
        company = company.sudo()
        timezone = company._jxc_timezone()
        if not reference_date:
            reference_date = fields.Datetime.now().replace(tzinfo=pytz.utc)
            reference_date = reference_date.astimezone(pytz.timezone(timezone)).date()
        for model, names in (*READ, *self._get_read_for_worth(company)):
            self.env[model].flush_model(names)
        self.flush_model()
        [(created, changed, removed, logged)] = self.env.execute_query(
            self._get_statement(company, timezone, reference_date)
        )
        self.invalidate_model()
        self.env["jxc.customer.class.log"].invalidate_model()
        self.env["res.partner"].invalidate_model(
            ["jxc_class", "jxc_rfm", "jxc_life_cycle"]
            + ["jxc_class_ids", "jxc_class_log_ids"]
        )
        return {
            "created": created,
            "changed": changed,
            "removed": removed,
            "logged": logged,
        }

    def _get_statement(self, company, timezone, reference_date):
        """The whole recomputation as one statement.

        Parts of a statement see the table as it was before, so the log compares
        with the old rows although the same statement replaces them.
        """
        columns = [SQL.identifier(name) for name in STORED]
        new = SQL(", ").join(SQL("target.%s", column) for column in columns)
        excluded = SQL(", ").join(SQL("excluded.%s", column) for column in columns)
        kept = SQL(", ").join(SQL("kept.%s", column) for column in columns)
        return SQL(
            """
            WITH figures AS (%(figures)s),
            target AS (%(customers)s UNION ALL %(potential)s),
            logged AS (
                INSERT INTO jxc_customer_class_log (
                    partner_id, company_id, date, old_abc, new_abc,
                    old_life_cycle, new_life_cycle, old_rfm_score, new_rfm_score,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT target.partner_id, %(company)s, %(day)s, kept.abc, target.abc,
                       kept.life_cycle, target.life_cycle,
                       kept.rfm_score, target.rfm_score,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM target
                  JOIN jxc_customer_class kept
                    ON kept.partner_id = target.partner_id
                   AND kept.company_id = %(company)s
                 WHERE (kept.abc, kept.life_cycle, kept.rfm_score) IS DISTINCT FROM
                       (target.abc, target.life_cycle, target.rfm_score)
                RETURNING 1
            ),
            removed AS (
                DELETE FROM jxc_customer_class kept
                 WHERE kept.company_id = %(company)s
                   AND NOT EXISTS (
                       SELECT FROM target WHERE target.partner_id = kept.partner_id
                   )
                RETURNING 1
            ),
            saved AS (
                INSERT INTO jxc_customer_class AS kept (
                    partner_id, company_id, %(columns)s, computed_at,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT target.partner_id, %(company)s, %(new)s, %(now)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM target
                    ON CONFLICT (company_id, partner_id) DO UPDATE
                   SET (%(columns)s, computed_at, write_uid, write_date)
                       = (%(excluded)s, %(now)s, %(uid)s, %(now)s)
                 WHERE (%(kept)s) IS DISTINCT FROM (%(excluded)s)
                RETURNING (xmax = 0) AS is_new
            )
            SELECT (SELECT COUNT(*) FROM saved WHERE is_new),
                   (SELECT COUNT(*) FROM saved WHERE NOT is_new),
                   (SELECT COUNT(*) FROM removed),
                   (SELECT COUNT(*) FROM logged)
            """,
            figures=self._get_figures(company, timezone, reference_date),
            customers=self._get_customers(company, reference_date),
            potential=self._get_potential(company),
            columns=SQL(", ").join(columns),
            new=new,
            excluded=excluded,
            kept=kept,
            company=company.id,
            day=reference_date,
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _get_order_amount(self):
        """SQL of an order's revenue in company currency; "o" is the order. A hook."""
        return SQL("o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1)")

    def _get_order_worth(self, company):
        """SQL of what an order adds to the share that makes a customer A, B or C."""
        return self._get_order_amount()

    def _get_read_for_worth(self, company):
        """Pairs (model, fields) that ``_get_order_worth`` reads beyond READ."""
        return ()

    def _get_figures(self, company, timezone, reference_date):
        """SELECT of one row per customer with orders: dates, number, revenue, worth."""
        window_start = reference_date - relativedelta(months=12)
        return SQL(
            """
            SELECT partner_id,
                   MIN(day) AS first_order_date,
                   MAX(day) AS last_order_date,
                   %(day)s::date - MAX(day) AS recency_days,
                   COUNT(*) FILTER (WHERE day > %(start)s) AS frequency,
                   ROUND(COALESCE(SUM(amount) FILTER (WHERE day > %(start)s), 0)
                         ::numeric, %(places)s) AS monetary,
                   ROUND(COALESCE(SUM(worth) FILTER (WHERE day > %(start)s), 0)
                         ::numeric, %(places)s) AS worth
              FROM (
                   SELECT p.commercial_partner_id AS partner_id,
                          (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                          AS day,
                          %(amount)s AS amount,
                          %(worth)s AS worth
                     FROM sale_order o
                     JOIN res_partner p ON p.id = o.partner_id
                    WHERE o.company_id = %(company)s AND o.state = 'sale'
              ) orders
             WHERE day <= %(day)s
             GROUP BY partner_id
            """,
            amount=self._get_order_amount(),
            worth=self._get_order_worth(company),
            company=company.id,
            day=reference_date,
            places=company.currency_id.decimal_places,
            start=window_start,
            zone=timezone,
        )

    def _get_customers(self, company, reference_date):
        """SELECT of the classes of customers with orders, from ``figures``.

        ABC: customers in order of their worth; whoever begins below the share of A
        is A. So the first customer is always A, and equal worth gives equal class.
        """
        recency, frequency, monetary = (
            SQL("%s::numeric[]", company._get_jxc_steps(name))
            for name in (
                "jxc_recency_steps",
                "jxc_frequency_steps",
                "jxc_monetary_steps",
            )
        )
        return SQL(
            """
            SELECT partner_id,
                   CASE WHEN worth <= 0 THEN 'c'
                        WHEN better * 100 < total * %(a)s THEN 'a'
                        WHEN better * 100 < total * %(b)s THEN 'b'
                        ELSE 'c' END AS abc,
                   CASE WHEN %(day)s::date - first_order_date <= %(new)s THEN 'new'
                        WHEN recency_days <= %(active)s THEN 'active'
                        WHEN recency_days <= %(lost)s THEN 'sleeping'
                        ELSE 'lost' END AS life_cycle,
                   CONCAT(
                       5 - WIDTH_BUCKET((recency_days - 1)::numeric, %(recency)s),
                       1 + WIDTH_BUCKET(frequency::numeric, %(frequency)s),
                       1 + WIDTH_BUCKET(monetary, %(monetary)s)
                   ) AS rfm_score,
                   recency_days,
                   frequency,
                   monetary,
                   first_order_date,
                   last_order_date
              FROM (
                   SELECT figures.*,
                          SUM(GREATEST(worth, 0)) OVER () AS total,
                          SUM(GREATEST(worth, 0)) OVER (
                              ORDER BY worth DESC
                              RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                          ) - SUM(GREATEST(worth, 0)) OVER (PARTITION BY worth)
                          AS better
                     FROM figures
              ) ranked
            """,
            a=company.jxc_class_a_percent,
            b=company.jxc_class_b_percent,
            day=reference_date,
            new=company.jxc_new_days,
            active=company.jxc_active_days,
            lost=company.jxc_lost_days,
            recency=recency,
            frequency=frequency,
            monetary=monetary,
        )

    def _get_potential(self, company):
        """SELECT of active customers, prospects, quotation or lead partners, no order.

        Prospects are those of the public pool, so that its rules for potential
        customers find them.
        """
        return SQL(
            """
            SELECT p.id, NULL, 'potential', NULL,
                   NULL::int, 0, 0, NULL::date, NULL::date
              FROM res_partner p
             WHERE p.active
               AND p.commercial_partner_id = p.id
               AND (p.company_id IS NULL OR p.company_id = %(company)s)
               AND p.id NOT IN (SELECT partner_id FROM figures)
               AND p.id IN (
                   SELECT id FROM res_partner WHERE customer_rank > 0
                   UNION
                   %(prospects)s
                   UNION
                   SELECT c.commercial_partner_id
                     FROM sale_order o JOIN res_partner c ON c.id = o.partner_id
                    WHERE o.company_id = %(company)s
                   UNION
                   SELECT c.commercial_partner_id
                     FROM crm_lead l JOIN res_partner c ON c.id = l.partner_id
                    WHERE l.company_id IS NULL OR l.company_id = %(company)s
               )
            """,
            company=company.id,
            prospects=self.env["jxc.pool.run"]._get_prospects(company),
        )
