# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .jxc_purchase_request import APPROVER, BUYER


class JxcPurchaseRequest(models.Model):
    """The way of a request from its draft to its orders."""

    _inherit = "jxc.purchase.request"

    # ------------------------------------------------------------
    # Approval glue
    # ------------------------------------------------------------

    _jxc_decider_group = APPROVER
    _jxc_decision_path = "decide-purchase-request"
    # Not even where a tier lets requesters decide other documents.
    _jxc_requesters_never_decide = True
    _jxc_former_field = "former_requester_ids"
    _jxc_hands_field = "former_requester_ids"
    _jxc_cancellable = ("draft", "submitted", "approved", "rejected")

    def _jxc_transition_fields(self):
        return super()._jxc_transition_fields() | {"rejection_reason"}

    def _jxc_widening_fields(self):
        return {
            **super()._jxc_widening_fields(),
            "company_id": "change",
            "line_ids": {
                "product_id": "change",
                "product_qty": "increase",
                "product_uom_id": "change",
                "price_unit": "increase",
            },
        }

    def request_validation(self):
        reviews = super().request_validation()
        # Record rules look for the reviewers at once.
        self.invalidate_recordset(["review_ids", "reviewer_ids", "can_review"])
        return reviews

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def _jxc_check_submit(self):
        # Estimates are made, and accounts suggested, for drafts only: the last ones
        # before it is none any more.
        suggested = ["analytic_distribution", "price_unit", "vendor_id"]
        self.line_ids.flush_recordset(suggested)
        for request in self:
            request._check_complete()
        self._action_check_submit()

    def _jxc_reason_window(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": "jxc.purchase.request.reject",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_ids": self.ids},
        }

    def _jxc_check_cancel(self):
        """Requests are given up while nothing of them is ordered.

        :raise AccessError: only buyers cancel what is approved
        :raise UserError: naming the orders
        """
        buyer = self.env.su or self.env.user.has_group(BUYER)
        for request in self:
            if request.decision == "approved" and not buyer:
                raise AccessError(
                    self.env._(
                        "%s is approved: only purchase users may cancel it now.",
                        request.name,
                    )
                )
            request.sudo()._check_nothing_ordered()

    def action_close(self):
        """Give up what is still open of approved requests; orders go on."""
        self._check_buyer()
        self._check_states("approved")
        self.line_ids.action_close()
        return True

    def action_create_orders(self):
        """Open the wizard that makes RFQs of what is open.

        :return: action
        :raise UserError: a request is not approved, or nothing is open
        """
        self._check_buyer()
        self._check_states("approved")
        return self.line_ids.action_create_orders()

    def action_open_orders(self):
        """Show the orders made of these requests."""
        self.check_access("read")
        orders = self.sudo().line_ids.link_ids.order_line_id.order_id
        return self._open_these_orders(orders)

    def _open_these_orders(self, orders):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase Orders"),
            "res_model": "purchase.order",
        }
        if len(orders) == 1:
            return {**action, "view_mode": "form", "res_id": orders.id}
        domain = [("id", "in", orders.ids)]
        return {
            **action,
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": domain,
        }

    def action_print(self):
        """Print the request (采购申请单)."""
        return self.env.ref("jxc_purchase.jxc_purchase_request_report").report_action(
            self
        )

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    def _action_check_submit(self):
        """Refuse drafts that must not be submitted: hook for limits.

        Called with all requests of the batch before anything is written, so a limit can
        be taken here through the gate.
        """

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _jxc_on_widened(self, changes):
        """What is not ordered yet can be approved again."""
        self._check_nothing_ordered()
        super()._jxc_on_widened(changes)

    def _check_complete(self):
        """:raise UserError: naming the request and its lines without quantity"""
        self.ensure_one()
        empty = self.line_ids.filtered(lambda line: line.product_qty <= 0)
        if empty or not self.line_ids:
            raise UserError(
                self.env._(
                    "%(request)s: every request needs at least one line, and every line"
                    " a quantity above zero. %(lines)s",
                    request=self.name,
                    lines=", ".join(empty.mapped("name")),
                )
            )

    def _check_may_decide(self):
        """Judge who decides a request that no tier applies to.

        :raise AccessError: without the right, or the requester himself
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(APPROVER):
            raise AccessError(
                self.env._(
                    "%s: you have no right to approve purchase requests. Ask for the"
                    " group “Approves Purchase Requests”.",
                    self.name,
                )
            )
        if self.env.user in self.sudo()._jxc_requesters_known():
            raise AccessError(
                self.env._(
                    "%s: who asked for it, entered or submitted it does not decide on"
                    " it. Somebody else has to.",
                    self.name,
                )
            )

    def _check_buyer(self):
        """:raise AccessError: the user does not buy"""
        if not (self.env.su or self.env.user.has_group(BUYER)):
            raise AccessError(
                self.env._("Only purchase users make orders of purchase requests.")
            )

    def _check_nothing_ordered(self):
        """:raise UserError: naming the orders"""
        orders = self._orders_in_force()
        if orders:
            raise UserError(
                self.env._(
                    "%(request)s is part of %(orders)s. Cancel these first, or close"
                    " what is still open of the request.",
                    request=", ".join(self.mapped("name")),
                    orders=", ".join(orders.mapped("name")),
                )
            )

    def _orders_in_force(self):
        """Return RFQs and orders made of these requests that are not cancelled."""
        orders = self.line_ids.link_ids.order_line_id.order_id
        return orders.filtered(lambda one: one.state != "cancel")

    # ------------------------------------------------------------
    # Requests made by the system
    # ------------------------------------------------------------

    @api.model
    def _create_automatic(self, values, lines):
        """Create one request that a rule asks for, and submit it.

        :param values: values of the request: company_id, origin_type, …
        :param lines: list of values of its lines
        :return: the request; a draft when a tier has nobody to decide it
        """
        request = self.sudo().create(
            {**values, "line_ids": [fields.Command.create(line) for line in lines]}
        )
        try:
            with self.env.cr.savepoint():
                request.action_submit()
        except UserError as error:
            request.invalidate_recordset()
            request.message_post(body=str(error), subtype_xmlid="mail.mt_note")
        return request

    @api.model
    def _get_open_domain(self):
        """Return the domain of requests that may still become orders."""
        return Domain("decision", "in", ("draft", "submitted", "approved"))
