# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools.token import engine_context
from .account_move_voucher import CASH_TYPES

#: What a reviewed voucher does not change any more, besides its lines.
REVIEWED = ("jxc_attachment_count", "jxc_summary", "state")


class AccountMove(models.Model):
    """制单, 出纳, 审核 and 记账: who made, signed, reviewed and booked a voucher."""

    _inherit = "account.move"

    jxc_posted_by = fields.Many2one(
        comodel_name="res.users",
        string="Booked by",
        copy=False,
        readonly=True,
    )
    jxc_checked_by = fields.Many2one(
        comodel_name="res.users",
        string="Reviewed by",
        copy=False,
        readonly=True,
        help="Somebody other than those who made, changed or booked the voucher.",
        prefetch=RARELY_READ,
    )
    jxc_checked_date = fields.Datetime(
        string="Reviewed on",
        copy=False,
        readonly=True,
        prefetch=RARELY_READ,
    )
    jxc_cashier_id = fields.Many2one(
        comodel_name="res.users",
        string="Cashier",
        copy=False,
        readonly=True,
        help="Who signed for the money that this voucher moves.",
        prefetch=RARELY_READ,
    )
    jxc_cashier_date = fields.Datetime(
        string="Signed on",
        copy=False,
        readonly=True,
        prefetch=RARELY_READ,
    )
    jxc_attachment_count = fields.Integer(
        string="Source Documents",
        copy=False,
        aggregator="sum",
        help="Number of documents that belong to the voucher on paper (附单据数). When"
        " the entry is posted or reviewed it becomes at least the number of attached"
        " files.",
        prefetch=RARELY_READ,
    )
    jxc_has_cash = fields.Boolean(
        string="Moves Money",
        compute="_compute_jxc_has_cash",
        search="_search_jxc_has_cash",
    )

    _jxc_attachment_count_range = models.Constraint(
        "CHECK (jxc_attachment_count BETWEEN 0 AND 999)",
        "A voucher has 0 to 999 source documents.",
    )

    def _compute_jxc_has_cash(self):
        for move in self:
            move.jxc_has_cash = bool(move._jxc_get_cash_lines())

    def _search_jxc_has_cash(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain(
            "line_ids.account_id.account_type", "in", list(CASH_TYPES)
        )
        return domain if True in value else ~domain

    def write(self, vals):
        if not vals.keys().isdisjoint(REVIEWED):
            for move in self:
                changed = [
                    name
                    for name in REVIEWED
                    if name in vals and (vals[name] or False) != (move[name] or False)
                ]
                if changed:
                    move._jxc_check_unreviewed()
                if changed and move.state == "posted" and not self.env.su:
                    move._jxc_check_period_open()
        result = super().write(vals)
        if vals.get("state") == "posted":
            self._jxc_count_attachments()
        elif "state" in vals:
            signed = self.filtered(lambda m: m.jxc_cashier_id or m.jxc_posted_by)
            signed.with_context(**engine_context()).write(
                {
                    "jxc_cashier_id": False,
                    "jxc_cashier_date": False,
                    "jxc_posted_by": False,
                }
            )
        return result

    def _check_fiscal_lock_dates(self):
        for move in self:
            move._jxc_check_unreviewed()
        return super()._check_fiscal_lock_dates()

    def _jxc_check_unreviewed(self):
        """:raise UserError: if the voucher is reviewed and so does not change."""
        if self.jxc_checked_by:
            raise UserError(
                self.env._(
                    "%(move)s was reviewed by %(user)s and cannot be changed. Reverse"
                    " it, or have the review taken back.",
                    move=self.display_name,
                    user=self.jxc_checked_by.sudo().name,
                )
            )

    def _jxc_count_attachments(self):
        """Raise the number of source documents to that of the attached files.

        Entries that book stock are posted at once: nobody attached anything.
        """
        self = self.filtered(lambda move: not move.jxc_stock_booking)  # noqa: PLW0642
        if not self:
            return
        counts = dict(
            self.env["ir.attachment"]
            .sudo()  # counts only; who may post may not read every file
            ._read_group(
                [("res_model", "=", "account.move"), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        for move in self:
            count = min(counts.get(move.id, 0), 999)
            if count > move.jxc_attachment_count:
                move.jxc_attachment_count = count

    # Review -------------------------------------------------------------------

    def action_jxc_check(self):
        """Review posted vouchers (审核).

        :raise AccessError: for anyone but reviewers, and for the makers of a voucher
        :raise UserError: for entries that are not posted or reviewed already
        """
        self._jxc_check_signer("jxc_finance_bridge.group_voucher_reviewer")
        for move in self:
            move._jxc_check_posted()
            if move.jxc_checked_by:
                raise UserError(
                    self.env._(
                        "%(move)s is reviewed already, by %(user)s.",
                        move=move.display_name,
                        user=move.jxc_checked_by.sudo().name,
                    )
                )
            if self.env.user in move._jxc_get_makers():
                raise AccessError(
                    self.env._(
                        "You made, changed or booked %(move)s yourself; somebody else"
                        " has to review it.",
                        move=move.display_name,
                    )
                )
            if self.env.user == move.jxc_cashier_id:
                raise AccessError(
                    self.env._(
                        "You signed %(move)s as cashier; somebody else has to review"
                        " it.",
                        move=move.display_name,
                    )
                )
        # Reviewers need not be able to change entries.
        moves = self.sudo().with_context(**engine_context())
        moves._jxc_count_attachments()
        moves._jxc_check_period_open()
        moves.write(
            {
                "jxc_checked_by": self.env.uid,
                "jxc_checked_date": fields.Datetime.now(),
            }
        )
        return True

    def action_jxc_uncheck(self):
        """Take reviews back, in open periods.

        :raise AccessError: for anyone but reviewers
        :raise UserError: for vouchers that are not reviewed, or of a closed period
        """
        self._jxc_check_signer("jxc_finance_bridge.group_voucher_reviewer")
        for move in self:
            if not move.jxc_checked_by:
                raise UserError(
                    self.env._("%(move)s is not reviewed.", move=move.display_name)
                )
        self._jxc_check_period_open()
        for move in self:
            move.sudo().message_post(
                body=self.env._(
                    "%(user)s took back the review by %(reviewer)s.",
                    user=self.env.user.name,
                    reviewer=move.jxc_checked_by.sudo().name,
                )
            )
        self.sudo().with_context(**engine_context()).write(
            {"jxc_checked_by": False, "jxc_checked_date": False}
        )
        return True

    # Cashier ------------------------------------------------------------------

    def action_jxc_cashier_sign(self):
        """Sign for the money of posted vouchers (出纳签字).

        :raise AccessError: for anyone but cashiers, and for the reviewer of a voucher
        :raise UserError: for vouchers that move no money or are signed already
        """
        self._jxc_check_signer("jxc_finance_bridge.group_voucher_cashier")
        for move in self:
            move._jxc_check_posted()
            if move.jxc_cashier_id:
                raise UserError(
                    self.env._(
                        "%(move)s is signed already, by %(user)s.",
                        move=move.display_name,
                        user=move.jxc_cashier_id.sudo().name,
                    )
                )
            if not move.sudo().jxc_has_cash:
                raise UserError(
                    self.env._(
                        "%(move)s moves no money; the cashier need not sign it.",
                        move=move.display_name,
                    )
                )
            if self.env.user == move.jxc_checked_by:
                raise AccessError(
                    self.env._(
                        "You reviewed %(move)s; somebody else has to sign for the"
                        " money.",
                        move=move.display_name,
                    )
                )
        self._jxc_check_period_open()
        self.sudo().with_context(**engine_context()).write(
            {"jxc_cashier_id": self.env.uid, "jxc_cashier_date": fields.Datetime.now()}
        )
        return True

    def action_jxc_cashier_unsign(self):
        """Take the own signature back, before the review.

        :raise AccessError: for anyone but the cashier who signed
        :raise UserError: when the voucher is reviewed or its period closed
        """
        self._jxc_check_signer("jxc_finance_bridge.group_voucher_cashier")
        for move in self:
            if move.jxc_cashier_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(move)s does not carry your signature.",
                        move=move.display_name,
                    )
                )
            move._jxc_check_unreviewed()
        self._jxc_check_period_open()
        self.sudo().with_context(**engine_context()).write(
            {"jxc_cashier_id": False, "jxc_cashier_date": False}
        )
        return True

    def _jxc_check_signer(self, group):
        self.check_access("read")
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "This needs the role %(role)s.",
                    role=self.env.ref(group).sudo().full_name,
                )
            )

    def _jxc_check_posted(self):
        if self.state != "posted":
            raise UserError(
                self.env._(
                    "%(move)s is not posted; post it first.", move=self.display_name
                )
            )
