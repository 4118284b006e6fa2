# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import test_compound
from . import test_count
from . import test_count_approval
from . import test_count_blind
from . import test_count_input
from . import test_count_truth
from . import test_executive
from . import test_import_opening_stock
from . import test_import_product_units
from . import test_import_reorder_rules
from . import test_move_units
from . import test_product_quantities
from . import test_product_unit
from . import test_product_unit_barcode
from . import test_product_unit_usage
from . import test_views
