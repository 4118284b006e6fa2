# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ..tools.approval import OPEN, SKIP
from ..tools.guard import own_defaults


class TierValidation(models.AbstractModel):
    """Who makes more of somebody else's document does not decide on it.

    A reviewer who raises a price or adds a line on a draft would otherwise approve what
    he wrote himself, and nobody else would have seen it. What counts is what widens
    (``_jxc_widening_fields``): to correct a note or a date, or to ask for less, leaves
    him the reviewer that he is.
    """

    _inherit = "tier.validation"

    #: Many2many to users of those who widened a document; None where nobody is noted.
    _jxc_hands_field = None

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        return own_defaults(self, defaults, {self._jxc_hands_field})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_hands(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_hands(vals)
        return super().write(vals)

    def _jxc_check_hands(self, vals):
        """:raise AccessError: a client says who widened the document"""
        name = self._jxc_hands_field
        if self.env.su or not name or name not in vals:
            return
        # Nobody is what a new document starts with.
        if self or vals[name]:
            raise AccessError(
                self.env._(
                    "%(field)s of %(model)s is noted when they change it, and cannot be"
                    " written.",
                    field=self._fields[name]._description_string(self.env),
                    model=self._description,
                )
            )

    # ------------------------------------------------------------
    # Hands
    # ------------------------------------------------------------

    def _jxc_requesters(self):
        return super()._jxc_requesters() | self._jxc_hands()

    def _jxc_hands(self):
        """Return the users who widened this document, whatever became of it since."""
        name = self._jxc_hands_field
        return self.sudo()[name] if name else self.env["res.users"]

    def _jxc_without_my_hand(self):
        """Return the documents that would have to note a change by this user.

        What the server does of its own accord is nobody's hand.
        """
        if self.env.su or not self._jxc_hands_field:
            return self.browse()
        user = self.env.user
        return self.filtered(
            lambda document: (
                document.sudo().create_uid != user and user not in document._jxc_hands()
            )
        )

    def _jxc_add_my_hand(self):
        """Note that the user widened this document; open reviews are not his, either.

        Called with superuser rights.
        """
        user = self.env.user
        # A document under review takes no other changes.
        marked = self.with_context(skip_validation_check=SKIP)
        marked.write({self._jxc_hands_field: [Command.link(user.id)]})
        reviews = self.review_ids.filtered(
            lambda review: (
                review.status in OPEN and user not in review.jxc_requester_ids
            )
        )
        if reviews:
            reviews.write({"jxc_requester_ids": [Command.link(user.id)]})
