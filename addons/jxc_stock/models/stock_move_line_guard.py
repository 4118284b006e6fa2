# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .stock_quant_guard import SUSPECTS_KEY, Suspects

DONE_CHANGES = {
    "quantity",
    "product_uom_id",
    "lot_id",
    "package_id",
    "owner_id",
    "location_id",
    "location_dest_id",
    "quant_id",
    "state",
}
OUTSIDE = frozenset(("customer", "production"))


class StockMoveLine(models.Model):
    """All ways goods move end here: validated, added to or edited on done transfers."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not vals_list:
            return super().create(vals_list)  # as transfers do all the time
        with self._jxc_guarded() as lines:
            created = super(StockMoveLine, lines).create(vals_list)
            created = created.with_env(self.env)
            created.filtered(lambda line: line.state == "done")._jxc_check_leaving()
        return created

    def write(self, vals):
        done = self.browse()
        if not DONE_CHANGES.isdisjoint(vals):
            done = self.filtered(lambda line: line.state == "done")
        if not done:
            return super().write(vals)
        with self._jxc_guarded() as lines:
            result = super(StockMoveLine, lines).write(vals)
            done._jxc_check_leaving()
        return result

    def _action_done(self):
        with self._jxc_guarded() as lines:
            result = super(StockMoveLine, lines)._action_done()
            self.exists()._jxc_check_leaving()
        return result

    def _synchronize_quant(
        self, quantity, location, action="available", in_date=False, **quants_value
    ):
        suspects = self.env.context.get(SUSPECTS_KEY)
        if isinstance(suspects, Suspects):
            suspects.line = self
        return super()._synchronize_quant(
            quantity, location, action=action, in_date=in_date, **quants_value
        )

    @contextmanager
    def _jxc_guarded(self):
        """Yield the lines to work on; at the end judge what was taken too much."""
        if isinstance(self.env.context.get(SUSPECTS_KEY), Suspects):
            yield self  # the outer operation judges
            return
        suspects = Suspects()
        yield self.with_context(**{SUSPECTS_KEY: suspects})
        self.env["stock.quant"]._jxc_judge(suspects)

    def _jxc_check_leaving(self):
        """Refuse to hand over goods that are not fit for customers or production.

        :raise UserError: naming every product, lot and place
        """
        leaving = self.filtered(
            lambda line: (
                line.location_dest_id.usage in OUTSIDE
                and line.product_uom_id.compare(line.quantity, 0) > 0
            )
        )
        problems = leaving._jxc_held_problems() + leaving._jxc_expiry_problems()
        if problems:
            raise UserError("\n".join(problems))

    def _jxc_held_problems(self):
        """Why these lines must not be handed over."""
        held = self.env["stock.location"]._jxc_held_ids()
        problems = []
        for line in self:
            if line.location_id.id in held:
                location = line.location_id
                statuses = dict(
                    location._fields["jxc_status"]._description_selection(self.env)
                )
                problems.append(
                    self.env._(
                        "%(product)s cannot be handed over from %(location)s: goods"
                        " there are “%(status)s”. Move them to another place first.",
                        product=line.product_id.display_name,
                        location=location.display_name,
                        status=statuses[location.jxc_status],
                    )
                )
        return problems

    def _jxc_expiry_problems(self):
        """Which lots are expired, or last shorter than the customer asks for."""
        now = fields.Datetime.now()
        problems = []
        for company, lines in self.filtered("lot_id").grouped("company_id").items():
            for line in lines.with_company(company):
                expires = line.lot_id.expiration_date
                if not expires:
                    continue
                days = line.move_id._jxc_shelf_days()
                if expires > now + timedelta(days=days) or (
                    line.lot_id.sudo().jxc_released_until
                ):
                    continue
                problems.append(line._jxc_expiry_message(days, now))
        return problems

    def _jxc_expiry_message(self, days, now):
        """Why this lot must not be handed over now."""
        lot = self.lot_id
        date = fields.Datetime.context_timestamp(self, lot.expiration_date).date()
        values = {
            "product": self.product_id.display_name,
            "lot": lot.name,
            "date": fields.Date.to_string(date),
        }
        if lot.expiration_date <= now:
            return self.env._(
                "%(product)s: lot %(lot)s expired on %(date)s. Take another lot, or let"
                " somebody with the right “Stock Control” release it.",
                **values,
            )
        return self.env._(
            "%(product)s: lot %(lot)s expires on %(date)s, but must last %(days)s days"
            " from the delivery on. Take a fresher lot, or let somebody with the right"
            " “Stock Control” release it.",
            days=days,
            **values,
        )
