# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class AccountAccount(models.Model):
    """What closed books show stays where they show it.

    Statements and vouchers of all months read number and type of an account as they
    are now: another one would rewrite months that were closed and handed in.
    """

    _inherit = "account.account"

    def write(self, vals):
        """
        :raise UserError: for another number or type of an account of closed books
        """
        if not self.env.su:
            self._jxc_check_closed_books(vals)
        return super().write(vals)

    def _jxc_check_closed_books(self, vals):
        """See :meth:`write`. Forms send back what is there."""
        if "account_type" in vals:
            changed = self.filtered(
                lambda account: account.account_type != vals["account_type"]
            )
            changed._jxc_check_no_closed_items()
        # The number is one of the company that is asked, and of its branches.
        for name in vals.keys() & {"code", "code_store"}:
            field = self._fields[name]
            root = self.env.company.root_id
            changed = (
                self.with_company(root)
                .sudo()
                .filtered(
                    lambda account, name=name, field=field: (
                        (field.convert_to_cache(vals[name], account) or False)
                        != (account[name] or False)
                    )
                )
            )
            changed._jxc_check_no_closed_items(root)

    def _jxc_check_no_closed_items(self, companies=None):
        """
        :param companies: whose closed books count; those of all by default
        :raise UserError: naming an account and the closed month it has items in
        """
        if not self:
            return
        # sudo: who keeps accounts need not work in all of their companies
        account_ids = self.ids
        roots = (companies or self.sudo().company_ids.root_id).sudo()
        for company in roots.filtered("jxc_closed_date"):
            item = (
                self.env["account.move.line"]
                .sudo()
                .search(
                    [
                        ("account_id", "in", account_ids),
                        ("company_id", "child_of", company.id),
                        ("parent_state", "=", "posted"),
                        ("date", "<=", company.jxc_closed_date),
                    ],
                    order="date desc",
                    limit=1,
                )
            )
            if item:
                raise UserError(
                    self.env._(
                        "%(account)s has posted items in %(period)s, and the books of"
                        " %(company)s of that month are closed: its number and type"
                        " stay, and it is not merged. Have the period reopened, or use"
                        " a new account from now on.",
                        account=item.account_id.with_company(company).display_name,
                        period=item.date.strftime("%Y-%m"),
                        company=company.display_name,
                    )
                )
