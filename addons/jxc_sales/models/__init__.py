# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import account_move
from . import jxc_credit_account
from . import jxc_credit_account_gate
from . import jxc_credit_override
from . import jxc_customer_tier
from . import jxc_import_partners
from . import jxc_import_sale_orders
from . import jxc_import_sale_orders_load
from . import jxc_product_unit
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
from . import sale_order_credit
from . import sale_order_line
from . import stock_picking
