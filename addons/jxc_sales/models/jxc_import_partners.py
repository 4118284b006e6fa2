# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from odoo.addons.jxc_base.tools.importing import Column, changed_values

TIERS = "jxc_sales.tiers"


class JxcImportPartners(models.AbstractModel):
    """partners.csv: tier and credit of customers."""

    _inherit = "jxc.import.partners"

    def _jxc_columns(self):
        return super()._jxc_columns() + [
            Column("tier"),
            Column("credit_limit", type="amount", minimum=0),
            Column("credit_days", type="integer", minimum=0, maximum=3650),
        ]

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        for row in rows:
            if row["kind"] == "vendor" and row["credit_limit"] is not None:
                session.problem(
                    row,
                    "credit_limit",
                    self.env._("is for customers; this partner is only a vendor"),
                )
        partners = session.find("res.partner", "ref", (row["ref"] for row in rows))
        for row in rows:
            partner = partners.get(row["ref"])
            if (
                partner
                and self._jxc_has_credit(row)
                and partner.commercial_partner_id != partner
            ):
                session.problem(
                    row,
                    "credit_limit",
                    self.env._(
                        "%(contact)s is a contact of %(company)s; give the credit to"
                        " %(company)s",
                        contact=partner.display_name,
                        company=partner.commercial_partner_id.display_name,
                    ),
                )

    def _jxc_load(self, rows, session):
        session.cache[TIERS] = self._jxc_find_or_create_tiers(rows, session)
        super()._jxc_load(rows, session)
        self._jxc_load_credit(
            [row for row in rows if self._jxc_has_credit(row)], session
        )

    def _jxc_prepare_values(self, row, countries, tags, session):
        values = super()._jxc_prepare_values(row, countries, tags, session)
        if row.has("tier"):
            tier = session.cache[TIERS].get(row["tier"])
            values["jxc_tier_id"] = tier.id if tier else False
        return values

    def _jxc_has_credit(self, row):
        return row["credit_limit"] is not None or row["credit_days"] is not None

    def _jxc_load_credit(self, rows, session):
        """Open or change the credit accounts. Without a limit there is none."""
        partners = session.find("res.partner", "ref", (row["ref"] for row in rows))
        company = session.company
        accounts = self.env["jxc.credit.account"]._jxc_accounts_of(
            (partner.id, company.id) for partner in partners.values()
        )
        new = []
        for row in rows:
            partner = partners[row["ref"]]
            values = {}
            if row["credit_limit"] is not None:
                values.update(credit_limit=row["credit_limit"], unlimited=False)
            if row["credit_days"] is not None:
                values["credit_days"] = row["credit_days"]
            account = accounts.get((partner.id, company.id))
            if account:
                changes = changed_values(account, values)
                if changes:
                    account.with_env(self.env).write(changes)
                continue
            values.setdefault("unlimited", True)
            new.append({**values, "partner_id": partner.id, "company_id": company.id})
        self.env["jxc.credit.account"].create(new)

    def _jxc_find_or_create_tiers(self, rows, session):
        names = sorted({row["tier"] for row in rows if row["tier"]})
        tiers = {}
        for language in dict.fromkeys((session.user_env.lang, "en_US")):
            Tier = self.env["jxc.customer.tier"].with_context(
                lang=language, active_test=False
            )
            for tier in Tier.search([("name", "in", names)]):
                tiers.setdefault(tier.name, tier.with_env(self.env))
        new = [name for name in names if name not in tiers]
        created = self.env["jxc.customer.tier"].create([{"name": n} for n in new])
        tiers.update(zip(new, created, strict=True))
        return tiers
