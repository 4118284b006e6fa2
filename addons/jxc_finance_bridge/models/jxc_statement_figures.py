# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Command


class JxcStatement(models.Model):
    """The figures of statements, as ``jxc.voucher.get_statement`` reads the books."""

    _inherit = "jxc.statement"

    def _refresh(self):
        """Replace figures, movements and ageing by what the books say now.

        :raise AccessError: without the right to read the books of the company
        """
        ages = self._get_ages()
        for statement in self:
            result = statement._read_books()
            names = ("opening", "debit", "credit", "closing")
            statement.sudo().write(
                {
                    **{name: result[name] for name in names},
                    "ageing": ages.get(statement, []),
                    "line_ids": [
                        Command.clear(),
                        *map(Command.create, statement._prepare_lines(result)),
                    ],
                }
            )

    def _read_books(self):
        """The whole statement of the service, page by page."""
        self.ensure_one()
        service = self.env["jxc.voucher"]
        arguments = (self.partner_id.id, self.date_from, self.date_to, self.kind)
        page = result = service.get_statement(
            *arguments, limit=5000, company_id=self.company_id.id
        )
        while page["more"]:
            page = service.get_statement(
                *arguments, page["cursor"], 5000, self.company_id.id
            )
            result["lines"] += page["lines"]
        return result

    def _prepare_lines(self, result):
        goods = self._get_goods(result) if self.with_goods else {}
        balance, lines = result["opening"], []
        for row in result["lines"]:
            balance = self.currency_id.round(balance + row["debit"] - row["credit"])
            lines.append(
                {
                    "move_id": row["move_id"],
                    "date": row["date"],
                    "date_maturity": row["date_maturity"],
                    "document": row["move"],
                    "name": row["summary"],
                    "debit": row["debit"],
                    "credit": row["credit"],
                    "balance": balance,
                }
            )
            # An invoice in instalments lists its goods once.
            lines += goods.pop(row["move_id"], [])
        return [{**line, "sequence": place} for place, line in enumerate(lines)]

    def _get_goods(self, result):
        """{entry id: lines of its goods}."""
        items = self.env["account.move.line"].search(
            [
                ("move_id", "in", [row["move_id"] for row in result["lines"]]),
                ("display_type", "=", "product"),
                ("product_id", "!=", False),
                ("move_id.move_type", "!=", "entry"),
            ],
            order="move_id, sequence, id",
        )
        goods = {}
        for item in items:
            sign = -1 if item.move_id.move_type.endswith("refund") else 1
            rate = item.currency_rate or 1.0
            amount = item.company_currency_id.round(sign * item.price_total / rate)
            quantity = sign * item.quantity
            goods.setdefault(item.move_id.id, []).append(
                {
                    "is_goods": True,
                    # sudo: who reads the books may read what was sold
                    "name": item.sudo().product_id.display_name,
                    "unit": item.sudo().product_uom_id.name,
                    "quantity": quantity,
                    "price": amount / quantity if quantity else 0.0,
                    "amount": amount,
                }
            )
        return goods

    def _get_ages(self):
        """{statement: pairs of age class and amount on its last day}.

        They are amounts that are owed; what both sides owe is what the partner owes
        less what we do.
        """
        result = {}
        key = self.grouped(
            lambda s: (
                s.company_id,
                s.date_to,
                s.kind,
                # The labels are read by the partner.
                s.partner_id.lang or self.env.lang,
            )
        )
        for (company, date, kind, lang), statements in key.items():
            company = company.with_context(lang=lang)
            if kind != "all":
                labels, rows = statements._read_ages(company, date, kind)
                nothing = [0.0] * len(labels)
                found = {s: rows.get(s.partner_id, nothing) for s in statements}
            else:
                labels, owed = statements._read_ages(company, date, "receivable")
                _labels, owing = statements._read_ages(company, date, "payable")
                nothing = [0.0] * len(labels)
                found = {
                    statement: [
                        company.currency_id.round(amount - other)
                        for amount, other in zip(
                            owed.get(statement.partner_id, nothing),
                            owing.get(statement.partner_id, nothing),
                            strict=True,
                        )
                    ]
                    for statement in statements
                }
            for statement, amounts in found.items():
                result[statement] = [list(p) for p in zip(labels, amounts, strict=True)]
        return result

    def _read_ages(self, company, date, kind):
        """(labels of the classes, {partner: amounts}) of the partners of statements."""
        ageing = company.env["jxc.ageing"].create(
            {
                "company_id": company.id,
                "date": date,
                "kind": kind,
                "partner_ids": [Command.set(self.partner_id.ids)],
            }
        )
        ageing._refresh_lines()
        table = ageing._get_table()
        labels = table["buckets"].mapped("name")
        rows = {row["partner"]: row["amounts"] for row in table["rows"]}
        ageing.unlink()
        return labels, rows
