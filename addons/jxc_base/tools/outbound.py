# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""HTTP requests to addresses that users typed in.

Such an address must not lead into the company's own network, an answer must end, and
who asks must learn whether the other side may have acted on a request:

* names are resolved once, every address is checked, and the connection goes to a
  checked address, so that a name cannot change its mind in between;
* private addresses, plain HTTP and odd ports are for hosts that the server's option
  ``outbound_hosts`` names (``u8.local``, ``10.0.0.5:8080``): the person who runs the
  server knows the systems in the house, a user's form does not;
* addresses that only wrap one of the older kind (6to4, NAT64) count as that one;
* queries, which carry passwords of old interfaces, do not get into the log;
* certificates are verified, redirects and proxies of the environment are not followed;
* an answer may have so many bytes and take so many seconds, all together.
"""

import contextlib
import ipaddress
import logging
import socket
import ssl
import threading
import time
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from odoo.tools.translate import LazyTranslate

from .server_options import server_list

_lt = LazyTranslate(__name__, default_lang="en_US")

OPTION = "outbound_hosts"
PORTS = {"https": 443, "http": 80}
#: seconds of the first pause after a failure, and of the longest
FIRST_PAUSE, LONGEST_PAUSE = 30, 3600
#: where translators between the two kinds of networks put the older addresses
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
#: errors of a request that was never begun
NOT_BEGUN = (
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    UnicodeError,
)


class _WithoutQueries(logging.Filter):
    """Log lines of the library under this one, without what follows a "?"."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(
                f"{arg.split('?')[0]}?…"
                if isinstance(arg, str) and arg.startswith("/") and "?" in arg
                else arg
                for arg in record.args
            )
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_WithoutQueries())


class OutboundError(Exception):
    """A request that got no answer that can be used.

    :param message: what happened, for people
    """

    def __init__(self, message):
        super().__init__(message)
        self.message = message

    def __str__(self):
        return str(self.message)


class NotSentError(OutboundError):
    """Nothing reached the other side: it is safe to try again."""


class NoAnswerError(OutboundError):
    """The request went out and no whole answer came: it may have been acted on."""


class Client:
    """A session with one address.

    :param str url: where requests may go; others of the same host are fine
    :param float timeout: seconds for a whole request
    :param int max_bytes: size of an answer at most
    :raise NotSentError: the address is not allowed
    """

    def __init__(self, url, timeout=60, max_bytes=10_000_000):
        check_url(url)
        self.origin = _origin(url)
        self.timeout = timeout
        self.max_bytes = max_bytes
        self._sockets = []
        self.session = requests.Session()
        self.session.trust_env = False
        for scheme in PORTS:
            self.session.mount(f"{scheme}://", _Adapter(self._sockets))

    def request(self, method, url, **values):
        """Send a request and return the whole answer, whatever its status.

        :param values: as for ``requests.Session.request``
        :return: ``requests.Response`` with its content read
        :raise NotSentError: nothing reached the other side
        :raise NoAnswerError: no answer in time, too long a one, or a lost connection
        """
        if _origin(url) != self.origin:
            raise NotSentError(
                _lt("%(url)s is not on the server of this connection.", url=url)
            )
        # The timeout of a socket is for one read; an answer that comes in drops would
        # never end. So the connection is cut when the time is over.
        end = time.monotonic() + self.timeout
        alarm = threading.Timer(self.timeout, self._cut)
        alarm.daemon = True
        alarm.start()
        try:
            response = self.session.request(
                method,
                url,
                timeout=self.timeout,
                stream=True,
                allow_redirects=False,
                **values,
            )
            with response:
                response._content = self._read(response, end)
                response._content_consumed = True
        except (requests.RequestException, OSError, ValueError) as error:
            raise _classified(error) from error
        finally:
            alarm.cancel()
        return response

    def close(self):
        """Let go of the connections."""
        self.session.close()

    def _cut(self):
        for connection in self._sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _read(self, response, end):
        length = response.headers.get("Content-Length")
        parts, size = [], 0
        for part in response.iter_content(65536):
            size += len(part)
            if size > self.max_bytes:
                raise NoAnswerError(
                    _lt(
                        "The answer is longer than %(size)s bytes.", size=self.max_bytes
                    )
                )
            parts.append(part)
        if length and length.isdigit() and size < int(length):
            raise NoAnswerError(_lt("The answer was cut off."))
        if not length and time.monotonic() > end:
            raise NoAnswerError(_lt("The answer did not end in time."))
        return b"".join(parts)


