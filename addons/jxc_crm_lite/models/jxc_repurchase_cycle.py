# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.set_merge import merge, today_in

KEYS = ("partner_id", "product_id")
COMPUTED = ("purchase_count", "interval_days", "usual_qty", "last_date", "next_date")
READ = (
    ("sale.order", ["partner_id", "company_id", "state", "date_order"]),
    ("sale.order.line", ["order_id", "product_id", "product_uom_id"]),
    ("sale.order.line", ["product_uom_qty", "display_type", "is_downpayment"]),
    ("res.partner", ["commercial_partner_id", "active"]),
    ("product.product", ["active", "product_tmpl_id"]),
    ("product.template", ["active", "sale_ok", "uom_id"]),
    ("uom.uom", ["factor"]),
)


class JxcRepurchaseCycle(models.Model):
    """How often a customer buys a product from one company, and when next.

    Rows are kept by ``_recompute`` alone: one statement over the confirmed orders.
    """

    _name = "jxc.repurchase.cycle"
    _inherit = ["jxc.recompute.mixin", "jxc.logged.export"]
    _description = "Repurchase Cycle"
    _rec_name = "product_id"
    _order = "next_date, partner_id, id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
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
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    phone = fields.Char(related="partner_id.phone")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    purchase_count = fields.Integer(
        string="Purchases",
        readonly=True,
        help="Days with a confirmed order, returned goods left out.",
    )
    interval_days = fields.Float(
        string="Interval (days)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Average of the days between two purchases, or their median, as the"
        " company has set.",
    )
    usual_qty = fields.Float(
        string="Usual Quantity",
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="Median of what is bought at a time, in the product's base unit.",
    )
    last_date = fields.Date(string="Last Purchase", readonly=True)
    next_date = fields.Date(string="Expected Next", readonly=True, index=True)
    days_late = fields.Integer(compute="_compute_is_due")
    is_due = fields.Boolean(
        string="Due", compute="_compute_is_due", search="_search_is_due"
    )
    snoozed_until = fields.Date(readonly=True)
    reminded_for = fields.Date(
        string="Reminded for",
        readonly=True,
        help="The expected date the owner was reminded of.",
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    _cycle_unique = models.UniqueIndex(
        "(company_id, partner_id, product_id)",
        "A customer has one cycle per product and company.",
    )

    # Computed -----------------------------------------------------------------

    @api.depends("next_date", "snoozed_until")
    def _compute_is_due(self):
        today = fields.Date.context_today(self)
        for cycle in self:
            late = (today - cycle.next_date).days if cycle.next_date else -1
            asleep = cycle.snoozed_until and cycle.snoozed_until > today
            cycle.days_late = max(late, 0)
            cycle.is_due = late >= 0 and not asleep

    def _search_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = self._get_due_domain(fields.Date.context_today(self))
        return Domain.OR(due if wanted else ~due for wanted in set(value))

    def _get_due_domain(self, today):
        """What is expected by today and not put off."""
        awake = Domain("snoozed_until", "=", False)
        awake |= Domain("snoozed_until", "<=", today)
        return Domain("next_date", "<=", today) & awake

    # Actions ------------------------------------------------------------------

    def action_snooze(self, days=7):
        """Take the cycles off the due list for some days.

        :param int days: from today, 1 to 365
        :raise AccessError: for those who only read
        :raise UserError: days that are no number
        """
        self._check_may_act()
        try:
            days = min(max(int(days), 1), 365)
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(
                self.env._("It is put off for a number of days, not for “%s”.", days)
            ) from error
        until = fields.Date.context_today(self) + relativedelta(days=days)
        # Rows are read-only for everybody; this is the one thing people decide.
        self.sudo().snoozed_until = until
        return True

    def action_snooze_month(self):
        return self.action_snooze(30)

    def action_make_quotation(self):
        """Quotations with the usual quantities, one per customer and company.

        :return: action that opens them
        :raise AccessError: for those who only read
        """
        self._check_may_act()
        orders = self.env["sale.order"].create(
            [
                cycles._prepare_quotation_values()
                for cycles in self.grouped(
                    lambda cycle: (cycle.company_id, cycle.partner_id)
                ).values()
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_quotations")
        action["context"] = {}
        action["domain"] = [("id", "in", orders.ids)]
        if len(orders) == 1:
            action.update(res_id=orders.id, views=[(False, "form")])
        return action

    def _prepare_quotation_values(self):
        """Values of one quotation; ``self`` is of one customer and company."""
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "origin": self.env._("Repurchase"),
            "order_line": [
                fields.Command.create(
                    {
                        "product_id": cycle.product_id.id,
                        "product_uom_qty": cycle.usual_qty,
                        "product_uom_id": cycle.uom_id.id,
                    }
                )
                for cycle in self
            ],
        }

    def _check_may_act(self):
        """Executives read; salespeople act on the customers the rules show them."""
        self.check_access("read")
        if not (
            self.env.su or self.env.user.has_group("sales_team.group_sale_salesman")
        ):
            raise AccessError(
                self.env._("Only salespeople put off or quote what is due.")
            )

    # Every night --------------------------------------------------------------

    @api.model
    def _recompute_company(self, company):
        super()._recompute_company(company)
        self.env["jxc.product.affinity"]._recompute(company)

    @api.model
    def _recompute_night(self, company):
        super()._recompute_night(company)
        self._remind(company)

    @api.model
    def _recompute(self, company, reference_date=None):
        company = company.sudo()
        timezone = company._jxc_timezone()
        day = reference_date or today_in(timezone)
        for model, names in READ:
            self.env[model].flush_model(names)
        if self._has_stock():
            self.env["stock.move"].flush_model()
        parts = self._get_parts(company, timezone, day)
        # Whoever bought again need not be left alone any longer.
        awake = SQL(
            "snoozed_until = CASE WHEN kept.last_date = excluded.last_date"
            " THEN kept.snoozed_until END"
        )
        return merge(self, company, KEYS, COMPUTED, parts, awake)

    def _get_parts(self, company, timezone, day):
        """Common table expressions: purchases by day, then the cycles as target."""
        return SQL(
            """
            bought AS (
                SELECT partner_id, product_id, day, SUM(qty) AS qty,
                       day - LAG(day) OVER (
                           PARTITION BY partner_id, product_id ORDER BY day
                       ) AS gap
                  FROM (%(lines)s) line
                 GROUP BY partner_id, product_id, day
                HAVING SUM(qty) > 0
            ),
            target AS (
                SELECT partner_id, product_id,
                       COUNT(*) AS purchase_count,
                       ROUND(%(interval)s, 1) AS interval_days,
                       ROUND(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY qty)::numeric,
                             %(places)s) AS usual_qty,
                       MAX(day) AS last_date,
                       MAX(day) + ROUND(%(interval)s)::int AS next_date
                  FROM bought
                 GROUP BY partner_id, product_id
                HAVING COUNT(*) >= %(minimum)s
            )
            """,
            lines=self._get_lines(company, timezone, day),
            interval=self._get_interval(company),
            minimum=company.jxc_repurchase_min,
            places=self.env["decimal.precision"].precision_get("Product Unit"),
        )

    def _get_interval(self, company):
        """Return the aggregate over ``gap``: the first purchase has none."""
        if company.jxc_repurchase_by == "median":
            return SQL("(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap))::numeric")
        return SQL("AVG(gap)")

    def _get_lines(self, company, timezone, day):
        """SELECT of partner_id, product_id, day and qty in the base unit. A hook."""
        start = day - relativedelta(months=company.jxc_repurchase_months)
        return SQL(
            """
            SELECT * FROM (
                SELECT p.commercial_partner_id AS partner_id,
                       l.product_id,
                       (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                       AS day,
                       (l.product_uom_qty * u.factor - %(returned)s) / base.factor
                       AS qty
                  FROM sale_order_line l
                  JOIN sale_order o ON o.id = l.order_id
                  JOIN res_partner p ON p.id = o.partner_id
                  JOIN res_partner c ON c.id = p.commercial_partner_id
                  JOIN product_product v ON v.id = l.product_id
                  JOIN product_template t ON t.id = v.product_tmpl_id
                  JOIN uom_uom base ON base.id = t.uom_id
                  JOIN uom_uom u ON u.id = l.product_uom_id
                  %(returns)s
                 WHERE o.company_id = %(company)s AND o.state = 'sale'
                   AND l.display_type IS NULL
                   AND l.is_downpayment IS NOT TRUE
                   AND c.active AND v.active AND t.active AND t.sale_ok
            ) dated
             WHERE day > %(start)s AND day <= %(day)s
            """,
            company=company.id,
            day=day,
            start=start,
            zone=timezone,
            **self._get_returns(),
        )

    def _has_stock(self):
        """Whether deliveries of orders are there to look for returns in."""
        return (
            "stock.move" in self.env
            and "sale_line_id" in self.env["stock.move"]._fields
        )

    def _get_returns(self):
        """What came back of an order line, in reference units, where stock is kept.

        A line below zero is what comes back already. A cancelled return sends its goods
        out by moves that return its receipts: nothing came back.
        """
        if not self._has_stock():
            return {"returned": SQL("0"), "returns": SQL("")}
        return {
            "returned": SQL(
                "CASE WHEN l.product_uom_qty < 0 THEN 0 ELSE COALESCE(back.qty, 0) END"
            ),
            "returns": SQL(
                """
                LEFT JOIN (
                    SELECT m.sale_line_id,
                           SUM(CASE WHEN source.usage = 'customer' THEN m.quantity
                               ELSE -m.quantity END * mu.factor) AS qty
                      FROM stock_move m
                      JOIN uom_uom mu ON mu.id = m.product_uom
                      JOIN stock_location source ON source.id = m.location_id
                      JOIN stock_location dest ON dest.id = m.location_dest_id
                      LEFT JOIN stock_move came ON came.id = m.origin_returned_move_id
                      LEFT JOIN stock_location undone ON undone.id = came.location_id
                     WHERE m.state = 'done' AND m.sale_line_id IS NOT NULL
                       AND (source.usage = 'customer') <> (dest.usage = 'customer')
                       AND (source.usage = 'customer' OR undone.usage = 'customer')
                     GROUP BY m.sale_line_id
                ) back ON back.sale_line_id = l.id
                """
            ),
        }
