# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from odoo.addons.jxc_base.tools.importing import Problem, read_grid

from ..models.jxc_bank_format_mixin import COLUMNS
from ..tools.bank_statement import find_columns, read_transactions
from ..tools.limits import BANK_BYTES, BANK_ROWS


class JxcBankImport(models.TransientModel):
    """Read a bank's export into statement lines: all of it, or nothing.

    What is there already, or booked on the bank account by a payment, is left out and
    said so.
    """

    _name = "jxc.bank.import"
    _description = "Import a Bank Statement"
    _inherit = "jxc.bank.format.mixin"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        required=True,
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash', 'credit'))]",
        default=lambda self: self._default_journal(),
    )
    upload = fields.Binary(string="File", attachment=False)
    upload_name = fields.Char(export_string_translation=False)
    state = fields.Selection(
        selection=[
            ("upload", "Upload"),
            ("refused", "Refused"),
            ("checked", "Checked"),
        ],
        default="upload",
        required=True,
        readonly=True,
    )
    row_ids = fields.One2many("jxc.bank.import.row", "wizard_id", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    skipped_count = fields.Integer(string="Left Out", readonly=True)
    problem_count = fields.Integer(string="Problems", readonly=True)

    MOST_ROWS_SHOWN = 1_000

    def _default_journal(self):
        journals = self.env["account.journal"]
        return journals.search(
            [*journals._check_company_domain(self.env.company), ("type", "=", "bank")],
            limit=1,
        )

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        """Take the columns that were used last."""
        known = self._get_known_format()
        for name in ("encoding", *COLUMNS):
            self[name] = known[name] or ("auto" if name == "encoding" else False)

    def action_check(self):
        """Say what every row of the file would become; nothing is written."""
        self._check_may_import()
        self._show_rows(*self._read())
        return self._reopen()

    def action_import(self):
        """Make statement lines of the file's new rows.

        :return: action that shows them with proposals; the wizard again if any row
            has a problem or a doubt not shown yet, in which case nothing is written,
            and if all of them are in the books, some as payments that are tied now
        :raise UserError: without a file, or when all of it was imported before
        """
        self._check_may_import()
        transactions, skipped, problems = self._read()
        if problems or self._must_ask(transactions, skipped):
            self._show_rows(transactions, skipped, problems)
            return self._reopen()
        self._check_not_imported(transactions, skipped)
        new = [one for one in transactions if one.number not in skipped]
        lines = self._create_lines(new)
        self._mark_booked(transactions, skipped)
        self._keep_format()
        if not new:
            # An error would take back what payments were just tied to.
            self._show_rows(transactions, skipped, problems)
            return self._reopen()
        lines.action_jxc_propose()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_finance_bridge.jxc_bank_line_action"
        )
        return {**action, "domain": [("id", "in", lines.ids)], "context": {}}

    def _check_not_imported(self, transactions, skipped):
        """
        :raise UserError: when nothing is new, nor a payment not known as such yet
        """
        states = [state for state, _text, _line in skipped.values()]
        if len(states) == len(transactions) and "booked" not in states:
            raise UserError(
                self.env._(
                    "All %(count)s transactions of %(file)s are in the books already.",
                    count=len(transactions),
                    file=self.upload_name,
                )
            )

    # Reading ----------------------------------------------------------------------

    def _check_may_import(self):
        """
        :raise AccessError: for others than accountants
        """
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_user"):
            raise AccessError(self.env._("Only accountants import bank statements."))
        self.journal_id.check_access("read")
        if self.journal_id.type not in ("bank", "cash", "credit"):
            raise UserError(
                self.env._(
                    "%(journal)s is not the journal of a bank account.",
                    journal=self.journal_id.display_name,
                )
            )

    def _read(self):
        """(transactions, {row number: (state, text, move line id)}, problems)."""
        name = self.upload_name or "upload"
        content = self._get_content()
        encodings = (
            ("utf-8-sig", "gb18030")
            if self.encoding == "auto"
            else (self.encoding.replace("utf-8", "utf-8-sig"),)
        )
        rows, problems = read_grid(name, content, encodings, BANK_ROWS)
        transactions = []
        if not problems:
            columns, header = find_columns(rows, self._get_columns())
            if header is None:
                text = self.env._(
                    "has no header with a date and amounts. Enter the names of the"
                    " columns as the file has them."
                )
                problems.append(Problem(name, None, None, text))
            else:
                self._fill_columns(columns, rows[header][1])
                transactions, found = read_transactions(
                    rows, columns, header, self._get_currency().decimal_places
                )
                problems += [
                    Problem(name, number, column, text)
                    for number, column, text in found
                ]
        return transactions, self._get_skipped(transactions), problems

    def _get_content(self):
        if not self.upload:
            raise UserError(self.env._("Choose the file from the bank."))
        if len(self.upload) > BANK_BYTES * 4 // 3 + 4:
            raise UserError(
                self.env._(
                    "%(file)s is too large: at most %(most)s MB are accepted.",
                    file=self.upload_name or "",
                    most=BANK_BYTES // 1_000_000,
                )
            )
        try:
            return base64.b64decode(self.upload, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("The upload is damaged, try again.")) from error

    def _get_columns(self):
        """{role: name in the header}: as entered, else as used last."""
        own = {role: self[name] for name, role in COLUMNS.items() if self[name]}
        return own or self._get_known_columns()

    def _get_known_columns(self):
        known = self._get_known_format()
        return {role: known[name] for name, role in COLUMNS.items() if known[name]}

    def _get_known_format(self):
        return self.env["jxc.bank.format"].search(
            [("journal_id", "=", self.journal_id.id)], limit=1
        )

    def _fill_columns(self, columns, names):
        for name, role in COLUMNS.items():
            if role in columns and not self[name]:
                self[name] = names[columns[role]]

    def _get_currency(self):
        return self.journal_id.currency_id or self.company_id.currency_id

    def _get_skipped(self, transactions):
        """What of the file is in the books: {row number: (state, text, line id)}."""
        return self._get_known(transactions)

    def _get_known(self, transactions):
        """What of the file was imported: {row number: (state, text, False)}."""
        keys = [one.key for one in transactions]
        lines = self.env["account.bank.statement.line"].sudo()
        known = {
            line.jxc_bank_key: line.move_id.name
            for line in lines.search(
                [("journal_id", "=", self.journal_id.id), ("jxc_bank_key", "in", keys)]
            )
        }
        items = self.env["account.move.line"].sudo()
        known |= {
            item.jxc_bank_key: item.move_id.name
            for item in items.search(
                self._get_payment_domain() & Domain("jxc_bank_key", "in", keys)
            )
        }
        skipped, seen = {}, {}
        for one in transactions:
            if one.key in known:
                skipped[one.number] = ("duplicate", known[one.key], False)
            elif one.key in seen:
                text = self.env._("row %(number)s", number=seen[one.key])
                skipped[one.number] = ("duplicate", text, False)
            else:
                seen[one.key] = one.number
        return skipped

    # Writing ----------------------------------------------------------------------

    def _create_lines(self, new):
        """Statement lines of transactions, with what tells them in other files."""
        lines = self.env["account.bank.statement.line"].create(
            [self._prepare_line(one) for one in new]
        )
        # sudo: keys are the importer's own
        for line, one in zip(lines.sudo(), new, strict=True):
            line.write({"jxc_bank_key": one.key, "jxc_bank_said": one.get_kept()})
        return lines

    def _prepare_line(self, one):
        """Values of the statement line of a transaction. Extend freely."""
        return {
            "journal_id": self.journal_id.id,
            "date": one.date,
            "amount": float(one.amount),
            "payment_ref": " ".join(filter(None, (one.memo, one.partner)))
            or one.reference
            or self.env._("Bank transaction"),
            "ref": one.reference or False,
            "partner_name": one.partner or False,
            "account_number": one.account or False,
        }

    def _keep_format(self):
        # sudo: whoever imports decides how the bank writes its columns
        known = self._get_known_format().sudo()
        values = {name: self[name] for name in ("encoding", *COLUMNS)}
        if known:
            known.write(values)
        else:
            known.create({"journal_id": self.journal_id.id, **values})

    # Answering --------------------------------------------------------------------

    def _show_rows(self, transactions, skipped, problems):
        rows = [
            {
                "number": problem.row or 0,
                "state": "problem",
                "message": " ".join(
                    filter(None, (problem.column, self._in_words(problem.message)))
                ),
            }
            for problem in problems
        ]
        # Doubtful ones first: not all rows are shown.
        for one in sorted(transactions, key=lambda one: not one.doubt):
            new = ("new", self._describe_doubt(one), False)
            state, text, _line = skipped.get(one.number, new)
            rows.append(
                {
                    "number": one.number,
                    "state": state,
                    "message": text,
                    "date": one.date,
                    "amount": float(one.amount),
                    "partner_name": one.partner,
                    "memo": one.memo,
                }
            )
        self.write(
            {
                "state": "refused" if problems else "checked",
                "problem_count": len(problems),
                "skipped_count": len(skipped),
                "new_count": len(transactions) - len(skipped),
                "row_ids": [
                    Command.clear(),
                    *map(Command.create, rows[: self.MOST_ROWS_SHOWN]),
                ],
            }
        )

    def _describe_doubt(self, one):
        if not one.doubt:
            return ""
        return self.env._(
            "may be %(entry)s of the same day and amount", entry=one.doubt
        )

    def _in_words(self, message):
        return message if isinstance(message, str) else self.env._(message)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a Bank Statement"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
