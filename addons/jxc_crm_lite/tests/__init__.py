# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import test_customer_class
from . import test_customer_class_access
from . import test_followup
from . import test_location_stamp
from . import test_pool
from . import test_pool_run
from . import test_res_partner
from . import test_ticket
from . import test_ticket_access
from . import test_ticket_form
from . import test_ticket_outcome
from . import test_ticket_report
from . import test_ticket_sla
