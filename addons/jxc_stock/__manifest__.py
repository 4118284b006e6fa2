# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
{
    "name": "JXC Stock",
    "summary": "Several units per product, quantities like 3箱5瓶, stock data import",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "jxc",
    "website": "https://github.com/jxc-odoo/jxc",
    "category": "Supply Chain/Inventory",
    "depends": [
        "jxc_base",
        "product_expiry",
        "stock_account",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/jxc_stock_security.xml",
        "views/jxc_product_unit_views.xml",
        "views/product_product_views.xml",
        "views/product_template_views.xml",
        "views/stock_quant_views.xml",
        "views/jxc_stock_menus.xml",
    ],
    "demo": [
        "demo/product_template_demo.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
