# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import date_utils


class JxcSaleCollection(models.TransientModel):
    """What customers owed, were billed and paid in a period, and how fast.

    Made of posted items on receivable accounts and of the day each of their
    reconciliations counts from, so any past period can be asked for; matching that was
    undone since counts as never done. Company currency, tax included:

    - billed: invoices less credit notes, on their accounting date;
    - collected: the part of a reconciliation that was money. A payment ahead counts on
      the day its invoice is there; money paid back counts as less. An early payment
      discount, a write-off and an exchange difference are no money, so a foreign
      invoice is collected at the rate it was billed at, or less;
    - other: all of those, opening balances, and receivables netted with payables;
    - closing = opening + billed − collected + other: what is open of all invoices at
      the end, before money that is not matched yet.

    Collection rate (回款率) = collected ÷ billed. Recovery rate = collected ÷
    (opening + billed): what was paid of all there was to pay.

    DSO (应收账款周转天数) = average receivable × days ÷ billed, the average being
    that of opening and closing: a definition, as usual for the turnover of receivables;
    billed is taken with tax, since receivables are. Over several months it is made of
    those of the months.

    A salesperson who sees own documents only gets own invoices only.
    """

    _name = "jxc.sale.collection"
    _description = "Collection and DSO"

    date_from = fields.Date(
        required=True,
        default=lambda self: date_utils.start_of(
            fields.Date.context_today(self), "year"
        ),
    )
    date_to = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Any day: later documents and payments do not count.",
    )
    is_monthly = fields.Boolean(
        string="By Month",
        default=True,
    )
    partner_ids = fields.Many2many(comodel_name="res.partner", string="Customers")
    user_ids = fields.Many2many(comodel_name="res.users", string="Salespersons")
    line_ids = fields.One2many(
        comodel_name="jxc.sale.collection.line",
        inverse_name="report_id",
        readonly=True,
    )

    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._(
                "Collection %(start)s – %(end)s",
                start=report.date_from,
                end=report.date_to,
            )

    def action_show(self):
        """Work the rows out and open them as a pivot."""
        self.ensure_one()
        self._refresh_lines()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_sales.jxc_sale_collection_line_action"
        )
        return {
            **action,
            "name": self.display_name,
            "display_name": self.display_name,
            "domain": [("report_id", "=", self.id)],
        }

    def action_xlsx(self):
        """The rows as a workbook."""
        self._refresh_lines()
        return self.env.ref("jxc_sales.jxc_sale_collection_xlsx").report_action(self)

    def _refresh_lines(self):
        for report in self:
            if report.date_from > report.date_to:
                raise ValidationError(
                    self.env._(
                        "The period ends on %(end)s, before it starts on %(start)s.",
                        start=report.date_from,
                        end=report.date_to,
                    )
                )
            report.line_ids.unlink()
            report.line_ids._insert_rows(report)
        self.invalidate_recordset(["line_ids"])

    def _items(self):
        """Query of the receivable items this user may see."""
        self.ensure_one()
        domain = (
            Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("date", "<=", self.date_to)
        )
        if self.partner_ids:
            customers = self.partner_ids.commercial_partner_id
            domain &= Domain("partner_id", "child_of", customers.ids)
        if self.user_ids:
            domain &= Domain("move_id.invoice_user_id", "in", self.user_ids.ids)
        return self.env["account.move.line"]._search(domain, order="id")

    def _periods(self):
        """First and last days of the periods of this report."""
        self.ensure_one()
        if not self.is_monthly:
            return [(self.date_from, self.date_to)]
        periods, start = [], self.date_from
        while start <= self.date_to:
            end = min(date_utils.end_of(start, "month"), self.date_to)
            periods.append((start, end))
            start = date_utils.add(end, days=1)
        return periods
