# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import test_finance_setup
from . import test_import_opening_balances
from . import test_trial_balance
from . import test_views
from . import test_stock_booking
from . import test_stock_booking_random
from . import test_stock_snapshot
from . import test_stock_booking_views
from . import test_invoice_match
