# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ADMIN = "base.group_system"
MANAGER = "sales_team.group_sale_manager"


class JxcSmsMessage(models.Model):
    """One SMS of a gateway, out or in; rows are written by the server alone.

    What may have been sent is never sent again by itself: "sending" rows of a server
    that died become "unknown", as those without an answer.
    """

    _name = "jxc.sms.message"
    _inherit = ["jxc.logged.export"]
    _description = "SMS of a Gateway"
    _order = "id desc"
    _rec_name = "number"

    gateway_id = fields.Many2one(
        comodel_name="jxc.sms.gateway",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="gateway_id.company_id",
        store=True,
        index=True,
    )
    direction = fields.Selection(
        selection=[("out", "Sent"), ("in", "Received")],
        required=True,
        readonly=True,
        default="out",
    )
    number = fields.Char(
        string="Phone",
        required=True,
        readonly=True,
        index=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    body = fields.Text(
        string="Text",
        readonly=True,
    )
    template_id = fields.Many2one(
        comodel_name="jxc.sms.gateway.template",
        readonly=True,
        ondelete="set null",
    )
    parameters = fields.Json(
        readonly=True,
        exportable=False,
    )
    is_marketing = fields.Boolean(
        string="Marketing",
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("queued", "Waiting"),
            ("sending", "Being Sent"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
            ("unknown", "Without an Answer"),
            ("cancelled", "Not Sent"),
            ("received", "Received"),
        ],
        required=True,
        readonly=True,
        default="queued",
        index=True,
    )
    error = fields.Char(
        string="Reason",
        readonly=True,
    )
    uuid = fields.Char(
        readonly=True,
        copy=False,
        default=lambda self: uuid4().hex,
    )
    ref = fields.Char(
        string="Message Number",
        readonly=True,
        index="btree_not_null",
        help="The provider's.",
    )
    tries = fields.Integer(
        readonly=True,
    )
    queued_at = fields.Datetime(
        readonly=True,
        default=fields.Datetime.now,
    )
    sent_at = fields.Datetime(
        readonly=True,
    )
    delivered_at = fields.Datetime(
        readonly=True,
    )
    mail_message_id = fields.Many2one(
        comodel_name="mail.message",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    document_message_id = fields.Many2one(
        comodel_name="mail.message",
        string="Message of the Document",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Where a reply also stands: on the lead, order or ticket it answers.",
    )

    _uuid_unique = models.UniqueIndex("(uuid)", "An SMS is queued once.")
    _reply_unique = models.UniqueIndex(
        "(gateway_id, ref) WHERE direction = 'in' AND ref IS NOT NULL",
        "A reply is taken once.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.filtered(lambda row: row.state == "queued").gateway_id._wake()
        return rows

    def action_send_again(self):
        """Send messages again that failed, or that got no answer.

        The latter may arrive twice; a person decides that, never the queue.

        :raise AccessError: no sales manager
        :raise UserError: a message that was sent
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only sales managers send SMS again."))
        for row in self:
            if row.state not in ("failed", "unknown"):
                raise UserError(
                    self.env._(
                        "The SMS to %(number)s is “%(state)s”; only failed ones and"
                        " those without an answer can be sent again.",
                        number=row.number,
                        state=row._label("state"),
                    )
                )
        # sudo: rows are written by the server alone; the check is above
        self.sudo()._queue_again()
        return True

    def _queue_again(self):
        self.write(
            {"state": "queued", "error": False, "queued_at": fields.Datetime.now()}
        )
        self.gateway_id._wake()

    def _label(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name])

    # The platform's records -----------------------------------------------------

    def _tell_platform(self):
        """Bring notifications, mailing traces and SMS of the platform in step."""
        trackers = self.env["sms.tracker"].sudo()
        trackers = trackers.search([("sms_uuid", "in", self.mapped("uuid"))])
        sms = self.env["sms.sms"].sudo().search([("uuid", "in", self.mapped("uuid"))])
        for (state, error), rows in self.grouped(
            lambda row: (row.state, row.error)
        ).items():
            uuids = set(rows.mapped("uuid"))
            of_state = trackers.browse(
                each.id for each in trackers if each.sms_uuid in uuids
            )
            of_sms = sms.browse(each.id for each in sms if each.uuid in uuids)
            if state in ("sent", "delivered"):
                # The platform calls handed over "pending" and delivered "sent".
                done = "pending" if state == "sent" else "sent"
                of_state._action_update_from_sms_state(done)
                of_sms.write({"state": done, "failure_type": False})
            elif state in ("failed", "unknown", "cancelled"):
                of_state.with_context(
                    sms_known_failure_reason=error
                )._action_update_from_provider_error("gateway")
            if state == "cancelled":
                of_sms.write({"state": "canceled", "failure_type": "sms_blacklist"})
            if state == "failed":
                # in reach of the platform's "Retry"; an unknown one is not
                of_sms.write(
                    {"state": "error", "failure_type": "sms_server", "to_delete": False}
                )
