# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.models import MetaModel
from odoo.orm.model_classes import add_to_registry  # odoo19-ok: old-import tests only
from odoo.tests import new_test_user
from odoo.tools.func import reset_cached_properties


def load_test_models(registry, cr):
    """Add the models of ``approval_models`` to the registry; return their names."""
    from .approval_models import MODELS

    # Another load of this registry in the same process must not find them.
    known = MetaModel._module_to_models__["jxc_base"]
    known[:] = [model for model in known if model not in MODELS]
    for model in MODELS:
        add_to_registry(registry, model)
    names = [model._name for model in MODELS]
    registry._setup_models__(cr, names)
    registry.init_models(cr, names, {"models_to_check": True})
    return names


def forget_test_models(registry, names):
    """Take the models out again, with what the registry worked out of them.

    The platform's own removal leaves their fields among those that depend on reviews:
    the next test that asks for one would look for models that are gone.
    """
    for name in names:
        del registry[name]
    reset_cached_properties(registry)
    registry._field_trigger_trees.clear()
    registry._is_modifying_relations.clear()


class ApprovalSetup:
    """Documents, people and tiers. Mix into TransactionCase or HttpCase.

    Ann writes documents, Bob reviews them, Carl stands in for Bob, Dora is nobody.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = load_test_models(cls.registry, cls.env.cr)
        cls.addClassCleanup(forget_test_models, cls.registry, names)
        cls._grant_access(names)
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.ann = cls._create_user("ann")
        cls.bob = cls._create_user("bob")
        cls.carl = cls._create_user("carl")
        cls.dora = cls._create_user("dora")
        cls.admin = cls._create_user("admin_of_tiers", "base.group_system")
        cls.portal = new_test_user(cls.env, "outsider", groups="base.group_portal")
        cls.tier = cls._create_tier("Bob", cls.bob, "[('amount', '>', 100)]")
        cls.Tester = cls.env["jxc.approval.tester"].with_user(cls.ann)

    @classmethod
    def _grant_access(cls, names):
        models = cls.env["ir.model"].search([("model", "in", names)])
        cls.env["ir.model.access"].create(
            [
                {
                    "name": f"test {model.model}",
                    "model_id": model.id,
                    "group_id": cls.env.ref("base.group_user").id,
                    "perm_read": True,
                    "perm_write": True,
                    "perm_create": True,
                    "perm_unlink": True,
                }
                for model in models
            ]
        )

    @classmethod
    def _create_user(cls, login, groups="base.group_user"):
        companies = cls.company | cls.other_company
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(companies.ids)],
            tz="Asia/Shanghai",
        )

    @classmethod
    def _create_tier(cls, name, reviewer, domain, model=None, **values):
        model = model or "jxc.approval.tester"
        return cls.env["tier.definition"].create(
            {
                "name": name,
                "model_id": cls.env["ir.model"]._get_id(model),
                "review_type": "individual",
                "reviewer_id": reviewer.id,
                "definition_domain": domain,
                "company_id": False,
                **values,
            }
        )

    def _create_document(self, amount=500, user=None, **values):
        Tester = self.Tester.with_user(user or self.ann)
        return Tester.create({"amount": amount, **values})

    def _create_requested(self, **values):
        document = self._create_document(**values)
        document.request_validation()
        self.assertEqual(document.review_ids.mapped("status"), ["pending"])
        return document

    def _create_approved(self, **values):
        document = self._create_requested(**values)
        document.with_user(self.bob).validate_tier()
        self.assertEqual(document.validation_status, "validated")
        return document

    def _delegate(self, delegator=None, delegate=None, **values):
        delegator = delegator or self.bob
        return (
            self.env["jxc.approval.delegation"]
            .with_user(delegator)
            .create(
                {
                    "delegate_id": (delegate or self.carl).id,
                    "date_from": "2026-03-01",
                    "date_to": "2026-03-31",
                    "company_id": False,
                    **values,
                }
            )
        )
