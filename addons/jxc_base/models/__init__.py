# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_gate_claim
from . import jxc_gate_mixin
from . import jxc_import
from . import jxc_import_handler
from . import jxc_import_partners
from . import jxc_import_products
from . import jxc_import_run
from . import product_product
from . import uom_uom
