# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import base_partner_merge
from . import jxc_partner_merge
from . import jxc_privacy_request
from . import mail_compose_message
from . import mailing_test
from . import sms_composer
from . import jxc_followup_report
from . import jxc_ticket_visit
from . import crm_lead_lost
