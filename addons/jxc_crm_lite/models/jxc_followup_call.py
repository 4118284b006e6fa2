# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

BY_SERVER = {"is_draft", "phone", "reported_at"}
#: dialling again within this time is the same call
SAME_CALL_MINUTES = 10


class JxcFollowup(models.Model):
    """Calls and visits begin as a draft; the outcome makes the draft a follow-up.

    A draft counts for nothing: dialling alone neither ends a step nor keeps a customer
    out of the pool.
    """

    _inherit = "jxc.followup"

    is_draft = fields.Boolean(
        string="Not Reported",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    # Of a draft or plan: its author corrects it for a day from then on. Its date is
    # when it took place, which for a draft is earlier.
    reported_at = fields.Datetime(
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
    phone = fields.Char(
        string="Number Called",
        readonly=True,
        copy=False,
    )
    duration = fields.Integer(
        string="Minutes",
        copy=False,
    )

    _duration_range = models.Constraint(
        "CHECK (duration IS NULL OR duration BETWEEN 0 AND 1440)",
        "A call or visit takes 0 to 1440 minutes.",
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), BY_SERVER)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("outcome"):
            reported = self.filtered("is_draft")
            if reported:
                # sudo: kept by the server; the author has just reported
                reported.sudo().write(
                    {"is_draft": False, "reported_at": fields.Datetime.now()}
                )
                reported._after_contact()
        return result

    def unlink(self):
        """Visits that were begun, and did not take place, are planned again."""
        drafts = self.filtered("is_draft")
        # sudo: states are written by the server alone
        lines = self.env["jxc.visit.plan.line"].sudo()
        lines = lines.search([("followup_id", "in", drafts.ids)])
        result = super().unlink()
        lines._plan_again()
        return result

    def _check_values(self, vals):
        super()._check_values(vals)
        if not self.env.su and BY_SERVER & vals.keys():
            raise AccessError(
                self.env._("A draft becomes a follow-up when its outcome is entered.")
            )

    def _after_contact(self):
        reports = self.filtered(lambda followup: not followup.is_draft)
        return super(JxcFollowup, reports)._after_contact() if reports else None

    @api.model
    def _begin_call(self, target, number):
        """Return the draft of a call to a customer or about an opportunity.

        :param target: one res.partner or crm.lead
        :param number: the number that is dialled
        """
        self.check_access("create")
        name = "partner_id" if target._name == "res.partner" else "lead_id"
        since = fields.Datetime.now() - relativedelta(minutes=SAME_CALL_MINUTES)
        draft = self.search(
            [
                (name, "=", target.id),
                ("user_id", "=", self.env.uid),
                ("kind", "=", "phone"),
                ("is_draft", "=", True),
                ("date", ">", since),
            ],
            limit=1,
        )
        # sudo: drafts are made by the server alone
        return draft or self.browse(
            self.sudo()
            .create(
                {
                    name: target.id,
                    "kind": "phone",
                    "is_draft": True,
                    "phone": number,
                    "user_id": self.env.uid,
                    "company_id": self.env.company.id,
                }
            )
            .id
        )

    def action_discard_draft(self):
        """Delete drafts of calls and visits that did not take place.

        Their customers are still to be visited in the plan of that day.

        :raise UserError: a follow-up that was reported
        """
        self.check_access("write")
        if reported := self.filtered(lambda followup: not followup.is_draft):
            raise UserError(
                self.env._(
                    "The follow-up of %(name)s was reported; it stays.",
                    name=reported[0].display_name,
                )
            )
        # sudo: salespeople delete drafts only
        self.sudo().unlink()
        return {"type": "ir.actions.act_window_close"}

    def _open_report(self):
        """The form to fill in after a call or visit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What came of it"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [
                (self.env.ref("jxc_crm_lite.jxc_followup_view_form_report").id, "form")
            ],
            "target": "new",
            "context": {"dialog_size": "medium"},
        }
