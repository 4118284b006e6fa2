# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

#: What the inspector enters.
OPEN_FIELDS = {"is_measured", "note", "value"}
#: And for a further value.
NEW_FIELDS = OPEN_FIELDS | {"characteristic_id", "line_id"}


class JxcReceiptInspectionMeasure(models.Model):
    """A measured value, with the limits that applied when the goods came."""

    _name = "jxc.receipt.inspection.measure"
    _description = "Measured Value"
    _inherit = ["jxc.number.mixin"]
    _order = "line_id, id"
    _rec_name = "characteristic_id"

    line_id = fields.Many2one(
        comodel_name="jxc.receipt.inspection.line",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="line_id.company_id",
        store=True,
        index=True,
    )
    characteristic_id = fields.Many2one(
        comodel_name="jxc.inspection.characteristic",
        required=True,
        ondelete="restrict",
    )
    unit = fields.Char(related="characteristic_id.unit")
    is_compulsory = fields.Boolean(readonly=True)
    has_lower = fields.Boolean(readonly=True)
    lower_limit = fields.Float(
        digits=(16, 4),
        readonly=True,
    )
    has_upper = fields.Boolean(readonly=True)
    upper_limit = fields.Float(
        digits=(16, 4),
        readonly=True,
    )
    limits = fields.Char(
        compute="_compute_limits",
    )
    is_measured = fields.Boolean(
        string="Measured",
        compute="_compute_is_measured",
        store=True,
        readonly=False,
        help="Tells a measured zero from no value.",
    )
    value = fields.Float(
        string="Measured Value",
        digits=(16, 4),
    )
    is_outside = fields.Boolean(
        string="Outside the Limits",
        compute="_compute_is_outside",
        store=True,
    )
    note = fields.Char()

    @api.depends("value")
    def _compute_is_measured(self):
        for measure in self:
            measure.is_measured = bool(measure.value) or measure.is_measured

    @api.depends("has_lower", "lower_limit", "has_upper", "upper_limit", "unit")
    def _compute_limits(self):
        for measure in self:
            lower = f"{measure.lower_limit:g}" if measure.has_lower else ""
            upper = f"{measure.upper_limit:g}" if measure.has_upper else ""
            if lower and upper:
                text = f"{lower} – {upper}"
            else:
                text = f"≥ {lower}" if lower else f"≤ {upper}" if upper else "–"
            measure.limits = " ".join(filter(None, (text, measure.unit)))

    @api.depends(
        "value", "is_measured", "has_lower", "lower_limit", "has_upper", "upper_limit"
    )
    def _compute_is_outside(self):
        for measure in self:
            measure.is_outside = measure.is_measured and (
                (measure.has_lower and measure.value < measure.lower_limit)
                or (measure.has_upper and measure.value > measure.upper_limit)
            )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), set(self._fields))

    @api.model_create_multi
    def create(self, vals_list):
        """Limits are those of the characteristic, whatever a client sends."""
        for vals in vals_list:
            self._check_own(vals, NEW_FIELDS)
            one = self.env["jxc.inspection.characteristic"].sudo()
            one = one.browse(vals.get("characteristic_id"))
            vals.update(
                is_compulsory=self.env.su and one.is_required,
                has_lower=one.has_lower,
                lower_limit=one.lower_limit,
                has_upper=one.has_upper,
                upper_limit=one.upper_limit,
            )
        measures = super().create(vals_list)
        measures._check_line_open()
        return measures

    def write(self, vals):
        self._check_own(vals, OPEN_FIELDS)
        self._check_line_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_compulsory(self):
        """Further values can go, not the ones that were asked for."""
        self._check_line_open()
        compulsory = self.filtered("is_compulsory")
        if compulsory and not self.env.su:
            raise UserError(
                self.env._(
                    "%(names)s must be measured: enter the values.",
                    names=", ".join(compulsory.characteristic_id.mapped("name")),
                )
            )

    def _check_line_open(self):
        if not self.env.su:
            self.line_id.inspection_id._check_open()

    def _check_own(self, vals, names):
        """Refuse what does not come from measuring.

        :raise AccessError: naming the fields
        """
        others = set(vals) - names
        if others and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s of measured values cannot be written: they follow from"
                    " the characteristic.",
                    fields=", ".join(sorted(others)),
                )
            )
