# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain

#: The documents of a return, and the fields they come by.
DOCUMENTS = {
    "picking_ids": ("receipt_ids", "exchange_order_ids.picking_ids"),
    "invoice_ids": ("settlement_ids", "exchange_order_ids.invoice_ids"),
}


class JxcSaleReturn(models.Model):
    """All transfers and invoices of a return, those of its replacement included.

    Whatever comes later, as a backorder or an invoice over the rest, is among them.
    """

    _inherit = "jxc.sale.return"

    picking_ids = fields.Many2many(
        comodel_name="stock.picking",
        string="Transfers",
        compute="_compute_documents",
        compute_sudo=True,
        search="_search_picking_ids",
        help="What brings the goods back, and what delivers their replacement.",
    )
    invoice_ids = fields.Many2many(
        comodel_name="account.move",
        string="Invoices and Credit Notes",
        compute="_compute_documents",
        compute_sudo=True,
        search="_search_invoice_ids",
        help="What settles the return, and what else bills its replacement.",
    )
    scrap_ids = fields.One2many(
        comodel_name="stock.scrap",
        inverse_name="jxc_sale_return_id",
        string="Scrapped",
        readonly=True,
        copy=False,
    )
    picking_count = fields.Integer(compute="_compute_counts")
    exchange_count = fields.Integer(compute="_compute_counts")
    invoice_count = fields.Integer(compute="_compute_counts")
    scrap_count = fields.Integer(compute="_compute_counts")

    @api.depends(
        "receipt_ids",
        "settlement_ids",
        "exchange_order_ids.picking_ids",
        "exchange_order_ids.invoice_ids",
    )
    def _compute_documents(self):
        for back in self:
            for name, (own, of_replacement) in DOCUMENTS.items():
                back[name] = back[own] | back.mapped(of_replacement)

    def _search_picking_ids(self, operator, value):
        return self._search_documents("picking_ids", operator, value)

    def _search_invoice_ids(self, operator, value):
        return self._search_documents("invoice_ids", operator, value)

    def _search_documents(self, name, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain.OR(Domain(path, operator, value) for path in DOCUMENTS[name])

    @api.depends("picking_ids", "exchange_order_ids", "invoice_ids", "scrap_ids")
    def _compute_counts(self):
        # Salespeople may not see every transfer and invoice, but that there are some.
        for back, known in zip(self, self.sudo(), strict=True):
            back.picking_count = len(known.picking_ids)
            back.exchange_count = len(known.exchange_order_ids)
            back.invoice_count = len(known.invoice_ids)
            back.scrap_count = len(known.scrap_ids)

    # -- opening ------------------------------------------------------------------

    def action_open_pickings(self):
        """Open the transfers of these returns, and of what replaces the goods."""
        return self._open(self.env._("Transfers"), self.sudo().picking_ids)

    def action_open_orders(self):
        """Open the orders that replace goods of these returns."""
        name = self.env._("Replacement Orders")
        return self._open(name, self.sudo().exchange_order_ids)

    def action_open_invoices(self):
        """Open the invoices and credit notes of these returns and replacements."""
        name = self.env._("Invoices and Credit Notes")
        return self._open(name, self.sudo().invoice_ids)

    def action_open_scraps(self):
        """Open the scrap orders of these returns."""
        return self._open(self.env._("Scrapped"), self.sudo().scrap_ids)

    def _open(self, name, documents):
        self.check_access("read")
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": documents._name,
            "view_mode": "list,form",
            "domain": [("id", "in", documents.ids)],
            "context": {"create": False},
        }
        if len(documents) == 1:
            action.update(view_mode="form", res_id=documents.id)
        return action


class SaleReturnDocument(models.AbstractModel):
    """A document that leads back to the returns it is part of."""

    _name = "jxc.sale.return.document"
    _description = "Document of a Return"

    jxc_return_count = fields.Integer(
        string="Customer Returns",
        compute="_compute_jxc_return_count",
    )

    def _jxc_sale_returns(self):
        """Return ``{document: jxc.sale.return}`` with superuser rights: hook."""
        raise NotImplementedError

    def _compute_jxc_return_count(self):
        # How many there are is no secret; opening them is subject to their rules.
        found = self._jxc_sale_returns()
        for document in self:
            document.jxc_return_count = len(found[document])

    def action_jxc_open_returns(self):
        """Open the returns that this document belongs to."""
        self.ensure_one()
        self.check_access("read")
        returns = self._jxc_sale_returns()[self]
        return returns._open(self.env._("Returns and Exchanges"), returns)


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "jxc.sale.return.document"]

    @api.depends("jxc_sale_return_id", "sale_id", "move_ids")
    def _compute_jxc_return_count(self):
        super()._compute_jxc_return_count()

    def _jxc_sale_returns(self):
        """Those it brings goods for, replaces goods of, and those of what it sent."""
        shares = self.env["jxc.sale.return.allocation"].sudo()
        returned = {
            move: lines.return_id
            for move, lines in shares._read_group(
                [("move_id", "in", self.sudo().move_ids.ids)],
                ["move_id"],
                ["line_id:recordset"],
            )
        }
        found = {}
        for picking, known in zip(self, self.sudo(), strict=True):
            found[picking] = known.jxc_sale_return_id.union(
                known.sale_id.jxc_sale_return_id,
                *(returned[move] for move in known.move_ids if move in returned),
            )
        return found


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "jxc.sale.return.document"]

    @api.depends("jxc_sale_return_id", "line_ids.sale_line_ids")
    def _compute_jxc_return_count(self):
        super()._compute_jxc_return_count()

    def _jxc_sale_returns(self):
        """Those it settles, and those whose replacement it bills."""
        return {
            move: known.jxc_sale_return_id
            | known.line_ids.sale_line_ids.order_id.jxc_sale_return_id
            for move, known in zip(self, self.sudo(), strict=True)
        }
