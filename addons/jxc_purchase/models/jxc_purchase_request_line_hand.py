# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.fields import Command

from odoo.addons.jxc_base.models.tier_validation_widening import Widening
from odoo.addons.jxc_base.tools.approval import OPEN, SKIP

#: Says nothing about what is asked for; who asked for a moved line is kept elsewhere.
ORDERING = {"request_id", "sequence"}


class JxcPurchaseRequest(models.Model):
    """Who changes what somebody else asks for has a hand in it."""

    _inherit = "jxc.purchase.request"

    def _jxc_note_hand(self):
        """Let the user who changed lines of these requests decide none of them."""
        if self.env.su:
            return
        user = self.env.user
        # A document under review takes no other changes.
        for request in self.sudo().with_context(skip_validation_check=SKIP):
            if user not in request._jxc_requesters_known():
                request.former_requester_ids += user
            reviews = request.review_ids.filtered(
                lambda review: (
                    review.status in OPEN and user not in review.jxc_requester_ids
                )
            )
            if reviews:
                reviews.write({"jxc_requester_ids": [Command.link(user.id)]})

    def _jxc_tiers_asked(self):
        """Return ``{request: tiers that apply to it as it is now}``."""
        requests = self._jxc_engine()
        definitions = requests._jxc_definitions()
        return {
            request: definitions[request.id].filtered(request.evaluate_tier)
            for request in requests
        }

    def _jxc_ask_again(self, before):
        """Ask for the approval again where a tier applies that did not before.

        :param before: what :meth:`_jxc_tiers_asked` returned before the change
        :raise UserError: naming the orders that a request is part of already
        """
        for request, tiers in self._jxc_tiers_asked().items():
            new = tiers - before.get(request, tiers.browse())
            if not new or request.decision not in ("submitted", "approved"):
                continue
            text = self.env._(
                "another suggested vendor, which %(tiers)s asks for",
                tiers=", ".join(new.mapped("name")),
            )
            vendors = request.line_ids.vendor_id
            request._jxc_start_over(
                [Widening(request, "line_ids", None, vendors.ids, text)]
            )


class JxcPurchaseRequestLine(models.Model):
    _inherit = "jxc.purchase.request.line"

    def write(self, vals):
        """Note whose hand it was; another vendor may need an approval of its own.

        :raise UserError: the vendor needs one, and the request is part of orders
        """
        if set(vals) <= ORDERING:
            return super().write(vals)
        requests = self.request_id
        asks = "vendor_id" in vals and requests.filtered(
            lambda one: one.decision in ("submitted", "approved")
        )
        before = asks and asks._jxc_tiers_asked()
        result = super().write(vals)
        requests._jxc_note_hand()
        if asks:
            asks._jxc_ask_again(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_noting_hand(self):
        self.request_id._jxc_note_hand()
