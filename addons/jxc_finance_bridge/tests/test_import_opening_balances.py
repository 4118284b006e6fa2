# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.jxc_base.tools.importing import ImportRefused

from .common import FinanceBridgeCommon

DAY = "2022-12-31"


@tagged("post_install", "-at_install")
class TestImportOpeningBalances(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Customer", "ref": "C1"})
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor", "ref": "V1"})

    def _rows(self, *rows):
        """Rows as (account, partner, debit, credit, {more})."""
        return [
            {
                "account": account,
                "partner_ref": partner,
                "date": DAY,
                "due_date": "",
                "debit": str(debit),
                "credit": str(credit),
                "label": "",
                **(more[0] if more else {}),
            }
            for account, partner, debit, credit, *more in rows
        ]

    def _run(self, rows, **files):
        tables = {**files, "opening_balances": rows}
        run = (
            self.env["jxc.import"]
            .with_company(self.company)
            .sudo()
            .run_tables(
                {
                    name: list(enumerate(file_rows, start=2))
                    for name, file_rows in tables.items()
                }
            )
        )
        return {line["file"]: line for line in run.report["files"]}["opening_balances"]

    def _problems(self, rows):
        with self.assertRaises(ImportRefused) as refused:
            self._run(rows)
        self.assertFalse(self._moves())
        return {(p.row, p.column) for p in refused.exception.problems}

    def _moves(self):
        return self.env["account.move"].search(
            [("company_id", "=", self.company.id)], order="id"
        )

    def _good_rows(self):
        return self._rows(
            ("1002", "", 5000, 0),
            ("112200", "C1", 1130.5, 0, {"due_date": "2023-01-31", "label": "INV 7"}),
            ("140500", "", 2000, 0),
            ("2202", "V1", 0, 630.5),
            ("3001", "", 0, 7500),
            ("560101", "", 0, 0),
        )

    def test_number_is_the_servers(self):
        """Who could write it would have figures left out, or imported twice."""
        self._run(self._good_rows())
        imported = self._moves()
        self.assertTrue(imported.jxc_import_number)
        clerk = self._user("import_clerk", "account.group_account_manager")
        entry = self._entry("2022-12-30", ("100200", 5, 0), ("300100", 0, 5))
        key = "opening_balances/2022-12-30"
        for move, number in ((entry, key), (imported, False), (imported, key)):
            for user in (clerk, self.env.user):
                with self.assertRaises(AccessError):
                    move.with_user(user).jxc_import_number = number
        values = {"journal_id": entry.journal_id.id, "move_type": "entry"}
        moves = self.env["account.move"].with_user(clerk)
        with self.assertRaises(AccessError):
            moves.create({**values, "jxc_import_number": key})
        made = moves.with_context(default_jxc_import_number=key).create(values)
        self.assertFalse(made.jxc_import_number)
        copied = imported.with_user(clerk).copy()
        self.assertFalse(copied.jxc_import_number)

    def test_one_posted_entry(self):
        report = self._run(self._good_rows())
        self.assertEqual((report["created"], report["unchanged"]), (5, 1))
        self.assertEqual(report["totals"], {"debit": 8130.5, "credit": 8130.5})
        move = self._moves()
        self.assertEqual((len(move), move.state, str(move.date)), (1, "posted", DAY))
        self.assertRecordValues(
            move.line_ids.sorted(lambda line: line.account_id.code),
            [
                {"account_id": self._account("100200").id, "debit": 5000.0},
                {"account_id": self._account("112200").id, "debit": 1130.5},
                {"account_id": self._account("140500").id, "debit": 2000.0},
                {"account_id": self._account("220200").id, "debit": 0.0},
                {"account_id": self._account("300100").id, "debit": 0.0},
            ],
        )
        receivable = move.line_ids.filtered("date_maturity").filtered(
            lambda line: line.partner_id == self.customer
        )
        self.assertEqual(str(receivable.date_maturity), "2023-01-31")
        self.assertEqual(receivable.name, "INV 7")
        result = self.env["jxc.trial.balance"].get_balances(
            "2023-01-01", "2023-01-31", self.company.id
        )
        self.assertEqual(result["totals"]["opening_debit"], 8130.5)
        self.assertEqual(result["totals"]["opening_credit"], 8130.5)

    def test_same_again_changes_nothing(self):
        self._run(self._good_rows())
        moves = self._moves()
        report = self._run(self._good_rows())
        self.assertEqual((report["created"], report["unchanged"]), (0, 6))
        self.assertEqual(self._moves(), moves)

    def test_other_figures_are_refused_until_cancelled(self):
        self._run(self._good_rows())
        move = self._moves()
        changed = self._rows(("1002", "", 10, 0), ("3001", "", 0, 10))
        with self.assertRaisesRegex(ImportRefused, "other figures"):
            self._run(changed)
        self.assertEqual(self._moves(), move)
        move.button_draft()
        move.button_cancel()
        self._run(changed)
        self.assertEqual(self._moves()[-1:].amount_total, 10.0)

    def test_an_entry_for_each_date(self):
        rows = self._good_rows() + [
            {**row, "date": "2023-01-31"}
            for row in self._rows(("1002", "", 3, 0), ("3001", "", 0, 3))
        ]
        self._run(rows)
        self.assertEqual(
            sorted(str(date) for date in self._moves().mapped("date")),
            [DAY, "2023-01-31"],
        )

    def test_partner_of_the_same_import(self):
        rows = self._rows(("1122", "NEW", 8, 0), ("3001", "", 0, 8))
        self._run(rows, partners=[{"ref": "NEW", "name": "New", "kind": "customer"}])
        self.assertEqual(self._moves().line_ids.partner_id.mapped("ref"), ["NEW"])

    def test_every_problem_is_listed(self):
        rows = self._rows(
            ("9999", "", 1, 0),  # unknown
            ("5601", "", 1, 0),  # fine: 560100
            ("56", "", 1, 0),  # ambiguous
            ("1122", "", 1, 0),  # receivable without partner
            ("1122", "NOBODY", 1, 0),  # unknown partner
            ("1002", "", 1, 1),  # both sides
            ("1002", "", 1.001, 0),  # more decimals than the currency
        )
        self.assertEqual(
            self._problems(rows),
            {
                (2, "account"),
                (2, "date"),  # does not balance
                (4, "account"),
                (5, "partner_ref"),
                (6, "partner_ref"),
                (7, "credit"),
                (8, "debit"),
            },
        )

    def test_advances_are_kept_by_partner(self):
        """On the accounts that the settings name: else nobody could settle them."""
        rows = self._rows(("1123", "", 5, 0), ("2203", "", 0, 5))
        self.company.jxc_advance_received_account_id = False
        self.company.jxc_advance_paid_account_id = self._account("112300")
        self.assertEqual(self._problems(rows), {(2, "partner_ref")})
        self.company.jxc_advance_received_account_id = self._account("220300")
        self.assertEqual(self._problems(rows), {(2, "partner_ref"), (3, "partner_ref")})
        rows = self._rows(("1123", "V1", 5, 0), ("2203", "C1", 0, 5))
        self._run(rows)
        partners = self._moves().line_ids.partner_id
        self.assertEqual(partners, self.customer | self.vendor)

    def test_each_date_must_balance(self):
        rows = self._rows(
            ("1002", "", 5, 0), ("3001", "", 0, 5, {"date": "2023-01-01"})
        )
        self.assertEqual(self._problems(rows), {(2, "date"), (3, "date")})

    def test_locked_period(self):
        self.company.fiscalyear_lock_date = DAY
        rows = self._rows(("1002", "", 5, 0), ("3001", "", 0, 5))
        self.assertEqual(self._problems(rows), {(2, "date")})

    def test_company_of_the_import(self):
        other = self.setup_other_company(name="Other")["company"]
        self._run(self._good_rows())
        self.assertFalse(
            self.env["account.move"].search_count([("company_id", "=", other.id)])
        )
        self.assertEqual(self._moves().company_id, self.company)
