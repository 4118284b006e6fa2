# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

PRICE_ACTIONS = [
    ("none", "Do nothing"),
    ("warn", "Warn"),
    ("approval", "Ask for approval"),
    ("block", "Refuse"),
]

#: A refusal would tell the cost to anybody who tries prices until one passes.
MARGIN_ACTIONS = PRICE_ACTIONS[:-1]


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_min_price_action = fields.Selection(
        selection=PRICE_ACTIONS,
        string="Below the Lowest Price",
        required=True,
        default="warn",
        help="What happens when an order sells goods below the lowest price of their"
        " unit.",
    )
    jxc_min_margin_action = fields.Selection(
        selection=MARGIN_ACTIONS,
        string="Below the Minimum Margin",
        required=True,
        default="warn",
        help="What happens when an order sells goods below the minimum margin of their"
        " category, or of the company. Only who sees costs is told so on the quotation;"
        " a warning goes to the price exceptions.",
    )
    jxc_min_margin = fields.Float(
        string="Minimum Margin (%)",
        help="Of goods whose category has none. 0: none.",
    )
    jxc_price_change_percent = fields.Float(
        string="Price Changes Beyond (%)",
        help="A price that changes by more waits for approval. 0: every change counts"
        " at once.",
        prefetch=RARELY_READ,
    )

    _jxc_min_margin_sane = models.Constraint(
        "CHECK (COALESCE(jxc_min_margin, 0) BETWEEN 0 AND 100)",
        "A minimum margin is between 0 and 100 %.",
    )
    _jxc_price_change_percent_positive = models.Constraint(
        "CHECK (COALESCE(jxc_price_change_percent, 0) >= 0)",
        "Price changes are held from 0 % on.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._jxc_activate_price_tier()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if {"jxc_min_price_action", "jxc_min_margin_action"} & set(vals):
            self._jxc_activate_price_tier()
        return result

    def _jxc_activate_price_tier(self):
        """Have somebody decide where prices need approval."""
        if any(
            "approval" in (company.jxc_min_price_action, company.jxc_min_margin_action)
            for company in self
        ):
            preset = self.env.ref(
                "jxc_sales.tier_preset_sale_price", raise_if_not_found=False
            )
            if preset and not preset.sudo().active:
                preset.sudo().action_jxc_activate()
