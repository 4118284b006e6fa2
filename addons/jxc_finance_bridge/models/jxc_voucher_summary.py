# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
#: Longest 摘要 that other finance systems take.
LENGTH = 60
#: Entries whose texts are made at once.
PART = 1000


class JxcVoucherSummary(models.Model):
    """Texts of vouchers (摘要) by kind of entry, with placeholders for its data."""

    _name = "jxc.voucher.summary"
    _description = "Voucher Summary Template"
    _order = "kind, company_id, id"
    _rec_name = "template"

    kind = fields.Selection(
        selection=[
            ("out_invoice", "Customer Invoice"),
            ("out_refund", "Customer Credit Note"),
            ("out_receipt", "Sales Receipt"),
            ("in_invoice", "Vendor Bill"),
            ("in_refund", "Vendor Credit Note"),
            ("in_receipt", "Purchase Receipt"),
            ("inbound", "Money Received"),
            ("outbound", "Money Paid"),
            ("statement", "Bank Statement Line"),
            ("stock", "Stock Entry"),
            ("reversal", "Reversal"),
            ("closing", "Profit Transfer"),
            ("entry", "Other Entry"),
        ],
        required=True,
    )
    template = fields.Char(
        string="Text",
        required=True,
        translate=True,
        help="May contain {partner}, {number}, {ref}, {origin}, {date}, {journal},"
        " {products}, {text}, {reversed} and {reversed_date}.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        help="Empty: for all companies that have no text of their own.",
    )
    active = fields.Boolean(default=True)

    _kind_company_unique = models.UniqueIndex(
        "(kind, COALESCE(company_id, 0)) WHERE active",
        "There is a text for this kind of entry already.",
    )

    @api.constrains("template")
    def _check_template(self):
        known = self._get_placeholders()
        for summary in self:
            unknown = set(PLACEHOLDER.findall(summary.template)) - set(known)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "%(text)s: there is no placeholder %(unknown)s. Use %(known)s.",
                        text=summary.template,
                        unknown=", ".join(f"{{{name}}}" for name in sorted(unknown)),
                        known=", ".join(f"{{{name}}}" for name in known),
                    )
                )

    @api.model
    def _get_placeholders(self):
        """Placeholder → function of the entry. Extend freely."""
        return {
            "partner": lambda move: move.commercial_partner_id.name,
            "number": lambda move: move.name,
            "ref": lambda move: move.ref,
            "origin": lambda move: move.invoice_origin,
            "date": lambda move: format_date(self.env, move.date),
            "journal": lambda move: move.journal_id.name,
            "products": self._get_products,
            "text": lambda move: move.ref or move.line_ids[:1].name,
            "reversed": lambda move: move.reversed_entry_id.jxc_voucher_name,
            "reversed_date": lambda move: format_date(
                self.env, move.reversed_entry_id.date
            ),
        }

    def _get_products(self, move):
        products = move.invoice_line_ids.product_id
        if not products:
            return ""
        if len(products) == 1:
            return products.name
        return self.env._("%(product)s and others", product=products[0].name)

    @api.model
    def _get_kind(self, move):
        """The kind of an entry."""
        if move.reversed_entry_id:
            return "reversal"
        if move.jxc_pl_closing:
            return "closing"
        if move.origin_payment_id:
            return move.origin_payment_id.payment_type
        if move.statement_line_id:
            return "statement"
        if move.move_type != "entry":
            return move.move_type
        stock_journal = move.company_id.sudo().account_stock_journal_id
        return "stock" if move.journal_id == stock_journal else "entry"

    @api.model
    def _fill(self, moves):
        """Give entries without a summary the text of their kind."""
        for move, text in self._get_texts(moves).items():
            move.jxc_summary = text

    @api.model
    def _fill_existing(self):
        """The same for entries that were posted before this addon was installed.

        By one statement for each part, as an addon may come into books of many years.
        """
        moves = self.env["account.move"].search(
            [("state", "=", "posted"), ("jxc_summary", "=", False)], order="id"
        )
        for start in range(0, len(moves), PART):
            part = self.env["account.move"].browse(moves.ids[start : start + PART])
            texts = self._get_texts(part)
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE account_move SET jxc_summary = new.text
                      FROM unnest(%s::int[], %s::text[]) AS new (id, text)
                     WHERE account_move.id = new.id
                    """,
                    [move.id for move in texts],
                    list(texts.values()),
                )
            )
            self.env.invalidate_all()

    @api.model
    def _get_texts(self, moves):
        """{entry without a summary: the text of its kind}

        The texts are in the language of the company.
        """
        texts = {}
        for company, entries in moves.grouped("company_id").items():
            summaries = self.sudo().with_context(lang=company._jxc_lang())
            templates = {}
            for summary in summaries.search(
                [("company_id", "in", (False, company.id))]
            ):
                if summary.company_id or summary.kind not in templates:
                    templates[summary.kind] = summary
            for move in entries:
                summary = templates.get(summaries._get_kind(move.sudo()))
                if summary and not move.jxc_summary:
                    texts[move] = summary._render(move.sudo())
        return texts

    def _render(self, move):
        """The text with the entry's data, without the blanks of missing data."""
        values = self._get_placeholders()

        def replace(match):
            function = values.get(match[1])
            return str(function(move) or "") if function else match[0]

        text = PLACEHOLDER.sub(replace, self.template)
        return " ".join(text.split())[:LENGTH]
