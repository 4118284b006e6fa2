# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
{
    "name": "JXC Finance Bridge",
    "summary": "Chinese books on the ledger: set-up check, trial balance, opening"
    " balances",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "jxc",
    "website": "https://github.com/jxc-odoo/jxc",
    "category": "Accounting/Accounting",
    "depends": [
        "account_financial_report",
        "jxc_base",
        "l10n_cn",
        "mis_builder",
        "purchase_stock",
        "report_xlsx",
        "sale_stock",
        "stock_account",
    ],
    "data": [
        "security/jxc_finance_bridge_security.xml",
        "security/ir.model.access.csv",
        "reports/trial_balance_report.xml",
        "wizards/jxc_finance_setup_views.xml",
        "wizards/jxc_trial_balance_views.xml",
        "views/jxc_finance_bridge_menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
