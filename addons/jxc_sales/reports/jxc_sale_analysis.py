# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.sale_order_mode import MODES
from .jxc_sale_analysis_query import ANALYSIS_DEPENDS, analysis_query
from .jxc_sale_analysis_statistics import keep_statistics

COSTS = "jxc_base.group_see_costs"

#: Without one of these, rows of last year are not read at all.
LAST_YEAR_FIELDS = {
    "growth",
    "period",
    "qty_last_year",
    "revenue_change",
    "revenue_last_year",
}

#: Rates of a group of rows, by the fields they are made of: (part, whole).
RATES = {
    "discount_rate": ("amount_discount", "amount_gross"),
    "growth": ("revenue_change", "revenue_last_year"),
    "margin_rate": ("margin", "revenue_net"),
    "return_rate": ("amount_returned", "revenue"),
}


class JxcSaleAnalysis(models.Model):
    """What was sold, to whom and how, beside the same time a year ago.

    A row is a line of a confirmed order, at the time of the order, or a line of a
    posted customer invoice or credit note that no order stands behind. Each is there a
    second time, a year later, as what was sold in the same period last year: so every
    period, filter and group can have both. These second rows are read where a figure of
    last year is asked for, or ``period`` is in the domain.

    Amounts are untaxed, in the currency of the current company (as in the platform's
    sales analysis). Revenue is what was ordered. Returned is what has come back of it
    since, whenever that was: the rates of a month are those of the goods sold in it.
    The margin is that of what was kept: less refunded goods and their costs; goods that
    have left count at the cost they left with, those still to leave at today's.

    A rate of several rows is made of their sums, never an average of rates.
    """

    _name = "jxc.sale.analysis"
    _description = "Sales Performance"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "product_id"
    _depends = ANALYSIS_DEPENDS

    source = fields.Selection(
        selection=[("order", "Order"), ("invoice", "Invoice without order")],
        readonly=True,
    )
    period = fields.Selection(
        selection=[("this", "This period"), ("last_year", "Same period last year")],
        string="Compared",
        readonly=True,
    )
    date = fields.Datetime(
        readonly=True,
        help="Of the order or invoice. What was sold last year is shown a year later,"
        " in the period it is compared with.",
    )
    date_document = fields.Datetime(string="Document Date", readonly=True)
    order_id = fields.Many2one(comodel_name="sale.order", readonly=True)
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        help="The company of the contact who ordered.",
    )
    tier_id = fields.Many2one(
        comodel_name="jxc.customer.tier", string="Customer Tier", readonly=True
    )
    country_id = fields.Many2one(comodel_name="res.country", readonly=True)
    state_id = fields.Many2one(
        comodel_name="res.country.state", string="Province", readonly=True
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
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template", string="Product Template", readonly=True
    )
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    uom_id = fields.Many2one(comodel_name="uom.uom", string="Base Unit", readonly=True)

    line_count = fields.Integer(string="Lines", readonly=True)
    qty = fields.Float(
        string="Quantity",
        digits="Product Unit",
        readonly=True,
        help="In the base unit of the product.",
    )
    qty_big = fields.Float(
        string="Quantity (Big Unit)",
        digits="Product Unit",
        readonly=True,
        help="In the largest unit of the product that is said, e.g. 箱; of products"
        " without one, in the base unit.",
    )
    revenue = fields.Monetary(readonly=True, help="Ordered, untaxed, after discounts.")
    amount_gross = fields.Monetary(
        string="Before Discount", readonly=True, help="Revenue and discounts, untaxed."
    )
    amount_discount = fields.Monetary(
        string="Discounts",
        readonly=True,
        help="Discounts of lines, and promotions that take something off.",
    )
    qty_returned = fields.Float(
        string="Returned Quantity",
        digits="Product Unit",
        readonly=True,
        help="In the base unit, whether refunded or replaced.",
    )
    amount_returned = fields.Monetary(
        string="Returned",
        readonly=True,
        help="Returned goods at the price of the order, whether refunded or replaced.",
    )
    revenue_net = fields.Monetary(
        string="Net Revenue", readonly=True, help="Revenue less refunded goods."
    )
    cost = fields.Monetary(readonly=True, groups=COSTS)
    margin = fields.Monetary(
        readonly=True, groups=COSTS, help="Net revenue less the cost of what was kept."
    )
    revenue_last_year = fields.Monetary(readonly=True, help="In the same period.")
    qty_last_year = fields.Float(
        string="Quantity Last Year", digits="Product Unit", readonly=True
    )
    revenue_change = fields.Monetary(
        string="Change",
        readonly=True,
        help="Revenue less that of the same period last year.",
    )
    growth = fields.Float(
        string="Growth (%)",
        readonly=True,
        aggregator="avg",
        help="Change of the revenue on the same period last year. Nothing where nothing"
        " was sold then.",
    )
    share = fields.Float(
        string="Share (%)",
        readonly=True,
        aggregator="sum",
        help="Of the revenue of all that is selected.",
    )
    discount_rate = fields.Float(
        string="Discount (%)",
        readonly=True,
        aggregator="avg",
        help="Discounts in the amount before discount.",
    )
    return_rate = fields.Float(
        string="Returned (%)",
        readonly=True,
        aggregator="avg",
        help="Returned in the revenue.",
    )
    margin_rate = fields.Float(
        string="Margin (%)",
        readonly=True,
        aggregator="avg",
        groups=COSTS,
        help="Margin in the net revenue.",
    )

    def init(self):
        # Later: columns of orders may not be there yet.
        self.pool.post_init(keep_statistics, self.env)

    @property
    def _table_query(self):
        return analysis_query(self.env)

    # ----------------------------------------------------------------
    # Aggregates
    # ----------------------------------------------------------------

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        asked = (*groupby, *aggregates, *(term[0] for term in having if len(term) == 3))
        domain = self._domain_of_years(domain, asked)
        return super()._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        asked = (*(spec for groupby in grouping_sets for spec in groupby), *aggregates)
        domain = self._domain_of_years(domain, asked)
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    @api.model
    def _domain_of_years(self, domain, specs):
        """Have last year's rows read as well where something asked needs them."""
        asked = {spec.partition(":")[0] for spec in specs}
        if asked & LAST_YEAR_FIELDS and not self._names_period(domain):
            return Domain(domain) & Domain("period", "in", ("this", "last_year"))
        return domain

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Find last year's rows only where the domain says which rows it means."""
        if not self._names_period(domain):
            domain = Domain(domain) & Domain("period", "=", "this")
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _names_period(self, domain):
        conditions = Domain(domain).iter_conditions()
        names = {condition.field_expr for condition in conditions}
        return bool(names & {"id", "period"})

    def _read_group_select(self, aggregate_spec, query):
        """Make rates of sums, and shares of the total of the query."""
        name = aggregate_spec.partition(":")[0]
        if name not in RATES and name != "share":
            return super()._read_group_select(aggregate_spec, query)
        self._field_to_sql(self._table, name, query)  # checks the right to read it
        if name == "share":
            total = self._sum_sql("revenue", query)
            part, whole = total, query.subselect(total)
        else:
            part, whole = (self._sum_sql(field, query) for field in RATES[name])
        return SQL("100.0 * %s / NULLIF(%s, 0)", part, whole)

    def _sum_sql(self, name, query):
        return SQL("SUM(%s)", self._field_to_sql(self._table, name, query))

    # ----------------------------------------------------------------
    # Actions
    # ----------------------------------------------------------------

    def action_open_document(self):
        """Open the order of a row, or the invoice of one without order."""
        self.ensure_one()
        document = self.order_id or self.move_id
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }
