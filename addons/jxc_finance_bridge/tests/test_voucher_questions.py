# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import arguments
from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestVoucherQuestions(FinanceBridgeCommon):
    """What other programs must not ask is refused in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.env["jxc.voucher"].with_company(cls.company)
        cls.customer = cls.env["res.partner"].create({"name": "Customer", "ref": "C1"})

    def test_wrong_questions(self):
        for call in (
            lambda: self.api.export_vouchers("2023-01-01", "2023-01-31", "dbf"),
            lambda: self.api.export_vouchers("2023-02-01", "2023-01-31", "u8_xml"),
            lambda: self.api.export_vouchers("x", "2023-01-31", "u8_xml"),
            lambda: self.api.export_vouchers(
                "2023-01-01", "2023-01-31", "u8_xml", "NO"
            ),
            lambda: self.api.get_vouchers(limit=10**9),
            lambda: self.api.get_vouchers(cursor="1-1-1-1-1"),
            lambda: self.api.get_vouchers(cursor="'; DROP TABLE x; --"),
            lambda: self.api.get_open_items(kind="everything"),
            lambda: self.api.get_open_items("x"),
            lambda: self.api.get_open_items(after="x"),
            lambda: self.api.get_open_items(after=-1),
            lambda: self.api.get_open_items(partner_id="x"),
            lambda: self.api.get_statement(
                self.customer.id, "2023-01-01", "2023-01-31", after="x"
            ),
            lambda: self.api.get_statement(-1, "2023-01-01", "2023-01-31"),
            lambda: self.api.get_statement("x", "2023-01-01", "2023-01-31"),
            lambda: self.api.check_vouchers("2023-01-01", "2023-01-31", None),
        ):
            with self.assertRaises(UserError):
                call()

    def test_cursors_of_another_company(self):
        """Its place says nothing here: what came before it would never be told."""
        other = self.env["res.company"].create({"name": "Other Books"})
        cursor = self.api.get_vouchers()["cursor"]
        self.assertEqual(self.api.get_vouchers(cursor=cursor)["cursor"], cursor)
        with self.assertRaisesRegex(UserError, "another question, company"):
            self.api.get_vouchers(cursor=cursor, company_id=other.id)
        self._entry("2023-01-05", ("100200", 5, 0), ("500100", 0, 5))
        month = {"date_from": "2023-01-01", "date_to": "2023-01-31"}
        for grouping in ("document", "day", "kind"):
            values = {**month, "grouping": grouping}
            cursor = self.api.get_vouchers(**values)["cursor"]
            page = self.api.get_vouchers(**values, cursor=cursor)
            self.assertEqual((page["vouchers"], page["cursor"]), ([], cursor))
            with self.assertRaisesRegex(UserError, "another question, company"):
                self.api.get_vouchers(**values, cursor=cursor, company_id=other.id)
        with self.assertRaisesRegex(UserError, "another question, company"):
            self.api.get_vouchers(**month, grouping="day", cursor=cursor)

    def test_cursors_of_earlier_versions(self):
        cursor = self.api.get_vouchers()["cursor"]
        earlier = f"1-{cursor.split('-', 2)[2]}"
        self.assertEqual(self.api.get_vouchers(cursor=earlier)["cursor"], cursor)

    def test_arguments_of_wrong_kinds(self):
        """JSON can hold anything: each is refused in words, not by the database."""
        self.assertFalse(doctest.testmod(arguments).failed)
        month = {"date_from": "2023-01-01", "date_to": "2023-01-31"}
        odd = [True, 1.5, -1, 10**30, "x", ["x"], {"a": 1}]
        calls = [
            ("get_vouchers", {"limit": None}),
            ("get_vouchers", {**month, "cursor": "4-1-9999-99-99-1"}),
            ("get_balances", {"date_from": "0001-01-01", "date_to": "2023-01-31"}),
            ("get_balances", {"date_from": "2023-01-01", "date_to": "9999-12-31"}),
        ]
        for value in odd:
            calls += [
                ("get_vouchers", {"cursor": value}),
                ("get_vouchers", {**month, "cursor": value}),
                ("get_vouchers", {"target": value}),
                ("get_vouchers", {"limit": value}),
                ("get_vouchers", {"company_id": value}),
                ("get_vouchers", {**month, "date_to": value}),
                ("get_balances", {**month, "date_from": value}),
                ("get_balances", {**month, "level": value}),
                ("get_open_items", {"date": value}),
                ("get_open_items", {"kind": value}),
                ("get_open_items", {"after": value}),
                ("get_open_items", {"partner_id": value}),
                ("get_statement", {**month, "partner_id": value}),
                (
                    "get_statement",
                    {**month, "partner_id": self.customer.id, "kind": value},
                ),
                (
                    "get_statement",
                    {**month, "partner_id": self.customer.id, "after": value},
                ),
                ("export_vouchers", {**month, "format": value}),
            ]
            if not isinstance(value, str):
                calls.append(("get_balances", {**month, "after": value}))
        for method, values in calls:
            with self.subTest(method=method, values=values):
                with self.assertRaises(UserError):
                    getattr(self.api, method)(**values)
