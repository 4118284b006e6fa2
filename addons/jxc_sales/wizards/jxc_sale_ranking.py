# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import pytz

from odoo import fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import date_utils

from ..reports.jxc_sale_analysis import COSTS

#: What is ranked, in what unit the figure is shown by its column.
MEASURES = [
    ("revenue", "Revenue"),
    ("qty", "Quantity"),
    ("amount_returned", "Returned"),
    ("amount_discount", "Discounts"),
    ("margin", "Margin"),
]
COST_FIELDS = ("margin", "margin_rate")
#: What is shown of each, from the sales performance.
AGGREGATES = (
    "revenue:sum",
    "qty:sum",
    "amount_discount:sum",
    "amount_returned:sum",
    "return_rate:avg",
    "revenue_last_year:sum",
    "growth:avg",
    "share:sum",
)


class JxcSaleRanking(models.TransientModel):
    """The best and the worst of a period: products, customers, salespersons.

    Read from the sales performance with the rights of the user; see there for what the
    figures mean. Shares are of all sales of the period, not of those ranked.
    """

    _name = "jxc.sale.ranking"
    _description = "Top and Flop"

    date_from = fields.Date(
        required=True,
        default=lambda self: date_utils.start_of(
            fields.Date.context_today(self), "month"
        ),
    )
    date_to = fields.Date(
        required=True,
        default=fields.Date.context_today,
    )
    subject = fields.Selection(
        selection=[
            ("product_id", "Products"),
            ("partner_id", "Customers"),
            ("categ_id", "Product Categories"),
            ("user_id", "Salespersons"),
        ],
        string="Ranked",
        required=True,
        default="product_id",
    )
    measure = fields.Selection(
        selection=MEASURES,
        string="By",
        required=True,
        default="revenue",
    )
    direction = fields.Selection(
        selection=[("top", "Top"), ("flop", "Flop")],
        required=True,
        default="top",
    )
    number = fields.Integer(
        string="How Many",
        required=True,
        default=10,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.sale.ranking.line",
        inverse_name="ranking_id",
        readonly=True,
    )

    _number_positive = models.Constraint(
        "CHECK (number BETWEEN 1 AND 1000)",
        "A ranking has between 1 and 1,000 places.",
    )

    def _compute_display_name(self):
        for ranking in self:
            labels = {
                name: dict(ranking._fields[name]._description_selection(self.env))
                for name in ("direction", "measure", "subject")
            }
            ranking.display_name = self.env._(
                "%(direction)s %(number)s %(subject)s by %(measure)s",
                direction=labels["direction"][ranking.direction],
                number=ranking.number,
                subject=labels["subject"][ranking.subject],
                measure=labels["measure"][ranking.measure],
            )

    def _check_sees_costs(self):
        """:raise AccessError: ranked by margin by someone who may not see margins"""
        if self._sees_costs() or not self.filtered(lambda r: r.measure in COST_FIELDS):
            return
        raise AccessError(
            self.env._(
                "Margins are shown to those who see costs only. Choose another figure."
            )
        )

    def _sees_costs(self):
        return self.env.su or self.env.user.has_group(COSTS)

    def action_show(self):
        """Rank, and open the result as a list."""
        self.ensure_one()
        self._refresh_lines()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_sales.jxc_sale_ranking_line_action"
        )
        return {
            **action,
            "name": self.display_name,
            "display_name": self.display_name,
            "domain": [("ranking_id", "=", self.id)],
            "context": {"jxc_subject": self.subject},
        }

    def action_xlsx(self):
        """The ranking as a workbook."""
        self._refresh_lines()
        return self.env.ref("jxc_sales.jxc_sale_ranking_xlsx").report_action(self)

    def _get_domain(self):
        """What is ranked: the sales of the period."""
        self.ensure_one()
        if self.date_from > self.date_to:
            raise ValidationError(
                self.env._(
                    "The period ends on %(end)s, before it starts on %(start)s.",
                    start=self.date_from,
                    end=self.date_to,
                )
            )
        # Days of the user, as in every view of the sales performance.
        start, end = (
            self.env.tz.localize(fields.Datetime.to_datetime(day))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (self.date_from, date_utils.add(self.date_to, days=1))
        )
        return Domain("date", ">=", start) & Domain("date", "<", end)

    def _refresh_lines(self):
        self._check_sees_costs()
        for ranking in self:
            ranking.line_ids.unlink()
            ranking.sudo().line_ids = [
                Command.create(values) for values in ranking._rank()
            ]

    def _nobody(self):
        """What stands for sales without a subject, e.g. an invoice line in words."""
        return {
            "product_id": self.env._("(no product)"),
            "partner_id": self.env._("(no customer)"),
            "categ_id": self.env._("(no product)"),
            "user_id": self.env._("(no salesperson)"),
        }[self.subject]

    def _rank(self):
        """Values of the places, best or worst first."""
        self.ensure_one()
        costs = ("margin:sum", "margin_rate:avg") if self._sees_costs() else ()
        aggregates = (*AGGREGATES, *costs)
        groups = self.env["jxc.sale.analysis"]._read_group(
            self._get_domain(),
            [self.subject],
            ["line_count:sum", *aggregates],
            having=[("line_count:sum", ">", 0)],
            order=f"{self.measure}:sum {'desc' if self.direction == 'top' else 'asc'}"
            f", {self.subject}",
            limit=self.number,
        )
        names = [spec.partition(":")[0] for spec in aggregates]
        return [
            {
                "rank": rank,
                self.subject: record.id,
                # Who may see the sales may see of what.
                "name": record.sudo().display_name or self._nobody(),
                **{
                    name: value or 0.0
                    for name, value in zip(names, figures, strict=True)
                },
            }
            for rank, (record, _count, *figures) in enumerate(groups, start=1)
        ]
