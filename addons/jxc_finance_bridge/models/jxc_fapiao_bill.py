# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from .account_move_match import MATCHED

#: by how much tax that the vendor rounded item by item is off the rate of the whole:
#: at least, at most, and as a part of the amount
ROUNDED = (0.05, 1.0, 0.0005)


class JxcFapiao(models.Model):
    """Bills from tax invoices: drafted with the items, or found among those there."""

    _inherit = "jxc.fapiao"

    # Actions ------------------------------------------------------------------

    def action_draft_bill(self):
        """Make a draft vendor bill (or refund, of a red one) of received invoices.

        Each item becomes a line: product by the vendor's name or code, else as on the
        last bill; tax by rate. Tax of an invoice that is not special is not deductible
        and part of the cost. Untaxed amount and tax are those of the invoice, to the
        cent. An invoice without items becomes one line, with the tax that its amounts
        fit. Lines take the vendor's oldest receipts of their product without a bill.

        :raise AccessError: no right to keep bills
        :raise UserError: issued, void or booked ones, no vendor with the tax number,
            no purchase tax of a rate, or items that do not come to the total
        """
        self._check_keeper()
        bills = self.env["account.move"]
        for fapiao in self:
            if fapiao.direction != "in" or fapiao.is_void or fapiao.move_ids:
                raise UserError(
                    self.env._(
                        "%(number)s is issued, void or has a bill.",
                        number=fapiao.number,
                    )
                )
            bill = (
                self.env["account.move"]
                .with_company(fapiao.company_id)
                .create(fapiao._prepare_bill(fapiao._get_partner()))
            )
            bill._jxc_find_receipts()
            fapiao._tie_tax(bill)
            bill.filtered(lambda move: move.move_type in MATCHED)._jxc_match()
            fapiao.move_ids = [Command.link(bill.id)]
            bills |= bill
        return self._get_moves_action(bills)

    def action_match_bills(self):
        """Link invoices to the one bill that fits: same partner and total, or whose
        reference is the number; what is not certain is left to the screen.

        :return: a message with how many were linked
        :raise AccessError: no right to keep bills
        """
        self._check_keeper()
        linked = self._link_certain()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if linked else "warning",
                "message": self.env._(
                    "%(linked)s of %(all)s tax invoices were linked to their bills.",
                    linked=len(linked),
                    all=len(self),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _link_certain(self):
        """Link those whose bills or invoices are certain; return them."""
        linked = self.browse()
        for fapiao in self.filtered(lambda f: not f.is_void and not f.move_ids):
            moves = fapiao._propose_moves()
            if moves:
                fapiao.move_ids = [Command.set(moves.ids)]
                linked |= fapiao
        return linked

    def action_open_match(self):
        """Choose among the bills of the partner.

        :raise AccessError: no right to keep bills
        """
        self._check_keeper()
        self.ensure_one()
        wizard = self.env["jxc.fapiao.match"].create({"fapiao_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Match Bills"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open_moves(self):
        """The bills and invoices behind these tax invoices."""
        return self._get_moves_action(self.move_ids)

    def _get_moves_action(self, moves):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Bills and Invoices"),
            "res_model": "account.move",
            "domain": [("id", "in", moves.ids)],
            "view_mode": "list,form",
        }
        if len(moves) == 1:
            action.update(view_mode="form", res_id=moves.id)
        return action

    def _check_keeper(self):
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only who keeps bills can draft them."))
        # Not those of a company that the keeper does not work in.
        self.check_access("write")

    # Partner and bills --------------------------------------------------------

    def _find_partner(self):
        """The other side, by tax number."""
        self.ensure_one()
        vat = self.seller_vat if self.direction == "in" else self.buyer_vat
        if not vat:
            return self.env["res.partner"]
        return self.env["res.partner"].search(
            [
                ("vat", "in", (vat, f"CN{vat}")),
                ("parent_id", "=", False),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            limit=1,
        )

    def _get_partner(self):
        partner = self._find_partner()
        if not partner:
            raise UserError(
                self.env._(
                    "No vendor has the tax number %(vat)s (%(name)s).",
                    vat=self.seller_vat,
                    name=self.seller_name or "",
                )
            )
        return partner

    def _get_candidates_domain(self):
        """Bills or invoices of the other side that no tax invoice stands behind."""
        partner = self._find_partner()
        side = "in" if self.direction == "in" else "out"
        kind = "refund" if self.amount_total < 0 else "invoice"
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("move_type", "=", f"{side}_{kind}"),
                ("state", "!=", "cancel"),
                ("commercial_partner_id", "=", partner.commercial_partner_id.id),
                ("jxc_fapiao_ids", "=", False),
            ]
        )

    def _propose_moves(self):
        """The bills that are certainly those of this invoice, or none."""
        moves = self.env["account.move"].search(self._get_candidates_domain())
        named = moves.filtered(lambda move: self.number in (move.ref or ""))
        total = abs(self.amount_total)
        same = (named or moves).filtered(
            lambda move: move.currency_id.compare_amounts(move.amount_total, total) == 0
        )
        if len(same) == 1:
            return same
        whole = sum(named.mapped("amount_total"))
        if named and self.currency_id.compare_amounts(whole, total) == 0:
            return named
        return moves.browse()

    # Drafting -----------------------------------------------------------------

    def _prepare_bill(self, vendor):
        sign = -1 if self.amount_total < 0 else 1
        lines = self._prepare_bill_lines(vendor, sign)
        return {
            "move_type": "in_refund" if sign < 0 else "in_invoice",
            "company_id": self.company_id.id,
            "partner_id": vendor.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.date,
            "ref": self.number,
            "invoice_line_ids": [Command.create(values) for values in lines],
        }

    def _get_items(self):
        """The items, or the whole of an invoice without any as one."""
        if not self.line_ids:
            return self.line_ids.new(
                {
                    "name": self.number,
                    "quantity": 1.0,
                    "amount": self.amount_untaxed,
                    "amount_tax": self.amount_tax,
                    "rate": self._get_whole_rate(),
                }
            )
        amounts, taxes = (
            sum(self.line_ids.mapped(name)) for name in ("amount", "amount_tax")
        )
        if self.currency_id.compare_amounts(
            amounts, self.amount_untaxed
        ) or self.currency_id.compare_amounts(taxes, self.amount_tax):
            raise UserError(
                self.env._(
                    "The items of %(number)s come to %(items)s and tax of"
                    " %(items_tax)s, the invoice to %(total)s and tax of %(total_tax)s."
                    " Correct the items, or delete them to have one line of the whole.",
                    number=self.number,
                    items=self.currency_id.format(amounts),
                    items_tax=self.currency_id.format(taxes),
                    total=self.currency_id.format(self.amount_untaxed),
                    total_tax=self.currency_id.format(self.amount_tax),
                )
            )
        return self.line_ids

    def _get_whole_rate(self):
        """The rate of deductible tax that an invoice without items fits, or zero."""
        if not self._is_deductible():
            return 0.0
        least, most, part = ROUNDED
        limit = min(most, max(least, abs(self.amount_untaxed) * part))
        differences = {
            tax.amount: abs(self.amount_tax - self.amount_untaxed * tax.amount / 100)
            for tax in self._find_purchase_taxes()
        }
        rate = min(differences, key=differences.get, default=0.0)
        if not rate or self.currency_id.compare_amounts(differences[rate], limit) > 0:
            raise UserError(
                self.env._(
                    "%(number)s has no items, and tax of %(tax)s on %(amount)s fits no"
                    " purchase tax of %(company)s. Enter the items with their rates.",
                    number=self.number,
                    tax=self.currency_id.format(self.amount_tax),
                    amount=self.currency_id.format(self.amount_untaxed),
                    company=self.company_id.name,
                )
            )
        return rate

    def _is_deductible(self):
        return self.kind == "special" and not self.currency_id.is_zero(self.amount_tax)

    def _prepare_bill_lines(self, vendor, sign):
        items = self._get_items()
        products = self._match_products(vendor, items)
        taxes = self._get_taxes(items)
        result = []
        for line in items:
            product = products[line]
            amount = line.amount if taxes[line] else line.amount + line.amount_tax
            quantity = abs(line.quantity) or 1.0
            values = {
                "name": " ".join(filter(None, (line.name, line.spec))),
                "quantity": quantity,
                "price_unit": amount * sign / quantity,
                "discount": 0.0,
                "tax_ids": [Command.set(taxes[line].ids)],
            }
            if product:
                uom = self._match_uom(line, product)
                values.update(product_id=product.id, product_uom_id=uom.id)
            result.append(values)
        return result

    def _find_purchase_taxes(self):
        return self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(self.company_id),
                ("type_tax_use", "=", "purchase"),
                ("amount_type", "=", "percent"),
                ("price_include", "=", False),
            ]
        )

    def _get_taxes(self, items):
        """{item: its purchase tax, empty where tax is not deducted}."""
        taxes = self._find_purchase_taxes()
        result = {}
        for line in items:
            result[line] = taxes.browse()
            if self.kind != "special" or line.is_exempt or not line.amount_tax:
                continue
            # SQL cannot compare the floats of both sides exactly
            found = taxes.filtered(
                lambda t, line=line: abs(t.amount - line.rate) < 1e-6
            )
            if not found:
                raise UserError(
                    self.env._(
                        "%(number)s: %(company)s has no purchase tax of %(rate)s %%,"
                        " which “%(item)s” needs. The set-up check of finance makes"
                        " missing ones.",
                        number=self.number,
                        company=self.company_id.name,
                        rate=f"{line.rate:g}",
                        item=line.name,
                    )
                )
            result[line] = found[:1]
        return result

    def _match_uom(self, line, product):
        """The unit the vendor wrote, where it is one of the product's family."""
        units = product.uom_id | product.uom_ids
        found = units.filtered(lambda uom: uom.name == line.unit)[:1]
        return found or product.uom_id

    def _match_products(self, vendor, items):
        """{item: product or none}: chosen on the item, the vendor's own name or code,
        the last bill, the only product of that name or code."""
        names = {}
        for line in items:
            names[line] = {line.name, line._get_plain_name(), line.spec} - {False, ""}
        wanted = list(set().union(*names.values()))
        offers = self.env["product.supplierinfo"].search(
            [
                ("partner_id", "child_of", vendor.commercial_partner_id.id),
                ("company_id", "in", (self.company_id.id, False)),
                "|",
                ("product_name", "in", wanted),
                ("product_code", "in", wanted),
            ]
        )
        known = {}
        for product in self._find_by_name(wanted):
            for text in (product.name, product.default_code):
                known[text] = product if text not in known else known[text].browse()
        earlier = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("move_id.move_type", "in", ("in_invoice", "in_refund")),
                ("partner_id", "child_of", vendor.commercial_partner_id.id),
                ("product_id", "!=", False),
                ("name", "in", wanted),
            ],
            order="date, id",
        )
        known |= {line.name: line.product_id for line in earlier}
        for offer in offers:
            product = offer.product_id or offer.product_tmpl_id.product_variant_id
            known |= dict.fromkeys((offer.product_name, offer.product_code), product)
        none = self.env["product.product"]
        return {
            line: line.product_id
            or next((known[n] for n in names[line] if known.get(n)), none)
            for line in items
        }

    def _find_by_name(self, wanted):
        return self.env["product.product"].search(
            [
                ("company_id", "in", (self.company_id.id, False)),
                "|",
                ("name", "in", wanted),
                ("default_code", "in", wanted),
            ]
        )

    def _tie_tax(self, bill):
        """Book the tax the vendor wrote: he rounds by item, the platform by rate."""
        sign = -1 if self.amount_total < 0 else 1
        taxes = self._get_taxes(self._get_items())
        wanted = {}
        for line, tax in taxes.items():
            if tax:
                wanted[tax] = wanted.get(tax, 0.0) + sign * line.amount_tax
        updates = []
        direction = 1 if bill.move_type == "in_invoice" else -1
        for tax, amount in wanted.items():
            own = bill.line_ids.filtered(lambda line, tax=tax: line.tax_line_id == tax)
            rest = amount - direction * sum(own.mapped("amount_currency"))
            if own and not bill.currency_id.is_zero(rest):
                value = own[0].amount_currency + direction * rest
                updates.append(Command.update(own[0].id, {"amount_currency": value}))
        if updates:
            bill.write({"line_ids": updates})
