# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import ast

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.guard import own_defaults

MANAGER = "sales_team.group_sale_manager"
SCORES = [(str(score), str(score)) for score in range(1, 6)]
CLASSES = {"class_a": "a", "class_b": "b", "class_c": "c"}
LIFE_CYCLES = {
    f"is_{value}": value for value in ("potential", "new", "active", "sleeping", "lost")
}
KEPT_BY_SERVER = {"partner_count", "counted_on"}


class JxcCustomerSegment(models.Model):
    """A saved question about customers (客户分群); who answers it is found each time.

    Whoever uses a segment finds the customers that he may read himself. Where the
    server asks (the target of a promotion), those count that its responsible may read:
    a condition written by one person never runs with more rights than his.
    """

    _name = "jxc.customer.segment"
    _description = "Customer Segment"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        help="Whose classes and orders count.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        index=True,
    )
    is_shared = fields.Boolean(
        string="Shared", help="Everybody in sales may use it, for customers of his own."
    )
    class_a = fields.Boolean(string="A")
    class_b = fields.Boolean(string="B")
    class_c = fields.Boolean(string="C")
    is_potential = fields.Boolean(string="Potential")
    is_new = fields.Boolean(string="New")
    is_active = fields.Boolean(string="Active Customer")
    is_sleeping = fields.Boolean(string="Sleeping")
    is_lost = fields.Boolean(string="Lost")
    recency_min = fields.Selection(selection=SCORES, string="Recency Score from")
    frequency_min = fields.Selection(selection=SCORES, string="Frequency Score from")
    monetary_min = fields.Selection(selection=SCORES, string="Monetary Score from")
    no_order_days = fields.Integer(
        string="No Order since (days)",
        help="Customers who have ordered before, but not for this long; 0: any.",
    )
    category_ids = fields.Many2many(
        comodel_name="res.partner.category",
        string="Tags",
        help="Customers with any of these tags.",
    )
    state_ids = fields.Many2many(
        comodel_name="res.country.state", string="Provinces and States"
    )
    city = fields.Char()
    owner_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jxc_customer_segment_owner_rel",
        column1="segment_id",
        column2="user_id",
        string="Owners",
        help="Customers of these salespeople.",
    )
    domain = fields.Char(
        string="More Conditions", default="[]", help="Any other fields of contacts."
    )
    partner_count = fields.Integer(
        string="Customers",
        readonly=True,
        copy=False,
        help="As the responsible sees them, counted when saved and every night.",
    )
    counted_on = fields.Datetime(readonly=True, copy=False)

    @api.constrains("domain", "user_id", "company_id")
    def _check_domain(self):
        """The responsible must be able to ask what the condition asks."""
        for segment in self:
            if segment.company_id not in segment.user_id.sudo().company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s, responsible for %(segment)s, does not work for"
                        " %(company)s.",
                        user=segment.user_id.sudo().name,
                        segment=segment.name,
                        company=segment.company_id.name,
                    )
                )
            try:
                segment._as_responsible().search(segment._get_domain(), limit=1)
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "More Conditions of %(segment)s cannot be read: %(error)s",
                        segment=segment.name,
                        error=str(error),
                    )
                ) from error

    @api.constrains("no_order_days")
    def _check_no_order_days(self):
        for segment in self:
            if not 0 <= segment.no_order_days <= 3650:
                raise ValidationError(
                    self.env._(
                        "%(segment)s: days without an order are between 0 and 3650,"
                        " not %(days)s.",
                        segment=segment.name,
                        days=segment.no_order_days,
                    )
                )

    # Guards -----------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), KEPT_BY_SERVER)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_values(vals)
        segments = super().create(vals_list)
        segments._check_own()
        segments._count()
        return segments

    def write(self, vals):
        self._check_values(vals)
        result = super().write(vals)
        if not KEPT_BY_SERVER >= vals.keys():
            self._check_own()
            self._count()
        return result

    def _check_values(self, vals):
        if not self.env.su and KEPT_BY_SERVER & vals.keys():
            raise AccessError(self.env._("Customers of a segment are counted."))

    def _check_own(self):
        """A condition runs with its responsible's rights: nobody lends himself those.

        :raise AccessError: for a responsible other than the user, except by managers
        """
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        for segment in self:
            if segment.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "You can be responsible for your own segments only; ask a"
                        " sales manager to give %(segment)s to %(user)s.",
                        segment=segment.name,
                        user=segment.user_id.name,
                    )
                )

    # Who is in it -----------------------------------------------------------------

    def _get_domain(self):
        """Return the Domain over contacts; commercial entities only.

        :raise ValueError: when More Conditions cannot be read
        """
        self.ensure_one()
        domain = Domain("is_company", "=", True) | Domain("parent_id", "=", False)
        if condition := self._get_class_domain():
            condition &= Domain("company_id", "=", self.company_id.id)
            domain &= Domain("jxc_class_ids", "any", condition)
        if self.category_ids:
            domain &= Domain("category_id", "in", self.category_ids.ids)
        if self.state_ids:
            domain &= Domain("state_id", "in", self.state_ids.ids)
        if self.city:
            domain &= Domain("city", "ilike", self.city)
        if self.owner_ids:
            domain &= Domain("user_id", "in", self.owner_ids.ids)
        company = Domain("company_id", "in", [self.company_id.id, False])
        return domain & company & Domain(ast.literal_eval(self.domain or "[]"))

    def _get_class_domain(self):
        """Return the Domain over jxc.customer.class, None without any condition."""
        conditions = []
        if abc := [value for name, value in CLASSES.items() if self[name]]:
            conditions.append(Domain("abc", "in", abc))
        if cycles := [value for name, value in LIFE_CYCLES.items() if self[name]]:
            conditions.append(Domain("life_cycle", "in", cycles))
        for place, name in enumerate(("recency_min", "frequency_min", "monetary_min")):
            if self[name]:
                patterns = (
                    "_" * place + str(score) + "_" * (2 - place)
                    for score in range(int(self[name]), 6)
                )
                conditions.append(
                    Domain.OR(Domain("rfm_score", "=like", text) for text in patterns)
                )
        if self.no_order_days:
            day = fields.Date.context_today(self) - relativedelta(
                days=self.no_order_days
            )
            # As text: mailings keep the domain as one, and read no date in it.
            conditions.append(
                Domain("last_order_date", "<=", fields.Date.to_string(day))
            )
        return Domain.AND(conditions) if conditions else None

    def _get_partners(self, limit=None):
        """The customers of these segments together, those the user may read.

        :return: res.partner, commercial entities, in the order of contacts
        """
        self.check_access("read")
        partners = self.env["res.partner"]
        for segment in self:
            model = self.env["res.partner"].with_company(segment.company_id)
            partners |= model.search(segment._get_domain(), limit=limit)
        return partners.with_env(self.env)

    def _as_responsible(self):
        """res.partner with the rights of the responsible in the segment's company."""
        self.ensure_one()
        return (
            self.env["res.partner"]
            .with_user(self.sudo().user_id)
            .with_context(allowed_company_ids=self.company_id.ids)
        )

    def _having(self, partner):
        """Those of these segments that a customer is in; asked by the server.

        :param partner: one contact; its commercial entity counts
        """
        asked = Domain("id", "=", partner.commercial_partner_id.id)
        found = self.browse()
        for segment in self:
            try:
                if segment._as_responsible().search_count(
                    asked & segment._get_domain(), limit=1
                ):
                    found |= segment
            except AccessError:
                # The responsible has lost the rights that the condition needs.
                continue
        return found

    def _count(self):
        now = fields.Datetime.now()
        for segment in self.sudo():
            count = segment._as_responsible().search_count(segment._get_domain())
            segment.write({"partner_count": count, "counted_on": now})

    @api.model
    def _cron_count(self):
        """Count all segments again, after the classes of the night."""
        for segment in self.search([]):
            try:
                segment._count()
            except AccessError:
                segment.write({"partner_count": 0, "counted_on": fields.Datetime.now()})

    # Actions ----------------------------------------------------------------------

    def action_count(self):
        """Count the customers again.

        :raise AccessError: without the right to change the segment
        """
        self.check_access("write")
        self._count()
        return True

    def action_partners(self):
        """Open the list of the customers that the user may read."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": list(self._get_domain()),
        }

    def action_mail(self):
        """Open the platform's mail composer for the customers with an address.

        :raise UserError: when there is nobody to write to
        """
        return self._compose("mail.compose.message", "email")

    def action_sms(self):
        """Open the platform's SMS composer for the customers with a number.

        :raise UserError: when there is nobody to write to
        """
        return self._compose("sms.composer", "phone")

    def _compose(self, composer, field):
        self.ensure_one()
        partners = self._get_partners().filtered(field)
        if not partners:
            raise UserError(
                self.env._(
                    "None of the customers of %(segment)s has what it takes to be"
                    " written to (%(field)s).",
                    segment=self.name,
                    field=partners._fields[field]._description_string(self.env),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": composer,
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": "res.partner",
                "active_ids": partners.ids,
                "default_model": "res.partner",
                "default_res_model": "res.partner",
                "default_res_ids": partners.ids,
                "default_composition_mode": (
                    "mass" if composer == "sms.composer" else "mass_mail"
                ),
                "default_mass_keep_log": True,
            },
        }

    def action_mailing(self):
        """Start a mailing to the segment where the platform's mailings are installed.

        Its recipients are found by the segment's conditions when it is sent.

        :raise UserError: without the mailings of the platform
        """
        self.ensure_one()
        if "mailing.mailing" not in self.env:
            raise UserError(
                self.env._(
                    "Mailings need the app Email Marketing or SMS Marketing; until"
                    " then write to the customers with E-mail or SMS."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "mailing.mailing",
            "view_mode": "form",
            "context": {
                "default_subject": self.name,
                "default_mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "default_mailing_domain": repr(list(self._get_domain())),
                "default_jxc_company_id": self.company_id.id,
            },
        }
