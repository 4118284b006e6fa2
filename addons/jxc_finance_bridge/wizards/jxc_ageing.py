# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..models.res_company_owed import OWED
from ..tools.ageing import age_classes
from ..tools.open_items import open_items_query


class JxcAgeing(models.TransientModel):
    """账龄分析: what customers or vendors owed on a day, by age."""

    _name = "jxc.ageing"
    _description = "Ageing"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        selection=[("receivable", "Receivable"), ("payable", "Payable")],
        required=True,
        default="receivable",
    )
    date = fields.Date(
        string="On",
        required=True,
        default=fields.Date.context_today,
        help="What was paid later is still open on this day.",
    )
    basis = fields.Selection(
        selection=[("due", "Due date"), ("document", "Document date")],
        string="Age Since",
        required=True,
        default="due",
    )
    bucket_set_id = fields.Many2one(
        comodel_name="jxc.ageing.bucket.set",
        string="Age Classes",
        required=True,
        default=lambda self: self._default_bucket_set_id(),
        domain="[('company_id', 'in', (company_id, False))]",
    )
    in_currency = fields.Boolean(
        string="By Currency",
        help="Prints and workbooks have a row for each currency, in that currency.",
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Only",
        domain="[('parent_id', '=', False)]",
        help="Customers or vendors, with their contacts. Empty for all.",
    )
    bucket_ids = fields.One2many(
        comodel_name="jxc.ageing.bucket",
        inverse_name="ageing_id",
        readonly=True,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.ageing.line",
        inverse_name="ageing_id",
        readonly=True,
    )

    def _default_bucket_set_id(self):
        domain = [("company_id", "in", (self.env.company.id, False))]
        return self.env["jxc.ageing.bucket.set"].search(domain, limit=1)

    @api.depends("kind", "date", "company_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for ageing in self:
            ageing.display_name = self.env._(
                "Ageing %(kind)s %(company)s %(date)s",
                kind=kinds.get(ageing.kind, ""),
                company=ageing.company_id.display_name or "",
                date=ageing.date or "",
            )

    # Actions ------------------------------------------------------------------

    def action_show(self):
        """Open the ageing as a table by partner and age, down to the documents.

        :raise AccessError: without the right to read the books of the company
        """
        self.ensure_one()
        self._refresh_lines()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_finance_bridge.jxc_ageing_line_action"
        )
        return {
            **action,
            "name": self.display_name,
            # The client prefers what it read with the action.
            "display_name": self.display_name,
            "domain": [("ageing_id", "=", self.id)],
        }

    def action_print(self):
        """The ageing by partner as PDF."""
        self._refresh_lines()
        return self.env.ref("jxc_finance_bridge.ageing_report_pdf").report_action(self)

    def action_xlsx(self):
        """The ageing as workbook: by partner, and every open document."""
        self._refresh_lines()
        return self.env.ref("jxc_finance_bridge.ageing_report_xlsx").report_action(self)

    # Service ------------------------------------------------------------------

    @api.model
    def get_ageing(
        self, date=None, kind="receivable", basis="due", days=None, company_id=None
    ):
        """Return what was owed on a day by partner and age, in company currency.

        Branches of the company that the user works in are part of it. Amounts are
        positive when they are owed: by customers of kind receivable, to vendors of
        kind payable; what was paid but settles no document is negative, in the class
        "unapplied", advances (预收, 预付) among it.

        :param date: the day, date or "YYYY-MM-DD", today when left out
        :param str kind: receivable or payable
        :param str basis: due or document, the date from which the age counts
        :param str days: last days of the classes, like "30, 60, 90"
        :param int company_id: id of a company, the current one when left out
        :return: dict with date, kind, basis, company, currency, classes (labels),
            rows (partner_id, partner, amounts, total), totals, total and ledger: the
            balance of the accounts on that day
        :raise AccessError: without the right to read the books of the company
        :raise UserError: for a date, kind, basis or classes that make no sense
        """
        service = self.env["jxc.voucher"]
        company = service._get_company(company_id)
        date = date or fields.Date.context_today(self)
        day, _same = service._get_dates(date, date)
        if (
            not isinstance(kind, str)
            or kind not in OWED
            or basis not in ("due", "document")
        ):
            raise UserError(
                self.env._("An ageing is receivable or payable, by due or document.")
            )
        classes = self._default_bucket_set_id()
        if days:
            # New, not saved: the constraint of saved sets says what days may be.
            classes = classes.new({"name": days, "days": days})
            classes._check_days()
        ageing = self.create({"company_id": company.id, "date": day, "kind": kind})
        ageing.basis = basis
        ageing._refresh_lines(classes._get_days())
        result = ageing._get_table()
        return {
            "date": str(day),
            "kind": kind,
            "basis": basis,
            "company_id": company.id,
            "company": company.name,
            "currency": company.currency_id.name,
            "classes": [bucket.name for bucket in ageing.bucket_ids],
            "rows": [
                {
                    "partner_id": row["partner"].id,
                    "partner": row["partner"].name or "",
                    "amounts": row["amounts"],
                    "total": row["total"],
                }
                for row in result["rows"]
            ],
            "totals": result["totals"][company.currency_id],
            "total": result["total"][company.currency_id],
            "ledger": ageing._get_ledger_balance(),
        }

    # Lines --------------------------------------------------------------------

    def _refresh_lines(self, days=None):
        """Replace the lines by what the ledger says now, in one statement."""
        for ageing in self:
            self.env["jxc.voucher"]._get_company(ageing.company_id.id)
            ageing.bucket_ids.unlink()
            self.env.cr.execute(
                SQL("DELETE FROM jxc_ageing_line WHERE ageing_id = %s", ageing.id)
            )
            ageing.bucket_ids = [
                Command.create(values)
                for values in ageing._prepare_buckets(
                    days or ageing.bucket_set_id._get_days()
                )
            ]
            ageing._insert_lines()
        self.invalidate_recordset(["line_ids", "bucket_ids"])
        self.env["jxc.ageing.line"].invalidate_model()

    def _prepare_buckets(self, days):
        classes = age_classes(days, self.basis == "due")
        return [
            {
                "sequence": sequence,
                "kind": part.kind,
                "days_from": part.first,
                "days_to": part.last or 0,
                "name": self._get_label(part),
            }
            for sequence, part in enumerate(classes)
        ]

    def _get_label(self, part):
        if part.kind == "unapplied":
            return self.env._("Unapplied")
        if part.kind == "not_due":
            return self.env._("Not Due")
        if part.last is None:
            return self.env._("Over %(days)s days", days=part.first - 1)
        return self.env._("%(first)s–%(last)s days", first=part.first, last=part.last)

    def _get_companies(self):
        return self.env["jxc.trial.balance"]._get_companies(self.company_id)

    def _get_items_domain(self):
        companies = self._get_companies()
        domain = [
            ("company_id", "in", companies.ids),
            ("parent_state", "=", "posted"),
            *companies._jxc_get_owed_domain(self.kind),
        ]
        if self.partner_ids:
            partners = self.partner_ids.commercial_partner_id
            domain.append(("partner_id", "child_of", partners.ids))
        return domain

    def _get_lines_model(self):
        return self.env["account.move.line"].with_context(
            allowed_company_ids=self._get_companies().ids
        )

    def _insert_lines(self):
        lines = self._get_lines_model()
        still = open_items_query(lines, self._get_items_domain(), self.date)
        self.env.flush_query(still)
        for model in ("account.move.line", "jxc.ageing.bucket"):
            self.env[model].flush_model()
        sign = 1 if self.kind == "receivable" else -1
        start = (
            SQL("COALESCE(line.date_maturity, line.date)")
            if self.basis == "due"
            else SQL("COALESCE(line.invoice_date, line.date)")
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO jxc_ageing_line (
                    ageing_id, bucket_id, move_line_id, date, date_maturity, days,
                    amount, residual, residual_currency, create_date
                )
                SELECT %(ageing)s, bucket.id, item.id, item.date, item.date_maturity,
                       item.days, item.amount, item.residual, item.foreign_residual,
                       %(now)s
                  FROM (
                    SELECT line.id,
                           COALESCE(line.invoice_date, line.date) AS date,
                           COALESCE(line.date_maturity, line.date) AS date_maturity,
                           %(date)s - %(start)s AS days,
                           %(sign)s * line.balance AS amount,
                           %(sign)s * still.residual AS residual,
                           %(sign)s * still.foreign_residual AS foreign_residual
                      FROM (%(still)s) still
                      JOIN account_move_line line ON line.id = still.id
                  ) item
                  JOIN jxc_ageing_bucket bucket ON bucket.ageing_id = %(ageing)s
                   AND CASE bucket.kind
                       WHEN 'unapplied' THEN item.residual < 0
                       WHEN 'not_due' THEN item.residual >= 0 AND item.days <= 0
                       ELSE item.residual >= 0
                        AND GREATEST(item.days, %(least)s) >= bucket.days_from
                        AND (bucket.days_to = 0 OR item.days <= bucket.days_to)
                       END
                """,
                ageing=self.id,
                now=fields.Datetime.now(),
                date=self.date,
                start=start,
                sign=sign,
                # Counted from the document nothing is younger than its own day.
                least=0 if self.basis == "document" else -1_000_000,
                still=still,
            )
        )

    def _get_ledger_balance(self):
        """Balance of the accounts on that day, positive when owed."""
        lines = self._get_lines_model()
        [(balance,)] = lines._read_group(
            [*self._get_items_domain(), ("date", "<=", self.date)],
            [],
            ["balance:sum"],
        )
        sign = 1 if self.kind == "receivable" else -1
        return self.currency_id.round(sign * (balance or 0.0))

    # Table --------------------------------------------------------------------

    def _get_table(self):
        """The ageing by partner (and currency): buckets, rows, totals by currency."""
        self.ensure_one()
        buckets = self.bucket_ids
        measure, unit = ("residual", "company_currency_id")
        if self.in_currency:
            measure, unit = ("residual_currency", "currency_id")
        groups = self.env["jxc.ageing.line"]._read_group(
            [("ageing_id", "=", self.id)],
            ["partner_id", unit, "bucket_id"],
            [f"{measure}:sum"],
        )
        places = {bucket: place for place, bucket in enumerate(buckets)}
        rows, totals = {}, {}
        for partner, currency, bucket, amount in groups:
            for key, table in (((partner, currency), rows), (currency, totals)):
                amounts = table.setdefault(key, [0.0] * len(buckets))
                amounts[places[bucket]] += amount
        totals.setdefault(self.currency_id, [0.0] * len(buckets))
        if self.in_currency and not any(totals[self.currency_id]) and len(totals) > 1:
            del totals[self.currency_id]
        return {
            "buckets": buckets,
            "rows": [
                {
                    "partner": partner,
                    "currency": currency,
                    "amounts": [currency.round(amount) for amount in amounts],
                    "total": currency.round(sum(amounts)),
                }
                for (partner, currency), amounts in sorted(
                    rows.items(), key=lambda row: (-sum(row[1]), row[0][0].id or 0)
                )
            ],
            "totals": {
                currency: [currency.round(amount) for amount in amounts]
                for currency, amounts in totals.items()
            },
            "total": {
                currency: currency.round(sum(amounts))
                for currency, amounts in totals.items()
            },
        }

    def _format_amount(self, amount, currency):
        return formatLang(self.env, amount, digits=currency.decimal_places)
