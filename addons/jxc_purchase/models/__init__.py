# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import account_move
from . import account_move_line
from . import jxc_budget_entry
from . import jxc_budget_messages
from . import jxc_budget_reader
from . import jxc_budget_preview
from . import jxc_budget_engine
from . import jxc_import_budgets
from . import jxc_import_purchase_orders
from . import jxc_import_vendor_prices
from . import jxc_purchase_budget
from . import jxc_purchase_budget_line
from . import purchase_order
from . import purchase_order_line
from . import res_company
from . import res_config_settings
