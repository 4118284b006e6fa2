# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Sending one voucher, and what is known afterwards. No database in here."""

from dataclasses import dataclass, replace

from odoo.tools.translate import LazyTranslate

from odoo.addons.jxc_base.tools.outbound import NoAnswerError, NotSentError

from .services import SERVICES, Found, RefusedError

_lt = LazyTranslate(__name__, default_lang="en_US")


@dataclass(frozen=True)
class Result:
    """What became of a voucher.

    :param state: done, refused, ready (it certainly did not arrive), unknown, or
        cancelled (it is not there, and was not sent)
    :param answer: all that the system said last about it, empty when it said nothing
    """

    state: str
    found: Found = Found()
    error: object = ""
    answer: str = ""


class Sender:
    """Keeps the connection to a system while vouchers are sent to it.

    :param adapter: code of the service
    :param access: how to reach it
    """

    def __init__(self, adapter, access):
        self._kind = SERVICES[adapter]
        self._access = access
        self._service = None

    def deliver(self, voucher, look_first, may_send=True):
        """Send a voucher so that it arrives once; return a :class:`Result`.

        :param bool look_first: it may have arrived before
        :param bool may_send: otherwise it is only looked for
        """
        before = "unknown" if look_first else "ready"
        try:
            service = self._open()
        except NotSentError as error:
            return Result(before, error=message_of(error))
        result = self._deliver(service, voucher, before, may_send)
        return replace(result, answer=result.found.answer or service.answer)

    def _deliver(self, service, voucher, before, may_send):
        look_first = before == "unknown"
        try:
            if look_first:
                found = service.find(service.normal(voucher))
                if found:
                    return Result("done", found)
        except (NotSentError, NoAnswerError, RefusedError) as error:
            self.close()
            return Result("unknown", error=message_of(error))
        if not may_send:
            return Result("cancelled")
        try:
            return Result("done", service.send(service.normal(voucher)))
        except NotSentError as error:
            self.close()
            return Result(before, error=message_of(error))
        except NoAnswerError as error:
            self.close()
            return Result("unknown", error=message_of(error))
        except RefusedError as error:
            return Result("refused", error=message_of(error))

    def problems(self, voucher):
        """Why the system would refuse the voucher, before it is asked."""
        service = self._service or self._kind(self._access)
        return service.problems(service.normal(voucher))

    def find(self, voucher):
        """The voucher in the other system, or None; errors pass."""
        service = self._open()
        return service.find(service.normal(voucher))

    def close(self):
        """Let go of the connection; the next voucher opens another."""
        if self._service:
            self._service.__exit__(None, None, None)
            self._service = None

    def _open(self):
        if self._service is None:
            service = self._kind(self._access)
            service.__enter__()
            self._service = service
        return self._service


def message_of(error):
    """The text of an error, for a later translation."""
    return (
        getattr(error, "message", None)
        or getattr(error, "answer", "")
        or next(iter(getattr(error, "problems", ())), "")
        or str(error)
    )
