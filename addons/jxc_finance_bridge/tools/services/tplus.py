# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from odoo.tools.translate import LazyTranslate

from odoo.addons.jxc_base.tools.outbound import NoAnswerError

from ..formats.base import Format
from ..voucher import CUSTOMER, DEPARTMENT, PROJECT, VENDOR, money, number
from .base import ANSWER, Found, RefusedError, Service

_lt = LazyTranslate(__name__, default_lang="en_US")

AUX = {
    DEPARTMENT: "AuxAccDepartment",
    CUSTOMER: "AuxAccCustomer",
    VENDOR: "AuxAccSupplier",
    PROJECT: "AuxAccProject",
}


class TPlus(Service):
    """UFIDA T+ (畅捷通), OpenAPI.

    The key is the ExternalCode, which T+ accepts once only. ``token`` of the options
    is no secret of its own: the secret of the target is ``appSecret,openToken``.
    """

    code = "tplus"
    format = Format()

    @classmethod
    def access_problems(cls, access):
        """Key, secret and token travel in headers of HTTP, which hold ASCII only."""
        problems = []
        if not _is_plain(access.login):
            problems.append(
                _lt(
                    "T+ has only letters, digits and signs of ASCII in the key of an"
                    " application. Type it again."
                )
            )
        if not _is_plain(access.secret):
            problems.append(
                _lt(
                    "T+ has only letters, digits and signs of ASCII in a secret and"
                    " its token. Type the password again."
                )
            )
        return problems

    def normal(self, voucher):
        return self.format.normal(voucher, self.access.settings)

    def find(self, voucher):
        answer = self._call("doc/Query", {"param": {"ExternalCode": voucher.key}})
        if isinstance(answer, dict) and isinstance(answer.get("data"), list):
            answer = answer["data"]
        if not isinstance(answer, list):
            text = json.dumps(answer, ensure_ascii=False)[:200]
            raise NoAnswerError(_lt("The query failed: %(text)s", text=text))
        rows = [
            row
            for row in answer
            if isinstance(row, dict) and row.get("ExternalCode") == voucher.key
        ]
        if not rows:
            return None
        amounts = [row.get("AmountDr") for row in rows]
        amount = None
        if all(value is not None for value in amounts):
            amount = sum(number(str(value), "AmountDr") for value in amounts)
        return Found(str(rows[0].get("Code", "")), "", len(rows), amount)

    def send(self, voucher):
        answer = self._call("doc/ReturnCodeCreate", {"dto": self._dto(voucher)})
        text = json.dumps(answer, ensure_ascii=False)[:ANSWER]
        if not isinstance(answer, dict) or answer.get("code") in (None, ""):
            # without a code it is not T+ that speaks
            raise NoAnswerError(
                _lt("The answer is not understood: %(text)s", text=text[:200])
            )
        if str(answer["code"]) not in ("0", "200"):
            raise RefusedError(str(answer.get("message") or text))
        data = answer.get("data")
        code = data.get("Code", "") if isinstance(data, dict) else data or ""
        return Found(str(code), text)

    def _dto(self, voucher):
        return {
            "ExternalCode": voucher.key,
            "VoucherDate": voucher.date.isoformat(),
            "DocType": {"Code": voucher.word},
            "AttachedVoucherNum": voucher.attachments,
            "Memo": "",
            "Entrys": [self._entry(entry) for entry in voucher.entries],
        }

    def _entry(self, entry):
        own = entry.currency == self.access.settings.currency
        values = {
            "Summary": entry.summary,
            "Account": {"Code": entry.account},
            "Currency": {
                "Code": self.access.settings.currency_code if own else entry.currency
            },
        }
        side = "AmountDr" if entry.debit else "AmountCr"
        values[side] = money(entry.debit or entry.credit)
        if not own:
            values["ExchangeRate"] = f"{entry.rate:f}"
            sign = 1 if entry.debit else -1
            values[f"Orig{side}"] = money(entry.amount_currency * sign)
        items = {AUX[aux.kind]: {"Code": aux.code} for aux in entry.aux}
        if items:
            values["AuxInfos"] = [items]
        return values

    def _call(self, path, values):
        secret, _comma, token = self.access.secret.partition(",")
        headers = {
            "appKey": self.access.login,
            "appSecret": secret,
            "openToken": token,
        }
        return self.post_json(f"tplus/api/v2/{path}", values, headers)


def _is_plain(text):
    """Whether a header of HTTP holds a text.

    >>> _is_plain("s3cret,token"), _is_plain("密码"), _is_plain("a\\n")
    (True, False, False)
    """
    return all(" " <= letter <= "~" for letter in text)
