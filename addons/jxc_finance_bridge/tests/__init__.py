# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import test_finance_setup
from . import test_import_opening_balances
from . import test_trial_balance
from . import test_views
from . import test_capitals
from . import test_period
from . import test_voucher
from . import test_profit_transfer
from . import test_voucher_sheet
from . import test_finance_setup_tax
from . import test_worked_month
