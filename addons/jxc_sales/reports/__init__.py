# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_sale_analysis
from . import jxc_sale_funnel
from . import jxc_sale_workbook
from . import report_customer_price_list
from . import sale_collection_xlsx
from . import sale_ranking_xlsx
from . import sale_report
