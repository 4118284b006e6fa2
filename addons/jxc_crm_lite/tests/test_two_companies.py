# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .records_common import RecordsCommon

#: the same for all companies, as platform data are
SHARED = {"jxc.ticket.reason", "crm.stage"}
#: have no rows of their own, or one that no user's role reaches
VIEWS_TOO = (
    "jxc.complaint.report",
    "jxc.lead.stage.report",
    "jxc.repeat.report",
    "jxc.sales.target.report",
    "jxc.sleeping.customer",
    "jxc.ticket.report",
)


@tagged("post_install", "-at_install")
class TestTwoCompanies(RecordsCommon):
    """Whoever works for one company alone sees and changes nothing of the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_class_company("Other Ltd")
        cls.stranger = cls._user(
            "stranger",
            "sales_team.group_sale_manager,helpdesk_mgmt.group_helpdesk_manager,"
            "jxc_base.group_executive,jxc_crm_lite.group_privacy_officer,"
            "base.group_allow_export,base.group_system",
            cls.other,
        )
        ours = {"company_id": cls.company.id}
        cls.customer.company_id = cls.company
        cls.records["crm.lead"].company_id = cls.company
        cls.records["jxc.competitor"].company_id = cls.company
        cls.records["jxc.followup.template"].company_id = cls.company
        second = cls._customer("Bright Trade", **ours)
        customer = {"partner_id": cls.customer.id}
        gateway = cls.env["jxc.sms.gateway"].create(
            {
                "name": "Ours",
                "provider": "odoo",
                "template_ids": [(0, 0, {"name": "t", "content": "x"})],
                **ours,
            }
        )
        made = {
            "jxc.customer.class": {**customer, **ours, "life_cycle": "new"},
            "jxc.customer.class.log": {**customer, **ours, "date": "2024-05-01"},
            "jxc.marketing.turn": ours,
            "jxc.partner.duplicate": {
                "partner_id": cls.customer.id,
                "other_id": second.id,
                **ours,
            },
            "jxc.partner.merge.log": {
                **customer,
                **ours,
                "kept": "x",
                "merged": "y",
                "user_id": cls.manager.id,
            },
            "jxc.pool.log": {
                **customer,
                **ours,
                "kind": "claim",
                "user_id": cls.manager.id,
            },
            "jxc.pool.quota": {**ours, "user_id": cls.manager.id},
            "jxc.privacy.log": {**ours, "kind": "list", "user_id": cls.manager.id},
            "jxc.product.affinity": {
                **ours,
                "product_id": cls.tea.id,
                "other_id": cls.kettle.id,
            },
            "jxc.repurchase.cycle": {**customer, **ours, "product_id": cls.tea.id},
            "jxc.sms.message": {
                "gateway_id": gateway.id,
                "number": "+8613800138000",
                "state": "sent",
            },
            "jxc.ticket.link": {
                "ticket_id": cls.records["helpdesk.ticket"].id,
                "res_model": "res.partner",
                "res_id": cls.customer.id,
            },
        }
        for name, values in made.items():
            cls.records[name] = cls.env[name].sudo().create(values)
        cls.records |= {
            "jxc.sms.gateway": gateway,
            "jxc.sms.gateway.template": gateway.template_ids,
            "jxc.lead.stage.log": cls.env["jxc.lead.stage.log"].search(
                [("lead_id", "=", cls.records["crm.lead"].id)]
            ),
            "res.partner": cls.customer,
        }
        for name in SHARED:
            del cls.records[name]

    def _there(self, records):
        return records.with_user(self.stranger).with_context(
            allowed_company_ids=self.other.ids
        )

    def test_all_models_are_here(self):
        for name, model in self.env.registry.items():
            if model._original_module != "jxc_crm_lite" or model._abstract:
                continue
            if not model._transient and name not in SHARED and name not in VIEWS_TOO:
                self.assertIn(name, self.records)

    def test_apart(self):
        for name, record in self.records.items():
            with self.subTest(model=name):
                self.assertTrue(record)
                seen = self._there(record)
                self.assertFalse(seen.search([("id", "in", record.ids)]))
                field = next(
                    field.name
                    for field in record._fields.values()
                    if field.store
                    and field.type in ("char", "many2one", "selection")
                    and not field.groups
                )
                for door in (
                    lambda seen=seen, field=field: seen.read([field]),
                    lambda seen=seen, field=field: seen.export_data([field]),
                    lambda seen=seen: seen.write({"active": False}),
                    lambda seen=seen: seen.unlink(),
                ):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        door()
                self.assertTrue(record.exists())

    def test_reports(self):
        self._order(self.customer, 1, 10)
        self.env.flush_all()
        for name in VIEWS_TOO:
            model = self.env[name]
            company = "company_id" if "company_id" in model._fields else None
            with self.subTest(model=name):
                rows = self._there(model).search([])
                if company:
                    self.assertLessEqual(rows.mapped(company), self.other)
                customers = [n for n in ("partner_id",) if n in model._fields]
                for one in customers:
                    self.assertNotIn(self.customer.id, rows.mapped(one).ids)

    def test_nothing_of_ours_is_taken_into_theirs(self):
        """Documents of one company with a customer, product or plan of another."""
        theirs = {"company_id": self.other.id}
        partner = self.customer.id
        plan = self._there(self.env["jxc.visit.plan"]).create(
            {"date": fields.Date.today()}
        )
        lead = self._there(self.env["crm.lead"]).create({"name": "Theirs"})
        for model, values in (
            ("jxc.followup", {"partner_id": partner}),
            ("jxc.followup", {"lead_id": self.records["crm.lead"].id}),
            ("jxc.visit.plan.line", {"plan_id": plan.id, "partner_id": partner}),
            (
                "jxc.lead.competitor",
                {
                    "lead_id": lead.id,
                    "competitor_id": self.records["jxc.competitor"].id,
                },
            ),
            (
                "jxc.sales.target",
                {
                    "scope": "person",
                    "kind": "ordered",
                    "period": "month",
                    "date": "2024-05-01",
                    "amount": 5,
                    "user_id": self.manager.id,
                    **theirs,
                },
            ),
            (
                "helpdesk.ticket",
                {"name": "x", "description": "x", "partner_id": partner, **theirs},
            ),
            (
                "helpdesk.ticket",
                {"name": "x", "description": "x", "team_id": self.team.id, **theirs},
            ),
            ("jxc.pool.rule", {"name": "x", "company_id": self.company.id}),
            ("jxc.sms.gateway", {"name": "x", "company_id": self.company.id}),
            ("jxc.customer.segment", {"name": "x", "company_id": self.company.id}),
        ):
            with self.subTest(model=model, values=values):
                try:
                    with self.cr.savepoint():
                        self._there(self.env[model]).create(values)
                except (AccessError, UserError):
                    continue
                self.fail(f"{model} takes {values}")
