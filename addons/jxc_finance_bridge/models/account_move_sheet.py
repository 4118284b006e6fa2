# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

from odoo.addons.jxc_base.tools.capitals import LIMIT, to_capitals

LAYOUT = ("line_section", "line_subsection", "line_note")


class AccountMove(models.Model):
    """Posted entries as sheets of paper (记账凭证)."""

    _inherit = "account.move"

    jxc_voucher_amount = fields.Monetary(
        string="Voucher Amount",
        compute="_compute_jxc_voucher_amount",
        currency_field="company_currency_id",
        help="Sum of the debits, as at the foot of the printed voucher.",
    )

    @api.depends("line_ids.debit")
    def _compute_jxc_voucher_amount(self):
        for move in self:
            move.jxc_voucher_amount = sum(move.line_ids.mapped("debit"))

    def _jxc_get_voucher_sheets(self, grouping="document"):
        """The pages of the printed vouchers.

        :param grouping: "document" (one voucher each), "day" (one for the entries of a
            day) or "kind" (one for the entries of a kind in a month), always by company
            and word; groups are printed whole
        :return: list of dicts with company, number, members (of a group), date,
            attachments, page, pages, rows (dicts of summary, account, debit, credit as
            text and is_red), foot (label, debit, credit, words) and people (label →
            name)
        """
        sheets = []
        for group in self._jxc_voucher_groups(grouping):
            is_sum = grouping != "document"
            rows = group.moves._jxc_get_voucher_rows(is_sum)
            sheets += group.moves._jxc_get_pages(rows, group.number, is_sum)
        return sheets

    def _jxc_get_voucher_rows(self, is_sum):
        """[(summary, account text, debit, credit)] of the voucher, debits first.

        Documents show one row for each account and partner, typed entries each line.
        """
        merged = {}
        for line in self.line_ids.sorted(lambda line: line.credit != 0):
            if line.display_type in LAYOUT or not line.account_id:
                continue
            move = line.move_id
            is_typed = move.move_type == "entry" and not is_sum
            partner = line.partner_id.commercial_partner_id
            if is_sum or line.account_id.account_type not in (
                "asset_receivable",
                "liability_payable",
            ):
                partner = partner.browse()
            side = bool(line.credit), (line.debit or line.credit) < 0
            key = line.id if is_typed else (line.account_id, partner, *side)
            if key not in merged:
                account = line.account_id
                text = f"{account.code or ''} {account.name}"
                if partner:
                    text += f" — {partner.name}"
                summary = (
                    self._jxc_get_group_text() if is_sum else line._jxc_get_summary()
                )
                merged[key] = [summary, text, 0.0, 0.0]
            merged[key][2] += line.debit
            merged[key][3] += line.credit
        return [tuple(row) for row in merged.values() if row[2] or row[3]]

    def _jxc_get_pages(self, rows, number, is_sum):
        """Pages of one voucher, each with the sums carried forward (承前页, 过次页)."""
        company = self.company_id.sudo()
        size = company.jxc_voucher_lines
        chunks, rest = [rows[:size]], rows[size:]
        while rest:
            chunks.append(rest[: size - 1])
            rest = rest[size - 1 :]
        head = self._jxc_get_sheet_head(number, is_sum)
        pages, debit, credit = [], 0.0, 0.0
        for at, chunk in enumerate(chunks, start=1):
            shown = [self._jxc_get_sheet_row(*row) for row in chunk]
            if at > 1:
                text = self.env._("Brought forward")
                shown.insert(0, self._jxc_get_sheet_row(text, "", debit, credit))
            debit += sum(row[2] for row in chunk)
            credit += sum(row[3] for row in chunk)
            shown += [self._jxc_get_sheet_row("", "", 0, 0)] * (size - len(shown))
            is_last = at == len(chunks)
            foot = self._jxc_get_sheet_row(
                self.env._("Total") if is_last else self.env._("Carried forward"),
                self._jxc_get_words(debit) if is_last else "",
                debit,
                credit,
            )
            page = {"page": at, "pages": len(chunks), "rows": shown, "foot": foot}
            pages.append({**head, **page})
        return pages

    def _jxc_get_sheet_row(self, summary, account, debit, credit):
        currency = self.company_id.currency_id

        def text(amount):
            if currency.is_zero(amount):
                return ""
            return formatLang(self.env, amount, digits=currency.decimal_places)

        return {
            "summary": summary,
            "account": account,
            "debit": text(debit),
            "credit": text(credit),
            "is_red": debit < 0 or credit < 0,
        }

    def _jxc_get_words(self, amount):
        """The total in words; in capital characters for Chinese books."""
        currency = self.company_id.currency_id
        if currency.name == "CNY" and abs(amount) < LIMIT:
            return to_capitals(currency.round(amount))
        return currency.amount_to_text(amount)

    def _jxc_get_sheet_head(self, number, is_sum):
        """What all pages of a voucher have in common."""
        word = self[0].jxc_voucher_word or ""
        return {
            "company": self.company_id.name,
            "currency": self.company_id.currency_id.name,
            "number": f"{word}-{number}",
            "members": self._jxc_group_label() if is_sum else "",
            "date": format_date(self.env, max(self.mapped("date"))),
            "attachments": sum(self.mapped("jxc_attachment_count")),
            "people": [
                (self.env._("Chief Accountant"), ""),
                (self.env._("Booked by"), self._jxc_names("jxc_posted_by")),
                (self.env._("Cashier"), self._jxc_names("jxc_cashier_id")),
                (self.env._("Reviewed by"), self._jxc_names("jxc_checked_by")),
                (self.env._("Made by"), self._jxc_names("jxc_maker_id")),
            ],
        }

    def _jxc_names(self, name):
        """Names of the people in a field; people are readable for every accountant."""
        return " ".join(self.sudo().mapped(name).mapped("name"))
