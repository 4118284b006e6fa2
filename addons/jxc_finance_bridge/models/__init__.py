# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import account_move, jxc_finance_setup_check, jxc_import_opening_balances
from . import (
    account_move_booking,
    account_move_line_booking,
    jxc_finance_setup_check_booking,
    jxc_stock_book_mixin,
    jxc_stock_accrual,
    jxc_stock_booking,
    jxc_stock_shipped,
    jxc_stock_snapshot,
    jxc_stock_snapshot_book,
    jxc_stock_snapshot_line,
    product_product_value_at,
    purchase_order_line_booking,
    res_company_booking,
    res_config_settings_booking,
    sale_order_line_booking,
    stock_move_booking,
    stock_move_line_booking,
)
