# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
from uuid import uuid4

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..tools import sms_template
from ..tools.sms_number import mobile

SELLER = "sales_team.group_sale_salesman"
#: what neither the database nor a provider takes
UNSENT = re.compile(r"[\x00\ud800-\udfff]")


def _is_text(value):
    """Whether a value is what people read in a message; True and None are not."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return False
    return not UNSENT.search(str(value))


class JxcSmsGateway(models.Model):
    """Handing over: messages of programs and of the platform get into the queue."""

    _inherit = "jxc.sms.gateway"

    # Handing over -----------------------------------------------------------------

    def send(self, numbers, template, values=None):
        """Put one text for some numbers into the queue; it goes out after the commit.

        All numbers or none: a wrong one is an error that names it. Marketing is what
        a marketing template says, and what a user sends to several numbers, since the
        values may say anything. Of it, numbers that opted out or had enough lately are
        kept as "not sent"; in quiet hours a gateway's messages wait, the platform's
        service takes none.

        :param numbers: list of mobile numbers, as people write them
        :param template: name of one of the gateway's templates, or its id
        :param dict values: what fills the template's {placeholders}, texts or numbers
        :return: list of dicts with number (+86…), id of the jxc.sms.message (False for
            the platform's own service), state and error
        :raise AccessError: nobody in sales, or a gateway of another company
        :raise UserError: no such template, missing values, numbers that are no
            mobiles, or not one gateway
        """
        if len(self) != 1:
            raise UserError(self.env._("Send by one gateway."))
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
        is_marketing = found.is_marketing or (not self.env.su and len(numbers) > 1)
        # sudo: rows are written by the server alone
        return self.sudo()._put(numbers, body, found, parameters, is_marketing)

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

        :raise UserError: the parameter without a value, or values that are no texts
        """
        wrong = ["–"]
        if isinstance(values, dict):
            wrong = [str(name) for name in values if not _is_text(values[name])]
        if wrong:
            raise UserError(
                self.env._(
                    "SMS template %(template)s takes a text without control characters"
                    " or a number for each name, not for: %(names)s.",
                    template=template.name,
                    names=", ".join(wrong),
                )
            )
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
        if not isinstance(numbers, (list, tuple, set)):
            numbers = [numbers]
        numbers = [str(number) for number in numbers]
        found = {number: mobile(number, self.is_abroad) for number in numbers}
        wrong = [number for number, clean in found.items() if not clean]
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

    def _put(self, numbers, body, template, parameters, is_marketing):
        partners = self._find_partners(numbers)
        reasons = {}
        if is_marketing:
            reasons = self._get_reasons_against(numbers, partners)
        if self.provider == "odoo":
            return self._put_odoo(numbers, body, reasons, is_marketing, partners)
        if is_marketing:
            body = self._with_optout(body, template)
        rows = self.env["jxc.sms.message"].create(
            [
                {
                    "gateway_id": self.id,
                    "number": number,
                    "partner_id": partners.get(number),
                    "body": body,
                    "template_id": template.id,
                    "parameters": parameters,
                    "is_marketing": is_marketing,
                    "state": "cancelled" if number in reasons else "queued",
                    "error": reasons.get(number),
                }
                for number in numbers
            ]
        )
        return rows.read(["number", "state", "error"], load=None)

    def _with_optout(self, body, template):
        """Return the text of marketing with how to opt out.

        What a provider has approved is not changed: there the template says it.
        """
        hint = self.optout_hint
        is_approved = template.code or self.needs_template
        if is_approved or not hint or hint in body:
            return body
        return f"{body}\n{hint}"

    def _put_odoo(self, numbers, body, reasons, is_marketing, partners):
        """The platform's own service keeps no rows of ours, refused ones neither.

        It sends at once, so that marketing cannot wait for the quiet hours to end;
        what it sends is counted by the platform's traces.
        """
        if is_marketing and self.company_id._jxc_quiet_until():
            reasons = {**dict.fromkeys(numbers, self.env._("Quiet hours")), **reasons}
        vals_list = []
        for number in numbers:
            if number not in reasons:
                hint = is_marketing and self.company_id._jxc_sms_optout(number)
                vals = {
                    "number": number,
                    "body": "\n".join(filter(None, (body, hint))),
                    "jxc_company_id": self.company_id.id,
                    "uuid": uuid4().hex,
                }
                if is_marketing:
                    partner = partners.get(number)
                    trace = {
                        "model": "res.partner" if partner else self._name,
                        "res_id": partner or self.id,
                        "trace_type": "sms",
                        "sms_number": number,
                        "sms_tracker_ids": [Command.create({"sms_uuid": vals["uuid"]})],
                        "jxc_company_id": self.company_id.id,
                    }
                    vals["mailing_trace_ids"] = [Command.create(trace)]
                vals_list.append(vals)
        self.env["sms.sms"].create(vals_list)
        return [
            {
                "number": number,
                "id": False,
                "state": "cancelled" if number in reasons else "queued",
                "error": reasons.get(number, False),
            }
            for number in numbers
        ]

    def _get_reasons_against(self, numbers, partners):
        """Return {number: why it gets no marketing}.

        :param partners: number: id of the contact
        """
        contacts = {number: (partners.get(number), number) for number in numbers}
        limited = self.company_id._jxc_had_enough(contacts)
        reasons = dict.fromkeys(limited, self.env._("Enough Marketing Lately"))
        blocked = self._get_blocked(numbers)
        return {**reasons, **dict.fromkeys(blocked, self.env._("Opted out"))}

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
                            "is_marketing": bool(
                                own.mailing_id or own.mailing_trace_ids
                            ),
                        }
                    )
        rows.create(vals_list)
        self._wake()
        return results
