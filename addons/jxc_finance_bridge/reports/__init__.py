# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import trial_balance_xlsx, statement_xlsx, jxc_tax_summary, jxc_cash_forecast
