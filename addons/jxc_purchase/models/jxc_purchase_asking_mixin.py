# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from markupsafe import Markup, escape

from odoo import models

from odoo.addons.jxc_base.tools.importing import is_history

ASKED = "jxc_purchase.mail_activity_decide"


class JxcPurchaseAskingMixin(models.AbstractModel):
    """Documents that somebody of a group decides on where no tier applies.

    Reviewers of tiers are told by these. The others get an activity, which ends with
    the decision, whoever made it. Like the message of a tier it leads to the page where
    they decide, with or without a comment.
    """

    _name = "jxc.purchase.asking.mixin"
    _description = "Asks for a Decision without Tiers"

    #: XML id of the group that decides.
    _jxc_decider_group = None
    #: Path of the action that opens the page to decide these documents on.
    _jxc_decision_path = None

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
                document.with_context(lang=user.lang)._jxc_ask(user)

    def _jxc_ask(self, user):
        """Ask one user, by an activity and a message that lead to the decision."""
        self.ensure_one()
        summary = self.env._("To decide: %s", self.display_name)
        lines = (self._jxc_approval_summary() or "").split("\n")
        body = Markup("<br/>").join([*map(escape, lines), self._jxc_decision_link()])
        # The platform's own mail about an activity does not say what it is about.
        quiet = self.with_context(mail_activity_quick_update=True)
        quiet.activity_schedule(ASKED, user_id=user.id, summary=summary, note=body)
        self.message_notify(partner_ids=user.partner_id.ids, subject=summary, body=body)

    def _jxc_decision_link(self):
        """Return the link to where this document is decided; it changes nothing."""
        self.ensure_one()
        return Markup('<a href="/odoo/%s/%s">%s</a>') % (
            self.id,
            self._jxc_decision_path,
            self.env._("Approve or reject"),
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
