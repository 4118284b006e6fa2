# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import email_split

from ..tools.importing import Column, changed_values

TEXTS = ("email", "phone", "street", "city", "zip", "vat")


class JxcImportPartners(models.AbstractModel):
    """partners.csv: customers and vendors, by their reference."""

    _name = "jxc.import.partners"
    _inherit = ["jxc.import.handler"]
    _description = "Import of partners.csv"

    _jxc_file = "partners"
    _jxc_sequence = 10
    _jxc_key = ("ref",)

    def _jxc_columns(self):
        return [
            Column("ref", required=True),
            Column("name", required=True),
            Column(
                "kind",
                type="selection",
                values=("customer", "vendor", "both"),
                required=True,
            ),
            *(Column(name) for name in TEXTS),
            Column("country"),
            Column("tags", type="set"),
            Column("lang"),
        ]

    # -- check --------------------------------------------------------------------

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        countries = self._jxc_countries(rows)
        languages = dict(self.env["res.lang"].get_installed())
        partners = session.find_all("res.partner", "ref", (row["ref"] for row in rows))
        for row in rows:
            if row["country"] and row["country"] not in countries:
                session.problem(
                    row,
                    "country",
                    self.env._(
                        '"%(text)s" is not a country, write its ISO code like CN',
                        text=row["country"],
                    ),
                )
            if row["lang"] and row["lang"] not in languages:
                session.problem(
                    row,
                    "lang",
                    self.env._(
                        '"%(text)s" is not an active language, accepted are:'
                        " %(languages)s",
                        text=row["lang"],
                        languages=", ".join(languages),
                    ),
                )
            if row["email"] and not email_split(row["email"]):
                session.problem(
                    row,
                    "email",
                    self.env._(
                        '"%(text)s" is not an e-mail address', text=row["email"]
                    ),
                )
            if len(partners.get(row["ref"], ())) > 1:
                session.problem(
                    row,
                    "ref",
                    self.env._(
                        "%(count)s contacts carry the reference %(ref)s already; it"
                        " must be unique to be a key",
                        count=len(partners[row["ref"]]),
                        ref=row["ref"],
                    ),
                )
        self._jxc_check_tax_ids(rows, countries, session)

    def _jxc_check_tax_ids(self, rows, countries, session):
        for row in rows:
            try:
                self._jxc_tax_id(row, countries)
            except ValidationError as error:
                session.problem(row, "vat", " ".join(error.args[0].split()))

    def _jxc_tax_id(self, row, countries):
        """The tax ID as the platform writes it for the country.

        :raise ValidationError: when it cannot be one; the rules are the platform's
        """
        country = countries.get(row["country"])
        check = getattr(self.env["res.partner"], "_run_vat_checks", None)
        if not (row["vat"] and country and check):
            return row["vat"] or False
        tax_id, _country = check(country, row["vat"], partner_name=row["name"])
        return tax_id

    # -- load ---------------------------------------------------------------------

    def _jxc_load(self, rows, session):
        super()._jxc_load(rows, session)
        countries = self._jxc_countries(rows)
        tags = self._jxc_find_or_create_tags(rows, session)
        for batch in session.batches(rows):
            partners = session.find("res.partner", "ref", (row["ref"] for row in batch))
            new = [row for row in batch if row["ref"] not in partners]
            old = [row for row in batch if row["ref"] in partners]
            self.env["res.partner"].create(
                [self._jxc_prepare_create(row, countries, tags, session) for row in new]
            )
            updated = 0
            for row in old:
                partner = partners[row["ref"]]
                updated += self._jxc_update(row, partner, countries, tags, session)
            session.count(
                created=len(new), updated=updated, unchanged=len(old) - updated
            )

    def _jxc_prepare_values(self, row, countries, tags, session):
        """Values of the columns the file has; x2many as ids, see changed_values."""
        values = {"name": row["name"]}
        values.update({name: row[name] or False for name in TEXTS if row.has(name)})
        if row.has("vat"):
            values["vat"] = self._jxc_tax_id(row, countries)
        if row.has("country"):
            country = countries.get(row["country"])
            values["country_id"] = country.id if country else False
        if row.has("tags"):
            values["category_id"] = [
                tags[name].id for name in sorted(row["tags"] or ())
            ]
        if row["lang"]:
            values["lang"] = row["lang"]
        return values

    def _jxc_prepare_create(self, row, countries, tags, session):
        values = self._jxc_prepare_values(row, countries, tags, session)
        values["category_id"] = [Command.set(values.pop("category_id", []))]
        # letters go out in the company's language, whoever imports
        language = session.company.partner_id.lang or session.user_env.lang
        values.setdefault("lang", language)
        return {
            **values,
            **dict.fromkeys(self._jxc_rank_fields(row), 1),
            "ref": row["ref"],
            "company_id": session.company.id,
            "is_company": True,
        }

    def _jxc_update(self, row, partner, countries, tags, session):
        """Write what differs; tell whether anything did."""
        values = changed_values(
            partner, self._jxc_prepare_values(row, countries, tags, session)
        )
        if "category_id" in values:
            values["category_id"] = [Command.set(values["category_id"])]
        # Being a customer or vendor is only added: documents make partners so too.
        for name in self._jxc_rank_fields(row):
            if not partner[name]:
                values[name] = 1
        if values:
            try:
                partner.write(values)
            except UserError as error:
                session.problem(row, None, error.args[0])
        return bool(values)

    def _jxc_rank_fields(self, row):
        """Fields of the accounting addon that mark customers and vendors."""
        names = []
        if row["kind"] in ("customer", "both"):
            names.append("customer_rank")
        if row["kind"] in ("vendor", "both"):
            names.append("supplier_rank")
        return [name for name in names if name in self.env["res.partner"]._fields]

    # -- lookups ------------------------------------------------------------------

    def _jxc_countries(self, rows):
        codes = {row["country"] for row in rows if row["country"]}
        countries = self.env["res.country"].search([("code", "in", list(codes))])
        return {country.code: country for country in countries}

    def _jxc_find_or_create_tags(self, rows, session):
        names = sorted({name for row in rows for name in row["tags"] or ()})
        tags = {}
        for language in dict.fromkeys((session.user_env.lang, "en_US")):
            Tag = self.env["res.partner.category"].with_context(
                lang=language, active_test=False
            )
            for tag in Tag.search(Domain("name", "in", names)):
                tags.setdefault(tag.name, tag.with_env(self.env))
        new = [name for name in names if name not in tags]
        created = self.env["res.partner.category"].create([{"name": n} for n in new])
        tags.update(zip(new, created, strict=True))
        return tags
