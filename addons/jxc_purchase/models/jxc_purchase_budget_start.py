# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

CRON = "jxc_purchase.jxc_purchase_budget_cron"


class JxcPurchaseBudget(models.Model):
    """Counts what exists when a budget starts, and what was just coming into being.

    An order that is being confirmed in the same moment as its budget does not know of
    the budget, nor does the budget see the order. So the documents are counted once
    more as soon as every transaction has ended that was running at that moment.
    """

    _inherit = "jxc.purchase.budget"

    jxc_started_in = fields.Char(
        copy=False,
        readonly=True,
        groups="base.group_system",
        export_string_translation=False,
    )

    def _count_existing_documents(self):
        """Book the orders and bills that fall into these new budgets of one company."""
        count = self._count_documents()
        if count:
            for budget in self:
                texts = budget.with_context(lang=budget.company_id._jxc_lang()).env
                budget.message_post(
                    body=texts._(
                        "%s lines of existing orders and bills in this period were"
                        " checked and counted where this budget applies, without"
                        " limit.",
                        count,
                    )
                )
        [(transaction,)] = self.env.execute_query(
            SQL("SELECT pg_current_xact_id()::text")
        )
        # Budget managers plan budgets; the technical mark and jobs are not theirs.
        self.sudo().jxc_started_in = transaction
        self.env.ref(CRON).sudo()._trigger()

    def _count_documents(self, again=False):
        company = self.company_id
        company.ensure_one()
        engine = self.env["jxc.budget.engine"].with_company(company)
        return engine._count_existing(
            company,
            min(self.mapped("date_from")),
            max(self.mapped("date_to")),
            again=again,
        )

    @api.model
    def _cron_count_late_documents(self):
        """Count again for budgets whose start nobody running has missed any more."""
        started = self.search([("jxc_started_in", "!=", False)])
        due = started._without_witnesses()
        if started - due:
            soon = fields.Datetime.now() + timedelta(minutes=1)
            self.env.ref(CRON)._trigger(soon)
        if not due:
            return
        # What these transactions wrote is only seen by the next one.
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for budgets in due.grouped("company_id").values():
            budgets._count_documents(again=True)
        due.jxc_started_in = False

    def _without_witnesses(self):
        """Return the budgets that no running transaction is older than."""
        ended = self._has_ended(set(self.mapped("jxc_started_in")))
        return self.filtered(lambda budget: ended[budget.jxc_started_in])

    @api.model
    def _has_ended(self, transactions):
        """Tell whether all that ran beside a transaction has ended.

        :param transactions: transaction ids as text
        :return: ``{transaction: bool}``
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT started.transaction, NOT EXISTS (
                       SELECT
                         FROM pg_stat_activity other
                        WHERE other.pid <> pg_backend_pid()
                          AND other.datname = current_database()
                          AND age(other.backend_xmin)
                              >= age(started.transaction::xid8::xid)
                       )
                  FROM unnest(%s::text[]) AS started (transaction)
                """,
                list(transactions),
            )
        )
        return dict(rows)
