# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
import time
from contextlib import contextmanager
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ..tools.arguments import is_whole
from ..tools.sender import Sender
from ..tools.services import SERVICES
from ..tools.services.base import ANSWER, MASK, SHORTEST_MASKED
from .jxc_finance_mapper import Mapper
from .jxc_finance_outbox import OPEN

CHANNEL = "root.jxc_finance"
#: seconds that one job sends vouchers before it lets others have the worker
JOB_SECONDS = 60
#: first number of the advisory locks; the second one is the target's id
LOCK = 0x6A78


class JxcFinanceTarget(models.Model):
    """Sending: at least once, in order, and looked up before it is sent again.

    A job sends the vouchers of one target. It holds an advisory lock, so that there is
    one sender a target, and works on each voucher in three steps:

    1. a transaction of its own notes that the voucher is being sent and commits;
    2. the voucher is sent, with no transaction open that anybody waits for;
    3. another transaction writes down what came of it.

    Whatever dies in between leaves the voucher "being sent": the next job looks it up
    in the other system before it sends it again.
    """

    _inherit = "jxc.finance.target"

    def action_send_now(self):
        """Start sending now, also in a pause after failures.

        :raise AccessError: no accountant
        """
        self._check_accountant()
        self.check_access("read")
        self._check_service()
        # sudo: the pause is written by the sending itself
        self.sudo().next_try = False
        self._wake()
        return True

    def enqueue_moves(self, move_ids):
        """Put posted journal entries into the outbox; they are sent after the commit.

        Entries that are in there already, have no amount or are older than the
        target's first day are left out.

        :param list move_ids: ids of account.move
        :return: ids of jxc.finance.outbox
        :raise AccessError: no accountant
        :raise UserError: entries that are not posted or of another company, or no ids
        """
        self._check_one()
        self._check_accountant()
        self.check_access("read")
        self._check_service()
        if not isinstance(move_ids, (list, tuple)) or not all(map(is_whole, move_ids)):
            raise UserError(self.env._("Say which entries: a list of their ids."))
        moves = self.env["account.move"].browse(move_ids).exists()
        moves.check_access("read")
        wrong = moves.filtered(
            lambda move: move.state != "posted" or move.company_id != self.company_id
        )
        if wrong:
            raise UserError(
                self.env._(
                    "%(entry)s is no posted entry of %(company)s.",
                    entry=wrong[0].display_name,
                    company=self.company_id.name,
                )
            )
        return self._put(moves).ids

    def _put(self, moves):
        """Outbox rows for entries that have none."""
        self.ensure_one()
        # sudo: nobody has the right to write rows; callers have checked
        outbox = self.env["jxc.finance.outbox"].sudo()
        there = outbox.search(
            [("target_id", "=", self.id), ("move_id", "in", moves.ids)]
        )
        cancelled = there.filtered(lambda row: row.state == "cancelled")
        cancelled.filtered("tries").state = "unknown"
        (cancelled - cancelled.filtered("tries")).state = "ready"
        moves = (moves - there.move_id).filtered(
            lambda move: (
                (not self.date_from or move.date >= self.date_from)
                and any(line.debit or line.credit for line in move.line_ids)
            )
        )
        made = outbox.create(
            [
                {
                    "target_id": self.id,
                    "move_id": move.id,
                    "key": move._jxc_voucher_key(),
                }
                for move in moves.sorted(lambda move: (move.date, move.id))
            ]
        )
        if made or cancelled:
            self._wake()
        return made | cancelled

    def _wake(self):
        """Have the vouchers sent after this transaction, one job a target at a time."""
        for target in self.filtered("active"):
            # sudo: no user has rights on jobs
            target.with_user(SUPERUSER_ID).with_delay(
                channel=CHANNEL,
                description=f"{target.code}: send vouchers",
                identity_key=f"jxc_finance_target_{target.id}",
                eta=target.sudo().next_try or None,
                max_retries=0,
            )._run_outbox()

    @api.model
    def _cron_wake(self):
        """Wake targets with open vouchers, should a job have been lost."""
        groups = self.env["jxc.finance.outbox"]._read_group(
            [("state", "in", OPEN)], ["target_id"]
        )
        for (target,) in groups:
            target._wake()

    def _run_outbox(self):
        """Job: send what is open, until the time is over or something fails."""
        self.ensure_one()
        [(alone,)] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, self.id)
        )
        if not alone:
            raise RetryableJobError("Another job sends", seconds=10, ignore_retry=True)
        end = time.monotonic() + JOB_SECONDS
        sender = Sender(self.adapter, self._get_access())
        try:
            while time.monotonic() < end:
                if not self._send_next(sender):
                    break
            else:
                self._wake()
        finally:
            sender.close()
        with self._transaction() as target:
            if target.next_try and target._get_open(1):
                target._wake()

    def _send_next(self, sender):
        """Send the next voucher; return whether to go on."""
        with self._transaction() as target:
            row = target._get_open(1)
            if not row or (target.next_try and target.next_try > fields.Datetime.now()):
                return False
            look_first = row.state != "ready"
            # What was reset to draft is only looked for, should it have arrived.
            is_posted = row.move_id.state == "posted"
            voucher = target._begin(row, sender)
        if voucher is None:
            return True
        result = sender.deliver(voucher, look_first, is_posted)
        for chance in range(5):
            try:
                with self._transaction() as target:
                    return target._finish(row.id, result)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # somebody changed the target meanwhile; what is known must be kept
                if chance == 4:
                    raise
        return False

    @contextmanager
    def _transaction(self):
        """This target in a transaction of its own, committed at the end."""
        with self.env.registry.cursor() as cr:
            context = {"lang": self.env.company._jxc_lang()}
            env = api.Environment(cr, SUPERUSER_ID, context)
            yield self.with_env(env).with_company(self.company_id.id)

    def _get_open(self, limit=None):
        return self.env["jxc.finance.outbox"].search(
            [("target_id", "=", self.id), ("state", "in", OPEN)],
            order="id",
            limit=limit,
        )

    def _begin(self, row, sender):
        """Note that a voucher is being sent; return it, or None if it cannot be."""
        move = row.move_id
        if move.state != "posted":
            if row.tries:
                return self._get_sent(row)
            row.state = "cancelled"
            return None
        mapper = Mapper(self.env, self.company_id, self)
        voucher = next(mapper.vouchers(move), None)
        problems = list(mapper.missing)
        if voucher:
            found = sender.problems(voucher)
            problems += [self.env._(text) for text in found]
        else:
            problems.append(self.env._("The entry has no amounts."))
        if problems:
            row.write({"state": "refused", "error": "\n".join(problems)})
            return None
        row.write(
            {
                "state": "sending",
                "tries": row.tries + 1,
                "sent_at": fields.Datetime.now(),
                "amount": float(voucher.debit),
                "content": voucher.to_dict(),
            }
        )
        return voucher

    def _get_sent(self, row):
        """The voucher of an entry that is no longer posted, to be looked for."""
        mapper = Mapper(self.env, self.company_id, self)
        voucher = next(mapper.vouchers(row.move_id), None)
        if voucher is None:
            row.state = "cancelled"
        return voucher

    def _finish(self, row_id, result):
        """Write down what became of a voucher; return whether to go on."""
        row = self.env["jxc.finance.outbox"].browse(row_id)
        error = self._mask(self.env._(result.error)) if result.error else ""
        # Masked before it is cut: half a secret would not be found.
        answer = self._mask(result.answer)[:ANSWER]
        values = {
            "state": result.state,
            "error": error or False,
            "answer": answer or False,
        }
        if result.state == "done":
            values.update(
                number=result.found.number,
                done_at=fields.Datetime.now(),
            )
            if result.found.count > 1:
                values["error"] = self.env._(
                    "It is there %(count)s times.", count=result.found.count
                )
        row.write(values)
        if result.state in ("done", "refused", "cancelled"):
            self._jxc_note_success()
            return True
        self._jxc_note_failure(error)
        return False

    def _jxc_failing_text(self, error):
        return self.env._("Vouchers do not get through: %(error)s", error=error)

    def _mask(self, text):
        """A text of the other system without the secret, should it have sent it back.

        Error pages of some servers show the whole request, as it was written in JSON,
        XML or an address. The database takes no NUL.
        """
        for part in self._get_access().secret.split(","):
            if len(part) >= SHORTEST_MASKED:
                for written in (
                    part,
                    json.dumps(part)[1:-1],
                    json.dumps(part, ensure_ascii=False)[1:-1],
                    escape(part),
                    escape(part, {'"': "&quot;", "'": "&apos;"}),
                    quote(part),
                    quote_plus(part),
                ):
                    text = text.replace(written, MASK)
        return text.replace("\x00", "")

    def _check_service(self):
        for target in self:
            if target.adapter not in SERVICES:
                raise UserError(
                    self.env._(
                        "%(target)s gets vouchers as files. Export them instead.",
                        target=target.name,
                    )
                )
