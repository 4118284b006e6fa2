# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .jxc_cash_flow_item import CHARTS


class JxcCashFlowRule(models.Model):
    """Which item of the cash flow statement accounts on the other side stand for."""

    _name = "jxc.cash.flow.rule"
    _description = "Cash Flow Rule"
    _order = "chart, item_in_id, id"
    _rec_name = "codes"

    chart = fields.Selection(
        selection=CHARTS,
        string="Accounting Standard",
        required=True,
    )
    codes = fields.Char(
        string="Accounts",
        required=True,
        help="How the codes of the accounts begin, with commas between them. The "
        "longest one that fits an account wins.",
    )
    item_in_id = fields.Many2one(
        comodel_name="jxc.cash.flow.item",
        string="Cash In",
        domain="[('chart', '=', chart)]",
        ondelete="restrict",
    )
    item_out_id = fields.Many2one(
        comodel_name="jxc.cash.flow.item",
        string="Cash Out",
        domain="[('chart', '=', chart)]",
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Rules of a company come before those for all companies.",
    )

    @api.constrains("codes")
    def _check_codes(self):
        for rule in self:
            if not re.fullmatch(r"\s*\w+(\s*,\s*\w+)*\s*", rule.codes or ""):
                raise ValidationError(
                    self.env._(
                        "%(codes)s: give the beginnings of account codes with commas"
                        " between them, like 1122,2203.",
                        codes=rule.codes,
                    )
                )

    @api.constrains("chart", "item_in_id", "item_out_id")
    def _check_chart(self):
        for rule in self:
            for item in rule.item_in_id | rule.item_out_id:
                if item.chart != rule.chart:
                    raise ValidationError(
                        self.env._(
                            "%(item)s belongs to the statement of another standard"
                            " than the rule for %(codes)s.",
                            item=item.name,
                            codes=rule.codes,
                        )
                    )

    def _get_heads(self):
        """Beginnings of account codes that the rule is for."""
        self.ensure_one()
        return [head.strip() for head in self.codes.split(",")]
