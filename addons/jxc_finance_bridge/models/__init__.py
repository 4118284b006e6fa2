# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import account_move
from . import jxc_finance_setup_check
from . import jxc_finance_setup
from . import jxc_finance_setup_line
from . import jxc_import_opening_balances
from . import jxc_trial_balance
from . import jxc_trial_balance_line
