# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import io
import zipfile

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.jxc_finance_mapper import Mapper
from ..tools.formats import FORMATS
from .common import FinanceBridgeCommon

DAYS = "2023-01-01", "2023-01-31"


@tagged("post_install", "-at_install")
class TestFinanceMapping(FinanceBridgeCommon):
    """Each kind of code: it is used where there is one, and missed where not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.target = cls.env["jxc.finance.target"].create(
            {"name": "Books", "code": "K3", "company_id": cls.company.id}
        )

    def _map(self, code, kind="account", **values):
        return self.env["jxc.finance.mapping"].create(
            {
                "target_id": self.target.id,
                "kind": kind,
                "external_code": code,
                **values,
            }
        )

    def _item(self, number):
        return self.env.ref(f"jxc_finance_bridge.jxc_cash_flow_item_sme_{number}")

    def _voucher(self, move):
        self.env.flush_all()
        mapper = Mapper(self.env, self.company, self.target)
        [voucher] = mapper.vouchers(move)
        return voucher

    def _problems(self):
        api = self.env["jxc.voucher"].with_company(self.company)
        return api.check_vouchers(*DAYS, "K3")

    def _flows(self, move):
        return [
            (entry.account, entry.debit - entry.credit, entry.cash_flow)
            for entry in self._voucher(move).entries
        ]

    def test_account(self):
        move = self._entry("2023-01-15", ("140500", 60, 0), ("100200", 0, 60))
        self.target.account_rule = "mapped"
        self._map("A1405", account_id=self._account("140500").id)
        [problem] = self._problems()
        self.assertIn("100200", problem)
        self._map("A1002", account_id=self._account("100200").id)
        self.assertFalse(self._problems())
        accounts = [entry.account for entry in self._voucher(move).entries]
        self.assertEqual(accounts, ["A1405", "A1002"])

    def test_partner(self):
        customer = self.env["res.partner"].create({"name": "Customer", "ref": "C1"})
        move = self._entry(
            "2023-01-15", ("112200", 60, 0), ("500100", 0, 60), post=False
        )
        move.line_ids.partner_id = customer
        move.action_post()
        self.assertEqual(self._voucher(move).entries[0].aux[0].code, "C1")
        self.target.partner_rule = "mapped"
        [problem] = self._problems()
        self.assertIn("Customer", problem)
        self._map("P9", "partner", partner_id=customer.id)
        self.assertFalse(self._problems())
        self.assertEqual(self._voucher(move).entries[0].aux[0].code, "P9")

    def test_department_and_project(self):
        plans = self.env["account.analytic.plan"].create(
            [{"name": "Departments"}, {"name": "Projects"}]
        )
        department, project = self.env["account.analytic.account"].create(
            [
                {"name": "Sales", "plan_id": plans[0].id},
                {"name": "New Shop", "plan_id": plans[1].id},
            ]
        )
        self.target.department_plan_id, self.target.project_plan_id = plans
        self._map(
            "6601",
            account_id=self._account("560100").id,
            with_department=True,
            with_project=True,
        )
        move = self._entry("2023-01-31", ("560100", 100, 0), ("100200", 0, 100))
        line = move.line_ids.filtered("debit")
        line.analytic_distribution = {f"{department.id},{project.id}": 100}
        problems = "".join(self._problems())
        self.assertIn("Sales", problems)
        self.assertIn("New Shop", problems)
        self._map("D1", "analytic", analytic_account_id=department.id)
        self._map("P1", "analytic", analytic_account_id=project.id)
        self.assertFalse(self._problems())
        aux = self._voucher(move).entries[0].aux
        self.assertEqual(
            [(item.kind, item.code) for item in aux],
            [("department", "D1"), ("project", "P1")],
        )

    def test_word(self):
        move = self._entry("2023-01-15", ("140500", 60, 0), ("220200", 0, 60))
        word = move.jxc_voucher_word
        self.assertEqual(self._voucher(move).word, word, "without a code: as here")
        self._map("ZZ", "word", word=word)
        self.assertEqual(self._voucher(move).word, "ZZ")

    def test_cash_flow_item(self):
        """The item of our cash flow statement decides, not the account."""
        move = self._entry("2023-01-15", ("140500", 60, 0), ("100200", 0, 60))
        self.assertEqual(self._flows(move)[0], ("1405", 60, ""))
        self.target.with_cash_flow = True
        [problem] = self._problems()
        self.assertIn(self._item("03").name, problem)
        self._map("BY-ACCOUNT", "cash_flow", account_id=self._account("140500").id)
        self.assertFalse(self._problems())
        self.assertEqual(self._flows(move)[0], ("1405", 60, "BY-ACCOUNT"))
        self._map("BUY", "cash_flow", cash_flow_item_id=self._item("03").id)
        self.assertEqual(self._flows(move), [("1405", 60, "BUY"), ("1002", -60, "")])
        # Somebody gave the line an item: the code of its account contradicts it.
        move.line_ids.filtered("debit").jxc_cash_flow_item_id = self._item("04")
        [problem] = self._problems()
        self.assertIn(self._item("04").name, problem)
        self._map("PAY", "cash_flow", cash_flow_item_id=self._item("04").id)
        self.assertFalse(self._problems())
        self.assertEqual(self._flows(move)[0], ("1405", 60, "PAY"))

    def test_cash_flow_without_item(self):
        """Money that no rule knows counts as the code of its account says."""
        move = self._entry("2023-01-05", ("100200", 42, 0), ("310300", 0, 42))
        self.target.with_cash_flow = True
        [problem] = self._problems()
        self.assertIn("310300", problem)
        self._map("OTHER", "cash_flow", account_id=self._account("310300").id)
        self.assertFalse(self._problems())
        self.assertEqual(self._flows(move)[1], ("3103", -42, "OTHER"))

    def test_cash_flow_of_a_payment(self):
        """A payment counts as its bill does, and is split where the bill is."""
        vendor = self.env["res.partner"].create({"name": "Vendor", "ref": "V1"})
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": vendor.id,
                "invoice_date": "2023-01-10",
                "date": "2023-01-10",
                "company_id": self.company.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": code,
                            "price_unit": price,
                            "account_id": self._account(code).id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for code, price in (("140500", 66.67), ("560200", 33.33))
                ],
            }
        )
        bill.action_post()
        move = self._entry(
            "2023-01-20", ("220200", 100, 0), ("100200", 0, 100), post=False
        )
        move.line_ids.partner_id = vendor
        move.action_post()
        payable = (bill + move).line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        )
        payable.reconcile()
        statement = self.env["jxc.cash.flow.item"]._get_flows(
            "sme", self.company, *DAYS, [("move_id", "=", move.id)]
        )
        for item, code in (("03", "BUY"), ("06", "COST")):
            self._map(code, "cash_flow", cash_flow_item_id=self._item(item).id)
        codes = {"sme_03": "BUY", "sme_06": "COST"}
        self.assertEqual(
            {(f"{flow}", f"{amount:.2f}") for _code, amount, flow in self._flows(move)},
            {(codes[item], f"{-amount:.2f}") for _id, item, amount in statement}
            | {("", "-100.00")},
        )
        self.assertEqual(len(self._flows(move)), 3)

    def test_item_of_another_standard(self):
        """Nothing here is ever under it; the check says so, and nothing goes out."""
        self._entry("2023-01-15", ("140500", 60, 0), ("100200", 0, 60))
        self._map("BUY", "cash_flow", cash_flow_item_id=self._item("03").id)
        self.assertFalse(self._problems())
        other = self.env.ref("jxc_finance_bridge.jxc_cash_flow_item_asbe_06")
        mapping = self._map("BUY2", "cash_flow", cash_flow_item_id=other.id)
        [problem] = self._problems()
        self.assertIn(other.name, problem)
        self.assertIn("another accounting standard", problem)
        api = self.env["jxc.voucher"].with_company(self.company)
        with self.assertRaisesRegex(UserError, "another accounting standard"):
            api.export_vouchers(*DAYS, "kingdee_k3", "K3")
        mapping.unlink()
        self.assertFalse(self._problems())

    def test_items_for_auditors(self):
        """GB/T 24589.1 lists the items with their names, and the money under each."""
        self._entry("2023-01-15", ("140500", 60, 0), ("100200", 0, 60))
        item = self._item("03")
        self._map("3", "cash_flow", cash_flow_item_id=item.id)
        self._map("4", "cash_flow", account_id=self._account("500100").id)
        self.target.adapter = "gbt24589"
        api = self.env["jxc.voucher"].with_company(self.company)
        file = api.export_vouchers(*DAYS, "gbt24589", "K3")
        content = base64.b64decode(file["content"])
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            ledger = archive.read("总账.xml").decode("gb18030")
        self.assertIn(f"<现金流量项目名称>{item.name}</现金流量项目名称>", ledger)
        self.assertEqual(ledger.count("<现金流量凭证项目数据>"), 1)
        self.assertIn("<现金流量本币金额>60.00</现金流量本币金额>", ledger)
        [voucher] = FORMATS["gbt24589"].load(content)
        self.assertEqual(voucher.entries[0].cash_flow, "3")

    def test_one_subject(self):
        item, account = self._item("03").id, self._account("140500").id
        for kind, values in (
            ("cash_flow", {}),
            ("cash_flow", {"cash_flow_item_id": item, "account_id": account}),
            ("account", {"cash_flow_item_id": item}),
            ("account", {}),
            ("partner", {"account_id": account}),
        ):
            with self.assertRaises(ValidationError):
                self._map("X", kind, **values)
