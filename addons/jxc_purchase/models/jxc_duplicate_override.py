# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.jxc_base.tools.guard import own_defaults

from .jxc_duplicate_engine import OVERRIDE

#: What a client says; everything else follows from the document.
CLIENT_FIELDS = {"order_id", "product_id", "reason", "request_id"}


class JxcDuplicateOverride(models.Model):
    """Somebody let a product be bought although it is on its way: who, why, how much.

    It holds for one document and product up to the quantity that was wanted then. It is
    never changed or deleted.
    """

    _name = "jxc.duplicate.override"
    _description = "Purchase in Spite of Duplicates"
    _inherit = ["jxc.number.mixin"]
    _order = "id desc"
    _rec_name = "product_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    order_id = fields.Many2one(
        comodel_name="purchase.order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    request_id = fields.Many2one(
        comodel_name="jxc.purchase.request",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    document_name = fields.Char(
        string="Document",
        required=True,
        readonly=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        readonly=True,
        help="In the product's unit: what the document wanted when it was let through.",
    )
    product_uom_id = fields.Many2one(
        related="product_id.uom_id",
    )
    reason = fields.Text(
        required=True,
        readonly=True,
    )
    collisions = fields.Text(
        string="Known Then",
        readonly=True,
        help="What was on its way or in stock at that moment.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Allowed by",
        required=True,
        readonly=True,
        index=True,
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), self._fields)

    @api.model_create_multi
    def create(self, vals_list):
        """Let documents through; only order or request, product and reason are asked.

        :raise AccessError: the user has not the right, or may not read the document
        :raise ValidationError: no reason, no document, or it does not want the product
        """
        if not self.env.user.has_group(OVERRIDE):
            raise AccessError(
                self.env._(
                    "You may not buy in spite of duplicates. Ask somebody who has the"
                    " right “Buys in Spite of Duplicates”."
                )
            )
        complete = [self._complete(vals) for vals in vals_list]
        # Rights were judged above; what is written follows from the document.
        overrides = super(JxcDuplicateOverride, self.sudo()).create(complete)
        for override in overrides:
            override = override.with_context(lang=override.company_id._jxc_lang())
            document = override.order_id or override.request_id
            document.message_post(
                body=override.env._(
                    "%(user)s allows to buy %(product)s in spite of duplicates:"
                    " %(reason)s",
                    user=override.user_id.name,
                    product=override.product_id.display_name,
                    reason=override.reason,
                ),
                subtype_xmlid="mail.mt_note",
            )
        return overrides.with_env(self.env)

    def _complete(self, vals):
        """Return the values of one record, computed from its document."""
        unknown = set(vals) - CLIENT_FIELDS
        if unknown:
            raise AccessError(
                self.env._(
                    "%s follows from the document and cannot be given.",
                    ", ".join(sorted(unknown)),
                )
            )
        order = self.env["purchase.order"].browse(vals.get("order_id") or [])
        request = self.env["jxc.purchase.request"].browse(vals.get("request_id") or [])
        document = order or request
        if bool(order) == bool(request) or not document.exists():
            raise ValidationError(
                self.env._("Choose the order or the request that is let through.")
            )
        document.check_access("read")
        if not (vals.get("reason") or "").strip():
            raise ValidationError(self.env._("Say why this is bought all the same."))
        # What is kept is read by everybody, not by who was there only.
        lang = document.sudo().company_id._jxc_lang()
        document = document.with_context(lang=lang)
        engine = document.env["jxc.duplicate.engine"]
        product_id = vals.get("product_id")
        wanted = [
            demand
            for demand in engine._demands(document.sudo())
            if demand.product.id == product_id
        ]
        if not wanted:
            raise ValidationError(
                self.env._(
                    "%s does not ask for this product.", document.sudo().display_name
                )
            )
        collisions = [
            one
            for one in engine._collisions(document)[document.sudo()]
            if one.product.id == product_id and one.counts
        ]
        return {
            "order_id": order.id,
            "request_id": request.id,
            "product_id": product_id,
            "reason": vals["reason"].strip(),
            "company_id": document.sudo().company_id.id,
            "document_name": document.sudo().display_name,
            "quantity": wanted[0].quantity,
            "collisions": engine._lines_text(collisions) or False,
            "user_id": self.env.uid,
        }

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse every change, whoever asks.

        :raise UserError: always
        """
        raise UserError(self._append_only_message())

    # Not @api.ondelete: it would run after the database's own cascades.
    def unlink(self):  # pylint: disable=method-required-super
        """Refuse every deletion, whoever asks.

        :raise UserError: always
        """
        if not self:
            return True
        # pylint: disable-next=no-raise-unlink
        raise UserError(self._append_only_message())

    def _append_only_message(self):
        return self.env._(
            "What was bought in spite of duplicates stays on record; it cannot be"
            " changed or deleted."
        )
