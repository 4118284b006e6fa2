# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Requests to SMS gateways and what their answers mean.

Providers in China differ in names, in how a request is signed and in how they say yes;
so all of it is text that an administrator copies from the provider's manual.
"""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import quote, quote_plus, urlencode

#: what texts of a request may contain in braces
NAMES = frozenset(
    "login secret signature content text numbers number template params params_list"
    " count id nonce seconds milliseconds datetime iso".split()
)
SIGN = "{sign}"
#: the signature over the whole request as RPC interfaces of clouds want it
CANONICAL = "hmac_sha1_canonical"
HOLDER = re.compile(r"\{(\w+)\}")
CHINA = timezone(timedelta(hours=8))
DIGESTS = {
    "md5": hashlib.md5,
    "sha256": hashlib.sha256,
    "hmac_md5": hashlib.md5,
    "hmac_sha1": hashlib.sha1,
    "hmac_sha256": hashlib.sha256,
}


@dataclass(frozen=True)
class Form:
    """How a provider wants to be asked."""

    url: str
    method: str = "form"
    parameters: str = ""
    headers: str = ""
    charset: str = "utf-8"
    sign: str = "none"
    sign_pairs: str = "query"
    sign_key: str = "after"
    sign_case: str = "lower"


@dataclass(frozen=True)
class Answer:
    """What an answer means: sent, failed or unknown; empty: not taken, try later."""

    state: str
    ref: str = ""
    error: str = ""


def lines(text, names=NAMES):
    """Return (name, value, is JSON) of lines like ``mobile = {numbers}``.

    ``name := value`` stands for a value in JSON; dots in names nest objects.

    :raise ValueError: the line that is none, or a name in braces nobody fills

    >>> lines("a = x{number}y\\n\\nb.c := {params}")
    [('a', 'x{number}y', False), ('b.c', '{params}', True)]
    >>> lines("a {number}")
    Traceback (most recent call last):
    ValueError: a {number}
    """
    found = []
    for line in (text or "").splitlines():
        if not line.strip():
            continue
        match = re.fullmatch(r"\s*([^\s=:]+)\s*(:?=)\s*(.*?)\s*", line)
        known = match and set(HOLDER.findall(match[3])) <= {*names, "sign"}
        if not known:
            raise ValueError(line.strip())
        found.append((match[1], match[3], match[2] == ":="))
    return found


def times(now=None):
    """Return the placeholders that say when and make each request different.

    :param now: aware datetime
    """
    now = now or datetime.now(timezone.utc)
    return {
        "seconds": str(int(now.timestamp())),
        "milliseconds": str(int(now.timestamp() * 1000)),
        "datetime": now.astimezone(CHINA).strftime("%Y%m%d%H%M%S"),
        "iso": now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def request(form, values, secret=""):
    """Return the arguments of an HTTP request as a dict.

    :param Form form: how the provider wants it
    :param dict values: placeholder: text
    :param str secret: key of the signature
    """
    parameters = [
        (name, _filled(text, values, is_json), is_json, SIGN in text)
        for name, text, is_json in lines(form.parameters)
    ]
    sign = ""
    if form.sign != "none":
        pairs = [(name, text) for name, text, _json, signed in parameters if not signed]
        sign = signature(form, pairs, secret)
    pairs = [
        (name, text.replace(SIGN, sign), is_json)
        for name, text, is_json, _signed in parameters
    ]
    headers = {
        name: _header(name, _filled(text, values).replace(SIGN, sign), form.charset)
        for name, text, _json in lines(form.headers)
    }
    result = {"url": HOLDER.sub(lambda m: quote(_value(m, values), ""), form.url)}
    plain = [(name, text) for name, text, _json in pairs]
    # What was signed with %20 is not sent with plus signs.
    via = quote if form.sign == CANONICAL else quote_plus
    encoded = _encoded(plain, form.charset, via)
    if form.method == "get":
        mark = "&" if "?" in form.url else "?"
        result.update(method="GET", headers=headers)
        result["url"] += mark + encoded
        return result
    if form.method == "json":
        kind = "application/json"
        body = json.dumps(nested(pairs), ensure_ascii=False)
    else:
        kind = "application/x-www-form-urlencoded"
        body = encoded
    headers = {"Content-Type": f"{kind}; charset={form.charset}", **headers}
    data = body.encode(form.charset, "replace")
    return {**result, "method": "POST", "headers": headers, "data": data}


def _encoded(pairs, charset, via=quote_plus):
    """Return form data; a letter that the charset lacks becomes a question mark.

    >>> _encoded([("a", "\u597d\U0001f600")], "gbk")
    'a=%BA%C3%3F'
    """
    return urlencode(pairs, safe="", encoding=charset, errors="replace", quote_via=via)


def _header(name, text, charset):
    """Return a header's value; Latin text as it is, other text as bytes.

    :raise ValueError: a line break, with which more headers could be smuggled in

    >>> _header("X", "a", "gbk"), _header("X", "\u597d", "gbk")
    ('a', b'\xba\xc3')
    >>> _header("X", "a\\nY: b", "gbk")
    Traceback (most recent call last):
    ValueError: HTTP header X: a line break
    """
    if "\n" in text or "\r" in text:
        raise ValueError(f"HTTP header {name}: a line break")
    return text if text.isascii() else text.encode(charset, "replace")


def _value(match, values):
    return values.get(match[1], match[0])


def _filled(text, values, is_json=False):
    """Fill in the placeholders; inside JSON text a value cannot end its string."""

    def value(match):
        raw = _value(match, values)
        if is_json and match[1] not in ("params", "params_list"):
            return json.dumps(raw, ensure_ascii=False)[1:-1]
        return raw

    return HOLDER.sub(value, text)


def signature(form, pairs, secret):
    """Return the signature over the parameters sorted by name.

    The canonical one is over method, path and parameters, all percent-encoded, under
    the key and an ampersand.

    >>> form = Form("", sign="md5", sign_pairs="plain", sign_key="after")
    >>> signature(form, [("b", "2"), ("a", "1")], "key") == hashlib.md5(
    ...     b"a1b2key").hexdigest()
    True
    >>> form = Form("", sign="hmac_sha256", sign_case="upper")
    >>> signature(form, [("b", "2"), ("a", "1")], "key") == hmac.new(
    ...     b"key", b"a=1&b=2", hashlib.sha256).hexdigest().upper()
    True
    """
    pairs = sorted(pairs)
    if form.sign == CANONICAL:
        text = canonical(form, pairs).encode()
        mac = hmac.new(f"{secret}&".encode(), text, hashlib.sha1)
        return base64.b64encode(mac.digest()).decode()
    text = {
        "query": "&".join(f"{name}={value}" for name, value in pairs),
        "plain": "".join(f"{name}{value}" for name, value in pairs),
        "values": "".join(value for _name, value in pairs),
    }[form.sign_pairs]
    digest = DIGESTS[form.sign]
    if form.sign.startswith("hmac"):
        mac = hmac.new(secret.encode(), text.encode(form.charset, "replace"), digest)
    else:
        text = {
            "after": text + secret,
            "before": secret + text,
            "both": secret + text + secret,
            "pair": f"{text}&key={secret}",
        }[form.sign_key]
        mac = digest(text.encode(form.charset, "replace"))
    if form.sign_case == "base64":
        return base64.b64encode(mac.digest()).decode()
    return mac.hexdigest().upper() if form.sign_case == "upper" else mac.hexdigest()


def canonical(form, pairs):
    """Return what a canonical signature is made over.

    >>> canonical(Form("", method="get"), [("A", "b c"), ("B", "*~")])
    'GET&%2F&A%3Db%2520c%26B%3D%252A~'
    """
    method = "GET" if form.method == "get" else "POST"
    query = _encoded(pairs, form.charset, quote)
    return "&".join((method, quote("/", ""), quote(query, "")))


def nested(pairs):
    """Return the JSON object of (name, text, is JSON).

    :raise ValueError: a value that is no JSON

    >>> nested([("a.b", "x", False), ("a.c", '["y"]', True)])
    {'a': {'b': 'x', 'c': ['y']}}
    """
    result = {}
    for name, text, is_json in pairs:
        *path, last = name.split(".")
        inner = result
        for step in path:
            inner = inner.setdefault(step, {})
        inner[last] = json.loads(text) if is_json else text
    return result


def find(data, path):
    """Return what is at a path like ``data.0.id``, None if there is no such place.

    >>> find({"data": [{"id": 7}]}, "data.0.id"), find({"data": []}, "data.0.id")
    (7, None)
    """
    for step in filter(None, (path or "").split(".")):
        if isinstance(data, dict) and step in data:
            data = data[step]
        elif isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def judge(status, text, pattern, path="", ref_path="", error_path=""):
    """Return what an answer means.

    It failed only when the provider says so. What cannot be read is unknown: the
    messages may be under way.

    >>> judge(200, '{"code": 0, "id": "7"}', "^0$", "code", "id")
    Answer(state='sent', ref='7', error='')
    >>> judge(200, '{"code": 9, "msg": "no money"}', "^0$", "code", "id", "msg")
    Answer(state='failed', ref='', error='no money')
    >>> [judge(*answer, "^0$", "code").state for answer in (
    ...     (200, "<html>"), (502, '{"code": 9}'), (200, "{}"), (403, "<html>"))]
    ['unknown', 'unknown', 'unknown', 'failed']
    >>> judge(200, "0,4711", r"^0,(?P<ref>\\d+)").ref
    '4711'
    """
    shown = f"HTTP {status}: {text.strip()[:300]}"
    if status == 429:  # too many at once, says the provider
        return Answer("", error=shown)
    if status >= 500:
        return Answer("unknown", error=shown)
    refused = status >= 400
    if not path:
        found = re.search(pattern, text)
        if found and not refused:
            return Answer("sent", found.groupdict().get("ref") or "")
        return Answer("failed" if text.strip() or refused else "unknown", error=shown)
    try:
        data = json.loads(text)
    except ValueError:
        return Answer("failed" if refused else "unknown", error=shown)
    value = find(data, path)
    if value is None:
        return Answer("failed" if refused else "unknown", error=shown)
    if re.search(pattern, _text(value)) and not refused:
        return Answer("sent", _text(find(data, ref_path)) if ref_path else "")
    error = _text(find(data, error_path)) if error_path else ""
    return Answer("failed", error=error or shown)


def _text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def hidden(text, *secrets):
    """Return a text without secrets, also where an address quotes them.

    >>> hidden("GET /?pw=a%2Fb a/b", "a/b", "")
    'GET /?pw=*** ***'
    """
    for secret in filter(None, secrets):
        for form in {secret, quote(secret, ""), quote_plus(secret), quote(secret)}:
            text = text.replace(form, "***")
    return text
