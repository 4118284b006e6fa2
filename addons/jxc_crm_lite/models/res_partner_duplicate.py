# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools.duplicates import (
    ALIKE,
    name_key,
    pairs_of,
    phone_key,
    score,
    similarity,
    vat_key,
)

SHOWN = 5
COMMERCIAL = Domain("is_company", "=", True) | Domain("parent_id", "=", False)


class ResPartner(models.Model):
    """Keys by which contacts are compared, and who is like the one on the screen."""

    _inherit = "res.partner"

    jxc_name_key = fields.Char(
        compute="_compute_jxc_name_key",
        store=True,
        index="btree_not_null",
        export_string_translation=False,
        prefetch=RARELY_READ,
    )
    jxc_phone_key = fields.Char(
        compute="_compute_jxc_phone_key",
        store=True,
        index="btree_not_null",
        export_string_translation=False,
        prefetch=RARELY_READ,
    )
    jxc_vat_key = fields.Char(
        compute="_compute_jxc_vat_key",
        store=True,
        index="btree_not_null",
        export_string_translation=False,
        prefetch=RARELY_READ,
    )
    jxc_duplicate_warning = fields.Text(
        string="Duplicate Warning",
        compute="_compute_jxc_duplicate_warning",
        groups="base.group_user",
    )

    @api.depends("name")
    def _compute_jxc_name_key(self):
        for partner in self:
            partner.jxc_name_key = name_key(partner.name) or False

    @api.depends("phone")
    def _compute_jxc_phone_key(self):
        for partner in self:
            partner.jxc_phone_key = phone_key(partner.phone) or False

    @api.depends("vat")
    def _compute_jxc_vat_key(self):
        for partner in self:
            partner.jxc_vat_key = vat_key(partner.vat) or False

    @api.depends("name", "phone", "vat", "parent_id", "is_company", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_jxc_duplicate_warning(self):
        """Names and owners of contacts that may be the same; nothing else of them.

        Names that are only alike are looked for while a contact is new or its name is
        changed, equal keys always.
        """
        for partner in self:
            found = partner._jxc_similar() if partner.name else []
            lines = []
            for other, percent in found[:SHOWN]:
                if other.user_id:
                    text = self.env._(
                        "%(name)s (%(percent)s%%), owner %(owner)s",
                        name=other.display_name,
                        percent=percent,
                        owner=other.user_id.name,
                    )
                else:
                    text = self.env._(
                        "%(name)s (%(percent)s%%)",
                        name=other.display_name,
                        percent=percent,
                    )
                lines.append(text)
            partner.jxc_duplicate_warning = "\n".join(lines) or False

    def _jxc_similar(self):
        """Commercial entities that may be the same as this contact, most alike first.

        Everybody in sales is warned of customers of others, so all are compared;
        companies of the user only.

        :return: list of (res.partner as superuser, percent)
        """
        self.ensure_one()
        if self.parent_id and not self.is_company:
            return []
        keys = {
            "jxc_name_key": name_key(self.name),
            "jxc_phone_key": phone_key(self.phone),
            "jxc_vat_key": vat_key(self.vat),
        }
        domain = Domain.OR(
            Domain(field, "=", key) for field, key in keys.items() if key
        )
        if not self._origin or self._origin.name != self.name:
            domain |= Domain("id", "in", self._jxc_alike_ids(keys["jxc_name_key"]))
        domain &= COMMERCIAL & Domain("id", "!=", self._origin.id)
        domain &= Domain("company_id", "in", [*self.env.companies.ids, False])
        if self.company_id:
            domain &= Domain("company_id", "in", [self.company_id.id, False])
        # sudo: names and owners are shown to whoever may be about to take a customer
        # of a colleague; the condition is made here, not by the user.
        others = self.env["res.partner"].sudo().search(domain)
        found = []
        for other in others:
            alike = similarity(keys["jxc_name_key"], other.jxc_name_key or "")
            percent = score(
                bool(keys["jxc_vat_key"]) and keys["jxc_vat_key"] == other.jxc_vat_key,
                bool(keys["jxc_phone_key"])
                and keys["jxc_phone_key"] == other.jxc_phone_key,
                alike if alike >= ALIKE else 0,
            )
            if percent:
                found.append((other, percent))
        return sorted(found, key=lambda pair: (-pair[1], pair[0].id))

    @api.model
    def _jxc_alike_ids(self, key):
        """Ids of contacts that share enough pairs of letters with a name key.

        One pass over the keys, no index: the database's trigrams know no Chinese
        letters under the C locale.
        """
        pairs = sorted(pairs_of(key))
        if not pairs:
            return []
        self.env["res.partner"].flush_model(["jxc_name_key"])
        shared = SQL(" + ").join(
            SQL("(strpos(jxc_name_key, %s) > 0)::int", pair) for pair in pairs
        )
        least = math.ceil(ALIKE / (2 - ALIKE) * len(pairs))
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE active AND jxc_name_key IS NOT NULL"
                " AND %s >= %s",
                shared,
                least,
            )
        )
        return [number for (number,) in rows]

    @api.constrains("vat", "parent_id", "is_company", "company_id")
    def _check_jxc_equal_vat(self):
        """Refuse a second tax number where a company says so.

        :raise ValidationError: naming the other contact and its owner
        """
        companies = self.env["res.company"].sudo()
        blocking = companies.search([("jxc_block_equal_vat", "=", True)])
        numbers = [partner.jxc_vat_key for partner in self if partner.jxc_vat_key]
        if not blocking or not numbers:
            return
        others = self.sudo().search(COMMERCIAL & Domain("jxc_vat_key", "in", numbers))
        by_number = others.grouped("jxc_vat_key")
        for partner in self.sudo():
            company = partner.company_id or self.env.company
            if partner.commercial_partner_id != partner or company not in blocking:
                continue
            same = by_number.get(partner.jxc_vat_key, others[:0]) - partner
            same = same.filtered(
                lambda other, own=partner.company_id: (
                    not other.company_id or not own or other.company_id == own
                )
            )
            if same and not self.env.user._is_internal():
                # Customers change their address in the portal, and learn of no other.
                raise ValidationError(
                    self.env._(
                        "The tax number %s is another customer's already. Please ask"
                        " us to correct it.",
                        partner.vat,
                    )
                )
            if same:
                raise ValidationError(
                    self.env._(
                        "%(name)s has the tax number %(vat)s of %(other)s (owner:"
                        " %(owner)s). Use that contact, or merge them.",
                        name=partner.name,
                        vat=partner.vat,
                        other=same[0].display_name,
                        owner=same[0].user_id.name or self.env._("nobody"),
                    )
                )
