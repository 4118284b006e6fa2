# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The outline by which Odoo cuts one PDF into its records."""

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)


def add_outline(writer, starts, top):
    """Add a destination and an outline entry for the first page of each document.

    :param writer: PdfWriter with all pages
    :param starts: numbers of the first pages, from 0
    :param float top: height of a page in points
    """
    destinations = DictionaryObject()
    entries = []
    for number, start in enumerate(starts):
        key = NameObject(f"/__WKANCHOR_{number}")
        destinations[key] = ArrayObject(
            [
                NumberObject(start),
                NameObject("/XYZ"),
                FloatObject(0),
                FloatObject(top),
                FloatObject(0),
            ]
        )
        title = TextStringObject(str(number + 1))
        entries.append(writer._add_object(_dictionary(Title=title, Dest=key)))
    outlines = writer._add_object(
        _dictionary(
            Type=NameObject("/Outlines"),
            First=entries[0],
            Last=entries[-1],
            Count=NumberObject(len(entries)),
        )
    )
    for before, entry, after in zip(
        [None, *entries], entries, [*entries[1:], None], strict=False
    ):
        links = {"Parent": outlines, "Prev": before, "Next": after}
        entry.get_object().update(_dictionary(**{k: v for k, v in links.items() if v}))
    root = writer._root_object
    root[NameObject("/Outlines")] = outlines
    root[NameObject("/Dests")] = writer._add_object(destinations)


def _dictionary(**values):
    return DictionaryObject(
        {NameObject(f"/{key}"): value for key, value in values.items()}
    )
