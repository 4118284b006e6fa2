# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import dataclasses

from odoo.tools.translate import LazyTranslate

from .. import limits
from ..voucher import (
    CUSTOMER,
    DEPARTMENT,
    FORMULA,
    ONE,
    PROJECT,
    VENDOR,
    ZERO,
    Aux,
    Entry,
    Voucher,
    VoucherError,
    day,
    money,
    number,
    whole,
)
from .base import Format, Settings, grouped

_lt = LazyTranslate(__name__, default_lang="en_US")

HEADER = "填制凭证,V800"
COLUMNS = 48
#: columns from the 22nd on which the program itself writes a zero into
ZEROS = (28, 30, 39, 40, 41, 42, 43, 45, 46, 47, 48)
#: columns of auxiliary items
AUX = {DEPARTMENT: 16, CUSTOMER: 18, VENDOR: 19, PROJECT: 21}


class U8Text(Format):
    """Text that the tools of UFIDA U8's general ledger import (总账工具—凭证引入).

    Lines of one date, word and business number are a voucher; 重新编号 at the import
    gives it a number there.
    """

    code = "u8_text"
    extension = "txt"
    mimetype = "text/plain"
    SUMMARY, ACCOUNT, CODE = 60, 15, 20

    def normal(self, voucher, settings=None):
        """The business number is all that tells a voucher; names are not held.

        Commas separate columns and become full-width ones.
        """
        settings = settings or Settings()
        voucher = super().normal(voucher, settings)
        return dataclasses.replace(
            voucher,
            key=str(voucher.number) if voucher.number else _plain(voucher.key),
            word=_plain(voucher.word),
            prepared_by=_plain(voucher.prepared_by),
            checked_by="",
            cashier="",
            attachments=min(voucher.attachments, 999),
            entries=tuple(self._normal(entry, settings) for entry in voucher.entries),
        )

    def _normal(self, entry, settings):
        own = entry.currency == settings.currency
        return dataclasses.replace(
            entry,
            summary=_plain(entry.summary),
            account=_plain(entry.account),
            account_name="",
            # the account says which currency it is in
            currency="CNY" if own else "",
            amount_currency=entry.balance if own else entry.amount_currency,
            rate=ONE if own else entry.rate,
            aux=tuple(
                Aux(kind, _plain(aux.code))
                for kind in AUX
                if (aux := entry.aux_of(kind)) is not None
            ),
            cash_flow="",
        )

    def problems(self, voucher):
        """Texts that a spreadsheet would run as formulas are refused."""
        found = super().problems(voucher)
        if not 0 < len(voucher.key) <= 30:
            found.append(
                _lt(
                    "%(voucher)s: a business number has 1 to 30 characters.",
                    voucher=voucher.label,
                )
            )
        texts = [voucher.key, voucher.word, voucher.prepared_by]
        for entry in voucher.entries:
            texts += [entry.summary, entry.account, *(aux.code for aux in entry.aux)]
        for text in dict.fromkeys(texts):
            if text.startswith(FORMULA):
                found.append(
                    _lt(
                        "%(voucher)s: “%(text)s” begins like a formula (= + - @), which"
                        " a spreadsheet would run. Change the text.",
                        voucher=voucher.label,
                        text=text,
                    )
                )
        return found

    def _write(self, vouchers, settings):
        lines = [HEADER]
        for voucher in vouchers:
            lines += [self._line(voucher, entry, settings) for entry in voucher.entries]
        text = "\r\n".join(lines) + "\r\n"
        try:
            return text.encode(settings.encoding)
        except (UnicodeEncodeError, LookupError) as error:
            raise VoucherError(
                [_lt("Not every character exists in %(name)s.", name=settings.encoding)]
            ) from error

    def _line(self, voucher, entry, settings):
        cells = [""] * (COLUMNS + 1)
        for column in ZEROS:
            cells[column] = "0"
        cells[1:9] = [
            voucher.date.isoformat(),
            voucher.word,
            voucher.key,
            str(voucher.attachments),
            entry.summary,
            entry.account,
            money(entry.debit),
            money(entry.credit),
        ]
        cells[9] = money(entry.quantity) if entry.quantity else ""
        if entry.currency != settings.currency:
            cells[10] = money(abs(entry.amount_currency))
            cells[11] = f"{entry.rate:f}"
        cells[12] = voucher.prepared_by
        cells[15] = voucher.date.isoformat()
        for aux in entry.aux:
            cells[AUX[aux.kind]] = aux.code
        return ",".join(cells[1:])

    def _read(self, content):
        lines = self._decode(content).splitlines()
        if not lines or lines[0].strip() != HEADER:
            raise VoucherError([_lt("The first line must be %(text)s.", text=HEADER)])
        if len(lines) > limits.ENTRIES:
            raise VoucherError([_lt("More than %(count)s rows.", count=limits.ENTRIES)])
        rows = []
        for place, line in enumerate(lines[1:], 2):
            cells = ["", *line.split(",")]
            if len(cells) - 1 not in (8, COLUMNS):
                raise VoucherError(
                    [
                        _lt(
                            "Line %(line)s has %(count)s columns, not %(columns)s.",
                            line=place,
                            count=len(cells) - 1,
                            columns=COLUMNS,
                        )
                    ]
                )
            cells += [""] * (COLUMNS + 1 - len(cells))
            rows.append((tuple(cells[1:4]), (place, cells)))
        return [self._voucher(part) for _key, part in grouped(rows)]

    def _decode(self, content):
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise VoucherError([_lt("The file is neither UTF-8 nor GB18030.")])

    def _voucher(self, rows):
        place, head = rows[0]
        return Voucher(
            key=head[3],
            date=day(head[1], place),
            word=head[2],
            number=int(head[3]) if head[3].isascii() and head[3].isdigit() else 0,
            attachments=whole(head[4], place),
            prepared_by=head[12],
            entries=tuple(self._entry(place, cells) for place, cells in rows),
        )

    def _entry(self, place, cells):
        debit, credit = number(cells[7], place), number(cells[8], place)
        foreign = number(cells[10], place)
        own = not cells[10]
        sign = 1 if debit - credit >= ZERO else -1
        return Entry(
            summary=cells[5],
            account=cells[6],
            debit=debit,
            credit=credit,
            currency="CNY" if own else "",
            amount_currency=debit - credit if own else foreign * sign,
            rate=number(cells[11], place) or ONE,
            quantity=number(cells[9], place),
            aux=tuple(
                Aux(kind, cells[column])
                for kind, column in AUX.items()
                if cells[column]
            ),
        )


def _plain(text):
    return text.replace(",", "，")
