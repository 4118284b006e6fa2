# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_customer_class
from . import jxc_customer_class_log
from . import jxc_followup
from . import jxc_followup_template
from . import jxc_pool_log
from . import jxc_pool_mixin
from . import jxc_pool_quota
from . import jxc_pool_rule
from . import jxc_pool_run
from . import crm_lead_pool
from . import res_company
from . import res_company_pool
from . import res_config_settings
from . import res_config_settings_pool
from . import res_partner
from . import res_partner_followup
from . import res_partner_pool
