# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.jxc_customer_class import ABC, LIFE_CYCLE


class JxcSleepingCustomer(models.Model):
    """Customers asleep or lost by their class, with what they used to buy."""

    _name = "jxc.sleeping.customer"
    _inherit = ["jxc.logged.export"]
    _description = "Sleeping Customer"
    _auto = False
    _rec_name = "partner_id"
    _order = "amount_lost desc, id"
    _depends = {
        "jxc.customer.class": ["partner_id", "company_id", "abc", "life_cycle"]
        + ["last_order_date", "recency_days"],
        "res.partner": ["commercial_partner_id", "user_id"],
        "sale.order": ["partner_id", "company_id", "state", "date_order"]
        + ["amount_untaxed", "currency_rate"],
    }

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    abc = fields.Selection(selection=ABC, string="Class", readonly=True)
    life_cycle = fields.Selection(selection=LIFE_CYCLE, readonly=True)
    last_order_date = fields.Date(string="Last Order", readonly=True)
    recency_days = fields.Integer(
        string="Days since Last Order", readonly=True, aggregator="avg"
    )
    last_order_id = fields.Many2one(
        comodel_name="sale.order", string="Order", readonly=True
    )
    amount_lost = fields.Monetary(
        string="Value Lost",
        readonly=True,
        help="Untaxed revenue of the twelve months up to the last order: what a year"
        " of this customer was worth.",
    )
    last_product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Bought Last",
        compute="_compute_last_product_ids",
    )

    @api.depends("last_order_id")
    def _compute_last_product_ids(self):
        # The order may be a former salesperson's; the owner sees just its products.
        for row in self:
            lines = row.sudo().last_order_id.order_line
            row.last_product_ids = lines.filtered(
                lambda line: not line.display_type and not line.is_downpayment
            ).product_id.sudo(False)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT class.id,
                   class.partner_id,
                   class.company_id,
                   class.abc,
                   class.life_cycle,
                   class.last_order_date,
                   class.recency_days,
                   partner.user_id,
                   bought.last_order_id,
                   bought.amount_lost
              FROM jxc_customer_class class
              JOIN res_partner partner ON partner.id = class.partner_id
              JOIN (
                   SELECT class.id,
                          (ARRAY_AGG(o.id ORDER BY o.date_order DESC, o.id DESC))[1]
                          AS last_order_id,
                          SUM(o.amount_untaxed
                              / COALESCE(NULLIF(o.currency_rate, 0), 1))
                          FILTER (WHERE o.date_order
                                  > class.last_order_date - INTERVAL '1 year')
                          AS amount_lost
                     FROM jxc_customer_class class
                     JOIN res_partner contact
                       ON contact.commercial_partner_id = class.partner_id
                     JOIN sale_order o
                       ON o.partner_id = contact.id
                      AND o.company_id = class.company_id
                      AND o.state = 'sale'
                    WHERE class.life_cycle IN ('sleeping', 'lost')
                    GROUP BY class.id
              ) bought ON bought.id = class.id
             WHERE partner.active
            """
        )

    def action_email(self):
        """Open the platform's mail composer for all these customers at once."""
        partners = self._get_reachable("email")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "mail.action_partner_mass_mail"
            ),
            "context": self._jxc_mail_context(partners),
        }

    def _jxc_mail_context(self, partners):
        """What the composer of a mail to these customers is opened with."""
        return {
            "default_model": "res.partner",
            "default_res_ids": partners.ids,
            "default_composition_mode": "mass_mail",
            "default_partner_to": "{{ object.id or '' }}",
            "default_subtype_xmlid": "mail.mt_comment",
        }

    def action_sms(self):
        """Open the platform's SMS composer for all these customers at once."""
        partners = self._get_reachable("phone")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "sms.res_partner_act_window_sms_composer_multi"
            ),
            "context": {
                "default_res_model": "res.partner",
                "default_res_ids": partners.ids,
                "default_composition_mode": "mass",
                "default_mass_keep_log": True,
            },
        }

    def _get_reachable(self, name):
        """Customers with an address of this kind.

        :raise UserError: when there is none
        """
        self.check_access("read")
        partners = self.partner_id.filtered(name)
        if not partners:
            raise UserError(
                self.env._(
                    "None of the %(count)s customers chosen has %(address)s. Add it on"
                    " the contact.",
                    count=len(self),
                    address=self.env["res.partner"]
                    ._fields[name]
                    ._description_string(self.env),
                )
            )
        return partners
