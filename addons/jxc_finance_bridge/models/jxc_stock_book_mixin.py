# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError


class JxcStockBookMixin(models.AbstractModel):
    """A ledger beside an account: one row for each amount booked, never changed.

    Rows are written only by :class:`jxc.stock.booking`, together with their entry; no
    group may create, change or delete them.
    """

    _name = "jxc.stock.book.mixin"
    _description = "Stock Ledger beside an Account"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, index=True)
    partner_id = fields.Many2one("res.partner", index="btree_not_null")
    product_id = fields.Many2one("product.product", required=True, index=True)
    quantity = fields.Float(
        digits="Product Unit", help="Change of the open quantity, in the product unit."
    )
    amount = fields.Monetary(required=True)
    role = fields.Selection(selection=[], string="Ledger", required=True)
    account_id = fields.Many2one("account.account", required=True, check_company=True)
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    document = fields.Char(help="The transfer, bill or invoice that caused it.")

    @api.depends("document", "product_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.document or row.move_id.name}"

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._(
                    "Rows of this ledger are never changed; later rows correct it."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Rows of this ledger are never deleted; later rows correct it.")
        )

    def action_open_entry(self):
        """The journal entry of this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.move_id.display_name,
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
