# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from .jxc_pool_mixin import MANAGER, SALES


class JxcPoolMixin(models.AbstractModel):
    """Whose pool it is: the company says which rules and limits hold.

    So it is neither the salesperson's to write, nor that of the company he looks at.
    """

    _inherit = "jxc.pool.mixin"

    jxc_pool_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Company of the Pool",
        compute="_compute_jxc_pool_company_id",
        store=True,
        index=True,
        copy=False,
        groups=SALES,
        help="Whose rules and limits hold. It stays when the salesperson looks at, or"
        " prefers, another company.",
        prefetch=RARELY_READ,
    )

    def _jxc_pool_company(self):
        """Return the company whose pool rules hold for this record."""
        return self._jxc_known_pool_company() or self.env.company

    def _jxc_known_pool_company(self):
        """Return the company whose pool it belongs to, empty for what is nobody's."""
        self.ensure_one()
        owner = self.user_id or self.jxc_pool_last_owner_id
        return self.jxc_pool_company_id or self.company_id or owner.company_id

    def _jxc_pool_company_with(self, user):
        """Return the company whose pool rules hold when this user is the owner.

        It stays the same one as long as the user works for it: which company people
        prefer is theirs to write, and would choose the rules and the limit. What no
        company knows yet goes to one that has a pool.
        """
        self.ensure_one()
        for company in (self.jxc_pool_company_id, self.company_id):
            if company & user.company_ids:
                return company
        preferred = user.company_id | user.company_ids
        with_pool = preferred.sudo().filtered("jxc_pool_active")[:1]
        return self.company_id or with_pool or user.company_id

    def _jxc_pool_is_used(self):
        """Whether the company it belongs to has a public pool.

        What no company knows yet, or one that the user does not work for, is guarded
        for everybody who works for one that has: taken, it would be in that pool.
        """
        known, own = self._jxc_known_pool_company(), self.env.user.company_ids
        companies = known if known & own else known | own
        return any(companies.sudo().mapped("jxc_pool_active"))

    def _jxc_cool_down_until(self, user):
        """Where there is no pool, nobody has to leave a customer to others."""
        company = self._jxc_pool_company_with(user)
        return company.jxc_pool_active and super()._jxc_cool_down_until(user)

    def _jxc_claim_problems(self, user):
        """Nobody takes for a company without a pool what another one's rules hold.

        Where no company has a pool, a claim just enters the salesperson.
        """
        problems = super()._jxc_claim_problems(user)
        for record in self.filtered(lambda record: not record.user_id):
            company = record._jxc_pool_company_with(user)
            if record.with_user(user)._jxc_owner_is_guarded() and (
                not company.jxc_pool_active
            ):
                problems.append(
                    self.env._(
                        "%(name)s cannot be claimed for %(company)s, which does not use"
                        " the public pool: ask a sales manager to assign it.",
                        name=record.display_name,
                        company=company.display_name,
                    )
                )
        return problems

    @api.depends("user_id", "company_id", "jxc_pool_date")
    def _compute_jxc_pool_company_id(self):
        """What was decided once stays, see ``_jxc_pool_company_with``."""
        for record in self:
            company = record.jxc_pool_company_id or record.company_id
            if record.user_id:
                company = record._jxc_pool_company_with(record.user_id)
            elif record.jxc_pool_date:
                company = record._jxc_pool_company()
            record.jxc_pool_company_id = company

    def write(self, vals):
        if "company_id" not in vals:
            return super().write(vals)
        self._jxc_check_pool_company(vals["company_id"])
        result = super().write(vals)
        for company, records in self.sudo().grouped("company_id").items():
            if company:
                records.write({"jxc_pool_company_id": company.id})
        return result

    def _jxc_check_pool_company(self, company_id):
        """Refuse to carry a record from the rules of one company to another's.

        :raise AccessError: naming the records, for anyone but sales managers
        """
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        target = self.env["res.company"].sudo().browse(company_id or ())
        refused = self.browse()
        for record, known in zip(self, self.sudo(), strict=True):
            former = known._jxc_known_pool_company()
            # Shared by all companies it stays in the pool of the one it was in.
            latter = target or former
            if former.jxc_pool_active and latter != former and known.jxc_pool_state:
                refused |= record
        if refused:
            raise AccessError(
                self.env._(
                    "%(names)s: which company a customer or lead belongs to says whose"
                    " public pool it falls into; ask a sales manager to change it.",
                    names=", ".join(refused.sudo().mapped("display_name")),
                )
            )
