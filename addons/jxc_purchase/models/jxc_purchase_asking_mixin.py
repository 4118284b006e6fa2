# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from markupsafe import Markup, escape

from odoo import models

from odoo.addons.jxc_base.tools.importing import is_history

ASKED = "jxc_purchase.mail_activity_decide"


class JxcPurchaseAskingMixin(models.AbstractModel):
    """Documents that somebody of a group decides on where no tier applies.

    Reviewers of tiers are told by these. The others get an activity, which ends with
    the decision, whoever made it.
    """

    _name = "jxc.purchase.asking.mixin"
    _description = "Asks for a Decision without Tiers"

    #: XML id of the group that decides.
    _jxc_decider_group = None

    def _jxc_not_deciding(self):
        """Return the users who had a hand in this document; to be extended."""
        self.ensure_one()
        return self.create_uid

    def _jxc_ask_deciders(self):
        """Tell everybody who may decide on these documents, if no tier asks anybody."""
        if is_history(self.env):
            return
        group = self.env.ref(self._jxc_decider_group).sudo()
        for document in self.sudo():
            if document.review_ids:
                continue
            people = group.all_user_ids.filtered(
                lambda user, document=document: (
                    user.active
                    and not user.share
                    and document.company_id in user.company_ids
                )
            )
            for user in people - document._jxc_not_deciding():
                told = document.with_context(lang=user.lang)
                lines = (told._jxc_approval_summary() or "").split("\n")
                told.activity_schedule(
                    ASKED,
                    user_id=user.id,
                    summary=told.env._("To decide: %s", told.display_name),
                    note=Markup("<br/>").join(map(escape, lines)),
                )

    def _jxc_end_asking(self):
        """Nobody has to decide on these documents any more."""
        self.sudo().activity_unlink([ASKED])

    def _jxc_tell_comment(self, comment):
        """Keep what who approved says, and tell who asked."""
        for document in self.sudo():
            document.message_post(
                body=self.env._("Approved: %s", comment),
                author_id=self.env.user.partner_id.id,
                partner_ids=document.user_id.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )
