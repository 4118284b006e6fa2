# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Command

# What may change the stage or outcome of an opportunity, directly or by computation.
MOVES = {"stage_id", "active", "probability", "team_id", "type", "lost_reason_id"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    jxc_line_ids = fields.One2many(
        comodel_name="jxc.lead.line",
        inverse_name="lead_id",
        string="Products",
        copy=True,
    )
    jxc_line_total = fields.Monetary(
        string="Products Total",
        compute="_compute_jxc_line_total",
        store=True,
        currency_field="company_currency",
    )
    jxc_revenue_from_lines = fields.Boolean(
        string="Expected Revenue from Products",
        default=True,
        help="The expected revenue follows the products as long as there are any.",
    )
    expected_revenue = fields.Monetary(
        compute="_compute_jxc_expected_revenue",
        store=True,
        readonly=False,
        default=None,
    )
    jxc_competitor_ids = fields.One2many(
        comodel_name="jxc.lead.competitor",
        inverse_name="lead_id",
        string="Competitors",
    )
    jxc_lost_to_id = fields.Many2one(
        comodel_name="jxc.competitor",
        string="Lost to",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        copy=False,
    )
    jxc_stage_log_ids = fields.One2many(
        comodel_name="jxc.lead.stage.log",
        inverse_name="lead_id",
        string="History of Stages",
        readonly=True,
    )

    @api.depends("jxc_line_ids.subtotal")
    def _compute_jxc_line_total(self):
        for lead in self:
            lead.jxc_line_total = sum(lead.jxc_line_ids.mapped("subtotal"))

    @api.depends("jxc_line_total", "jxc_revenue_from_lines")
    def _compute_jxc_expected_revenue(self):
        for lead in self:
            if lead.jxc_revenue_from_lines and lead.jxc_line_ids:
                lead.expected_revenue = lead.jxc_line_total
            else:
                lead.expected_revenue = lead.expected_revenue or 0.0

    # Probability of the stage -----------------------------------------------------

    def _pls_get_naive_bayes_probabilities(self, batch_mode=False, is_tooltip=False):
        """Where a stage has a probability of its own, that is the estimate."""
        result = super()._pls_get_naive_bayes_probabilities(
            batch_mode=batch_mode, is_tooltip=is_tooltip
        )
        if not self:
            return result
        probabilities, tooltip = result
        for lead in self:
            fixed = lead.stage_id.jxc_probability
            if not fixed or lead.stage_id.is_won:
                continue
            if batch_mode and not (lead.active and lead.won_status == "pending"):
                continue
            probabilities[lead.id] = fixed
            if is_tooltip:
                tooltip["probability"] = fixed
        return probabilities, tooltip

    # History of stages ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._jxc_log_stages({})
        return leads

    def write(self, vals):
        if not MOVES & vals.keys():
            return super().write(vals)
        if "lost_reason_id" in vals and not vals["lost_reason_id"]:
            # Taken up again: not lost to anybody either.
            vals = {"jxc_lost_to_id": False, **vals}
        before = {lead.id: lead._jxc_stage_state() for lead in self}
        result = super().write(vals)
        self._jxc_log_stages(before)
        return result

    def _jxc_stage_state(self):
        """What a line of the history is written for; leads have no history."""
        if self.type != "opportunity":
            return None
        return self.stage_id, self.won_status

    def _jxc_log_stages(self, before):
        """Add one line for each opportunity whose stage or outcome has changed."""
        now = fields.Datetime.now()
        vals_list = []
        for lead in self:
            state, former = lead._jxc_stage_state(), before.get(lead.id)
            if state and state != former:
                vals_list.append(
                    {
                        "lead_id": lead.id,
                        "date": now,
                        "from_stage_id": former[0].id if former else False,
                        "stage_id": state[0].id,
                        "status": state[1],
                        "user_id": self.env.uid,
                    }
                )
        if vals_list:
            # Nobody writes the history but the server.
            self.env["jxc.lead.stage.log"].sudo().create(vals_list)

    # Quotation and order ----------------------------------------------------------

    def _prepare_opportunity_quotation_context(self):
        """The quotation asks for the products itself.

        Lines are not handed over as default_order_line: the context lives on, and
        orders of any kind that are made later on would get them too.
        """
        return {
            **super()._prepare_opportunity_quotation_context(),
            "jxc_lines_of_lead": self.id,
        }

    def _prepare_jxc_order_lines(self, company):
        """Commands for the lines of a quotation of this opportunity."""
        self.ensure_one()
        pricelist = self.partner_id.with_company(company).property_product_pricelist
        currency = pricelist.currency_id or company.currency_id
        today = fields.Date.context_today(self)
        return [
            Command.create(line._prepare_order_line_values(currency, company, today))
            for line in self.jxc_line_ids
        ]

    def _update_revenues_from_so(self, order):
        """Who confirms an order need not own the opportunity."""
        return super(CrmLead, self.sudo())._update_revenues_from_so(order)

    def _jxc_win_by_order(self):
        """Set open opportunities won whose order is confirmed."""
        open_leads = self.filtered(lambda lead: lead.won_status == "pending")
        if open_leads:
            open_leads.action_set_won()

    def _merge_get_fields_specific(self):
        """Products and competitors of all merged opportunities stay."""

        def competitors(_name, leads):
            """Each competitor once, as the first opportunity knows it."""
            known = set()
            commands = []
            for row in leads.jxc_competitor_ids:
                if row.competitor_id not in known:
                    known.add(row.competitor_id)
                    commands.append(Command.link(row.id))
            return commands

        def revenue(_name, leads):
            """Of all products, else as the platform takes it: the first one known."""
            if leads[:1].jxc_revenue_from_lines and leads.jxc_line_ids:
                return sum(leads.jxc_line_ids.mapped("subtotal"))
            return next(filter(None, leads.mapped("expected_revenue")), 0.0)

        return {
            **super()._merge_get_fields_specific(),
            "expected_revenue": revenue,
            "jxc_line_ids": lambda _name, leads: [
                Command.link(line.id) for line in leads.jxc_line_ids
            ],
            "jxc_competitor_ids": competitors,
        }
