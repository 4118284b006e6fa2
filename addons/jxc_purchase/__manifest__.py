# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
{
    "name": "JXC Purchase",
    "summary": "Purchase budgets that hold on every channel",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "jxc",
    "website": "https://github.com/jxc-odoo/jxc",
    "category": "Supply Chain/Purchase",
    "depends": [
        "jxc_base",
        "jxc_stock",
        "purchase_stock",
        "purchase_requisition_stock",
        "stock_dropshipping",
    ],
    "data": [
        "security/jxc_purchase_security.xml",
        "security/ir.model.access.csv",
        "data/ir_cron.xml",
        "data/mail_activity_type_data.xml",
        "reports/purchase_report_templates.xml",
        "views/jxc_budget_entry_views.xml",
        "views/jxc_purchase_budget_line_views.xml",
        "views/jxc_purchase_budget_views.xml",
        "views/purchase_order_views.xml",
        "views/purchase_order_aux_views.xml",
        "views/res_config_settings_views.xml",
        "views/jxc_purchase_menus.xml",
    ],
    "demo": [
        "demo/jxc_purchase_budget_demo.xml",
    ],
}
