# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.arguments import text_of

from ..tools.language import in_company_lang

EXCUSERS = "jxc_base.group_credit_manager"


class JxcCreditUnordered(models.Model):
    """Goods that left for a customer without an order, and what they are worth.

    One record for each such stock move, kept by the server: the move tells how much
    left, its returns how much came back. What of it is billed is not kept, but read
    from the invoices, see jxc_credit_unordered_query.py.
    """

    _name = "jxc.credit.unordered"
    _description = "Goods Delivered without Order"
    _order = "id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one(
        comodel_name="stock.move",
        string="Goods",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    picking_id = fields.Many2one(related="move_id.picking_id", string="Delivery")
    date = fields.Datetime(related="move_id.date", string="Left On", help=None)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit", help=None)
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What left, less what came back of it, in the product's own unit.",
    )
    unit_worth = fields.Float(
        string="Worth of One",
        readonly=True,
        help="By the customer's price list when the goods left, tax included.",
    )
    amount_delivered = fields.Monetary(
        string="Not Invoiced",
        compute="_compute_amounts",
        compute_sudo=True,
    )
    amount_draft = fields.Monetary(
        string="On Draft Invoices",
        compute="_compute_amounts",
        compute_sudo=True,
    )
    excused_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Taken Out By",
        readonly=True,
        ondelete="restrict",
    )
    excused_on = fields.Datetime(string="Taken Out On", readonly=True)
    excuse = fields.Char(string="Billed Otherwise", readonly=True)

    _move_uniq = models.UniqueIndex(
        "(move_id)",
        "Goods that left are counted once.",
    )
    # Exactly the condition of the exposure query.
    _counted_idx = models.Index(
        "(partner_id, company_id, product_id) WHERE excused_by_id IS NULL"
    )

    @api.depends("quantity", "unit_worth", "excused_by_id")
    def _compute_amounts(self):
        rows = {row.id: row for row in self._jxc_open_rows(self.partner_id.ids)}
        for goods in self:
            row = rows.get(goods._origin.id)
            goods.amount_delivered = row.delivered if row else 0.0
            goods.amount_draft = row.draft if row else 0.0

    # -- billed otherwise ---------------------------------------------------------

    def action_excuse(self, reason):
        """Take goods out of the exposure: they are billed in another way.

        :param str reason: kept with the goods and on the credit account
        :raise AccessError: the user is not a credit manager
        :raise UserError: without a reason, or for goods taken out already
        """
        self._jxc_check_excuser()
        reason = text_of(reason)
        if not reason:
            raise UserError(self.env._("Say how these goods are billed."))
        if self.filtered("excused_by_id"):
            raise UserError(self.env._("These goods do not count already."))
        before = self._jxc_amounts_by_customer()
        # The right was checked; nobody may write the records themselves.
        self.sudo().write(
            {
                "excused_by_id": self.env.uid,
                "excused_on": fields.Datetime.now(),
                "excuse": reason,
            }
        )
        self._jxc_tell_account(before, reason)
        self.env["jxc.credit.account"]._jxc_judge_holds_soon()
        return True

    def action_count(self):
        """Count goods again that had been taken out of the exposure.

        Nothing is refused for it: the goods left long ago.

        :raise AccessError: the user is not a credit manager
        """
        self._jxc_check_excuser()
        excused = self.filtered("excused_by_id")
        excused.sudo().write(
            {"excused_by_id": False, "excused_on": False, "excuse": False}
        )
        excused._jxc_tell_account(excused._jxc_amounts_by_customer(), False)
        return True

    def action_ask_excuse(self):
        """Open the question how these goods are billed."""
        self._jxc_check_excuser()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Billed Otherwise"),
            "res_model": "jxc.credit.unordered.excuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_goods_ids": self.ids},
        }

    def _jxc_check_excuser(self):
        """:raise AccessError: the user may not see these goods, or not take them out"""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(EXCUSERS):
            raise AccessError(
                self.env._(
                    "Goods delivered without order are taken out of the exposure by"
                    " credit managers."
                )
            )

    def _jxc_amounts_by_customer(self):
        """{(customer, company): what these goods count there, company currency}"""
        self.invalidate_recordset(["amount_delivered", "amount_draft"])
        return {
            customer: sum(goods.mapped("amount_delivered"))
            + sum(goods.mapped("amount_draft"))
            for customer, goods in self.sudo()
            .grouped(lambda one: (one.partner_id, one.company_id))
            .items()
        }

    def _jxc_tell_account(self, amounts, reason):
        """Keep on the credit accounts who took goods out, or counts them again.

        :param amounts: as :meth:`_jxc_amounts_by_customer`
        :param reason: False where they count again
        """
        accounts = self.env["jxc.credit.account"]._jxc_accounts_of(
            (partner.commercial_partner_id.id, company.id)
            for partner, company in amounts
        )
        # A race with an invoice over the same goods is repeated.
        self._jxc_hold(accounts.values())
        for (partner, company), amount in amounts.items():
            account = accounts.get((partner.commercial_partner_id.id, company.id))
            if not account:
                continue
            kept = in_company_lang(account)
            goods = self.sudo().filtered(
                lambda one, partner=partner: one.partner_id == partner
            )
            names = ", ".join(
                goods.picking_id.mapped("name") or goods.move_id.mapped("reference")
            )
            money = kept._jxc_money(amount)
            account.with_env(self.env).sudo().message_post(
                body=kept.env._(
                    "%(goods)s for %(amount)s do not count any more, they are billed"
                    " otherwise: %(reason)s",
                    goods=names,
                    amount=money,
                    reason=reason,
                )
                if reason
                else kept.env._(
                    "%(goods)s for %(amount)s count again.", goods=names, amount=money
                )
            )
