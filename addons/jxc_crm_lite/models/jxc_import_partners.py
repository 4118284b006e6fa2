# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

from ..tools.duplicates import vat_key
from .res_partner_duplicate import COMMERCIAL
from .res_partner_load import SURE


class JxcImportPartners(models.AbstractModel):
    """partners.csv: equal tax numbers, and a look for duplicates of what is new."""

    _inherit = "jxc.import.partners"

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        if not session.company.jxc_block_equal_vat:
            return
        numbers = {vat_key(row["vat"]): row["ref"] for row in rows if row["vat"]}
        numbers.pop("", None)
        known = self.env["res.partner"].search(
            COMMERCIAL
            & Domain("jxc_vat_key", "in", list(numbers))
            & Domain("company_id", "in", [session.company.id, False])
        )
        by_number = known.grouped("jxc_vat_key")
        for row in rows:
            number = vat_key(row["vat"])
            if not number:
                continue
            others = by_number.get(number, known[:0])
            others = others.filtered(lambda other, ref=row["ref"]: other.ref != ref)
            if others:
                session.problem(
                    row,
                    "vat",
                    self.env._(
                        "is the tax number of %(other)s (reference %(ref)s) already",
                        other=others[0].display_name,
                        ref=others[0].ref or "-",
                    ),
                )
            elif numbers[number] != row["ref"]:
                session.problem(
                    row,
                    "vat",
                    self.env._(
                        "is the tax number of %(ref)s in this file too",
                        ref=numbers[number],
                    ),
                )

    def _jxc_load(self, rows, session):
        result = super()._jxc_load(rows, session)
        found = session.find("res.partner", "ref", (row["ref"] for row in rows))
        partners = self.env["res.partner"].union(*found.values())
        if session.company.jxc_import_duplicates == "refuse":
            self._jxc_refuse_duplicates(rows, found, partners, session)
        # sudo: what is alike is found whoever imports; the list has its own rules.
        pairs = self.env["jxc.partner.duplicate"].sudo()._scan(partners)
        if pairs:
            session.total("suspected", len(pairs))
        return result

    def _jxc_refuse_duplicates(self, rows, found, partners, session):
        """Report rows that are there already; as in the platform's own import.

        :param dict found: {reference: contact} of the rows
        """
        place = {found[row["ref"]].id: row for row in rows if row["ref"] in found}
        for pair in partners._jxc_find_new_pairs():
            if pair.score < SURE:
                continue
            # The younger one of a pair is the row; of two in the file the later.
            own, other = pair.other_id, pair.partner_id
            if own.id not in place:
                own, other = other, own
            session.problem(
                place[own.id],
                "name",
                self.env._(
                    "%(name)s may be %(other)s, which is there already (%(signs)s).",
                    name=own.name,
                    other=other.display_name,
                    signs=pair._jxc_signs(),
                ),
            )
