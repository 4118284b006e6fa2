# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import dataclasses
from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

from .. import limits
from ..voucher import VoucherError, clean
from ..xml_reader import too_large

_lt = LazyTranslate(__name__, default_lang="en_US")


@dataclass(frozen=True)
class Settings:
    """What a file says about the books beside the vouchers.

    :param book: code of the set of books (账套, 账簿) in the other system
    :param company: name of the company
    :param registry: its unified social credit code
    :param currency: ISO code of the books' currency
    :param currency_code: what the other system calls it
    :param word: 凭证字 of vouchers that have none
    :param encoding: of text files
    :param balances: rows of a trial balance: code, name, opening, debit, credit, and
        type and direction of the account
    :param accounts: rows of accounts above those of the balances: code, name, type and
        direction
    :param periods: (year, month) of each month that the file is about
    :param cash_flows: (code, name) of the cash-flow items of the other system
    """

    book: str = ""
    company: str = ""
    registry: str = ""
    currency: str = "CNY"
    currency_code: str = "RMB"
    word: str = "记"
    encoding: str = "gb18030"
    balances: tuple = ()
    accounts: tuple = ()
    periods: tuple = ()
    cash_flows: tuple = ()


class Format:
    """Base of the formats."""

    code = ""
    extension = ""
    mimetype = "application/octet-stream"
    #: longest summary, account code and other code
    SUMMARY, ACCOUNT, CODE = 255, 80, 80

    def dump(self, vouchers, settings=None):
        """Return the file with these vouchers.

        :param vouchers: list of Voucher
        :param Settings settings: about the books
        :raise VoucherError: with all problems of all vouchers
        """
        settings = settings or Settings()
        vouchers = [self.normal(voucher, settings) for voucher in vouchers]
        problems = [text for voucher in vouchers for text in self.problems(voucher)]
        if problems:
            raise VoucherError(problems)
        return self._write(vouchers, settings)

    def load(self, content):
        """Return the vouchers of a file.

        :param bytes content: the file
        :raise VoucherError: not a file of this format
        """
        if len(content) > limits.FILE_BYTES:
            raise VoucherError([too_large(limits.FILE_BYTES)])
        return self._read(content)

    def normal(self, voucher, settings=None):
        """Return the voucher as far as a file of this format can hold it."""
        settings = settings or Settings()
        return dataclasses.replace(
            voucher,
            key=clean(voucher.key),
            word=clean(voucher.word) or settings.word,
            prepared_by=clean(voucher.prepared_by),
            checked_by=clean(voucher.checked_by),
            cashier=clean(voucher.cashier),
            entries=tuple(
                dataclasses.replace(
                    entry,
                    summary=clean(entry.summary, self.SUMMARY),
                    account=clean(entry.account),
                    account_name=clean(entry.account_name),
                    cash_flow=clean(entry.cash_flow),
                    aux=tuple(
                        dataclasses.replace(
                            aux, code=clean(aux.code), name=clean(aux.name)
                        )
                        for aux in entry.aux
                    ),
                )
                for entry in voucher.entries
            ),
        )

    def problems(self, voucher):
        """Return why this voucher cannot be written: list of texts."""
        found = voucher.problems()
        for line, entry in enumerate(voucher.entries, 1):
            codes = [(entry.account, self.ACCOUNT)]
            codes += [(aux.code, self.CODE) for aux in entry.aux]
            for code, limit in codes:
                if len(code) > limit:
                    found.append(
                        _lt(
                            "%(voucher)s, line %(line)s: the code %(code)s is longer"
                            " than the %(limit)s characters this format has.",
                            voucher=voucher.label,
                            line=line,
                            code=code,
                            limit=limit,
                        )
                    )
        return found

    def _write(self, vouchers, settings):
        raise NotImplementedError

    def _read(self, content):
        raise NotImplementedError


def grouped(rows):
    """Yield (key, rows) of rows that follow each other with the same key.

    :param rows: iterable of (key, row)
    """
    last, found = None, []
    for key, row in rows:
        if found and key != last:
            yield last, found
            found = []
        last = key
        found.append(row)
    if found:
        yield last, found
