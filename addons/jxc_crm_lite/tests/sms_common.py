# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import os
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.fields import Command
from odoo.tests.common import _super_send

from .common import CustomerClassCommon
from .sms_server import SmsServer

PASSWORD = "s3cret/pass word"


class SmsCommon(CustomerClassCommon):
    """A provider that listens on this machine, and a gateway that sends to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(SmsServer())
        options = {
            "JXC_OUTBOUND_HOSTS": cls.server.host,
            "JXC_SECRET_KEYS": Fernet.generate_key().decode(),
        }
        cls.enterClassContext(patch.dict(os.environ, options))
        cls.company.write({"jxc_quiet_from": 0, "jxc_quiet_to": 0})
        cls.gateway = cls._gateway(cls.company)
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.shop = cls._customer(
            "Shop",
            user_id=cls.seller.id,
            phone="+86 138 0013 8000",
            country_id=cls.env.ref("base.cn").id,
        )

    @classmethod
    def _gateway(cls, company, **values):
        return cls.env["jxc.sms.gateway"].create(
            {
                "name": f"Gateway of {company.name}",
                "company_id": company.id,
                "endpoint": cls.server.url,
                "login": "shop",
                "secret": PASSWORD,
                "signature": "好店",
                "timeout": 1,
                "parameters": "user = {login}\npw = {secret}\nto = {numbers}\n"
                "text = {content}\ntpl = {template}\nparams = {params}\nsign = {sign}",
                "template_ids": [
                    Command.create(
                        {
                            "name": "shipped",
                            "code": "SMS_1",
                            "content": "Order {order} goes to {town}.",
                            "parameters": "town, order",
                        }
                    ),
                    Command.create(
                        {
                            "name": "sale",
                            "content": "Tea at {price}!",
                            "is_marketing": True,
                        }
                    ),
                ],
                **values,
            }
        )

    @classmethod
    def _request_handler(cls, session, request, /, **values):
        """Past the platform's guard for tests, which makes short timeouts longer."""
        return _super_send(session, request, **values)

    def setUp(self):
        super().setUp()
        self.server.requests.clear()
        self.server.bodies.clear()
        self.server.plan.clear()
        self.server.key = ""

    def _named(self, *hosts):
        return patch.dict(os.environ, {"JXC_OUTBOUND_HOSTS": ",".join(hosts)})

    def _work(self):
        """The platform's queue, then the gateways', as after a commit."""
        with self.enter_registry_test_mode():
            self.env.ref("sms.ir_cron_sms_scheduler_action").method_direct_trigger()
            self.env.ref("jxc_crm_lite.jxc_sms_cron").method_direct_trigger()

    def _send(self, *numbers, user=None, template="shipped", **values):
        values = values or {"order": "S1", "town": "Ningbo"}
        gateway = self.gateway.with_user(user or self.seller)
        found = gateway.send(list(numbers) or ["13800138000"], template, values)
        return self.env["jxc.sms.message"].browse([row["id"] for row in found])

    def _messages(self, company=None):
        return self.env["jxc.sms.message"].search(
            [("company_id", "=", (company or self.company).id)]
        )
