# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

from odoo.addons.jxc_base.tools.outbound import Client, NoAnswerError, NotSentError

from ..formats import Settings

_lt = LazyTranslate(__name__, default_lang="en_US")

#: characters of an answer that are worth keeping
ANSWER = 4000
#: what stands for a secret in an answer
MASK = "***"
#: a gateway says so that gave up, and knows nothing of the system behind it
REQUEST_TIMEOUT = 408
#: letters of a secret that is looked for; shorter ones are in harmless words as well
SHORTEST_MASKED = 6


class RefusedError(Exception):
    """The other system understood the voucher and does not want it.

    :param answer: what it said
    """

    def __init__(self, answer):
        super().__init__(answer)
        self.answer = answer

    def __str__(self):
        return str(self.answer)


@dataclass(frozen=True)
class Found:
    """A voucher in the other system.

    :param number: what it is called there
    :param answer: what the system said
    :param count: how often it is there
    :param amount: its debit there as Decimal, None when the system does not tell
    """

    number: str = ""
    answer: str = ""
    count: int = 1
    amount: object = None


@dataclass(frozen=True)
class Access:
    """How to reach a system.

    :param endpoint: its address
    :param login: user, app key
    :param secret: password, app secret
    :param tenant: data centre, account set
    :param options: further settings of the service, a dict
    """

    endpoint: str
    login: str = ""
    secret: str = ""
    tenant: str = ""
    options: tuple = ()
    settings: Settings = Settings()
    timeout: float = 60
    max_bytes: int = 5_000_000

    def option(self, name, default=""):
        return dict(self.options).get(name) or default


class _Client(Client):
    """A session that remembers what was said last.

    :ivar answer: the whole text of the last answer, empty when there was none
    """

    answer = ""

    def request(self, method, url, **values):
        self.answer = ""
        response = super().request(method, url, **values)
        self.answer = response.content.decode("utf-8", errors="replace")
        return response


class Service:
    """Base of the services; use as context manager."""

    code = ""
    #: texts besides the secret that nobody may read in answers: ids of sessions
    private = ()

    def __init__(self, access):
        self.access = access
        self.client = None

    @property
    def answer(self):
        """What the system said last, without what is private; "" if it said nothing."""
        text = self.client.answer
        for part in (*self.private, *self.client.session.cookies.values()):
            if len(part) >= SHORTEST_MASKED:
                text = text.replace(part, MASK)
        return text

    @classmethod
    def access_problems(cls, access):
        """Why no request could ever be made with this access: list of texts.

        :param Access access: how to reach the system
        """
        return []

    def __enter__(self):
        access = self.access
        self.client = _Client(access.endpoint, access.timeout, access.max_bytes)
        try:
            self.open()
        except (NoAnswerError, RefusedError) as error:
            # nothing but the login was sent
            self.client.close()
            message = getattr(error, "message", None) or error.answer
            raise NotSentError(message) from error
        except BaseException:
            self.client.close()
            raise
        # what was said at the login is about no voucher, and may hold a session
        self.client.answer = ""
        return self

    def __exit__(self, *_exception):
        self.client.close()

    def open(self):
        """Log in.

        :raise NotSentError: no connection
        :raise RefusedError: wrong user or password
        """

    def normal(self, voucher):
        """The voucher as far as the service holds it."""
        raise NotImplementedError

    def problems(self, voucher):
        """Why the service would refuse the voucher: list of texts."""
        return [*self.access_problems(self.access), *voucher.problems()]

    def find(self, voucher):
        """Return a :class:`Found`, or None when the voucher is not there.

        :raise NotSentError, NoAnswerError: it is not known
        """
        raise NotImplementedError

    def send(self, voucher):
        """Send a voucher; return a :class:`Found`.

        :raise NotSentError: it did not arrive
        :raise NoAnswerError: it may have arrived
        :raise RefusedError: the system does not want it
        """
        raise NotImplementedError

    # Helpers ------------------------------------------------------------------

    def url(self, path):
        return self.access.endpoint.rstrip("/") + "/" + path.lstrip("/")

    def post_json(self, path, values, headers=None):
        """Post JSON and return the JSON of the answer.

        :raise NoAnswerError: an answer that is an error of the server, or no JSON
        """
        response = self.client.request(
            "POST",
            self.url(path),
            data=json.dumps(values, ensure_ascii=False).encode(),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                **(headers or {}),
            },
        )
        text = self.checked(response)
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise NoAnswerError(
                _lt("The answer is no JSON: %(text)s", text=text[:200])
            ) from error
        # for people: Chinese is escaped on the way
        self.client.answer = json.dumps(values, ensure_ascii=False)
        return values

    def checked(self, response):
        """Text of a response that is none of an error.

        :raise NoAnswerError: status 5xx, and what gateways say that have waited long
            enough: who knows what was done before
        :raise RefusedError: status 4xx
        """
        text = response.content.decode("utf-8", errors="replace")
        status = response.status_code
        if status == 429:
            raise NotSentError(_lt("Too many requests (status 429)."))
        if 400 <= status < 500 and status != REQUEST_TIMEOUT:
            raise RefusedError(f"{status}: {text[:ANSWER]}")
        if status != 200:
            raise NoAnswerError(
                _lt(
                    "The server answered with status %(status)s: %(text)s",
                    status=status,
                    text=text[:200],
                )
            )
        return text
