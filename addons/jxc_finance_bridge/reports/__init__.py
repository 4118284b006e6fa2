# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_finance_workbook, trial_balance_xlsx
from . import account_statement_xlsx, ageing_xlsx, statement_xlsx
from . import general_ledger, general_ledger_xlsx, library_xlsx
from . import jxc_cash_forecast, jxc_margin_analysis, jxc_tax_summary