def check_url(url):
    """Refuse what is no address of a web service.

    :raise NotSentError: no http(s) address, with credentials in it, or plain HTTP to a
        host that the server's administrator did not name
    """
    try:
        parts = urlsplit(url or "")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in PORTS or not parts.hostname:
        raise NotSentError(
            _lt("%(url)s is not an address like https://host/path.", url=url)
        )
    if parts.username or parts.password:
        raise NotSentError(_lt("Addresses must not contain user names or passwords."))
    port = port or PORTS[parts.scheme]
    if _is_named(parts.hostname, port):
        return
    if parts.scheme != "https":
        raise NotSentError(
            _lt(
                "%(host)s is asked without encryption. Use https, or let the server's"
                " administrator name the host in outbound_hosts.",
                host=parts.hostname,
            )
        )


def pause(failures):
    """Seconds to wait after so many failures in a row.

    >>> [pause(n) for n in (1, 2, 3, 20)]
    [30, 60, 120, 3600]
    """
    return min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE)


def _origin(url):
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)


def _is_named(host, port):
    names = {name.lower() for name in server_list(OPTION)}
    return bool({host.lower(), f"{host.lower()}:{port}"} & names)


def _addresses(host, port):
    """Addresses of a host that may be connected to.

    :raise NotSentError: no address, or one that is not of the internet
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSentError(_lt("The host %(host)s is not known.", host=host)) from error
    if not _is_named(host, port):
        for *_rest, address in found:
            if not _is_of_the_internet(address[0]):
                raise NotSentError(
                    _lt(
                        "%(host)s is an address inside a private network. The server's"
                        " administrator can allow it in outbound_hosts.",
                        host=host,
                    )
                )
    return found


def _is_of_the_internet(text):
    """Whether an address is one that everybody can reach.

    >>> [_is_of_the_internet(text) for text in ("8.8.8.8", "2002:808:808::1")]
    [True, True]
    >>> [_is_of_the_internet(text) for text in ("10.0.0.1", "100.100.100.200",
    ...     "::ffff:10.0.0.1", "2002:a9fe:a9fe::", "64:ff9b::a9fe:a9fe", "fe80::1%1")]
    [False, False, False, False, False, False]
    """
    ip = ipaddress.ip_address(text.split("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if any(ip in network for network in NAT64 if ip.version == 6):
        inner = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
    ip = inner or ip
    return ip.is_global and not ip.is_multicast


class _Checked:
    """Mixin of connections: connect to an address that was checked."""

    #: sockets of the client, for its alarm
    sockets = ()

    def connect(self):
        """
        :raise NotSentError: no secure connection; a request follows only after it
        """
        try:
            result = super().connect()
        except ssl.SSLCertVerificationError as error:
            raise NotSentError(
                _lt("The server's certificate is not valid: %(error)s", error=error)
            ) from error
        except OSError as error:
            raise NotSentError(_lt("No connection: %(error)s", error=error)) from error
        self.sockets.append(self.sock)
        return result

    def _new_conn(self):
        problem = None
        for family, kind, protocol, _name, address in _addresses(self.host, self.port):
            connection = socket.socket(family, kind, protocol)
            try:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if isinstance(self.timeout, (int, float)):
                    connection.settimeout(self.timeout)
                connection.connect(address)
            except OSError as error:
                connection.close()
                problem = error
                continue
            return connection
        raise NewConnectionError(self, str(problem)) from problem


class _Http(_Checked, HTTPConnection):
    pass


class _Https(_Checked, HTTPSConnection):
    pass


class _Adapter(HTTPAdapter):
    """Connections through checked addresses only.

    :param list sockets: gets the sockets that are opened
    """

    def __init__(self, sockets):
        self._sockets = sockets
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": self._pool(HTTPConnectionPool, _Http),
            "https": self._pool(HTTPSConnectionPool, _Https),
        }
        return result

    def _pool(self, pool, connection):
        own = type(connection.__name__, (connection,), {"sockets": self._sockets})
        return type(pool.__name__, (pool,), {"ConnectionCls": own})


def _classified(error):
    """The error as one of ours: did anything reach the other side?"""
    causes, seen = [error], set()
    while causes:
        cause = causes.pop()
        if not isinstance(cause, Exception) or id(cause) in seen:
            continue
        seen.add(id(cause))
        if isinstance(cause, OutboundError):
            return cause
        if isinstance(cause, (NewConnectionError, ConnectTimeoutError)):
            return NotSentError(_lt("No connection: %(error)s", error=cause))
        causes += [cause.__cause__, cause.__context__, getattr(cause, "reason", None)]
        causes += cause.args
    if isinstance(error, NOT_BEGUN):
        return NotSentError(_lt("The request is not valid: %(error)s", error=error))
    if isinstance(error, requests.Timeout):
        return NoAnswerError(_lt("No answer in time."))
    return NoAnswerError(_lt("The connection was lost: %(error)s", error=error))
