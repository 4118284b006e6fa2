# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

SALES = "sales_team.group_sale_salesman,jxc_base.group_executive"
SELLER = "sales_team.group_sale_salesman"
MANAGER = "sales_team.group_sale_manager"
# What only the methods of this file write.
KEPT_BY_SERVER = {
    "jxc_owner_since",
    "jxc_pool_date",
    "jxc_pool_warned_on",
    "jxc_pool_due",
    "jxc_pool_last_owner_id",
    "jxc_pool_company_id",
    "jxc_pool_activity_id",
}
KEPT_BY_MANAGERS = {"jxc_pool_protected_until", "jxc_pool_protect_reason"}
# An object no client can send, whatever is in its context.
LOGGED = object()


class JxcPoolMixin(models.AbstractModel):
    """A customer or lead that has an owner (``user_id``), or is in the public pool.

    Whoever is not looked after falls into the pool (公海) and may be claimed by anyone
    in sales: once, within a limit per person, and not at once by who has just lost it.
    """

    _name = "jxc.pool.mixin"
    _inherit = ["jxc.server.fields.mixin"]
    _description = "In the Public Pool or with an Owner"

    # Computed and stored: without this a client could write what limits count.
    _jxc_server_fields = frozenset({"jxc_pool_state", "jxc_pool_company_id"})

    jxc_pool_state = fields.Selection(
        selection=[
            ("owned", "Owned"),
            ("warned", "About to Fall"),
            ("pool", "In Pool"),
        ],
        string="Pool State",
        compute="_compute_jxc_pool_state",
        store=True,
        index=True,
        groups=SALES,
        prefetch=RARELY_READ,
    )
    jxc_owner_since = fields.Datetime(
        string="Owner since",
        readonly=True,
        copy=False,
        groups=SALES,
        prefetch=RARELY_READ,
    )
    jxc_pool_date = fields.Datetime(
        string="In Pool since",
        readonly=True,
        copy=False,
        groups=SALES,
        prefetch=RARELY_READ,
    )
    jxc_pool_warned_on = fields.Date(
        string="Warned on",
        readonly=True,
        copy=False,
        groups=SALES,
        prefetch=RARELY_READ,
    )
    jxc_pool_due = fields.Date(
        string="Falls on",
        readonly=True,
        copy=False,
        groups=SALES,
        help="When it falls into the pool unless somebody follows up or orders.",
        prefetch=RARELY_READ,
    )
    jxc_pool_last_owner_id = fields.Many2one(
        comodel_name="res.users",
        string="Last Owner",
        readonly=True,
        copy=False,
        groups=SALES,
        prefetch=RARELY_READ,
    )
    jxc_pool_protected_until = fields.Date(
        string="Protected until",
        copy=False,
        groups=SALES,
        help="Does not fall into the pool up to this day. Set by sales managers.",
        prefetch=RARELY_READ,
    )
    jxc_pool_protect_reason = fields.Char(
        string="Reason of Protection",
        copy=False,
        groups=SALES,
        prefetch=RARELY_READ,
    )

    # What a model says about itself ---------------------------------------------

    def _jxc_in_pool_scheme(self):
        """Return the records that can have an owner at all."""
        return self

    def _jxc_pool_log_values(self):
        """Return what names this record in ``jxc.pool.log``."""
        raise NotImplementedError

    def _jxc_owner_is_guarded(self):
        """Whether nobody but a manager may write the owner of this record directly."""
        raise NotImplementedError

    # Computed ---------------------------------------------------------------------

    def _get_jxc_pool_depends(self):
        return ["user_id", "jxc_pool_date", "jxc_pool_warned_on"]

    @api.depends(lambda self: self._get_jxc_pool_depends())
    def _compute_jxc_pool_state(self):
        within = self._jxc_in_pool_scheme()
        (self - within).jxc_pool_state = False
        for record in within:
            if record.user_id:
                record.jxc_pool_state = (
                    "warned" if record.jxc_pool_warned_on else "owned"
                )
            else:
                record.jxc_pool_state = "pool" if record.jxc_pool_date else False

    # Guards -----------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        return own_defaults(self, defaults, KEPT_BY_SERVER | KEPT_BY_MANAGERS)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_pool_values(vals)
        records = super().create(vals_list)
        owned = records.filtered("user_id")
        if owned:
            owned.sudo().write({"jxc_owner_since": fields.Datetime.now()})
        return records

    def write(self, vals):
        self._jxc_check_pool_values(vals)
        if "user_id" not in vals:
            return super().write(vals)
        changed = self.filtered(lambda record: record.user_id.id != vals["user_id"])
        changed._jxc_check_owner_change()
        before = {record.id: record.sudo().user_id for record in changed}
        result = super().write(vals)
        changed.sudo()._jxc_note_owner_change(before)
        return result

    def _jxc_check_pool_values(self, vals):
        """Refuse fields that follow from what happened, and those of managers."""
        if self.env.su:
            return
        if KEPT_BY_SERVER & vals.keys():
            raise AccessError(
                self.env._(
                    "Owner dates and the public pool cannot be written: claim, release"
                    " or assign instead."
                )
            )
        if KEPT_BY_MANAGERS & vals.keys() and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only sales managers protect customers from the pool.")
            )

    def _jxc_check_owner_change(self):
        """Refuse to take a customer by writing the salesperson.

        :raise AccessError: naming the records, for anyone but sales managers
        """
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        refused = self.filtered(lambda record: record._jxc_owner_is_guarded())
        if refused:
            raise AccessError(
                self.env._(
                    "The salesperson of %(names)s is not yours to change: claim it"
                    " from the public pool, release it, or ask a sales manager to"
                    " assign it.",
                    names=", ".join(refused.sudo().mapped("display_name")),
                )
            )

    def _jxc_note_owner_change(self, before):
        """Keep what follows from a new owner.

        :param dict before: ``{id: former owner}``
        """
        for owner, records in self.grouped(lambda record: before[record.id]).items():
            values = {
                "jxc_pool_date": False,
                "jxc_pool_warned_on": False,
                "jxc_pool_due": False,
                "jxc_owner_since": fields.Datetime.now(),
            }
            if owner:
                values["jxc_pool_last_owner_id"] = owner.id
            records.write(values)
        if self.env.context.get("jxc_pool_logged") is not LOGGED:
            self._jxc_log_pool("assign", before)

    # Actions ----------------------------------------------------------------------

    def action_jxc_claim(self):
        """Make the current user the owner of records that are free; a whole batch.

        Of two people who claim at once one gets it, the other is told.

        :raise AccessError: for users outside sales
        :raise UserError: naming every record that is not free, is cooling down for
            this user, is being claimed right now, or passes the limit of the person
        """
        self._jxc_check_seller()
        user = self.env.user
        records = self.sudo()
        records._jxc_check_companies(user)
        problems = records._jxc_claim_problems(user)
        if not problems:
            # A queue, not a limit: whoever gets the rows is the owner. Rows that
            # changed since this transaction began end in a retry that sees the owner.
            busy = records - records.try_lock_for_update(allow_referencing=True)
            problems = [
                self.env._(
                    "%(name)s is being claimed by somebody else at this moment.",
                    name=record.display_name,
                )
                for record in busy
            ]
        if problems:
            raise UserError("\n".join(problems))
        companies = self.env["res.company"].union(
            *(record._jxc_pool_company_with(user) for record in records)
        )
        places = records._jxc_claimed_places(user)
        self.env["jxc.pool.quota"]._take(user, companies, places)
        records._jxc_set_owner(user, "claim")
        return True

    def action_jxc_release(self, reason=None):
        """Give records into the pool, own ones or as a sales manager any.

        :param str reason: why, kept in the history
        :raise AccessError: for records of others
        """
        self._jxc_check_seller()
        user = self.env.user
        self.sudo()._jxc_check_companies(user)
        others = self.sudo().filtered(lambda record: record.user_id != user)
        if others and not user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "You can release your own customers only, not %(names)s.",
                    names=", ".join(others.mapped("display_name")),
                )
            )
        self.sudo()._jxc_fall("release", reason)
        return True

    def _jxc_check_seller(self):
        if not (self.env.su or self.env.user.has_group(SELLER)):
            raise AccessError(
                self.env._("Only salespeople claim and release customers.")
            )

    def _jxc_check_companies(self, user):
        """Refuse what belongs to companies that the user does not work for.

        Within them everybody in sales may know what is claimed already, so the rules
        over records are not asked.

        :raise AccessError: telling nothing of the records
        """
        if self.company_id - user.company_ids:
            raise AccessError(self.env._("It is one of another company."))

    def _jxc_claimed_places(self, user):
        """Return how many of a person's places a claim takes; called as superuser."""
        return len(self)

    def _jxc_claim_problems(self, user):
        """Return one sentence per record that this user may not claim now."""
        problems = []
        outside = self - self._jxc_in_pool_scheme()
        for record in self:
            values = {"name": record.display_name}
            if record in outside:
                problems.append(
                    self.env._("%(name)s is no customer of its own.", **values)
                )
            elif record.user_id:
                problems.append(
                    self.env._(
                        "%(name)s belongs to %(owner)s since %(date)s.",
                        owner=record.user_id.name,
                        date=record._jxc_pool_day(record.jxc_owner_since),
                        **values,
                    )
                )
            elif until := record._jxc_cool_down_until(user):
                problems.append(
                    self.env._(
                        "%(name)s was yours; you can claim it again on %(date)s,"
                        " others can now.",
                        date=fields.Date.to_string(until),
                        **values,
                    )
                )
        return problems

    def _jxc_cool_down_until(self, user):
        """Return the first day on which who has lost it may claim again, or False."""
        lost_at = self._jxc_lost_at(user)
        if not lost_at:
            return False
        days = self._jxc_pool_company().jxc_pool_cool_down_days
        until = self._jxc_pool_day(lost_at) + relativedelta(days=days)
        return until if until > self._jxc_pool_day(fields.Datetime.now()) else False

    def _jxc_pool_day(self, moment):
        """Return the company's day of a moment, False without one."""
        if not moment:
            return False
        record = self.with_context(tz=self._jxc_pool_company()._jxc_timezone())
        return fields.Datetime.context_timestamp(record, moment).date()

    # Steps ------------------------------------------------------------------------

    def _jxc_set_owner(self, user, kind, reason=None):
        """Write the owner and the history; called as superuser."""
        before = {record.id: record.user_id for record in self}
        self.with_context(jxc_pool_logged=LOGGED).write({"user_id": user.id})
        self._jxc_log_pool(kind, before, reason)

    def _jxc_fall(self, kind, reason=None):
        """Put records into the pool; called as superuser."""
        self._jxc_set_owner(self.env["res.users"], kind, reason)
        self.write({"jxc_pool_date": fields.Datetime.now()})

    def _jxc_log_pool(self, kind, before, reason=None):
        """Keep the history, who did what with whose customer."""
        self.env["jxc.pool.log"].sudo().create(
            [
                {
                    **record._jxc_pool_log_values(),
                    "company_id": record._jxc_pool_company().id,
                    "kind": kind,
                    "user_id": self.env.uid,
                    "old_owner_id": before[record.id].id,
                    "new_owner_id": record.user_id.id,
                    "reason": reason,
                }
                for record in self
            ]
        )
