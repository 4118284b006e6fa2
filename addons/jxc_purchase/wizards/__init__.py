# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_purchase_request_order
from . import jxc_purchase_request_order_line
from . import jxc_purchase_request_reject
from . import jxc_vendor_evaluation_batch
from . import jxc_vendor_suspend
from . import jxc_bill_release
from . import account_payment_register
from . import stock_return_picking_line
from . import jxc_duplicate_window
from . import jxc_duplicate_window_line
from . import jxc_purchase_request_order_tender
from . import purchase_requisition_create_alternative
from . import jxc_budget_override_grant
from . import jxc_budget_override_grant_line
from . import jxc_purchase_budget_carry
from . import jxc_purchase_budget_generate
from . import base_partner_merge
