# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import SQL


class AgeingXlsx(models.AbstractModel):
    """Workbook of an ageing: by partner, and every open document."""

    _name = "report.jxc_finance_bridge.ageing_xlsx"
    _inherit = "jxc.finance.workbook"
    _description = "Ageing Workbook"

    def generate_xlsx_report(self, workbook, data, objs):
        """Two sheets for each ageing."""
        objs.check_access("read")
        for ageing in objs:
            styles = self._get_styles(workbook, ageing.currency_id)
            self._write_partners(workbook, styles, ageing)
            self._write_items(workbook, styles, ageing)

    def _get_subtitle(self, ageing):
        return f"{ageing.company_id.name}  {ageing.date}  {ageing.currency_id.name}"

    def _write_partners(self, workbook, styles, ageing):
        table = ageing._get_table()
        sheet = workbook.add_worksheet(self.env._("By Partner"))
        names = table["buckets"].mapped("name")
        total, nobody = self.env._("Total"), self.env._("No partner")
        labels = [self.env._("Partner"), self.env._("Currency"), *names, total]
        number = self._write_head(
            sheet, styles, ageing.display_name, self._get_subtitle(ageing), labels
        )
        for row in table["rows"]:
            cells = [
                ("text", row["partner"].name or nobody),
                ("text", row["currency"].name),
                *(("amount", amount) for amount in (*row["amounts"], row["total"])),
            ]
            self._write_row(sheet, styles, number, cells)
            number += 1
        for currency, amounts in table["totals"].items():
            cells = [
                ("header", total),
                ("header", currency.name),
                *(("total", a) for a in (*amounts, table["total"][currency])),
            ]
            self._write_row(sheet, styles, number, cells)
            number += 1
        if not ageing.in_currency:
            blank = [("text", None)] * (len(labels) - 2)
            label = self.env._("Balance of the accounts")
            balance = ageing._get_ledger_balance()
            cells = [("text", label), *blank, ("amount", balance)]
            self._write_row(sheet, styles, number, cells)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 8)
        sheet.set_column(2, len(labels) - 1, 15)

    def _write_items(self, workbook, styles, ageing):
        names = (
            ("partner_id", "text"),
            ("move_id", "text"),
            ("account_id", "text"),
            ("date", "date"),
            ("date_maturity", "date"),
            ("days", "integer"),
            ("bucket_id", "text"),
            ("amount", "amount"),
            ("residual", "amount"),
            ("currency_id", "text"),
            ("residual_currency", "amount"),
        )
        lines = self.env["jxc.ageing.line"]
        described = lines.fields_get([name for name, _style in names], ["string"])
        sheet = workbook.add_worksheet(self.env._("Open Items"))
        number = self._write_head(
            sheet,
            styles,
            ageing.display_name,
            self._get_subtitle(ageing),
            [described[name]["string"] for name, _style in names],
        )
        items = self._get_items(ageing)
        number = self._write_rows(sheet, styles, number, names, items)
        sheet.autofilter(2, 0, max(number, 3), len(names) - 1)
        sheet.set_column(0, len(names) - 1, 15)

    def _get_items(self, ageing):
        """Dicts of the open items, names in place of ids.

        One statement, as the cache of a hundred thousand records takes longer than
        writing them.
        """
        lines = self.env["jxc.ageing.line"]
        for model in ("jxc.ageing.line", "account.move.line", "res.partner"):
            self.env[model].flush_model()
        query = lines._search([("ageing_id", "=", ageing.id)], order=lines._order)
        item = query.join(
            query.table, "move_line_id", "account_move_line", "id", "move_line_id"
        )
        partner = query.left_join(item, "partner_id", "res_partner", "id", "partner_id")
        models = {
            "partner_id": ("res.partner", partner, "commercial_partner_id"),
            "move_id": ("account.move", item, "move_id"),
            "account_id": ("account.account", item, "account_id"),
            "bucket_id": ("jxc.ageing.bucket", query.table, "bucket_id"),
            "currency_id": ("res.currency", item, "currency_id"),
        }
        own = "date", "date_maturity", "days", "amount", "residual", "residual_currency"
        columns = {name: (query.table, name) for name in own}
        columns |= {
            name: (alias, column) for name, (_m, alias, column) in models.items()
        }
        found = self.env.execute_query_dict(
            query.select(
                *(
                    SQL("%s AS %s", SQL.identifier(*place), SQL.identifier(name))
                    for name, place in columns.items()
                )
            )
        )
        for name, (model, _alias, _column) in models.items():
            ids = {row[name] for row in found if row[name]}
            # sudo: who may see an open item may read the names in it
            records = self.env[model].sudo().browse(ids)
            labels = {record.id: record.display_name for record in records}
            for row in found:
                row[name] = labels.get(row[name])
        return found
