# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import test_aux
from . import test_budget
from . import test_budget_access
from . import test_budget_attacks
from . import test_budget_bills
from . import test_budget_channels
from . import test_budget_matching
from . import test_budget_orders
from . import test_budget_queries
from . import test_budget_random
from . import test_import
from . import test_stock_alert
from . import test_tools
from . import test_units
