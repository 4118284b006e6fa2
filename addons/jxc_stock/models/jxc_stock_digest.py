# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter

from odoo import api, fields, models


class JxcStockDigest(models.Model):
    """The new alerts of a user's warehouses, at most once a day."""

    _name = "jxc.stock.digest"
    _description = "Stock Alert Digest"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    user_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True, index=True)
    alert_ids = fields.Many2many(
        comodel_name="jxc.stock.alert",
        relation="jxc_stock_digest_alert_rel",
        column1="digest_id",
        column2="alert_id",
        readonly=True,
    )
    alert_count = fields.Integer(compute="_compute_alert_count")

    _one_a_day = models.Constraint(
        "UNIQUE (user_id, date)", "A user receives one digest a day."
    )

    @api.depends("alert_ids")
    def _compute_alert_count(self):
        for digest in self:
            digest.alert_count = len(digest.alert_ids)

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for digest in self:
            date = fields.Date.to_string(digest.date)
            digest.display_name = self.env._("Stock alerts of %s", date)

    def action_open_alerts(self):
        """Open the alerts of this digest."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_stock.jxc_stock_alert_action"
        )
        return {
            **action,
            "domain": [("digest_ids", "in", self.ids)],
            "context": {"search_default_active": 1},
        }

    @api.model
    def _jxc_send_today(self):
        """Send each user what is new since the last digest, once a day of theirs."""
        digests = self.sudo()
        recipients = self._jxc_recipients()
        days = {
            user: fields.Date.context_today(self.with_context(tz=user.tz))
            for user in recipients
        }
        done = {
            (digest.user_id, digest.date)
            for digest in digests.search([("date", "in", list(set(days.values())))])
        }
        for user, warehouses in recipients.items():
            today = days[user]
            if (user, today) in done:
                continue
            alerts = digests.env["jxc.stock.alert"].search(
                [
                    ("state", "=", "open"),
                    ("warehouse_id", "in", warehouses.ids),
                    ("digest_ids", "not any", [("user_id", "=", user.id)]),
                ]
            )
            if alerts:
                # What it says is in the message: no “created” in the cron's language.
                digest = digests.with_context(mail_create_nolog=True).create(
                    {"user_id": user.id, "date": today, "alert_ids": alerts.ids}
                )
                digest.with_env(digests.env)._jxc_send()

    @api.model
    def _jxc_recipients(self):
        """{user: warehouses}: who is named there, else who administers stock."""
        warehouses = self.env["stock.warehouse"].sudo().search([])
        managers = self.env.ref("stock.group_stock_manager").sudo().all_user_ids
        managers = managers.filtered(lambda user: user.active and not user.share)
        system = self.env.ref("base.user_root")
        recipients = {}
        for warehouse in warehouses:
            users = warehouse.jxc_alert_user_ids or managers - system
            for user in users:
                if user.active and warehouse.company_id in user.company_ids:
                    known = recipients.get(user, warehouse.browse())
                    recipients[user] = known | warehouse
        return recipients

    def _jxc_send(self):
        """One activity and one message to the user."""
        self.ensure_one()
        user = self.user_id
        digest = self.with_context(lang=user.lang, tz=user.tz)
        kinds = dict(self.alert_ids._fields["kind"]._description_selection(digest.env))
        counts = Counter(digest.alert_ids.mapped("kind"))
        summary = digest.env._("%d new stock alerts", len(digest.alert_ids))
        body = digest.env["ir.qweb"]._render(
            "jxc_stock.jxc_stock_digest_message",
            {
                "counts": [
                    (kinds[kind], counts[kind]) for kind in kinds if counts[kind]
                ],
                "alerts": digest.alert_ids[:20],
                "more": max(0, len(digest.alert_ids) - 20),
            },
        )
        earlier = self.search([("user_id", "=", user.id), ("id", "!=", self.id)])
        earlier.activity_unlink(["mail.mail_activity_data_todo"], user_id=user.id)
        # Without a message of its own: the digest is the message.
        digest.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id, summary=summary
        )
        digest.message_notify(
            partner_ids=user.partner_id.ids, subject=summary, body=body
        )
