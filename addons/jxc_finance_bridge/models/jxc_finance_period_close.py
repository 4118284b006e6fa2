# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from itertools import count

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..tools import books
from ..tools.token import engine_context
from .jxc_finance_period import REOPENED

#: vouchers that a note in the log names
SHOWN = 30
#: results of checks, what needs somebody first
RANKS = {"error": 0, "warning": 1, "ok": 2}


class JxcFinancePeriod(models.Model):
    """The steps of a month close: check, number anew, close; and reopening."""

    _inherit = "jxc.finance.period"

    def action_check(self):
        """Run the checks and show what they found.

        :return: True; see ``check_ids``, ``error_count`` and ``warning_count``
        :raise AccessError: for anyone but accounting managers
        """
        self._check_closer()
        for period in self.sorted("date_from"):
            period._run_checks()
        return True

    def _run_checks(self):
        """Store the results of the checks of one period and return them.

        Whoever opens the period reads them, so they are in the company's language.
        """
        texts = self.with_context(lang=self.company_id._jxc_lang())
        # What is in the way comes first; a screen does not show all of them.
        results = sorted(
            texts._jxc_close_checks(), key=lambda result: RANKS[result["state"]]
        )
        # Results are written by the checks alone; nobody has the right to.
        self.sudo().with_context(**engine_context(), tracking_disable=True).write(
            {
                "check_ids": [
                    Command.clear(),
                    *(
                        Command.create({**result, "sequence": sequence})
                        for sequence, result in enumerate(results)
                    ),
                ],
                "checked_date": fields.Datetime.now(),
            }
        )
        return results

    def action_renumber(self):
        """Number the vouchers of open periods anew: by date, without gaps (凭证整理).

        Within a day the order of the old numbers stays. Drafts and cancelled entries
        lose the numbers they may have kept. Vouchers that were sent to another finance
        system keep theirs, as that system has them by it: the others take the numbers
        that are left, and the log names those that stayed.

        :raise AccessError: for anyone but accounting managers
        :raise UserError: for closed periods
        """
        self._check_closer()
        self._check_open()
        self._hold()
        for period in self.sorted("date_from"):
            changed, sent = period._renumber()
            if changed:
                period.message_post(
                    body=self.env._(
                        "Vouchers numbered anew: %(count)s changed.", count=changed
                    )
                )
            if sent:
                period.message_post(body=period._get_sent_text(sent))
        return True

    def _renumber(self):
        """Give the numbers 1, 2, … by date.

        :return: (how many changed, those that stay out of order as they were sent)
        """
        Move = self.env["account.move"]
        moves = Move.sudo().search(
            [
                *self._get_company_domain(self.company_id),
                ("jxc_voucher_period", "=", self.name),
                ("jxc_voucher_no", "!=", 0),
            ]
        )
        posted = Move.sudo().search(self._get_moves_domain())
        posted._jxc_renew_voucher()
        posted.mapped("jxc_voucher_no")  # those still without a number get one
        freed = moves.filtered(lambda move: move.state != "posted")
        posted._jxc_hold_waiting()
        wanted, out_of_order = self._get_new_numbers(posted)
        self.env.flush_all()
        if freed:
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET jxc_voucher_no = 0,"
                    " jxc_voucher_word = NULL, jxc_voucher_period = NULL"
                    " WHERE id IN %s",
                    tuple(freed.ids),
                )
            )
        if wanted:
            ids = tuple(wanted)
            # In two steps, as the index of the numbers is checked row by row.
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET jxc_voucher_no = -jxc_voucher_no"
                    " WHERE id IN %s",
                    ids,
                )
            )
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE account_move
                       SET jxc_voucher_no = new.number, write_uid = %s,
                           write_date = now() AT TIME ZONE 'UTC'
                      FROM unnest(%s::int[], %s::int[]) AS new (id, number)
                     WHERE account_move.id = new.id
                    """,
                    self.env.uid,
                    list(ids),
                    list(wanted.values()),
                )
            )
        if freed or wanted:
            Move.invalidate_model(
                ["jxc_voucher_no", "jxc_voucher_period", "jxc_voucher_word"],
                flush=False,
            )
        return len(freed) + len(wanted), out_of_order

    def _get_new_numbers(self, posted):
        """({id of a voucher: its new number}, vouchers sent under another number)."""
        sent = posted._jxc_sent()
        series = posted.sorted(lambda m: (m.date, m.jxc_voucher_no, m.id)).grouped(
            lambda move: (move.company_id, move.jxc_voucher_word)
        )
        wanted, out_of_order = {}, sent.browse()
        for moves in series.values():
            kept = {move.jxc_voucher_no for move in moves & sent}
            free = (n for n in count(1) if n not in kept)
            for place, move in enumerate(moves, start=1):
                if move in sent:
                    out_of_order += move if move.jxc_voucher_no != place else sent[:0]
                    continue
                number = next(free)
                if move.jxc_voucher_no != number:
                    wanted[move.id] = number
        return wanted, out_of_order

    def _get_sent_text(self, moves):
        return self.env._(
            "These vouchers were sent to another finance system and keep their numbers:"
            " %(vouchers)s.",
            vouchers=", ".join(moves[:SHOWN].mapped("jxc_voucher_name"))
            + (" …" if len(moves) > SHOWN else ""),
        )

    def action_close(self):
        """Close the books of months: nobody changes them any more (结账).

        The checks run once more; each one in the way is named. The platform's lock
        date follows, so that late documents are dated after it.

        :raise AccessError: for anyone but accounting managers
        :raise UserError: when already closed, or when checks are in the way
        """
        self._check_closer()
        for period in self.sorted("date_from"):
            period._check_open()
            period._hold()
            if any(result["state"] == "error" for result in period._run_checks()):
                raise UserError(period._get_refusal())
            period._close()
        return True

    def _get_refusal(self):
        """What is in the way of closing, in the language of who tries."""
        refusal = self.env._(
            "%(period)s of %(company)s cannot be closed:",
            period=self.name,
            company=self.company_id.display_name,
        )
        failed = [
            result for result in self._jxc_close_checks() if result["state"] == "error"
        ]
        return refusal + "".join(
            f"\n- {result['name']}: {result['message']}" for result in failed
        )

    def _close(self):
        period = self.with_context(**engine_context())
        company = period.company_id.sudo()  # the closer need not be an administrator
        period.write(
            {
                "state": "closed",
                "closed_by": self.env.uid,
                "closed_date": fields.Datetime.now(),
                "lock_before": company.fiscalyear_lock_date,
            }
        )
        values = {"jxc_closed_date": self.date_to}
        if not company.fiscalyear_lock_date or (
            company.fiscalyear_lock_date < self.date_to
        ):
            values["fiscalyear_lock_date"] = self.date_to
        company.write(values)
        period._add_log("close")
        self.message_post(
            body=self.env._("Closed by %(user)s.", user=self.env.user.name)
        )
        self._action_close()

    def _action_close(self):
        """Hook: called for each period once it is closed."""

    def action_reopen(self, reason=None):
        """Reopen the last closed period (反结账); who and why is logged for good.

        :param reason: text for the log
        :raise AccessError: without the right to reopen periods
        :raise UserError: without a reason, for open periods, when a later one is
            closed, and when the platform's hard lock date or fiscal year covers it
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "jxc_finance_bridge.group_period_reopen"
        ):
            raise AccessError(
                self.env._(
                    "You may not reopen closed periods. Book corrections in an open"
                    " period, or ask somebody with this right."
                )
            )
        reason = str(reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the period is reopened."))
        for period in self.sorted("date_from", reverse=True):
            period._reopen(reason)
        return True

    def _reopen(self, reason):
        if self.state != "closed":
            raise UserError(
                self.env._("%(period)s is not closed.", period=self.display_name)
            )
        company = self.company_id.sudo()
        if company.jxc_closed_date and company.jxc_closed_date > self.date_to:
            raise UserError(
                self.env._(
                    "Periods are reopened from the last one backwards: the books of"
                    " %(company)s are closed until %(date)s.",
                    company=company.display_name,
                    date=company.jxc_closed_date,
                )
            )
        if company.hard_lock_date and company.hard_lock_date >= self.date_from:
            raise UserError(
                self.env._(
                    "%(period)s lies before the hard lock date %(date)s and stays"
                    " closed for good.",
                    period=self.display_name,
                    date=company.hard_lock_date,
                )
            )
        self._hold()
        period = self.sudo().with_context(**engine_context())
        period.company_id.write(period._prepare_reopened_locks())
        period.write(
            {
                "state": "open",
                "closed_by": False,
                "closed_date": False,
                "lock_before": False,
            }
        )
        books.remember(self.env, REOPENED, self._get_month_keys())
        period._add_log("reopen", reason)
        self.sudo().message_post(
            body=self.env._(
                "Reopened by %(user)s. Reason: %(reason)s",
                user=self.env.user.name,
                reason=reason,
            )
        )

    def _prepare_reopened_locks(self):
        """Dates of the company that leave this period open, and nothing before it that
        was locked when it was closed."""
        company = self.company_id
        until = fields.Date.subtract(self.date_from, days=1)
        earlier = self.search_count(
            [
                ("company_id", "=", company.id),
                ("state", "=", "closed"),
                ("date_to", "<", self.date_from),
            ],
            limit=1,
        )
        values = {"jxc_closed_date": until if earlier else False}
        if company.fiscalyear_lock_date and company.fiscalyear_lock_date > until:
            stood = until if earlier else self.lock_before
            values["fiscalyear_lock_date"] = stood and min(stood, until)
        return values
