# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..tools.one_at_a_time import one_at_a_time
from .helpdesk_ticket_feedback import INTERNAL

RETURN, REPAIR = "jxc.sale.return", "repair.order"
#: States in which a document no longer stands for the ticket.
DEAD = {RETURN: "cancelled", REPAIR: "cancel"}


class HelpdeskTicket(models.Model):
    """What a ticket leads to: a return, a repair, a credit note, a visit.

    Returns belong to an app that need not be there, so they are linked by
    ``jxc.ticket.link``, and repairs alike; each document names the ticket in its own
    timeline. Of each kind there is one at a time, however many click at once.
    """

    _inherit = "helpdesk.ticket"

    jxc_link_ids = fields.One2many(
        comodel_name="jxc.ticket.link",
        inverse_name="ticket_id",
        string="Documents",
        readonly=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_refund_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="jxc_ticket_id",
        string="Credit Notes",
        readonly=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_followup_ids = fields.One2many(
        comodel_name="jxc.followup",
        inverse_name="ticket_id",
        string="Visits",
        readonly=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_return_count = fields.Integer(
        string="Returns", compute="_compute_jxc_counts", groups=INTERNAL
    )
    jxc_repair_count = fields.Integer(
        string="Repairs", compute="_compute_jxc_counts", groups=INTERNAL
    )
    jxc_refund_count = fields.Integer(
        string="Refunds", compute="_compute_jxc_counts", groups=INTERNAL
    )
    jxc_visit_count = fields.Integer(
        string="Visit Count", compute="_compute_jxc_counts", groups=INTERNAL
    )
    jxc_can_return = fields.Boolean(
        compute="_compute_jxc_can",
        export_string_translation=False,
        groups=INTERNAL,
    )
    jxc_can_repair = fields.Boolean(
        compute="_compute_jxc_can",
        export_string_translation=False,
        groups=INTERNAL,
    )
    jxc_can_refund = fields.Boolean(
        compute="_compute_jxc_can",
        export_string_translation=False,
        groups=INTERNAL,
    )

    @api.depends("jxc_link_ids", "jxc_refund_ids", "jxc_followup_ids")
    def _compute_jxc_counts(self):
        # That there are some is no secret; opening them is subject to their rules.
        links = self.sudo().jxc_link_ids
        documents = {model: links._of_existing(model) for model in (RETURN, REPAIR)}
        for ticket, known in zip(self, self.sudo(), strict=True):
            ticket.jxc_return_count = len(documents[RETURN] & known.jxc_link_ids)
            ticket.jxc_repair_count = len(documents[REPAIR] & known.jxc_link_ids)
            ticket.jxc_refund_count = len(known.jxc_refund_ids)
            ticket.jxc_visit_count = len(known.jxc_followup_ids)

    @api.depends_context("uid")
    def _compute_jxc_can(self):
        self.jxc_can_return = self._jxc_may_create(RETURN)
        self.jxc_can_repair = self._jxc_may_create(REPAIR)
        self.jxc_can_refund = self._jxc_may_create("account.move")

    def _jxc_may_create(self, model):
        return model in self.env and self.env[model].has_access("create")

    # Guards -----------------------------------------------------------------------

    def _jxc_check_outcome(self, model=None):
        """Only open tickets with a customer lead on.

        :raise AccessError: the user may not change the ticket
        :raise UserError: naming the ticket and what is missing
        """
        self.ensure_one()
        self.check_access("write")
        if model:
            self._jxc_check_app(model)
        if self.closed:
            raise UserError(
                self.env._(
                    "%s is closed. Move it back to an open stage first.",
                    self.display_name,
                )
            )
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "%s has no customer yet. Enter the customer first.",
                    self.display_name,
                )
            )

    def _jxc_check_app(self, model):
        if model not in self.env:
            raise UserError(
                self.env._("The app for this document is not installed: %s.", model)
            )

    def _jxc_check_product(self):
        if not self.jxc_product_id:
            raise UserError(
                self.env._(
                    "%s names no product yet. Enter the product first.",
                    self.display_name,
                )
            )

    def _jxc_documents(self, model):
        """The linked documents of a model that still exist.

        :raise UserError: the app that made them was taken off
        """
        self._jxc_check_app(model)
        links = self.sudo().jxc_link_ids._of_existing(model)
        return self.env[model].sudo().browse(links.mapped("res_id"))

    def _jxc_living(self, model):
        living = self._jxc_documents(model).filtered(
            lambda document: document.state != DEAD[model]
        )
        return living.sudo(False)[:1]

    def _jxc_link(self, document):
        """Keep the link, and tell where the document comes from."""
        self.env["jxc.ticket.link"].sudo().create(
            {"ticket_id": self.id, "res_model": document._name, "res_id": document.id}
        )
        self._jxc_note_origin(document)

    def _jxc_note_origin(self, document):
        document.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": document, "origin": self},
            subtype_xmlid="mail.mt_note",
        )

    def _jxc_open(self, documents, name):
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": documents._name,
            "view_mode": "list,form",
            "domain": [("id", "in", documents.ids)],
        }
        if len(documents) == 1:
            action.update({"view_mode": "form", "res_id": documents.id})
        return action

    # Return -----------------------------------------------------------------------

    def action_jxc_return(self):
        """Take the goods back or exchange them: a draft return, opened.

        A return that is not cancelled is opened again instead of made twice.

        :raise UserError: closed, no customer, no product, or no app for returns
        :raise AccessError: the user may not make returns
        """
        self._jxc_check_outcome(RETURN)
        self._jxc_check_product()
        one_at_a_time(self)
        back = self._jxc_living(RETURN)
        if not back:
            back = self.env[RETURN].create(self._prepare_jxc_return_values())
            self._jxc_link(back)
        return self._jxc_open(back, self.env._("Returns and Exchanges"))

    def _prepare_jxc_return_values(self):
        """Return the values of the return; called for one ticket with a product."""
        reasons = self.env["jxc.sale.return.reason"]
        named = self.jxc_reason_id.name
        reason = reasons.search([("name", "=", named)], limit=1) if named else reasons
        reason = reason or reasons.search([], limit=1)
        if not reason:
            raise UserError(self.env._("Enter a reason of returns first."))
        return {
            "partner_id": self.partner_id.commercial_partner_id.id,
            "company_id": self.company_id.id,
            "reason_id": reason.id,
            "note": f"{self.number} {self.name}",
            "picking_id": self._jxc_delivery().id,
            "line_ids": [
                Command.create(
                    {
                        "direction": "in",
                        "product_id": self.jxc_product_id.id,
                        "product_uom_qty": self.jxc_quantity or 1.0,
                        "product_uom_id": self.jxc_product_id.uom_id.id,
                        "lot_id": self.jxc_lot_id.id,
                    }
                )
            ],
        }

    def _jxc_delivery(self):
        """The one delivery of the order's goods, none if it is not certain."""
        lines = self.env["stock.move.line"].sudo()
        if self.jxc_order_id:
            lines = lines.search(
                [
                    ("move_id.sale_line_id.order_id", "=", self.jxc_order_id.id),
                    ("product_id", "=", self.jxc_product_id.id),
                    ("lot_id", "=?", self.jxc_lot_id.id),
                    ("state", "=", "done"),
                    ("location_dest_id.usage", "=", "customer"),
                ]
            )
        pickings = lines.picking_id
        return pickings if len(pickings) == 1 else pickings.browse()

    def action_jxc_open_returns(self):
        """Open the returns that came of the ticket."""
        self.ensure_one()
        self.check_access("read")
        documents = self._jxc_documents(RETURN).sudo(False)
        return self._jxc_open(documents, self.env._("Returns and Exchanges"))

    # Refund -----------------------------------------------------------------------

    def action_jxc_refund(self):
        """Draft the credit note over what was invoiced for the goods, and open it.

        Only the goods of the ticket are credited: the order line if one is given, else
        the product, up to the quantity affected.

        :raise AccessError: the user may not make invoices
        :raise UserError: closed, no order, or nothing posted to credit
        """
        self._jxc_check_outcome()
        if not self.env["account.move"].has_access("create"):
            raise AccessError(
                self.env._(
                    "%s: credit notes are made by who makes invoices. Ask accounting.",
                    self.display_name,
                )
            )
        one_at_a_time(self)
        drafts = self.jxc_refund_ids.filtered(lambda move: move.state == "draft")
        refund = drafts[:1] or self._jxc_draft_refund()
        return self._jxc_open(refund, self.env._("Credit Notes"))

    def _jxc_draft_refund(self):
        lines = self._jxc_invoiced_lines()
        if not lines:
            raise UserError(
                self.env._(
                    "%s: there is no posted invoice for these goods. Enter the sales"
                    " order, or wait until it is invoiced.",
                    self.display_name,
                )
            )
        invoice = lines[0].move_id
        refund = invoice._reverse_moves(
            [
                {
                    "ref": f"{self.number} {self.name}",
                    "invoice_date": False,
                    "jxc_ticket_id": self.id,
                }
            ]
        )
        refund.invoice_line_ids = self._prepare_jxc_refund_lines(
            refund.invoice_line_ids, lines.sale_line_ids
        )
        self._jxc_note_origin(refund)
        return refund

    def _jxc_invoiced_lines(self):
        """Posted invoice lines over the goods, the newest invoice first."""
        sold = self.jxc_order_line_id.sudo()
        if not sold:
            sold = self.jxc_order_id.sudo().order_line.filtered(
                lambda line: (
                    not self.jxc_product_id or line.product_id == self.jxc_product_id
                )
            )
        lines = sold.invoice_lines.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.move_id.move_type == "out_invoice"
            )
        )
        return lines.sudo(False).sorted(
            lambda line: (line.move_id.invoice_date, line.id), reverse=True
        )

    def _prepare_jxc_refund_lines(self, lines, sold):
        """Return commands that leave the goods of the ticket in a credit note.

        :param lines: lines of the credit note over the whole invoice
        :param sold: order lines of the goods
        """
        left = self.jxc_quantity or float("inf")
        commands = []
        for line in lines:
            unit, base = line.product_uom_id, line.product_id.uom_id
            if not line.sale_line_ids & sold or left <= 0:
                commands.append(Command.delete(line.id))
                continue
            fits = base and unit._has_common_reference(base)
            if self.jxc_product_id and left < float("inf") and fits:
                asked = base._compute_quantity(left, unit, round=False)
                quantity = min(line.quantity, asked)
                left -= unit._compute_quantity(quantity, base, round=False)
                commands.append(Command.update(line.id, {"quantity": quantity}))
        return commands

    def action_jxc_open_refunds(self):
        """Open the credit notes that came of the ticket."""
        self.ensure_one()
        return self._jxc_open(self.jxc_refund_ids, self.env._("Credit Notes"))

    # Visit ------------------------------------------------------------------------

    def action_jxc_open_visits(self):
        """Open the follow-ups of the ticket, ready to report a visit."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits"),
            "res_model": "jxc.followup",
            "view_mode": "list,form",
            "domain": [("ticket_id", "=", self.id)],
            "context": {
                "default_ticket_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_kind": "visit",
            },
        }
