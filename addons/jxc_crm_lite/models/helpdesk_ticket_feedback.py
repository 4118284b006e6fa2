# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("complaint", "Complaint"),
    ("question", "Question"),
    ("repair", "Repair"),
    ("return", "Return or Exchange"),
    ("suggestion", "Suggestion"),
]
#: Kinds that say something is wrong with the goods.
FAULTS = ("complaint", "repair", "return")
SEVERITIES = [
    ("0", "Minor"),
    ("1", "Normal"),
    ("2", "Serious"),
    ("3", "Critical"),
]
INTERNAL = "base.group_user"
#: Kinds of files that show the goods; drawings may carry scripts.
PHOTOS = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "video/")


class HelpdeskTicket(models.Model):
    """What a ticket is about: kind, goods, order, photos (反馈与售后)."""

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "jxc.server.fields.mixin", "jxc.evidence.mixin"]

    _jxc_evidence_fields = ("jxc_photo_ids",)
    _check_company_auto = True

    jxc_kind = fields.Selection(
        selection=KINDS,
        string="Kind",
        required=True,
        default="question",
        index=True,
        tracking=True,
    )
    jxc_reason_id = fields.Many2one(
        comodel_name="jxc.ticket.reason",
        string="Reason",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', 'in', (jxc_kind, False))]",
        groups=INTERNAL,
    )
    jxc_severity = fields.Selection(
        selection=SEVERITIES,
        string="Severity",
        required=True,
        default="1",
        tracking=True,
        groups=INTERNAL,
    )
    jxc_phone = fields.Char(
        string="Phone",
        compute="_compute_jxc_phone",
        store=True,
        readonly=False,
    )
    jxc_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product",
        compute="_compute_jxc_product_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
    )
    jxc_lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial Number",
        index="btree_not_null",
        check_company=True,
        domain="[('product_id', '=?', jxc_product_id)]",
    )
    jxc_quantity = fields.Float(
        string="Quantity Affected",
        digits="Product Unit",
        default=1.0,
        help="In the unit of the product.",
    )
    jxc_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sales Order",
        compute="_compute_jxc_order_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id or 0),"
        " ('state', '=', 'sale')]",
    )
    jxc_order_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        index="btree_not_null",
        check_company=True,
        domain="[('order_id', '=', jxc_order_id), ('display_type', '=', False)]",
    )
    jxc_photo_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="jxc_ticket_photo_rel",
        column1="ticket_id",
        column2="attachment_id",
        string="Photos",
        bypass_search_access=True,
        copy=False,
    )

    _jxc_quantity_not_negative = models.Constraint(
        "CHECK (jxc_quantity BETWEEN 0 AND 1e12)",
        "The quantity affected is a number from zero on.",
    )

    # Computed ---------------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        """A ticket just being entered has neither number nor title yet."""
        named = self.filtered("name")
        (self - named).display_name = False
        return super(HelpdeskTicket, named)._compute_display_name()

    @api.depends("partner_id")
    def _compute_jxc_phone(self):
        for ticket in self:
            ticket.jxc_phone = ticket.partner_id.phone or ticket.jxc_phone

    @api.depends("jxc_lot_id", "jxc_order_line_id")
    def _compute_jxc_product_id(self):
        # Tickets are handled by people who need not have rights on orders.
        for ticket, known in zip(self, self.sudo(), strict=True):
            named = known.jxc_lot_id.product_id or known.jxc_order_line_id.product_id
            ticket.jxc_product_id = named.sudo(False) or ticket.jxc_product_id

    @api.depends("jxc_order_line_id")
    def _compute_jxc_order_id(self):
        for ticket, known in zip(self, self.sudo(), strict=True):
            named = known.jxc_order_line_id.order_id.sudo(False)
            ticket.jxc_order_id = named or ticket.jxc_order_id

    @api.onchange("jxc_order_id")
    def _onchange_jxc_order_id(self):
        order = self.jxc_order_id.sudo()
        if order and not self.partner_id:
            self.partner_id = order.partner_id.sudo(False)
        if self.jxc_order_line_id.sudo().order_id != order:
            self.jxc_order_line_id = False

    # Constraints ------------------------------------------------------------------

    @api.constrains(
        "partner_id",
        "jxc_product_id",
        "jxc_lot_id",
        "jxc_order_id",
        "jxc_order_line_id",
    )
    def _check_jxc_goods(self):
        """Goods and order belong together and to the customer."""
        for ticket in self.sudo():
            ticket._check_jxc_order()
            lot, product = ticket.jxc_lot_id, ticket.jxc_product_id
            if lot and lot.product_id != product:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: %(lot)s is a lot of %(of)s, not of %(product)s.",
                        ticket=ticket.display_name,
                        lot=lot.name,
                        of=lot.product_id.display_name,
                        product=product.display_name,
                    )
                )

    def _check_jxc_order(self):
        order, line = self.jxc_order_id, self.jxc_order_line_id
        customer = self.partner_id.commercial_partner_id
        if order and customer and order.partner_id.commercial_partner_id != customer:
            raise ValidationError(
                self.env._(
                    "%(ticket)s: %(order)s is an order of %(of)s, not of %(customer)s.",
                    ticket=self.display_name,
                    order=order.name,
                    of=order.partner_id.display_name,
                    customer=customer.display_name,
                )
            )
        if line and (line.order_id != order or line.product_id != self.jxc_product_id):
            raise ValidationError(
                self.env._(
                    "%(ticket)s: the order line “%(line)s” is not of order %(order)s"
                    " and product %(product)s.",
                    ticket=self.display_name,
                    line=line.display_name,
                    order=order.name or "–",
                    product=self.jxc_product_id.display_name or "–",
                )
            )

    # Entering ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("jxc_order_id") and not vals.get("partner_id"):
                order = self.env["sale.order"].browse(vals["jxc_order_id"]).sudo()
                vals["partner_id"] = order.partner_id.id
        self._jxc_check_customers(*vals_list)
        tickets = super().create(vals_list)
        tickets._jxc_take_over_photos()
        return tickets

    def write(self, vals):
        self._jxc_check_customers(vals)
        result = super().write(vals)
        if "jxc_photo_ids" in vals:
            self._jxc_take_over_photos()
        return result

    def _jxc_check_customers(self, *vals_list):
        """Refuse customers that whoever enters a ticket may not read.

        Mail and the forms of visitors come with the rights of the server: what a
        customer writes is not lost for whose contact it is.

        :raise AccessError: a customer of another company, or hidden by a rule
        """
        if self.env.su:
            return
        numbers = {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        self.env["res.partner"].browse(numbers).check_access("read")

    def _jxc_kept_evidence(self, files):
        """Photos are evidence: one's own stay once the ticket is closed, others always.

        Customers claim by what they send; who answers them does not exchange it.
        """
        closed = self.filtered("closed")
        others = (self - closed)._jxc_evidence() & files
        others = others.filtered(lambda photo: photo.create_uid != self.env.user)
        kept = others | (closed._jxc_evidence() & files)
        return super()._jxc_kept_evidence(files) | kept

    def _jxc_take_over_photos(self):
        """Let who reads a ticket see its photos.

        An upload belongs to nobody but the uploader until it is part of a document;
        only one's own uploads are taken over, whatever ids a client sends.
        """
        for ticket in self:
            loose = ticket.sudo().jxc_photo_ids.filtered(
                lambda photo: not photo.res_id and photo.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": ticket.id})

    def _message_post_after_hook(self, message, msg_vals):
        """Photos that customers send by e-mail are photos of the ticket."""
        result = super()._message_post_after_hook(message, msg_vals)
        # sudo: the mail gateway's, or whoever answers for the customer
        said = message.sudo()
        ours = any(user._is_internal() for user in said.author_id.user_ids)
        if said.message_type == "email" and not ours:
            photos = said.attachment_ids.filtered(
                lambda file: (file.mimetype or "").startswith(PHOTOS)
            )
            if photos:
                self.sudo().jxc_photo_ids |= photos
        return result

    def _jxc_shared_files(self):
        """Return the photos, and the files of what customers wrote or were told.

        Not those of notes that our people write for each other.
        """
        self.ensure_one()
        ticket = self.sudo()
        said = ticket.message_ids.filtered(
            lambda message: (
                not message.is_internal
                and (
                    (message.subtype_id and not message.subtype_id.internal)
                    or not any(
                        user._is_internal() for user in message.author_id.user_ids
                    )
                )
            )
        )
        return ticket.jxc_photo_ids | (said.attachment_ids & ticket.attachment_ids)

    def _label(self, name):
        """The text of a selection's value, in the language of the user."""
        self.ensure_one()
        return dict(self._fields[name]._description_selection(self.env)).get(self[name])
