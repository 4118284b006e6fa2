# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Which orders a posted invoice bills stays as it was posted.

    What an order still brings to its customer's exposure follows from it.
    """

    _inherit = "account.move.line"

    def write(self, vals):
        """Keep what is posted with its orders.

        :raise UserError: naming the invoices
        """
        if "sale_line_ids" in vals and not self.env.su:
            self._jxc_check_order_links(vals["sale_line_ids"])
        return super().write(vals)

    def _jxc_check_order_links(self, value):
        """:raise UserError: posted lines would bill other order lines than now"""
        field = self._fields["sale_line_ids"]
        moved = self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and set(field.convert_to_cache(value, line, validate=False))
                != set(line.sudo().sale_line_ids.ids)
            )
        )
        if moved:
            raise UserError(
                self.env._(
                    "%(invoices)s is posted: which orders it bills stays. Reset it to"
                    " draft, or credit it and invoice the order.",
                    invoices=", ".join(moved.move_id.mapped("display_name")),
                )
            )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Let nothing but sales documents bill orders.

        The platform takes quantities on a vendor's credit note as posted, and not as
        invoiced, which made an order owe less than nothing.

        :raise UserError: naming the documents
        """
        others = self.filtered(
            lambda move: not move.is_sale_document(include_receipts=True)
        )
        linked = others.sudo().line_ids.filtered("sale_line_ids").move_id
        if linked:
            raise UserError(
                self.env._(
                    "%(documents)s: only customer invoices and credit notes bill sales"
                    " orders.",
                    documents=", ".join(linked.mapped("display_name")),
                )
            )
        return super()._post(soft)
