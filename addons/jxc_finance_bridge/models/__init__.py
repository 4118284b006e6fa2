# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import account_move, jxc_finance_setup_check, jxc_import_opening_balances
from . import (
    account_move_outbox,
    account_move_removal,
    account_move_voucher_dto,
    jxc_fapiao,
    jxc_finance_mapping,
    jxc_finance_outbox,
    jxc_finance_removal,
    jxc_finance_target,
    jxc_finance_target_send,
    jxc_voucher,
    jxc_voucher_changes,
    jxc_voucher_ledger,
)
