# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who sees what things cost, and what is earned on them."""

#: The right to see costs and margins.
SEE_COSTS = "jxc_base.group_see_costs"

#: With it, the roles that set costs by their work: who keeps the books or the stock's
#: value.
COST_ROLES = ",".join(
    (
        SEE_COSTS,
        "account.group_account_readonly",
        "account.group_account_user",
        "stock.group_stock_manager",
    )
)

#: Transfers carry their value along; whoever moves goods or bills them works with it.
MOVE_ROLES = ",".join(
    (
        COST_ROLES,
        "account.group_account_invoice",
        "stock.group_stock_user",
    )
)

#: Roles of addons that may be there: who buys or produces.
OTHER_ROLES = (
    "mrp.group_mrp_user",
    "point_of_sale.group_pos_user",
    "purchase.group_purchase_user",
)

#: Fields of other addons, by the name they have on orders, lines and reports.
MARGIN_FIELDS = ("margin", "margin_percent", "purchase_price")


def open_costs(model, names):
    """Open cost fields of a model to the roles of addons that are installed.

    For ``_register_hook``: a role that does not exist may not be named on a field.
    """
    found = [role for role in OTHER_ROLES if model.env.ref(role, False)]
    for name in names:
        field = model._fields[name]
        missing = [role for role in found if role not in field.groups.split(",")]
        field.groups = ",".join([field.groups, *missing])


def close_margins(model):
    """Close margins that another addon adds to this model, whichever came first."""
    for name in MARGIN_FIELDS:
        if name in model._fields:
            model._fields[name].groups = SEE_COSTS
