# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Taxes by quantity, groups of taxes and fiscal positions are judged, too."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestFinanceSetupTaxKinds(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("kinds_manager", "account.group_account_manager")
        cls.checks = cls.env["jxc.finance.setup.check"]
        positions = cls.env["account.fiscal.position"]
        positions.search([("company_id", "=", cls.company.id)]).unlink()
        setup = cls.env["jxc.finance.setup"].with_user(cls.manager)
        setup.apply_defaults(cls.company)
        cls.sale = cls.company.account_sale_tax_id
        cls.purchase = cls.company.account_purchase_tax_id
        cls.zero = cls.env.ref(f"account.{cls.company.id}_jxc_sale_0")

    def _find(self, code):
        return self.checks._assess(code, self.company)

    def _assert_ok(self, code):
        finding = self._find(code)
        self.assertEqual(finding.state, "ok", finding.actual)

    def _get_list(self, code):
        """What the button of the setting on the page opens."""
        page = self.env["jxc.finance.setup"].with_user(self.manager)
        page = page.create({"company_id": self.company.id})
        line = page.line_ids.filtered(lambda line: line.code == code)
        self.assertTrue(line.has_list)
        action = line.action_open_list()
        found = self.env[action["res_model"]].search(action["domain"])
        for record in found:
            self.assertTrue(record.jxc_setup_problem)
        return found

    def _tax(self, kind, account=None, **values):
        lines = [
            Command.clear(),
            Command.create({"repartition_type": "base"}),
            Command.create(
                {
                    "repartition_type": "tax",
                    "account_id": account and self._account(account).id,
                }
            ),
        ]
        return self.env["account.tax"].create(
            {
                "name": f"{kind} {values}",
                "amount_type": "fixed",
                "amount": 2,
                "type_tax_use": kind,
                "invoice_repartition_line_ids": lines,
                "refund_repartition_line_ids": lines,
                "company_id": self.company.id,
                **values,
            }
        )

    # Taxes by quantity and groups -------------------------------------------------

    def test_fixed_amounts(self):
        """What they can be meant to book on depends on the side; VAT it never is."""
        self._account("222101").copy({"code": "222133", "name": "Excise"})
        for kind, account, is_right in (
            ("sale", "222133", True),
            ("sale", None, False),
            ("sale", "222103", False),
            ("sale", "222100", False),
            ("sale", "100200", False),
            ("sale", "560100", False),
            ("purchase", "222133", True),
            ("purchase", None, True),
            ("purchase", "560100", True),
            ("purchase", "222102", False),
            ("purchase", "112200", False),
        ):
            with self.subTest(kind, account=account):
                self._assert_ok("tax_kinds")
                tax = self._tax(kind, account)
                if is_right:
                    self._assert_ok("tax_kinds")
                else:
                    finding = self._find("tax_kinds")
                    self.assertEqual(finding.state, "missing")
                    self.assertIn(tax.name, finding.actual)
                    self.assertEqual(self._get_list("tax_kinds"), tax)
                tax.unlink()

    def test_groups(self):
        group = self._tax("sale", name="Empty", amount_type="group")
        self.assertIn("Empty (no parts)", self._find("tax_kinds").actual)
        excise = self._tax("none", "222103", name="By piece")
        group.children_tax_ids = self.sale | excise
        self.assertIn("By piece (222103", self._find("tax_kinds").actual)
        account = self._account("222101").copy({"code": "222133"})
        lines = excise.invoice_repartition_line_ids | excise.refund_repartition_line_ids
        lines.filtered(lambda line: line.repartition_type == "tax").account_id = account
        self._assert_ok("tax_kinds")
        excise.active = False
        self.assertIn("archived parts: By piece", self._find("tax_kinds").actual)
        self.assertEqual(self._get_list("tax_kinds"), group)

    def test_parts_of_groups_book_on_the_side_of_the_group(self):
        part = self._tax("none", "100200", name="Part", amount_type="percent")
        self._assert_ok("tax_accounts")
        group = self._tax(
            "purchase", name="Group", amount_type="group", children_tax_ids=part.ids
        )
        finding = self._find("tax_accounts")
        self.assertEqual(finding.state, "wrong")
        self.assertIn("Part", finding.actual)
        self.checks._fix("tax_accounts", self.company)
        self._assert_ok("tax_accounts")
        self.assertEqual(
            part.invoice_repartition_line_ids.account_id, self._account("222102")
        )
        group.children_tax_ids = self.purchase
        self._assert_ok("tax_accounts")

    # Fiscal positions -------------------------------------------------------------

    def _position(self, *taxes, **values):
        return self.env["account.fiscal.position"].create(
            {
                "name": "Export",
                "company_id": self.company.id,
                "tax_ids": [Command.set([tax.id for tax in taxes])],
                **values,
            }
        )

    def test_right_positions(self):
        self._assert_ok("fiscal_positions")
        self.zero.original_tax_ids = self.sale
        self._position(self.zero)
        self._assert_ok("fiscal_positions")

    def test_tax_of_the_other_side(self):
        """Taken out; what else the tax replaces stays."""
        self.zero.original_tax_ids = self.sale | self.purchase
        position = self._position(self.zero)
        self.assertEqual(position.map_tax(self.purchase), self.zero)
        self.assertEqual(self._find("fiscal_positions").state, "wrong")
        setup = self.env["jxc.finance.setup"].with_user(self.manager)
        rows = {row["code"]: row for row in setup.apply_defaults(self.company)}
        self.assertTrue(rows["fiscal_positions"]["changed"])
        self._assert_ok("fiscal_positions")
        position.invalidate_recordset(["tax_map"])
        self.assertEqual(position.map_tax(self.purchase), self.purchase)
        self.assertEqual(position.map_tax(self.sale), self.zero)

    def test_positions_for_people_to_decide(self):
        other = self.zero.copy({"name": "Another", "original_tax_ids": self.sale.ids})
        for case, taxes, text in (
            ("takes all off", (), "takes all taxes off"),
            ("nothing replaced", (self.zero,), "which one it replaces"),
            ("archived", (self.zero,), "is archived"),
            ("two", (self.zero, other), "several at once"),
        ):
            with self.subTest(case):
                replaced = self.env["account.tax"]
                if case in ("archived", "two"):
                    replaced = self.sale
                self.zero.original_tax_ids = replaced
                self.zero.active = case != "archived"
                position = self._position(*taxes)
                finding = self._find("fiscal_positions")
                self.assertEqual(finding.state, "missing")
                self.assertIn(text, finding.actual)
                self.assertEqual(self._get_list("fiscal_positions"), position)
                position.unlink()
                self.zero.active = True
                self._assert_ok("fiscal_positions")

    def test_accounts_replaced(self):
        """By one in use, of a kind that can stand for it."""
        income, cost = self._account("500100"), self._account("540100")
        archived = income.copy({"code": "500177"})
        archived.active = False
        for source, instead, text in (
            (income, self._account("505100"), None),
            (income, income, "nothing is replaced"),
            (income, cost, "of another kind"),
            (income, archived, "archived"),
            (archived, income, "never used"),
            (self._account("112200"), self._account("112300"), "of another kind"),
        ):
            with self.subTest(source.code, instead=instead.code):
                self.zero.original_tax_ids = self.sale
                pair = {"account_src_id": source.id, "account_dest_id": instead.id}
                position = self._position(self.zero, account_ids=[Command.create(pair)])
                finding = self._find("fiscal_positions")
                self.assertEqual(finding.state, "missing" if text else "ok")
                if text:
                    self.assertIn(text, finding.actual)
                    self.assertEqual(self._get_list("fiscal_positions"), position)
                position.unlink()

    def test_position_of_ones_own_country_need_not_replace(self):
        position = self._position(self.sale, country_id=self.env.ref("base.cn").id)
        self.company.domestic_fiscal_position_id = position
        self._assert_ok("fiscal_positions")
        self.company.domestic_fiscal_position_id = False
        self.assertEqual(self._find("fiscal_positions").state, "missing")
