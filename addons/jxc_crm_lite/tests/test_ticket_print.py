# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo.tests import tagged

from .ticket_common import TicketCommon

PRINT = "jxc_crm_lite.jxc_ticket_print"


@tagged("post_install", "-at_install")
class TestTicketPrint(TicketCommon):
    """The service sheet that goes along with the technician, as a helpdesk user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.leader.lang = "zh_CN"
        cls.serial = cls._lot(cls.kettle, "SN001")
        cls._receive(cls.serial, cls.vendor)
        cls._deliver(cls.serial, cls.contact)
        cls.order = cls._order(cls.customer, 1, 10)

    def _printed(self, tickets):
        """The words of the sheet, as the leader of the helpdesk prints it."""
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.leader)
            .with_context(lang="zh_CN", allowed_company_ids=self.company.ids)
            ._render_qweb_html(PRINT, tickets.ids)
        )
        text = re.sub(r"<[^>]+>", " ", html.decode())
        return re.sub(r"\s+", " ", text)

    def _whole(self, **values):
        return self._ticket(
            jxc_lot_id=self.serial.id,
            jxc_order_id=self.order.id,
            jxc_quantity=1,
            jxc_opened_at="2024-03-05 02:00:00",
            jxc_severity="2",
            user_id=self.agent.id,
            jxc_phone="139 0000 0000",
            **values,
        )

    def test_what_the_technician_has_to_know(self):
        self.contact.lang = "zh_CN"
        ticket = self._whole()
        self.env["jxc.followup"].create(
            {
                "partner_id": self.contact.id,
                "ticket_id": ticket.id,
                "company_id": self.company.id,
                "kind": "visit",
                "note": "Changed the plug",
            }
        )
        text = self._printed(ticket)
        for words in (
            "售后服务单",
            f"编号： {ticket.number}",
            "受理时间： 2024-03-05 10:00",
            "客户： Bright Trading",
            "联系人： Wang Fang",
            "139 0000 0000",
            "产品： Kettle",
            "批次/序列号： SN001",
            f"订单： {self.order.name}",
            "保修： 保修期内",
            "It does not boil",
            "Nothing happens.",
            "Changed the plug",
        ):
            self.assertIn(words, text)
        self.assertNotIn("Kettle Works", text, "Who supplied it is our secret.")

    def test_each_warranty_is_told(self):
        """In, out, none, never delivered: each as the ticket says."""
        self.contact.lang = "zh_CN"
        tea = self._lot(self.tea, "T1")
        self._receive(tea, self.vendor)
        self._deliver(tea, self.contact)
        for values, told in (
            ({"jxc_lot_id": self.serial.id}, "保修期内"),
            (
                {
                    "jxc_lot_id": self.serial.id,
                    "jxc_opened_at": "2025-02-02 02:00:00",
                },
                "已过保修期",
            ),
            ({"jxc_lot_id": tea.id}, "不保修"),
            (
                {"jxc_lot_id": tea.id, "partner_id": self.other_customer.id},
                "未发给该客户",
            ),
        ):
            with self.subTest(told=told):
                values = {"jxc_opened_at": "2024-03-05 02:00:00", **values}
                text = self._printed(self._ticket(**values))
                self.assertIn(f"保修： {told}", text)

    def test_each_in_the_language_of_its_customer(self):
        """Several at once; who has no language gets the one of who prints."""
        self.contact.lang = "en_US"
        english = self._whole()
        own = self._ticket(partner_id=False, partner_name="Li Lei")
        text = self._printed(english | own)
        self.assertIn("After-sales Service Sheet", text)
        self.assertIn("Warranty: In Warranty", text)
        self.assertIn("售后服务单", text)
        self.assertIn("客户： Li Lei", text)
