# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import dataclasses

from odoo.tools.translate import LazyTranslate

from ..voucher import (
    CUSTOMER,
    DEPARTMENT,
    ONE,
    PROJECT,
    VENDOR,
    ZERO,
    Aux,
    Entry,
    Voucher,
    VoucherError,
    day,
    number,
    whole,
)
from .base import Format, grouped
from .workbook import read_workbook, write_workbook

_lt = LazyTranslate(__name__, default_lang="en_US")

SHEET = "Page1"
COLUMNS = (
    "FDate FYear FPeriod FGroupID FNumber FAccountNum FAccountName FCurrencyNum"
    " FCurrencyName FAmountFor FDebit FCredit FPreparerID FCheckerID FApproveID"
    " FCashierID FHandler FSettleTypeID FSettleNo FExplanation FQuantity"
    " FMeasureUnitID FUnitPrice FReference FTransDate FTransNo FAttachments FSerialNum"
    " FObjectName FParameter FExchangeRate FEntryID FItem FPosted FInternalInd"
    " FCashFlow"
).split()
SCHEMA = (
    "FType FKey FFieldName FCaption FValueType FNeedSave FColIndex FSrcTableName"
    " FSrcFieldName FExpFieldName FImpFieldName FDefaultVal FSearch FItemPageName"
    " FTrueType FPrecision FSearchName FIsShownList FViewMask FPage"
).split()
ITEMS = {CUSTOMER: "客户", VENDOR: "供应商", DEPARTMENT: "部门", PROJECT: "项目"}
KINDS = {name: kind for kind, name in ITEMS.items()}
NOBODY = "NONE"


class KingdeeK3(Format):
    """Workbook that Kingdee K/3 WISE and KIS (专业版, 旗舰版) import vouchers from.

    The sheet ``t_Schema`` comes without rows: its content belongs to an installation
    and is copied from a workbook that was exported there.
    """

    code = "kingdee_k3"
    extension = "xlsx"
    mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def normal(self, voucher, settings=None):
        """Checkers and cashiers are not imported; items must not hold separators."""
        voucher = super().normal(voucher, settings)
        return dataclasses.replace(
            voucher,
            checked_by="",
            cashier="",
            entries=tuple(
                dataclasses.replace(
                    entry,
                    aux=tuple(
                        dataclasses.replace(aux, name=_plain(aux.name))
                        for aux in entry.aux
                    ),
                )
                for entry in voucher.entries
            ),
        )

    def problems(self, voucher):
        """A number is a must, as it tells which lines are one voucher."""
        found = super().problems(voucher)
        if not voucher.number:
            found.append(
                _lt("%(voucher)s has no voucher number.", voucher=voucher.label)
            )
        for entry in voucher.entries:
            for aux in entry.aux:
                if aux.code != _plain(aux.code):
                    found.append(
                        _lt(
                            "%(voucher)s: the code %(code)s must hold neither a comma"
                            " nor three hyphens.",
                            voucher=voucher.label,
                            code=aux.code,
                        )
                    )
        return found

    def _write(self, vouchers, settings):
        return write_workbook(
            [
                (SHEET, self._rows(vouchers, settings), 1),
                ("t_Schema", [SCHEMA], 1),
            ]
        )

    def _rows(self, vouchers, settings):
        yield COLUMNS
        for serial, voucher in enumerate(vouchers, 1):
            for position, entry in enumerate(voucher.entries):
                own = entry.currency == settings.currency
                sign = 1 if entry.debit else -1
                values = {
                    "FDate": voucher.date,
                    "FYear": voucher.date.year,
                    "FPeriod": voucher.date.month,
                    "FGroupID": voucher.word,
                    "FNumber": voucher.number,
                    "FAccountNum": entry.account,
                    "FAccountName": entry.account_name,
                    "FCurrencyNum": settings.currency_code if own else entry.currency,
                    "FCurrencyName": "人民币" if entry.currency == "CNY" else "",
                    "FAmountFor": entry.amount_currency * sign,
                    "FDebit": entry.debit,
                    "FCredit": entry.credit,
                    "FPreparerID": voucher.prepared_by,
                    "FCheckerID": NOBODY,
                    "FApproveID": NOBODY,
                    "FCashierID": NOBODY,
                    "FSettleTypeID": "*",
                    "FExplanation": entry.summary,
                    "FQuantity": entry.quantity,
                    "FMeasureUnitID": "*",
                    "FUnitPrice": ZERO,
                    "FReference": voucher.key,
                    "FTransDate": voucher.date,
                    "FAttachments": voucher.attachments,
                    "FSerialNum": serial,
                    "FExchangeRate": entry.rate,
                    "FEntryID": position,
                    "FItem": ",".join(
                        "---".join((ITEMS[aux.kind], aux.code, aux.name))
                        for aux in entry.aux
                    ),
                    "FPosted": 0,
                    "FCashFlow": entry.cash_flow,
                }
                yield [values.get(name) for name in COLUMNS]

    def _read(self, content):
        rows = (
            (tuple(row.get(name) for name in ("FSerialNum", "FReference")), (line, row))
            for line, row in read_workbook(content, SHEET)
        )
        return [self._voucher(rows) for _key, rows in grouped(rows)]

    def _voucher(self, rows):
        line, head = rows[0]
        return Voucher(
            key=head["FReference"],
            date=day(head["FDate"], f"FDate {line}"),
            word=head["FGroupID"],
            number=whole(head["FNumber"], f"FNumber {line}"),
            attachments=whole(head["FAttachments"], f"FAttachments {line}"),
            prepared_by=head["FPreparerID"],
            entries=tuple(self._entry(line, row) for line, row in rows),
        )

    def _entry(self, line, row):
        def amount(name):
            return number(row[name], f"{name} {line}")

        debit, rate = amount("FDebit"), amount("FExchangeRate")
        currency = row["FCurrencyNum"]
        return Entry(
            summary=row["FExplanation"],
            account=row["FAccountNum"],
            account_name=row["FAccountName"],
            debit=debit,
            credit=amount("FCredit"),
            currency="CNY" if currency == "RMB" else currency,
            amount_currency=amount("FAmountFor") * (1 if debit else -1),
            rate=rate or ONE,
            quantity=amount("FQuantity"),
            aux=tuple(_aux(part, line) for part in row["FItem"].split(",") if part),
            cash_flow=row["FCashFlow"],
        )


def _plain(text):
    text = text.replace(",", "，")
    while "---" in text:
        text = text.replace("---", "--")
    return text.strip("-")


def _aux(text, line):
    parts = text.split("---")
    if len(parts) != 3 or parts[0] not in KINDS:
        raise VoucherError(
            [_lt("FItem %(line)s: %(text)s is no item.", line=line, text=text[:80])]
        )
    return Aux(KINDS[parts[0]], *parts[1:])
