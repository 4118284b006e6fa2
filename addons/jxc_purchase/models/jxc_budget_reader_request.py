# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from fractions import Fraction

from odoo import fields, models
from odoo.fields import Domain

from ..tools import sources
from ..tools.coverage import in_base


class JxcBudgetReader(models.AbstractModel):
    """What purchase requests hold: submitted or approved, and not ordered yet.

    Confirmed orders and requests never count the same goods twice: what a confirmed
    order gives to a request is no longer held by the request.
    """

    _inherit = "jxc.budget.reader"

    def _existing_requests(self, company, date_from, date_to):
        """Return request lines of a period that hold budget."""
        return self.env["jxc.purchase.request.line"].search(
            Domain("company_id", "=", company.id)
            & Domain("decision", "in", sources.HOLDING)
            & Domain("budget_date", ">=", date_from)
            & Domain("budget_date", "<=", date_to)
        )

    def _requests_behind(self, found):
        """Return the request lines that the order lines among the sources serve."""
        ids = set().union(*(source.request_line_ids for source in found))
        return self.env["jxc.purchase.request.line"].browse(sorted(ids))

    def _request_sources(self, request_lines, confirming=(), drafts=False):
        """Return what request lines hold.

        :param confirming: order lines that count as confirmed already
        :param drafts: treat requests as submitted whatever their state
        """
        served = request_lines.link_ids.order_line_id._jxc_serve_requests()
        today = fields.Date.context_today(self)
        found = []
        for line in request_lines:
            request = line.request_id
            company = request.company_id
            counts = drafts or (
                request.decision in sources.HOLDING and not line.is_unreserved
            )
            total = line.price_subtotal if counts else 0.0
            open_part = self._open_part(line, served, confirming)
            found.append(
                sources.Source(
                    record=line,
                    document=request,
                    stage="reserved",
                    company=company,
                    counts=counts,
                    amount=company.currency_id.round(total * open_part),
                    total=total,
                    day=(request.decision in sources.HOLDING and line.budget_date)
                    or today,
                    partner_id=line.vendor_id.commercial_partner_id.id,
                    product=line.product_id,
                    distribution=line.analytic_distribution or {},
                    stored_match=line.jxc_budget_match or None,
                )
            )
        return found

    def _open_part(self, line, served, confirming):
        """Return which part of a request line no confirmed order serves, 0.0 to 1.0.

        What is closed holds nothing, but for RFQs that go on.
        """
        requested = in_base(line.product_qty, line.product_uom_id)
        if requested <= 0:
            return 0.0
        in_rfqs, ordered, _received = line._split_coverage(served, confirming)
        held = in_rfqs if line.is_closed else requested - ordered
        return float(max(held, Fraction(0)) / requested)
