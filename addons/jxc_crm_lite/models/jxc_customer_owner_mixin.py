# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query


class JxcCustomerOwnerMixin(models.AbstractModel):
    """Documents that the owner of their customer may find.

    Rules ask for that "or for my own documents". With the owner joined to each document
    such a question reads all documents there are; with the customers found first, the
    index of each side answers.
    """

    _name = "jxc.customer.owner.mixin"
    _description = "Document of an Owned Customer"

    #: The stored, indexed field with the contact whose company somebody owns.
    _jxc_contact_field = "partner_id"

    jxc_customer_owner_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner of the Customer",
        compute="_compute_jxc_customer_owner_id",
        search="_search_jxc_customer_owner_id",
        groups="sales_team.group_sale_salesman,jxc_base.group_executive",
    )

    @api.depends(
        lambda self: (
            [f"{self._jxc_contact_field}.commercial_partner_id.user_id"]
            if self._jxc_contact_field in self._fields
            else []
        )
    )
    def _compute_jxc_customer_owner_id(self):
        for document in self:
            contact = document[self._jxc_contact_field]
            document.jxc_customer_owner_id = contact.commercial_partner_id.user_id

    def _search_jxc_customer_owner_id(self, operator, value):
        """Find documents by owners, given as ids or by what they are."""
        if operator in ("any", "any!"):
            if not isinstance(value, Query):
                users = self.env["res.users"].sudo(operator == "any!" or self.env.su)
                value = users._search(Domain(value))
            owners = value.subselect()
        elif operator == "in" and False not in value:
            owners = tuple(value)
        else:
            return NotImplemented
        name = self._jxc_contact_field
        partner = self.env["res.partner"]
        of_contacts = SQL(
            """ARRAY(
                SELECT contact.id
                  FROM res_partner contact
                  JOIN res_partner customer ON customer.id = %s
                 WHERE %s IN %s
            )""",
            partner._field_to_sql("contact", "commercial_partner_id"),
            partner._field_to_sql("customer", "user_id"),
            owners,
        )
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(%s)", model._field_to_sql(alias, name, query), of_contacts
            )
        )


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "jxc.customer.owner.mixin"]


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "jxc.customer.owner.mixin"]
    _jxc_contact_field = "order_partner_id"


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "jxc.customer.owner.mixin"]
