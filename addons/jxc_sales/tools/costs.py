# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who sees what things cost, and what is earned on them."""

from typing import NamedTuple

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


class Closed(NamedTuple):
    """Fields of a model of another addon that tell what goods cost."""

    model: str
    fields: tuple[str, ...]
    #: who sees them all the same, as ``groups`` of a field
    roles: str
    #: what they would tell, or why these roles need them
    why: str


#: All that is closed of other addons, whichever of them are there.
CLOSED = (
    Closed(
        "account.invoice.report",
        ("inventory_value", "price_margin"),
        COST_ROLES,
        "the cost and margin of each invoiced line",
    ),
    Closed(
        "product.product",
        ("suggest_estimated_price",),
        COST_ROLES,
        "what the proposed purchases would cost",
    ),
    Closed(
        "jxc.invoice.match",
        ("price_order", "price_bill", "amount_difference", "amount_tax_difference"),
        VENDOR_ROLES,
        "prices of vendors; who enters their bills compares them",
    ),
    Closed(
        "jxc.stock.accrual",
        ("amount",),
        VENDOR_ROLES,
        "what received goods cost that no bill is there for",
    ),
    Closed(
        "jxc.stock.shipped",
        ("amount",),
        VENDOR_ROLES,
        "what shipped goods cost that are not invoiced",
    ),
    Closed(
        "purchase.bill.line.match",
        (
            "line_amount_untaxed",
            "product_uom_price",
            "billed_amount_untaxed",
            "purchase_amount_untaxed",
        ),
        VENDOR_ROLES,
        "prices of vendors; who enters their bills compares them",
    ),
    Closed(
        "jxc.budget.entry",
        ("amount",),
        BUDGET_ROLES,
        "what a purchase takes of its budget",
    ),
    Closed(
        "jxc.budget.report",
        (
            "amount",
            "amount_reserved",
            "amount_committed",
            "amount_actual",
            "amount_available",
        ),
        BUDGET_ROLES,
        "what purchases take of their budgets",
    ),
    Closed(
        "purchase.order",
        ("jxc_budget_hint", "jxc_price_increase_percent"),
        BUDGET_ROLES,
        "amounts of the order; nothing for vendors in the portal",
    ),
    Closed(
        "purchase.order.line",
        ("jxc_budget_available", "jxc_called_amount", "jxc_quoted_price"),
        BUDGET_ROLES,
        "prices and budgets of the line; nothing for vendors in the portal",
    ),
    Closed(
        "purchase.order",
        (
            "amount_untaxed",
            "amount_tax",
            "amount_total",
            "amount_total_cc",
            "tax_totals",
        ),
        ORDER_ROLES,
        "what is paid to the vendor, who reads it in the portal",
    ),
    Closed(
        "purchase.order.line",
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
        ORDER_ROLES,
        "what the vendor asks, who reads it in the portal",
    ),
    Closed(
        "jxc.purchase.request",
        ("amount_total", "budget_hint", "jxc_price_increase_percent"),
        REQUEST_ROLES,
        "estimates by vendors' prices; who approves requests decides by them",
    ),
    Closed(
        "jxc.purchase.request.line",
        ("price_unit", "price_subtotal"),
        REQUEST_ROLES,
        "estimates by vendors' prices; who approves requests decides by them",
    ),
)

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
    for closed in CLOSED:
        for name in closed.fields if closed.model in env.registry else ():
            field = env[closed.model]._fields.get(name)
            if field:
                field.groups = closed.roles


def close_margins(model):
    """Close margins that another addon adds to this model, whichever came first."""
    for name in MARGIN_FIELDS:
        if name in model._fields:
            model._fields[name].groups = SEE_COSTS
