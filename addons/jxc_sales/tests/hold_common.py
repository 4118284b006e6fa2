# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).

from .common import CreditCommon


class HoldCommon(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.order_action = "hold"
        cls.manager = cls._create_user("jxc_releaser", "jxc_base.group_credit_manager")
        cls.cron = cls.env.ref("jxc_sales.jxc_credit_hold_cron")

    def _held(self, quantity=11, **values):
        order = self._create_order(quantity, **values)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual((order.state, order.jxc_credit_state), ("draft", "hold"))
        return order

    def _triggered(self):
        """Whether the judging job was started since the last call."""
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        triggers.unlink()
        return bool(triggers)

    def _judge(self):
        self.env["jxc.credit.account"]._cron_judge_holds()
