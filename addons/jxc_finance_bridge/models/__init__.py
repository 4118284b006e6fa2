# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import account_move, jxc_finance_setup_check, jxc_import_opening_balances
