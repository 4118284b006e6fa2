# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

SELLER = "sales_team.group_sale_salesman"
STOREKEEPER = "stock.group_stock_user"
ACCOUNTANT = "account.group_account_invoice"


class JxcSaleReturn(models.Model):
    """The way of a return from the promise to the money."""

    _inherit = "jxc.sale.return"

    def action_confirm(self):
        """Promise to take the goods back: find their deliveries, expect them.

        Makes a return transfer for each delivery and, where goods are replaced, a
        quotation; with "Replace at Once" that is confirmed now, subject to the
        customer's credit like every order.

        :return: True, or the action that shows why a replacement is not confirmed yet
        :raise AccessError: without a role in Sales
        :raise UserError: more comes back than was delivered (listing all such lines),
            or nothing comes back
        """
        self._check_role(SELLER)
        self.check_access("write")
        self._check_states("draft")
        waiting = []
        for back in self:
            back._check_complete()
            plan = back._plan()
            back._check_enough(plan)
            back._lock_deliveries(plan)
            # A salesperson need not have a role in the warehouse to expect goods.
            back.sudo()._allocate(plan)
            back.sudo()._expect_goods()
            back.sudo()._make_exchange_order()
            back.sudo().state = "confirmed"
            if back.exchange_first:
                orders = back.sudo().exchange_order_ids
                orders = orders.filtered(lambda one: one.state != "cancel")
                waiting += filter(None, [orders._jxc_confirm_text()])
        if waiting:
            title = self.env._("Not confirmed yet")
            return self.env["sale.order"]._jxc_notification(waiting, title)
        return True

    def action_accept(self):
        """Take the goods in as good, defective or scrapped.

        A line without any such quantity is all good. What is less than expected stays
        with the customer. The customer's credit is free from now on, and the
        replacement is ordered; when that is refused, it stays a quotation and the
        reason is noted.

        :raise AccessError: without a role in the warehouse
        :raise UserError: nothing is accepted, or there is no place for defective goods
        """
        self._check_role(STOREKEEPER)
        self._check_states("confirmed")
        for back in self.sudo():
            back._fill_outcome()
            back.write(self._prepare_acceptance_values())
            back._receive()
            back._action_accepted()
        return True

    def action_done(self):
        """Settle the money: one draft invoice or credit note over the difference.

        Credits what was invoiced of the accepted goods, at the prices of their orders
        with the promotions judged again for what is kept, and bills the replacement. In
        currencies that differ, there is one document for each.

        :return: action that opens the documents, or True when there is nothing to bill
        :raise AccessError: without a role in Sales or Invoicing
        """
        self._check_role(SELLER, ACCOUNTANT)
        self._check_states("accepted")
        for back in self:
            # As the platform does it: who sells may ask for the invoice.
            back.sudo()._make_invoices()
            back.sudo().write({"state": "done", "is_to_settle": False})
        return self.action_open_invoices() if self.sudo().settlement_ids else True

    def action_cancel(self):
        """Take everything back that the return has done.

        Goods that were accepted go back to the customer, what was scrapped of them
        comes back first; documents over the money are cancelled or reversed, the
        replacement is not sent.

        :raise AccessError: without a role in Sales; for accepted goods also without one
            in the warehouse, for posted invoices without one in Invoicing
        :raise UserError: goods have moved on, or the replacement was delivered, or is
            invoiced, naming what to undo first
        """
        self._check_role(SELLER)
        self.check_access("write")
        self._check_states("draft", "confirmed", "accepted", "done")
        for back in self:
            back._check_can_undo()
            known = back.sudo()
            known._undo_invoices()
            known._undo_exchange()
            known.scrap_ids._jxc_undo()
            known._undo_receipt()
            known._settle_points()
            known.write({"state": "cancelled", "is_to_settle": False})
        return True

    def action_draft(self):
        """Take cancelled returns up again, with nothing done yet.

        :raise UserError: goods had moved; the document stays for the record
        """
        self._check_role(SELLER)
        self.check_access("write")
        self._check_states("cancelled")
        moved = self.sudo().filtered(
            lambda back: "done" in back.receipt_ids.mapped("state")
        )
        if moved:
            raise UserError(
                self.env._(
                    "%s: goods have moved already. Duplicate the return instead.",
                    ", ".join(moved.mapped("name")),
                )
            )
        self.sudo().line_ids.allocation_ids.unlink()
        self.sudo().state = "draft"
        return True

    # -- guards -------------------------------------------------------------------

    def _check_role(self, *groups):
        """:raise AccessError: the user has none of the roles"""
        self.check_access("read")
        if self.env.su or any(self.env.user.has_group(group) for group in groups):
            return
        names = [self.env.ref(group).sudo().full_name for group in groups]
        raise AccessError(
            self.env._(
                "%(returns)s: this step takes the role %(roles)s.",
                returns=", ".join(self.mapped("name")),
                roles=self.env._(" or ").join(names),
            )
        )

    def _check_complete(self):
        """:raise UserError: naming the return that takes nothing back"""
        self.ensure_one()
        if not any(line.direction == "in" for line in self.line_ids):
            raise UserError(
                self.env._("%s: enter at least one line that comes back.", self.name)
            )

    def _check_enough(self, plan):
        """Refuse more than was delivered and is not back yet.

        :raise UserError: listing every such line, with what is left
        """
        if not plan.missing:
            return
        texts = [
            self.env._(
                "%(product)s: %(asked)s asked, %(left)s left to come back",
                product=line.product_id.display_name,
                asked=line.product_id.jxc_format_qty(line._base_qty()),
                left=line.product_id.jxc_format_qty(line._base_qty() - missing),
            )
            for line, missing in plan.missing.items()
        ]
        raise UserError(
            self.env._(
                "%(return)s: more comes back than %(customer)s got and still has.\n"
                "%(lines)s\nReduce the quantities, or name another delivery or lot.",
                **{"return": self.name},
                customer=self.partner_id.display_name,
                lines="\n".join(texts),
            )
        )

    def _check_can_undo(self):
        """:raise UserError, AccessError: see :meth:`action_cancel`"""
        self.ensure_one()
        known = self.sudo()
        # What came back of it since is not at the customer's any more.
        kept = known.exchange_order_ids.order_line.filtered(
            lambda line: (
                line.qty_delivered_method == "stock_move" and line.qty_delivered > 0
            )
        )
        sent = kept.order_id.picking_ids.filtered(
            lambda picking: picking.state == "done" and not picking.return_id
        )
        if sent:
            raise UserError(
                self.env._(
                    "%(return)s: the replacement was delivered by %(pickings)s. Take it"
                    " back with a return of its own first.",
                    **{"return": self.name},
                    pickings=", ".join(sent.mapped("name")),
                )
            )
        known._check_replacement_not_billed()
        if known.state in ("accepted", "done"):
            self._check_role(STOREKEEPER)
            known._check_still_here()
        if any(move.state == "posted" for move in known.settlement_ids):
            self._check_role(ACCOUNTANT)

    def _check_replacement_not_billed(self):
        """:raise UserError: naming posted invoices that the return did not make"""
        billed = (self.invoice_ids - self.settlement_ids).filtered(
            lambda move: move.state == "posted"
        )
        if not self.company_id.currency_id.is_zero(
            sum(billed.mapped("amount_total_signed"))
        ):
            raise UserError(
                self.env._(
                    "%(return)s: the replacement is invoiced by %(invoices)s. Credit"
                    " that first.",
                    **{"return": self.name},
                    invoices=", ".join(billed.mapped("name")),
                )
            )

    def _lock_deliveries(self, plan):
        """Let two returns of one delivery collide: the later one is repeated."""
        shares = [share for parts in plan.shares.values() for share in parts]
        moves = self.env["stock.move"].union(*(share.move for share in shares))
        moves._jxc_lock_returned()

    # -- steps --------------------------------------------------------------------

    def _prepare_acceptance_values(self):
        """Values that say who accepted the goods, and when."""
        return {
            "state": "accepted",
            "accepted_by_id": self.env.uid,
            "accepted_at": fields.Datetime.now(),
        }

    def _allocate(self, plan):
        self.env["jxc.sale.return.allocation"].create(
            [
                {
                    "line_id": line.id,
                    "move_id": share.move.id,
                    "sale_line_id": share.sale_line.id,
                    "lot_id": share.lot.id,
                    "quantity": share.quantity,
                    "amount": share.amount,
                }
                for line, shares in plan.shares.items()
                for share in shares
            ]
        )

    def _action_accepted(self):
        """Follow the goods that are back: hook, with superuser rights."""
        self._settle_promotions()
        self._confirm_exchange()
