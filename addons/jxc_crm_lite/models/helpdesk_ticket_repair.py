# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import AccessError, UserError

from ..tools.one_at_a_time import one_at_a_time
from .helpdesk_ticket_outcome import REPAIR


class HelpdeskTicket(models.Model):
    """What a ticket leads to: the repair of the goods."""

    _inherit = "helpdesk.ticket"

    def action_jxc_repair(self):
        """Repair the goods: a repair order, opened.

        One that is not cancelled is opened again instead of made twice.

        :raise UserError: closed, no customer or no product, or a company without a
            warehouse that repairs
        :raise AccessError: the user may not make repair orders
        """
        self._jxc_check_outcome()
        self._jxc_check_repairs("create")
        self._jxc_check_product()
        one_at_a_time(self)
        repair = self._jxc_living(REPAIR)
        if not repair:
            # The kind of operation is one of the company's.
            repairs = self.env[REPAIR].with_company(self.company_id)
            self._jxc_check_repair_place(repairs)
            repair = repairs.create(self._prepare_jxc_repair_values())
            self._jxc_link(repair)
        return self._jxc_open(repair, self.env._("Repairs"))

    def _jxc_check_repairs(self, operation):
        """Say who makes and reads repair orders before the platform names models.

        :raise AccessError: the user works neither in the warehouse nor above
        """
        if not self.env[REPAIR].has_access(operation):
            raise AccessError(
                self.env._(
                    "%s: repair orders are made and read by who works in the"
                    " warehouse. Ask a colleague there.",
                    self.display_name,
                )
            )

    def _jxc_check_repair_place(self, repairs):
        if not repairs._default_picking_type_id():
            raise UserError(
                self.env._(
                    "%(ticket)s: %(company)s has no warehouse with repairs yet. Ask a"
                    " warehouse manager to create it.",
                    ticket=self.display_name,
                    company=self.company_id.display_name,
                )
            )

    def _prepare_jxc_repair_values(self):
        """Return the values of the repair order; called for one ticket."""
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "product_id": self.jxc_product_id.id,
            "product_qty": self.jxc_quantity or 1.0,
            "lot_id": self.jxc_lot_id.id,
            "under_warranty": self.jxc_warranty == "in",
            "internal_notes": self.description,
        }

    def action_jxc_open_repairs(self):
        """Open the repair orders that came of the ticket.

        :raise AccessError: the user may not read the ticket, or no repair orders
        """
        self.ensure_one()
        self.check_access("read")
        self._jxc_check_repairs("read")
        documents = self._jxc_documents(REPAIR).sudo(False)
        return self._jxc_open(documents, self.env._("Repairs"))
