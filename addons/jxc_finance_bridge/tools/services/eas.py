# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import logging

import zeep
from lxml import etree
from zeep.transports import Transport

from odoo.tools.translate import LazyTranslate

from odoo.addons.jxc_base.tools.markup import has_endless_tag
from odoo.addons.jxc_base.tools.outbound import (
    NoAnswerError,
    NotSentError,
    OutboundError,
)

from ..formats.base import Format
from ..voucher import CUSTOMER, DEPARTMENT, PROJECT, VENDOR
from .base import ANSWER, Found, RefusedError, Service

_lt = LazyTranslate(__name__, default_lang="en_US")

# zeep logs whole messages at this level, and the first one holds the password
logging.getLogger("zeep.transports").setLevel(logging.INFO)

#: documents that a WSDL may consist of
WSDL_PARTS = 20
LOGIN, LEDGER = "ormrpc/services/EASLogin", "ormrpc/services/WSGLWebServiceFacade"
SESSION = "{http://login.webservice.bos.kingdee.com}SessionId"
#: names of the auxiliary types (核算项目类型) in the standard product
TYPES = {CUSTOMER: "客户", VENDOR: "供应商", DEPARTMENT: "行政组织", PROJECT: "项目"}
SEPARATOR = "||"
#: what importVoucher calls it, by version, that cash-flow items come with the entries
FLOW_FLAGS = ("isCashflow", "isImpCashflow", "hasCashflow")
#: what a row of a cash-flow item repeats of its voucher
HEAD = (
    "companyNumber bookedDate bizDate periodYear periodNumber voucherType voucherNumber"
    " accountNumber currencyNumber localRate description"
).split()
#: what zeep wants to know of the encoding of Axis' arrays, without asking the internet
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
ENCODING_SCHEMA = f"""
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="{ENCODING}"
        targetNamespace="{ENCODING}">
    <xsd:attribute name="arrayType" type="xsd:string" />
    <xsd:complexType name="Array">
        <xsd:sequence>
            <xsd:any minOccurs="0" maxOccurs="unbounded" processContents="lax" />
        </xsd:sequence>
        <xsd:attribute ref="tns:arrayType" />
    </xsd:complexType>
    <xsd:complexType name="string">
        <xsd:simpleContent>
            <xsd:extension base="xsd:string" />
        </xsd:simpleContent>
    </xsd:complexType>
</xsd:schema>
"""


