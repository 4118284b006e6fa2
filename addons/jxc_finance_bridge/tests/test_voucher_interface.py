# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import doctest
import io
import zipfile
from decimal import Decimal

import openpyxl
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models import jxc_voucher
from ..tools.formats import FORMATS
from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestVoucherInterface(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.env["jxc.voucher"].with_company(cls.company)
        cls.customer = cls.env["res.partner"].create({"name": "Customer", "ref": "C1"})

    def _invoice(self, date, amount, partner=None):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.customer).id,
                "invoice_date": date,
                "date": date,
                "company_id": self.company.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _target(self, **values):
        return self.env["jxc.finance.target"].create(
            {"name": "Books", "code": "K3", "company_id": self.company.id, **values}
        )

    def test_export_in_every_format(self):
        """The vouchers in a file are the ledger's, in codes of the other system."""
        self._entry("2023-01-15", ("140500", 60, 0), ("100200", 0, 60))
        self._invoice("2023-01-31", 113)
        for code, kind in FORMATS.items():
            file = self.api.export_vouchers("2023-01-01", "2023-01-31", code)
            self.assertEqual(file["count"], 2)
            self.assertTrue(file["name"].endswith(kind.extension))
            first, second = kind.load(base64.b64decode(file["content"]))
            self.assertEqual(
                [(e.account, e.debit, e.credit) for e in first.entries],
                [("1405", 60, 0), ("1002", 0, 60)],
            )
            self.assertEqual([first.number, second.number], [1, 2])
            receivable = next(e for e in second.entries if e.account == "1122")
            self.assertEqual(receivable.debit, 113)
            self.assertEqual([aux.code for aux in receivable.aux], ["C1"])

    def test_balances_of_a_quarter(self):
        """Auditors get a balance for each month, each beginning where one ended."""
        self.assertFalse(doctest.testmod(jxc_voucher).failed)
        self._entry("2022-12-31", ("100200", 500, 0), ("300100", 0, 500))
        self._entry("2023-01-15", ("140500", 60, 0), ("100200", 0, 60))
        self._entry("2023-03-15", ("140500", 40, 0), ("100200", 0, 40))
        names = ("会计年度", "会计期间号", "期初本币余额", "借方本币金额")
        names += ("贷方本币金额", "期末本币余额")
        accounts, found = self._read_balances("2023-01-01", "2023-03-31", names)
        self.assertEqual(len(accounts), len(set(accounts)))
        self.assertEqual(
            found["1002"],
            [
                ["2023", "1", "500.00", "0.00", "60.00", "440.00"],
                ["2023", "2", "440.00", "0.00", "0.00", "440.00"],
                ["2023", "3", "440.00", "0.00", "40.00", "400.00"],
            ],
        )
        self.assertEqual(
            [row[2:] for row in found["3001"]],
            [["500.00", "0.00", "0.00", "500.00"]] * 3,
        )
        self.assertEqual([row[1] for row in found["1405"]], ["1", "2", "3"])
        # Accounts that are one over there have one balance.
        target = self._target(adapter="gbt24589")
        for code in ("140500", "100200"):
            self.env["jxc.finance.mapping"].create(
                {
                    "target_id": target.id,
                    "account_id": self._account(code).id,
                    "external_code": "1999",
                }
            )
        _accounts, found = self._read_balances("2023-01-01", "2023-01-31", names, "K3")
        self.assertEqual(
            found["1999"], [["2023", "1", "500.00", "60.00", "60.00", "500.00"]]
        )
        # An account with a balance and no entries needs its code as well.
        target.account_rule = "mapped"
        with self.assertRaisesRegex(UserError, "300100"):
            self._read_balances("2023-01-01", "2023-01-31", names, "K3")

    def _read_balances(self, first, last, names, target=None):
        """(codes of the accounts, {code: rows of balances}) of a file for auditors."""
        file = self.api.export_vouchers(first, last, "gbt24589", target)
        content = io.BytesIO(base64.b64decode(file["content"]))
        with zipfile.ZipFile(content) as archive:
            root = etree.fromstring(archive.read("总账.xml"))
        accounts = [node.text for node in root.findall("{*}会计科目/{*}科目编号")]
        found = {}
        for node in root.findall("{*}科目余额及发生额"):
            row = [node.findtext(f"{{*}}{name}") for name in names]
            found.setdefault(node.findtext("{*}科目编号"), []).append(row)
        return accounts, found

    def test_export_says_everything_that_is_missing(self):
        nameless = self.env["res.partner"].create({"name": "No Code"})
        self._invoice("2023-01-31", 10, nameless)
        self._entry("2023-01-15", ("140500", 60, 0), ("100200", 0, 60))
        target = self._target(account_rule="mapped")
        with self.assertRaises(UserError) as caught:
            self.api.export_vouchers("2023-01-01", "2023-01-31", "u8_text", "K3")
        for text in ("140500", "100200", "112200", "No Code"):
            self.assertIn(text, str(caught.exception))
        problems = self.api.check_vouchers("2023-01-01", "2023-01-31", "K3")
        self.assertEqual(len(problems), 5)
        for code in ("140500", "100200", "112200", "500100"):
            self.env["jxc.finance.mapping"].create(
                {
                    "target_id": target.id,
                    "account_id": self._account(code).id,
                    "external_code": f"X{code}",
                }
            )
        self.env["jxc.finance.mapping"].create(
            {
                "target_id": target.id,
                "kind": "partner",
                "partner_id": nameless.id,
                "external_code": "P9",
            }
        )
        self.assertFalse(self.api.check_vouchers("2023-01-01", "2023-01-31", "K3"))
        file = self.api.export_vouchers("2023-01-01", "2023-01-31", "u8_text", "K3")
        self.assertIn("X140500", base64.b64decode(file["content"]).decode("gb18030"))

    def test_departments_split_an_entry(self):
        """A distribution becomes entries of its own, and no cent is lost."""
        plan = self.env["account.analytic.plan"].create({"name": "Departments"})
        accounts = self.env["account.analytic.account"].create(
            [{"name": n, "code": n, "plan_id": plan.id} for n in ("D1", "D2", "D3")]
        )
        target = self._target(department_plan_id=plan.id)
        self.env["jxc.finance.mapping"].create(
            {
                "target_id": target.id,
                "account_id": self._account("560100").id,
                "external_code": "6601",
                "with_department": True,
            }
        )
        move = self._entry("2023-01-31", ("560100", 100, 0), ("100200", 0, 100))
        line = move.line_ids.filtered("debit")
        line.analytic_distribution = {
            str(accounts[0].id): 33.33,
            str(accounts[1].id): 33.33,
            str(accounts[2].id): 33.34,
        }
        file = self.api.export_vouchers("2023-01-01", "2023-01-31", "u8_xml", "K3")
        [voucher] = FORMATS["u8_xml"].load(base64.b64decode(file["content"]))
        self.assertEqual(
            [(e.debit, [aux.code for aux in e.aux]) for e in voucher.entries[:3]],
            [
                (Decimal("33.33"), ["D1"]),
                (Decimal("33.33"), ["D2"]),
                (Decimal("33.34"), ["D3"]),
            ],
        )
        line.analytic_distribution = {str(accounts[0].id): 50}
        [problem] = self.api.check_vouchers("2023-01-01", "2023-01-31", "K3")
        self.assertIn("no department", problem)

    def test_pages_of_a_period(self):
        for day in (3, 1, 2):
            self._entry(f"2023-01-0{day}", ("100200", day, 0), ("500100", 0, day))
        dates, cursor = [], None
        for _page in range(3):
            answer = self.api.get_vouchers("2023-01-01", "2023-01-31", cursor, limit=1)
            dates += [voucher["date"] for voucher in answer["vouchers"]]
            cursor = answer["cursor"]
        self.assertEqual(dates, ["2023-01-01", "2023-01-02", "2023-01-03"])
        self.assertFalse(answer["more"])
        with self.assertRaisesRegex(UserError, "another question"):
            self.api.get_vouchers(cursor=cursor)

    def test_open_items_of_a_past_day(self):
        """What was paid later was open before."""
        invoice = self._invoice("2023-01-10", 100)
        line = invoice.line_ids.filtered(
            lambda part: part.account_type == "asset_receivable"
        )
        payment = self._entry("2023-02-05", ("100200", 60, 0), ("112200", 0, 60))
        paid = payment.line_ids.filtered("credit")
        paid.partner_id = self.customer
        (line | paid).reconcile()

        def residuals(date):
            answer = self.api.get_open_items(date, "receivable")
            return [item["residual"] for item in answer["items"]]

        self.assertEqual(residuals("2023-01-09"), [])
        self.assertEqual(residuals("2023-01-31"), [100.0])
        self.assertEqual(residuals("2023-02-28"), [40.0])
        [item] = self.api.get_open_items("2023-02-28")["items"]
        self.assertEqual((item["partner_ref"], item["balance"]), ("C1", 100.0))

    def test_statement_of_account(self):
        self._invoice("2022-12-31", 30)
        self._invoice("2023-01-10", 100)
        self._invoice("2023-01-20", 7)
        answer = self.api.get_statement(
            self.customer.id, "2023-01-01", "2023-01-31", limit=1
        )
        self.assertEqual(
            [answer[name] for name in ("opening", "debit", "credit", "closing")],
            [30.0, 107.0, 0.0, 137.0],
        )
        self.assertEqual([line["debit"] for line in answer["lines"]], [100.0])
        self.assertTrue(answer["more"])
        rest = self.api.get_statement(
            self.customer.id, "2023-01-01", "2023-01-31", after=answer["cursor"]
        )
        self.assertEqual([line["debit"] for line in rest["lines"]], [7.0])
        self.assertFalse(rest["more"])

    def test_statement_whose_line_is_taken_back_between_pages(self):
        """What follows is not lost with the line at which a page ended."""
        days = ("2023-01-10", "2023-01-20", "2023-01-25")
        invoices = [self._invoice(day, 10) for day in days]

        def page(after):
            return self.api.get_statement(
                self.customer.id, "2023-01-01", "2023-01-31", after=after, limit=1
            )

        first = page(0)
        invoices[0].button_draft()
        rest = page(first["cursor"])
        self.assertEqual([line["date"] for line in rest["lines"]], ["2023-01-20"])
        self.assertTrue(rest["more"])
        self._invoice("2023-01-22", 5)
        following = page(rest["cursor"])
        self.assertEqual([line["date"] for line in following["lines"]], ["2023-01-22"])
        invoices[0].with_context(force_delete=True).unlink()
        with self.assertRaisesRegex(UserError, "from its beginning"):
            page(first["cursor"])

    def test_open_items_paid_between_pages(self):
        """The others come all the same."""
        invoices = [self._invoice("2023-01-10", amount) for amount in (10, 20, 30)]
        first = self.api.get_open_items("2023-01-31", limit=1)
        payment = self._entry("2023-01-12", ("100200", 10, 0), ("112200", 0, 10))
        paid = payment.line_ids.filtered("credit")
        paid.partner_id = self.customer
        invoice = invoices[0].line_ids.filtered(
            lambda part: part.account_type == "asset_receivable"
        )
        (invoice | paid).reconcile()
        rest = self.api.get_open_items("2023-01-31", after=first["cursor"])
        self.assertEqual([item["residual"] for item in rest["items"]], [20.0, 30.0])

    def test_balances_by_pages(self):
        self._entry("2023-01-03", ("100200", 5, 0), ("500100", 0, 5))
        whole = self.api.get_balances("2023-01-01", "2023-01-31")
        first = self.api.get_balances("2023-01-01", "2023-01-31", limit=1)
        self.assertEqual(first["rows"], whole["rows"][:1])
        rest = self.api.get_balances("2023-01-01", "2023-01-31", after=first["cursor"])
        self.assertEqual(first["rows"] + rest["rows"], whole["rows"])

    def test_integration_reads_and_changes_nothing(self):
        move = self._entry("2023-01-03", ("100200", 5, 0), ("500100", 0, 5))
        robot = self._user("robot", "jxc_finance_bridge.group_finance_integration")
        api = self.api.with_user(robot)
        self.assertEqual(
            api.get_vouchers("2023-01-01", "2023-01-31")["vouchers"][0]["id"], move.id
        )
        self.assertTrue(api.export_vouchers("2023-01-01", "2023-01-31", "u8_xml"))
        for refused in (
            lambda: move.with_user(robot).write({"ref": "x"}),
            lambda: move.with_user(robot).button_draft(),
            lambda: move.with_user(robot).copy(),
            lambda: move.line_ids[0].with_user(robot).write({"name": "x"}),
            lambda: self.customer.with_user(robot).write({"name": "x"}),
            lambda: self._target().with_user(robot).write({"name": "x"}),
            lambda: move.with_user(robot).message_post(body="x"),
            lambda: move.with_user(robot).message_subscribe(self.customer.ids),
            lambda: move.with_user(robot).activity_schedule(
                "mail.mail_activity_data_todo"
            ),
            lambda: self.env["ir.attachment"].with_user(robot).create({"name": "x"}),
            lambda: self.env["mail.message"].with_user(robot).create({"body": "x"}),
        ):
            with self.assertRaises(AccessError):
                refused()

    def test_who_also_works_here_may_do_so(self):
        """The role takes nothing from those who have another one."""
        both = self._user(
            "robot_boss",
            "jxc_finance_bridge.group_finance_integration,account.group_account_user",
        )
        move = self._entry("2023-01-03", ("100200", 5, 0), ("500100", 0, 5))
        move.with_user(both).ref = "x"
        move.with_user(both).message_post(body="x")

    def test_who_may_not_read(self):
        clerk = self._user("clerk", "account.group_account_invoice")
        other = self.env["res.company"].create({"name": "Second"})
        stranger = self._user("far", "account.group_account_readonly", other)
        for call in (
            lambda api: api.get_vouchers(company_id=self.company.id),
            lambda api: api.export_vouchers(
                "2023-01-01", "2023-01-31", "u8_xml", company_id=self.company.id
            ),
            lambda api: api.check_vouchers(
                "2023-01-01", "2023-01-31", "K3", company_id=self.company.id
            ),
            lambda api: api.get_balances("2023-01-01", "2023-01-31", self.company.id),
            lambda api: api.get_open_items(company_id=self.company.id),
            lambda api: api.get_statement(
                self.customer.id, "2023-01-01", "2023-01-31", company_id=self.company.id
            ),
        ):
            for user in (clerk, stranger):
                with self.assertRaises(AccessError):
                    call(self.env["jxc.voucher"].with_user(user))

    def test_names_in_the_language_of_the_company(self):
        """Other programs ask in no language; the books of China are in Chinese."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        bank = self._account("100200")
        bank.with_context(lang="zh_CN").name = "银行存款甲"
        self._entry("2023-01-03", ("100200", 5, 0), ("500100", 0, 5))
        api = self.api.with_context(lang=None)
        month = ("2023-01-01", "2023-01-31")
        [voucher] = api.get_vouchers(*month)["vouchers"]
        self.assertIn("银行存款甲", [row["account_name"] for row in voucher["entries"]])
        rows = {row["code"]: row["name"] for row in api.get_balances(*month)["rows"]}
        self.assertEqual(rows["100200"], "银行存款甲")
        file = api.export_vouchers(*month, "kingdee_k3")
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(file["content"])))
        texts = {cell.value for row in book.active.iter_rows() for cell in row}
        self.assertIn("银行存款甲", texts)

    def test_export_wizard(self):
        self._entry("2023-01-03", ("100200", 5, 0), ("500100", 0, 5))
        accountant = self._user("exporter", "account.group_account_user")
        wizard = (
            self.env["jxc.voucher.export"]
            .with_user(accountant)
            .create(
                {
                    "target_id": self._target(adapter="u8_text").id,
                    "date_from": "2023-01-01",
                    "date_to": "2023-01-31",
                }
            )
        )
        wizard.action_check()
        self.assertIn("has a code", wizard.result)
        wizard.action_export()
        self.assertEqual(wizard.filename, "vouchers-2023-01-01-2023-01-31.txt")
        self.assertIn("5.00", base64.b64decode(wizard.content).decode("gb18030"))
