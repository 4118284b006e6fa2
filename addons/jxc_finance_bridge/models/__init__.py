# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import account_move, jxc_finance_setup_check, jxc_import_opening_balances
from . import (
    account_move_line_voucher,
    account_move_sheet,
    account_move_sign,
    account_move_summary,
    account_move_voucher,
    jxc_finance_period,
    jxc_finance_period_check,
    jxc_finance_period_checks,
    jxc_finance_period_close,
    jxc_finance_period_profit,
    jxc_finance_setup_check_tax,
    jxc_voucher_summary,
    res_company,
    res_config_settings_voucher,
)
