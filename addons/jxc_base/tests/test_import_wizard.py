# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .import_common import PARTNERS, ImportCase
from .test_import_readers import make_xlsx, make_zip


@tagged("post_install", "-at_install")
class TestImportWizard(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env,
            "import_wizard",
            groups="base.group_system,base.group_partner_manager",
        )

    def wizard(self, name, content, **values):
        return (
            self.env["jxc.import.wizard"]
            .with_user(self.admin)
            .create(
                {
                    "upload_name": name,
                    "upload": base64.b64encode(content),
                    **values,
                }
            )
        )

    def workbook(self, rows):
        return make_xlsx(
            {"partners": [list(rows[0]), *(list(r.values()) for r in rows)]}
        )

    def test_form_opens(self):
        form = Form(self.env["jxc.import.wizard"].with_user(self.admin))
        self.assertEqual(form.state, "upload")

    def test_check_then_import(self):
        wizard = self.wizard("data.xlsx", self.workbook(PARTNERS), history=True)
        action = wizard.action_check()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (wizard._name, wizard.id)
        )
        self.assertEqual(wizard.state, "checked")
        self.assertFalse(self.partner("C1"))
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        self.assertIn("partners", wizard.report_html)
        self.assertTrue(self.partner("C1"))
        run = self.env["jxc.import.run"].search([])
        self.assertEqual((run.user_id, run.history), (self.admin, True))

    def test_problems_are_a_table(self):
        csv = "ref,name,kind\nC1,,customer\nC2,b,client\n"
        wizard = self.wizard("data.zip", make_zip({"partners.csv": csv}))
        wizard.action_import()
        self.assertEqual(wizard.state, "refused")
        self.assertEqual(wizard.problem_count, 2)
        self.assertRecordValues(
            wizard.problem_ids,
            [
                {"file": "partners", "row": 2, "column": "name"},
                {"file": "partners", "row": 3, "column": "kind"},
            ],
        )
        self.assertIn("customer, vendor, both", wizard.problem_ids[1].message)
        # The corrected file goes through the same wizard.
        wizard.write(
            {
                "upload_name": "data.xlsx",
                "upload": base64.b64encode(self.workbook(PARTNERS)),
            }
        )
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        self.assertFalse(wizard.problem_ids)

    def test_no_or_damaged_upload(self):
        wizard = self.wizard("data.xlsx", b"")
        with self.assertRaises(UserError):
            wizard.action_import()
        wizard = self.wizard("data.csv", b"ref\n")
        wizard.action_check()
        self.assertEqual(wizard.state, "refused")
        self.assertIn(".xlsx", wizard.problem_ids.message)

    def test_only_administrators(self):
        clerk = new_test_user(
            self.env,
            "import_wizard_clerk",
            groups="base.group_user,base.group_partner_manager",
        )
        Wizard = self.env["jxc.import.wizard"].with_user(clerk)
        with self.assertRaises(AccessError):
            Wizard.create({})
        wizard = self.wizard("data.xlsx", self.workbook(PARTNERS))
        with self.assertRaises(AccessError):
            wizard.with_user(clerk).action_import()
        menu = self.env.ref("jxc_base.jxc_import_menu")
        visible = self.env["ir.ui.menu"]
        self.assertIn(menu.id, visible.with_user(self.admin)._visible_menu_ids())
        self.assertNotIn(menu.id, visible.with_user(clerk)._visible_menu_ids())

    def test_company_of_somebody_else(self):
        other = self.env["res.company"].create({"name": "Other"})
        wizard = self.wizard("data.xlsx", self.workbook(PARTNERS), company_id=other.id)
        with self.assertRaises(AccessError):
            wizard.action_import()
        self.admin.company_ids = [Command.link(other.id)]
        wizard.action_import()
        self.assertEqual(self.partner("C1").company_id, other)