class KingdeeEas(Service):
    """Kingdee EAS, SOAP: log in, then importVoucher, one array element an entry.

    What else importVoucher wants differs by version: (isSubmit, isVerify, isCashflow)
    as numbers, (isVerify, isImpCashflow), or (isTempSave, isVerify, hasCashflow) as
    booleans. So it is given by name. Vouchers are saved there, and submitted with
    ``submit = 1`` in the options; ``verify = 0`` leaves out EAS' own checks.

    The key is kept as the reference (description) of the entries; findVoucher lists
    the vouchers of a period, in texts that hold it. Where in them an amount stands, or
    whether one does, differs by version: so none is told when vouchers are compared.

    Cash-flow items are sent with ``cash_flow = 1`` in the options, each as a row of its
    own (``itemFlag`` 1) that names the line of cash and the one on the other side.
    Published uses differ in the sign of its amount: here money that flows as the other
    side says is positive, and a red entry's negative.
    """

    code = "kingdee_eas"
    format = Format()

    def __init__(self, access):
        super().__init__(access)
        self._headers = []
        self._client = self._ledger = None
        #: {name: type} of importVoucher's parameters, and the type of one entry
        self._parameters, self._entry_type = {}, None

    def open(self):
        option = self.access.option
        values = [
            self.access.login,
            self.access.secret,
            option("solution", "eas"),
            self.access.tenant,
            option("language", "L2"),
            int(option("database_type", "1")),
            option("pattern", "BaseTrdPrtyAuthorization"),
        ]
        login, parameters = self._service(LOGIN, "login")
        answer = self._ask(login.login, *values[: len(parameters)])
        session = getattr(answer, "sessionId", None)
        if not session:
            raise RefusedError(_lt("The login was refused."))
        header = etree.Element(SESSION)
        header.text = session
        self._headers = [header]
        self.private = (session,)
        self._ledger, self._parameters = self._service(LEDGER, "importVoucher")
        if self._entry_type is None:
            raise RefusedError(_lt("The WSDL has no type WSWSVoucher."))

    def normal(self, voucher):
        return self.format.normal(voucher, self.access.settings)

    def find(self, voucher):
        if not hasattr(self._ledger, "findVoucher"):
            raise NoAnswerError(_lt("This WSDL has no findVoucher."))
        rows = self._ask(
            self._ledger.findVoucher,
            self.access.settings.book,
            voucher.date.year,
            voucher.date.month,
            _soapheaders=self._headers,
        )
        parts = [str(row).split(SEPARATOR) for row in _flat(rows)]
        parts = [part for part in parts if voucher.key in part]
        if not parts:
            return None
        number = _number_of(parts[0], voucher)
        return Found(number, SEPARATOR.join(parts[0])[:ANSWER], len(parts))

    def send(self, voucher):
        entries = [
            self._entry(voucher, position, entry)
            for position, entry in enumerate(voucher.entries, 1)
        ]
        if self._with_flows:
            entries += self._flows(voucher, entries)
        try:
            # written once before it is sent, to know misfits from lost answers
            values = [self._array(entries), *self._flags()]
            self._client.create_message(self._ledger, "importVoucher", *values)
        except Exception as error:
            raise RefusedError(
                _lt("The WSDL does not fit: %(error)s", error=str(error)[:200])
            ) from error
        rows = self._ask(
            self._ledger.importVoucher, *values, _soapheaders=self._headers
        )
        texts = [str(row) for row in _flat(rows)]
        if not texts:
            raise NoAnswerError(_lt("The answer says nothing about the voucher."))
        parts = texts[0].split(SEPARATOR)
        if parts[0].strip("0"):
            raise RefusedError(texts[0][:ANSWER])
        return Found(parts[5] if len(parts) > 5 else "", texts[0][:ANSWER])

    def _entry(self, voucher, position, entry):
        values = {
            "companyNumber": self.access.settings.book,
            "bookedDate": voucher.date.isoformat(),
            "bizDate": voucher.date.isoformat(),
            "periodYear": voucher.date.year,
            "periodNumber": voucher.date.month,
            "voucherType": voucher.word,
            "voucherNumber": str(voucher.number or ""),
            "entrySeq": position,
            "voucherAbstract": entry.summary,
            "accountNumber": entry.account,
            "currencyNumber": self._currency(entry.currency),
            "localRate": float(entry.rate),
            "entryDC": 1 if entry.debit else 0,
            "originalAmount": float(entry.amount_currency * (1 if entry.debit else -1)),
            "debitAmount": float(entry.debit),
            "creditAmount": float(entry.credit),
            "qty": float(entry.quantity),
            "attaches": voucher.attachments,
            "creator": voucher.prepared_by,
            "description": voucher.key,
            "itemFlag": 0,
        }
        for number, aux in enumerate(entry.aux, 1):
            values[f"asstActType{number}"] = TYPES[aux.kind]
            values[f"asstActNumber{number}"] = aux.code
            values[f"asstActName{number}"] = aux.name
        return self._known(values)

    def _known(self, values):
        """What the entries of this WSDL have of some values."""
        known = {name for name, _element in self._entry_type.elements}
        return {name: value for name, value in values.items() if name in known}

    @property
    def _with_flows(self):
        return self.access.option("cash_flow", "0") == "1"

    def _flows(self, voucher, rows):
        """Rows of cash-flow items, after those of the entries.

        :param rows: what is sent of the entries
        """
        flows = []
        for position, entry in enumerate(voucher.entries, 1):
            if not entry.cash_flow:
                continue
            cash = _other_side(voucher, entry)
            amount = float(entry.debit or entry.credit)
            sign = 1 if entry.debit else -1
            values = {
                "itemFlag": 1,
                "entrySeq": cash,
                "oppAccountSeq": position,
                "primaryItem": entry.cash_flow,
                "primaryCoef": 1.0,
                "cashflowAmountOriginal": float(entry.amount_currency * sign),
                "cashflowAmountLocal": amount,
                "cashflowAmountRpt": amount,
            }
            head = {name: rows[cash - 1][name] for name in HEAD if name in rows[0]}
            flows.append(self._known({**head, **values}))
        return flows

    def _flags(self):
        """What importVoucher wants after the entries, as the WSDL's types."""
        option = self.access.option
        flags = {
            "isSubmit": option("submit", "0") == "1",
            "isVerify": option("verify", "1") == "1",
            **dict.fromkeys(FLOW_FLAGS, self._with_flows),
        }
        # what is temporary and whatever else there may be: no
        return [
            flags.get(name, False) if _is_boolean(kind) else int(flags.get(name, False))
            for name, kind in list(self._parameters.items())[1:]
        ]

    def _array(self, entries):
        """The entries as the WSDL's array: one of SOAP's encoding, or a sequence."""
        kind = next(iter(self._parameters.values()))
        values = [self._entry_type(**entry) for entry in entries]
        if getattr(kind, "_array_type", None):
            item = zeep.xsd.Element("item", self._entry_type)
            return kind([zeep.xsd.AnyObject(item, value) for value in values])
        [(name, _element)] = kind.elements
        return kind(**{name: values})

    def _currency(self, code):
        settings = self.access.settings
        return settings.currency_code if code == settings.currency else code

    # SOAP ---------------------------------------------------------------------

    def _service(self, path, operation):
        """Return (proxy, {name: type} of the operation's parameters) of a service.

        Its address is the target's, whatever the WSDL says.

        :raise RefusedError: no WSDL, or none with the operation
        """
        url = self.url(path)
        settings = zeep.Settings(
            strict=False, forbid_dtd=True, forbid_entities=True, forbid_external=True
        )
        try:
            wsdl = zeep.Client(
                f"{url}?wsdl", transport=_Transport(self.client), settings=settings
            ).wsdl
            client = zeep.Client(
                wsdl, transport=_Transport(self.client), settings=settings
            )
            for name, binding in wsdl.bindings.items():
                if operation in binding.all():
                    found = binding.get(operation)
                    parts = found.input.body.type.elements
                    for kind in wsdl.types.types:
                        if kind.name == "WSWSVoucher":
                            self._entry_type = kind
                    self._client = client
                    proxy = client.create_service(name, url)
                    return proxy, {name: element.type for name, element in parts}
        except OutboundError:
            raise
        except Exception as error:  # zeep raises anything on bad WSDLs
            raise RefusedError(
                _lt(
                    "%(url)s is no WSDL that can be used: %(error)s",
                    url=url,
                    error=str(error)[:200],
                )
            ) from error
        raise RefusedError(
            _lt(
                "The WSDL of %(url)s has no operation %(name)s.",
                url=url,
                name=operation,
            )
        )

    def _ask(self, operation, *values, **keywords):
        try:
            return operation(*values, **keywords)
        except zeep.exceptions.Fault as error:
            raise RefusedError(str(error.message)[:ANSWER]) from error
        except OutboundError:
            raise
        except Exception as error:
            # zeep raises anything on answers that are no SOAP
            raise NoAnswerError(
                _lt("The answer is no SOAP: %(error)s", error=str(error)[:200])
            ) from error


