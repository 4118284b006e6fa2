# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from ..models.jxc_finance_period_close import RANKS
from .common import FinanceBridgeCommon
from .test_voucher import CASH_OUT, SALE

CAPITAL = (("100200", 1000, 0), ("300100", 0, 1000))


class PeriodCommon(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("period_manager", "account.group_account_manager")
        cls.chief = cls._user(
            "period_chief",
            "account.group_account_manager,jxc_finance_bridge.group_period_reopen",
        )
        cls.accountant = cls._user("period_accountant", "account.group_account_user")

    def _period(self, date, user=None, company=None):
        periods = self.env["jxc.finance.period"].with_user(user or self.manager)
        return periods._get_or_create(company or self.company, date)

    def _close(self, date, user=None):
        period = self._period(date, user)
        period.action_transfer_profit()
        period.action_renumber()
        period.action_close()
        return period

    def _balances(self, date):
        result = self.env["jxc.trial.balance"].get_balances(date, date, self.company.id)
        return {
            row["code"]: row["closing_debit"] - row["closing_credit"]
            for row in result["rows"]
            if row["closing_debit"] or row["closing_credit"]
        }

    def _states(self, period):
        period.action_check()
        return {check.code: check.state for check in period.check_ids}


@tagged("post_install", "-at_install")
class TestPeriod(PeriodCommon):
    def test_close_and_late_entries(self):
        self._entry("2024-01-05", *CAPITAL)
        period = self._close("2024-01-10")
        self.assertEqual(period.state, "closed")
        self.assertEqual(period.closed_by, self.manager)
        self.assertEqual(str(self.company.jxc_closed_date), "2024-01-31")
        self.assertEqual(str(self.company.fiscalyear_lock_date), "2024-01-31")
        late = self._entry("2024-01-20", *CAPITAL)
        self.assertGreater(str(late.date), "2024-01-31")
        self.assertFalse(late.jxc_voucher_period == "2024-01")

    def test_closed_month_holds_without_the_lock_date(self):
        """Neither a lowered lock date nor an exception opens a closed month."""
        move = self._entry("2024-01-05", *CAPITAL)
        draft = self._entry("2024-01-06", *CAPITAL, post=False)
        draft.date = "2024-02-06"
        self._close("2024-01-10")
        self.company.sudo().fiscalyear_lock_date = False
        for user in (self.env.user, self.accountant, self.manager):
            own = move.with_user(user)
            for change in (own.button_draft, own.button_cancel):
                with self.assertRaisesRegex(UserError, "closed until"):
                    change()
        draft.date = "2024-01-06"
        with self.assertRaisesRegex(UserError, "closed until"):
            draft.action_post()
        with self.assertRaisesRegex(UserError, "closed until"):
            self._entry("2023-12-31", *CAPITAL)

    def test_checks_in_the_way(self):
        self._entry("2024-01-05", *SALE)
        middle = self._entry("2024-01-06", *SALE)
        self._entry("2024-01-07", *SALE)
        draft = self._entry("2024-01-08", *SALE, post=False)
        self.env.flush_all()
        middle.button_cancel()
        period = self._period("2024-01-31")
        states = self._states(period)
        self.assertEqual(states["drafts"], "error")
        self.assertEqual(states["numbers"], "error")
        self.assertEqual(states["profit"], "error")
        self.assertEqual(states["balance"], "ok")
        with self.assertRaisesRegex(UserError, "No drafts are left"):
            period.action_close()
        check = period.check_ids.filtered(lambda check: check.code == "drafts")
        action = check.action_open()
        found = self.env["account.move"].search(action["domain"])
        self.assertEqual(found, draft)
        vouchers = self.env.ref("jxc_finance_bridge.account_move_voucher_view_list")
        self.assertIn((vouchers.id, "list"), action["views"])
        draft.unlink()
        self._close("2024-01-31")
        self.assertEqual(period.state, "closed")

    def test_renumber(self):
        moves = []
        for day in (20, 10, 2, 3):
            moves.append(self._entry(f"2024-01-{day:02}", *CAPITAL))
            self.env.flush_all()  # as if each was posted by a request of its own
        late, gone, early, kept = moves
        self.assertEqual([move.jxc_voucher_no for move in moves], [1, 2, 3, 4])
        kept.button_draft()
        gone.button_cancel()
        self._period("2024-01-31").action_renumber()
        self.assertEqual((early.jxc_voucher_no, late.jxc_voucher_no), (1, 2))
        self.assertEqual(kept.jxc_voucher_no, 0)
        kept.action_post()
        self.assertEqual(kept.jxc_voucher_no, 3)

    def test_review_can_be_required(self):
        self.company.jxc_voucher_review = True
        move = self._entry("2024-01-05", *CAPITAL)
        period = self._period("2024-01-31")
        self.assertEqual(self._states(period)["review"], "error")
        self.assertEqual(self._states(period)["cashier"], "error")
        cashier = self._user("p_cash", "jxc_finance_bridge.group_voucher_cashier")
        reviewer = self._user("p_review", "jxc_finance_bridge.group_voucher_reviewer")
        move.with_user(cashier).action_jxc_cashier_sign()
        move.with_user(reviewer).action_jxc_check()
        period.action_close()
        with self.assertRaisesRegex(UserError, "closed until"):
            move.with_user(reviewer).action_jxc_uncheck()

    def test_signatures_of_closed_months_stay(self):
        """Nothing is reviewed or signed there any more, and nothing taken back."""
        cashier = self._user("p_cash2", "jxc_finance_bridge.group_voucher_cashier")
        reviewer = self._user("p_review2", "jxc_finance_bridge.group_voucher_reviewer")
        untouched, signed, reviewed = (
            self._entry("2024-01-05", *CAPITAL) for _number in range(3)
        )
        signed.with_user(cashier).action_jxc_cashier_sign()
        reviewed.with_user(reviewer).action_jxc_check()
        self._close("2024-01-31")
        for move, user, action in (
            (untouched, reviewer, "action_jxc_check"),
            (untouched, cashier, "action_jxc_cashier_sign"),
            (signed, cashier, "action_jxc_cashier_unsign"),
            (reviewed, reviewer, "action_jxc_uncheck"),
        ):
            with self.subTest(action):
                with self.assertRaisesRegex(UserError, "closed until"):
                    call_kw(move.with_user(user).browse(), action, [move.ids], {})
        self.assertFalse(untouched.jxc_checked_by or untouched.jxc_cashier_id)
        self.assertEqual(signed.jxc_cashier_id, cashier)
        self.assertEqual(reviewed.jxc_checked_by, reviewer)

    def test_earlier_months_first(self):
        self._entry("2024-01-05", *CAPITAL)
        self._entry("2024-02-05", *CAPITAL)
        self._entry("2024-03-05", *CAPITAL)
        self._close("2024-01-31")
        with self.assertRaisesRegex(UserError, "Earlier months"):
            self._close("2024-03-31")
        self._close("2024-02-28")
        self._close("2024-03-31")

    def test_the_first_close_comes_in_order_too(self):
        """January has an entry and February a draft: March waits for both."""
        self._entry("2024-01-05", *CAPITAL)
        draft = self._entry("2024-02-05", *CAPITAL, post=False)
        self._entry("2024-03-05", *CAPITAL)
        march = self._period("2024-03-31")
        march.action_check()
        check = march.check_ids.filtered(lambda check: check.code == "earlier")
        self.assertEqual((check.state, check.count), ("error", 2))
        self.assertIn("2024-01, 2024-02", check.message)
        found = self.env["account.move"].search(check.action_open()["domain"])
        self.assertEqual(len(found), 2)
        with self.assertRaisesRegex(UserError, "2024-01, 2024-02"):
            march.action_close()
        self.assertFalse(self.company.jxc_closed_date)
        self._close("2024-01-31")
        with self.assertRaisesRegex(UserError, "2024-02"):
            self._close("2024-03-31")
        draft.unlink()
        # Nothing was ever booked in February, so there is nothing to close.
        self.assertEqual(self._close("2024-03-31").state, "closed")

    def test_month_close_begins_where_drafts_are(self):
        """The window opens the month that the others would have to wait for."""
        self._entry("2024-01-05", *CAPITAL, post=False)
        self._entry("2024-02-05", *CAPITAL)
        action = self.env["jxc.finance.period"].with_user(self.manager)
        action = action.action_open_current()
        period = self.env["jxc.finance.period"].browse(action["res_id"])
        self.assertEqual(period.name, "2024-01")

    def test_books_of_earlier_years_end_with_the_lock_date(self):
        """What came before the books were kept here is not closed month by month."""
        self._entry("2022-06-30", *CAPITAL)
        self._entry("2023-12-31", *CAPITAL)
        self._entry("2024-01-05", *CAPITAL)
        with self.assertRaisesRegex(UserError, "2022-06, 2023-12"):
            self._close("2024-01-31")
        self.company.sudo().fiscalyear_lock_date = "2023-12-31"
        action = self.env["jxc.finance.period"].with_user(self.manager)
        action = action.action_open_current()
        period = self.env["jxc.finance.period"].browse(action["res_id"])
        self.assertEqual(period.name, "2024-01")
        self.assertEqual(self._close("2024-01-31").state, "closed")

    def test_reopen_by_right_from_the_last_one(self):
        self._entry("2024-01-05", *CAPITAL)
        january, february = self._close("2024-01-31"), self._close("2024-02-29")
        with self.assertRaises(AccessError):
            february.action_reopen("please")
        with self.assertRaisesRegex(UserError, "last one backwards"):
            january.with_user(self.chief).action_reopen("please")
        wizard = self.env["jxc.finance.reopen"].with_user(self.chief)
        wizard = wizard.with_context(active_id=february.id).create(
            {"reason": "freight bill"}
        )
        wizard.action_reopen()
        self.assertEqual(february.state, "open")
        self.assertEqual(str(self.company.jxc_closed_date), "2024-01-31")
        self.assertEqual(str(self.company.fiscalyear_lock_date), "2024-01-31")
        log = "".join(february.sudo().message_ids.mapped("body"))
        self.assertIn("freight bill", log)
        self.assertIn(self.chief.name, log)
        self._entry("2024-02-05", *CAPITAL)
        january.with_user(self.chief).action_reopen("opening balances")
        self.assertFalse(self.company.jxc_closed_date)
        self.assertFalse(self.company.fiscalyear_lock_date)

    def test_reopen_keeps_earlier_books_locked(self):
        """What lay before the first close stays locked, also by a later lock date."""
        self._entry("2024-01-05", *CAPITAL)
        for stood in ("2023-12-31", "2023-11-30", "2024-01-15"):
            with self.subTest(stood=stood):
                self.company.sudo().fiscalyear_lock_date = stood
                period = self._close("2024-01-31")
                self.assertEqual(str(self.company.fiscalyear_lock_date), "2024-01-31")
                period.with_user(self.chief).action_reopen("please")
                self.assertEqual(
                    str(self.company.fiscalyear_lock_date), min(stood, "2023-12-31")
                )
                self.assertFalse(self.company.jxc_closed_date)
        self.company.sudo().fiscalyear_lock_date = "2023-12-31"
        self._close("2024-01-31").with_user(self.chief).action_reopen("please")
        late = self._entry("2023-12-15", *CAPITAL)
        self.assertGreater(str(late.date), "2023-12-31")

    def test_reopen_of_periods_closed_before_locks_were_noted(self):
        """They are filled in as if the books before had been locked."""
        self._entry("2024-01-05", *CAPITAL)
        period = self._close("2024-01-31").sudo()
        self.env.add_to_compute(period._fields["lock_before"], period)
        self.assertEqual(str(period.lock_before), "2023-12-31")
        period.with_user(self.chief).action_reopen("please")
        self.assertEqual(str(self.company.fiscalyear_lock_date), "2023-12-31")

    def test_hard_lock_is_for_good(self):
        self._entry("2024-01-05", *CAPITAL)
        period = self._close("2024-01-31")
        self.company.sudo().hard_lock_date = "2024-01-31"
        with self.assertRaisesRegex(UserError, "hard lock"):
            period.with_user(self.chief).action_reopen("please")

    def test_twice(self):
        self._entry("2024-01-05", *CAPITAL)
        period = self._close("2024-01-31")
        for again in (
            period.action_close,
            period.action_renumber,
            period.action_transfer_profit,
        ):
            with self.assertRaisesRegex(UserError, "is closed since"):
                again()
        with self.assertRaisesRegex(UserError, "is closed since"):
            period.unlink()

    def test_rights(self):
        period = self._period("2024-01-31")
        own = period.with_user(self.accountant)
        for action in (
            own.action_check,
            own.action_close,
            own.action_renumber,
            own.action_transfer_profit,
            own.action_reopen,
            own.action_open_current,
        ):
            with self.assertRaises(AccessError):
                action()
        with self.assertRaises(AccessError):
            own.create({"date_from": "2024-02-01", "date_to": "2024-02-29"})
        executive = self._user("period_exec", "jxc_base.group_executive")
        self.assertEqual(period.with_user(executive).state, "open")
        with self.assertRaises(AccessError):
            period.with_user(executive).action_close()

    def test_state_is_not_written(self):
        period = self._period("2024-01-31")
        for values in (
            {"state": "closed"},
            {"closed_by": self.manager.id},
            {"lock_before": "2023-01-31"},
        ):
            with self.assertRaises(AccessError):
                period.write(values)
        with self.assertRaises(AccessError):
            period.create(
                {"date_from": "2024-02-01", "date_to": "2024-02-29", "state": "closed"}
            )
        made = period.with_context(default_state="closed").create(
            {"date_from": "2024-02-01", "date_to": "2024-02-29"}
        )
        self.assertEqual(made.state, "open")
        with self.assertRaises(AccessError):
            self.company.with_user(self.env.ref("base.user_admin")).write(
                {"jxc_closed_date": "2024-01-31"}
            )

    def test_periods_are_months(self):
        with self.assertRaises(ValidationError):
            self.env["jxc.finance.period"].create(
                {"date_from": "2024-02-01", "date_to": "2024-02-28"}
            )

    def test_other_company(self):
        other = self.setup_other_company(name="Other")["company"]
        period = self._period("2024-01-31", user=self.env.user, company=other)
        with self.assertRaises(AccessError):
            period.with_user(self.manager).action_close()
        self._entry("2024-01-05", *CAPITAL)
        self._close("2024-01-31")
        lines = (("112200", 1, 0), ("500100", 0, 1))
        free = self._entry("2024-01-05", *lines, company=other)
        self.assertEqual(str(free.date), "2024-01-05")

    def test_branches_close_with_their_company(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()
        self.manager.company_ids += branch
        self.env.user.company_ids += branch
        move = self._entry("2024-01-05", *CAPITAL, company=branch)
        self.assertEqual(move.jxc_voucher_no, 1)
        self._close("2024-01-31")
        with self.assertRaisesRegex(UserError, "closed until"):
            move.button_draft()
        with self.assertRaises(ValidationError):
            self.env["jxc.finance.period"].create(
                {
                    "company_id": branch.id,
                    "date_from": "2024-02-01",
                    "date_to": "2024-02-29",
                }
            )

    def test_screen(self):
        self._entry("2024-03-05", *SALE)
        self._entry("2024-03-06", *CASH_OUT)
        action = self.env["jxc.finance.period"].with_user(self.manager)
        action = action.action_open_current()
        period = self.env["jxc.finance.period"].browse(action["res_id"])
        period = period.with_user(self.manager)
        self.assertEqual(period.name, "2024-03")
        self.assertTrue(Form(period).error_count)
        period.invalidate_recordset(["check_ids"])
        ranks = [RANKS[state] for state in period.check_ids.mapped("state")]
        self.assertEqual(ranks, sorted(ranks), "what is in the way comes first")
        self.assertEqual(set(ranks), {0, 1, 2})
        shown = self.env["account.move"].search(period.action_open_vouchers()["domain"])
        self.assertEqual(len(shown), period.move_count)

    def test_results_in_the_language_of_the_company(self):
        """What is stored reads the same whoever ran the checks."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["jxc_finance_bridge"], ["zh_CN"]
        )
        self._entry("2024-03-05", *CASH_OUT)
        self._entry("2024-03-06", *CAPITAL, post=False)
        period = self._period("2024-03-31")
        texts = {}
        for company_lang, user_lang in (("zh_CN", "en_US"), ("en_US", "zh_CN")):
            self.company.partner_id.lang = company_lang
            period.with_context(lang=user_lang).action_check()
            check = period.check_ids.filtered(lambda check: check.code == "drafts")
            action = check.action_open()
            texts[company_lang] = check.name, check.message, action["name"]
        name, message, title = texts["zh_CN"]
        self.assertEqual(name, title)
        self.assertRegex(name + message, r"^[^a-zA-Z]+$")
        self.assertEqual(texts["en_US"][0], "No drafts are left")
        self.assertRegex(texts["en_US"][1], "^Post, delete or date later")

    def test_hook(self):
        """Other parts add checks by extending the hook."""
        period_class = type(self.env["jxc.finance.period"])
        original = period_class._jxc_close_checks

        def extended(period):
            result = period._prepare_result(
                "mine", "Mine", "error", 3, "Do it", "res.partner", [("id", "=", 1)]
            )
            return [*original(period), result]

        self.patch(period_class, "_jxc_close_checks", extended)
        period = self._period("2024-01-31")
        self.assertEqual(self._states(period)["mine"], "error")
        with self.assertRaisesRegex(UserError, "Mine: Do it"):
            period.action_close()
