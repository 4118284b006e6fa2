# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

FIRST_ROW = 5
#: Columns before those of the vendors.
FIXED = 5


class JxcTenderXlsx(models.AbstractModel):
    """Workbook of the comparison of quotations (比价表), a sheet for each tender.

    Products are rows, vendors groups of columns; the figures are those of the screen
    and the print, see ``purchase.order.jxc_tender_data``.
    """

    _name = "report.jxc_purchase.tender_xlsx"
    _inherit = ["report.jxc_purchase.budget_xlsx"]
    _description = "Tender Comparison Workbook"

    def _get_objs_for_report(self, docids, data):
        return self.env["purchase.order"].browse(docids)

    def generate_xlsx_report(self, workbook, data, objs):
        """Numbers as numbers, text never as formula.

        :raise AccessError: the user may not read the orders of a tender
        """
        styles = self._get_styles(workbook)
        styles["best"] = workbook.add_format(
            {"font_name": "Microsoft YaHei", "font_size": 10, "bold": True}
            | {"num_format": "#,##0.00####", "bg_color": "#E2F0D9"}
        )
        styles["price"] = workbook.add_format(
            {"font_name": "Microsoft YaHei", "font_size": 10}
            | {"num_format": "#,##0.00####"}
        )
        for order in objs:
            sheet = workbook.add_worksheet(self._sheet_name(workbook, order.name))
            self._write_comparison(sheet, order.jxc_tender_data(), styles)

    def _write_comparison(self, sheet, data, styles):
        sheet.write_string(
            0, 0, self.env._("Comparison of Quotations"), styles["title"]
        )
        sheet.write_string(1, 0, f"{data['company']}  {data['name']}", styles["text"])
        sheet.write_string(2, 0, data["intro"], styles["text"])
        labels = self._vendor_labels()
        self._write_heads(sheet, data, labels, styles)
        row = FIRST_ROW - 1
        for row, line in enumerate(data["rows"], start=FIRST_ROW):
            self._write_row(sheet, row, line, data["orders"], len(labels), styles)
        self._write_totals(sheet, row + 1, data["orders"], len(labels), styles)
        sheet.freeze_panes(FIRST_ROW, 2)
        sheet.set_column(0, 0, 5)
        sheet.set_column(1, 1, 30)
        sheet.set_column(2, FIXED + len(labels) * len(data["orders"]), 13)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(FIRST_ROW - 2, FIRST_ROW - 1)

    def _vendor_labels(self):
        return [
            self.env._("Price"),
            self.env._("Quantity"),
            self.env._("Amount"),
            self.env._("Days"),
            self.env._("Change (%)"),
            self.env._("Awarded"),
            self.env._("Reason"),
        ]

    def _write_heads(self, sheet, data, labels, styles):
        fixed = [
            self.env._("No."),
            self.env._("Product"),
            self.env._("Needed"),
            self.env._("Unit"),
            self.env._("Last Price"),
        ]
        for column, label in enumerate(fixed):
            sheet.write_blank(FIRST_ROW - 2, column, None, styles["header"])
            sheet.write_string(FIRST_ROW - 1, column, label, styles["header"])
        for number, order in enumerate(data["orders"]):
            first = FIXED + number * len(labels)
            title = f"{order['vendor']}  {order['name']}  {order['state_label']}"
            if order["score"]:
                title = self.env._(
                    "%(vendor)s, score %(score)s", vendor=title, score=order["score"]
                )
            sheet.merge_range(
                FIRST_ROW - 2,
                first,
                FIRST_ROW - 2,
                first + len(labels) - 1,
                "",
                styles["header"],
            )
            sheet.write_string(FIRST_ROW - 2, first, title, styles["header"])
            for offset, label in enumerate(labels):
                sheet.write_string(
                    FIRST_ROW - 1, first + offset, label, styles["header"]
                )

    def _write_row(self, sheet, row, line, orders, width, styles):
        sheet.write_number(row, 0, row - FIRST_ROW + 1, styles["text"])
        sheet.write_string(row, 1, line["product"], styles["text"])
        sheet.write_number(row, 2, line["needed"], styles["text"])
        sheet.write_string(row, 3, line["unit"], styles["text"])
        if line["history"]:
            sheet.write_number(row, 4, line["history"][0]["price"], styles["price"])
        for number, order in enumerate(orders):
            quote = line["quotes"].get(str(order["id"]))
            if not quote or not quote["price"] or not quote["is_quoted"]:
                continue
            first = FIXED + number * width
            best = styles["best" if quote["is_cheapest"] else "price"]
            sheet.write_number(row, first, quote["price"], best)
            sheet.write_number(row, first + 1, quote["quantity"], styles["text"])
            sheet.write_number(row, first + 2, quote["total"], styles["money"])
            if quote["lead"] is not None:
                sheet.write_number(row, first + 3, quote["lead"], styles["text"])
            if quote["change"] is not None:
                sheet.write_number(row, first + 4, quote["change"], styles["text"])
            if quote["awarded"]:
                sheet.write_number(row, first + 5, quote["awarded"], styles["text"])
            sheet.write_string(row, first + 6, quote["reason"], styles["text"])

    def _write_totals(self, sheet, row, orders, width, styles):
        sheet.write_string(row, 1, self.env._("Total"), styles["header"])
        for number, order in enumerate(orders):
            column = FIXED + number * width + 2
            sheet.write_number(row, column, order["total"], styles["total"])
