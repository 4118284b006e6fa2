# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import (
    test_finance_setup,
    test_import_opening_balances,
    test_trial_balance,
    test_views,
    test_capitals,
    test_period,
    test_voucher,
    test_profit_transfer,
    test_voucher_sheet,
    test_finance_setup_tax,
    test_worked_month,
    test_fapiao,
    test_finance_outbox,
    test_voucher_formats,
    test_voucher_interface,
)
