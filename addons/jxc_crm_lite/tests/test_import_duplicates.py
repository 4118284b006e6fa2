# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import logging
import time

from odoo.tests import tagged

from odoo.addons.jxc_base.tools.importing import ImportRefused

from .common import CustomerClassCommon

_logger = logging.getLogger(__name__)
VAT = "91330200MA281XX001"
COLUMNS = ("name", "phone", "vat", "is_company")


@tagged("post_install", "-at_install")
class TestImportDuplicates(CustomerClassCommon):
    """Files of contacts that people import on the screen, or programs by ``load``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.importer = cls._user(
            "importer", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        cls.shop = cls._customer(
            "舟山沈家门渔港超市有限公司",
            is_company=True,
            phone="0580-3011122",
            vat=VAT,
        )

    def _load(self, *rows, columns=COLUMNS):
        partners = self.env["res.partner"].with_user(self.importer)
        partners = partners.with_context(
            allowed_company_ids=self.company.ids, lang="en_US"
        )
        return partners.load(list(columns), [list(row) for row in rows])

    def _pairs(self, result):
        return self.env["jxc.partner.duplicate"].search(
            [
                "|",
                ("partner_id", "in", result["ids"]),
                ("other_id", "in", result["ids"]),
            ]
        )

    def _activity(self):
        self.env.invalidate_all()
        return self.env["mail.activity"].search(
            [("user_id", "=", self.importer.id), ("res_model", "=", "res.partner")]
        )

    def test_each_sign_at_once(self):
        """Phone alone, tax number alone, the name without its form, a name alike."""
        result = self._load(
            ("甲", "+86 580 3011122", "", "1"),
            ("乙", "", f" {VAT} ", "1"),
            ("舟山沈家门渔港超市", "", "", "1"),
            ("舟山沈家门渔港大超市", "", "", "1"),
            ("完全不同的客户", "0580-7654321", "", "1"),
        )
        self.assertEqual(len(result["ids"]), 5)
        self.assertFalse(result["messages"])
        found = {
            pair.other_id.id: (pair.score, pair.same_phone, pair.same_vat)
            for pair in self._pairs(result)
            if pair.partner_id == self.shop
        }
        phone, vat, name, alike, _other = result["ids"]
        self.assertEqual(found.pop(phone), (60, True, False))
        self.assertEqual(found.pop(vat), (95, False, True))
        self.assertEqual(found.pop(name), (80, False, False))
        self.assertGreaterEqual(found.pop(alike)[0], 50)
        self.assertFalse(found)
        activity = self._activity()
        self.assertEqual(len(activity), 1)
        self.assertIn(activity.res_id, result["ids"])
        for sign in ("equal phone", "equal tax number", "equal name", "name alike"):
            self.assertIn(sign, activity.note)
        self.assertNotIn("完全不同", activity.note)

    def test_rows_of_one_file(self):
        result = self._load(
            ("甲", "13800138000", "", ""), ("乙", "138 0013 8000", "", "")
        )
        [pair] = self._pairs(result)
        self.assertEqual([pair.partner_id.id, pair.other_id.id], result["ids"])
        self.assertTrue(pair.same_phone)

    def test_nothing_new(self):
        """Neither what is alone, nor a second import of what was found before."""
        self._load(("完全不同的客户", "0580-7654321", "", "1"))
        self.assertFalse(self._activity())
        result = self._load(("甲", "0580-3011122", "", "1"))
        self.assertEqual(len(self._activity()), 1)
        self._load(
            (result["ids"][0], "甲", "0580-3011122"), columns=[".id", "name", "phone"]
        )
        self.assertEqual(len(self._activity()), 1)

    def test_refused(self):
        self.company.jxc_import_duplicates = "refuse"
        before = self.env["res.partner"].search_count([])
        result = self._load(
            ("完全不同的客户", "0580-7654321", "", "1"),
            ("甲", "0580-3011122", "", "1"),
        )
        self.assertFalse(result["ids"])
        [message] = result["messages"]
        self.assertEqual((message["type"], message["record"]), ("error", 1))
        self.assertIn("甲 may be 舟山沈家门渔港超市有限公司", message["message"])
        self.assertIn("equal phone", message["message"])
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertFalse(self._activity())
        # names that are only alike prove nothing
        self.assertTrue(self._load(("舟山沈家门渔港大超市", "", "", "1"))["ids"])

    def test_on_the_screen(self):
        """As the client's import does it, tested first."""
        self.company.jxc_import_duplicates = "refuse"
        self.env.flush_all()  # the test of a file takes back what is pending
        content = "Name,Phone\n甲,0580-3011122\n".encode()
        wizard = (
            self.env["base_import.import"]
            .with_user(self.importer)
            .with_context(allowed_company_ids=self.company.ids, lang="en_US")
            .create(
                {
                    "res_model": "res.partner",
                    "file": content,
                    "file_name": "customers.csv",
                    "file_type": "text/csv",
                }
            )
        )
        options = {
            "has_headers": True,
            "quoting": '"',
            "separator": ",",
            "encoding": "utf-8",
        }
        for dryrun in (True, False):
            result = wizard.execute_import(
                ["name", "phone"], ["Name", "Phone"], options, dryrun=dryrun
            )
            self.assertFalse(result["ids"])
            self.assertIn("equal phone", result["messages"][0]["message"])
        self.company.jxc_import_duplicates = "warn"
        result = wizard.execute_import(["name", "phone"], ["Name", "Phone"], options)
        self.assertTrue(result["ids"])
        self.assertTrue(self._activity())

    def test_the_import_service_refuses_as_well(self):
        """Files of the folder and of the command line, in whole."""
        row = {
            "ref": "N1",
            "name": "新客户",
            "kind": "customer",
            "phone": "0580-3011122",
        }
        service = self.env["jxc.import"].with_context(lang="en_US")
        files = {"partners": [(2, row)]}
        self.company.jxc_import_duplicates = "refuse"
        with self.assertRaises(ImportRefused) as refused, self.cr.savepoint():
            service.run_tables(files)
        problem = refused.exception.problems[0]
        self.assertEqual((problem.file, problem.row), ("partners", 2))
        self.assertRegex(problem.message, "新客户 may be 舟山沈家门.*equal phone")
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "N1")]))
        self.company.jxc_import_duplicates = "warn"
        service.run_tables(files)
        added = self.env["res.partner"].search([("ref", "=", "N1")])
        self.assertTrue(added)
        # what is known to be alike since then stops no later file
        self.company.jxc_import_duplicates = "refuse"
        row["phone"] = "0580-3011199"
        row["name"] = "新客户 2"
        service.run_tables(files)
        self.assertEqual(added.name, "新客户 2")

    def test_companies_are_not_mixed(self):
        other = self._create_class_company("Other Ltd")
        self._customer("远方", phone="0571-88889999", company_id=other.id)
        self.company.jxc_import_duplicates = "refuse"
        result = self._load(("甲", "0571-88889999", "", "1"))
        self.assertTrue(result["ids"])
        self.assertNotIn("远方", str(result["messages"]))

    def test_a_big_file(self):
        """Five thousand rows: compared in one go, not row by row."""
        rows = [
            (
                f"{chr(0x4E00 + n)}{chr(0x5000 + n * 7 % 9000)}商行",
                f"0580{n:07d}",
                "",
                "1",
            )
            for n in range(1, 5001)
        ]
        rows[2500] = ("甲", "0580-3011122", "", "1")
        result = self._load(*rows)
        self.assertEqual(len(result["ids"]), 5000)
        partners = self.env["res.partner"].browse(result["ids"])
        self.env.flush_all()
        start, count = time.monotonic(), self.cr.sql_log_count
        partners._jxc_find_new_pairs()
        seconds, count = time.monotonic() - start, self.cr.sql_log_count - count
        _logger.info("5,000 contacts compared: %.2f s, %d queries", seconds, count)
        self.assertLess(count, 60)
        self.assertLess(seconds, 30)
        self.assertIn(result["ids"][2500], self._pairs(result).other_id.ids)
