# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..tools.abc import classify

OPEN = ("draft", "in_progress", "submitted")


class JxcStockCountPlan(models.Model):
    """Cycle counting: products that sell for much are counted often, others rarely.

    Every night those that are due become a count in draft.
    """

    _name = "jxc.stock.count.plan"
    _description = "Stock Count Plan"
    _inherit = ["mail.thread", "jxc.number.mixin"]
    _order = "warehouse_id, name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
    )
    active = fields.Boolean(
        default=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        required=True,
        check_company=True,
        default=lambda self: self.env["jxc.stock.count"]._default_warehouse_id(),
    )
    location_ids = fields.Many2many(
        comodel_name="stock.location",
        string="Locations",
        check_company=True,
        domain="[('warehouse_id', '=', warehouse_id),"
        " ('usage', 'in', ('internal', 'view'))]",
        help="With all locations inside them. Empty: the whole warehouse.",
    )
    category_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="With their subcategories. Empty: all.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        check_company=True,
    )
    blind = fields.Boolean(
        default=True,
    )
    months = fields.Integer(
        string="Months Looked at",
        required=True,
        default=6,
        help="The classes follow from what left the warehouse in this time, in value.",
    )
    share_a = fields.Float(
        string="A up to (%)",
        required=True,
        digits=(16, 1),
        default=80,
        help="Products that make this share of the value, the largest first.",
    )
    share_b = fields.Float(
        string="B up to (%)",
        required=True,
        digits=(16, 1),
        default=95,
    )
    days_a = fields.Integer(
        string="Count A every (Days)",
        required=True,
        default=30,
    )
    days_b = fields.Integer(
        string="Count B every (Days)",
        required=True,
        default=90,
    )
    days_c = fields.Integer(
        string="Count C every (Days)",
        required=True,
        default=180,
    )
    most_products = fields.Integer(
        string="Products at a Time",
        required=True,
        default=50,
        help="At most so many products in one count; those waiting longest come first.",
    )
    count_ids = fields.One2many(
        comodel_name="jxc.stock.count",
        inverse_name="plan_id",
        string="Counts",
        readonly=True,
    )
    count_count = fields.Integer(
        compute="_compute_count_count",
        string="Number of Counts",
    )

    _shares = models.Constraint(
        "CHECK (share_a > 0 AND share_a <= share_b AND share_b <= 100)",
        "The share of A is above 0, that of B between A and 100.",
    )
    _days = models.Constraint(
        "CHECK (days_a > 0 AND days_b > 0 AND days_c > 0 AND months > 0"
        " AND most_products > 0)",
        "Days, months and products at a time are above 0.",
    )

    @api.depends("count_ids")
    def _compute_count_count(self):
        groups = self.env["jxc.stock.count"]._read_group(
            [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
        )
        numbers = {plan.id: number for plan, number in groups}
        for plan in self:
            plan.count_count = numbers.get(plan.id, 0)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_plan(self):
        """Make counts of what is due now, if the last ones are done.

        :return: an action showing the counts of the plan
        """
        self.check_access("write")
        self._make_counts()
        return self.action_open_counts()

    def action_open_counts(self):
        """Show the counts of these plans."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stock Counts"),
            "res_model": "jxc.stock.count",
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": [("plan_id", "in", self.ids)],
        }

    @api.model
    def _cron_plan(self):
        """Make the counts that are due; plans whose last count is open wait."""
        plans = self.search([])
        for done, plan in enumerate(plans, start=1):
            plan._make_counts()
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(plans) - done):
                break

    def _make_counts(self):
        """Create one draft count for each plan that has something due."""
        vals_list = []
        for plan in self.filtered("active"):
            if any(count.state in OPEN for count in plan.count_ids):
                continue
            products = plan._due_products()
            if products:
                vals_list.append(plan._prepare_count_values(products))
        # sudo: that it is the count of a plan, nobody says but the plan
        counts = self.env["jxc.stock.count"].sudo().create(vals_list)
        return counts.with_env(self.env)

    def _prepare_count_values(self, products):
        """Return values of a count of these products."""
        self.ensure_one()
        return {
            "plan_id": self.id,
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "location_ids": [Command.set(self.location_ids.ids)],
            "product_ids": [Command.set(products.ids)],
            "user_id": self.user_id.id,
            "blind": self.blind,
        }

    # ------------------------------------------------------------
    # What is due
    # ------------------------------------------------------------

    def _due_products(self):
        """Return the products that are due, the longest waiting first."""
        self.ensure_one()
        plan = self.sudo().with_company(self.company_id)
        products = plan._stocked_products()
        classes = plan._classes(products)
        counted = plan._last_counted(products)
        now = fields.Datetime.now()
        days = {"a": plan.days_a, "b": plan.days_b, "c": plan.days_c}
        waiting = {}
        for product in products:
            last = counted.get(product.id)
            interval = timedelta(days=days[classes[product.id]])
            if not last or last + interval <= now:
                # What was never counted waits longest.
                late = (now - last) / interval if last else float("inf")
                waiting[product] = -late, classes[product.id], product.id
        due = sorted(waiting, key=waiting.get)
        return products.browse(product.id for product in due[: plan.most_products])

    def _location_domain(self):
        roots = self.location_ids or self.warehouse_id.view_location_id
        return Domain("id", "child_of", roots.ids) & Domain("usage", "=", "internal")

    def _stocked_products(self):
        """Return the products that are there."""
        domain = Domain("location_id", "any", self._location_domain())
        domain &= Domain("quantity", "!=", 0)
        domain &= Domain("product_id.is_storable", "=", True)
        if self.category_ids:
            domain &= Domain("product_id.categ_id", "child_of", self.category_ids.ids)
        groups = self.env["stock.quant"]._read_group(domain, ["product_id"])
        return self.env["product.product"].union(*(product for (product,) in groups))

    def _classes(self, products):
        """Return {product id: class} by the value that left the warehouse."""
        since = fields.Datetime.now() - relativedelta(months=self.months)
        groups = self.env["stock.move"]._read_group(
            Domain("product_id", "in", products.ids)
            & Domain("state", "=", "done")
            & Domain("is_out", "=", True)
            & Domain("date", ">=", since)
            & Domain("location_id", "child_of", self.warehouse_id.view_location_id.id),
            ["product_id"],
            ["value:sum"],
        )
        values = dict.fromkeys(products.ids, 0.0)
        values.update({product.id: value for product, value in groups})
        return classify(values, self.share_a, self.share_b)

    def _last_counted(self, products):
        """Return {product id: when it was last counted in this warehouse}."""
        groups = self.env["jxc.stock.count.line"]._read_group(
            [
                ("product_id", "in", products.ids),
                ("warehouse_id", "=", self.warehouse_id.id),
                ("is_counted", "=", True),
                ("state", "in", ("kept", "applied")),
            ],
            ["product_id"],
            ["counted_at:max"],
        )
        return {product.id: moment for product, moment in groups}
