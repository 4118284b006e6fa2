# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from freezegun import freeze_time

from odoo import models
from odoo.tests import TransactionCase, new_test_user, tagged

from ..tools.guard import by_server

#: A value of each type that no model of ours starts with.
PROBES = {
    "boolean": True,
    "integer": 4711,
    "float": 47.11,
    "monetary": 47.11,
    "char": "of the client",
    "text": "of the client",
    "html": "<p>of the client</p>",
    "date": "2001-02-03",
    "datetime": "2001-02-03 04:05:06",
    "many2one": 1,
}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-01 04:00:00")
class TestServerMade(TransactionCase):
    """What the server makes starts as the server says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "server_made", "base.group_user")

    def _probe(self, field):
        """A value that a client could send, other than the field's own default."""
        if field.type == "selection":
            values = field.get_values(self.env)
            default = field.default and field.default(self.env[field.model_name])
            return next((value for value in values if value != default), None)
        return PROBES.get(field.type)

    def _probes(self, model):
        probes = {
            name: self._probe(field)
            for name, field in model._fields.items()
            if field.store and name not in models.MAGIC_COLUMNS
        }
        return {name: value for name, value in probes.items() if value is not None}

    def _made_by_server(self):
        """Empty recordsets of all models of ours that no group may create."""
        may_create = self.env["ir.model.access"].search([("perm_create", "=", True)])
        for name in self.env.registry:
            model = self.env[name]
            if name.startswith("jxc.") and not model._abstract:
                if name not in may_create.model_id.mapped("model"):
                    yield model

    def _own_defaults(self, model, names):
        """What nobody asks for, without what is another one each time."""
        found, again = (model.default_get(list(names)) for _time in range(2))
        return {name: value for name, value in found.items() if value == again[name]}

    def test_nobody_brings_defaults_along(self):
        """Whatever model is added later as well."""
        models_ = list(self._made_by_server())
        self.assertIn("jxc.import.run", [model._name for model in models_])
        for model in models_:
            probes = self._probes(model)
            keys = {f"default_{name}": value for name, value in probes.items()}
            for client in (model, model.with_user(self.user), self._server(model)):
                expected = self._own_defaults(client, probes)
                found = client.with_context(**keys).default_get(list(probes))
                with self.subTest(model=model._name, user=client.env.uid):
                    self.assertEqual({**found, **expected}, found)
                    for name in found.keys() - expected.keys():
                        self.assertNotEqual(found[name], probes[name], name)

    def test_nor_keeps_them_for_himself(self):
        kept = self.env["ir.default"]
        for model in self._made_by_server():
            server, probes = self._server(model), self._probes(model)
            expected = self._own_defaults(server, probes)
            for name, value in probes.items():
                field = self.env["ir.model.fields"]._get(model._name, name)
                kept.create(
                    {
                        "field_id": field.id,
                        "user_id": self.user.id,
                        "json_value": json.dumps(value),
                    }
                )
            found = server.default_get(list(probes))
            with self.subTest(model=model._name):
                self.assertEqual({**found, **expected}, found)
                for name in found.keys() - expected.keys():
                    self.assertNotEqual(found[name], probes[name], name)

    def _server(self, model):
        """The model as the server works with it for the user."""
        return model.with_user(self.user).sudo()

    def test_a_record_made_with_more_rights_than_the_user_has(self):
        """Somebody has the right to create these; what is made for others is none."""
        delegations = self.env["jxc.approval.delegation"].with_user(self.user)
        client = delegations.with_context(default_active=False)
        self.env["ir.default"].set(
            delegations._name, "scope", "types", user_id=self.user.id
        )
        names = ["active", "scope"]
        asked, own = [False, "types"], [True, "all"]
        self.assertEqual([client.default_get(names)[name] for name in names], asked)
        server = client.sudo().with_context(**client.env.context)
        self.assertEqual([server.default_get(names)[name] for name in names], own)

    def test_records_of_the_platform(self):
        partners = self.env["res.partner"].with_user(self.user)
        self.env["ir.default"].set("res.partner", "city", "X", user_id=self.user.id)
        self.env["ir.default"].set("res.partner", "zip", "1")
        client = partners.with_context(default_street="Y")
        names = ["city", "street", "zip"]
        self.assertEqual(
            client.default_get(names), {"city": "X", "street": "Y", "zip": "1"}
        )
        self.assertEqual(by_server(client).default_get(names), {"zip": "1"})
        self.assertEqual(by_server(client).env.uid, self.user.id)
