# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Command line of the PDF printer."""

import sys
import traceback

from .options import parse
from .printing import print_documents

# Odoo takes exit status 1 for "done, with warnings"
FAILED = 2


def main(argv):
    """Print; return the exit status."""
    if "--version" in argv or "-V" in argv:
        print("wkhtmltopdf 0.12.6 (with patched qt)")
        return 0
    print_documents(parse(argv))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Exception:
        traceback.print_exc()
        sys.exit(FAILED)
