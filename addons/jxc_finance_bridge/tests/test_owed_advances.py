# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .settlement_common import SettlementCommon

MONTH = ("2026-03-01", "2026-03-31")


@tagged("post_install", "-at_install")
class TestOwedAdvances(SettlementCommon):
    """Advances (预收, 预付) in statements of account, ageing and open items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Labels of a statement are those of its reader.
        (cls.customer | cls.vendor).lang = "en_US"
        cls.accountant = cls._user("owed_accountant", "account.group_account_user")

    def _settle_in_part(self, kind):
        """500 paid in advance, 300 owed and settled by it: 200 are left."""
        sale = kind == "receivable"
        partner, sign = (self.customer, 1) if sale else (self.vendor, -1)
        advance, owed = ("220300", "112200") if sale else ("112300", "220200")
        self._item(advance, -sign * 500, date="2026-03-02", partner=partner)
        self._item(owed, sign * 300, date="2026-03-10", partner=partner)
        settlement = self._settlement(f"advance_{kind}", partner)
        settlement.action_apply()
        self.assertEqual(settlement.amount_claim, 300)
        return partner, sign

    def test_what_is_left_of_an_advance_is_owed(self):
        """In all three, by themselves and with the other kind; the statement sent to
        the partner says it, and the ageing ties to the accounts."""
        service = self.env["jxc.voucher"].with_user(self.accountant)
        asked = {"company_id": self.company.id}
        for kind in ("receivable", "payable"):
            partner, sign = self._settle_in_part(kind)
            left = -sign * 200
            with self.subTest(kind):
                ageing = self.env["jxc.ageing"].with_user(self.accountant)
                found = ageing.get_ageing("2026-03-31", kind, **asked)
                [row] = found["rows"]
                self.assertEqual(row["partner_id"], partner.id)
                self.assertEqual(found["classes"][0], "Unapplied")
                self.assertEqual((row["amounts"][0], row["total"]), (-200, -200))
                self.assertEqual((found["total"], found["ledger"]), (-200, -200))
                for asked_kind in (kind, "all"):
                    items = service.get_open_items(
                        "2026-03-31", asked_kind, partner.id, **asked
                    )["items"]
                    self.assertEqual([one["residual"] for one in items], [left])
                    closing = service.get_statement(
                        partner.id, *MONTH, asked_kind, **asked
                    )["closing"]
                    self.assertEqual(closing, left)
                statement = (
                    self.env["jxc.statement"]
                    .with_user(self.accountant)
                    .create(
                        {
                            "partner_id": partner.id,
                            "company_id": self.company.id,
                            "kind": kind,
                            "date_from": MONTH[0],
                            "date_to": MONTH[1],
                        }
                    )
                )
                self.assertEqual(statement.closing, left)
                self.assertEqual(statement.ageing[0], ["Unapplied", -200])

    def test_before_it_was_settled(self):
        """On the day it came the whole advance was open."""
        self._settle_in_part("receivable")
        ageing = self.env["jxc.ageing"].with_user(self.accountant)
        found = ageing.get_ageing("2026-03-05", company_id=self.company.id)
        self.assertEqual((found["total"], found["ledger"]), (-500, -500))

    def test_forecast_has_what_the_ageing_has(self):
        """Advances not settled, settled in part, and in full: both say the same."""
        for kind, sign, partner, advance, owed in (
            ("receivable", 1, self.customer, "220300", "112200"),
            ("payable", -1, self.vendor, "112300", "220200"),
        ):
            with self.subTest(kind):
                self._item(owed, sign * 1000, "2026-03-01", partner)
                self._assert_expected(kind, 1000)
                self._item(advance, -sign * 400, "2026-03-02", partner)
                self._assert_expected(kind, 600)
                self._settlement(f"advance_{kind}", partner).action_apply()
                self._assert_expected(kind, 600)
                self._item(advance, -sign * 700, "2026-03-03", partner)
                self._assert_expected(kind, -100)

    def test_forecast_of_a_branch(self):
        """It has the account of its company; what another company calls an advance is
        none here."""
        self.setup_other_company(name="Elsewhere")["company"].write(
            {"jxc_advance_received_account_id": False}
        )
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        self._item("220300", -40, date="2026-03-02").move_id.copy(
            {"company_id": branch.id, "date": "2026-03-02"}
        ).action_post()
        rows = self.env["jxc.cash.forecast"].sudo().search([("kind", "!=", "balance")])
        found = rows.filtered(lambda row: row.company_id in self.company | branch)
        self.assertEqual(
            {row.company_id: (row.kind, row.amount) for row in found},
            {
                self.company: ("receivable", -40),
                branch: ("receivable", -40),
            },
        )

    def _assert_expected(self, kind, owed):
        """What is owed is what the forecast expects, and the ageing has."""
        ageing = self.env["jxc.ageing"].with_user(self.accountant)
        found = ageing.get_ageing("2026-03-31", kind, company_id=self.company.id)
        rows = self.env["jxc.cash.forecast"].with_user(self.accountant)
        rows.invalidate_model()
        rows = rows.search([("company_id", "=", self.company.id), ("kind", "=", kind)])
        expected = sum(rows.mapped("amount")) * (1 if kind == "receivable" else -1)
        self.assertEqual((found["total"], expected), (owed, owed))
        self.assertEqual(len(rows), len(set(rows.ids)))

    def test_many_partners(self):
        """Who has only an advance gets a statement, too."""
        self._item("220300", -40, date="2026-03-02")
        batch = self.env["jxc.statement.batch"].with_user(self.accountant)
        batch.create(
            {
                "company_id": self.company.id,
                "date_from": MONTH[0],
                "date_to": MONTH[1],
            }
        ).action_create()
        made = self.env["jxc.statement"].search([("company_id", "=", self.company.id)])
        self.assertEqual((made.partner_id, made.closing), (self.customer, -40))
