# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_amount, html2plaintext

from ..tools.timeline import Source, moment, page

VIEWERS = ("sales_team.group_sale_salesman", "jxc_base.group_executive")
MOST = 100
LONGEST_TEXT = 300
#: entries of one second that pages count
MOST_AT_ONCE = 10_000
MESSAGES = ("email", "email_outgoing", "comment", "sms")
#: documents of a customer whose messages are shown with his own
WRITTEN_ON = (
    *("crm.lead", "sale.order", "helpdesk.ticket", "stock.picking", "account.move"),
    "repair.order",
    # of addons that may be there
    *("jxc.sale.return", "jxc.statement", "jxc.dunning.reminder"),
)


def label_of(record, name):
    """What people read for the value of a selection field of one record."""
    labels = dict(record._fields[name]._description_selection(record.env))
    return labels.get(record[name], "")


class ResPartner(models.Model):
    """Everything that happened with a customer, in one list (时间线)."""

    _inherit = "res.partner"

    def _jxc_check_viewer(self):
        """Raise AccessError for users outside sales and contacts they may not read."""
        user = self.env.user
        if not (self.env.su or any(user.has_group(group) for group in VIEWERS)):
            raise AccessError(
                self.env._("The customer view is for sales and the management.")
            )
        self.check_access("read")

    def jxc_get_timeline(self, before=None, kinds=None, limit=20):
        """One page of what happened with the customer, newest first.

        Each source is searched with the rights of the user, so what its own rules hide
        is not there. The number of queries does not grow with what there is.

        :param before: ``next`` of the page before, None for the first
        :param kinds: names of the kinds wanted, all when empty
        :param limit: entries of a page, at most 100
        :return: dict with entries, next (False at the end) and kinds (name, label,
            icon); an entry has kind, date (UTC, of days only the day), title, text,
            user, model and id (of the record to open, or False)
        :raise AccessError: outside sales
        :raise UserError: when ``before`` is none of ours
        """
        self.ensure_one()
        self._jxc_check_viewer()
        try:
            limit = min(max(int(limit), 1), MOST)
            kinds = set(kinds or ())
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(self.env._("This page does not exist.")) from error
        if before:
            try:
                before = (fields.Datetime.to_datetime(before[0]), int(before[1]))
                if not (before[0] and 0 < before[1] <= MOST_AT_ONCE):
                    raise ValueError("no page of ours")
            except (TypeError, ValueError, IndexError, KeyError) as error:
                raise UserError(self.env._("This page does not exist.")) from error
        sources = [
            source
            for source in self._jxc_timeline_sources()
            if self.env[source.model].has_access("read")
        ]
        wanted = [source for source in sources if not kinds or source.kind in kinds]
        found = []
        for place, source in enumerate(wanted):
            for record in self._jxc_timeline_records(source, before, limit):
                when = record[source.date]
                found.append((moment(when), place, record.id, source, record))
        entries, go_on = page(found, limit, before)
        return {
            "entries": [
                self._jxc_timeline_entry(source, record)
                for _when, _place, _id, source, record in entries
            ],
            # False, not None: XML-RPC has no word for None.
            "next": bool(go_on) and [fields.Datetime.to_string(go_on[0]), go_on[1]],
            "kinds": [
                {"name": source.kind, "label": source.label, "icon": source.icon}
                for source in {source.kind: source for source in sources}.values()
            ],
        }

    def _jxc_timeline_records(self, source, before, limit):
        model = self.env[source.model]
        domain = Domain(source.domain) & Domain(source.date, "!=", False)
        if before:
            last, shown = before
            limit += shown
            if model._fields[source.date].type == "date":
                domain &= Domain(source.date, "<=", last.date())
            else:
                domain &= Domain(source.date, "<", last + timedelta(seconds=1))
        # one more than asked tells that there is a next page
        return model.search(
            domain, order=f"{source.date} desc, id desc", limit=limit + 1
        )

    def _jxc_timeline_entry(self, source, record):
        when = record[source.date]
        values = dict.fromkeys(("title", "text", "user"), "")
        # what a record does not have is False, and would be read as a word
        values |= {name: text or "" for name, text in source.describe(record).items()}
        is_day = record._fields[source.date].type == "date"
        text = values["text"]
        return {
            **values,
            "text": text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…",
            "kind": source.kind,
            "key": f"{source.kind}-{record.id}",
            "is_day": is_day,
            "date": (fields.Date if is_day else fields.Datetime).to_string(when),
            "model": source.opens and source.model,
            "id": record.id,
        }

    def _jxc_timeline_partner_ids(self):
        """Ids of the commercial customer and its contacts, archived ones too."""
        # sudo: ids only; what is found by them is subject to the user's rules
        return (
            self.sudo()
            .with_context(active_test=False)
            .search([("commercial_partner_id", "=", self.commercial_partner_id.id)])
            .ids
        )

    def _jxc_timeline_sources(self):
        """Return the Sources of the timeline; other addons add theirs."""
        partners = self._jxc_timeline_partner_ids()
        own = Domain("partner_id", "in", partners)
        sources = [
            Source(
                kind="followup",
                label=self.env._("Follow-ups"),
                icon="fa-comments-o",
                model="jxc.followup",
                date="date",
                domain=own,
                describe=lambda r: {
                    "title": r._get_title(),
                    "text": r.note,
                    "user": r.user_id.name,
                },
            ),
            Source(
                kind="lead",
                label=self.env._("Opportunities"),
                icon="fa-star",
                model="crm.lead",
                date="create_date",
                domain=own,
                describe=lambda r: {
                    "title": r.name,
                    "text": r.stage_id.name,
                    "user": r.user_id.name,
                },
            ),
            Source(
                kind="order",
                label=self.env._("Orders"),
                icon="fa-shopping-cart",
                model="sale.order",
                date="date_order",
                domain=own,
                describe=lambda r: {
                    "title": f"{r.name} · {label_of(r, 'state')}",
                    "text": format_amount(self.env, r.amount_total, r.currency_id),
                    "user": r.user_id.name,
                },
            ),
            *(
                Source(
                    kind="delivery",
                    label=self.env._("Deliveries"),
                    icon="fa-truck",
                    model="stock.picking",
                    date=date,
                    domain=(own | Domain("sale_id.partner_id", "in", partners)) & done,
                    describe=lambda r: {
                        "title": f"{r.name} · {label_of(r, 'state')}",
                        "text": r.origin,
                    },
                )
                # What was delivered stands on its day, what is to come on the plan's.
                for date, done in (
                    ("date_done", Domain("state", "=", "done")),
                    ("scheduled_date", Domain("state", "!=", "done")),
                )
            ),
            Source(
                kind="invoice",
                label=self.env._("Invoices"),
                icon="fa-file-text-o",
                model="account.move",
                date="invoice_date",
                domain=own
                & Domain("state", "=", "posted")
                & Domain("move_type", "in", ("out_invoice", "out_refund")),
                describe=lambda r: {
                    "title": f"{r.name} · {label_of(r, 'payment_state')}",
                    "text": format_amount(
                        self.env,
                        -r.amount_total
                        if r.move_type == "out_refund"
                        else r.amount_total,
                        r.currency_id,
                    ),
                    "user": r.invoice_user_id.name,
                },
            ),
            Source(
                kind="payment",
                label=self.env._("Payments"),
                icon="fa-cny",
                model="account.payment",
                date="date",
                domain=own & Domain("state", "in", ("in_process", "paid")),
                describe=lambda r: {
                    "title": r.name or "",
                    "text": format_amount(
                        self.env,
                        -r.amount if r.payment_type == "outbound" else r.amount,
                        r.currency_id,
                    ),
                },
            ),
            Source(
                kind="ticket",
                label=self.env._("Tickets"),
                icon="fa-life-ring",
                model="helpdesk.ticket",
                date="create_date",
                domain=own,
                describe=lambda r: {
                    "title": f"{r.number} {r.name}",
                    "text": r.stage_id.name,
                    "user": r.user_id.name,
                },
            ),
            Source(
                kind="message",
                label=self.env._("Messages"),
                icon="fa-envelope-o",
                model="mail.message",
                date="date",
                domain=self._jxc_timeline_written(partners),
                describe=lambda r: {
                    "title": " · ".join(
                        filter(
                            None,
                            (
                                r.subject
                                or r.mail_activity_type_id.name
                                or label_of(r, "message_type"),
                                r.jxc_tracking,
                            ),
                        )
                    ),
                    "text": html2plaintext(r.body or "").strip(),
                    "user": r.author_id.name or r.email_from,
                },
                opens=False,
            ),
            Source(
                kind="sms",
                label=self.env._("SMS"),
                icon="fa-mobile",
                model="jxc.sms.message",
                date="create_date",
                domain=own,
                describe=lambda r: {
                    "title": f"{r.number} · {label_of(r, 'state')}",
                    "text": " · ".join(filter(None, (r.body, r.error))),
                    "user": r.partner_id.name
                    if r.direction == "in"
                    else r.create_uid.name,
                },
                opens=False,
            ),
            Source(
                kind="pool",
                label=self.env._("Owners"),
                icon="fa-exchange",
                model="jxc.pool.log",
                date="create_date",
                domain=own,
                describe=lambda r: {
                    "title": label_of(r, "kind"),
                    "text": " → ".join(
                        filter(None, (r.old_owner_id.name, r.new_owner_id.name))
                    )
                    + (f" · {r.reason}" if r.reason else ""),
                    "user": r.user_id.name,
                },
                opens=False,
            ),
            Source(
                kind="class",
                label=self.env._("Classes"),
                icon="fa-line-chart",
                model="jxc.customer.class.log",
                date="date",
                domain=own & Domain("company_id", "in", self.env.companies.ids),
                describe=lambda r: {
                    "title": self._jxc_class_change(r),
                },
                opens=False,
            ),
        ]
        if "jxc.sale.return" in self.env:
            sources.append(
                Source(
                    kind="return",
                    label=self.env._("Returns"),
                    icon="fa-undo",
                    model="jxc.sale.return",
                    date="date",
                    domain=own,
                    describe=lambda r: {
                        "title": f"{r.display_name} · {label_of(r, 'state')}",
                    },
                )
            )
        return sources

    def _jxc_timeline_written(self, partners):
        """Which messages are the customer's: on contacts and documents.

        The platform shows a message to whoever may read the document it is on.
        """
        own = Domain("partner_id", "in", partners)
        written = Domain("model", "=", "res.partner") & Domain("res_id", "in", partners)
        for name in WRITTEN_ON:
            if name in self.env and self.env[name].has_access("read"):
                documents = self.env[name].with_context(active_test=False)
                on_document = Domain("res_id", "in", documents._search(own))
                written |= Domain("model", "=", name) & on_document
        # An SMS of a gateway is told once, with what became of it.
        told = Domain("jxc_sms_ids", "any", [("partner_id", "in", partners)])
        told |= Domain("jxc_sms_reply_ids", "any", [("partner_id", "in", partners)])
        # What was planned and done leaves a notification: the activity itself is gone.
        done = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_activities")
        wanted = Domain("message_type", "in", MESSAGES)
        wanted |= Domain("subtype_id", "=", done)
        return written & wanted & ~told

    def _jxc_class_change(self, log):
        changes = []
        for old, new in (
            ("old_abc", "new_abc"),
            ("old_life_cycle", "new_life_cycle"),
            ("old_rfm_score", "new_rfm_score"),
        ):
            if log[old] != log[new]:
                names = [
                    label_of(log, name)
                    if log._fields[name].type == "selection"
                    else log[name]
                    for name in (old, new)
                ]
                changes.append(" → ".join(name or "-" for name in names))
        return ", ".join(changes)
