# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

from .jxc_finance_period_profit import CHARTS

#: Checks that need an account under one heading of the chart, and which of them.
HEADINGS = {"valuation_account": 0, "variation_account": 1, "count_location": 2}
#: Ledgers of the accounts that cannot be exchanged while they hold amounts.
LEDGERS = {
    "jxc_accrual_account_id": "jxc_finance_bridge.jxc_stock_accrual_action",
    "jxc_transit_account_id": "jxc_finance_bridge.jxc_stock_accrual_action",
    "jxc_shipped_account_id": "jxc_finance_bridge.jxc_stock_shipped_action",
}
CHART_DIGITS = 6


class JxcFinanceSetupCheck(models.AbstractModel):
    """The way out of findings that a fix cannot settle.

    ``_open`` has one for each: the record that is wrong, the form for the account or
    journal that is missing, already filled in, or else the accounting settings.
    """

    _inherit = "jxc.finance.setup.check"

    def _open(self, code, company):
        """Window in which people settle a finding of one company."""
        checks = self._for(company)
        company = company.with_env(checks.env)
        opens = getattr(checks, f"_open_{code}", None)
        action = opens(company) if opens else None
        if not action:
            lacking = checks._get_lacking(code, company)
            if lacking:
                action = checks._open_account(company, *lacking[0])
        return action or self._open_settings()

    def _open_settings(self):
        if not self.env.user.has_group("base.group_system"):
            raise UserError(
                self.env._(
                    "It is chosen in the accounting settings, by an administrator."
                )
            )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_config"
        )

    def _open_records(self, code, records):
        """Window with the records to correct, or with the only one."""
        action = {
            "type": "ir.actions.act_window",
            "name": self._get_label(code),
            "res_model": records[0]._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", [record.id for record in records])],
            "context": {"active_test": False},
        }
        view = self.env.ref(
            f"jxc_finance_bridge.{records[0]._table}_setup_view_list",
            raise_if_not_found=False,
        )
        if view:
            action["views"] = [(view.id, "list"), (False, "form")]
        if len(records) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = records[0].id
        return action

    # Accounts -----------------------------------------------------------------------

    def _get_lacking(self, code, company):
        """[(code, kind of account)] of accounts that have to be made first."""
        if not self._get_prefixes(company):
            return []
        if code in HEADINGS:
            return self._get_lacking_headings(company, HEADINGS[code])
        if code == "settlement_accounts":
            return [(found, None) for found in self._get_lacking_codes(company)]
        if code == "company_accounts":
            return [
                (self._get_chart_code(company, name), None)
                for name, _label, _account, wanted in self._get_misset_accounts(company)
                if not wanted
            ]
        if code == "profit_accounts":
            chart = CHARTS[company.root_id.chart_template]
            return [
                (self._full_code(prefix), "equity")
                for prefix in chart[1:3]
                if not self._find_account(company, prefix)
            ]
        return []

    def _get_lacking_headings(self, company, position):
        prefix = self._get_prefixes(company)[position]
        if self._find_account(company, prefix):
            return []
        return [(self._full_code(prefix), None)]

    def _full_code(self, prefix):
        return prefix.ljust(CHART_DIGITS, "0")

    def _open_account(self, company, code, kind):
        """The account of a code: to be corrected, or made as the chart has it."""
        accounts = self.env["account.account"].with_context(active_test=False)
        found = accounts.search(
            [*accounts._check_company_domain(company.root_id), ("code", "=", code)],
            limit=1,
        )
        action = {
            "type": "ir.actions.act_window",
            "res_model": "account.account",
            "views": [(False, "form")],
        }
        if found:
            name = self.env._(
                "Correct %(account)s: in use, and of its kind", account=code
            )
            return {**action, "name": name, "res_id": found.id}
        of_chart = self._get_chart_account(company, code)
        return {
            **action,
            "name": self.env._("Create account %(account)s", account=code),
            "target": "new",
            "context": {
                "default_code": code,
                "default_name": of_chart.get("name"),
                "default_account_type": kind or of_chart.get("account_type"),
                "default_company_ids": company.root_id.ids,
            },
        }

    def _get_chart_account(self, company, code):
        """{name, account_type} that the company's chart gives an account."""
        templates = self.env["account.chart.template"]
        rows = templates._get_account_account(company.root_id.chart_template)
        # The chart has short codes, which the company's digits fill up.
        found = (row for row in rows.values() if self._full_code(row["code"]) == code)
        row = next(found, {})
        in_lang = row.get(f"name@{self.env.lang}")
        return {**row, "name": in_lang or row.get("name")}

    def _open_variation_account(self, company):
        """Where the chart is none of ours: it is chosen on the stock account."""
        account = company.account_stock_valuation_id
        if self._get_prefixes(company) or not account:
            return None
        return self._open_records("variation_account", account)

    def _open_count_location(self, company):
        locations = self._get_count_locations(company)
        if self._get_prefixes(company) or not locations:
            return None
        return self._open_records("count_location", locations)

    def _open_booking_accounts(self, company):
        """The ledger whose amounts keep its account from being exchanged."""
        held = self._get_held_fields(company, self._get_misset_fields(company))
        if not held:
            return None
        field = next(iter(held))
        action = self.env["ir.actions.act_window"]._for_xml_id(LEDGERS[field])
        accounts = [account.id for account in held[field]]
        return {
            **action,
            "domain": [
                ("company_id", "=", company.id),
                ("account_id", "in", accounts),
            ],
        }

    # Journals -----------------------------------------------------------------------

    def _open_journals(self, company):
        if self._find_general_journal(company.root_id):
            return None
        return self._open_new_journal(company.root_id)

    def _open_stock_journal(self, company):
        if self._find_stock_journal(company):
            return None
        return self._open_new_journal(company)

    def _open_new_journal(self, company):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create a journal of type Miscellaneous"),
            "res_model": "account.journal",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_type": "general",
                "default_company_id": company.id,
            },
        }

    # Taxes --------------------------------------------------------------------------

    def _open_default_taxes(self, company):
        """Taxes of the kinds that have none in use, those put away included."""
        kinds = self._get_misset_defaults(company)
        if not self._has_chart(company) or not kinds:
            return None
        return {
            "type": "ir.actions.act_window",
            "name": self._get_label("default_taxes"),
            "res_model": "account.tax",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("company_id", "=", company.root_id.id),
                ("type_tax_use", "in", kinds),
            ],
            "context": {"active_test": False, "default_type_tax_use": kinds[0]},
        }
