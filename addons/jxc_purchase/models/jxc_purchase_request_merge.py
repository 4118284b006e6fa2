# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

from .jxc_purchase_request import BUYER


class JxcPurchaseRequest(models.Model):
    """Several requests become one draft."""

    _inherit = "jxc.purchase.request"

    def action_merge(self):
        """Merge draft requests into the oldest of them; the others are cancelled.

        Equal lines of one person are added up, the others move with their links. Source
        documents, reasons and attachments come along, and every chatter tells.

        :return: action that shows the request
        :raise AccessError: the user may not change all of them
        :raise UserError: fewer than two, no drafts, or of several companies or
            warehouses
        """
        self.check_access("write")
        self._check_states("draft")
        if len(self) < 2:
            raise UserError(self.env._("Choose at least two requests to merge."))
        if len(self.company_id) > 1 or len({one.warehouse_id for one in self}) > 1:
            raise UserError(
                self.env._(
                    "%s: only requests of one company and warehouse can be merged.",
                    ", ".join(self.mapped("name")),
                )
            )
        target = self.sorted("id")[0]
        others = (self - target).sorted("id")
        # Before the lines move: who entered them belongs to the request as it was.
        target._keep_requesters_of(others)
        for line in others.line_ids:
            twin = target.line_ids.filtered(lambda one, line=line: one._is_twin(line))
            if twin:
                # sudo: who joins what others asked for asks for nothing himself
                twin[0].sudo()._add_twin(line)
            else:
                line.request_id = target
        target.write(target._prepare_merge_values(others))
        self._merge_attachments(target, others)
        names = ", ".join(others.mapped("name"))
        target.message_post(
            body=self.env._("Merged with %s", names),
            partner_ids=(others.user_id - self.env.user).partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
        for request in others:
            request.message_post(
                body=self.env._("Merged into %s", target._get_html_link()),
                subtype_xmlid="mail.mt_note",
            )
        # Who entered a request keeps following what became of it.
        target.message_subscribe(partner_ids=others.user_id.partner_id.ids)
        others.action_cancel()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": target.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _jxc_can_merge_with(self, other):
        """Whether this draft can become one with another request.

        That one is a draft, or can become one again: see :meth:`_jxc_merge_with`.
        """
        both = self | other
        return (
            self.decision == "draft"
            and len(both.company_id) == 1
            and len({one.warehouse_id for one in both}) == 1
            and other._can_be_taken_back()
        )

    def _can_be_taken_back(self):
        """Whether this is a draft, or becomes one by what the user may do."""
        self.ensure_one()
        if self.decision == "approved":
            buyer = self.env.su or self.env.user.has_group(BUYER)
            return buyer and not self.sudo()._orders_in_force()
        return self.decision in ("draft", "submitted")

    def _jxc_merge_with(self, other):
        """Merge this draft with a request that asked for the same before.

        One that is submitted or approved becomes a draft first: its approval was for
        less, so it is void, and what it held of budgets is free until the whole is
        submitted. Who asked for it is told.

        :return: see :meth:`action_merge`
        :raise AccessError: the user may not change both, or the other one is approved
            and he does not buy
        :raise UserError: this is no draft, or something of the other is ordered
        """
        (self | other).check_access("write")
        self._check_states("draft")
        other._check_states("draft", "submitted", "approved")
        if other.decision == "approved":
            other.action_cancel()
        if other.decision != "draft":
            other.action_draft()
            other.message_post(
                body=self.env._(
                    "Taken back to draft to merge it with %s; the whole has to be"
                    " approved again.",
                    self.name,
                ),
                partner_ids=(other.user_id - self.env.user).partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )
        return (self | other).action_merge()

    def _keep_requesters_of(self, others):
        """Nobody approves here what he asked for in requests that gave lines to this.

        :param others: the requests the lines come from, as they were before
        """
        for request in self.sudo():
            for other in others.sudo() - request:
                people = other._jxc_requesters_known() - request.user_id
                request.former_requester_ids |= people

    def _prepare_merge_values(self, others):
        """Return what the request that remains takes over from the others."""
        self.ensure_one()
        requests = self | others
        origins = dict.fromkeys(
            origin.strip()
            for origins in requests.mapped("origin")
            for origin in (origins or "").split(",")
            if origin.strip()
        )
        notes = dict.fromkeys(filter(None, requests.mapped("note")))
        dates = [day for day in requests.mapped("date_required") if day]
        return {
            "origin": ", ".join(origins) or False,
            "note": "\n".join(notes) or False,
            "date_required": min(dates) if dates else False,
        }

    def _merge_attachments(self, target, others):
        # Who may change both requests may move what hangs on them.
        attachments = self.env["ir.attachment"].sudo()
        attachments.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", others.ids),
                ("res_field", "=", False),
            ]
        ).res_id = target.id
