# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.addons.sms.tools.sms_api import SmsApiBase


class SmsApiGateway(SmsApiBase):
    """The platform's door to a company's gateway.

    It hands messages over to the gateway's queue, inside the transaction: nothing goes
    out before that has committed.
    """

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        gateway = self.company._jxc_get_sms_gateway()
        return gateway._put_platform(messages)
