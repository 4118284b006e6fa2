# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

from ..tools.state_change import is_state_change

#: What an entry says besides its figures.
TOLD = frozenset(
    {
        "fiscal_position_id",
        "invoice_origin",
        "narration",
        "partner_bank_id",
        "payment_reference",
        "ref",
    }
)
#: What its lines say besides their figures. See also ``account.move.line.write``.
TOLD_BY_LINE = frozenset(
    {
        "analytic_distribution",
        "analytic_line_ids",
        "date_maturity",
        "group_tax_id",
        "tax_line_id",
        "tax_repartition_line_id",
        "tax_tag_ids",
    }
)


def _will_change(record, vals, name):
    """Whether a value differs; forms send back what is there."""
    field = record._fields[name]
    if field.type in ("many2one", "many2many", "one2many"):
        return record.env["account.move"]._field_will_change(record, vals, name)
    value = field.convert_to_cache(vals[name], record, validate=False)
    return (value or False) != (field.convert_to_cache(record[name], record) or False)


class AccountMove(models.Model):
    """What is reviewed or closed does not change, its texts neither."""

    _inherit = "account.move"

    def write(self, vals):
        names = vals.keys() & TOLD
        if names and not self.env.su and not is_state_change(self.env):
            self.filtered(
                lambda move: any(_will_change(move, vals, name) for name in names)
            )._jxc_check_as_told()
        return super().write(vals)

    def _jxc_check_as_told(self):
        """:raise UserError: for posted entries reviewed, or of a closed month"""
        posted = self.filtered(lambda move: move.state == "posted")
        for move in posted:
            move._jxc_check_unreviewed()
        posted._jxc_check_period_open()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        names = vals.keys() & TOLD_BY_LINE
        if names and not self.env.su and not is_state_change(self.env):
            self.filtered(
                lambda line: any(_will_change(line, vals, name) for name in names)
            ).move_id._jxc_check_as_told()
        return super().write(vals)


class AccountAnalyticLine(models.Model):
    """Analytic items of an entry are as old, and as final, as the entry."""

    _inherit = "account.analytic.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._jxc_check_as_told()
        return lines

    def write(self, vals):
        self._jxc_check_as_told()
        result = super().write(vals)
        if "move_line_id" in vals:
            self._jxc_check_as_told()
        return result

    def unlink(self):
        self._jxc_check_as_told()
        return super().unlink()

    def _jxc_check_as_told(self):
        """:raise UserError: for clients, when the entry is reviewed or closed"""
        if not self.env.su and not is_state_change(self.env):
            # sudo: who keeps analytic items need not read entries
            self.sudo().move_line_id.move_id._jxc_check_as_told()
