# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

SALES = "sales_team.group_sale_salesman,jxc_base.group_executive"


class ResPartner(models.Model):
    _inherit = "res.partner"

    jxc_cycle_ids = fields.Many2many(
        comodel_name="jxc.repurchase.cycle",
        string="Repurchase Cycles",
        compute="_compute_jxc_repurchase",
        groups=SALES,
        help="What the customer buys regularly from the current company.",
    )
    jxc_due_count = fields.Integer(
        string="Due to Buy Again",
        compute="_compute_jxc_repurchase",
        groups=SALES,
    )
    jxc_recommend_ids = fields.Many2many(
        comodel_name="jxc.product.affinity",
        string="Recommended Products",
        compute="_compute_jxc_recommend_ids",
        groups=SALES,
        help="What others buy together with what this customer has bought lately.",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company")
    def _compute_jxc_repurchase(self):
        cycles = self.env["jxc.repurchase.cycle"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", self.commercial_partner_id.ids),
            ]
        )
        by_partner = cycles.grouped("partner_id")
        for partner in self:
            own = by_partner.get(partner.commercial_partner_id, cycles.browse())
            partner.jxc_cycle_ids = own
            partner.jxc_due_count = len(own.filtered("is_due"))

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company")
    def _compute_jxc_recommend_ids(self):
        """From the orders the user may see, of the months that count."""
        company = self.env.company
        months = company.jxc_affinity_months
        bought = {
            customer: products.ids
            for customer, products in self.env["sale.order.line"]._read_group(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "sale"),
                    ("display_type", "=", False),
                    ("is_downpayment", "=", False),
                    ("product_id", "!=", False),
                    ("order_id.date_order", ">=", f"-{months}m"),
                    (
                        "order_partner_id.commercial_partner_id",
                        "in",
                        self.commercial_partner_id.ids,
                    ),
                ],
                ["order_partner_id.commercial_partner_id"],
                ["product_id:recordset"],
            )
        }
        found = self.env["jxc.product.affinity"]._recommend(company, bought)
        empty = self.env["jxc.product.affinity"]
        for partner in self:
            partner.jxc_recommend_ids = found.get(partner.commercial_partner_id, empty)

    def action_jxc_due(self):
        """Open what the customer buys regularly."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "jxc_crm_lite.jxc_repurchase_cycle_action"
            ),
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }
