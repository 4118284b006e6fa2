# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .helpdesk_ticket_feedback import INTERNAL


class HelpdeskTicket(models.Model):
    """Whether the goods of a ticket are in warranty, and who supplied them."""

    _inherit = "helpdesk.ticket"

    jxc_delivered_on = fields.Date(
        string="Delivered on",
        compute="_compute_jxc_warranty",
        store=True,
        groups=INTERNAL,
        help="Last delivery of this lot or product to the customer before the ticket;"
        " what comes back from repair does not count.",
    )
    jxc_warranty_until = fields.Date(
        string="Warranty until",
        compute="_compute_jxc_warranty",
        store=True,
        groups=INTERNAL,
    )
    jxc_warranty = fields.Selection(
        selection=[
            ("in", "In Warranty"),
            ("out", "Out of Warranty"),
            ("none", "No Warranty"),
            ("unknown", "Not Delivered to the Customer"),
        ],
        string="Warranty",
        compute="_compute_jxc_warranty",
        store=True,
        groups=INTERNAL,
    )
    jxc_warranty_note = fields.Char(
        string="Warranty Answer",
        compute="_compute_jxc_warranty_note",
        groups=INTERNAL,
    )
    jxc_vendor_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        compute="_compute_jxc_vendor_id",
        store=True,
        index="btree_not_null",
        groups=INTERNAL,
        help="From whom the lot came; without a lot only when the product always came"
        " from one vendor.",
    )

    @api.depends(
        "commercial_partner_id",
        "company_id",
        "jxc_lot_id",
        "jxc_opened_at",
        "jxc_order_line_id",
        "jxc_product_id.product_tmpl_id.jxc_warranty_months",
    )
    def _compute_jxc_warranty(self):
        """Ask the deliveries: a lot bought elsewhere is no warranty case of ours."""
        asked = self.filtered(lambda one: one.jxc_product_id and one.partner_id)
        (self - asked).jxc_delivered_on = False
        (self - asked).jxc_warranty_until = False
        (self - asked).jxc_warranty = False
        moments = self.env["jxc.delivery.finder"]._sale_deliveries(
            [one._jxc_delivery_key() for one in asked]
        )
        for ticket, moment in zip(asked, moments, strict=True):
            delivered = moment and ticket._jxc_local_date(moment)
            months = ticket.jxc_product_id.jxc_warranty_months
            until = delivered and months and delivered + relativedelta(months=months)
            opened = ticket._jxc_local_date(
                ticket.jxc_opened_at or fields.Datetime.now()
            )
            ticket.jxc_delivered_on = delivered or False
            ticket.jxc_warranty_until = until or False
            if not delivered:
                ticket.jxc_warranty = "unknown"
            elif not until:
                ticket.jxc_warranty = "none"
            else:
                ticket.jxc_warranty = "in" if opened <= until else "out"

    def _jxc_delivery_key(self):
        return (
            self.jxc_product_id.id,
            self.jxc_lot_id.id or None,
            self.jxc_order_line_id.id or None,
            self.partner_id.commercial_partner_id.id,
            self.company_id.id,
            self.jxc_opened_at or fields.Datetime.now(),
        )

    def _jxc_local_date(self, moment):
        """The day of a moment for the company of the ticket."""
        zone = self.company_id._jxc_timezone()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=zone), moment
        ).date()

    @api.depends("jxc_warranty", "jxc_warranty_until", "jxc_delivered_on")
    @api.depends_context("lang")
    def _compute_jxc_warranty_note(self):
        for ticket in self:
            ticket.jxc_warranty_note = ticket._jxc_warranty_text()

    def _jxc_warranty_text(self):
        if not self.jxc_warranty:
            return False
        values = {
            "goods": self.jxc_lot_id.name or self.jxc_product_id.display_name,
            "customer": self.partner_id.commercial_partner_id.display_name,
            "delivered": self.jxc_delivered_on,
            "until": self.jxc_warranty_until,
        }
        if self.jxc_warranty == "unknown":
            return self.env._(
                "%(goods)s was never delivered to %(customer)s. Ask where it was"
                " bought, and check the number.",
                **values,
            )
        if self.jxc_warranty == "none":
            return self.env._(
                "%(goods)s was delivered on %(delivered)s; it has no warranty.",
                **values,
            )
        if self.jxc_warranty == "in":
            return self.env._(
                "%(goods)s was delivered on %(delivered)s and is in warranty until"
                " %(until)s.",
                **values,
            )
        return self.env._(
            "%(goods)s was delivered on %(delivered)s; its warranty ended on"
            " %(until)s.",
            **values,
        )

    def action_jxc_check_warranty(self):
        """Look again, as after a delivery that was booked late."""
        self.check_access("write")
        self.sudo()._compute_jxc_warranty()
        self.sudo()._compute_jxc_vendor_id()
        return True

    @api.depends("company_id", "jxc_lot_id", "jxc_product_id")
    def _compute_jxc_vendor_id(self):
        known = self.filtered("jxc_product_id")
        (self - known).jxc_vendor_id = False
        vendors = self.env["jxc.delivery.finder"]._vendors(
            [
                (one.jxc_product_id.id, one.jxc_lot_id.id or None, one.company_id.id)
                for one in known
            ]
        )
        for ticket, vendor in zip(known, vendors, strict=True):
            ticket.jxc_vendor_id = vendor or False
