# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from ..tools.settlement import Item, pair, propose
from .settlement_common import SettlementCommon

KINDS = (
    "receivable",
    "payable",
    "advance_receivable",
    "advance_payable",
    "receivable_payable",
    "receivable_transfer",
)
METHODS = ("due", "document", "amount", "manual")
CODES = (("112200", 1), ("112200", -1), ("220200", -1), ("220200", 1))
CODES += (("220300", -1), ("112300", 1))

amounts = st.lists(st.integers(1, 30), max_size=8)


@tagged("post_install", "-at_install")
class TestSettlementMatching(TransactionCase):
    @settings(max_examples=150, deadline=None)
    @given(
        amounts,
        amounts,
        st.sampled_from(METHODS),
        st.integers(0, 2),
        st.randoms(use_true_random=False),
    )
    def test_nothing_is_lost(self, owed, paid, method, tolerance, chance):
        """Both sides and what is written off balance, whatever is proposed."""

        def item(number, amount):
            named = frozenset(chance.sample("ABCD", chance.randint(0, 2)))
            return Item(number, amount, chance.randint(0, 3), named)

        claims = [item(number, amount) for number, amount in enumerate(owed)]
        offsets = [item(100 + number, amount) for number, amount in enumerate(paid)]
        found = propose(method, claims, offsets, tolerance)
        self.assertCountEqual([one.key for one in found.claims], range(len(owed)))
        self.assertEqual(len(found.offsets), len(paid))
        for one in found.claims + found.offsets:
            self.assertTrue(0 <= one.settled <= one.amount)
            if one.settled and one.rest:
                self.assertGreater(one.rest, tolerance)
        total = sum(one.settled for one in found.claims)
        total -= sum(one.settled for one in found.offsets)
        self.assertEqual(total, sum(found.write_offs.values()))
        for group, amount in found.write_offs.items():
            fill = Item("off", abs(amount), settled=abs(amount), group=group)
            (found.offsets if amount > 0 else found.claims).append(fill)
        pairs = pair(found.claims, found.offsets)
        for one in found.claims + found.offsets:
            parts = [amount for a, b, amount in pairs if one is a or one is b]
            self.assertEqual(sum(parts), one.settled)
            self.assertTrue(all(amount > 0 for amount in parts))
        if method == "due" and not tolerance:
            self.assertEqual(
                sum(one.settled for one in claims), min(sum(owed), sum(paid))
            )


