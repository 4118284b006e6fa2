# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_stock_count_upload
from . import jxc_stock_freeze_wizard
from . import jxc_stock_ledger_report
from . import jxc_stock_ledger_report_line
from . import jxc_stock_release_wizard
from . import stock_quant_relocate
