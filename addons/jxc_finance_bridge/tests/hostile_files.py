# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io
import zipfile

import openpyxl


def workbook_of_attributes():
    """A workbook that would keep a parser busy for minutes."""
    attributes = b" ".join(b'a%d=""' % number for number in range(100_000))
    source, buffer = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(source)
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(buffer, "w") as evil:
        for name in book.namelist():
            data = book.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"<Default ", b"<Default %s " % attributes, 1)
            evil.writestr(name, data)
    return buffer.getvalue()
