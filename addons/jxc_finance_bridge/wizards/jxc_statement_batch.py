# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class JxcStatementBatch(models.TransientModel):
    """Statements for everybody with movement in a period."""

    _name = "jxc.statement.batch"
    _description = "Statements for Many Partners"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        selection=lambda self: self._selection_kind(),
        required=True,
        default="receivable",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env["jxc.statement"]._default_period()[0],
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: self.env["jxc.statement"]._default_period()[1],
    )
    with_goods = fields.Boolean(string="Goods", default=True)
    with_balance = fields.Boolean(
        string="Also With a Balance Only",
        help="Partners without movement in the period who owe or are owed something.",
    )

    def _selection_kind(self):
        """Kinds of statements, in the language of who asks."""
        field = self.env["jxc.statement"]._fields["kind"]
        return field._description_selection(self.env)

    def action_create(self):
        """Make the statements as drafts, for partners who have none of the period.

        :raise AccessError: no right to make statements
        :raise UserError: nobody has movement, or all have a statement
        """
        self.ensure_one()
        statements = self.env["jxc.statement"]
        statements.check_access("create")
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(
                self.env._("You do not work in the company whose books you ask for.")
            )
        partners = self._get_partners() - self._get_present().partner_id
        if not partners:
            raise UserError(
                self.env._(
                    "Nobody has movement from %(date_from)s to %(date_to)s, or all have"
                    " a statement already.",
                    date_from=self.date_from,
                    date_to=self.date_to,
                )
            )
        made = statements.with_company(self.company_id).create(
            [self._prepare_statement(partner) for partner in partners]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_finance_bridge.jxc_statement_action"
        )
        return {**action, "domain": [("id", "in", made.ids)], "context": {}}

    def _prepare_statement(self, partner):
        return {
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "kind": self.kind,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "with_goods": self.with_goods,
        }

    def _get_present(self):
        return self.env["jxc.statement"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", self.kind),
                ("date_from", "=", self.date_from),
                ("date_to", "=", self.date_to),
                ("state", "!=", "cancel"),
            ]
        )

    def _get_partners(self):
        service = self.env["jxc.voucher"]
        domain = [
            *service._get_items_domain(self.company_id, self.kind, None),
            ("partner_id", "!=", False),
            ("date", "<=", self.date_to),
        ]
        lines = self.env["account.move.line"].with_context(
            allowed_company_ids=self.company_id.ids
        )
        moved = lines._read_group(
            [*domain, ("date", ">=", self.date_from)], ["partner_id"]
        )
        partners = self.env["res.partner"].union(*(partner for (partner,) in moved))
        if self.with_balance:
            balances = lines._read_group(domain, ["partner_id"], ["balance:sum"])
            totals = {}
            for partner, balance in balances:
                owner = partner.commercial_partner_id
                totals[owner] = totals.get(owner, 0.0) + balance
            zero = self.company_id.currency_id.is_zero
            partners = partners.union(
                *(p for p, sum_ in totals.items() if not zero(sum_))
            )
        return partners.commercial_partner_id.sorted("name")
