# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Certificates of authorities, on a machine that has not got the package.

Debian's and Ubuntu's pip read them from /etc/ssl only; a recent one does not even start
when the file is missing. The package ca-certificates comes along with the private
Python or with pip's wheel, but nobody has run its installation.
"""

import os
import zipfile
from pathlib import Path

from . import paths

SYSTEM = Path("/etc/ssl/certs/ca-certificates.crt")
BUNDLE = paths.LOCAL / "ca-certificates.crt"
WHERE = "pip/_vendor/certifi/core.py"


def provide(home):
    """Write one file of the certificates unpacked below `home`, if they are needed.

    Programs that ask OpenSSL find them from now on.

    :return: path of the file, None when the machine has its own or none were unpacked
    """
    if SYSTEM.exists():
        return None
    single = sorted(home.glob("usr/share/ca-certificates/mozilla/*.crt"))
    if not single:
        return None
    texts = (file.read_text().strip() for file in single)
    BUNDLE.write_text("\n".join(texts) + "\n")
    os.environ.setdefault("SSL_CERT_FILE", str(BUNDLE))
    return BUNDLE


def repoint(wheel, bundle, folder):
    """Return a copy of pip's wheel that reads another file of certificates.

    :param wheel: wheel of Debian or Ubuntu
    :param bundle: path of the file to read
    :param folder: where to put the copy
    """
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(copy, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == WHERE:
                data = data.replace(str(SYSTEM).encode(), str(bundle).encode())
            new.writestr(entry, data)
    return copy
