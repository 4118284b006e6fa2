# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
import re
import secrets
import unicodedata
from datetime import timedelta
from urllib.parse import unquote_to_bytes

from odoo import api, fields, models
from odoo.tools import consteq

from odoo.addons.jxc_base.models.jxc_outside_system_mixin import (
    NO_ACCESS,
    JxcOutsideSystemMixin,
)

from ..tools.sms_number import mobile
from ..tools.sms_request import find
from .jxc_sms_gateway import ADMIN

#: reports or replies in one push
MOST = 1000
#: replies without a number of their own are the same when they come within
SAME_MINUTES = 10
TEXT_SIZE = 2000


def _bare(text):
    """A word as people send it: width, case, quotes and stops do not matter."""
    text = unicodedata.normalize("NFKC", text or "").upper()
    return re.sub(r"^[\W_]+|[\W_]+$", "", text)


class JxcSmsGateway(models.Model):
    """What the provider pushes: delivery reports (状态报告) and replies (上行)."""

    _inherit = "jxc.sms.gateway"

    _jxc_server_fields = JxcOutsideSystemMixin._jxc_server_fields | {"callback_token"}

    report_list = fields.Char(
        string="List in the Push",
        help="Where the list stands in what the provider posts; empty: it is the list,"
        " or one report.",
    )
    report_ref = fields.Char(
        string="Report: Message Number",
        default="msgid",
    )
    report_number = fields.Char(
        string="Report: Phone",
        default="phone",
    )
    report_status = fields.Char(
        string="Report: Status",
        default="status",
    )
    report_pattern = fields.Char(
        string="Report: Delivered",
        default="^(DELIVRD|0)$",
        required=True,
        help="Regular expression of the status of a delivered message.",
    )
    reply_number = fields.Char(
        string="Reply: Phone",
        default="phone",
    )
    reply_text = fields.Char(
        string="Reply: Text",
        default="content",
    )
    reply_ref = fields.Char(
        string="Reply: Number",
        default="id",
        help="What makes a reply unique, so that it is taken once when it is pushed"
        " twice.",
    )
    callback_answer = fields.Char(
        string="Our Answer",
        default="OK",
        help="What the provider wants to hear when it pushes reports and replies.",
    )
    callback_token = fields.Char(
        groups=NO_ACCESS,
        exportable=False,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        export_string_translation=False,
    )
    report_url = fields.Char(
        string="Address for Reports",
        compute="_compute_urls",
        groups=ADMIN,
        exportable=False,
    )
    reply_url = fields.Char(
        string="Address for Replies",
        compute="_compute_urls",
        groups=ADMIN,
        exportable=False,
    )
    optout_words = fields.Char(
        string="Words to Opt out",
        required=True,
        default="T, TD, 退订, STOP",
        help="A reply that is just one of these puts the number on the blacklist.",
    )
    optout_hint = fields.Char(
        default="拒收请回复T",
        help="Added to mass SMS that include how to opt out.",
    )

    def _compute_urls(self):
        for gateway in self:
            # sudo: only administrators get as far as this
            token = gateway.sudo().callback_token
            url = f"{gateway.get_base_url()}/jxc/sms/{gateway.id}/{token}"
            gateway.report_url = gateway.id and f"{url}/report"
            gateway.reply_url = gateway.id and f"{url}/reply"

    def action_new_token(self):
        """Make new addresses for reports and replies; the old ones are void.

        :raise AccessError: no administrator
        """
        self.check_access("write")
        for gateway in self.sudo():
            gateway.callback_token = secrets.token_urlsafe(24)
        return True

    @api.model
    def _authenticated(self, gateway_id, token):
        """The gateway whose token this is, as superuser; none if it is wrong."""
        # sudo: a provider has no user; its token is checked here
        gateway = self.sudo().browse(gateway_id).exists()
        if not gateway or not consteq(gateway.callback_token or "", token or ""):
            return self.browse()
        return gateway.with_company(gateway.company_id)

    def _receive(self, kind, data):
        """Take a push; called with superuser rights by the controller.

        :param kind: "report" or "reply"
        :param data: what was posted, parsed
        :raise ValueError: it is no list of reports or replies
        """
        self.ensure_one()
        items = find(data, self.report_list)
        if isinstance(items, str):
            items = json.loads(items)
        if isinstance(items, dict):
            items = [items]
        if not isinstance(items, list) or len(items) > MOST:
            raise ValueError("no list of reports or replies")
        items = [item for item in items if isinstance(item, dict)]
        if kind == "report":
            self._take_reports(items)
        else:
            self._take_replies(items)

    def _text(self, item, path):
        """What an item says, in a form that the database takes.

        Forms of providers that write GBK arrive with what is no UTF-8 still quoted.
        """
        value = find(item, path)
        text = "" if value is None else str(value)
        if self.charset == "gbk" and "%" in text:
            raw = unquote_to_bytes(text)
            try:
                raw.decode()
            except UnicodeDecodeError:
                text = raw.decode("gb18030", "replace")
        return text.replace("\x00", "").encode("utf-8", "replace").decode().strip()

    def _number(self, item, path):
        text = self._text(item, path)
        return mobile(text, abroad=True) or text[:32]

    # Reports ----------------------------------------------------------------------

    def _take_reports(self, items):
        """Note what arrived; a delivered message stays delivered."""
        refs = [self._text(item, self.report_ref) for item in items]
        refs_known = [ref for ref in refs if ref]
        rows = self.env["jxc.sms.message"].search(
            [
                ("gateway_id", "=", self.id),
                ("direction", "=", "out"),
                "|",
                ("ref", "in", refs_known),
                ("uuid", "in", refs_known),
            ]
        )
        by_ref = {}
        for row in rows:
            by_ref.setdefault(row.uuid, []).append(row)
            if row.ref:
                by_ref.setdefault(row.ref, []).append(row)
        changed = self.env["jxc.sms.message"]
        for item, ref in zip(items, refs, strict=True):
            number = self._number(item, self.report_number)
            found = by_ref.get(ref, [])
            if len(found) > 1 or number:
                found = [row for row in found if row.number == number]
            for row in found:
                status = self._text(item, self.report_status)
                if row.state == "delivered":
                    continue
                if re.search(self.report_pattern, status):
                    values = {
                        "state": "delivered",
                        "delivered_at": fields.Datetime.now(),
                        "error": False,
                    }
                else:
                    values = {
                        "state": "failed",
                        "error": self.env._("Not delivered: %s", status[:100]),
                    }
                row.write(values)
                changed |= row
        changed._tell_platform()

    # Replies ----------------------------------------------------------------------

    def _take_replies(self, items):
        """Keep replies, show them where they belong, and heed who opts out."""
        vals_list = []
        for item in items:
            number = self._number(item, self.reply_number)
            if number:
                text = self._text(item, self.reply_text)[:TEXT_SIZE]
                ref = self._text(item, self.reply_ref)[:100]
                vals_list.append({"number": number, "body": text, "ref": ref or False})
        vals_list = self._without_known(vals_list)
        numbers = list({vals["number"] for vals in vals_list})
        messages = self.env["jxc.sms.message"]
        last = {}
        for row in messages.search(
            [
                ("gateway_id", "=", self.id),
                ("direction", "=", "out"),
                ("number", "in", numbers),
                ("state", "in", ("sent", "delivered", "unknown", "sending")),
            ],
            order="id",
        ):
            last[row.number] = row
        partners = self._find_partners(numbers)
        rows = messages.create(
            [
                {
                    **vals,
                    "gateway_id": self.id,
                    "direction": "in",
                    "state": "received",
                    "partner_id": last.get(vals["number"], messages).partner_id.id
                    or partners.get(vals["number"]),
                }
                for vals in vals_list
            ]
        )
        for row in rows:
            self._thread(row, last.get(row.number, messages))
        self._opt_out(rows)
        # Mass SMS count who replied.
        answered = [last[number].uuid for number in numbers if number in last]
        self.env["mailing.trace"].search(
            [("sms_tracker_ids.sms_uuid", "in", answered)]
        ).set_replied()

    def _without_known(self, vals_list):
        """What was not pushed before."""
        since = fields.Datetime.now() - timedelta(minutes=SAME_MINUTES)
        known = self.env["jxc.sms.message"].search(
            [
                ("gateway_id", "=", self.id),
                ("direction", "=", "in"),
                "|",
                ("ref", "in", [vals["ref"] for vals in vals_list if vals["ref"]]),
                "&",
                ("number", "in", [vals["number"] for vals in vals_list]),
                ("create_date", ">", since),
            ]
        )
        seen = {(row.ref or (row.number, row.body)) for row in known}
        fresh = []
        for vals in vals_list:
            key = vals["ref"] or (vals["number"], vals["body"])
            if key not in seen:
                seen.add(key)
                fresh.append(vals)
        return fresh

    def _thread(self, row, answered):
        """Show a reply where it belongs, below what it answers, and tell who sells.

        It belongs on the document the SMS was about: a lead also when there is no
        contact yet, an order, a ticket, a delivery; and on the contact.
        """
        partner = row.partner_id
        parent = answered.mail_message_id
        document = self._answered_document(parent)
        if document and document != partner:
            seller = document.user_id if "user_id" in document._fields else None
            row.document_message_id = self._post(row, document, parent, seller)
        if partner:
            owner = partner.commercial_partner_id.user_id
            on_contact = parent if document == partner else parent.browse()
            row.mail_message_id = self._post(row, partner, on_contact, owner)

    def _answered_document(self, parent):
        """Return what the SMS was about, None without a place for messages."""
        if not parent.model or not parent.res_id or parent.model not in self.env:
            return None
        document = self.env[parent.model].browse(parent.res_id).exists()
        return document if document and hasattr(document, "message_post") else None

    def _post(self, row, document, parent, user):
        return document.message_post(
            body=row.body,
            author_id=row.partner_id.id,
            email_from=row.partner_id.email_formatted or row.number,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            parent_id=parent.id or False,
            partner_ids=user.partner_id.ids if user else [],
        )

    def _opt_out(self, rows):
        """Put numbers on the blacklist whose owners want no more marketing."""
        words = {_bare(word) for word in re.split("[,，]", self.optout_words or "")}
        words.discard("")
        leaving = rows.filtered(
            # who is no mobile gets no SMS, and is not on the list of numbers
            lambda row: mobile(row.number, abroad=True) and _bare(row.body) in words
        )
        if leaving:
            self.env["phone.blacklist"]._add(
                list(set(leaving.mapped("number"))),
                message=self.env._("Opted out by replying to an SMS."),
            )
