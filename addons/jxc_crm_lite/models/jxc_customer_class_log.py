# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from .jxc_customer_class import ABC, LIFE_CYCLE


class JxcCustomerClassLog(models.Model):
    """One change of a customer's class; written by the recomputation alone."""

    _name = "jxc.customer.class.log"
    _description = "Customer Class Change"
    _order = "date desc, id desc"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    date = fields.Date(
        required=True,
        readonly=True,
        help="The day the classes were computed for.",
    )
    old_abc = fields.Selection(selection=ABC, string="Old Class", readonly=True)
    new_abc = fields.Selection(selection=ABC, string="New Class", readonly=True)
    old_life_cycle = fields.Selection(selection=LIFE_CYCLE, readonly=True)
    new_life_cycle = fields.Selection(selection=LIFE_CYCLE, readonly=True)
    old_rfm_score = fields.Char(string="Old RFM", readonly=True)
    new_rfm_score = fields.Char(string="New RFM", readonly=True)
