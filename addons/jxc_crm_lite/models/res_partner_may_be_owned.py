# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from .jxc_pool_mixin import SALES

#: Whose rows say what somebody is to us.
TELLING = {
    *("res.partner", "res.users", "res.company", "jxc.customer.class"),
    *("product.supplierinfo", "purchase.order"),
}


class ResPartner(models.Model):
    """Who can be somebody's customer at all, by what the nightly run leaves alone.

    Colleagues, companies of ours and vendors that buy nothing are nobody's customers:
    with an owner they would be hidden from everybody else who works with them.
    """

    _inherit = "res.partner"

    jxc_may_be_owned = fields.Boolean(
        string="Customer or Prospect",
        compute="_compute_jxc_may_be_owned",
        search="_search_jxc_may_be_owned",
        groups=SALES,
        prefetch=RARELY_READ,
        help="Neither a vendor that buys nothing nor a colleague or company of ours.",
    )

    def _compute_jxc_may_be_owned(self):
        others = self._jxc_not_customers()
        for partner in self:
            partner.jxc_may_be_owned = partner._origin.id not in others

    @api.model
    def _search_jxc_may_be_owned(self, operator, value):
        if operator != "in":
            return NotImplemented
        condition = self.env["jxc.pool.run"]._get_may_be_owned()

        def found(model, alias, _query):
            return SQL(
                "EXISTS (SELECT FROM res_partner p WHERE p.id = %s AND %s)",
                SQL.identifier(alias, "id"),
                condition,
            )

        def left_out(model, alias, query):
            return SQL("NOT %s", found(model, alias, query))

        return Domain.OR(
            Domain.custom(to_sql=found if wanted else left_out) for wanted in set(value)
        )

    def _jxc_not_customers(self):
        """Return {id: "ours" or "vendor"} of those that are no customers."""
        ids = self._origin.ids
        if not ids:
            return {}
        run = self.env["jxc.pool.run"]
        for name in TELLING & self.env.registry.models.keys():
            self.env[name].flush_model()
        query = SQL(
            """
            SELECT p.id, CASE WHEN %(ours)s THEN 'ours' ELSE 'vendor' END
              FROM res_partner p
             WHERE p.id = ANY(%(ids)s) AND NOT (%(may)s)
            """,
            ids=ids,
            may=run._get_may_be_owned(),
            ours=run._get_is_ours(),
        )
        return dict(self.env.execute_query(query))

    def _jxc_why_no_customer(self, kind):
        """Say in one sentence why this contact gets no owner.

        :param kind: as in ``_jxc_not_customers``
        """
        self.ensure_one()
        if kind == "ours":
            return self.env._(
                "%(name)s is a colleague or a company of ours, and nobody's customer.",
                name=self.display_name,
            )
        return self.env._(
            "%(name)s is a vendor, and nobody's customer before its first order.",
            name=self.display_name,
        )

    def _jxc_claim_problems(self, user):
        problems = super()._jxc_claim_problems(user)
        others = self._jxc_not_customers()
        return problems + [
            partner._jxc_why_no_customer(others[partner.id])
            for partner in self
            if partner.id in others
        ]

    def write(self, vals):
        """A salesperson is set for customers.

        :raise UserError: naming who is none, where companies keep customers apart
        """
        if vals.get("user_id") and not self.env.su:
            self._jxc_check_customers(vals["user_id"])
        return super().write(vals)

    def _jxc_check_customers(self, user_id):
        """Refuse to make somebody the owner of who is no customer.

        :raise UserError: naming each of them
        """
        # sudo: what they are decides, whether or not it is shown
        changed = self.sudo().filtered(
            lambda partner: (
                partner == partner.commercial_partner_id
                and partner.user_id.id != user_id
                and partner._jxc_is_guarded()
            )
        )
        others = changed._jxc_not_customers()
        if others:
            raise UserError(
                "\n".join(
                    partner._jxc_why_no_customer(others[partner.id])
                    for partner in changed
                    if partner.id in others
                )
            )

    def _jxc_fall(self, kind, reason=None):
        """Given up, they are nobody's; there is nothing in the pool to claim."""
        result = super()._jxc_fall(kind, reason)
        self.browse(self._jxc_not_customers()).write({"jxc_pool_date": False})
        return result
