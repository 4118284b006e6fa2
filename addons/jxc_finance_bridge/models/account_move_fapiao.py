# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

#: the platform's own field for the number of a tax invoice, which holds 8 digits
PLATFORM = "fapiao"


class AccountMove(models.Model):
    _inherit = "account.move"

    jxc_fapiao_ids = fields.Many2many(
        comodel_name="jxc.fapiao",
        relation="jxc_fapiao_move_rel",
        column1="move_id",
        column2="fapiao_id",
        string="Tax Invoices",
        copy=False,
    )
    jxc_fapiao_count = fields.Integer(
        string="Tax Invoice Count",
        compute="_compute_jxc_fapiao_count",
        # Salespeople open invoices, too; they see how many, not which.
        compute_sudo=True,
    )
    jxc_fapiao_numbers = fields.Char(
        string="Tax Invoice Numbers",
        compute="_compute_jxc_fapiao_numbers",
        compute_sudo=True,
        help="Whole, as the register of tax invoices has them.",
    )
    fapiao = fields.Char(
        compute="_compute_fapiao",
        store=True,
        readonly=True,
        help="The 8 digits behind the code of an old invoice, out of the register of"
        " tax invoices. Numbers of 20 digits are not cut for it.",
    )

    @api.depends("jxc_fapiao_ids.number", "jxc_fapiao_ids.is_void")
    def _compute_jxc_fapiao_numbers(self):
        for move in self:
            valid = move.jxc_fapiao_ids.filtered(lambda fapiao: not fapiao.is_void)
            move.jxc_fapiao_numbers = ", ".join(sorted(valid.mapped("number"))) or False

    @api.depends("jxc_fapiao_ids.number", "jxc_fapiao_ids.is_void")
    def _compute_fapiao(self):
        """What was typed before there was a register stays until there is an entry:
        nothing of a bill makes it computed before that."""
        for move in self:
            valid = move.jxc_fapiao_ids.filtered(lambda fapiao: not fapiao.is_void)
            number = valid.number if len(valid) == 1 else ""
            move.fapiao = number.partition("-")[2] or False

    @api.constrains("jxc_fapiao_ids", "partner_id", "move_type", "company_id")
    def _check_jxc_fapiaos(self):
        # sudo: salespeople change invoices, too, and do not see the register
        self.sudo().jxc_fapiao_ids._check_moves()

    @api.model
    def default_get(self, fields_list):
        """Nobody's defaults say what the register says."""
        return own_defaults(self, super().default_get(fields_list), {PLATFORM})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_platform_number(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_platform_number(vals)
        return super().write(vals)

    def _jxc_check_platform_number(self, vals):
        """The platform's field would cut a number of 20 digits, and tell nobody.

        :raise UserError: for a number that is typed there
        """
        if PLATFORM not in vals:
            return
        known = set(self.mapped(PLATFORM)) or {False}
        if {vals[PLATFORM] or False} != known:
            raise UserError(
                self.env._(
                    "Numbers of tax invoices are kept whole in the register of tax"
                    " invoices; %(number)s cannot be typed on the bill. Register the"
                    " invoice and match it.",
                    number=vals[PLATFORM] or "–",
                )
            )

    @api.depends("jxc_fapiao_ids")
    def _compute_jxc_fapiao_count(self):
        for move in self:
            move.jxc_fapiao_count = len(move.jxc_fapiao_ids)

    def action_jxc_open_fapiaos(self):
        """The tax invoices (发票) of a bill or invoice."""
        fapiaos = self.jxc_fapiao_ids
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_finance_bridge.jxc_fapiao_action"
        )
        action["domain"] = [("id", "in", fapiaos.ids)]
        if len(fapiaos) == 1:
            action.update(res_id=fapiaos.id, views=[(False, "form")])
        return action
