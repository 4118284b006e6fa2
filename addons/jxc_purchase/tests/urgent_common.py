# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from .mode_common import ModeCommon


class UrgentCommon(ModeCommon):
    """Somebody who may buy urgently, and who approves it afterwards within 48 hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hasty = cls._user("urgent_buyer", "jxc_purchase.group_urgent_buyer")
        cls.company.write(
            {
                "jxc_direct_policy": "never",
                "jxc_urgent_policy": "group",
                "jxc_urgent_hours": 48,
                "jxc_urgent_approver_id": cls.manager.id,
            }
        )

    def _urgent(self, confirm=True, user=None, **values):
        order = self._rfq(
            (self.wine, 10, 5),
            user=user or self.hasty,
            **{
                "jxc_procurement_mode": "urgent",
                "jxc_urgent_reason": "The line stands still",
                **values,
            },
        )
        if confirm:
            order.button_confirm()
        return order
