# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from .jxc_pool_mixin import MANAGER


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_pool_active = fields.Boolean(
        string="Public Pool",
        help="Customers and leads nobody looks after fall into a pool; owners change"
        " by claim, release and assignment only.",
        prefetch=RARELY_READ,
    )
    jxc_pool_limit = fields.Integer(
        string="Customers per Person",
        default=200,
        help="How many customers and leads a person may own by claiming; 0: no limit.",
        prefetch=RARELY_READ,
    )
    jxc_pool_cool_down_days = fields.Integer(
        string="Cool-down (days)",
        default=30,
        help="The last owner cannot claim a customer back for this long.",
        prefetch=RARELY_READ,
    )
    jxc_followup_escalate_days = fields.Integer(
        string="Tell the Leader after (days)",
        default=3,
        help="A next step overdue for longer than this is reported to the team leader.",
        prefetch=RARELY_READ,
    )
    jxc_escalation_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Without a Leader Tell",
        help="Sales manager who hears of overdue next steps of salespeople whose team"
        " has no leader, and of the leaders themselves. Empty: the first one of the"
        " company's sales managers.",
        prefetch=RARELY_READ,
    )
    jxc_followup_min_note = fields.Integer(
        string="Note of at Least (characters)",
        default=5,
        help="A follow-up keeps a customer or lead out of the pool when it tells"
        " something: whether the customer was reached and with what outcome, a photo"
        " or voice note, or a text this long. 0: any with an outcome or text keeps it."
        " The rules of the pool can ask for more.",
        prefetch=RARELY_READ,
    )

    @api.constrains("jxc_escalation_user_id")
    def _check_jxc_escalation_user(self):
        """Whoever is told has to see what it is about."""
        for company in self:
            user = company.jxc_escalation_user_id
            if user and not (user.has_group(MANAGER) and company in user.company_ids):
                raise ValidationError(
                    self.env._(
                        "%(user)s is no sales manager of %(company)s.",
                        user=user.name,
                        company=company.display_name,
                    )
                )

    @api.constrains("jxc_followup_min_note")
    def _check_jxc_followup_min_note(self):
        for company in self:
            if not 0 <= company.jxc_followup_min_note <= 1000:
                raise ValidationError(
                    self.env._(
                        "%(company)s: a note of 0 to 1000 characters keeps a customer.",
                        company=company.display_name,
                    )
                )

    def _jxc_sales_managers(self):
        """Return the sales managers of the company, those at home in it first."""
        self.ensure_one()
        group = self.env.ref(MANAGER)
        # sudo: who they are is the server's to ask
        users = self.env["res.users"].sudo()
        found = users.search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.ids),
                ("share", "=", False),
            ]
        )
        return found.sorted(lambda user: (user.company_id != self, user.id))
