# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math
from collections import defaultdict
from fractions import Fraction

from odoo import models
from odoo.exceptions import AccessError, UserError

from ..tools.coverage import in_base


class PurchaseOrder(models.Model):
    """Awarding a tender line by line (定标)."""

    _inherit = "purchase.order"

    def action_jxc_award(self, awards):
        """Award products of this order's tender to vendors, whole or split.

        Each product that is named gets the quantities given; its other quotations lose
        and are set to zero. RFQs with nothing left are cancelled. Everything that was
        compared goes on record, see ``jxc.purchase.award``.

        :param awards: list of dicts: ``line_id`` of an order line of the tender,
            ``quantity`` in the unit of that line, ``reason`` why not the cheapest one
        :return: True
        :raise AccessError: the user is no buyer, or may not change an RFQ
        :raise UserError: too few vendors answered, a line is no open quotation of this
            tender, more is awarded than needed or offered, or the reason is missing
        """
        self.ensure_one()
        if not self._jxc_may_award():
            raise AccessError(self.env._("Only purchase users award tenders."))
        self._jxc_check_enough_quotes()
        orders = self._jxc_tender_orders()
        orders.check_access("write")
        wanted = self._jxc_read_awards(awards, orders)
        rows = self._jxc_award_rows(orders, wanted)
        vendors = orders.partner_id.commercial_partner_id.sudo()
        scores = vendors._jxc_vendor_score(self.company_id)
        vals_list = []
        for lines in rows:
            vals_list += self._jxc_award_row(lines, wanted, scores)
        # Nobody writes them by hand.
        self.env["jxc.purchase.award"].sudo().create(vals_list)
        self._jxc_apply_awards(rows, wanted)
        return True

    def action_jxc_confirm_awarded(self):
        """Confirm the orders of this tender that were awarded something.

        :return: True, or what the confirmation of the platform returns
        """
        self.ensure_one()
        orders = self._jxc_tender_orders()
        awards = self.env["jxc.purchase.award"]._last_of(orders.order_line)
        lines = [line.id for line, award in awards.items() if award.is_winner]
        chosen = self.env["purchase.order.line"].browse(lines).order_id
        chosen = chosen.filtered(lambda one: one.state in ("draft", "sent"))
        if not chosen:
            raise UserError(
                self.env._("%s: nothing is awarded that could be confirmed.", self.name)
            )
        # The award has said already what happens to the alternatives.
        return chosen.with_context(skip_alternative_check=True).button_confirm()

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _jxc_read_awards(self, awards, orders):
        """Return ``{order line: (quantity, reason)}`` of what a client sent.

        :raise UserError: a line is none of the tender, or a quantity is below zero
        """
        lines = {line.id: line for line in orders._jxc_mode_lines()}
        wanted = {}
        for award in awards if isinstance(awards, list | tuple) else [None]:
            award = award if isinstance(award, dict) else {}
            line_id = award.get("line_id")
            line = isinstance(line_id, int) and lines.get(line_id)
            quantity = _number(award.get("quantity"))
            if not line or quantity is None or quantity < 0:
                raise UserError(
                    self.env._(
                        "%s: an award names a line of the tender and a quantity that is"
                        " not below zero.",
                        self.name,
                    )
                )
            wanted[line] = (quantity, str(award.get("reason") or "").strip())
        if not any(quantity for quantity, _reason in wanted.values()):
            raise UserError(
                self.env._("%s: enter what each vendor is to deliver.", self.name)
            )
        return wanted

    def _jxc_award_rows(self, orders, wanted):
        """Return the compared lines of each product of which something is awarded."""
        rows = defaultdict(self.env["purchase.order.line"].browse)
        for order in orders:
            seen = defaultdict(int)
            for line in order._jxc_mode_lines().sorted("id"):
                rows[line.product_id, seen[line.product_id]] |= line
                seen[line.product_id] += 1
        return [
            lines
            for lines in rows.values()
            if any(line in wanted and wanted[line][0] for line in lines)
        ]

    def _jxc_award_row(self, lines, wanted, scores):
        """Check the award of one product; return the values of its records."""
        # A cheap offer counts also when its RFQ was cancelled meanwhile.
        offers = lines.filtered(
            lambda line: line.order_id.jxc_quoted_on and line.jxc_quoted_price
        )
        prices = {line: line._jxc_comparable_price() for line in offers}
        best = min(prices.values(), default=0.0)
        ordered = lines.filtered(lambda line: line.state in ("to approve", "purchase"))
        total = sum(
            (in_base(line.product_qty, line.product_uom_id) for line in ordered),
            Fraction(0),
        )
        reasons = [wanted[line][1] for line in lines if line in wanted]
        reason = next(filter(None, reasons), "")
        for line in lines:
            quantity = wanted.get(line, (0.0, ""))[0]
            if not quantity:
                continue
            line._jxc_check_awardable(quantity, offers)
            total += in_base(quantity, line.product_uom_id)
            if prices[line] > best + 1e-6 and not reason:
                raise UserError(
                    self.env._(
                        "%(product)s: %(vendor)s is not the cheapest one. Give the"
                        " reason for this award.",
                        product=line.product_id.display_name,
                        vendor=line.partner_id.name,
                    )
                )
        needed = max(line._jxc_needed() for line in lines)
        if total > needed:
            unit = lines[:1].product_id.uom_id
            base = in_base(1, unit)
            raise UserError(
                self.env._(
                    "%(product)s: %(awarded)s %(unit)s would be awarded, but only"
                    " %(needed)s are needed.",
                    product=lines[:1].product_id.display_name,
                    awarded=f"{float(total / base):g}",
                    needed=f"{float(needed / base):g}",
                    unit=unit.name,
                )
            )
        return [
            line._prepare_award_values(
                wanted.get(line, (0.0, ""))[0],
                prices[line],
                best,
                needed,
                reason,
                scores,
            )
            for line in offers
        ]

    def _jxc_apply_awards(self, rows, wanted):
        """Set the RFQs to what was awarded; cancel those with nothing left."""
        changed = self.browse()
        for lines in rows:
            for line in lines:
                order = line.order_id
                if order.state not in ("draft", "sent"):
                    continue
                quantity = wanted.get(line, (0.0, ""))[0]
                line.write(line._prepare_awarded_values(quantity))
                changed |= order
        changed.filtered(
            lambda order: not any(order._jxc_mode_lines().mapped("product_qty"))
        ).button_cancel()


def _number(value):
    """Return what a client sent as a finite number, or None."""
    try:
        number = float(value or 0.0)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
