# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.sampling import AQLS, Plan, aql_plan, percent_plan
from .jxc_receipt_inspection_rule import SAMPLINGS

CONCESSION = "jxc_purchase.group_inspection_concession"


class JxcReceiptInspectionLine(models.Model):
    """What an inspector has to look at, and what he may decide by that."""

    _inherit = "jxc.receipt.inspection.line"

    rule_id = fields.Many2one(
        comodel_name="jxc.receipt.inspection.rule",
        readonly=True,
        ondelete="set null",
        help="Why the goods are inspected; empty when somebody asked for it.",
    )
    sampling = fields.Selection(
        selection=SAMPLINGS,
        string="Look at",
        required=True,
        readonly=True,
        default="none",
    )
    percent = fields.Float(
        string="Sample %",
        readonly=True,
    )
    aql = fields.Selection(
        selection=[(aql, aql) for aql in AQLS],
        string="AQL",
        readonly=True,
    )
    qty_sample = fields.Integer(
        string="Sample Size",
        compute="_compute_sample",
        store=True,
        help="How many units to look at, in the product's unit.",
    )
    accept_number = fields.Integer(
        string="Acceptance Number",
        compute="_compute_sample",
        store=True,
        help="The lot passes with at most so many nonconforming units in the sample.",
    )
    qty_checked = fields.Float(
        string="Looked at",
        digits="Product Unit",
        help="How many units were really looked at, in the product's unit.",
    )
    qty_nonconforming = fields.Float(
        string="Nonconforming",
        digits="Product Unit",
        help="How many of them are not as they should be.",
    )
    sample_result = fields.Selection(
        selection=[
            ("none", "No Sampling"),
            ("open", "To Look at"),
            ("pass", "Passed"),
            ("fail", "Failed"),
        ],
        compute="_compute_sample_result",
        store=True,
    )
    measure_ids = fields.One2many(
        comodel_name="jxc.receipt.inspection.measure",
        inverse_name="line_id",
        string="Measured Values",
    )
    has_outside = fields.Boolean(
        string="Measured outside the Limits",
        compute="_compute_has_outside",
    )

    @api.depends("sampling", "percent", "aql", "qty_received_base")
    def _compute_sample(self):
        for line in self:
            lot_size = line.qty_received_base
            if line.sampling == "aql" and line.aql:
                plan = aql_plan(lot_size, line.aql)
            elif line.sampling == "percent":
                plan = percent_plan(lot_size, line.percent)
            elif line.sampling == "full":
                plan = percent_plan(lot_size, 100)
            else:
                plan = Plan(0, 0)
            line.qty_sample, line.accept_number = plan

    @api.depends(
        "accept_number",
        "qty_checked",
        "qty_nonconforming",
        "qty_received_base",
        "qty_sample",
        "sampling",
    )
    def _compute_sample_result(self):
        for line in self:
            if line.sampling == "none":
                line.sample_result = "none"
            elif line._is_sample_short():
                line.sample_result = "open"
            else:
                passed = line.qty_nonconforming <= line.accept_number
                line.sample_result = "pass" if passed else "fail"

    @api.depends("measure_ids.is_outside")
    def _compute_has_outside(self):
        for line in self:
            line.has_outside = any(line.measure_ids.mapped("is_outside"))

    @api.constrains("qty_checked", "qty_nonconforming")
    def _check_sample_quantities(self):
        for line in self:
            compare = line.base_uom_id.compare
            if (
                compare(line.qty_nonconforming, 0) < 0
                or compare(line.qty_checked, line.qty_nonconforming) < 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s: of %(checked)s that were looked at,"
                        " %(found)s cannot be nonconforming.",
                        product=line.product_id.display_name,
                        checked=f"{line.qty_checked:g}",
                        found=f"{line.qty_nonconforming:g}",
                    )
                )

    def _is_sample_short(self):
        """Whether less was looked at than has to be."""
        wanted = min(self.qty_sample, self.qty_received_base)
        return self.base_uom_id.compare(self.qty_checked, wanted) < 0

    def _is_all_checked(self):
        return self.base_uom_id.compare(self.qty_checked, self.qty_received_base) >= 0

    # ------------------------------------------------------------
    # May it be finished?
    # ------------------------------------------------------------

    def _check_decided(self):
        """Refuse to finish lines that are not decided on properly.

        :raise AccessError: a concession without the right to grant it
        :raise UserError: naming every product and what is missing
        """
        if any(line.qty_concession_base > 0 for line in self) and not (
            self.env.user.has_group(CONCESSION)
        ):
            raise AccessError(
                self.env._(
                    "To take goods on concession you need the right “Accepts Goods on"
                    " Concession”. Let somebody who has it finish %(inspections)s, or"
                    " reject the goods.",
                    inspections=", ".join(self.inspection_id.mapped("name")),
                )
            )
        problems = []
        for line in self:
            problems += [
                self.env._(
                    "%(inspection)s, %(product)s: %(problem)s",
                    inspection=line.inspection_id.name,
                    product=line._goods_name(),
                    problem=problem,
                )
                for problem in (
                    line._sum_problem(),
                    line._concession_problem(),
                    line._serial_problem(),
                    line._aux_problem(),
                    line._sample_problem(),
                    line._measure_problem(),
                )
                if problem
            ]
        if problems:
            raise UserError("\n".join(problems))

    def _goods_name(self):
        return " ".join(filter(None, (self.product_id.display_name, self.lot_id.name)))

    def _sum_problem(self):
        decided = (
            self.qty_accepted_base + self.qty_concession_base + self.qty_rejected_base
        )
        if not self.base_uom_id.compare(decided, self.qty_received_base):
            return None
        product = self.product_id
        return self.env._(
            "received %(received)s, but accepted, taken on concession and rejected are"
            " %(decided)s together. Correct them, or the receipt.",
            received=product.jxc_format_qty(self.qty_received_base),
            decided=product.jxc_format_qty(self.base_uom_id.round(decided)),
        )

    def _concession_problem(self):
        if self.qty_concession_base <= 0:
            return None
        if self.defect_id.severity == "critical":
            return self.env._(
                "goods with the defect “%s” are not taken on concession.",
                self.defect_id.name,
            )
        if not (self.concession_reason or "").strip():
            return self.env._("give the reason for the concession.")
        return None

    def _serial_problem(self):
        if self.tracking != "serial":
            return None
        if self.rejected_lot_ids - self.lot_ids:
            return self.env._(
                "serial number %s did not come with this receipt.",
                ", ".join((self.rejected_lot_ids - self.lot_ids).mapped("name")),
            )
        rejected = len(self.rejected_lot_ids)
        if self.base_uom_id.compare(self.qty_rejected_base, rejected):
            return self.env._(
                "%(quantity)s are rejected, but %(chosen)s serial numbers are chosen as"
                " rejected.",
                quantity=f"{self.qty_rejected_base:g}",
                chosen=rejected,
            )
        return None

    def _aux_problem(self):
        if not self.aux_uom_id or self.base_uom_id.is_zero(self.qty_rejected_base):
            return None
        if self.aux_uom_id.compare(self.aux_rejected, self.aux_received) > 0:
            return self.env._(
                "%(rejected)s %(unit)s are rejected, but only %(received)s came.",
                rejected=f"{self.aux_rejected:g}",
                unit=self.aux_uom_id.name,
                received=f"{self.aux_received:g}",
            )
        return None

    def _sample_problem(self):
        if self.base_uom_id.compare(self.qty_checked, self.qty_received_base) > 0:
            return self.env._(
                "%(checked)s %(unit)s cannot have been looked at: %(received)s came.",
                checked=f"{self.qty_checked:g}",
                unit=self.base_uom_id.name,
                received=f"{self.qty_received_base:g}",
            )
        if self.sampling == "none":
            return None
        if self._is_sample_short():
            return self.env._(
                "look at %(size)s %(unit)s at least; %(checked)s are entered.",
                size=self.qty_sample,
                unit=self.base_uom_id.name,
                checked=f"{self.qty_checked:g}",
            )
        if self.sample_result != "fail" or self.qty_accepted_base <= 0:
            return None
        if self._is_all_checked():
            good = self.qty_checked - self.qty_nonconforming
            if self.base_uom_id.compare(self.qty_accepted_base, good) <= 0:
                return None
            return self.env._(
                "%(accepted)s are accepted, but only %(good)s are good. Reject the"
                " others, or take them on concession.",
                accepted=f"{self.qty_accepted_base:g}",
                good=f"{good:g}",
            )
        return self.env._(
            "%(found)s nonconforming of %(checked)s are more than the %(allowed)s that"
            " pass. Reject the lot, take it on concession, or look at all of it and"
            " accept what is good.",
            found=f"{self.qty_nonconforming:g}",
            checked=f"{self.qty_checked:g}",
            allowed=self.accept_number,
        )

    def _measure_problem(self):
        if self.base_uom_id.is_zero(self.qty_received_base):
            return None
        missing = self.measure_ids.filtered(
            lambda one: one.is_compulsory and not one.is_measured
        )
        if missing:
            return self.env._(
                "measure %s.", ", ".join(missing.characteristic_id.mapped("name"))
            )
        outside = self.measure_ids.filtered("is_outside")
        others = self.qty_concession_base + self.qty_rejected_base
        # What was measured is one unit at least, and what was found not to conform.
        least = min(self.qty_received_base, max(1.0, self.qty_nonconforming))
        if outside and self.base_uom_id.compare(others, least) < 0:
            return self.env._(
                "%(values)s outside the limits: the goods cannot all be accepted."
                " Reject %(least)s at least, or take them on concession.",
                least=self.product_id.jxc_format_qty(self.base_uom_id.round(least)),
                values=", ".join(
                    f"{one.characteristic_id.name} {one.value:g} ({one.limits})"
                    for one in outside
                ),
            )
        return None
