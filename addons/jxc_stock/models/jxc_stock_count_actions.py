# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.approval import SKIP

MANAGER = "stock.group_stock_manager"


class JxcStockCount(models.Model):
    """The way of a count from its start to its result."""

    _inherit = "jxc.stock.count"

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_start(self):
        """Take the snapshot and let people count.

        :raise UserError: not a draft, nothing to count, or another count that is not
            done yet covers some of the same stock
        """
        self._check_may_run(("draft",))
        counts = self.sudo()
        counts._lock_scopes()
        for count in counts.sorted("id"):
            count._check_overlap()
            count.write({"state": "in_progress", "started_at": fields.Datetime.now()})
            count._create_snapshot()
        return True

    def action_submit(self):
        """Close the sheets and settle the result, or ask for a recount.

        Lines beyond the tolerance, those whose stock moved between two entries and
        those whose past was corrected meanwhile are sent back for a second count; the
        count then stays in progress.

        :return: True, or a notification action when lines have to be recounted
        :raise UserError: lines were not counted and the count does not say what that
            means, or one package was counted in two places
        """
        self._check_may_run(("in_progress",))
        again = self.env["jxc.stock.count.line"]
        for count in self.sudo().sorted("id"):
            count._close_sheets()
            count._settle_uncounted()
            count.line_ids._check_packages()
            lines = count._lines_to_recount()
            count._settle_result(leave=lines)
            lines._start_recount()
            again |= lines
        return count_notification(again) if again else True

    def action_recount(self):
        """Send lines that differ back for another count, from a submitted count.

        Their approvals start over.
        """
        self._check_may_run(("submitted",), manager=True)
        for count in self.sudo():
            lines = count.line_ids.filtered(lambda line: line._has_open_difference())
            count._reopen(lines)
        return True

    def action_cancel(self):
        """Give up a count; nothing of it may have been applied.

        :raise UserError: naming what was applied
        """
        self._check_may_run(("draft", "in_progress", "submitted"), manager=True)
        for count in self.sudo():
            applied = count.line_ids.filtered("move_id")
            if applied:
                raise UserError(
                    self.env._(
                        "%(count)s: %(number)s lines are applied to the stock already."
                        " Apply the others or leave their stock as it is.",
                        count=count.name,
                        number=len(applied),
                    )
                )
            count._close_sheets()
            count.write({"state": "cancelled"})
        return True

    def action_print_sheet(self):
        """Print the list to count by (盘点表)."""
        return self.env.ref("jxc_stock.jxc_stock_count_sheet_report").report_action(
            self
        )

    def action_print_result(self):
        """Print what came out (盘点盈亏表)."""
        return self.env.ref("jxc_stock.jxc_stock_count_result_report").report_action(
            self
        )

    def action_my_sheet(self):
        """Open the sheet the user counts on, a new one if there is none."""
        self.ensure_one()
        sheet = self._find_or_create_sheet()
        return {
            "type": "ir.actions.act_window",
            "res_model": "jxc.stock.count.sheet",
            "res_id": sheet.id,
            "view_mode": "form",
        }

    def action_open_lines(self):
        """Show the lines, to give reasons and to apply some of them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_stock.jxc_stock_count_line_action"
        )
        return {
            **action,
            "display_name": self.name,
            "domain": [("count_id", "=", self.id)],
            "context": {"jxc_of_count": True},
        }

    def action_open_moves(self):
        """Show the stock moves that applied the differences."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stock Moves"),
            "res_model": "stock.move",
            "view_mode": "list,form",
            "domain": [("jxc_count_line_id.count_id", "=", self.id)],
            "context": {"create": False},
        }

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _check_may_run(self, states, manager=False):
        """Judge the user and the state of these counts.

        :raise AccessError: the user may not run counts
        :raise UserError: naming the count and its state
        """
        self.check_access("write")
        if manager and not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._(
                    "Only inventory administrators may do this to a stock count."
                )
            )
        names = dict(self._fields["state"]._description_selection(self.env))
        for count in self:
            if count.state not in states:
                raise UserError(
                    self.env._(
                        "%(count)s is “%(state)s”; this is for counts that are:"
                        " %(states)s.",
                        count=count.name,
                        state=names[count.state],
                        states=", ".join(names[state] for state in states),
                    )
                )

    def _check_counting(self):
        """Refuse what is for counts in progress only.

        :raise UserError: naming the count and its state
        """
        names = dict(self._fields["state"]._description_selection(self.env))
        for count in self:
            if count.state != "in_progress":
                raise UserError(
                    self.env._(
                        "%(count)s is “%(state)s”: nothing is counted on it now.",
                        count=count.name,
                        state=names[count.state],
                    )
                )

    def _only_location(self):
        """Return the place that is counted, if it is only one."""
        self.ensure_one()
        places = self.env["stock.location"].search(self._get_location_domain(), limit=2)
        return places if len(places) == 1 else places.browse()

    def _find_or_create_sheet(self):
        """Return an open sheet of the user on this count."""
        self.ensure_one()
        self.check_access("read")
        Sheet = self.env["jxc.stock.count.sheet"]
        mine = Sheet.search(
            [
                ("count_id", "=", self.id),
                ("user_id", "=", self.env.uid),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        return mine or Sheet.create({"count_id": self.id})

    def _next_sheet_numbers(self, number=1):
        """Return the first of ``number`` new sheet numbers.

        Really updates the count: submitting does so too, and of a new sheet and a
        submission at the same moment the later one is then done again.
        """
        self.ensure_one()
        self.flush_recordset()
        [(last,)] = self.env.execute_query(
            SQL(
                "UPDATE jxc_stock_count"
                " SET sheet_number = coalesce(sheet_number, 0) + %s"
                " WHERE id = %s RETURNING sheet_number",
                number,
                self.id,
            )
        )
        self.invalidate_recordset(["sheet_number"])
        return last - number + 1

    def _close_sheets(self):
        self.sheet_ids.filtered(lambda sheet: sheet.state == "open")._close()

    def _settle_uncounted(self):
        """Do with lines that nobody counted what the count says.

        :raise UserError: it says that they are refused
        """
        self.ensure_one()
        lines = self.line_ids.filtered(
            lambda line: line.state == "open" and not line.is_counted
        )
        if not lines:
            return
        if self.uncounted == "refuse":
            raise UserError(
                self.env._(
                    "%(count)s: %(number)s lines have not been counted:\n%(lines)s\n"
                    "Count them, or make a count that leaves uncounted lines as they"
                    " are.",
                    count=self.name,
                    number=len(lines),
                    lines="\n".join(f"- {line.display_name}" for line in lines[:20]),
                )
            )
        if self.uncounted == "keep":
            lines.write({"state": "kept", "needs_recount": False})
            return
        sheet = self.env["jxc.stock.count.sheet"].create(
            {
                "count_id": self.id,
                "note": self.env._("Not found by anybody"),
            }
        )
        self.env["jxc.stock.count.entry"].create(
            [
                {**line._key_values(), "sheet_id": sheet.id, "quantity": 0}
                for line in lines
            ]
        )
        sheet._close()

    def _lines_to_recount(self):
        """Return the lines whose first result is not good enough."""
        self.ensure_one()
        lines = self.line_ids.filtered(
            lambda line: line.state == "open" and line.is_counted
        )
        disturbed = lines._filter_disturbed() | lines._filter_rewritten()
        return disturbed | lines.filtered(lambda line: line._is_beyond_tolerance())

    def _settle_result(self, leave):
        """Settle the lines but those to ``leave``; without any, close the counting."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.state == "open")
        (lines - leave)._settle()
        if not leave:
            self._sum_values()
            self.write({"state": "submitted", "submitted_at": fields.Datetime.now()})

    def _sum_values(self, applied=False):
        """Add up gains and losses.

        :param applied: values of moves take the place of estimates: what the approval
            was asked for stays
        """
        # Approval keeps everything else of a document under review from changing.
        for count in self.with_context(skip_validation_check=SKIP):
            values = count.line_ids.mapped("difference_value")
            gain = sum(value for value in values if value > 0)
            loss = sum(value for value in values if value < 0)
            sums = {"gain_value": gain, "loss_value": loss}
            if not applied:
                sums["variance_value"] = gain - loss
            count.write(sums)

    def _reopen(self, lines):
        """Count these lines again; what reviewers decided is kept in the chatter."""
        self.ensure_one()
        if not lines:
            raise UserError(
                self.env._(
                    "%(count)s: there is no difference to count again.", count=self.name
                )
            )
        engine = self._jxc_engine()
        engine._jxc_log_dropped_reviews()
        engine.review_ids.unlink()
        self.invalidate_recordset(["review_ids"])
        self.write(
            {
                "state": "in_progress",
                "submitted_at": False,
                "gain_value": 0,
                "loss_value": 0,
                "variance_value": 0,
            }
        )
        lines._start_recount()


def count_notification(lines):
    """Tell which lines have to be counted again."""
    env = lines.env
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": "warning",
            "sticky": True,
            "title": env._("%(number)s lines to recount", number=len(lines)),
            "message": ", ".join(line.display_name for line in lines[:10]),
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        },
    }
