# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import dataclasses

from odoo.tools.translate import LazyTranslate

from ..voucher import (
    CUSTOMER,
    DEPARTMENT,
    ONE,
    PROJECT,
    VENDOR,
    Aux,
    Entry,
    Voucher,
    VoucherError,
    day,
    number,
    whole,
)
from .base import Format
from .workbook import read_workbook, write_workbook

_lt = LazyTranslate(__name__, default_lang="en_US")

SHEET = "凭证#单据头(FBillHead)"
#: dimensions of the standard product; further ones of an installation are added there
FLEX = {VENDOR: "FFLEX4", DEPARTMENT: "FFLEX5", CUSTOMER: "FFLEX6", PROJECT: "FFLEX9"}
KINDS = {name: kind for kind, name in FLEX.items()}
#: preset codes of 记 and of the renminbi, which happen to be the same
WORD_CODES = {"记": "PRE001"}
CURRENCY_CODES = {"CNY": "PRE001"}


def _column(name, caption, code=True):
    """A column and, for a code, the one with its name."""
    return [(name, caption)] + ([(f"{name}#Name", f"{caption}#名称")] if code else [])


COLUMNS = dict(
    [
        ("FBillHead(GL_VOUCHER)", "单据头(序号)"),
        *_column("FAccountBookID", "账簿"),
        ("FDate", "日期"),
        ("FBUSDATE", "业务日期"),
        ("FYEAR", "会计年度"),
        ("FPERIOD", "期间"),
        *_column("FVOUCHERGROUPID", "凭证字"),
        ("FVOUCHERGROUPNO", "凭证号"),
        ("FATTACHMENTS", "附件数"),
        ("FISADJUSTVOUCHER", "是否调整期凭证"),
        *_column("FACCBOOKORGID", "核算组织"),
        *_column("FSourceBillKey", "业务类型"),
        ("FIMPORTVERSION", "引入版本号"),
        ("*Split*1", "间隔列"),
        ("FEntity", "分录(序号)"),
        ("FEXPLANATION", "摘要"),
        *_column("FACCOUNTID", "科目编码"),
        *(
            pair
            for digits in range(4, 17)
            for pair in _column(f"FDetailID#FFLEX{digits}", f"核算维度{digits}")
        ),
        *_column("FCURRENCYID", "币别"),
        *_column("FEXCHANGERATETYPE", "汇率类型"),
        ("FEXCHANGERATE", "汇率"),
        *_column("FUnitId", "单位"),
        ("FPrice", "单价"),
        ("FQty", "数量"),
        ("FAMOUNTFOR", "原币金额"),
        ("FDEBIT", "借方金额"),
        ("FCREDIT", "贷方金额"),
        *_column("FSettleTypeID", "结算方式"),
        ("FSETTLENO", "结算号"),
        ("FBUSNO", "业务编号"),
        ("FEXPORTENTRYID", "分录内码"),
    ]
)


class KingdeeCloud(Format):
    """Workbook that Kingdee Cloud Galaxy (金蝶云星空) imports GL_VOUCHER from."""

    code = "kingdee_cloud"
    extension = "xlsx"
    mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def normal(self, voucher, settings=None):
        """People and cash-flow items are not part of the template."""
        voucher = super().normal(voucher, settings)
        return dataclasses.replace(
            voucher,
            word=WORD_CODES.get(voucher.word, voucher.word),
            prepared_by="",
            checked_by="",
            cashier="",
            entries=tuple(
                dataclasses.replace(
                    entry,
                    cash_flow="",
                    # one item of a kind, in the order of the columns
                    aux=tuple(
                        aux for kind in FLEX if (aux := entry.aux_of(kind)) is not None
                    ),
                )
                for entry in voucher.entries
            ),
        )

    def problems(self, voucher):
        """A number is a must in the template."""
        found = super().problems(voucher)
        if not voucher.number:
            found.append(
                _lt("%(voucher)s has no voucher number.", voucher=voucher.label)
            )
        return found

    def _write(self, vouchers, settings):
        return write_workbook([(SHEET, self._rows(vouchers, settings), 2)])

    def _rows(self, vouchers, settings):
        yield list(COLUMNS)
        yield list(COLUMNS.values())
        for serial, voucher in enumerate(vouchers, 1):
            for position, entry in enumerate(voucher.entries, 1):
                values = self._head(serial, voucher, settings) if position == 1 else {}
                sign = 1 if entry.debit else -1
                values.update(
                    {
                        "FEntity": position,
                        "FEXPLANATION": entry.summary,
                        "FACCOUNTID": entry.account,
                        "FACCOUNTID#Name": entry.account_name,
                        "FCURRENCYID": CURRENCY_CODES.get(
                            entry.currency, entry.currency
                        ),
                        "FEXCHANGERATETYPE": "HLTX01_SYS",
                        "FEXCHANGERATE": entry.rate,
                        "FQty": entry.quantity,
                        "FAMOUNTFOR": entry.amount_currency * sign,
                        "FDEBIT": entry.debit,
                        "FCREDIT": entry.credit,
                        "FBUSNO": voucher.key,
                    }
                )
                for aux in entry.aux:
                    name = f"FDetailID#{FLEX[aux.kind]}"
                    values[name], values[f"{name}#Name"] = aux.code, aux.name
                yield [values.get(name) for name in COLUMNS]

    def _head(self, serial, voucher, settings):
        return {
            "FBillHead(GL_VOUCHER)": serial,
            "FAccountBookID": settings.book,
            "FDate": voucher.date,
            "FBUSDATE": voucher.date,
            "FYEAR": voucher.date.year,
            "FPERIOD": voucher.date.month,
            "FVOUCHERGROUPID": voucher.word,
            "FVOUCHERGROUPNO": voucher.number,
            "FATTACHMENTS": voucher.attachments,
            "FISADJUSTVOUCHER": "false",
        }

    def _read(self, content):
        groups = []
        for line, row in read_workbook(content, SHEET, headers=2):
            if row["FBillHead(GL_VOUCHER)"]:
                groups.append([])
            elif not groups:
                raise VoucherError(
                    [_lt("Row %(row)s: an entry without a voucher.", row=line)]
                )
            groups[-1].append((line, row))
        return [self._voucher(rows) for rows in groups]

    def _voucher(self, rows):
        line, head = rows[0]
        return Voucher(
            key=head["FBUSNO"],
            date=day(head["FDate"], f"FDate {line}"),
            word=head["FVOUCHERGROUPID"],
            number=whole(head["FVOUCHERGROUPNO"], f"FVOUCHERGROUPNO {line}"),
            attachments=whole(head["FATTACHMENTS"], f"FATTACHMENTS {line}"),
            entries=tuple(self._entry(line, row) for line, row in rows),
        )

    def _entry(self, line, row):
        def amount(name):
            return number(row[name], f"{name} {line}")

        currencies = {code: iso for iso, code in CURRENCY_CODES.items()}
        debit = amount("FDEBIT")
        return Entry(
            summary=row["FEXPLANATION"],
            account=row["FACCOUNTID"],
            account_name=row["FACCOUNTID#Name"],
            debit=debit,
            credit=amount("FCREDIT"),
            currency=currencies.get(row["FCURRENCYID"], row["FCURRENCYID"]),
            amount_currency=amount("FAMOUNTFOR") * (1 if debit else -1),
            rate=amount("FEXCHANGERATE") or ONE,
            quantity=amount("FQty"),
            aux=tuple(
                Aux(kind, row[f"FDetailID#{flex}"], row[f"FDetailID#{flex}#Name"])
                for kind, flex in FLEX.items()
                if row[f"FDetailID#{flex}"]
            ),
        )
