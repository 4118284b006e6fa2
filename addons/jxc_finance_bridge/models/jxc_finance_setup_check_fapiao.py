# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import SQL
from odoo.tools.sql import add_index, index_exists

from .jxc_finance_setup_check import Finding

#: as many numbers as a reader takes in at once
SHOWN = 5


class JxcFinanceSetupCheck(models.AbstractModel):
    """The register of tax invoices: no number of 20 digits twice.

    The database keeps that by an index. Where numbers were there twice when it was to
    be made, the platform only logs a warning and goes on without; this check says so,
    lists them, and makes the index as soon as they are cleared up.
    """

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        return [*super()._get_codes(), "fapiao_numbers"]

    def _get_label(self, code):
        if code == "fapiao_numbers":
            return self.env._("Numbers of tax invoices")
        return super()._get_label(code)

    def _get_fapiao_duplicates(self, company=None):
        """Tax invoices whose number of 20 digits a company has more than once.

        :param company: only of this one
        """
        self.env["jxc.fapiao"].flush_model(["number", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(id ORDER BY id)
                  FROM jxc_fapiao
                 WHERE length(number) = 20 %s
              GROUP BY company_id, number
                HAVING count(*) > 1
                """,
                SQL("AND company_id = %s", company.id) if company else SQL(),
            )
        )
        ids = [id_ for (found,) in rows for id_ in found]
        return self.env["jxc.fapiao"].browse(ids)

    def _get_fapiao_index(self):
        return self.env["jxc.fapiao"]._digital_unique

    def _has_fapiao_index(self):
        index = self._get_fapiao_index()
        return index_exists(self.env.cr, index.full_name(self.env["jxc.fapiao"]))

    def _assess_fapiao_numbers(self, company):
        twice = self._get_fapiao_duplicates(company)
        once = self.env._("each number once")
        reason = self.env._(
            "The database refuses a tax invoice that is entered twice, once no number"
            " is there twice in any company."
        )
        if twice:
            numbers = sorted(set(twice.mapped("number")))
            more = " …" if len(numbers) > SHOWN else ""
            return Finding(
                "missing",
                self.env._(
                    "%(count)s numbers twice: %(numbers)s",
                    count=len(numbers),
                    numbers=", ".join(numbers[:SHOWN]) + more,
                ),
                once,
                self.env._(
                    "Open the list, delete what was entered twice (unlink it from its"
                    " bill first) or correct its number; then fix."
                ),
            )
        if self._has_fapiao_index():
            return Finding("ok", once, once, reason)
        if self._get_fapiao_duplicates():
            return Finding(
                "missing",
                once,
                once,
                self.env._(
                    "Another company has numbers twice; the database cannot refuse them"
                    " until it has cleared them up."
                ),
            )
        return Finding("wrong", self.env._("not kept by the database"), once, reason)

    def _fix_fapiao_numbers(self, company):
        model, index = self.env["jxc.fapiao"], self._get_fapiao_index()
        self.env.flush_all()
        # Not by the platform's way, which only logs what goes wrong.
        definition = index.get_definition(model.pool)
        add_index(
            self.env.cr,
            index.full_name(model),
            model._table,
            comment=definition,
            definition=definition.removeprefix("UNIQUE INDEX "),
            unique=True,
        )

    def _open_fapiao_numbers(self, company):
        """Window with what is in the register twice; None if nothing is."""
        twice = self._get_fapiao_duplicates(company)
        if not twice:
            return None
        return {
            "type": "ir.actions.act_window",
            "name": self._get_label("fapiao_numbers"),
            "res_model": "jxc.fapiao",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", twice.ids)],
            "context": {"group_by": "number"},
        }
