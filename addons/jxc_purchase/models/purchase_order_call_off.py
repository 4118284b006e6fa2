# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools.coverage import in_base
from .purchase_order_mode import MODE_FIELDS
from .purchase_requisition_line_call_off import QTY_SCALE


class PurchaseOrder(models.Model):
    """Call-offs of framework agreements (框架协议)."""

    _inherit = "purchase.order"

    def write(self, vals):
        result = super().write(vals)
        if (MODE_FIELDS | {"state"}) & set(vals):
            self._jxc_sync_call_offs()
        return result

    def _jxc_check_confirm(self):
        super()._jxc_check_confirm()
        agreed = self.sudo().filtered(
            lambda order: (
                order.requisition_id.requisition_type == "blanket_order"
                or order.order_line.jxc_called_line_id
            )
        )
        # What waits for its approval takes nothing before it has it.
        confirmed = agreed.with_env(self.env).filtered(
            lambda order: order._approval_allowed()
        )
        confirmed._jxc_sync_call_offs(confirming=True)

    def _jxc_give_back_unconfirmed(self, confirmation):
        super()._jxc_give_back_unconfirmed(confirmation)
        checked = self.browse(confirmation.checked_ids)
        checked.filtered(lambda order: order.state != "purchase")._jxc_sync_call_offs()

    # ------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------

    def _jxc_check_mode_framework(self):
        """Call-offs hang on an agreement in force, and keep its vendor and prices.

        :raise UserError: naming what does not fit
        """
        today = fields.Date.context_today(self)
        for order in self:
            agreement = order.sudo().requisition_id
            problem = order._jxc_agreement_problem(agreement, today)
            if problem:
                raise UserError(
                    self.env._(
                        "%(order)s is to be called off from a framework agreement:"
                        " %(problem)s Choose a confirmed blanket order of the vendor,"
                        " or another procurement mode without agreement.",
                        order=order.name,
                        problem=problem,
                    )
                )
            for line in order._jxc_mode_lines().filtered("product_qty"):
                line._jxc_check_agreed_price(agreement)

    def _jxc_agreement_problem(self, agreement, today):
        """Return why this order is no call-off of the agreement, or None."""
        vendor = agreement.vendor_id.commercial_partner_id
        name = agreement.name
        if not agreement or agreement.requisition_type != "blanket_order":
            return self.env._("it names no blanket order.")
        if agreement.state != "confirmed":
            return self.env._("%s is not confirmed.", name)
        if agreement.company_id != self.company_id:
            return self.env._("%s belongs to another company.", name)
        if not vendor or vendor != self.partner_id.commercial_partner_id:
            return self.env._(
                "%(agreement)s is with %(vendor)s.",
                agreement=name,
                vendor=vendor.name or "–",
            )
        if agreement.currency_id != self.currency_id:
            return self.env._(
                "%(agreement)s is in %(currency)s.",
                agreement=name,
                currency=agreement.currency_id.name,
            )
        start, end = agreement.date_start, agreement.date_end
        if (start and today < start) or (end and today > end):
            return self.env._(
                "%(agreement)s is valid from %(start)s to %(end)s, not today.",
                agreement=name,
                start=start or "…",
                end=end or "…",
            )
        return None

    # ------------------------------------------------------------
    # What is called off
    # ------------------------------------------------------------

    def _jxc_sync_call_offs(self, confirming=False):
        """Take what these orders call off, or give back what they no longer do.

        The order lines keep what they took, in ``jxc_called_qty`` and
        ``jxc_called_amount``; all agreements of the batch are asked at once.

        :param confirming: count orders that are just being confirmed
        :raise UserError: an agreement does not suffice
        """
        orders = self.sudo()
        lines = orders.order_line.filtered(
            lambda line: (
                line.jxc_called_line_id
                or line.order_id.requisition_type == "blanket_order"
            )
        )
        if not lines:
            return
        agreements = lines.order_id.requisition_id | (
            lines.jxc_called_line_id.requisition_id
        )
        firsts = agreements.line_ids._jxc_first_lines()
        asked, amounts = defaultdict(float), defaultdict(float)
        todo = []
        for line in lines:
            was = line.jxc_called_line_id
            now, quantity, amount = line._jxc_called_off(firsts, confirming)
            values = {
                "jxc_called_line_id": now.id,
                "jxc_called_qty": quantity,
                "jxc_called_amount": amount,
            }
            if was == now and (quantity, amount) == (
                line.jxc_called_qty,
                line.jxc_called_amount,
            ):
                continue
            if was:
                asked[was.id] -= line.jxc_called_qty
                amounts[was.requisition_id.id] -= line.jxc_called_amount
            if now:
                asked[now.id] += quantity
                amounts[now.requisition_id.id] += amount
            todo.append((line, values))
        enforce = [] if is_history(self.env) else None
        agreed_lines = agreements.line_ids
        shortages = agreed_lines.browse(asked)._jxc_gate_take(
            {key: round(value, QTY_SCALE) for key, value in asked.items()}, enforce
        )
        if shortages:
            raise UserError(orders._jxc_quantity_message(shortages))
        shortages = agreements.browse(amounts)._jxc_gate_take(amounts, enforce)
        if shortages:
            raise UserError(orders._jxc_amount_message(shortages))
        for line, values in todo:
            line.write(values)

    def _jxc_quantity_message(self, shortages):
        texts = []
        for short in shortages:
            line = (
                self.env["purchase.requisition.line"].sudo().browse(short.resource_id)
            )
            unit = float(in_base(1, line.product_uom_id))
            # Without the slack of the gate.
            agreed = round(short.capacity, QTY_SCALE - 2)
            missing = short.used + short.asked - agreed
            texts.append(
                self.env._(
                    "%(agreement)s, %(product)s: agreed %(agreed)s %(unit)s, called off"
                    " %(called)s, asked %(asked)s, missing %(missing)s. Order less, or"
                    " have a purchase manager raise the agreed quantity.",
                    agreement=line.requisition_id.name,
                    product=line.product_id.display_name,
                    unit=line.product_uom_id.name,
                    agreed=f"{agreed / unit:.6g}",
                    called=f"{short.used / unit:.6g}",
                    asked=f"{short.asked / unit:.6g}",
                    missing=f"{missing / unit:.6g}",
                )
            )
        return "\n".join(texts)

    def _jxc_amount_message(self, shortages):
        texts = []
        for short in shortages:
            agreement = (
                self.env["purchase.requisition"].sudo().browse(short.resource_id)
            )
            currency = agreement.currency_id
            texts.append(
                self.env._(
                    "%(agreement)s: agreed %(agreed)s, called off %(called)s, asked"
                    " %(asked)s, missing %(missing)s. Order less, or have a purchase"
                    " manager raise the agreed amount.",
                    agreement=agreement.name,
                    agreed=format_amount(self.env, short.capacity, currency),
                    called=format_amount(self.env, short.used, currency),
                    asked=format_amount(self.env, short.asked, currency),
                    missing=format_amount(self.env, short.missing, currency),
                )
            )
        return "\n".join(texts)
