# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain

from .jxc_customer_class import ABC, LIFE_CYCLE

SALES = "sales_team.group_sale_salesman,jxc_base.group_executive"
CLASS_FIELDS = {
    "jxc_class": "abc",
    "jxc_rfm": "rfm_score",
    "jxc_life_cycle": "life_cycle",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    jxc_class = fields.Selection(
        selection=ABC,
        string="Customer Class",
        compute="_compute_jxc_class",
        search="_search_jxc_class",
        groups=SALES,
        help="Of the commercial entity in the current company.",
    )
    jxc_rfm = fields.Char(
        string="RFM",
        compute="_compute_jxc_class",
        search="_search_jxc_rfm",
        groups=SALES,
    )
    jxc_life_cycle = fields.Selection(
        selection=LIFE_CYCLE,
        string="Life Cycle",
        compute="_compute_jxc_class",
        search="_search_jxc_life_cycle",
        groups=SALES,
    )
    jxc_class_ids = fields.One2many(
        comodel_name="jxc.customer.class",
        inverse_name="partner_id",
        string="Customer Classes",
        readonly=True,
        groups=SALES,
    )
    jxc_class_log_ids = fields.One2many(
        comodel_name="jxc.customer.class.log",
        inverse_name="partner_id",
        string="Class Changes",
        readonly=True,
        groups=SALES,
    )

    @api.depends("commercial_partner_id.jxc_class_ids")
    @api.depends_context("company", "uid")
    def _compute_jxc_class(self):
        """Read with the user's rights: a salesperson gets those of own customers."""
        rows = self.env["jxc.customer.class"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", self.commercial_partner_id.ids),
            ]
        )
        by_partner = {row.partner_id.id: row for row in rows}
        empty = self.env["jxc.customer.class"]
        for partner in self:
            row = by_partner.get(partner.commercial_partner_id.id, empty)
            for name, source in CLASS_FIELDS.items():
                partner[name] = row[source]

    def _search_jxc_class(self, operator, value):
        return self._search_jxc_class_field("abc", operator, value)

    def _search_jxc_rfm(self, operator, value):
        return self._search_jxc_class_field("rfm_score", operator, value)

    def _search_jxc_life_cycle(self, operator, value):
        return self._search_jxc_class_field("life_cycle", operator, value)

    def _search_jxc_class_field(self, name, operator, value):
        """Contacts whose commercial entity has such a row in the current company."""
        own = Domain("company_id", "=", self.env.company.id)

        def having(condition):
            return Domain("commercial_partner_id.jxc_class_ids", "any", own & condition)

        if operator in ("like", "ilike", "=like", "=ilike"):
            return having(Domain(name, operator, value))
        if operator != "in":
            return NotImplemented
        domain = having(Domain(name, "in", [item for item in value if item]))
        if False in value:
            domain |= ~having(Domain(name, "!=", False))
        return domain
