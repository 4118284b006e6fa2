# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import periods

VALIDATOR = "jxc_purchase.group_vendor_validator"
BUYER = "purchase.group_purchase_user"


class JxcVendorEvaluation(models.Model):
    """Computing, validating and making evaluations in batches."""

    _inherit = "jxc.vendor.evaluation"

    def action_compute(self):
        """Bring the computed criteria of drafts up to date.

        All vendors of a company and period are computed together, in one statement for
        each criterion. Scores that people gave are kept.

        :raise AccessError: the user may not change evaluations
        :raise UserError: an evaluation is final
        """
        self.check_access("write")
        self._check_draft()
        # Figures are the same for whoever computes them.
        drafts = self.sudo()
        drafts._update_lines()
        groups = drafts.grouped(
            lambda one: (one.company_id, one.date_from, one.date_to)
        )
        for (company, date_from, date_to), evaluations in groups.items():
            evaluations._compute_figures(company, date_from, date_to)
        drafts.write({"computed_at": fields.Datetime.now()})
        # Also when only the limits of the grades have changed.
        drafts._compute_score()
        return True

    def action_validate(self):
        """Make evaluations final; each replaces the one validated for its period.

        :raise AccessError: the user may not validate evaluations
        :raise UserError: an evaluation is final already, was not computed, has no
            figure at all, its period is not over, or the user gave scores in it
        """
        if not (self.env.su or self.env.user.has_group(VALIDATOR)):
            raise AccessError(
                self.env._("Only who validates vendor evaluations may do this.")
            )
        self.check_access("read")
        self._check_draft()
        for one in self:
            problem = one._validation_problem()
            if problem:
                raise UserError(problem)
        self.sudo()._validate(self.env.user)
        return True

    def _validation_problem(self):
        """Return why this draft cannot be validated by the user, or False."""
        self.ensure_one()
        if self.state != "draft" or not (
            self.env.su or self.env.user.has_group(VALIDATOR)
        ):
            return self.env._("%s cannot be validated by you.", self.display_name)
        if not self.computed_at:
            return self.env._(
                "%s: compute the figures before you validate.", self.display_name
            )
        if not self.has_score:
            return self.env._(
                "%s: there is no figure for any criterion, so there is nothing to"
                " validate. Give scores, or delete the draft.",
                self.display_name,
            )
        if self.date_to >= fields.Date.context_today(self):
            return self.env._(
                "%(evaluation)s: the period ends on %(day)s; validate it after that.",
                evaluation=self.display_name,
                day=self.date_to,
            )
        if self.company_id.jxc_vendor_four_eyes:
            scored = self.sudo().line_ids.rating_ids.filtered(
                lambda rating: rating.user_id == self.env.user
            )
            if scored:
                return self.env._(
                    "%(evaluation)s: you scored %(criteria)s. Somebody else has to"
                    " validate it, or take your scores back.",
                    evaluation=self.display_name,
                    criteria=", ".join(scored.line_id.mapped("name")),
                )
        return False

    def _validate(self, user):
        earlier = self.search(
            [
                ("state", "=", "validated"),
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("date_to", "in", list(set(self.mapped("date_to")))),
            ]
        ).grouped(lambda one: one._scope())
        for one in self:
            replaced = earlier.get(one._scope(), self.browse())
            replaced.write({"state": "replaced", "replaced_by_id": one.id})
        # The unique index looks at each statement.
        self.flush_model(["state"])
        self.write(
            {
                "state": "validated",
                "validated_by_id": user.id,
                "validated_at": fields.Datetime.now(),
            }
        )
        self.flush_recordset(["state"])

    def _scope(self):
        self.ensure_one()
        return self.company_id, self.partner_id, self.date_from, self.date_to

    # ------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------

    def _update_lines(self):
        """Give drafts the criteria of the template as it is now; scores are kept."""
        vals_list, gone = [], self.env["jxc.vendor.evaluation.line"]
        for company, evaluations in self.grouped("company_id").items():
            criteria = self.env["jxc.vendor.criterion"]._of_company(company)
            criteria = criteria.filtered("weight")
            for one in evaluations:
                lines = {line.criterion_id: line for line in one.line_ids}
                for criterion in criteria:
                    values = self._prepare_line_values(criterion)
                    line = lines.pop(criterion, None)
                    if not line:
                        vals_list.append(
                            {
                                **values,
                                "evaluation_id": one.id,
                                "criterion_id": criterion.id,
                            }
                        )
                    elif any(line[name] != value for name, value in values.items()):
                        line.write(values)
                gone = gone.union(*lines.values())
        gone.unlink()
        self.env["jxc.vendor.evaluation.line"].create(vals_list)

    @api.model
    def _prepare_line_values(self, criterion):
        """Return what a line keeps of its criterion."""
        return {
            "kind": criterion.kind,
            "measure": criterion.measure if criterion.kind == "computed" else False,
            "sequence": criterion.sequence,
            "weight": criterion.weight,
        }

    def _compute_figures(self, company, date_from, date_to):
        """Write the figures of drafts of one company and period."""
        engine = self.env["jxc.vendor.figures"]
        lines = self.line_ids.filtered(lambda line: line.kind == "computed")
        for criterion, group in lines.grouped("criterion_id").items():
            found = engine._figures(
                criterion, company, date_from, date_to, group.partner_id.ids
            )
            for line in group:
                value, count = found.get(line.partner_id.id, (0.0, 0))
                line.write(
                    {
                        "value": value,
                        "sample_count": count,
                        "has_score": bool(count),
                        "score": criterion._points(value) if count else 0.0,
                    }
                )

    def _cases(self, measure, criterion):
        """Return (model, ids) of the records behind a figure, or (None, [])."""
        self.ensure_one()
        if not measure:
            return None, []
        return self.env["jxc.vendor.figures"]._cases(
            criterion,
            self.company_id,
            self.date_from,
            self.date_to,
            self.partner_id.ids,
        )

    # ------------------------------------------------------------
    # Batches
    # ------------------------------------------------------------

    @api.model
    def _create_batch(self, company, date_from, date_to, partners=None):
        """Make and compute drafts of a period for vendors that have none yet.

        :param partners: commercial partners; all with business in the period if None
        :return: the new evaluations
        """
        if partners is None:
            partners = self.env["jxc.vendor.figures"]._active_vendors(
                company, date_from, date_to
            )
        known = self.search(
            [
                ("company_id", "=", company.id),
                ("date_from", "=", date_from),
                ("date_to", "=", date_to),
                ("state", "in", ["draft", "validated"]),
            ]
        ).partner_id
        scope = {"company_id": company.id, "date_from": date_from, "date_to": date_to}
        evaluations = self.with_context(mail_create_nolog=True, mail_notrack=True)
        evaluations = evaluations.create(
            [{**scope, "partner_id": partner.id} for partner in partners - known]
        )
        evaluations.action_compute()
        return evaluations.with_env(self.env)

    @api.model
    def _cron_create(self):
        """Every night: make the drafts of a period that has just ended.

        Running it again makes nothing twice; a vendor whose draft was deleted gets no
        new one, as only periods without any evaluation are made.
        """
        companies = self.env["res.company"].search(
            [("jxc_vendor_period", "!=", "never")]
        )
        today = fields.Date.context_today(self)
        done = defaultdict(set)
        for company, date_from, date_to in self._read_group(
            [("company_id", "in", companies.ids)],
            ["company_id", "date_from:day", "date_to:day"],
        ):
            done[company].add((date_from, date_to))
        for number, company in enumerate(companies, start=1):
            period = periods.last_period(today, company.jxc_vendor_period)
            if period not in done[company]:
                self._create_batch(company, *period)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number)
