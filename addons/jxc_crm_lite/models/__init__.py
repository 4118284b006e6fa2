# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import jxc_customer_class
from . import jxc_customer_class_log
from . import res_company
from . import res_config_settings
from . import res_partner
