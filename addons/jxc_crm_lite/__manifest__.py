# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
{
    "name": "JXC CRM Lite",
    "summary": "Customer classes by revenue, RFM and life cycle",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "jxc",
    "website": "https://github.com/jxc-odoo/jxc",
    "category": "Sales/CRM",
    "depends": [
        "crm_sms",
        "helpdesk_mgmt",
        "jxc_base",
        "sale_crm",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/jxc_crm_lite_security.xml",
        "data/ir_cron.xml",
        "views/jxc_customer_class_views.xml",
        "views/jxc_customer_class_log_views.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
        "views/jxc_crm_lite_menus.xml",
    ],
    "demo": ["demo/jxc_customer_class_demo.xml"],
    "uninstall_hook": "uninstall_hook",
}
