# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import clean_context


class JxcStockCountLine(models.Model):
    """How the difference of a line gets into the stock."""

    _inherit = "jxc.stock.count.line"

    def action_apply(self):
        """Bring the differences of these lines into the stock.

        :raise AccessError, ValidationError, UserError: see the count's
            :meth:`action_apply`
        """
        self.count_id._check_may_run(("submitted",), manager=True)
        self._check_settled()
        self.sudo()._apply()
        self.sudo().count_id._finish_if_settled()
        return True

    def action_keep(self):
        """Leave the stock of these lines as it is, whatever was counted."""
        self.count_id._check_may_run(("submitted",), manager=True)
        self._check_settled()
        self.sudo().write({"state": "kept"})
        self.sudo().count_id._finish_if_settled()
        return True

    def action_recount(self):
        """Send these lines back for another count; approvals start over."""
        self.count_id._check_may_run(("submitted",), manager=True)
        self._check_settled()
        for count, lines in self.sudo().grouped("count_id").items():
            count._reopen(lines)
        return True

    def action_open_entries(self):
        """Show who entered what."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "jxc.stock.count.entry",
            "view_mode": "list,form",
            "domain": [("line_id", "=", self.id)],
            "context": {"create": False},
        }

    def _check_settled(self):
        for line in self:
            if line.state != "settled":
                names = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(count)s, %(line)s: nothing to decide, it is “%(state)s”.",
                        count=line.count_id.name,
                        line=line.display_name,
                        state=names[line.state],
                    )
                )

    def _apply(self):
        """Make the stock moves of these lines.

        The lines are marked first: that really updates them, so of two transactions
        that apply the same line the later one fails before it moves anything.
        """
        if not self:
            return
        self.count_id._jxc_check_approved()
        self._check_reasons()
        self._check_not_adjusted()
        self._check_not_rewritten()
        self.write(
            {
                "state": "applied",
                "applied_by_id": self.env.uid,
                "applied_at": fields.Datetime.now(),
            }
        )
        self.flush_recordset(["state"])
        # Read for all lines at once what each move asks of its product.
        self.product_id.product_tmpl_id.fetch(["uom_id", "tracking", "is_storable"])
        # Defaults of the client are no part of what was counted.
        Move = self.env["stock.move"].with_context(clean_context(self.env.context))
        moves = Move.create([line._prepare_move_values() for line in self])
        # As the platform's own count does it: packages stay where they are.
        moves.with_context(ignore_dest_packages=True)._action_done()
        moves._trigger_assign()
        for line, move in zip(self, moves, strict=True):
            value = move.value if line.difference > 0 else -move.value
            line.write({"move_id": move.id, "difference_value": value})
        self.location_id.write({"last_inventory_date": fields.Date.today()})
        self.count_id._sum_values(applied=True)

    def _prepare_move_values(self):
        """Return values of the move that applies a line. Extend with ``super()``."""
        self.ensure_one()
        quant = self.env["stock.quant"].new(
            {
                "product_id": self.product_id.id,
                "location_id": self.location_id.id,
                "lot_id": self.lot_id.id,
                "package_id": self.package_id.id,
                "owner_id": self.owner_id.id,
                "company_id": self.company_id.id,
            }
        )
        product = self.product_id.with_company(self.company_id)
        loss, place = product.property_stock_inventory, self.location_id
        reason = self.reason_id or self.count_id.reason_id
        # Stored for everybody: not in the language of who happens to apply.
        reason = reason.with_context(lang=self.company_id._jxc_lang())
        if self.difference > 0:
            values = quant._get_inventory_move_values(
                self.difference, loss, place, package_dest_id=self.package_id
            )
        else:
            values = quant._get_inventory_move_values(
                -self.difference, place, loss, package_id=self.package_id
            )
        if self.product_id.jxc_aux_uom_id:
            aux = self._aux_to_move()
            values["jxc_aux_qty"] = aux
            values["move_line_ids"][0][2]["jxc_aux_qty"] = aux
        return {
            **values,
            "inventory_name": f"{self.count_id.name}: {reason.name}",
            "origin": self.count_id.name,
            "jxc_count_line_id": self.id,
        }

    def _check_reasons(self):
        for line in self:
            if not (line.reason_id or line.count_id.reason_id):
                raise UserError(
                    self.env._(
                        "%(count)s, %(line)s: give the reason of the difference, on"
                        " the line or for the whole count.",
                        count=line.count_id.name,
                        line=line.display_name,
                    )
                )

    def _check_not_adjusted(self):
        """Refuse lines whose stock somebody else has adjusted since the counting.

        That may have been the same difference, and it would be applied twice.
        """
        by_key = {line._key(): line for line in self}
        since = min(self.mapped("counted_at"))
        moves = self.env["stock.move.line"].search(
            Domain("product_id", "in", self.product_id.ids)
            & Domain("state", "=", "done")
            & Domain("date", ">", since)
            & Domain("move_id.is_inventory", "=", True)
            & (
                Domain("location_id.usage", "=", "inventory")
                | Domain("location_dest_id.usage", "=", "inventory")
            )
            & (
                Domain("location_id", "in", self.location_id.ids)
                | Domain("location_dest_id", "in", self.location_id.ids)
            )
        )
        for move in moves:
            rest = move.lot_id.id, move.package_id.id, move.owner_id.id
            gain = move.lot_id.id, move.result_package_id.id, move.owner_id.id
            keys = (
                (move.product_id.id, move.location_id.id, *rest),
                (move.product_id.id, move.location_dest_id.id, *gain),
            )
            for key in keys:
                line = by_key.get(key)
                if line and move.date > line.counted_at:
                    raise UserError(
                        self.env._(
                            "%(line)s was counted on %(counted)s, but %(move)s adjusted"
                            " its stock on %(date)s (UTC). Have it counted again.",
                            line=line.display_name,
                            counted=fields.Datetime.to_string(line.counted_at),
                            move=move.reference,
                            date=fields.Datetime.to_string(move.date),
                        )
                    )

    def _check_not_rewritten(self):
        """Refuse lines whose difference may have been corrected where it came from.

        It would be applied twice.
        """
        for line in self._filter_rewritten():
            raise UserError(
                self.env._(
                    "%(line)s was counted on %(counted)s (UTC), and what the books say"
                    " of that moment has changed since then: an operation was"
                    " corrected or its date was. Have it counted again.",
                    line=line.display_name,
                    counted=fields.Datetime.to_string(line.counted_at),
                )
            )
