# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Command

from odoo.addons.jxc_base.tools.importing import Column

CONTROLS = ("none", "warn", "block")


class JxcImportBudgets(models.AbstractModel):
    """budgets.csv: a row per budget line; budgets are confirmed.

    Orders and bills that exist already are counted. A confirmed budget is a document:
    the same rows change nothing, other rows are refused.
    """

    _name = "jxc.import.budgets"
    _inherit = ["jxc.import.handler"]
    _description = "Import of budgets.csv"

    _jxc_file = "budgets"
    _jxc_sequence = 70
    _jxc_key = ("budget", "date_from", "date_to", "analytic", "category")
    _jxc_addon = "jxc_purchase"

    def _jxc_columns(self):
        return [
            Column("budget", required=True),
            Column("date_from", type="date", required=True),
            Column("date_to", type="date", required=True),
            Column("analytic"),
            Column("category"),
            Column("amount", type="amount", required=True, minimum=0),
            Column("control", type="selection", values=CONTROLS),
            Column("warn_percent", type="float", minimum=0),
        ]

    # -- check --------------------------------------------------------------------

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        categories = self._jxc_categories(session)
        coming = {
            self._jxc_path(row["category"])[: depth + 1]
            for row in session.rows("products")
            if row["category"]
            for depth in range(row["category"].count("/") + 1)
        }
        accounts = session.find_all(
            "account.analytic.account", "name", (row["analytic"] for row in rows)
        )
        for row in rows:
            if row["date_to"] < row["date_from"]:
                session.problem(row, "date_to", self.env._("lies before date_from"))
            path = row["category"] and self._jxc_path(row["category"])
            if path and path not in categories and path not in coming:
                session.problem(
                    row,
                    "category",
                    self.env._(
                        'there is no product category "%(text)s"; write it as in'
                        " products.csv",
                        text=row["category"],
                    ),
                )
            if len(accounts.get(row["analytic"], ())) > 1:
                session.problem(
                    row,
                    "analytic",
                    self.env._(
                        'several analytic accounts are named "%(text)s"',
                        text=row["analytic"],
                    ),
                )
        self._jxc_check_existing(rows, categories, accounts, session)

    def _jxc_check_existing(self, rows, categories, accounts, session):
        budgets = self._jxc_budgets(rows, session)
        for name, group in self._jxc_groups(rows).items():
            budget = budgets.get(name)
            if not budget:
                continue
            ours = {
                (
                    line.date_from,
                    line.date_to,
                    line.analytic_account_id.id,
                    line.category_id.id,
                    session.company.currency_id.round(line.amount_planned),
                    line.control,
                )
                for line in budget.line_ids
            }
            theirs = {}
            for row in group:
                category = categories.get(
                    self._jxc_path(row["category"]) if row["category"] else None
                )
                account = accounts.get(row["analytic"])
                key = (
                    row["date_from"],
                    row["date_to"],
                    account[:1].id if account else False,
                    category.id if category else False,
                    session.company.currency_id.round(row["amount"]),
                    row.get("control", "block"),
                )
                theirs[key] = row
            for key in set(theirs) - ours:
                session.problem(
                    theirs[key],
                    None,
                    self.env._(
                        "budget %(name)s exists and has no such line; change it there",
                        name=name,
                    ),
                )
            if ours - set(theirs):
                session.problem(
                    group[0],
                    "budget",
                    self.env._(
                        "budget %(name)s exists with %(count)s lines that are missing"
                        " here",
                        name=name,
                        count=len(ours - set(theirs)),
                    ),
                )

    # -- load ---------------------------------------------------------------------

    def _jxc_load(self, rows, session):
        super()._jxc_load(rows, session)
        budgets = self._jxc_budgets(rows, session)
        groups = self._jxc_groups(rows)
        new = {name: group for name, group in groups.items() if name not in budgets}
        categories = self._jxc_categories(session)
        accounts = self._jxc_find_or_create_accounts(rows, session)
        created = self.env["jxc.purchase.budget"].create(
            [
                self._jxc_prepare(name, group, categories, accounts, session)
                for name, group in new.items()
            ]
        )
        created.action_confirm()
        count = sum(map(len, new.values()))
        session.count(created=count, unchanged=len(rows) - count)
        session.total("amount", sum(row["amount"] for row in rows))

    def _jxc_prepare(self, name, group, categories, accounts, session):
        lines = []
        for row in group:
            values = {
                "date_from": row["date_from"],
                "date_to": row["date_to"],
                "amount_planned": row["amount"],
                "control": row.get("control", "block"),
            }
            if row["category"]:
                path = self._jxc_path(row["category"])
                values["category_id"] = categories[path].id
            if row["analytic"]:
                values["analytic_account_id"] = accounts[row["analytic"]].id
            if row["warn_percent"] is not None:
                values["warn_percent"] = row["warn_percent"]
            lines.append(Command.create(values))
        return {
            "name": name,
            "company_id": session.company.id,
            "date_from": min(row["date_from"] for row in group),
            "date_to": max(row["date_to"] for row in group),
            "line_ids": lines,
        }

    # -- lookups ------------------------------------------------------------------

    def _jxc_groups(self, rows):
        groups = {}
        for row in rows:
            groups.setdefault(row["budget"], []).append(row)
        return groups

    def _jxc_budgets(self, rows, session):
        return session.find(
            "jxc.purchase.budget", "name", {row["budget"] for row in rows}
        )

    def _jxc_path(self, text):
        return tuple(part.strip() for part in text.split("/"))

    def _jxc_categories(self, session):
        """``{path of names: product.category}`` in all languages of the user."""
        categories = {}
        for language in dict.fromkeys(("en_US", session.user_env.lang)):
            found = self.env["product.category"].with_context(lang=language).search([])
            for category in found:
                path = self._jxc_path(category.complete_name)
                categories.setdefault(path, category)
        return categories

    def _jxc_find_or_create_accounts(self, rows, session):
        """``{name: account.analytic.account}``; new ones in the first plan."""
        names = sorted({row["analytic"] for row in rows if row["analytic"]})
        accounts = session.find("account.analytic.account", "name", names)
        missing = [name for name in names if name not in accounts]
        if missing:
            plan, _others = self.env["account.analytic.plan"]._get_all_plans()
            created = self.env["account.analytic.account"].create(
                [
                    {
                        "name": name,
                        "plan_id": plan.id,
                        "company_id": session.company.id,
                    }
                    for name in missing
                ]
            )
            accounts.update(zip(missing, created, strict=True))
        return accounts
