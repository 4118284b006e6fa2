# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_import_goods_mixin
from . import jxc_import_opening_stock
from . import jxc_import_product_units
from . import jxc_import_reorder_rules
from . import jxc_product_unit
from . import jxc_product_unit_barcode
from . import jxc_product_unit_platform
from . import jxc_product_unit_usage
from . import product_product
from . import product_template
from . import stock_move
from . import stock_move_line
from . import stock_quant
from . import uom_uom
