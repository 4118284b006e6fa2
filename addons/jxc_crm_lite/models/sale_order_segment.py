# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SaleOrder(models.Model):
    """Promotions limited to a segment hold on every way to an order."""

    _inherit = "sale.order"

    def _get_program_domain(self):
        domain = Domain(super()._get_program_domain())
        return list(domain & self._jxc_segment_domain())

    def _get_trigger_domain(self):
        domain = Domain(super()._get_trigger_domain())
        return list(domain & self._jxc_segment_domain("program_id."))

    def _jxc_segment_domain(self, prefix=""):
        """Programs without segments, or with one that the customer is in.

        :param prefix: path from the searched model to the program, with its dot
        """
        if not self._jxc_target_segments():
            return Domain.TRUE
        program = self.env["loyalty.program"].sudo()
        usable = program.with_context(active_test=False).search(
            Domain("jxc_segment_ids", "=", False)
            | Domain("jxc_segment_ids", "in", self._jxc_customer_segments().ids)
        )
        return Domain(f"{prefix}id", "in", usable.ids)

    def _jxc_target_segments(self):
        """Segments of the order's company that programs are limited to."""
        ids = self.env["loyalty.program"]._jxc_target_segment_ids()
        return self.env["jxc.customer.segment"].sudo().browse(ids)

    def _jxc_customer_segments(self):
        self.ensure_one()
        segments = self._jxc_target_segments().filtered(
            lambda segment: segment.active and segment.company_id == self.company_id
        )
        return segments._having(self.partner_id) if self.partner_id else segments[:0]

    def write(self, vals):
        """A reward once given is asked again when the order becomes confirmed.

        :raise UserError: naming the promotions the customer has no right to
        """
        if vals.get("state") == "sale" and self._jxc_target_segments():
            for order in self.filtered(lambda order: order.state != "sale"):
                order._jxc_check_segments()
        return super().write(vals)

    def _jxc_check_segments(self):
        programs = self.sudo().order_line.reward_id.program_id
        limited = programs.filtered("jxc_segment_ids")
        if not limited:
            return
        having = self._jxc_customer_segments()
        refused = limited.filtered(lambda program: not program.jxc_segment_ids & having)
        if refused:
            raise UserError(
                self.env._(
                    "%(order)s: %(customer)s is not among the customers that"
                    " %(promotions)s are for. Remove their rewards.",
                    order=self.name,
                    customer=self.partner_id.display_name,
                    promotions=", ".join(refused.mapped("name")),
                )
            )
