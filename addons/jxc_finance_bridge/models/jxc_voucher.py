# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import dataclasses
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import date_utils

from ..tools.arguments import is_whole
from ..tools.formats import FORMATS
from ..tools.voucher import VoucherError
from ..wizards.jxc_trial_balance import AMOUNTS
from .jxc_finance_mapper import Mapper

#: problems that a message names
SHOWN = 30
#: a year more or less must still be a date
FIRST_YEAR, LAST_YEAR = 1900, 9000


def _months(first, last):
    """[(first, last day)] of each month from one day to another.

    >>> import datetime
    >>> days = datetime.date(2023, 1, 15), datetime.date(2023, 3, 1)
    >>> [f"{start:%m%d}-{end:%m%d}" for start, end in _months(*days)]
    ['0115-0131', '0201-0228', '0301-0301']
    """
    days = []
    while first <= last:
        end = min(date_utils.end_of(first, "month"), last)
        days.append((first, end))
        first = end + timedelta(days=1)
    return days


class JxcVoucher(models.AbstractModel):
    """What other programs read of the books: over XML-RPC, JSON-2, or as files.

    Everything here reads only, in the company asked for, and takes the right to read
    the books. The role "Finance Integration" is made for such programs.
    """

    _name = "jxc.voucher"
    _description = "Voucher Interface"

    @api.model
    def export_vouchers(
        self,
        date_from,
        date_to,
        format,  # noqa: A002
        target=None,
        company_id=None,
        grouping=None,
    ):
        """Return the vouchers of a period as a file for another finance system.

        Posted entries with amounts are exported, by date; amounts are in company
        currency. Vouchers without number get the next ones of their word and month,
        for this file only.

        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day, date or "YYYY-MM-DD"
        :param str format: kingdee_k3, kingdee_cloud, u8_text, u8_xml or gbt24589
        :param str target: code of a finance system whose mappings are used
        :param int company_id: id of a company, the current one when left out
        :param str grouping: document, day or kind: entries summed up to one voucher
            (凭证合并); that of the finance system when left out
        :return: dict with name, mimetype, content (base64), count, and members: the
            names of the entries in each voucher by its key, when they are summed up
        :raise AccessError: without the right to read the books of the company
        :raise UserError: with everything that keeps vouchers from being exported
        """
        company = self._get_company(company_id)
        dates = self._get_dates(date_from, date_to)
        if not isinstance(format, str) or format not in FORMATS:
            raise UserError(
                self.env._(
                    "%(format)s is no format for vouchers. Choose one of %(formats)s.",
                    format=format,
                    formats=", ".join(FORMATS),
                )
            )
        moves = self._get_moves(company, dates)
        target = self._get_target(target, company)
        grouping = grouping or target.grouping or "document"
        content, count, members = self._export(
            moves, FORMATS[format], target, company, dates, grouping
        )
        return {
            "name": f"vouchers-{dates[0]}-{dates[1]}.{FORMATS[format].extension}",
            "mimetype": FORMATS[format].mimetype,
            "content": base64.b64encode(content).decode(),
            "count": count,
            "members": {} if grouping == "document" else members,
        }

    @api.model
    def check_vouchers(self, date_from, date_to, target, company_id=None):
        """Return what keeps the vouchers of a period from going to a finance system.

        :param str target: code of the finance system
        :return: list of texts, empty when every account, partner, department and
            cash-flow item has a code there
        :raise AccessError: without the right to read the books of the company
        """
        company = self._get_company(company_id)
        moves = self._get_moves(company, self._get_dates(date_from, date_to))
        if not target:
            raise UserError(self.env._("Say which finance system."))
        mapper = Mapper(self.env, company, self._get_target(target, company))
        for _voucher in mapper.vouchers(moves):
            continue
        return list(mapper.missing)

    def _export(self, moves, kind, target, company, dates, grouping):
        """(file, number of vouchers, {key: names of the entries in a voucher})."""
        mapper = Mapper(self.env, company, target)
        found = list(mapper.groups(moves, grouping))
        vouchers = self._numbered([voucher for voucher, _moves in found])
        if mapper.missing:
            self._refuse(list(mapper.missing))
        if not vouchers:
            raise UserError(
                self.env._(
                    "%(company)s has no vouchers from %(date_from)s to %(date_to)s.",
                    company=company.name,
                    date_from=dates[0],
                    date_to=dates[1],
                )
            )
        settings = target._get_settings(company)
        if kind.code == "gbt24589":
            rows = self._get_balance_rows(company, dates, mapper)
            if mapper.missing:
                # accounts that have a balance and no entries in the period
                self._refuse(list(mapper.missing))
            settings = dataclasses.replace(
                settings,
                balances=rows,
                accounts=self._get_parent_rows(company, rows, mapper),
                periods=tuple((end.year, end.month) for _day, end in _months(*dates)),
                cash_flows=target._get_cash_flow_names(),
            )
        try:
            content = kind.dump(vouchers, settings)
        except VoucherError as error:
            self._refuse([self.env._(text) for text in error.problems])
        members = {voucher.key: part.mapped("name") for voucher, part in found}
        return content, len(vouchers), members

    def _refuse(self, problems):
        more = len(problems) - SHOWN
        shown = [f"• {text}" for text in problems[:SHOWN]]
        if more > 0:
            shown.append(self.env._("… and %(count)s more.", count=more))
        raise UserError(
            self.env._(
                "These vouchers cannot be exported:\n%(problems)s",
                problems="\n".join(shown),
            )
        )

    def _numbered(self, vouchers):
        """The vouchers, those without number with one after the numbered ones."""
        last = defaultdict(int)
        for voucher in vouchers:
            series = voucher.word, voucher.date.year, voucher.date.month
            last[series] = max(last[series], voucher.number)
        result = []
        for voucher in vouchers:
            if not voucher.number:
                series = voucher.word, voucher.date.year, voucher.date.month
                last[series] += 1
                voucher = dataclasses.replace(voucher, number=last[series])
            result.append(voucher)
        return result

    def _get_balance_rows(self, company, dates, mapper):
        """Rows of the trial balance for auditors, one for an account and month.

        In codes of the other system: accounts that share one are added up.
        """
        rows = {}
        for days in _months(*dates):
            balances = self._in_words(company)["jxc.trial.balance"].get_balances(
                *days, company.id
            )
            for row in balances["rows"]:
                account = self.env["account.account"].browse(row["account_ids"][:1])
                if not account or not any(row[name] for name in AMOUNTS):
                    continue
                found = self._get_balance_row(company, account, row, days, mapper)
                whole = rows.setdefault((found["code"], days), found)
                if whole is not found:
                    for name in ("opening", "debit", "credit", "closing"):
                        whole[name] += found[name]
        return tuple(rows.values())

    def _get_balance_row(self, company, account, row, days, mapper):
        account = account.with_company(company)
        account = account.with_context(lang=company._jxc_lang())
        code, name = mapper._account(account, mapper._codes["account"].get(account.id))

        def amount(key):
            return Decimal(str(row[f"{key}_debit"])) - Decimal(
                str(row[f"{key}_credit"])
            )

        return {
            "code": code,
            "name": name,
            "type": self._get_account_class(company, account),
            "direction": self._get_account_direction(account),
            "year": str(days[1].year),
            "period": str(days[1].month),
            "opening": amount("opening"),
            "debit": Decimal(str(row["period_debit"])),
            "credit": Decimal(str(row["period_credit"])),
            "closing": amount("closing"),
        }

    # Who asks for what --------------------------------------------------------

    def _get_company(self, company_id):
        user = self.env.user
        if not self.env.su and not (
            user.has_group("account.group_account_readonly")
            or user.has_group("jxc_base.group_executive")
        ):
            raise AccessError(self.env._("You need the right to read the books."))
        if company_id and not is_whole(company_id):
            raise UserError(self.env._("There is no such company."))
        company = self.env["res.company"].browse(company_id or ()) or self.env.company
        if not self.env.su and company not in user.company_ids:
            raise AccessError(
                self.env._("You do not work in the company whose books you ask for.")
            )
        return company

    def _get_dates(self, date_from, date_to):
        dates = []
        for date in (date_from, date_to):
            try:
                date = fields.Date.to_date(date)
            except (ValueError, TypeError) as error:
                raise UserError(
                    self.env._("Dates are written like 2024-01-31.")
                ) from error
            if date and not FIRST_YEAR <= date.year <= LAST_YEAR:
                raise UserError(
                    self.env._(
                        "Books are kept from %(first)s to %(last)s.",
                        first=FIRST_YEAR,
                        last=LAST_YEAR,
                    )
                )
            dates.append(date)
        if not all(dates) or dates[0] > dates[1]:
            raise UserError(self.env._("Give a first and a last day, in that order."))
        return tuple(dates)

    def _in_words(self, company):
        """The environment for names: other programs mostly ask in no language."""
        lang = self.env.context.get("lang") or company._jxc_lang()
        return self.with_context(lang=lang).env

    def _get_limit(self, limit, most):
        if not is_whole(limit, most):
            raise UserError(
                self.env._("One answer has 1 to %(most)s entries.", most=most)
            )
        return limit

    def _get_moves(self, company, dates):
        return (
            self.env["account.move"]
            .with_context(allowed_company_ids=company.ids)
            .search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "posted"),
                    ("date", ">=", dates[0]),
                    ("date", "<=", dates[1]),
                ],
                order="date, id",
            )
        )

    def _get_target(self, code, company):
        target = self.env["jxc.finance.target"]
        if not code:
            return target
        target = target.with_context(allowed_company_ids=company.ids).search(
            [("code", "=", str(code)), ("company_id", "=", company.id)]
        )
        if not target:
            raise UserError(
                self.env._(
                    "%(company)s has no finance system %(code)s.",
                    company=company.name,
                    code=code,
                )
            )
        return target
