# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestFinanceSetupReasons(FinanceBridgeCommon):
    """The page explains itself: what is wrong, what is right, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("reasons_manager", "account.group_account_manager")
        cls.env["res.lang"]._activate_lang("zh_CN")

    def _lines(self, lang):
        """The lines of the page in a language, by their codes."""
        page = self.env["jxc.finance.setup"].with_user(self.manager)
        page = page.with_context(lang=lang).create({"company_id": self.company.id})
        page._refresh_lines()
        return {line.code: line for line in page.line_ids}

    def test_every_finding_has_a_reason(self):
        """Before and after the fixes: a name, what is, what should be, and why."""
        for _turn in range(2):
            for code, line in self._lines("en_US").items():
                with self.subTest(code=code, state=line.state):
                    self.assertTrue(line.name)
                    self.assertNotEqual(line.name, code)
                    self.assertTrue(line.actual)
                    self.assertGreater(len(line.reason), 30)
                    if line.state == "wrong":
                        self.assertTrue(line.expected)
                        self.assertNotEqual(line.actual, line.expected)
            self.env["jxc.finance.setup"].apply_defaults(self.company)
            self.env.invalidate_all()

    def test_reasons_in_chinese(self):
        """Each has words of its own, without a word of the English ones."""
        english, chinese = self._lines("en_US"), self._lines("zh_CN")
        self.assertEqual(english.keys(), chinese.keys())
        for code, line in chinese.items():
            with self.subTest(code=code):
                self.assertRegex(line.name, "[一-龥]")
                self.assertRegex(line.reason, "[一-龥]{4}")
                self.assertNotEqual(line.reason, english[code].reason)
        names = [line.name for line in chinese.values()]
        self.assertEqual(len(names), len(set(names)))
        reasons = [line.reason for line in chinese.values()]
        self.assertEqual(len(reasons), len(set(reasons)))

    def test_reason_of_the_set_up_by_program(self):
        """``apply_defaults`` answers with the same reasons."""
        report = self.env["jxc.finance.setup"].apply_defaults(self.company)
        self.assertTrue(all(row["reason"] for row in report))
