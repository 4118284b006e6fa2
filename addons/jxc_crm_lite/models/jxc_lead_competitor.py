# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcLeadCompetitor(models.Model):
    """A competitor met in an opportunity, with what is known of the offer."""

    _name = "jxc.lead.competitor"
    _inherit = ["jxc.lead.part.mixin", "jxc.server.fields.mixin"]
    _description = "Competitor in an Opportunity"
    _order = "lead_id, price, id"
    _rec_name = "competitor_id"
    _check_company_auto = True

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset({"company_id", "won_status"})

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    currency_id = fields.Many2one(related="lead_id.company_currency")
    won_status = fields.Selection(related="lead_id.won_status", store=True)
    competitor_id = fields.Many2one(
        comodel_name="jxc.competitor",
        required=True,
        ondelete="restrict",
        check_company=True,
        index=True,
    )
    price = fields.Monetary(string="Their Price")
    note = fields.Char()

    _price_is_one = models.Constraint(
        "CHECK (price BETWEEN 0 AND 1e12)",
        "The price of a competitor is a number from zero on.",
    )
    _competitor_once = models.UniqueIndex(
        "(lead_id, competitor_id)",
        "A competitor is listed once per opportunity.",
    )