@tagged("post_install", "-at_install")
class TestSettlementRandom(SettlementCommon):
    def setUp(self):
        super().setUp()
        self.usd = self.env.ref("base.USD")
        self.usd.active = True
        self.items = {}
        self.applied = []

    def _check(self):
        """Every open amount is the document's less what is settled; books balance."""
        settled = {}
        for settlement in self.applied:
            for line in settlement.line_ids:
                if line.move_line_id:
                    key = line.move_line_id
                    settled[key] = settled.get(key, 0.0) + line.amount
        for item, amount in self.items.items():
            self.assertAlmostEqual(
                abs(item.amount_residual_currency),
                abs(amount) - settled.get(item, 0.0),
                places=2,
            )
        moves = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )
        self.assertAlmostEqual(sum(moves.line_ids.mapped("balance")), 0, places=2)

    def _propose(self, chance):
        kind = chance.choice(KINDS)
        settlement = self._settlement(
            kind,
            chance.choice(self.partners),
            method=chance.choice(METHODS),
            currency_id=chance.choice([self.usd, self.company.currency_id]).id,
            **({"other_partner_id": self.other.id} if "transfer" in kind else {}),
        )
        lines = settlement.claim_ids | settlement.offset_ids
        if settlement.method == "manual" and lines:
            for line in lines:
                line.amount = round(line.amount_open * chance.random(), 2)
            rest = settlement.amount_difference
            if rest and "transfer" not in kind:
                settlement.line_ids = [
                    Command.create(
                        {"side": "write_off", "write_off": "fee", "amount": rest}
                    )
                ]
                # Beyond the limit of fees it takes a manager who says why.
                settlement.write_off_reason = "By chance"
                settlement = settlement.with_env(self.env)
        return settlement

    def _run(self, seed):
        chance = random.Random(seed)
        self.partners = self.customer | self.vendor
        for partner in self.partners:
            for code, sign in CODES * 2:
                amount = sign * chance.randint(1, 30000) / 100
                values = {"ref": f"DOC-{chance.randint(1, 5):04}"}
                if chance.random() < 0.4:
                    rate = chance.randint(650, 730) / 100
                    values |= {
                        "currency": self.usd,
                        "balance": self.company.currency_id.round(amount * rate),
                    }
                item = self._item(code, amount, partner=partner, **values)
                self.items[item] = amount
        residuals = {item: item.amount_residual for item in self.items}
        count = 0
        for _turn in range(14):
            if self.applied and chance.random() < 0.3:
                settlement = self.applied.pop(chance.randrange(len(self.applied)))
                settlement.action_undo()
            else:
                settlement = self._propose(chance)
                if not settlement.line_ids.filtered("amount"):
                    continue
                settlement.action_apply()
                self.applied.append(settlement)
                count += 1
            self._check()
        self.assertGreater(count, 2)
        chance.shuffle(self.applied)
        while self.applied:
            self.applied.pop().action_undo()
        self._check()
        for item, residual in residuals.items():
            self.assertEqual(item.amount_residual, residual)
            self.assertEqual(item.amount_residual_currency, self.items[item])

    def test_any_sequence(self):
        self._run(1)

    def test_another_sequence(self):
        self._run(9)

    # Many partners ------------------------------------------------------------------

    def test_batch(self):
        for partner in (self.customer, self.other, self.vendor):
            self._item("112200", 100, partner=partner)
            if partner != self.vendor:
                self._item("112200", -60, partner=partner)
        batch = self.env["jxc.settlement.batch"].with_user(self.clerk)
        values = {"company_id": self.company.id, "date": "2026-03-31"}
        action = batch.create(values).action_propose()
        drafts = self.settlements.search(action["domain"])
        self.assertEqual(drafts.partner_id, self.customer | self.other)
        self.assertEqual(set(drafts.mapped("state")), {"draft"})
        one = batch.create({**values, "partner_ids": self.customer.ids})
        done = self.settlements.search(one.action_apply()["domain"])
        self.assertRecordValues(done, [{"state": "applied", "amount_claim": 60}])
        with self.assertRaisesRegex(UserError, "settled it meanwhile"):
            drafts.action_apply()
        self.assertEqual(set(drafts.mapped("state")), {"draft"}, "all or nothing")

    def test_proposals_do_not_query_by_line(self):
        for _number in range(2):
            self._item("112200", 10)
            self._item("112200", -10)
        settlement = self._settlement(propose=False)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            settlement.action_propose()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for _number in range(15):
            self._item("112200", 10)
            self._item("112200", -10)
        self.assertLessEqual(count(), few + 2)
        self.assertEqual(len(settlement.line_ids), 34)

    def test_proposals_for_many_take_one_query_each(self):
        """Their numbers; all the rest is read and written for all at once."""
        partners = self.env["res.partner"].create(
            [{"name": f"Partner {number}"} for number in range(12)]
        )

        def count(chosen):
            for partner in chosen:
                self._item("112200", 100, partner=partner)
                self._item("112200", -60, partner=partner)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            made = self.settlements._jxc_propose_all(
                self.company, "receivable", datetime.date(2026, 3, 31), chosen
            )
            self.env.flush_all()
            self.assertEqual(len(made), len(chosen))
            return self.env.cr.sql_log_count - before

        count(partners[:2])
        few = count(partners[2:4])
        self.assertLessEqual(count(partners[4:]), few + 6 + 2)
