# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Errors of the credit control that tell server code who was refused, and how.

They stay plain ``UserError`` for clients: a class of its own would be shown as a fault
of the server.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from odoo.exceptions import UserError


@dataclass(frozen=True)
class Refusal:
    """What a refused operation would need to know to go on without the refused ones."""

    #: (commercial partner id, company id) of the customers who get no (more) credit
    customers: frozenset
    #: whether all of them hold orders instead of blocking them
    holds: bool
    #: goods that would go out, in company currency; 0 where orders are judged
    asked: float = 0.0
    #: language code -> the text for staff, with the figures of when it was refused;
    #: the error's own text is for who asked: in his language, or for a customer
    text: Callable[[str], str] | None = field(default=None, compare=False)


def refused(text, refusal):
    """Return the error to raise."""
    error = UserError(text)
    error.jxc_refusal = refusal
    return error


def text_for(error, lang):
    """Return the text for staff behind an error, in a language where it has one."""
    refusal = refusal_of(error)
    return refusal.text(lang) if refusal and refusal.text else error.args[0]


def refusal_of(error):
    """Return the :class:`Refusal` behind an error, or None."""
    found = getattr(error, "jxc_refusal", None)
    return found if isinstance(found, Refusal) else None
