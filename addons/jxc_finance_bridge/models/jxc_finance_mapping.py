# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: the field that holds what is mapped, by kind; one of several for cash-flow items
SUBJECTS = {
    "account": ("account_id",),
    "partner": ("partner_id",),
    "analytic": ("analytic_account_id",),
    "cash_flow": ("cash_flow_item_id", "account_id"),
    "word": ("word",),
}


class JxcFinanceMapping(models.Model):
    """What something of ours is called in another finance system."""

    _name = "jxc.finance.mapping"
    _description = "Finance Code Mapping"
    _order = "target_id, kind, external_code, id"
    _rec_names_search = ["external_code", "external_name"]
    _check_company_auto = True

    target_id = fields.Many2one(
        comodel_name="jxc.finance.target",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="target_id.company_id",
        store=True,
        index=True,
    )
    kind = fields.Selection(
        selection=[
            ("account", "Account"),
            ("partner", "Customer or Vendor"),
            ("analytic", "Department or Project"),
            ("cash_flow", "Cash-flow Item"),
            ("word", "Voucher Word"),
        ],
        required=True,
        default="account",
    )
    account_id = fields.Many2one(
        comodel_name="account.account",
        check_company=True,
        ondelete="cascade",
        help="For a cash-flow item: the account on the other side of cash and bank. It"
        " counts for money whose item has no code of its own.",
    )
    cash_flow_item_id = fields.Many2one(
        comodel_name="jxc.cash.flow.item",
        ondelete="cascade",
        help="The item of our cash flow statement that has this code there.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        check_company=True,
        ondelete="cascade",
    )
    analytic_account_id = fields.Many2one(
        comodel_name="account.analytic.account",
        string="Department or Project",
        check_company=True,
        ondelete="cascade",
    )
    word = fields.Char()
    external_code = fields.Char(
        string="Code There",
        required=True,
    )
    external_name = fields.Char(
        string="Name There",
    )
    partner_kind = fields.Selection(
        selection=[
            ("none", "None"),
            ("customer", "Customer"),
            ("vendor", "Vendor"),
        ],
        string="Partner Item",
        help="Which auxiliary item the account has there. Empty: a customer on"
        " receivable accounts, a vendor on payable ones.",
    )
    with_department = fields.Boolean(
        string="By Department",
    )
    with_project = fields.Boolean(
        string="By Project",
    )

    _account_unique = models.UniqueIndex(
        "(target_id, kind, account_id) WHERE account_id IS NOT NULL",
        "This account has a code in that system already.",
    )
    _partner_unique = models.UniqueIndex(
        "(target_id, kind, partner_id) WHERE partner_id IS NOT NULL",
        "This partner has a code in that system already.",
    )
    _analytic_unique = models.UniqueIndex(
        "(target_id, kind, analytic_account_id) WHERE analytic_account_id IS NOT NULL",
        "This department or project has a code in that system already.",
    )

    _cash_flow_item_unique = models.UniqueIndex(
        "(target_id, cash_flow_item_id) WHERE cash_flow_item_id IS NOT NULL",
        "This cash-flow item has a code in that system already.",
    )

    @api.constrains(
        "kind",
        "account_id",
        "partner_id",
        "analytic_account_id",
        "cash_flow_item_id",
        "word",
    )
    def _check_subject(self):
        names = {name for subjects in SUBJECTS.values() for name in subjects}
        for mapping in self:
            given = [name for name in names if mapping[name]]
            if len(given) != 1 or given[0] not in SUBJECTS[mapping.kind]:
                raise ValidationError(
                    self.env._(
                        "%(code)s: say what has this code, and nothing else.",
                        code=mapping.external_code,
                    )
                )

    @api.depends("external_code", "external_name")
    def _compute_display_name(self):
        for mapping in self:
            parts = (mapping.external_code, mapping.external_name)
            mapping.display_name = " ".join(part for part in parts if part)
