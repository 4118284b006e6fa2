# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_stock_overview
from . import stock_ledger_xlsx
from . import jxc_stock_lot_partner
