# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who sees what things cost, and what is earned on them."""

from odoo.fields import Domain

#: The right to see costs and margins.
SEE_COSTS = "jxc_base.group_see_costs"

#: Has everybody who sets costs by his work: who keeps the books or the stock's value,
#: buys, or produces.
COSTS_BY_WORK = "jxc_sales.group_costs_by_work"
COST_ROLES = f"{SEE_COSTS},{COSTS_BY_WORK}"

#: Transfers carry their value along; whoever moves goods or bills them works with it.
MOVE_ROLES = ",".join(
    (
        COST_ROLES,
        "account.group_account_invoice",
        "stock.group_stock_user",
    )
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


def close_margins(model):
    """Close margins that another addon adds to this model, whichever came first."""
    for name in MARGIN_FIELDS:
        if name in model._fields:
            model._fields[name].groups = SEE_COSTS
