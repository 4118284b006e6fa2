# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.language import in_company_lang

SENDERS = ("account.group_account_invoice", "jxc_base.group_credit_manager")


class JxcDunningReminder(models.Model):
    """A reminder to a customer: proposed, then sent or cancelled, and kept as the log.

    Only the server writes it: what was sent, when, by whom and about which invoices.
    """

    _name = "jxc.dunning.reminder"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Payment Reminder"
    _order = "state, days_overdue desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True
    _mail_post_access = "read"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    level_id = fields.Many2one(
        comodel_name="jxc.dunning.level",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("proposed", "To Send"),
            ("sent", "Sent"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="proposed",
        tracking=True,
    )
    amount = fields.Monetary(
        string="Overdue",
        readonly=True,
        help="When it was proposed; from sending on, what was reminded of.",
    )
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    due_oldest = fields.Date(string="Oldest Due Date", readonly=True)
    proposed_on = fields.Date(readonly=True)
    sent_on = fields.Date(readonly=True)
    sent_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    problem = fields.Char(
        readonly=True,
        help="Why it could not be sent.",
    )
    item_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="jxc_dunning_reminder_item_rel",
        column1="reminder_id",
        column2="item_id",
        string="Open Items",
        readonly=True,
    )
    promise_ids = fields.One2many(
        comodel_name="jxc.credit.promise",
        inverse_name="reminder_id",
        string="Promises to Pay",
    )
    credit_account_id = fields.Many2one(
        comodel_name="jxc.credit.account",
        compute="_compute_credit_account_id",
        compute_sudo=True,
    )
    user_id = fields.Many2one(
        related="partner_id.user_id",
        string="Salesperson",
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Sent To",
        compute="_compute_contact_id",
        help="The invoice contact of the customer.",
    )
    lang = fields.Char(compute="_compute_contact_id")
    sms_text = fields.Text(string="SMS", readonly=True)

    # Nobody is reminded twice: neither by two jobs nor by two people at once.
    _proposed_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE state = 'proposed'",
        "A reminder of this customer is proposed already.",
    )

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for reminder in self:
            addresses = reminder.partner_id.address_get(["invoice"])
            contact = reminder.partner_id.browse(addresses["invoice"])
            reminder.contact_id = contact
            company = reminder.company_id.sudo().partner_id
            reminder.lang = contact.lang or reminder.partner_id.lang or company.lang

    @api.depends("partner_id", "company_id")
    def _compute_credit_account_id(self):
        accounts = self.env["jxc.credit.account"]._jxc_accounts_of(
            (reminder.partner_id.id, reminder.company_id.id) for reminder in self
        )
        for reminder in self:
            key = (reminder.partner_id.id, reminder.company_id.id)
            reminder.credit_account_id = accounts.get(key)

    # -- actions ------------------------------------------------------------------

    def action_send(self):
        """Send proposed reminders: e-mails and SMS go to the platform's queues.

        What was paid, disputed or promised in the meantime is not reminded of. Of two
        who send the same at once, one does.

        :return: True, or the action that shows what could not be sent
        :raise AccessError: unless the user bills customers or manages credit
        """
        self._check_may_send()
        self.check_access("read")
        self.sudo()._send()
        problems = []
        for reminder in self.filtered("problem"):
            name = reminder.partner_id.display_name
            # Most say themselves whose address or number is missing.
            told = name in reminder.problem
            problems.append(reminder.problem if told else f"{name}: {reminder.problem}")
        if problems:
            return self.env["sale.order"]._jxc_notification(
                problems, self.env._("Not sent")
            )
        return True

    def action_cancel(self):
        """Drop proposals; the nightly job proposes anew what is still overdue.

        :raise AccessError: unless the user bills customers or manages credit
        """
        self._check_may_send()
        self.check_access("read")
        self.sudo().filtered(lambda one: one.state == "proposed").state = "cancelled"
        return True

    def action_promise(self):
        """Open a new promise to pay of what was reminded of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Promise to Pay"),
            "res_model": "jxc.credit.promise",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_account_id": self.credit_account_id.id,
                "default_reminder_id": self.id,
                "default_amount": self.amount,
            },
        }

    @api.model
    def action_propose_all(self):
        """Propose what is due in the user's companies, and show it.

        :raise AccessError: unless the user bills customers or manages credit
        """
        self._check_may_send()
        self._propose(company_ids=self.env.companies.ids)
        return self._action_show()

    def _action_show(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_sales.jxc_dunning_reminder_action"
        )
        return {**action, "context": {"search_default_proposed": 1}}

    def _check_may_send(self):
        """:raise AccessError: for who neither bills customers nor manages credit"""
        if not (self.env.su or any(map(self.env.user.has_group, SENDERS))):
            raise AccessError(
                self.env._(
                    "Reminders are sent by who bills customers or manages their credit."
                )
            )

    # -- sending ------------------------------------------------------------------

    def _send(self):
        """Send what is still proposed and still overdue; with superuser rights."""
        for level, of_level in self._still_to_send().grouped("level_id").items():
            ready = of_level._without_problem(level)
            problem = ready._template_problem(level)
            if problem:
                ready.problem = problem
                continue
            ready._mark_sent()
            if level.send_mail:
                ready._send_mails(level.mail_template_id)
            if level.send_sms:
                ready._send_sms(level)
            if level.activity_type_id:
                ready._schedule(level)

    def _still_to_send(self):
        """Return what is still proposed and still overdue, with its amounts of now.

        The rows are locked before anything is read of them, so who comes second finds
        them sent. With superuser rights.
        """
        reminders = self.filtered(lambda one: one.state == "proposed")
        reminders = reminders.try_lock_for_update()
        return reminders.filtered(lambda one: one.state == "proposed")._renew()

    def _renew(self):
        """Name what is overdue now; cancel those of which nothing is any more."""
        rows = self.env["jxc.dunning.customer"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        late = {(row.partner_id, row.company_id): row for row in rows}
        promised = self._promised()
        items = self._read_late_items()
        over = self.browse()
        for reminder in self:
            row = late.get((reminder.partner_id, reminder.company_id))
            key = (reminder.partner_id.id, reminder.company_id.id)
            if not row or row.amount <= promised.get(key, 0.0):
                over |= reminder
                continue
            reminder.write(
                {
                    "amount": row.amount,
                    "days_overdue": row.days_overdue,
                    "due_oldest": row.due_oldest,
                    "item_ids": [fields.Command.set(items[key])],
                }
            )
        over._drop()
        return self - over

    def _drop(self):
        """Cancel proposals of which nothing is overdue any more."""
        if self:
            self.state = "cancelled"
            self._message_log_batch(
                bodies={
                    reminder.id: in_company_lang(reminder).env._(
                        "Paid, disputed or promised: not sent."
                    )
                    for reminder in self
                }
            )

    def _without_problem(self, level):
        """Note what keeps reminders from being sent; return the others."""
        for reminder in self:
            reminder.problem = reminder._problem_of(level)
        return self.filtered(lambda one: not one.problem)

    def _problem_of(self, level):
        """What keeps this reminder from being sent; False for nothing."""
        contact = self.contact_id
        if level.send_mail and not contact.email_normalized:
            return self.env._("%s has no e-mail address.", contact.display_name)
        if level.send_sms and "sms.sms" not in self.env:
            return self.env._("The application SMS is not installed.")
        if level.send_sms and not self._sms_number():
            return self.env._("%s has no phone number.", contact.display_name)
        return False

    def _mark_sent(self):
        account = self.env["jxc.credit.account"]
        for company, reminders in self.grouped("company_id").items():
            today = account.new({"company_id": company.id})._jxc_today()
            reminders.write(
                {"state": "sent", "sent_on": today, "sent_by_id": self.env.uid}
            )

    def _send_mails(self, template):
        """Queue one e-mail each, in the language of the customer."""
        for company, reminders in self.grouped("company_id").items():
            template.with_company(company).send_mail_batch(
                reminders.ids,
                force_send=False,
                email_layout_xmlid="mail.mail_notification_light",
            )

    def _send_sms(self, level):
        """Queue one SMS each, and keep its text."""
        values = []
        for reminder in self:
            text = reminder._sms_text(level)
            reminder.sms_text = text
            values.append(
                {
                    "body": text,
                    "number": reminder._sms_number(),
                    "partner_id": reminder.contact_id.id,
                }
            )
        self.env["sms.sms"].create(values)

    def _sms_number(self):
        """The number of the contact, as networks take it; False without one."""
        contact = self.contact_id
        country = contact.country_id or self.company_id.country_id
        return contact._phone_format(number=contact.phone, country=country)

    def _sms_values(self):
        account = self.env["jxc.credit.account"].new({"company_id": self.company_id.id})
        return {
            "customer": self.partner_id.name,
            "company": self.company_id.name,
            "amount": account._jxc_money(self.amount),
            "days": self.days_overdue,
            "due": fields.Date.to_string(self.due_oldest),
        }

    def _schedule(self, level):
        """Give the salesperson of each customer an activity, or who sends it."""
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": level.activity_type_id.id,
                    "summary": level.activity_note or level.name,
                    "res_model_id": model_id,
                    "res_id": reminder.id,
                    "user_id": (reminder.user_id or self.env.user).id,
                }
                for reminder in self
            ]
        )
