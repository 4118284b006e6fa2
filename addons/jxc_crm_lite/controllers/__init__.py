# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import sms_gateway
from . import feedback
from . import helpdesk
from . import helpdesk_account
from . import unsubscribe
from . import vcard
