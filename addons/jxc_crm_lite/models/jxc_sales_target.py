# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

PERIODS = [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")]
MONTHS = {"month": 1, "quarter": 3, "year": 12}
SCOPES = [("person", "Person"), ("team", "Team"), ("company", "Company")]
KINDS = [
    ("won", "Opportunities Won"),
    ("ordered", "Confirmed Orders"),
    ("invoiced", "Invoiced"),
    ("collected", "Collected"),
]


class JxcSalesTarget(models.Model):
    """What a person, a team or the company is to reach in a period."""

    _name = "jxc.sales.target"
    _inherit = ["jxc.server.fields.mixin"]
    _description = "Sales Target"
    _order = "date_from desc, scope desc, team_id, user_id, kind, id"
    _check_company_auto = True

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset({"date_from", "date_to"})

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    scope = fields.Selection(selection=SCOPES, required=True, default="person")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Of a person's target, only to group by: what the person reaches counts"
        " whatever the team.",
    )
    kind = fields.Selection(
        selection=KINDS,
        string="Measured by",
        required=True,
        default="ordered",
        help="Opportunities won by expected revenue, orders and invoices untaxed,"
        " collections as paid, all in company currency.",
    )
    period = fields.Selection(selection=PERIODS, required=True, default="month")
    date = fields.Date(
        string="Day in the Period",
        required=True,
        default=fields.Date.context_today,
    )
    date_from = fields.Date(string="From", compute="_compute_dates", store=True)
    date_to = fields.Date(string="To", compute="_compute_dates", store=True)
    amount = fields.Monetary(string="Target", required=True)
    note = fields.Char()

    _target_unique = models.UniqueIndex(
        "(company_id, kind, date_from, date_to, scope,"
        " COALESCE(user_id, 0), (CASE WHEN scope = 'team' THEN team_id ELSE 0 END))",
        "There is a target for this period already.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0 AND amount <= 1e15)", "A target must be more than zero."
    )

    @api.depends("date", "period")
    def _compute_dates(self):
        for target in self:
            if not target.date or not target.period:
                target.date_from = target.date_to = False
                continue
            months = MONTHS[target.period]
            first = (target.date.month - 1) // months * months + 1
            target.date_from = target.date.replace(month=first, day=1)
            target.date_to = target.date_from + relativedelta(months=months, days=-1)

    @api.depends("user_id", "scope")
    def _compute_team_id(self):
        for target in self:
            if target.scope == "person":
                target.team_id = target.user_id.sale_team_id
            elif target.scope == "company":
                target.team_id = False

    @api.depends("scope", "user_id", "team_id", "company_id", "kind", "date_from")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for target in self:
            whose = {
                "person": target.user_id,
                "team": target.team_id,
                "company": target.company_id,
            }.get(target.scope)
            parts = [whose and whose.display_name, kinds.get(target.kind)]
            parts.append(fields.Date.to_string(target.date_from))
            target.name = " · ".join(part for part in parts if part)

    @api.constrains("scope", "user_id", "team_id")
    def _check_scope(self):
        for target in self:
            fits = {
                "person": target.user_id,
                "team": target.team_id and not target.user_id,
                "company": not target.team_id and not target.user_id,
            }[target.scope]
            if not fits:
                raise ValidationError(
                    self.env._(
                        "A target is for one person, for one team without a person, or"
                        " for the company without both: check %(target)s.",
                        target=target.name,
                    )
                )
