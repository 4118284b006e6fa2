# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import test_customer_class
from . import test_customer_class_access
from . import test_followup
from . import test_location_stamp
from . import test_pool
from . import test_pool_run
from . import test_res_partner
from . import test_product_affinity
from . import test_repurchase
from . import test_opportunity
from . import test_sales_target
