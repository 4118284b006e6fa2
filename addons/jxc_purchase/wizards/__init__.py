# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_purchase_request_order
from . import jxc_purchase_request_order_line
from . import jxc_purchase_request_reject
from . import jxc_budget_override_grant
from . import jxc_budget_override_grant_line
from . import jxc_purchase_budget_carry
from . import jxc_purchase_budget_generate
