# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_amount

MANAGER = "purchase.group_purchase_manager"
#: What an agreement in force says besides its lines and its limit.
TERMS = {"company_id", "currency_id", "date_end", "date_start", "vendor_id"}


class PurchaseRequisition(models.Model):
    """A framework agreement that gives no more than what was agreed.

    Quantities are limited by the first line of each product, see
    ``purchase.requisition.line``; here the total amount is.
    """

    _name = "purchase.requisition"
    _inherit = ["purchase.requisition", "jxc.gate.mixin", "jxc.number.mixin"]

    jxc_amount_limit = fields.Monetary(
        string="Agreed Amount",
        help="Call-offs together never exceed it; untaxed, in the currency of the"
        " agreement. 0 limits the quantities only.",
    )
    jxc_amount_called = fields.Monetary(
        compute="_compute_jxc_amount_called",
        string="Called Off",
        help="Untaxed amount of the confirmed orders of this agreement.",
    )

    @api.depends("purchase_ids.order_line.jxc_called_amount")
    def _compute_jxc_amount_called(self):
        for agreement in self:
            lines = agreement.sudo().purchase_ids.order_line
            agreement.jxc_amount_called = sum(lines.mapped("jxc_called_amount"))

    @api.constrains("jxc_amount_limit")
    def _check_amount_limit(self):
        for agreement in self:
            if agreement.jxc_amount_limit < 0:
                raise ValidationError(
                    self.env._(
                        "%s: the agreed amount cannot be below zero.", agreement.name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """See :meth:`_jxc_check_may_bind` for agreements that are born in force."""
        agreements = super().create(vals_list)
        agreements._jxc_in_force()._jxc_check_may_bind()
        return agreements

    def write(self, vals):
        """Keep what was agreed while orders rely on it.

        :raise AccessError: a buyer changes the limit of an agreement in force, or puts
            one into force where direct purchases are limited
        :raise UserError: the limit falls below what is called off, or currency, vendor
            or company change while something is
        """
        in_force = self._jxc_in_force()
        if "jxc_amount_limit" in vals and in_force:
            in_force._jxc_check_manager()
            in_force._jxc_check_amount_lowered(vals["jxc_amount_limit"])
        if {"company_id", "currency_id", "vendor_id", "requisition_type"} & set(vals):
            self._jxc_check_not_called()
        if vals.get("state") == "draft":
            self._jxc_check_not_called()
        result = super().write(vals)
        now_in_force = self._jxc_in_force()
        if not TERMS & set(vals):
            now_in_force -= in_force
        now_in_force._jxc_check_may_bind()
        return result

    def _jxc_in_force(self):
        return self.filtered(
            lambda one: (
                one.state == "confirmed" and one.requisition_type == "blanket_order"
            )
        )

    def _jxc_check_may_bind(self):
        """An agreement stands for the step that direct purchases lack.

        So a buyer does not make it himself where the company limits them.

        :raise AccessError: the user is no purchase manager
        """
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        bound = self.filtered(
            lambda one: one.sudo().company_id.jxc_direct_policy != "free"
        )
        if bound:
            raise AccessError(
                self.env._(
                    "%(agreements)s: direct purchases are limited in %(company)s, so a"
                    " purchase manager confirms what orders are called off from.",
                    agreements=", ".join(bound.mapped("name")),
                    company=bound.company_id[:1].sudo().name,
                )
            )

    def _jxc_check_manager(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._(
                    "%s is in force: only purchase managers may change what was agreed."
                    "",
                    ", ".join(self.mapped("name")),
                )
            )

    def _jxc_check_not_called(self):
        """:raise UserError: naming agreement and orders"""
        called = self.sudo().filtered(
            lambda one: any(one.purchase_ids.order_line.mapped("jxc_called_line_id"))
        )
        for agreement in called:
            orders = agreement.purchase_ids.filtered(
                lambda one: one.state == "purchase"
            )
            raise UserError(
                self.env._(
                    "%(agreement)s: %(orders)s rely on what was agreed, so this cannot"
                    " change. Close the agreement and make a new one.",
                    agreement=agreement.name,
                    orders=", ".join(orders.mapped("name")),
                )
            )

    def _jxc_check_amount_lowered(self, limit):
        """Take what the limits lose through the gate; raise when it is called off."""
        lost = {}
        for agreement in self:
            called, old = agreement.jxc_amount_called, agreement.jxc_amount_limit
            if limit and not old and called > limit:
                raise UserError(agreement._jxc_amount_in_use_message(called))
            if limit and limit < old:
                lost[agreement.id] = agreement.currency_id.round(old - limit)
        for short in self._jxc_gate_take(lost):
            agreement = self.browse(short.resource_id)
            raise UserError(agreement._jxc_amount_in_use_message(short.used))

    def _jxc_amount_in_use_message(self, called):
        return self.env._(
            "%(agreement)s: %(called)s are called off, the agreed amount cannot become"
            " lower than that.",
            agreement=self.name,
            called=format_amount(self.env, called, self.currency_id),
        )

    def _jxc_gate_query(self) -> SQL:
        """Use is what confirmed orders call off; only an agreement in force gives."""
        return SQL(
            """
            SELECT agreement.id, called.amount AS used,
                   CASE WHEN agreement.state <> 'confirmed' THEN called.amount
                        WHEN COALESCE(agreement.jxc_amount_limit, 0) = 0 THEN NULL
                        ELSE agreement.jxc_amount_limit
                    END AS capacity
              FROM purchase_requisition agreement
             CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(line.jxc_called_amount), 0) AS amount
                     FROM purchase_requisition_line agreed
                     JOIN purchase_order_line line
                       ON line.jxc_called_line_id = agreed.id
                    WHERE agreed.requisition_id = agreement.id
                   ) called
             WHERE agreement.id = ANY(%s)
            """,
            list(self.ids),
        )