class _Transport(Transport):
    """zeep's requests through the guarded client, and nothing from local files.

    zeep keeps ``forbid_external`` but does not look at it: what a WSDL imports comes
    through here, from the same host, and not without end.
    """

    def __init__(self, client):
        super().__init__(session=client.session)
        self._client = client
        self._parts = 0

    def load(self, url):
        if url.rstrip("/") == ENCODING.rstrip("/"):
            return ENCODING_SCHEMA.encode()
        self._parts += 1
        if self._parts > WSDL_PARTS:
            raise RefusedError(
                _lt("It imports more than %(count)s documents.", count=WSDL_PARTS)
            )
        response = self._client.request("GET", url)
        if response.status_code != 200:
            raise NotSentError(
                _lt(
                    "%(url)s answers with status %(status)s.",
                    url=url,
                    status=response.status_code,
                )
            )
        self._check(response)
        return response.content

    def _check(self, response):
        """
        :raise NoAnswerError: for what would keep the parser busy
        """
        if has_endless_tag(response.content):
            raise NoAnswerError(_lt("An element of this XML has too many attributes."))

    def get(self, address, params, headers):
        return self._client.request("GET", address, params=params, headers=headers)

    def post(self, address, message, headers):
        response = self._client.request("POST", address, data=message, headers=headers)
        self._check(response)
        return response


def _number_of(parts, voucher):
    """The number that EAS gave a voucher: it follows the word in the texts.

    What the texts hold besides differs by version; without a word nothing is guessed.
    """
    parts = [part.strip() for part in parts]
    if not voucher.word or voucher.word not in parts[:-1]:
        return ""
    following = parts[parts.index(voucher.word) + 1 :]
    return next((part for part in following if part and part != voucher.key), "")


def _other_side(voucher, entry):
    """Position of the entry of cash: the largest one on the other side without item."""
    others = [
        (abs(other.balance), -position)
        for position, other in enumerate(voucher.entries, 1)
        if not other.cash_flow and (other.balance > 0) != (entry.balance > 0)
    ]
    return -max(others)[1] if others else 1


def _is_boolean(kind):
    return isinstance(kind, zeep.xsd.Boolean)


def _flat(rows):
    """Rows of an answer: texts, whatever arrays they came in."""
    if rows is None:
        return []
    if isinstance(rows, (list, tuple)):
        return [text for row in rows for text in _flat(row)]
    values = getattr(rows, "__values__", None)
    if values:
        return _flat(list(values.values()))
    return [rows]
