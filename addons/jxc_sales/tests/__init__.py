# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import test_aux
from . import test_credit_access
from . import test_credit_account
from . import test_credit_attacks
from . import test_credit_channels
from . import test_credit_exposure
from . import test_credit_gate
from . import test_import_partners
from . import test_import_sale_orders
from . import test_units
from . import test_credit_delivery
from . import test_credit_hold
from . import test_credit_overdue
from . import test_sale_mode
