# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_budget_report
from . import jxc_budget_xlsx
from . import jxc_tender_xlsx
