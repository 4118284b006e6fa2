# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class JxcPurchaseAward(models.Model):
    """What a vendor quoted in a tender, and what he was awarded of it (定标记录).

    An award writes one record for each quotation it compared, also for those that got
    nothing. Records are made by ``purchase.order.action_jxc_award`` only and never
    change; a later award is another record, and the last one of an order line counts.
    """

    _name = "jxc.purchase.award"
    _description = "Tender Award"
    _order = "id desc"
    _rec_name = "order_name"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Awarded by",
        required=True,
        readonly=True,
    )
    decided_at = fields.Datetime(
        string="Awarded on",
        required=True,
        readonly=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        comodel_name="purchase.order",
        string="RFQ",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    order_line_id = fields.Many2one(
        comodel_name="purchase.order.line",
        string="RFQ Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    order_name = fields.Char(
        string="RFQ Number",
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    quantity_needed = fields.Float(
        string="Needed",
        digits="Product Unit",
        readonly=True,
        help="In the unit of the quotation.",
    )
    quantity = fields.Float(
        string="Awarded",
        digits="Product Unit",
        readonly=True,
        help="0 when another vendor got it.",
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    price_unit = fields.Float(
        string="Quoted Price",
        digits="Product Price",
        readonly=True,
        help="Per unit of the quotation, less discount, in its currency.",
    )
    price_untaxed = fields.Float(
        string="Untaxed Price",
        digits="Product Price",
        readonly=True,
        help="The quoted price less the taxes that are part of it.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        readonly=True,
    )
    price_company = fields.Float(
        string="Comparable Price",
        digits="Product Price",
        readonly=True,
        aggregator="avg",
        help="Untaxed, per unit of the product, in company currency.",
    )
    date_planned = fields.Date(
        string="Promised",
        readonly=True,
    )
    vendor_score = fields.Float(
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="The vendor's score at the time; 0 when there was none.",
    )
    is_winner = fields.Boolean(
        readonly=True,
    )
    is_cheapest = fields.Boolean(
        readonly=True,
    )
    reason = fields.Text(
        readonly=True,
        help="Why not the cheapest one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Awards are made by the comparison only.

        :raise AccessError: a client creates one
        """
        if not self.env.su:
            raise AccessError(
                self.env._("Tenders are awarded on their comparison, not by hand.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._(
                    "Awards are a record of what was decided; they never change."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Awards are a record of what was decided; they are never deleted."
            )
        )

    @api.model
    def _last_of(self, order_lines):
        """Return ``{order line: the award that counts}``."""
        found = self._read_group(
            [("order_line_id", "in", order_lines.ids)], ["order_line_id"], ["id:max"]
        )
        return {line: self.browse(last) for line, last in found}
