# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .common import UnitCase

# Written by SQL alone, to let people pass one after the other.
TECHNICAL = {"jxc.stock.allocation.turn"}


@tagged("post_install", "-at_install")
class TestAccess(UnitCase):
    """What holds for every model of this addon, also for those to come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = cls.env["ir.model.data"].search(
            [("module", "=", "jxc_stock"), ("model", "=", "ir.model")]
        )
        models = cls.env["ir.model"].browse(names.mapped("res_id"))
        cls.models = models.filtered(
            lambda model: (
                model.model.startswith("jxc.")
                and not cls.env[model.model]._abstract
                and model.model not in TECHNICAL
            )
        )

    def test_rights_are_of_groups(self):
        self.assertGreater(len(self.models), 20)
        for model in self.models:
            with self.subTest(model=model.model):
                self.assertTrue(model.access_ids)
                self.assertTrue(all(model.access_ids.mapped("group_id")))

    def test_executives_read_all_documents(self):
        executive = self._new_user("jxc_access_boss", "jxc_base.group_executive")
        for model in self.models.filtered(lambda model: not model.transient):
            with self.subTest(model=model.model):
                records = self.env[model.model].with_user(executive)
                self.assertTrue(records.has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(records.has_access(operation), operation)

    def test_each_has_a_rule(self):
        """Records are of a company, or of a person."""
        for model in self.models:
            with self.subTest(model=model.model):
                rules = model.rule_ids.filtered(lambda rule: not rule.groups)
                needed = "company_ids"
                if "company_id" not in self.env[model.model]._fields:
                    needed = "user.id"
                    if model.model == "jxc.product.unit":
                        needed = "product_tmpl_id.company_id"
                self.assertIn(needed, " ".join(rules.mapped("domain_force")))

    def test_nothing_of_another_company(self):
        """Stock, its reports and its documents stay where somebody works."""
        self._receive(self.wine, 41)
        self.wine.product_tmpl_id.jxc_safety_stock = 50
        self.env["jxc.stock.alert"].scan()
        count = self.env["jxc.stock.count"].create(
            {"warehouse_id": self.warehouse.id, "product_ids": self.wine.ids}
        )
        count.action_start()
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user(
            "jxc_access_other",
            "stock.group_stock_manager,jxc_base.group_see_costs",
            company_id=company.id,
            company_ids=company.ids,
        )
        self.env.flush_all()
        for model in self.models:
            records = self.env[model.model].with_user(stranger)
            if "company_id" not in records._fields:
                continue
            with self.subTest(model=model.model):
                found = records.search([]).sudo().company_id
                self.assertLessEqual(found, company)
        ledger = self.env["jxc.stock.ledger"].with_user(stranger)
        period = "2000-01-01", "2100-01-01"
        self.assertEqual(ledger.summary(*period), [])
        mine = [("company_id", "=", self.env.company.id)]
        self.assertEqual(ledger.summary(*period, "product", mine), [])
