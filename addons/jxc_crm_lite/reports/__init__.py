# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_complaint_report
from . import jxc_repeat_report
from . import jxc_ticket_report
from . import jxc_lead_stage_report
from . import jxc_sales_target_report
from . import jxc_sleeping_customer
