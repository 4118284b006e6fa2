# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Which addon brings which file and column of the layout.

Only used to say "needs jxc_sales, which is not installed" instead of "unknown".
"""

FILES = {
    "partners": "jxc_base",
    "products": "jxc_base",
    "product_units": "jxc_stock",
    "vendor_prices": "jxc_purchase",
    "reorder_rules": "jxc_stock",
    "opening_stock": "jxc_stock",
    "budgets": "jxc_purchase",
    "purchase_orders": "jxc_purchase",
    "sale_orders": "jxc_sales",
    "opening_balances": "jxc_finance_bridge",
}

COLUMNS = {
    ("partners", "tier"): "jxc_sales",
    ("partners", "credit_limit"): "jxc_sales",
    ("partners", "credit_days"): "jxc_sales",
}
