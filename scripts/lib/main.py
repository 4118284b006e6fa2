# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Entry point of scripts/run, scripts/test and scripts/import."""

import sys

if __name__ == "__main__":
    from jxcdev.entry import main

    sys.exit(main(sys.argv[1:]))
