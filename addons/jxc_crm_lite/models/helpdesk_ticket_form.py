# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
from datetime import timedelta
from pathlib import PurePosixPath

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import plaintext2html
from odoo.tools.mimetypes import guess_mimetype

from .helpdesk_ticket_feedback import INTERNAL, KINDS

MAX_FILES = 9
MAX_BYTES = 8 * 1024 * 1024
#: By content, whatever the name says; nothing that a browser would run.
FILE_TYPES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "application/pdf": ".pdf",
}
#: Longest text of each field of the forms.
LENGTHS = {
    "subject": 120,
    "description": 5000,
    "name": 80,
    "phone": 32,
    "email": 120,
    "product_text": 120,
    "lot": 64,
    "order_text": 64,
}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


class HelpdeskTicket(models.Model):
    """Tickets that customers enter: in the portal, or by the public form.

    Forms come from outside: refused whole, with every error listed, and nothing of them
    tells a visitor what other customers bought.
    """

    _inherit = "helpdesk.ticket"

    jxc_claimed_product = fields.Char(
        string="Product as Entered",
        readonly=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_claimed_lot = fields.Char(
        string="Lot as Entered",
        readonly=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_claimed_order = fields.Char(
        string="Order as Entered",
        readonly=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_source = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=INTERNAL,
        export_string_translation=False,
    )

    # Entering ---------------------------------------------------------------------

    @api.model
    def _jxc_submit_portal(self, form, files, values):
        """Make the ticket of a customer who is logged in.

        :param dict form: what was entered: subject, description, kind, order, product
            (ids as text), lot
        :param files: list of (name, bytes)
        :param dict values: of the ticket, from the portal: company, customer, team
        :return: the ticket, with superuser rights
        :raise ValidationError: listing everything that is wrong
        """
        customer = self.env["res.partner"].browse(values["partner_id"])
        company = self.env["res.company"].browse(values["company_id"])
        texts, errors = self._jxc_form_texts(form, ("subject", "description"))
        goods = self._jxc_form_goods(form, customer, company, errors)
        attachments = self._jxc_form_files(files, errors)
        self._jxc_raise(errors)
        if not values.get("team_id"):
            values = {**values, **self._jxc_team_values(company)}
        source = f"partner-{customer.commercial_partner_id.id}"
        return self._jxc_create_submitted(
            {**values, **self._jxc_form_values(form, texts), **goods},
            attachments,
            source,
        )

    def _jxc_team_values(self, company):
        """Who looks after what nobody was named for: team and its first stage."""
        # sudo: customers and visitors need not see the team
        team = company.sudo().jxc_feedback_team_id
        return {
            "team_id": team.id,
            "stage_id": team._get_applicable_stages()[:1].id,
        }

    @api.model
    def _jxc_submit_public(self, form, files, company, source):
        """Make the ticket of a visitor; who it is has to be checked by people.

        :param dict form: subject, description, kind, name, phone, email, product_text,
            lot, order_text
        :param files: list of (name, bytes)
        :param company: the company whose form it is
        :param str source: says which visitor it was, without saying who
        :return: the ticket, with superuser rights
        :raise ValidationError: listing everything that is wrong
        :raise UserError: too many tickets in an hour
        """
        texts, errors = self._jxc_form_texts(form, ("subject", "description", "name"))
        if not texts["phone"] and not texts["email"]:
            errors.append(self.env._("Enter a phone number or an e-mail address."))
        if texts["email"] and not EMAIL.fullmatch(texts["email"]):
            errors.append(self.env._("The e-mail address is not complete."))
        attachments = self._jxc_form_files(files, errors)
        self._jxc_raise(errors)
        channel = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_web", raise_if_not_found=False
        )
        return self._jxc_create_submitted(
            {
                **self._jxc_form_values(form, texts),
                "company_id": company.id,
                **self._jxc_team_values(company),
                "user_id": False,
                "channel_id": channel.id if channel else False,
                "partner_name": texts["name"],
                "partner_email": texts["email"],
                "jxc_phone": texts["phone"],
                "jxc_claimed_product": texts["product_text"],
                "jxc_claimed_lot": texts["lot"],
                "jxc_claimed_order": texts["order_text"],
            },
            attachments,
            source,
        )

    def _jxc_create_submitted(self, values, attachments, source):
        company = self.env["res.company"].browse(values["company_id"]).sudo()
        # Customers have no right to create; everything was checked above.
        tickets = self.sudo().with_company(company)
        tickets._jxc_check_rate(company, source)
        ticket = tickets.create({**values, "jxc_source": source})
        photos = self.env["ir.attachment"].sudo()
        ticket.jxc_photo_ids = photos.create(
            [
                {**file, "res_model": self._name, "res_id": ticket.id}
                for file in attachments
            ]
        )
        return ticket

    def _jxc_check_rate(self, company, source):
        """Refuse what comes too often; a brake on robots, not a count that must hold.

        :raise UserError: naming the limit
        """
        limit = company.jxc_feedback_hour_limit
        recent = [
            ("company_id", "=", company.id),
            ("create_date", ">=", fields.Datetime.now() - timedelta(hours=1)),
        ]
        mine = self.search_count([*recent, ("jxc_source", "=", source)])
        every = self.search_count([*recent, ("jxc_source", "!=", False)])
        if mine >= limit or every >= limit * 20:
            raise UserError(
                self.env._(
                    "Too many tickets: at most %s in an hour. Please call us, or try"
                    " again later.",
                    limit,
                )
            )

    # Reading forms ----------------------------------------------------------------

    def _jxc_raise(self, errors):
        if errors:
            raise ValidationError("\n".join(errors))

    def _jxc_form_texts(self, form, required):
        """Return ({field: clean text}, [errors])."""
        errors = []
        texts = {}
        labels = self._jxc_form_labels()
        for name, length in LENGTHS.items():
            text = CONTROL.sub("", str(form.get(name) or "")).strip()
            texts[name] = text
            if name in required and not text:
                errors.append(self.env._("%s: enter something.", labels[name]))
            elif len(text) > length:
                errors.append(
                    self.env._(
                        "%(field)s: at most %(most)s characters, not %(length)s.",
                        field=labels[name],
                        most=length,
                        length=len(text),
                    )
                )
        if form.get("kind") and form["kind"] not in dict(KINDS):
            errors.append(self.env._("Choose what it is about."))
        return texts, errors

    def _jxc_form_labels(self):
        return {
            "subject": self.env._("Subject"),
            "description": self.env._("Description"),
            "name": self.env._("Your Name"),
            "phone": self.env._("Phone"),
            "email": self.env._("E-mail"),
            "product_text": self.env._("Product"),
            "lot": self.env._("Lot/Serial Number"),
            "order_text": self.env._("Order Number"),
        }

    def _jxc_form_values(self, form, texts):
        return {
            "name": texts["subject"],
            "description": plaintext2html(texts["description"]),
            "jxc_kind": form.get("kind") or "question",
        }

    def _jxc_form_files(self, files, errors):
        """Return values of attachments; what is wrong goes to ``errors``."""
        values = []
        if len(files) > MAX_FILES:
            errors.append(
                self.env._(
                    "At most %(most)s files, not %(count)s.",
                    most=MAX_FILES,
                    count=len(files),
                )
            )
            return values
        for number, (name, content) in enumerate(files, start=1):
            shown = CONTROL.sub("", PurePosixPath(name.replace("\\", "/")).name)[-80:]
            kind = guess_mimetype(content or b"")
            if not content or kind not in FILE_TYPES:
                errors.append(
                    self.env._(
                        "%s: only photos (JPEG, PNG, GIF, WebP), MP4 and PDF.",
                        shown or number,
                    )
                )
            elif len(content) > MAX_BYTES:
                errors.append(
                    self.env._(
                        "%(file)s: at most %(most)s MB.",
                        file=shown or number,
                        most=MAX_BYTES // 1024 // 1024,
                    )
                )
            else:
                stem = PurePosixPath(shown).stem or f"{number}"
                values.append(
                    {
                        "name": f"{stem}{FILE_TYPES[kind]}",
                        "raw": content,
                        "mimetype": kind,
                    }
                )
        return values

    # Goods of the customer --------------------------------------------------------

    @api.model
    def _jxc_customer_orders(self, customer, company):
        """Return the confirmed orders a customer may name, the newest first."""
        return self.env["sale.order"].search(
            [
                ("partner_id", "child_of", customer.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
            ],
            order="date_order desc, id desc",
            limit=100,
        )

    @api.model
    def _jxc_customer_products(self, customer, company):
        """Return the products that were delivered to a customer."""
        goods = self.env["jxc.delivery.finder"]._delivered_goods(
            customer.commercial_partner_id, company
        )
        products = self.env["product.product"].sudo()
        return products.browse({product for product, _lot in goods}).sorted(
            "display_name"
        )

    def _jxc_form_goods(self, form, customer, company, errors):
        """Return values for order, product and lot that are the customer's own."""
        orders = self.sudo()._jxc_customer_orders(customer, company)
        order = orders.browse(_number(form.get("order"))) & orders
        if form.get("order") and not order:
            errors.append(self.env._("This order is not among your orders."))
        goods = self.env["jxc.delivery.finder"]._delivered_goods(
            customer.commercial_partner_id, company
        )
        chosen = _number(form.get("product"))
        bought = {product for product, _lot in goods} | set(
            order.order_line.product_id.ids
        )
        if form.get("product") and chosen not in bought:
            errors.append(self.env._("This product was not delivered to you."))
            chosen = 0
        elif order and chosen and chosen not in order.order_line.product_id.ids:
            errors.append(
                self.env._("This product is not part of order %s.", order.name)
            )
        lot = self._jxc_form_lot(form, chosen, goods, errors)
        return {
            "jxc_order_id": order.id,
            "jxc_product_id": lot.product_id.id or chosen or False,
            "jxc_lot_id": lot.id,
        }

    def _jxc_form_lot(self, form, product, goods, errors):
        """Find the lot by its number among those delivered to the customer."""
        lots = self.env["stock.lot"].sudo()
        name = CONTROL.sub("", str(form.get("lot") or "")).strip()
        if not name:
            return lots
        own = [lot for of, lot in goods if lot and (not product or of == product)]
        found = lots.search([("id", "in", own), ("name", "=", name)], limit=2)
        if len(found) == 1:
            return found
        if found:
            errors.append(
                self.env._(
                    "Several products have the number %s: choose one.", name[:64]
                )
            )
        else:
            errors.append(
                self.env._(
                    "Lot or serial number %s was not delivered to you. Check it, or"
                    " leave it out and tell us in the description.",
                    name[:64],
                )
            )
        return lots


def _number(text):
    """The id in a form, 0 if it is none."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
