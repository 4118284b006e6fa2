# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

#: pairs that the activity names; the others are in the list
NAMED = 10
#: from which a pair is refused: an equal phone, name or tax number
SURE = 60


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_import_duplicates = fields.Selection(
        selection=[("warn", "Warn"), ("refuse", "Refuse")],
        string="Duplicates in Imported Files",
        required=True,
        default="warn",
        help="Warn: who imports contacts gets an activity with what they may be the"
        " same as. Refuse: a file with an equal tax number, phone or name is not"
        " imported.",
        prefetch=RARELY_READ,
    )


class ResPartner(models.Model):
    """Files of contacts that the client imports are compared at once, not at night."""

    _inherit = "res.partner"

    @api.model
    def load(self, fields, data):
        """The platform's import of rows, with a look for duplicates of what is new.

        All rows are compared in one go with all contacts and with each other. Where
        the company refuses them, rows with an equal tax number, phone or name come back
        as errors and nothing is imported; else the importing user gets an activity.
        """
        savepoint = self.env.cr.savepoint()
        result = super().load(fields, data)
        loaded = self.browse(result["ids"] or ())
        pairs = loaded and loaded._jxc_find_new_pairs()
        if pairs:
            if self.env.company.jxc_import_duplicates == "refuse":
                errors = loaded._jxc_import_errors(pairs)
                if errors:
                    savepoint.rollback()
                    self.env.invalidate_all(flush=False)
                    result.update(ids=False, nextrow=0)
                    result["messages"].extend(errors)
            else:
                loaded._jxc_note_import(pairs)
        savepoint.close(rollback=False)
        return result

    def _jxc_find_new_pairs(self):
        """Compare these contacts with all; return the pairs nobody knew before."""
        # sudo: what is alike is found whoever imports; who imports hears of contacts
        # of the own companies only.
        pairs = self.env["jxc.partner.duplicate"].sudo()
        known = pairs.search(
            Domain("partner_id", "in", self.ids) | Domain("other_id", "in", self.ids)
        )
        known = {(pair.partner_id.id, pair.other_id.id) for pair in known}
        allowed = self.env["res.company"].union(self.env.companies)
        return pairs._scan(self).filtered(
            lambda pair: (
                (pair.partner_id.id, pair.other_id.id) not in known
                and not (pair.partner_id | pair.other_id).company_id - allowed
            )
        )

    def _jxc_import_errors(self, pairs):
        """Return the import's messages about rows that are there already."""
        place = {number: row for row, number in enumerate(self.ids)}
        errors = []
        for pair in pairs.filtered(lambda each: each.score >= SURE):
            # The younger one of a pair is the row; of two in the file the later.
            row, other = pair.other_id, pair.partner_id
            if row.id not in place:
                row, other = other, row
            number = place[row.id]
            errors.append(
                {
                    "type": "error",
                    "record": number,
                    "rows": {"from": number, "to": number},
                    "message": self.env._(
                        "%(name)s may be %(other)s, which is there already"
                        " (%(signs)s).",
                        name=row.name,
                        other=other.display_name,
                        signs=pair._jxc_signs(),
                    ),
                }
            )
        return sorted(errors, key=lambda error: error["record"])

    def _jxc_note_import(self, pairs):
        """Plan a look at the pairs for who imported them."""
        first = pairs.sorted(lambda pair: (-pair.score, pair.id))[:NAMED]
        lines = [
            self.env._(
                "%(name)s – %(other)s (%(signs)s)",
                name=pair.other_id.display_name,
                other=pair.partner_id.display_name,
                signs=pair._jxc_signs(),
            )
            for pair in first
        ]
        note = "\n".join(lines)
        if len(pairs) > len(first):
            note += "\n" + self.env._(
                "and %(count)s more in the Duplicate Check", count=len(pairs) - NAMED
            )
        place = set(self.ids)
        mine = (first[0].other_id | first[0].partner_id).filtered(
            lambda partner: partner.id in place
        )
        # sudo: who imports contacts may plan what to look at
        mine[-1:].sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._(
                "%(count)s possible duplicates were imported", count=len(pairs)
            ),
            note=Markup("<br/>").join(note.split("\n")),
            user_id=self.env.uid,
        )


class JxcPartnerDuplicate(models.Model):
    _inherit = "jxc.partner.duplicate"

    def _jxc_signs(self):
        """Return in words what two contacts have in common."""
        self.ensure_one()
        signs = []
        if self.same_vat:
            signs.append(self.env._("equal tax number"))
        if self.same_phone:
            signs.append(self.env._("equal phone"))
        if self.name_percent == 100:
            signs.append(self.env._("equal name"))
        elif self.name_percent:
            signs.append(
                self.env._("name alike: %(percent)s%%", percent=self.name_percent)
            )
        return format_list(self.env, signs)
