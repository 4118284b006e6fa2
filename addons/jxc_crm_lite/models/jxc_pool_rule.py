# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .jxc_customer_class import ABC, LIFE_CYCLE


class JxcPoolRule(models.Model):
    """When customers and leads of a class fall into the public pool."""

    _name = "jxc.pool.rule"
    _description = "Public Pool Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    applies_to = fields.Selection(
        selection=[("customer", "Customers"), ("lead", "Leads and Opportunities")],
        default="customer",
        required=True,
    )
    abc = fields.Selection(
        selection=ABC, string="Class", help="Empty: customers of any class."
    )
    life_cycle = fields.Selection(
        selection=LIFE_CYCLE, help="Empty: customers in any part of the life cycle."
    )
    never = fields.Boolean(
        string="Never Falls", help="What this rule is about stays with its owner."
    )
    days = fields.Integer(
        string="Days without Contact",
        default=90,
        help="Falls after this many days without a follow-up or a confirmed order.",
    )
    warn_days = fields.Integer(
        string="Warn Days Before",
        default=7,
        help="The owner is reminded this many days before; 0 for no reminder.",
    )
    counts = fields.Selection(
        selection=[
            ("any", "Whatever Tells Something"),
            ("note", "A Note of Some Length"),
            ("evidence", "What Is Evident"),
        ],
        string="Follow-ups That Count",
        default="any",
        required=True,
        help="What a follow-up needs to keep a customer or lead.\n"
        "Whatever tells something: an outcome, a file or a text as long as the settings"
        " of the company ask for.\n"
        "A note of some length: a text of at least as many characters.\n"
        "What is evident: it tells something, and there is a call dialled from here, a"
        " photo, screenshot or voice note, the place of a visit, an e-mail or SMS sent"
        " to the customer, or one received, within a day.\n"
        "Without a note, an outcome and a file none counts.",
    )
    min_note = fields.Integer(
        string="Characters of the Note",
        default=20,
        help="Of follow-ups that count by their note.",
    )

    _min_note_range = models.Constraint(
        "CHECK (min_note BETWEEN 1 AND 1000)",
        "The note of a follow-up that counts has 1 to 1000 characters.",
    )

    @api.constrains("days", "warn_days", "never")
    def _check_days(self):
        for rule in self:
            if not rule.never and not 0 <= rule.warn_days < rule.days:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: the reminder must come before the fall, 0 ≤"
                        " %(warn)s < %(days)s days.",
                        rule=rule.name,
                        warn=rule.warn_days,
                        days=rule.days,
                    )
                )
