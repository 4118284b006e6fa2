# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class JxcPoolQuota(models.Model):
    """How many customers and leads one person may own by claiming.

    A row appears with the person's first claim. The limit is the company's; it is
    taken through the gate, so parallel claims of one person cannot pass it together.
    """

    _name = "jxc.pool.quota"
    _inherit = ["jxc.gate.mixin"]
    _description = "Customers a Salesperson may Own"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )

    _user_company_unique = models.UniqueIndex(
        "(user_id, company_id)", "A person has one quota per company."
    )

    def _jxc_gate_query(self):
        """Customers and open leads of the person; 0 in the company means no limit."""
        return SQL(
            """
            SELECT q.id,
                   (SELECT COUNT(*) FROM res_partner p
                     WHERE p.user_id = q.user_id AND p.active
                       AND p.jxc_pool_state IN ('owned', 'warned'))
                   + (SELECT COUNT(*) FROM crm_lead l
                       WHERE l.user_id = q.user_id AND l.active
                         AND l.jxc_pool_state IN ('owned', 'warned')) AS used,
                   NULLIF(c.jxc_pool_limit, 0) AS capacity
              FROM jxc_pool_quota q JOIN res_company c ON c.id = q.company_id
             WHERE q.id = ANY(%s::int[])
            """,
            self.ids,
        )

    def _take(self, user, companies, places):
        """Take places of a person, within the limit of each of these companies.

        :raise UserError: how many the person owns, may own, and asked for
        """
        shortage = self._shortage(user, companies, places)
        if shortage:
            raise UserError(
                self.env._(
                    "%(user)s owns %(used)d customers and leads; the limit is"
                    " %(capacity)d, so %(asked)d more, open leads of the customers"
                    " included, cannot be claimed. Release some, or ask a sales"
                    " manager to assign them.",
                    user=user.name,
                    used=shortage.used,
                    capacity=shortage.capacity,
                    asked=shortage.asked,
                )
            )

    def _shortage(self, user, companies, places):
        """Take places of a person; return what is lacking, None if they were free.

        :param companies: those whose pools the records belong to; what the person owns
            anywhere counts in each
        """
        quotas = self.sudo().union(
            *(self.sudo()._of(user, company) for company in companies.sorted("id"))
        )
        shortages = quotas._jxc_gate_take(dict.fromkeys(quotas.ids, places))
        return shortages[0] if shortages else None

    def _of(self, user, company):
        """Return the person's quota.

        Of two first claims at once the second one waits for the first one's row here,
        and is then tried again, so that it is judged after it.
        """
        domain = [("user_id", "=", user.id), ("company_id", "=", company.id)]
        quota = self.search(domain)
        if quota:
            return quota
        self.env.execute_query(
            SQL(
                """
                INSERT INTO jxc_pool_quota
                       (user_id, company_id, create_uid, write_uid,
                        create_date, write_date)
                VALUES (%(user)s, %(company)s, %(uid)s, %(uid)s, %(now)s, %(now)s)
                    ON CONFLICT (user_id, company_id) DO NOTHING
                RETURNING id
                """,
                user=user.id,
                company=company.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return self.search(domain)
