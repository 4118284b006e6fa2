# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestCompanyRules(TransactionCase):
    """Whoever works in one company reaches nothing of another one, in any model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here, cls.there = cls.env["res.company"].create(
            [{"name": "Here"}, {"name": "There"}]
        )
        # Everything that a user can have, in one company.
        groups = cls.env["res.groups"].search([("share", "=", False)])
        groups -= cls.env.ref("base.group_portal") | cls.env.ref("base.group_public")
        cls.user = new_test_user(
            cls.env,
            "here_with_all_rights",
            groups="base.group_user",
            company_id=cls.here.id,
            company_ids=[Command.set(cls.here.ids)],
        )
        cls.user.group_ids += groups

    def _models(self):
        """Return the stored models of this addon that belong to companies."""
        for name, model in sorted(self.env.items()):
            field = model._fields.get("company_id")
            if (
                model._module == "jxc_purchase"
                and model._original_module == "jxc_purchase"
                and not model._abstract
                and not model._transient
                and field is not None
            ):
                yield name, model

    def test_every_model_with_a_company(self):
        names = [name for name, _model in self._models()]
        for name in ("jxc.purchase.request", "jxc.duplicate.turn", "jxc.budget.entry"):
            self.assertIn(name, names)
        self.assertGreaterEqual(len(names), 18, names)
        rules = self.env["ir.rule"].with_user(self.user)
        rules = rules.with_context(allowed_company_ids=self.here.ids)
        for name, model in self._models():
            for operation in OPERATIONS:
                with self.subTest(model=name, operation=operation):
                    theirs = model.with_user(self.user)
                    if not theirs.has_access(operation):
                        continue
                    domain = rules._compute_domain(name, operation)
                    of_there = model.new({"company_id": self.there.id})
                    self.assertEqual(of_there.company_id, self.there)
                    self.assertFalse(of_there.filtered_domain(domain))

    def test_what_belongs_to_a_record_with_a_company(self):
        """Models without a company are shared, or follow a record that has one."""
        shared = {
            "jxc.receipt.defect",
            "jxc.vendor.certificate.type",
            "jxc.vendor.criterion",
        }
        without = {
            name
            for name, model in self.env.items()
            if model._original_module == "jxc_purchase"
            and not model._abstract
            and not model._transient
            and "company_id" not in model._fields
        }
        rules = self.env["ir.rule"].sudo()
        for name in without - shared:
            with self.subTest(model=name):
                found = rules.search([("model_id.model", "=", name)])
                self.assertTrue(
                    any("company" in (rule.domain_force or "") for rule in found)
                )
