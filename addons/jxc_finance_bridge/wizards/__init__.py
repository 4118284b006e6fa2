# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import (
    jxc_finance_setup,
    jxc_finance_setup_line,
    jxc_invoice_match_release,
    jxc_stock_snapshot_take,
    jxc_trial_balance,
    jxc_trial_balance_line,
    jxc_finance_reopen,
    jxc_voucher_print,
    jxc_voucher_export,
    jxc_ageing,
    jxc_ageing_bucket,
    jxc_ageing_line,
    jxc_fapiao_match,
    jxc_fapiao_upload,
    jxc_fapiao_upload_line,
    jxc_statement_batch,
)
