# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.mail import plaintext2html
from odoo.tools.misc import formatLang

from odoo.addons.jxc_base.tools.importing import is_history

from .jxc_duplicate_reader import ORDER

OVERRIDE = "jxc_purchase.group_duplicate_override"


class JxcDuplicateEngine(models.AbstractModel):
    """Judges duplicates: at submit, at confirm, and early while still a draft."""

    _name = "jxc.duplicate.engine"
    _inherit = ["jxc.duplicate.reader"]
    _description = "Duplicate Purchases"

    @api.model
    def _check(self, documents, products=None):
        """Judge documents that are submitted or confirmed together.

        Companies that warn get a note on the document.

        :param products: judge these only; what confirmed orders get more of
        :raise UserError: a company blocks; it names the documents that collide, with
            quantity and date, and the ways out
        """
        documents = documents.filtered(
            lambda one: one.sudo().company_id.jxc_duplicate_control != "off"
        )
        if not documents or is_history(self.env):
            return
        blocking = documents.sudo().filtered(
            lambda one: one.company_id.jxc_duplicate_control == "block"
        )
        demands = self._demands(blocking)
        self.env["jxc.duplicate.turn"]._take(
            {(demand.company.id, demand.product.id) for demand in demands}
        )
        found = self._not_overridden(self._collisions(documents, together=True))
        if products is not None:
            found = {
                document: [one for one in collisions if one.product in products]
                for document, collisions in found.items()
            }
        refused = {
            document: collisions
            for document, collisions in found.items()
            if collisions and document.company_id.jxc_duplicate_control == "block"
        }
        if refused:
            texts = [self._text(*one) for one in refused.items()]
            raise UserError("\n\n".join([*texts, self._ways_out(refused)]))
        for document, collisions in found.items():
            if collisions and not self._was_warned(document):
                document.message_post(
                    body=plaintext2html(self._text(document, collisions)),
                    subtype_xmlid="mail.mt_note",
                )

    def _was_warned(self, document):
        """Orders that wait for their approval were judged when that was asked for."""
        return document._name == ORDER and document.state == "to approve"

    def _not_overridden(self, found):
        """Leave out what does not count and what somebody with the right let through.

        :param found: see ``_collisions``
        """
        overrides = self._overrides(found)
        wanted = {}
        if overrides:
            for document in found:
                for demand in self._demands(document):
                    wanted[document, demand.product] = demand.quantity

        def is_allowed(document, product):
            allowed = overrides.get((document._origin, product))
            return allowed is not None and (
                product.uom_id.compare(wanted[document, product], allowed) <= 0
            )

        return {
            document: [
                one
                for one in collisions
                if one.counts and not is_allowed(document, one.product)
            ]
            for document, collisions in found.items()
        }

    def _overrides(self, documents):
        """Return ``{(document, product): quantity that may be bought anyway}``."""
        overrides = self.env["jxc.duplicate.override"].sudo()
        ids = [document._origin.id for document in documents if document._origin.id]
        if not ids:
            return {}
        model = next(iter(documents))._name
        name = "order_id" if model == ORDER else "request_id"
        groups = overrides._read_group(
            Domain(name, "in", ids), [name, "product_id"], ["quantity:max"]
        )
        return {(document, product): most for document, product, most in groups}

    # ------------------------------------------------------------
    # Hints
    # ------------------------------------------------------------

    @api.model
    def _preview(self, documents):
        """Return ``{document: (none, merge, warn or block; text)}``, batched.

        Merge: nothing stands against it, but there are drafts to join it with.
        """
        answers = {document: ("none", False) for document in documents}
        everything = self._collisions(documents)
        found = self._not_overridden(everything)
        originals = {document.id: document for document in documents}
        for document, collisions in found.items():
            if collisions:
                answers[originals[document.id]] = (
                    document.company_id.jxc_duplicate_control,
                    self._lines_text(collisions),
                )
        drafts = {
            document: [one for one in everything[document] if not one.counts]
            for document, collisions in found.items()
            if not collisions
        }
        for document, others in self._mergeable(drafts).items():
            if others:
                text = self._lines_text(
                    one for one in drafts[document] if one.is_with(others)
                )
                answers[originals[document.id]] = ("merge", text)
        return answers

    # ------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------

    def _text(self, document, collisions):
        return self.env._(
            "%(document)s asks for what is on its way or there already:\n%(lines)s",
            document=document.display_name,
            lines=self._lines_text(collisions),
        )

    def _lines_text(self, collisions):
        return "\n".join(f"- {self._line_text(one)}" for one in collisions)

    def _line_text(self, collision):
        values = {
            "product": collision.product.display_name,
            "quantity": self._quantity_text(collision.product, collision.quantity),
        }
        if collision.kind == "stock":
            return self.env._(
                "%(product)s: %(quantity)s free in stock or coming", **values
            )
        values.update(
            document=collision.document.display_name,
            day=format_date(self.env, collision.day),
        )
        if collision.kind == "request":
            return self.env._(
                "%(product)s: %(quantity)s open in request %(document)s, needed by"
                " %(day)s",
                **values,
            )
        if collision.kind == "rfq":
            return self.env._(
                "%(product)s: %(quantity)s in %(document)s, not confirmed, planned for"
                " %(day)s",
                **values,
            )
        return self.env._(
            "%(product)s: %(quantity)s of order %(document)s not delivered yet,"
            " expected on %(day)s",
            **values,
        )

    def _quantity_text(self, product, quantity):
        quantity = formatLang(self.env, quantity, dp="Product Unit")
        return f"{quantity} {product.uom_id.display_name}"

    def _ways_out(self, found):
        """Name merging only where it is one, and with what.

        :param found: ``{document: list of Collision}`` that stand against documents
        """
        mergeable = self._mergeable(found)
        others = {
            other.display_name for others in mergeable.values() for other in others
        }
        if others:
            return self.env._(
                "Reduce the quantity to what is missing, merge it with %(documents)s"
                " under “Show Duplicates”, or have somebody with the right “Buys in"
                " Spite of Duplicates” let it through there, with a reason.",
                documents=", ".join(sorted(others)),
            )
        return self.env._(
            "Reduce the quantity to what is missing, or have somebody with the right"
            " “Buys in Spite of Duplicates” let it through under “Show Duplicates”,"
            " with a reason."
        )
