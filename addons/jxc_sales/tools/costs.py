# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who sees what things cost, and what is earned on them."""

from odoo import SUPERUSER_ID
from odoo.fields import Domain

#: The right to see costs and margins.
SEE_COSTS = "jxc_base.group_see_costs"

#: Has everybody who sets costs by his work: who keeps the books or the stock's value,
#: buys, or produces.
COSTS_BY_WORK = "jxc_sales.group_costs_by_work"
COST_ROLES = f"{SEE_COSTS},{COSTS_BY_WORK}"

#: The server gives these to who has a role whose papers tell what vendors ask, and who
#: sells nothing: a seller sees no costs, whatever else he does.
VENDOR_PRICES = "jxc_sales.group_vendor_prices"
REQUEST_PRICES = "jxc_sales.group_request_prices"
GIVEN_TO_NON_SELLERS = {
    VENDOR_PRICES: "account.group_account_invoice",
    REQUEST_PRICES: "jxc_purchase.group_purchase_requester",
}
SELLER = "sales_team.group_sale_salesman"

#: Prices of vendors: who works with costs, and who bills and does not sell.
VENDOR_ROLES = f"{COST_ROLES},{VENDOR_PRICES}"

#: Who answers for budgets sees what is spent of them.
BUDGET_ROLES = f"{VENDOR_ROLES},jxc_base.group_budget_manager"

#: Vendors find on their own orders in the portal what they asked.
ORDER_ROLES = f"{BUDGET_ROLES},base.group_portal"

#: Estimates of purchase requests; who approves requests decides by them.
REQUEST_ROLES = f"{BUDGET_ROLES},{REQUEST_PRICES},jxc_purchase.group_request_approver"

#: Fields of other addons that tell what goods cost, and for whom they are.
CLOSED_ELSEWHERE = {
    "account.invoice.report": (COST_ROLES, ("inventory_value", "price_margin")),
    "jxc.budget.entry": (BUDGET_ROLES, ("amount",)),
    "jxc.budget.report": (
        BUDGET_ROLES,
        (
            "amount",
            "amount_reserved",
            "amount_committed",
            "amount_actual",
            "amount_available",
        ),
    ),
    "jxc.invoice.match": (
        VENDOR_ROLES,
        ("price_order", "price_bill", "amount_difference", "amount_tax_difference"),
    ),
    "jxc.purchase.request": (
        REQUEST_ROLES,
        ("amount_total", "budget_hint", "jxc_price_increase_percent"),
    ),
    "jxc.purchase.request.line": (REQUEST_ROLES, ("price_unit", "price_subtotal")),
    "jxc.stock.accrual": (VENDOR_ROLES, ("amount",)),
    "jxc.stock.shipped": (VENDOR_ROLES, ("amount",)),
    "product.product": (COST_ROLES, ("suggest_estimated_price",)),
    "purchase.bill.line.match": (
        VENDOR_ROLES,
        (
            "line_amount_untaxed",
            "product_uom_price",
            "billed_amount_untaxed",
            "purchase_amount_untaxed",
        ),
    ),
    "purchase.order": (
        ORDER_ROLES,
        (
            "amount_untaxed",
            "amount_tax",
            "amount_total",
            "amount_total_cc",
            "tax_totals",
        ),
    ),
    "purchase.order.line": (
        ORDER_ROLES,
        (
            "discount",
            "price_unit",
            "price_unit_product_uom",
            "price_unit_discounted",
            "technical_price_unit",
            "price_subtotal",
            "price_total",
            "price_total_cc",
            "price_tax",
            "amount_to_invoice_at_date",
        ),
    ),
}

#: The same of what is nothing for vendors in the portal.
CLOSED_INSIDE = {
    "purchase.order": (BUDGET_ROLES, ("jxc_budget_hint", "jxc_price_increase_percent")),
    "purchase.order.line": (
        BUDGET_ROLES,
        ("jxc_budget_available", "jxc_called_amount", "jxc_quoted_price"),
    ),
}

#: Roles of addons that may be there and work with costs: who buys, produces, or whose
#: till loads its products with them.
OTHER_ROLES = (
    "mrp.group_mrp_user",
    "point_of_sale.group_pos_user",
    "purchase.group_purchase_user",
)

#: Words in the condition of an approval tier that say it judges costs.
COST_WORDS = ("cost", "margin", "purchase_price", "standard_price")

#: Fields of other addons, by the name they have on orders, lines and reports.
MARGIN_FIELDS = ("margin", "margin_percent", "purchase_price")

#: Rules of price lists that start from the cost; a fixed price does so from nothing.
BY_COST = Domain("base", "=", "standard_price") & Domain("compute_price", "!=", "fixed")


def may_see_costs(env):
    """Whether costs are open to this user: by right, or as he works with them."""
    return env.su or env.user.has_groups(COST_ROLES)


def tells_costs(env):
    """Whether what is judged by costs may be told to this user.

    One who could ask at will whether a price is above its lowest margin would find the
    cost itself in a dozen tries.
    """
    return env.su or env.user.has_group(SEE_COSTS)


def asker_tells_costs(env):
    """The same for who is behind this, also where the server does it for him."""
    return env.uid == SUPERUSER_ID or env.user.has_group(SEE_COSTS)


def is_kept_from_costs(env):
    """Whether this user sells and may see no costs, whatever other roles he has."""
    return env.user.has_group(SELLER) and not may_see_costs(env)


def close_elsewhere(env):
    """Close what other addons tell of costs, whichever of them are there."""
    closed = [*CLOSED_ELSEWHERE.items(), *CLOSED_INSIDE.items()]
    for name, (roles, fields) in closed:
        for field in fields if name in env.registry else ():
            if field in env[name]._fields:
                env[name]._fields[field].groups = roles


def close_margins(model):
    """Close margins that another addon adds to this model, whichever came first."""
    for name in MARGIN_FIELDS:
        if name in model._fields:
            model._fields[name].groups = SEE_COSTS
