# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import calendar
import dataclasses
import datetime
import io
import zipfile

from lxml import etree

from odoo.tools.translate import LazyTranslate

from .. import limits
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
    money,
    number,
    whole,
)
from ..xml_reader import read_xml, text_of, too_large
from .base import Format, Settings, grouped
from .gbt24589_accounts import level_of, structure_of
from .gbt24589_flows import Flows, add_flow, flow_items
from .gbt24589_xml import NAMESPACE, Texts, add, document, new_root

_lt = LazyTranslate(__name__, default_lang="en_US")

LEDGER, PUBLIC = "总账", "公共档案"
NO_DATE = "00000000"
#: which auxiliary item (辅助项n) is what, with the file that lists its codes
ITEMS = {
    CUSTOMER: (1, "客户", "客户档案"),
    VENDOR: (2, "供应商", "供应商档案"),
    DEPARTMENT: (3, "部门", "部门档案"),
    PROJECT: (4, "项目", "自定义档案"),
}


class Gbt24589(Format):
    """GB/T 24589.1-2010, the interface of accounting software for auditors.

    One document a class, all in GB18030: 公共档案.xml and 总账.xml, in one zip.
    """

    code = "gbt24589"
    extension = "zip"
    mimetype = "application/zip"
    SUMMARY, ACCOUNT, CODE = 300, 60, 60

    def normal(self, voucher, settings=None):
        """One item of a kind; cash-flow items have records of their own."""
        voucher = super().normal(voucher, settings)
        return dataclasses.replace(
            voucher,
            cashier="",
            entries=tuple(
                dataclasses.replace(
                    entry,
                    account_name="",
                    aux=tuple(
                        Aux(kind, aux.code)
                        for kind in ITEMS
                        if (aux := entry.aux_of(kind)) is not None
                    ),
                )
                for entry in voucher.entries
            ),
        )

    def dump(self, vouchers, settings=None):
        """The lists hold the names that the normal vouchers no longer have."""
        settings = settings or Settings()
        self._check_balances(settings)
        ledger = super().dump(vouchers, settings)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            named = [Format.normal(self, voucher, settings) for voucher in vouchers]
            public = self._public(named, settings)
            archive.writestr(f"{PUBLIC}.xml", document(public))
            archive.writestr(f"{LEDGER}.xml", ledger)
        return stream.getvalue()

    def problems(self, voucher):
        """Auditors get numbered vouchers only."""
        found = super().problems(voucher)
        if not voucher.number:
            found.append(
                _lt("%(voucher)s has no voucher number.", voucher=voucher.label)
            )
        return found

    def _check_balances(self, settings):
        """Refuse balances that do not add up before an auditor finds them."""
        for row in settings.balances:
            if row["opening"] + row["debit"] - row["credit"] != row["closing"]:
                raise VoucherError(
                    [_lt("The balance of %(code)s does not add up.", code=row["code"])]
                )

    def _write(self, vouchers, settings):
        root = new_root(LEDGER)
        # one balance a month, each account once
        rows = (*settings.accounts, *settings.balances)
        accounts = {row["code"]: row for row in rows}
        add(
            root,
            "总账基础信息",
            结构分隔符="-",
            会计科目编号规则=structure_of(accounts),
            现金流量项目编码规则="",
            凭证头可扩展字段结构="外部参考号",
            凭证头可扩展结构对应档案="",
            分录行可扩展字段结构="",
            分录行可扩展字段对应档案="",
        )
        for _code, row in sorted(accounts.items()):
            add(
                root,
                "会计科目",
                科目编号=row["code"],
                科目名称=row["name"],
                科目级次=str(level_of(row["code"])),
                科目类型=row["type"],
                余额方向=row["direction"],
            )
        for account, kinds in _used(vouchers):
            for kind in kinds:
                position, name, file = ITEMS[kind]
                add(
                    root,
                    "科目辅助核算",
                    科目编号=account,
                    辅助项编号=str(position),
                    辅助项名称=name,
                    对应档案=file,
                    辅助项描述="",
                )
        for code, name in flow_items(vouchers, settings):
            add(
                root,
                "现金流量项目",
                现金流量项目编码=code,
                现金流量项目名称=name,
                现金流量项目描述="",
                是否末级="1",
                现金流量项目级次="1",
                现金流量项目父节点="",
                现金流量数据来源="",
                现金流量项目属性="",
            )
        for row in settings.balances:
            self._add_balance(root, row, settings)
        for voucher in vouchers:
            for line, entry in enumerate(voucher.entries, 1):
                self._add_entry(root, voucher, line, entry)
        for voucher in vouchers:
            for line, entry in enumerate(voucher.entries, 1):
                if entry.cash_flow:
                    add_flow(root, voucher, line, entry)
        return document(root)

    def _add_balance(self, root, row, settings):
        add(
            root,
            "科目余额及发生额",
            科目编号=row["code"],
            期初余额方向="借" if row["opening"] >= 0 else "贷",
            期末余额方向="借" if row["closing"] >= 0 else "贷",
            币种编码=settings.currency,
            计量单位="",
            会计年度=row["year"],
            会计期间号=row["period"],
            期初数量="0.00",
            期初原币余额=money(abs(row["opening"])),
            期初本币余额=money(abs(row["opening"])),
            借方数量="0.00",
            借方原币金额=money(row["debit"]),
            借方本币金额=money(row["debit"]),
            贷方数量="0.00",
            贷方原币金额=money(row["credit"]),
            贷方本币金额=money(row["credit"]),
            期末数量="0.00",
            期末原币余额=money(abs(row["closing"])),
            期末本币余额=money(abs(row["closing"])),
        )

    def _add_entry(self, root, voucher, line, entry):
        codes = {ITEMS[aux.kind][0]: aux.code for aux in entry.aux}
        is_debit = bool(entry.debit)
        original = entry.amount_currency if is_debit else -entry.amount_currency
        sides = [
            (entry.quantity, original, entry.debit or entry.credit),
            (ZERO, ZERO, ZERO),
        ]
        debit, credit = sides if is_debit else reversed(sides)
        values = {
            "记账凭证日期": f"{voucher.date:%Y%m%d}",
            "会计年度": str(voucher.date.year),
            "会计期间号": str(voucher.date.month),
            "记账凭证类型编号": voucher.word,
            "记账凭证编号": str(voucher.number),
            "记账凭证行号": str(line),
            "记账凭证摘要": entry.summary,
            "科目编号": entry.account,
            **{f"辅助项{n}编号": codes.get(n, "") for n, *_rest in ITEMS.values()},
            "币种编码": entry.currency,
            "计量单位": "",
            "借方数量": money(debit[0]),
            "借方原币金额": money(debit[1]),
            "借方本币金额": money(debit[2]),
            "贷方数量": money(credit[0]),
            "贷方原币金额": money(credit[1]),
            "贷方本币金额": money(credit[2]),
            "汇率类型编号": "1",
            "汇率": f"{entry.rate:f}",
            "单价": "0.00",
            "凭证头可扩展字段结构值": voucher.key,
            "分录行可扩展字段结构值": "",
            "结算方式编码": "",
            "票据类型": "",
            "票据号": "",
            "票据日期": NO_DATE,
            "附件数": str(voucher.attachments),
            "制单人": voucher.prepared_by,
            "审核人": voucher.checked_by,
            "记账人": "",
            "记账标志": "1",
            "作废标志": "0",
            "凭证来源系统": "jxc",
        }
        add(root, "记账凭证", **values)

    def _public(self, vouchers, settings):
        """The document of what the ledger refers to."""
        root = new_root(PUBLIC)
        days = {(voucher.date.year, voucher.date.month) for voucher in vouchers}
        periods = sorted(days | set(settings.periods))
        add(
            root,
            "电子账簿",
            电子账簿编号=settings.book or "1",
            电子账簿名称=settings.company,
            会计核算单位=settings.company,
            组织机构代码=settings.registry,
            单位性质="企业单位",
            行业="批发和零售业",
            开发单位="jxc",
            版本号="19.0",
            本位币=settings.currency,
            会计年度=str(periods[0][0]) if periods else "",
            标准版本号="GB/T 24589.1-2010",
        )
        for year, month in periods:
            add(
                root,
                "会计期间",
                会计年度=str(year),
                会计期间号=str(month),
                会计期间起始日期=f"{year}{month:02d}01",
                会计期间结束日期=f"{_last_day(year, month):%Y%m%d}",
            )
        for word in dict.fromkeys(
            voucher.word or settings.word for voucher in vouchers
        ):
            add(
                root,
                "记账凭证类型",
                记账凭证类型编号=word,
                记账凭证类型名称=word,
                记账凭证类型简称=word,
            )
        add(root, "汇率类型", 汇率类型编号="1", 汇率类型名称="记账汇率")
        entries = [entry for voucher in vouchers for entry in voucher.entries]
        for code in sorted({entry.currency for entry in entries} | {settings.currency}):
            add(root, "币种", 币种编码=code, 币种名称=code)
        for kind in (DEPARTMENT, VENDOR, CUSTOMER):
            _number, name, file = ITEMS[kind]
            found = {aux.code: aux.name for e in entries if (aux := e.aux_of(kind))}
            for code in sorted(found):
                values = {f"{name}编码": code, f"{name}名称": found[code]}
                last = "上级部门编码" if kind == DEPARTMENT else f"{name}简称"
                values[last] = "" if kind == DEPARTMENT else found[code]
                add(root, file, **values)
        return root

    def _read(self, content):
        if content[:2] == b"PK":
            content = _unzip(content)
        root = read_xml(content)
        if etree.QName(root).localname != LEDGER:
            raise VoucherError([_lt("The root element must be %(name)s.", name=LEDGER)])
        rows = (
            (
                tuple(
                    text_of(element, f"{{{NAMESPACE}}}{name}")
                    for name in ("会计年度", "会计期间号", "记账凭证类型编号")
                    + ("记账凭证编号", "凭证头可扩展字段结构值")
                ),
                element,
            )
            for element in root.iterchildren(f"{{{NAMESPACE}}}记账凭证")
        )
        flows = Flows(root)
        return [self._voucher(elements, flows) for _key, elements in grouped(rows)]

    def _voucher(self, elements, flows):
        head = Texts(elements[0])
        return Voucher(
            key=head["凭证头可扩展字段结构值"],
            date=day(head["记账凭证日期"], "记账凭证日期", "%Y%m%d"),
            word=head["记账凭证类型编号"],
            number=whole(head["记账凭证编号"], "记账凭证编号"),
            attachments=whole(head["附件数"], "附件数"),
            prepared_by=head["制单人"],
            checked_by=head["审核人"],
            entries=tuple(self._entry(Texts(element), flows) for element in elements),
        )

    def _entry(self, texts, flows):
        def amount(name):
            return number(texts[name], name)

        debit, credit = amount("借方本币金额"), amount("贷方本币金额")
        side = "借方" if debit else "贷方"
        return Entry(
            summary=texts["记账凭证摘要"],
            account=texts["科目编号"],
            debit=debit,
            credit=credit,
            currency=texts["币种编码"],
            amount_currency=amount(f"{side}原币金额") * (1 if debit else -1),
            rate=amount("汇率") or ONE,
            quantity=amount(f"{side}数量"),
            aux=tuple(
                Aux(kind, texts[f"辅助项{position}编号"])
                for kind, (position, *_rest) in ITEMS.items()
                if texts[f"辅助项{position}编号"]
            ),
            cash_flow=flows.of(texts, debit or credit),
        )


def _used(vouchers):
    """(account, kinds of auxiliary items its entries have), sorted."""
    kinds = {}
    for voucher in vouchers:
        for entry in voucher.entries:
            for aux in entry.aux:
                kinds.setdefault(entry.account, set()).add(aux.kind)
    order = list(ITEMS)
    return [(code, sorted(kinds[code], key=order.index)) for code in sorted(kinds)]


def _last_day(year, month):
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def _unzip(content):
    """The ledger's document out of the zip."""
    name = f"{LEDGER}.xml"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo(name).file_size > limits.UNPACKED_BYTES:
                raise VoucherError([too_large(limits.UNPACKED_BYTES)])
            with archive.open(name) as part:
                content = part.read(limits.FILE_BYTES + 1)
    except KeyError as error:
        raise VoucherError([_lt("There is no %(name)s.", name=name)]) from error
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise VoucherError([_lt("The zip file is damaged.")]) from error
    return content
