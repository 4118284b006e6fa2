# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

#: Written by the actions only, never by a client.
SERVER_FIELDS = frozenset(
    {
        "accepted_at",
        "accepted_by_id",
        "exchange_order_ids",
        "invoice_ids",
        "is_to_settle",
        "picking_ids",
        "promotion_loss",
        "receipt_ids",
        "scrap_ids",
        "settlement_ids",
        "state",
    }
)
#: Settled when the return is confirmed.
SETTLED_FIELDS = {
    "allocation_order",
    "company_id",
    "date",
    "exchange_first",
    "name",
    "partner_id",
    "picking_id",
    "reason_id",
}


class JxcSaleReturn(models.Model):
    """Returns and exchanges (退换货): what a customer gives back, and gets instead.

    One document from the promise to take goods back to the money: which deliveries they
    come from, what became of them, what replaces them, and the invoice or credit note
    over the difference. Goods move by the platform's return pickings, replacements are
    an order of the platform, so that stock, cost, credit and invoices follow as always.
    """

    _name = "jxc.sale.return"
    _description = "Return and Exchange"
    _inherit = ["jxc.server.fields.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = SERVER_FIELDS

    name = fields.Char(
        string="Number",
        default="/",
        copy=False,
        index="trigram",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id",
        string="Company Currency",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        index=True,
        default=lambda self: self.env.user,
        check_company=True,
        tracking=True,
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        copy=False,
    )
    reason_id = fields.Many2one(
        comodel_name="jxc.sale.return.reason",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    note = fields.Text()
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Original Delivery",
        check_company=True,
        domain="[('state', '=', 'done'), ('picking_type_code', '=', 'outgoing'),"
        " ('partner_id', 'child_of', partner_id)]",
        help="Empty: the customer does not say; past deliveries are looked through.",
    )
    allocation_order = fields.Selection(
        selection=[("newest", "Newest delivery first"), ("oldest", "Oldest first")],
        string="Looks Through",
        required=True,
        default=lambda self: self.env.company.jxc_return_allocation,
        help="Which deliveries the goods are taken to come from, when none is named.",
    )
    exchange_first = fields.Boolean(
        string="Replace at Once",
        help="The replacement is ordered on confirmation, before the goods are back.",
    )
    line_ids = fields.One2many(
        comodel_name="jxc.sale.return.line",
        inverse_name="return_id",
        string="Lines",
        copy=True,
    )
    line_in_ids = fields.One2many(
        comodel_name="jxc.sale.return.line",
        inverse_name="return_id",
        string="Comes Back",
        domain=[("direction", "=", "in")],
        copy=False,
    )
    line_out_ids = fields.One2many(
        comodel_name="jxc.sale.return.line",
        inverse_name="return_id",
        string="Replaced By",
        domain=[("direction", "=", "out")],
        copy=False,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("confirmed", "Waiting for Goods"),
            ("accepted", "Goods Accepted"),
            ("done", "Settled"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    accepted_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Accepted by",
        readonly=True,
        copy=False,
    )
    accepted_at = fields.Datetime(
        string="Accepted on",
        readonly=True,
        copy=False,
    )
    receipt_ids = fields.One2many(
        comodel_name="stock.picking",
        inverse_name="jxc_sale_return_id",
        string="Return Transfers",
        readonly=True,
        copy=False,
    )
    exchange_order_ids = fields.One2many(
        comodel_name="sale.order",
        inverse_name="jxc_sale_return_id",
        string="Replacement Orders",
        readonly=True,
        copy=False,
    )
    settlement_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="jxc_sale_return_id",
        string="Settled By",
        readonly=True,
        copy=False,
    )
    amount_returned = fields.Monetary(
        string="Value of Goods",
        compute="_compute_amounts",
        currency_field="company_currency_id",
        help="What the customer was charged for it, tax included.",
    )
    amount_replaced = fields.Monetary(
        string="Replacement",
        compute="_compute_amounts",
        currency_field="company_currency_id",
        help="Tax included, company currency.",
    )
    amount_difference = fields.Monetary(
        string="Difference",
        compute="_compute_amounts",
        currency_field="company_currency_id",
        help="What the customer pays on top; below zero: gets back.",
    )

    # -- computing ----------------------------------------------------------------

    @api.depends(
        "state",
        "partner_id",
        "picking_id",
        "allocation_order",
        "line_ids.amount",
        "line_ids.product_id",
        "line_ids.product_uom_qty",
        "line_ids.product_uom_id",
        "line_ids.lot_id",
        "line_ids.price_unit",
    )
    def _compute_amounts(self):
        for back in self:
            if back.state == "draft":
                shares = back._plan().shares.values()
                back.amount_returned = sum(
                    share.amount for line_shares in shares for share in line_shares
                )
            else:
                back.amount_returned = sum(back.line_ids.mapped("amount"))
            back.amount_replaced = back._replaced()
            back.amount_difference = back.amount_replaced - back.amount_returned

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """What has no number yet is new, also in the title of the page."""
        unnumbered = self.filtered(lambda back: (back.name or "/") == "/")
        unnumbered.display_name = self.env._("New")
        return super(JxcSaleReturn, self - unnumbered)._compute_display_name()

    def _state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    # -- guards -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                sequences = self.env["ir.sequence"].with_company(company)
                vals["name"] = sequences.next_by_code("jxc.sale.return") or "/"
        return super().create(vals_list)

    def write(self, vals):
        if SETTLED_FIELDS & set(vals) and not self.env.su:
            self._check_states("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        for back in self:
            if back.state not in ("draft", "cancelled") or back.sudo().receipt_ids:
                raise UserError(
                    self.env._(
                        "%(return)s is “%(state)s” and stays for the record. Cancel it"
                        " instead.",
                        **{"return": back.name},
                        state=back._state_label(),
                    )
                )

    def _check_states(self, *states):
        """:raise UserError: naming the return and its status"""
        self.check_access("read")
        names = dict(self._fields["state"]._description_selection(self.env))
        for back in self:
            if back.state not in states:
                raise UserError(
                    self.env._(
                        "%(return)s is “%(state)s”; this is for returns that are:"
                        " %(states)s.",
                        **{"return": back.name},
                        state=back._state_label(),
                        states=", ".join(names[one] for one in states),
                    )
                )
