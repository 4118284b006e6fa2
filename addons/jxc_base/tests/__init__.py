# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import test_approval_delegation
from . import test_approval_guards
from . import test_approval_people
from . import test_approval_rpc
from . import test_approval_widening
from . import test_capitals
from . import test_gate
from . import test_import_columns
from . import test_import_master_data
from . import test_import_readers
from . import test_import_service
from . import test_import_wizard
from . import test_approval_cards
from . import test_outbound
from . import test_secret
from . import test_server_fields
from . import test_company_timezone
