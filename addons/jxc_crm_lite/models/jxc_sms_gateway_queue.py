# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
import logging
from datetime import timedelta
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.outbound import Client, NoAnswerError, NotSentError

from ..tools.sms_number import written
from ..tools.sms_request import Answer, judge, request, times

_logger = logging.getLogger(__name__)

#: of a server that died in the middle of a request
LOST_MINUTES = 10
#: longest pause between two tries


class JxcSmsGateway(models.Model):
    """Working off the queue after the commit, each message once.

    A batch takes three steps: it is noted as being sent and committed; it is sent;
    what came of it is written down. What dies in between stays "being sent" and becomes
    "without an answer", which nobody but a person sends again.
    """

    _inherit = "jxc.sms.gateway"

    # Working off ------------------------------------------------------------------

    def _wake(self, at=None):
        """Have the queue worked off after this transaction."""
        if self:
            # sudo: no user has rights on scheduled actions
            cron = self.env.ref("jxc_crm_lite.jxc_sms_cron").sudo()
            cron._trigger(at=at)

    @api.model
    def _cron_send(self):
        """Send what waits, gateway by gateway, as long as there is time."""
        for gateway in self.search([("provider", "=", "http")]):
            # a cron speaks no language; the reasons are read in the company's
            lang = gateway.company_id._jxc_lang()
            gateway = gateway.with_context(lang=lang)
            gateway._settle()
            while gateway._send_next():
                if not self.env["ir.cron"]._commit_progress(1):
                    gateway._wake()
                    return

    def _settle(self):
        """Give up what is too old, and what a server that died was sending."""
        now = fields.Datetime.now()
        messages = self.env["jxc.sms.message"]
        lost = messages.search(
            [
                ("gateway_id", "=", self.id),
                ("state", "=", "sending"),
                ("sent_at", "<", now - timedelta(minutes=LOST_MINUTES)),
            ]
        )
        lost.write(
            {
                "state": "unknown",
                "error": self.env._("The server stopped while it was being sent."),
            }
        )
        oldest = now - timedelta(hours=self.max_hours)
        late = messages.search(
            [
                ("gateway_id", "=", self.id),
                ("state", "=", "queued"),
                ("queued_at", "<", oldest),
            ]
        ).filtered(
            # Marketing also waits for the quiet hours to end.
            lambda row: (
                not row.is_marketing or row.queued_at < oldest - timedelta(days=1)
            )
        )
        late.write(
            {
                "state": "failed",
                "error": self.env._(
                    "It could not be sent for %(hours)s hours.", hours=self.max_hours
                ),
            }
        )
        (lost | late)._tell_platform()
        self.env["ir.cron"]._commit_progress()

    def _get_next(self):
        """The next messages of one text."""
        messages = self.env["jxc.sms.message"]
        domain = [("gateway_id", "=", self.id), ("state", "=", "queued")]
        if until := self.company_id._jxc_quiet_until():
            if messages.search_count([*domain, ("is_marketing", "=", True)], limit=1):
                self._wake(until)
            domain.append(("is_marketing", "=", False))
        waiting = messages.search(domain, order="id", limit=self.batch_size)
        waiting = waiting.try_lock_for_update()
        first = waiting[:1]
        return waiting.filtered(
            lambda row: (
                row.body == first.body
                and row.template_id == first.template_id
                and row.parameters == first.parameters
            )
        )

    def _drop_opted_out(self, rows):
        """Cancel marketing to numbers that opted out while it waited; return it."""
        rows = rows.filtered("is_marketing")
        blocked = self._get_blocked(rows.mapped("number")) if rows else ()
        rows = rows.filtered(lambda row: row.number in blocked)
        rows.write({"state": "cancelled", "error": self.env._("Opted out")})
        rows._tell_platform()
        return rows

    def _send_next(self):
        """Send the next batch; return whether to go on."""
        if self.next_try and self.next_try > fields.Datetime.now():
            self._wake(self.next_try)
            return False
        rows = self._get_next()
        if not rows:
            return False
        rows -= self._drop_opted_out(rows)
        if not rows:
            return True
        try:
            arguments = self._prepare_request(rows)
        except (UserError, ValueError) as error:
            self._finish(rows, Answer("failed", error=str(error)))
            return True
        for row in rows:
            row.write(
                {
                    "state": "sending",
                    "tries": row.tries + 1,
                    "sent_at": fields.Datetime.now(),
                }
            )
        # From here on nobody sends them again, whatever happens to this server.
        self.env["ir.cron"]._commit_progress()
        return self._finish(rows, self._deliver(arguments))

    def _prepare_request(self, rows):
        """Return the arguments of the request for messages of one text."""
        first = rows[:1]
        parameters = first.parameters or []
        signature = f"【{self.signature}】" if self.signature else ""
        text = first.body or ""
        is_signed = self.is_signed_by_provider or text.startswith("【")
        numbers = [
            written(number, self.number_style) for number in rows.mapped("number")
        ]
        secret = self._jxc_get_secret()
        values = {
            **times(),
            "login": self.login or "",
            "secret": secret,
            "signature": self.signature or "",
            "text": text,
            "content": text if is_signed else signature + text,
            "numbers": ",".join(numbers),
            "number": numbers[0],
            "count": str(len(numbers)),
            "template": first.template_id.code or "",
            "params": json.dumps(dict(parameters), ensure_ascii=False),
            "params_list": json.dumps(
                [value for _name, value in parameters], ensure_ascii=False
            ),
            "id": first.uuid,
            "nonce": uuid4().hex,
        }
        return request(self._get_form(), values, secret)

    def _deliver(self, arguments):
        """Send one request; return what came of it, no state if nothing went out."""
        client = None
        try:
            client = Client(self.endpoint, timeout=self.timeout, max_bytes=1_000_000)
            response = client.request(**arguments)
        except NotSentError as error:
            return Answer("", error=self._hide(self.env._(error.message)))
        except NoAnswerError as error:
            return Answer("unknown", error=self._hide(self.env._(error.message)))
        finally:
            if client:
                client.close()
        text = response.content.decode(self.charset, "replace")
        answer = judge(
            response.status_code,
            text,
            self.success_pattern,
            self.success_path,
            self.ref_path,
            self.error_path,
        )
        return Answer(answer.state, answer.ref, self._hide(answer.error))

    def _finish(self, rows, answer):
        """Write down what became of messages; return whether to go on."""
        _logger.info(
            "SMS gateway %s: %s messages %s", self.id, len(rows), answer.state or "kept"
        )
        if not answer.state:
            rows.write({"state": "queued", "error": answer.error})
            self._pause(answer.error)
            return False
        rows.write(
            {
                "state": answer.state,
                "ref": answer.ref or False,
                "error": answer.error or False,
            }
        )
        rows._tell_platform()
        self._jxc_note_success()
        return True

    def _pause(self, error):
        """Go on after a pause."""
        self._jxc_note_failure(error)
        self._wake(self.next_try)

    def _jxc_failing_text(self, error):
        return self.env._("SMS do not get through: %(error)s", error=error)
