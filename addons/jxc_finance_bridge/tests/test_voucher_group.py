# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import doctest
from collections import Counter
from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..tools import voucher_group
from ..tools.formats import FORMATS
from .common import FinanceBridgeCommon

SALE = ("112200", 113, 0), ("500100", 0, 100), ("222101", 0, 13)
CASH = ("100200", 50, 0), ("112200", 0, 50)


@tagged("post_install", "-at_install")
class TestVoucherGroup(FinanceBridgeCommon):
    """Vouchers summed up (凭证合并): one number in print, in files and for programs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.env["jxc.voucher"].with_company(cls.company)

    def _month(self):
        """Nine vouchers of five days in January, two in February."""
        moves = self.env["account.move"]
        for day in (5, 5, 8, 8, 9, 9, 9, 20):
            moves += self._entry(f"2024-01-{day:02}", *self._sale())
        moves += self._entry("2024-01-31", *self._sale())
        for day in (1, 1):
            moves += self._entry(f"2024-02-{day:02}", *self._sale())
        return moves

    def _sale(self):
        return ("140500", 60, 0), ("100200", 0, 60)

    def _groups(self, grouping="day", first="2024-01-01", last="2024-01-31", **kwargs):
        return self.api.get_vouchers(first, last, grouping=grouping, **kwargs)

    def _sums(self, vouchers):
        sums = Counter()
        for voucher in vouchers:
            for entry in voucher["entries"]:
                sums[entry["account"], "debit"] += Decimal(entry["debit"])
                sums[entry["account"], "credit"] += Decimal(entry["credit"])
        return sums

    def test_doctest(self):
        self.assertFalse(doctest.testmod(voucher_group).failed)

    def test_sums_and_numbers(self):
        """By day or kind: the amounts of the single ones, numbers without gaps."""
        self._month()
        single = self._groups("document")["vouchers"]
        for grouping, count in (("day", 5), ("kind", 1)):
            found = self._groups(grouping)["vouchers"]
            self.assertEqual([one["number"] for one in found], [*range(1, count + 1)])
            self.assertEqual(self._sums(found), self._sums(single))
            for one in found:
                self.assertEqual(
                    sum(Decimal(entry["debit"]) for entry in one["entries"]),
                    sum(Decimal(entry["credit"]) for entry in one["entries"]),
                )

    def test_mapping_back(self):
        """Each entry is a member of exactly one group."""
        moves = self._month()
        members = [
            member
            for voucher in self._groups(last="2024-02-28")["vouchers"]
            for member in voucher["members"]
        ]
        self.assertEqual(Counter(one["id"] for one in members), Counter(moves.ids))
        for one in members:
            move = self.env["account.move"].browse(one["id"])
            self.assertEqual(one["number"], move.jxc_voucher_no)
            self.assertEqual(one["key"], move._jxc_voucher_key())

    def test_print_has_the_same_numbers(self):
        moves = self._month()
        for grouping in ("day", "kind"):
            found = self._groups(grouping, last="2024-02-28")["vouchers"]
            sheets = moves._jxc_get_voucher_sheets(grouping)
            self.assertEqual(
                [f"{one['word']}-{one['number']}" for one in found],
                [sheet["number"] for sheet in sheets if sheet["page"] == 1],
            )

    def test_part_of_a_month(self):
        """A later part goes on counting, and no group is ever told in parts."""
        self._month()
        whole = self._groups()["vouchers"]
        parts = self._groups(last="2024-01-08")["vouchers"]
        parts += self._groups(first="2024-01-09")["vouchers"]
        self.assertEqual(parts, whole)
        [kind] = self._groups("kind", first="2024-01-08", last="2024-01-08")["vouchers"]
        self.assertEqual(len(kind["members"]), 9)

    def test_pages(self):
        self._month()
        whole = self._groups(last="2024-02-28")["vouchers"]
        found, cursor, more = [], None, True
        while more:
            page = self._groups(last="2024-02-28", limit=2, cursor=cursor)
            self.assertLessEqual(len(page["vouchers"]), 2)
            found += page["vouchers"]
            cursor, more = page["cursor"], page["more"]
        self.assertEqual(found, whole)
        behind = f"{cursor.rpartition('-')[0]}-99"
        self.assertEqual(self._groups(last="2024-02-28", cursor=behind)["vouchers"], [])
        for wrong in (f"4-{self.company.id}-2024-01-01-1", f"{cursor}x"):
            with self.assertRaises(UserError):
                self._groups(last="2024-02-28", cursor=wrong)
        with self.assertRaises(UserError):
            self._groups(cursor=cursor)  # of another period

    def test_keys_stay(self):
        """What joins a day later changes its voucher, not what it is known by."""
        self._month()
        before = self._groups()["vouchers"]
        self._entry("2024-01-08", *self._sale())
        after = self._groups()["vouchers"]
        self.assertEqual([one["key"] for one in before], [one["key"] for one in after])
        self.assertEqual(len({one["key"] for one in after}), len(after))
        self.assertEqual(after[1]["entries"][0]["debit"], "180.00")

    def test_red_and_closing_stay_apart(self):
        move = self._entry("2024-01-31", *SALE)
        reversal = move._reverse_moves([{"date": "2024-01-31"}])
        reversal.action_post()
        closing = self._entry("2024-01-31", ("500100", 7, 0), ("310300", 0, 7))
        self.env.cr.execute(
            "UPDATE account_move SET jxc_pl_closing = TRUE WHERE id = %s", [closing.id]
        )
        closing.invalidate_recordset()
        day, last = self._groups()["vouchers"]
        amounts = sorted(Decimal(one["debit"]) for one in day["entries"])
        self.assertEqual(amounts, [-113, 0, 0, 0, 0, 113])
        self.assertEqual([one["id"] for one in last["members"]], closing.ids)
        self.assertEqual((day["number"], last["number"]), (1, 2))

    def test_words_have_groups_of_their_own(self):
        self.company.jxc_voucher_scheme = "three"
        for _number in range(2):
            self._entry("2024-01-05", *SALE)
            self._entry("2024-01-05", *CASH)
        found = self._groups()["vouchers"]
        self.assertEqual(
            {(one["word"], one["number"], len(one["members"])) for one in found},
            {("收", 1, 2), ("转", 1, 2)},
        )

    def test_files(self):
        """Every format: one voucher a day, and which entries are in it."""
        moves = self._month()
        for code, kind in FORMATS.items():
            file = self.api.export_vouchers(
                "2024-01-01", "2024-01-31", code, grouping="day"
            )
            self.assertEqual(file["count"], 5, code)
            vouchers = kind.load(base64.b64decode(file["content"]))
            self.assertEqual([one.number for one in vouchers], [1, 2, 3, 4, 5])
            self.assertEqual(vouchers[2].entries[0].debit, 180)
            names = [name for part in file["members"].values() for name in part]
            self.assertEqual(names, moves[:9].mapped("name"))

    def test_system_says_the_grouping(self):
        self._month()
        target = self.env["jxc.finance.target"].create(
            {
                "name": "Books",
                "code": "K3",
                "company_id": self.company.id,
                "grouping": "day",
            }
        )
        export = {"format": "kingdee_k3", "target": "K3"}
        dates = ("2024-01-01", "2024-01-31")
        self.assertEqual(self.api.export_vouchers(*dates, **export)["count"], 5)
        wizard = self.env["jxc.voucher.export"].create(
            {"target_id": target.id, "date_from": dates[0], "date_to": dates[1]}
        )
        self.assertEqual(wizard.grouping, "day")
        wizard.grouping = "document"
        wizard.action_export()
        self.assertIn("9", wizard.result)

    def test_services_get_single_vouchers(self):
        """The set-up says so, however it is written, and the form puts it right."""
        target = self.env["jxc.finance.target"].create(
            {
                "name": "Books",
                "code": "K3",
                "company_id": self.company.id,
                "grouping": "day",
            }
        )
        service = {"adapter": "tplus", "endpoint": "https://books.example.com"}
        with self.assertRaisesRegex(ValidationError, "one for each document"):
            target.write(service)
        target.write({**service, "grouping": "document"})
        with self.assertRaisesRegex(ValidationError, "one for each document"):
            target.grouping = "kind"
        target.write({"adapter": "kingdee_k3", "grouping": "day"})
        with Form(target) as form:
            form.adapter = "tplus"
        self.assertEqual(target.grouping, "document")

    def test_refused(self):
        with self.assertRaisesRegex(UserError, "week"):
            self._groups("week")
        with self.assertRaisesRegex(UserError, "week"):
            self.api.export_vouchers(
                "2024-01-01", "2024-01-31", "kingdee_k3", grouping="week"
            )
        with self.assertRaisesRegex(UserError, "for a period only"):
            self.api.get_vouchers(grouping="day")
