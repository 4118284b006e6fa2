# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import dataclasses
import json
from decimal import Decimal, InvalidOperation

from odoo.tools.translate import LazyTranslate

from odoo.addons.jxc_base.tools.outbound import NoAnswerError

from ..formats.kingdee_cloud import CURRENCY_CODES, FLEX, KingdeeCloud
from ..voucher import ZERO
from .base import ANSWER, Found, RefusedError, Service

_lt = LazyTranslate(__name__, default_lang="en_US")

STUB = "Kingdee.BOS.WebApi.ServicesStub."
FORM = "GL_VOUCHER"
LANGUAGE = 2052


class KingdeeCloudApi(Service):
    """Kingdee Cloud Galaxy (金蝶云星空), web API.

    The key is kept in a text field of the voucher's head, which is added there once;
    ``key_field`` of the options names it.
    """

    code = "kingdee_cloud_api"
    format = KingdeeCloud()

    def open(self):
        answer = self._call(
            "AuthService.ValidateUser",
            [self.access.tenant, self.access.login, self.access.secret, LANGUAGE],
        )
        if not isinstance(answer, dict) or answer.get("LoginResultType") != 1:
            message = answer.get("Message") if isinstance(answer, dict) else ""
            raise RefusedError(message or _lt("The login was refused."))

    def normal(self, voucher):
        # no number: Kingdee gives the next one
        return dataclasses.replace(
            self.format.normal(voucher, self.access.settings), number=voucher.number
        )

    @property
    def key_field(self):
        return self.access.option("key_field", "F_JXC_Key")

    def find(self, voucher):
        query = {
            "FormId": FORM,
            "FieldKeys": "FVOUCHERID,FVOUCHERGROUPNO,FDEBIT",
            "FilterString": f"{self.key_field}='{voucher.key}'",
            "OrderString": "",
            "TopRowCount": 0,
            "StartRow": 0,
            "Limit": 2000,
        }
        rows = self._call("DynamicFormService.ExecuteBillQuery", [json.dumps(query)])
        if not isinstance(rows, list) or any(len(row) != 3 for row in rows):
            raise NoAnswerError(
                _lt("The query failed: %(text)s", text=json.dumps(rows)[:200])
            )
        if not rows:
            return None
        try:
            amount = sum((Decimal(str(row[2])) for row in rows), ZERO)
        except InvalidOperation as error:
            raise NoAnswerError(_lt("The query failed: %(text)s", text="")) from error
        return Found(str(rows[0][1]), "", len({row[0] for row in rows}), amount)

    def send(self, voucher):
        values = {
            "Creator": "",
            "NeedUpDateFields": [],
            "NeedReturnFields": ["FVOUCHERGROUPNO"],
            "IsDeleteEntry": "true",
            "IsVerifyBaseDataField": "true",
            "Model": self._model(voucher),
        }
        answer = self._call("DynamicFormService.Save", [FORM, json.dumps(values)])
        try:
            result = answer["Result"]
            status = result["ResponseStatus"]
            done = status["IsSuccess"]
        except (KeyError, TypeError) as error:
            text = json.dumps(answer, ensure_ascii=False)[:200]
            raise NoAnswerError(
                _lt("The answer is not understood: %(text)s", text=text)
            ) from error
        text = json.dumps(answer, ensure_ascii=False)[:ANSWER]
        if not done:
            errors = status.get("Errors") or []
            raise RefusedError(
                "\n".join(str(part.get("Message", part)) for part in errors) or text
            )
        return Found(str(result.get("Number") or result.get("Id") or ""), text)

    def _model(self, voucher):
        return {
            "FVOUCHERID": 0,
            self.key_field: voucher.key,
            "FAccountBookID": {"FNumber": self.access.settings.book},
            "FDate": voucher.date.isoformat(),
            "FBUSDATE": voucher.date.isoformat(),
            "FYEAR": voucher.date.year,
            "FPERIOD": voucher.date.month,
            "FVOUCHERGROUPID": {"FNumber": voucher.word},
            "FVOUCHERGROUPNO": str(voucher.number or ""),
            "FATTACHMENTS": voucher.attachments,
            "FISADJUSTVOUCHER": "false",
            "FDocumentStatus": "A",
            "FEntity": [self._entry(entry) for entry in voucher.entries],
        }

    def _entry(self, entry):
        currency = CURRENCY_CODES.get(entry.currency, entry.currency)
        sign = 1 if entry.debit else -1
        return {
            "FEntryID": 0,
            "FEXPLANATION": entry.summary,
            "FACCOUNTID": {"FNumber": entry.account},
            "FDetailID": {
                f"FDETAILID__{FLEX[aux.kind]}": {"FNumber": aux.code}
                for aux in entry.aux
            },
            "FCURRENCYID": {"FNumber": currency},
            "FEXCHANGERATETYPE": {"FNumber": "HLTX01_SYS"},
            "FEXCHANGERATE": float(entry.rate),
            "FQty": float(entry.quantity),
            "FAMOUNTFOR": float(entry.amount_currency * sign),
            "FDEBIT": float(entry.debit),
            "FCREDIT": float(entry.credit),
        }

    def _call(self, method, parameters):
        return self.post_json(
            f"{STUB}{method}.common.kdsvc",
            {
                "format": 1,
                "useragent": "ApiClient",
                "parameters": parameters,
                "v": "1.0",
            },
        )
