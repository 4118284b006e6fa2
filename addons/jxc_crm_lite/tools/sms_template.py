# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Texts with holes: what a provider approved, and what was made of it."""

import re

# {{ object.name }} of the platform's templates, or {order}
HOLE = re.compile(r"\{\{.*?\}\}|\{(\w+)\}", re.DOTALL)


def holes(content):
    """Return the names of the holes in order; the platform's ones are numbered.

    >>> holes("{{ object.name }}: {order}, {{ object.date }}")
    ['1', 'order', '2']
    """
    names, number = [], 0
    for match in HOLE.finditer(content or ""):
        if match[1] is None:
            number += 1
        names.append(match[1] or str(number))
    return list(dict.fromkeys(names))


def filled(content, values):
    """Return the text with the holes filled in.

    :raise KeyError: the name of a hole without a value

    >>> filled("{order} goes to {{ object.city }}", {"order": "S1", "1": "Ningbo"})
    'S1 goes to Ningbo'
    """
    numbers = iter(range(1, 1000))

    def value(match):
        return str(values[match[1] or str(next(numbers))])

    return HOLE.sub(value, content or "")


def values_of(content, text):
    """Return what fills the holes of a text made of this content, None if it is not.

    >>> values_of("{order} goes to {town}.", "S1 goes to Ningbo.")
    {'order': 'S1', 'town': 'Ningbo'}
    >>> values_of("{order} goes to {town}.", "Hello") is None
    True
    """
    pattern, end, number, seen = "", 0, 0, {}
    for match in HOLE.finditer(content or ""):
        if match[1] is None:
            number += 1
        name = match[1] or str(number)
        pattern += re.escape(content[end : match.start()])
        end = match.end()
        if name in seen:
            pattern += f"(?P={seen[name]})"
        else:
            seen[name] = f"h{len(seen)}"
            pattern += f"(?P<{seen[name]}>.*?)"
    pattern += re.escape((content or "")[end:])
    found = re.fullmatch(pattern, (text or "").strip(), re.DOTALL)
    return found and {name: found[group] for name, group in seen.items()}
