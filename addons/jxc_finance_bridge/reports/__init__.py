# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import trial_balance_xlsx
from . import jxc_finance_workbook, ageing_xlsx, statement_xlsx, jxc_margin_analysis
