# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

INSPECTOR = "stock.group_stock_user"
MANAGER = "stock.group_stock_manager"


class JxcReceiptInspection(models.Model):
    """Deciding on goods, and taking a decision back."""

    _inherit = "jxc.receipt.inspection"

    def action_done(self):
        """Finish the inspections: accepted goods are stock from now on.

        In one batch goods that are accepted or taken on concession go where the receipt
        would have brought them, rejected ones to the defective goods; returns to the
        vendor are prepared where they are wanted. Nothing of it can be written any
        more afterwards.

        :return: True
        :raise AccessError: the user is no stock user, or takes goods on concession
            without the right to
        :raise UserError: an inspection is not open, or not decided on; names every
            product and what is missing. Of two people who finish the same inspection
            the second one gets this, too.
        """
        self._check_right(INSPECTOR)
        self._check_open()
        self.line_ids._check_decided()
        self._jxc_finish()
        return True

    def _jxc_finish(self):
        """Do what was decided. The caller has checked that it may be."""
        self._jxc_take_turn()
        for inspector, inspections in self.grouped("user_id").items():
            inspections.sudo().write(
                {
                    "state": "done",
                    "date_done": fields.Datetime.now(),
                    "user_id": inspector.id or self.env.uid,
                }
            )
        lines = self.line_ids.sudo()
        lines._jxc_release()
        lines._jxc_return()
        self._action_done()

    def _jxc_take_turn(self):
        """Let others who decide on the same inspections wait, and then start again.

        Not by writing a field: that would first make followers and messages, which two
        cannot do at once.
        """
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE jxc_receipt_inspection SET write_uid = %s WHERE id IN %s"
                " RETURNING id",
                self.env.uid,
                tuple(sorted(self.ids)) or (0,),
            )
        )

    def _action_done(self):
        """Inspections have been finished: hook for what follows from that."""
        self.sudo().line_ids.move_id.purchase_line_id._jxc_recheck_holds()

    def action_accept_rest(self):
        """Accept all that is not decided on yet.

        :raise UserError: an inspection is not open
        """
        self._check_right(INSPECTOR)
        self._check_open()
        self.line_ids.action_accept_rest()
        return True

    def action_cancel(self):
        """Take inspections back; others decide on the same goods anew.

        The goods return to the inspection place, and prepared returns to the vendor are
        cancelled. An open inspection can be cancelled when nothing came.

        :return: action that shows the new inspections; True when there are none
        :raise AccessError: the user is no stock manager
        :raise UserError: the goods have gone on already
        """
        self._check_right(MANAGER)
        for inspection in self:
            if inspection.state == "cancelled":
                inspection._check_open()
            came = any(inspection.line_ids.mapped("qty_received_base"))
            if inspection.state == "draft" and came:
                raise UserError(
                    self.env._(
                        "%(inspection)s: the goods are there and must be decided on."
                        " Reject them, or correct the quantity of the receipt"
                        " %(receipt)s.",
                        inspection=inspection.name,
                        receipt=inspection.picking_id.name,
                    )
                )
        done = self.filtered(lambda inspection: inspection.state == "done")
        self._jxc_take_turn()
        self.sudo().write({"state": "cancelled"})
        if not done:
            return True
        done.line_ids.sudo()._jxc_take_back()
        made = done._jxc_replace()
        self._action_cancel()
        return made._open_action()

    def _action_cancel(self):
        """Inspections have been taken back: hook for what follows from that."""

    def _jxc_replace(self):
        """Make open inspections of the goods that were taken back."""
        inspections = self.sudo()
        made = inspections.create(
            [
                {
                    **self._prepare_inspection_values(
                        inspection.company_id,
                        inspection.picking_id,
                        inspection.partner_id,
                    ),
                    "date": inspection.date,
                    "purchase_ids": [Command.set(inspection.purchase_ids.ids)],
                    "warehouse_id": inspection.warehouse_id.id,
                    "replaces_id": inspection.id,
                    "line_ids": [
                        Command.create(
                            self._prepare_inspection_line_values(
                                line.receipt_line_ids,
                                line.rule_id,
                                line.move_dest_ids.filtered(
                                    lambda one: one.state not in ("done", "cancel")
                                ),
                                line.measure_ids.filtered(
                                    "is_compulsory"
                                ).characteristic_id,
                            )
                        )
                        for line in inspection.line_ids
                    ],
                }
                for inspection in inspections
            ]
        )
        made._jxc_tell_receipts()
        return made.with_env(self.env)

    def action_open_returns(self):
        """Show the returns to the vendor of rejected goods."""
        self.ensure_one()
        pickings = self.move_ids.picking_id
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Returns of Rejected Goods"),
            "res_model": "stock.picking",
            "view_mode": "list,form",
            "domain": [("id", "in", pickings.ids)],
            "context": {"create": False},
        }
        if len(pickings) == 1:
            action.update(view_mode="form", res_id=pickings.id)
        return action

    def action_return_rejected(self):
        """Prepare a return of rejected goods that are still among the defective ones.

        :raise UserError: nothing is left to return
        """
        self._check_right(INSPECTOR)
        lines = self.line_ids.sudo()
        if set(self.mapped("state")) != {"done"} or not lines._jxc_return(kept=True):
            raise UserError(
                self.env._(
                    "%(inspections)s: there are no rejected goods left to return.",
                    inspections=", ".join(self.mapped("name")),
                )
            )
        return self[:1].action_open_returns()

    def action_print(self):
        """Print the inspections (验收单)."""
        report = self.env.ref("jxc_purchase.jxc_receipt_inspection_report")
        return report.report_action(self)

    def _open_action(self):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Receipt Inspections"),
            "res_model": self._name,
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action.update(view_mode="form", res_id=self.id)
        return action

    def _check_right(self, group):
        """Refuse people without a role in the inventory.

        :raise AccessError: naming the role
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "You need the role “%(role)s” to decide on received goods.",
                    role=self.env.ref(group).sudo().full_name,
                )
            )
