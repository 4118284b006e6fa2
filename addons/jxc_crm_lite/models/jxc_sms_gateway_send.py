# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
import logging
from datetime import timedelta
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.outbound import Client, NoAnswerError, NotSentError

from ..tools import sms_template
from ..tools.sms_number import mobile, written
from ..tools.sms_request import Answer, judge, request, times

_logger = logging.getLogger(__name__)

SELLER = "sales_team.group_sale_salesman"
#: of a server that died in the middle of a request
LOST_MINUTES = 10
#: longest pause between two tries
PAUSE_MINUTES = 60


class JxcSmsGateway(models.Model):
    """Sending: a queue that a cron works off after the commit, each message once.

    A batch takes three steps: it is noted as being sent and committed; it is sent;
    what came of it is written down. What dies in between stays "being sent" and becomes
    "without an answer", which nobody but a person sends again.
    """

    _inherit = "jxc.sms.gateway"

    # Handing over -----------------------------------------------------------------

    def send(self, numbers, template, values=None):
        """Put one text for some numbers into the queue; it goes out after the commit.

        All numbers or none: a wrong one is an error that names it. For marketing
        templates, numbers that opted out are kept as "not sent".

        :param numbers: list of mobile numbers, as people write them
        :param template: name of one of the gateway's templates, or its id
        :param dict values: what fills the template's {placeholders}
        :return: list of dicts with number (+86…), id of the jxc.sms.message (False for
            the platform's own service), state and error
        :raise AccessError: nobody in sales, or a gateway of another company
        :raise UserError: no such template, missing values, numbers that are no mobiles
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group(SELLER)):
            raise AccessError(self.env._("Only salespeople send SMS by a gateway."))
        self.check_access("read")
        if not self.active:
            raise UserError(
                self.env._("%(gateway)s is archived; use another.", gateway=self.name)
            )
        found = self._find_template(template)
        body, parameters = self._render(found, values or {})
        numbers = self._check_numbers(numbers)
        # sudo: rows are written by the server alone
        return self.sudo()._put(numbers, body, found, parameters)

    def _find_template(self, template):
        templates = self.template_ids
        if isinstance(template, int):
            found = templates.filtered(lambda each: each.id == template)
        else:
            found = templates.filtered(lambda each: each.name == template)
        if not found:
            raise UserError(
                self.env._(
                    "%(gateway)s has no template “%(template)s”; it has %(known)s.",
                    gateway=self.name,
                    template=template,
                    known=", ".join(templates.mapped("name")) or "–",
                )
            )
        return found

    def _render(self, template, values):
        """Return the text and the provider's parameters.

        :raise UserError: the parameter without a value
        """
        values = {str(name): value for name, value in values.items()}
        try:
            body = sms_template.filled(template._get_contents()[0], values)
            return body, template._get_parameters(values)
        except KeyError as error:
            raise UserError(
                self.env._(
                    "SMS template %(template)s needs a value for “%(name)s”.",
                    template=template.name,
                    name=error.args[0],
                )
            ) from error

    def _check_numbers(self, numbers):
        """Return the numbers as +86…, each once."""
        found = {number: mobile(number, self.is_abroad) for number in numbers}
        wrong = [str(number) for number, clean in found.items() if not clean]
        if wrong or not found:
            raise UserError(
                self.env._(
                    "No SMS was sent. Not mobile numbers that %(gateway)s reaches:"
                    " %(numbers)s. Chinese ones have 11 digits and begin with 13 to"
                    " 19.",
                    gateway=self.name,
                    numbers=", ".join(wrong) or "–",
                )
            )
        return list(dict.fromkeys(found.values()))

    def _put(self, numbers, body, template, parameters):
        if self.provider == "odoo":
            self.env["sms.sms"].create(
                [
                    {
                        "number": number,
                        "body": body,
                        "jxc_company_id": self.company_id.id,
                    }
                    for number in numbers
                ]
            )
            return [
                {"number": number, "id": False, "state": "queued", "error": False}
                for number in numbers
            ]
        blocked = self._get_blocked(numbers) if template.is_marketing else set()
        partners = self._find_partners(numbers)
        rows = self.env["jxc.sms.message"].create(
            [
                {
                    "gateway_id": self.id,
                    "number": number,
                    "partner_id": partners.get(number),
                    "body": body,
                    "template_id": template.id,
                    "parameters": parameters,
                    "is_marketing": template.is_marketing,
                    "state": "cancelled" if number in blocked else "queued",
                    "error": number in blocked and self.env._("Opted out"),
                }
                for number in numbers
            ]
        )
        return rows.read(["number", "state", "error"], load=None)

    def _get_blocked(self, numbers):
        blacklist = self.env["phone.blacklist"].sudo()
        return set(blacklist.search([("number", "in", numbers)]).mapped("number"))

    def _find_partners(self, numbers):
        """Return number: id of the contact; of several the one of this company."""
        partners = self.env["res.partner"].search_fetch(
            [
                ("phone_sanitized", "in", numbers),
                ("company_id", "in", [self.company_id.id, False]),
            ],
            ["phone_sanitized"],
            order="company_id DESC, id DESC",
        )
        return {partner.phone_sanitized: partner.id for partner in partners}

    def _put_platform(self, messages):
        """Take over SMS of the platform; called by its sending, within a transaction.

        An SMS that was taken over before is queued again only if it has failed.

        :param messages: as for ``SmsApiBase._send_sms_batch``
        :return: what that returns
        """
        self.ensure_one()
        numbers = [entry for message in messages for entry in message["numbers"]]
        uuids = [entry["uuid"] for entry in numbers]
        sms = self.env["sms.sms"].sudo().search([("uuid", "in", uuids)])
        sms = {each.uuid: each for each in sms}
        rows = self.env["jxc.sms.message"].sudo()
        there = {row.uuid: row for row in rows.search([("uuid", "in", uuids)])}
        results, vals_list = [], []
        for message in messages:
            body = (message["content"] or "").strip()
            template, values = self.template_ids._match(body)
            parameters = template._get_parameters(values) if template else []
            for entry in message["numbers"]:
                uuid = entry["uuid"]
                number = mobile(entry["number"], self.is_abroad)
                result = {"uuid": uuid, "state": "processing"}
                results.append(result)
                if not number:
                    result["state"] = "wrong_number_format"
                elif self.needs_template and not template:
                    result["state"] = "no_template"
                    result["failure_reason"] = self.env._(
                        "The text fits none of the approved templates of %(gateway)s.",
                        gateway=self.name,
                    )
                elif uuid in there:
                    failed = there[uuid].filtered(lambda row: row.state == "failed")
                    failed._queue_again()
                else:
                    own = sms.get(uuid, self.env["sms.sms"])
                    vals_list.append(
                        {
                            "gateway_id": self.id,
                            "uuid": uuid,
                            "number": number,
                            "body": body,
                            "template_id": template.id,
                            "parameters": parameters,
                            "partner_id": own.partner_id.id,
                            "mail_message_id": own.mail_message_id.id,
                            "is_marketing": bool(own.mailing_id),
                        }
                    )
        rows.create(vals_list)
        self._wake()
        return results

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

    def _send_next(self):
        """Send the next batch; return whether to go on."""
        if self.next_try and self.next_try > fields.Datetime.now():
            self._wake(self.next_try)
            return False
        rows = self._get_next()
        if not rows:
            return False
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
        secret = self._get_secret()
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
        if self.failure_count:
            self.write({"failure_count": 0, "next_try": False, "last_error": False})
        return True

    def _pause(self, error):
        """Wait longer after each failure, and tell the followers after five."""
        failures = self.failure_count + 1
        wait = timedelta(minutes=min(2**failures, PAUSE_MINUTES))
        self.write(
            {
                "failure_count": failures,
                "next_try": fields.Datetime.now() + wait,
                "last_error": error,
            }
        )
        self._wake(self.next_try)
        if failures == 5:
            self.message_post(
                body=self.env._("SMS do not get through: %(error)s", error=error)
            )
