# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import base_partner_merge
from . import jxc_partner_merge
from . import jxc_privacy_request
