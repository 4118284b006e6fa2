# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import os
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.tests.common import _super_send

from .common import FinanceBridgeCommon
from .finance_server import PASSWORD, FinanceServer

SERVICES = ("kingdee_eas", "kingdee_cloud_api", "u8_eai", "tplus")


class OutboxCommon(FinanceBridgeCommon):
    """A server that plays finance systems, and targets that send to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(FinanceServer())
        options = {
            "JXC_OUTBOUND_HOSTS": cls.server.host,
            "JXC_SECRET_KEYS": Fernet.generate_key().decode(),
        }
        cls.enterClassContext(patch.dict(os.environ, options))

    @classmethod
    def _request_handler(cls, session, request, /, **values):
        """Past the platform's guard for tests, which makes short timeouts longer."""
        return _super_send(session, request, **values)

    def setUp(self):
        super().setUp()
        self.server.reset()
        self.registry_enter_test_mode()

    def _target(self, adapter="u8_eai", **values):
        return self.env["jxc.finance.target"].create(
            {
                "name": "Other Books",
                "code": f"T{self.env['jxc.finance.target'].search_count([])}",
                "adapter": adapter,
                "company_id": self.company.id,
                "endpoint": self.server.url,
                "login": "user",
                "secret": PASSWORD,
                "book": "001",
                "timeout": 1,
                **values,
            }
        )

    def _moves(self, count=1):
        moves = self.env["account.move"]
        for number in range(count):
            amount = 100 + number
            moves |= self._entry(
                "2023-01-31", ("100200", amount, 0), ("500100", 0, amount)
            )
        return moves

    def _run(self, target, times=1):
        """Run the job, whatever pause it is in."""
        for _time in range(times):
            target.sudo().next_try = False
            self.env.flush_all()
            target._run_outbox()
            self.env.invalidate_all()
