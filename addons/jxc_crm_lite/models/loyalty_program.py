# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    jxc_segment_ids = fields.Many2many(
        comodel_name="jxc.customer.segment",
        string="Only for Segments",
        groups="sales_team.group_sale_salesman,jxc_base.group_executive",
        help="Orders of customers outside these segments cannot use it. Empty: all.",
    )

    @api.model
    @tools.ormcache()
    def _jxc_target_segment_ids(self):
        """Ids of segments that any program is limited to; none costs no query."""
        self.flush_model(["jxc_segment_ids"])
        return tuple(
            self.sudo()
            .with_context(active_test=False)
            .search([("jxc_segment_ids", "!=", False)])
            .jxc_segment_ids.ids
        )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(
            [self._jxc_keep_off_the_till(vals) for vals in vals_list]
        )
        programs._jxc_check_till()
        if any("jxc_segment_ids" in vals for vals in vals_list):
            self.env.registry.clear_cache()
        return programs

    def write(self, vals):
        result = super().write(self._jxc_keep_off_the_till(vals))
        self._jxc_check_till()
        if "jxc_segment_ids" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    def _jxc_keep_off_the_till(self, vals):
        """Return ``vals`` with which a program for segments is none of the till."""
        if "pos_ok" not in self._fields or not vals.get("jxc_segment_ids"):
            return vals
        return {"pos_ok": False, **vals}

    def _jxc_check_till(self):
        """Refuse a program for segments at the till, which asks no segments.

        It reads its promotions when it is opened, for whichever customer comes.

        :raise UserError: naming the programs
        """
        if "pos_ok" not in self._fields:
            return
        programs = self.sudo().filtered("jxc_segment_ids")
        at_the_till = programs.filtered("pos_ok")
        if at_the_till:
            raise UserError(
                self.env._(
                    "%(programs)s: the point of sale does not know who is in a segment."
                    " Take it off the point of sale, or leave the segments out.",
                    programs=", ".join(at_the_till.mapped("name")),
                )
            )

    def _register_hook(self):
        """Programs that were there before the till: it takes all it finds at first."""
        result = super()._register_hook()
        if "pos_ok" in self._fields:
            programs = self.sudo().with_context(active_test=False)
            programs = programs.search(
                [("jxc_segment_ids", "!=", False), ("pos_ok", "=", True)]
            )
            if programs:
                programs.write({"pos_ok": False})
        return result
