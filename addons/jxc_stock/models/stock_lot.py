# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class StockLot(models.Model):
    _inherit = "stock.lot"

    jxc_release_ids = fields.One2many(
        comodel_name="jxc.stock.release",
        inverse_name="lot_id",
        string="Releases",
        groups="stock.group_stock_user",
        readonly=True,
        copy=False,
    )
    jxc_released_until = fields.Date(
        string="Released Until",
        compute="_compute_jxc_released_until",
        help="Until then the lot may go to customers and production of this company,"
        " although it is expired or lasts too short.",
    )

    @api.depends("jxc_release_ids")
    @api.depends_context("company")
    def _compute_jxc_released_until(self):
        latest = self.env["jxc.stock.release"].sudo()._jxc_latest(self)
        today = fields.Date.context_today(self)
        for lot in self:
            record = latest.get((lot._origin.id, self.env.company.id))
            valid = record and record.kind == "release" and record.valid_until >= today
            lot.jxc_released_until = valid and record.valid_until

    # ----------------------------------------------------------------
    # Releasing
    # ----------------------------------------------------------------

    def action_jxc_release(self, reason, until=None):
        """Let these lots out in the current company, expired or not, and record it.

        :param reason: text, required
        :param until: last day (date or text); default today, at most 90 days from now
        :return: True
        :raise AccessError: without the right to control stock
        :raise UserError: no reason, a wrong date, a lot without expiration date
        """
        reason = self._jxc_check_releasing(reason)
        today = fields.Date.context_today(self)
        until = self._jxc_release_date(until) or today
        if not 0 <= (until - today).days <= 90:
            raise UserError(
                self.env._("A release ends between today and 90 days from now.")
            )
        for lot in self:
            if not lot.expiration_date:
                raise UserError(
                    self.env._("%s has no expiration date.", lot.display_name)
                )
        self._jxc_log_release("release", reason, until)
        return True

    def action_jxc_revoke_release(self, reason):
        """End the release of these lots.

        :param reason: text, required
        :return: True
        :raise AccessError: without the right to control stock
        :raise UserError: no reason, or a lot that is not released
        """
        reason = self._jxc_check_releasing(reason)
        for lot in self:
            if not lot.jxc_released_until:
                raise UserError(self.env._("%s is not released.", lot.display_name))
        self._jxc_log_release("revoke", reason, False)
        return True

    def _jxc_check_releasing(self, reason):
        if not self.env.user.has_group("jxc_stock.group_stock_control"):
            raise AccessError(
                self.env._("Releasing lots needs the right “Stock Control”.")
            )
        self.check_access("read")
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why: the reason is kept."))
        return reason

    def _jxc_release_date(self, until):
        try:
            return fields.Date.to_date(until)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("%s is no date.", until)) from error

    def _jxc_log_release(self, kind, reason, until):
        self.env["jxc.stock.release"]._jxc_log(
            [
                {
                    "kind": kind,
                    "lot_id": lot.id,
                    "expiration_date": lot.expiration_date,
                    "valid_until": until,
                    "user_id": self.env.uid,
                    "company_id": self.env.company.id,
                    "reason": reason,
                }
                for lot in self
            ]
        )
        self.invalidate_recordset(["jxc_released_until"])

    # ----------------------------------------------------------------
    # Freezing
    # ----------------------------------------------------------------

    def action_jxc_freeze(self, reason):
        """Freeze all goods of these lots; see stock.quant.action_jxc_freeze."""
        return self._jxc_quants().action_jxc_freeze(None, reason)

    def action_jxc_unfreeze(self, reason):
        """Unfreeze all goods of these lots; see stock.quant.action_jxc_unfreeze."""
        quants = self._jxc_quants().filtered("jxc_frozen_quantity")
        return quants.action_jxc_unfreeze(None, reason)

    def _jxc_quants(self):
        """The goods of these lots that are in stock and may be seen."""
        return self.env["stock.quant"].search(
            [
                ("lot_id", "in", self.ids),
                ("location_id.usage", "in", ("internal", "transit")),
                ("quantity", ">", 0),
            ]
        )

    # ----------------------------------------------------------------
    # Where it came from and where it went
    # ----------------------------------------------------------------

    def action_jxc_vendors(self):
        """Open the vendors of these lots and of all lots that went into them."""
        lots = self._jxc_related("consume_line_ids")
        return self._jxc_open_partners(lots, "vendor", self.env._("Vendors"))

    def action_jxc_customers(self):
        """Open the customers of these lots and of all lots made from them."""
        lots = self._jxc_related("produce_line_ids")
        return self._jxc_open_partners(lots, "customer", self.env._("Customers"))

    def _jxc_related(self, way):
        """These lots and those that production connects with them, step by step.

        :param way: field of stock.move.line: ``consume_line_ids`` (what went into it)
            or ``produce_line_ids`` (what was made from it)
        """
        found = step = self
        lines = self.env["stock.move.line"].sudo()
        while step:
            mine = lines.search([("lot_id", "in", step.ids), ("state", "=", "done")])
            step = mine[way].lot_id.with_env(self.env) - found
            found |= step
        return found

    def _jxc_open_partners(self, lots, direction, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "jxc.stock.lot.partner",
            "view_mode": "list,kanban",
            "mobile_view_mode": "kanban",
            "domain": [("lot_id", "in", lots.ids), ("direction", "=", direction)],
        }
