# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
{
    "name": "JXC Base",
    "summary": "Limits that hold under concurrency, approvals, roles, data import",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "jxc",
    "website": "https://github.com/jxc-odoo/jxc",
    "category": "Supply Chain",
    "depends": [
        "mail",
        "product",
        "uom",
        "base_tier_validation",
    ],
    "data": [
        "security/jxc_base_security.xml",
        "security/ir.model.access.csv",
        "security/jxc_import_security.xml",
        "wizards/jxc_import_wizard_views.xml",
        "views/jxc_import_run_views.xml",
        "views/jxc_import_menus.xml",
    ],
}
