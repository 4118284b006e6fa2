# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .approval_common import ApprovalSetup


@tagged("post_install", "-at_install")
class TestServerFields(ApprovalSetup, TransactionCase):
    """Fields that follow from actions are in nobody's reach but theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Document = cls.env["jxc.server.fields.tester"].with_user(cls.ann)

    def test_actions_write_them(self):
        document = self.Document.create({"name": "A"})
        document.action_confirm()
        document.write({"name": "B"})
        self.assertRecordValues(
            document, [{"name": "B", "state": "confirmed", "worth": 5.0}]
        )

    def test_clients_do_not_write_them(self):
        documents = self.Document.create([{"name": "A"}, {"name": "B"}])
        documents[1].action_confirm()
        for vals in (
            {"state": "done"},
            {"state": "draft"},
            {"state": False},
            {"worth": 0.0},
            {"name": "C", "worth": 9.0},
        ):
            for record in (documents, documents[1]):
                with self.subTest(vals=vals), self.assertRaises(AccessError):
                    record.write(vals)
        self.assertEqual(documents.mapped("name"), ["A", "B"])

    def test_clients_do_not_create_with_them(self):
        for vals in ({"state": "done"}, {"worth": 1.0}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self.Document.create([{"name": "A"}, vals])

    def test_what_a_record_is_born_with_is_harmless(self):
        document = self.Document.create({"state": "draft", "worth": 0.0, "name": "A"})
        self.assertRecordValues(document, [{"state": "draft", "worth": 0.0}])

    def test_default_that_is_a_record(self):
        document = self.Document.create({"user_id": self.ann.id})
        self.assertEqual(document.user_id, self.ann)
        with self.assertRaises(AccessError):
            self.Document.create({"user_id": self.bob.id})

    def test_defaults_of_clients_do_not_count(self):
        self.env["ir.default"].set(
            "jxc.server.fields.tester", "worth", 7.0, user_id=self.ann.id
        )
        crafted = self.Document.with_context(default_state="done", default_name="A")
        document = crafted.create({})
        self.assertRecordValues(
            document, [{"name": "A", "state": "draft", "worth": 0.0}]
        )

    def test_import_does_not_bring_them(self):
        result = self.Document.load(["name", "state"], [["A", "Done"]])
        self.assertTrue(result["messages"])
        self.assertFalse(result["ids"])
