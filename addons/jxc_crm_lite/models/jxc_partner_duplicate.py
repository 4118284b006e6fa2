# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from itertools import combinations, product

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.duplicates import (
    ALIKE,
    MANY,
    score,
    similar_pairs,
    similarity,
    without_series,
)

MANAGER = "sales_team.group_sale_manager"


class JxcPartnerDuplicate(models.Model):
    """Two contacts that may be one (查重); found every night and by imports."""

    _name = "jxc.partner.duplicate"
    _description = "Suspected Duplicate"
    _order = "score desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    other_id = fields.Many2one(
        comodel_name="res.partner",
        string="May Be the Same As",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="Empty when both contacts are shared.",
    )
    score = fields.Integer(
        string="Score (%)",
        readonly=True,
        aggregator="max",
        help="Equal tax number 95, equal name 80, alike name from 50, equal phone 60;"
        " several signs add up.",
    )
    same_vat = fields.Boolean(string="Equal Tax Number", readonly=True)
    same_phone = fields.Boolean(string="Equal Phone", readonly=True)
    name_percent = fields.Integer(
        string="Name Alike (%)", readonly=True, aggregator=None
    )
    state = fields.Selection(
        selection=[("open", "Open"), ("ignored", "Not the Same")],
        default="open",
        required=True,
        readonly=True,
    )
    owner_id = fields.Many2one(related="partner_id.user_id", string="Owner")
    other_owner_id = fields.Many2one(related="other_id.user_id", string="Other Owner")
    phone = fields.Char(related="partner_id.phone")
    other_phone = fields.Char(related="other_id.phone", string="Other Phone")
    vat = fields.Char(related="partner_id.vat", string="Tax Number")
    other_vat = fields.Char(related="other_id.vat", string="Other Tax Number")
    city = fields.Char(related="partner_id.city")
    other_city = fields.Char(related="other_id.city", string="Other City")

    _pair_unique = models.UniqueIndex(
        "(partner_id, other_id)", "Two contacts are compared once."
    )
    _pair_in_order = models.Constraint(
        "CHECK (partner_id < other_id)", "A pair begins with the older contact."
    )

    # Finding ----------------------------------------------------------------------

    @api.model
    def _cron_scan(self):
        """Every night: compare all commercial entities with each other."""
        self.sudo()._scan()

    def action_scan(self):
        """Compare all contacts now, whichever are selected, and reload the screen.

        :raise AccessError: for anyone but sales managers
        """
        self._check_manager()
        self.sudo()._scan()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _scan(self, partners=None):
        """Find pairs, drop open ones that are no longer alike; keep the decisions.

        Running it again writes nothing.

        :param partners: compare these with all others; all with all when left out
        :return: the open pairs found
        """
        self.env["res.partner"].flush_model()
        rows = self.env.execute_query(self._get_rows())
        contacts = {row[0]: row[1:] for row in rows}
        found = self._get_pairs(contacts, partners and set(partners.ids))
        rows = [
            self._prepare_pair(contacts, *pair, alike) for pair, alike in found.items()
        ]
        domain = Domain("state", "=", "open")
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.ids) | Domain(
                "other_id", "in", partners.ids
            )
        gone = self.search(domain).filtered(
            lambda pair: (pair.partner_id.id, pair.other_id.id) not in found
        )
        gone.unlink()
        return self._save(rows)

    def _save(self, rows):
        """Insert what is new and update what changed; decisions stay as they are."""
        if not rows:
            return self.browse()
        names = [SQL.identifier(name) for name in rows[0]]
        kept = SQL(", ").join(SQL("kept.%s", name) for name in names)
        new = SQL(", ").join(SQL("excluded.%s", name) for name in names)
        columns = SQL(", ").join(names)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO jxc_partner_duplicate AS kept (
                    %(columns)s, state, create_uid, create_date, write_uid, write_date
                )
                VALUES %(rows)s
                    ON CONFLICT (partner_id, other_id) DO UPDATE
                   SET (%(columns)s, write_uid, write_date)
                       = (%(new)s, excluded.write_uid, excluded.write_date)
                 WHERE (%(kept)s) IS DISTINCT FROM (%(new)s)
                """,
                columns=columns,
                kept=kept,
                new=new,
                rows=SQL(", ").join(
                    SQL(
                        "(%s, 'open', %s, %s, %s, %s)",
                        SQL(", ").join(SQL("%s", value) for value in row.values()),
                        *(self.env.uid, self.env.cr.now()) * 2,
                    )
                    for row in rows
                ),
            )
        )
        self.invalidate_model()
        wanted = {(row["partner_id"], row["other_id"]) for row in rows}
        pairs = self.search(
            [
                ("state", "=", "open"),
                ("partner_id", "in", [one for one, _other in wanted]),
            ]
        )
        return pairs.filtered(
            lambda pair: (pair.partner_id.id, pair.other_id.id) in wanted
        )

    def _get_rows(self):
        """SELECT of the commercial entities that are compared; our own are not."""
        return SQL(
            """
            SELECT p.id, p.company_id, p.jxc_name_key, p.jxc_phone_key, p.jxc_vat_key
              FROM res_partner p
             WHERE p.active AND p.commercial_partner_id = p.id
               AND NOT EXISTS (SELECT FROM res_users u WHERE u.partner_id = p.id)
               AND NOT EXISTS (SELECT FROM res_company c WHERE c.partner_id = p.id)
             ORDER BY p.id
            """
        )

    def _get_pairs(self, contacts, wanted=None):
        """Return ``{(id, larger id): similarity of the names}`` of suspected pairs."""
        by_name = self._get_groups(contacts, 1)
        named = [*self._get_alike(by_name, wanted), *self._get_equal(by_name)]
        found = without_series(self._compare(contacts, named, wanted))
        for place in (2, 3):
            equal = self._get_equal(self._get_groups(contacts, place))
            found.update(self._compare(contacts, equal, wanted))
        return found

    def _get_groups(self, contacts, place):
        """Return ``{key: ids}`` of the contacts that have one at this place."""
        groups = {}
        for number, row in contacts.items():
            if row[place]:
                groups.setdefault(row[place], []).append(number)
        return groups

    def _get_equal(self, groups):
        """Yield the pairs that share a key; one that many share says nothing."""
        for group in groups.values():
            if len(group) <= MANY:
                for one, other in combinations(group, 2):
                    yield one, other, None

    def _get_alike(self, by_name, wanted):
        """Yield pairs with names that are alike, and how much; each name once."""
        first = {group[0]: key for key, group in by_name.items() if len(group) <= MANY}
        asked = wanted and {
            one for one, key in first.items() if not wanted.isdisjoint(by_name[key])
        }
        for one, other, alike in similar_pairs(first, wanted=asked):
            for mine, theirs in product(by_name[first[one]], by_name[first[other]]):
                yield mine, theirs, alike

    def _compare(self, contacts, pairs, wanted):
        """Return those that are asked about and can be one customer."""
        found = {}
        for *pair, alike in pairs:
            one, other = sorted(pair)
            if wanted and one not in wanted and other not in wanted:
                continue
            mine, theirs = contacts[one], contacts[other]
            # Contacts of two companies are not mixed.
            if len({mine[0], theirs[0]} - {None}) < 2:
                if alike is None:
                    alike = similarity(mine[1] or "", theirs[1] or "")
                found[one, other] = alike
        return found

    def _prepare_pair(self, contacts, one, other, alike):
        """Return the values of the pair of two contacts."""
        mine, theirs = contacts[one], contacts[other]
        same_phone = bool(mine[2]) and mine[2] == theirs[2]
        same_vat = bool(mine[3]) and mine[3] == theirs[3]
        return {
            "partner_id": one,
            "other_id": other,
            "company_id": mine[0] or theirs[0],
            "same_phone": same_phone,
            "same_vat": same_vat,
            "name_percent": round(alike * 100) if alike >= ALIKE else 0,
            "score": score(same_vat, same_phone, alike),
        }

    # Deciding ---------------------------------------------------------------------

    def action_ignore(self):
        """Say that these are different customers; they are not suspected again.

        :raise AccessError: for anyone but sales managers and owners of both
        """
        self._check_decides()
        self.sudo().write({"state": "ignored"})
        return True

    def action_reopen(self):
        """Suspect pairs again.

        :raise AccessError: for anyone but sales managers and owners of both
        """
        self._check_decides()
        self.sudo().write({"state": "open"})
        return True

    def action_merge(self):
        """Open the merge of the contacts of these pairs.

        :raise AccessError: for anyone but sales managers
        :raise UserError: when the pairs are about more than three contacts
        """
        self._check_manager()
        partners = self.partner_id | self.other_id
        if len(partners) > 3:
            raise UserError(
                self.env._(
                    "Merge up to three contacts at once; these pairs are about"
                    " %(count)s.",
                    count=len(partners),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Contacts"),
            "res_model": "jxc.partner.merge",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": partners.ids},
        }

    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only sales managers look for duplicates."))

    def _check_decides(self):
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        self.check_access("read")
        for pair in self.sudo():
            owners = pair.partner_id.user_id | pair.other_id.user_id
            if owners != self.env.user or not pair.owner_id or not pair.other_owner_id:
                raise AccessError(
                    self.env._(
                        "%(one)s and %(other)s are not both yours; ask a sales manager"
                        " to decide.",
                        one=pair.partner_id.display_name,
                        other=pair.other_id.display_name,
                    )
                )
