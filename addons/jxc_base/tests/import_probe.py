# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two files of documents that write down what the framework does with them."""

from odoo import models

from odoo.addons.jxc_base.tools.importing import Column, Job, is_history


class ImportProbeBuys(models.AbstractModel):
    _name = "jxc.import.probe_buys"
    _inherit = ["jxc.import.handler"]
    _description = "Import of probe_buys.csv"
    _module = None

    _jxc_file = "probe_buys"
    _jxc_sequence = 80

    def _jxc_columns(self):
        return [
            Column("number", required=True),
            Column("date", type="date", required=True),
            Column("qty", type="qty", above=0),
            Column("code"),
        ]

    def _jxc_check(self, rows, session):
        known = {row["code"] for row in session.rows("products")}
        for row in rows:
            if row["code"] and row["code"] not in known:
                session.problem(row, "code", "no such product")

    def _jxc_plan(self, rows, session):
        jobs = {}
        for row in rows:
            month = row["date"].replace(day=1)
            jobs.setdefault(month, Job(period=month)).rows.append(row)
        return list(jobs.values())

    def _jxc_load(self, rows, session):
        log = session.cache.setdefault("log", [])
        for row in rows:
            log.append((row["number"], is_history(self.env), self.env.lang))
            if row["number"] == "BLOCKED":
                session.problem(row, None, "over the limit")
            if row["number"] == "FAILS":
                self.env["res.partner"].create({"name": "half written"})
                self.env["res.partner"].create({"name": False})
        # Something to see in the database, in the environment of the run.
        texts = [f"{number} {history} {lang}" for number, history, lang in log]
        self.env["res.partner"].search([("ref", "=", "PROBE")]).comment = "|".join(
            texts
        )
        session.count(created=len(rows))
        session.total("quantity", sum(row["qty"] or 0 for row in rows))


class ImportProbeSales(models.AbstractModel):
    _name = "jxc.import.probe_sales"
    _inherit = ["jxc.import.probe_buys"]
    _description = "Import of probe_sales.csv"
    _module = None

    _jxc_file = "probe_sales"
    _jxc_sequence = 90
