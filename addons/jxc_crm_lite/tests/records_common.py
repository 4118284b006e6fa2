# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from .ticket_common import TicketCommon


class RecordsCommon(TicketCommon):
    """One record of every model that people write, by name in ``records``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        customer = {"partner_id": cls.customer.id}
        lead = cls.env["crm.lead"].create({"name": "Deal", **customer})
        rival = cls.env["jxc.competitor"].create({"name": "Rival"})
        plan = cls.env["jxc.visit.plan"].create({"line_ids": [(0, 0, customer)]})
        cls.records = {
            "jxc.competitor": rival,
            "jxc.customer.segment": cls.env["jxc.customer.segment"].create(
                {"name": "All"}
            ),
            "jxc.followup": cls.env["jxc.followup"].create(customer),
            "jxc.followup.template": cls.env["jxc.followup.template"].create(
                {"name": "Call", "kind": "phone"}
            ),
            "jxc.lead.competitor": cls.env["jxc.lead.competitor"].create(
                {"lead_id": lead.id, "competitor_id": rival.id}
            ),
            "jxc.lead.line": cls.env["jxc.lead.line"].create(
                {"lead_id": lead.id, "product_id": cls.tea.id, "qty": 1}
            ),
            "jxc.pool.rule": cls.env["jxc.pool.rule"].create(
                {"name": "All", "company_id": cls.company.id}
            ),
            "jxc.sales.target": cls.env["jxc.sales.target"].create(
                {
                    "scope": "person",
                    "kind": "ordered",
                    "period": "month",
                    "date": "2024-05-01",
                    "amount": 5,
                    "user_id": cls.manager.id,
                    "company_id": cls.company.id,
                }
            ),
            "jxc.ticket.reason": cls.env["jxc.ticket.reason"].create({"name": "R"}),
            "jxc.ticket.sla": cls.env["jxc.ticket.sla"].create(
                {"name": "S", "response_hours": 1, "solve_hours": 2}
            ),
            "jxc.visit.plan": plan,
            "jxc.visit.plan.line": plan.line_ids,
            "helpdesk.ticket": cls._ticket(),
            "crm.stage": cls.env["crm.stage"].create({"name": "Stage"}),
            "crm.lead": lead,
        }
