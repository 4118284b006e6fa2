#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Check with manifestoo that every addon may depend on what it depends on.

manifestoo knows the names and licences of Odoo's own addons, so Odoo itself need not be
installed; the OCA addons are read from the wheels beside this interpreter.

Usage: check_licenses.py
Exit status: 0 clean, 1 findings, 2 wrong usage.
"""

import sys
import sysconfig
from pathlib import Path

from manifestoo.addons_selection import AddonsSelection
from manifestoo.commands.check_licenses import check_licenses_command
from manifestoo_core.addon import Addon
from manifestoo_core.addons_set import AddonsSet
from manifestoo_core.core_addons import get_core_addon_license, is_core_addon
from manifestoo_core.manifest import Manifest
from manifestoo_core.odoo_series import OdooSeries

SERIES = OdooSeries.v19_0


def addons_set(ours, wheels):
    """Our addons, the OCA ones, and what they need of Odoo's own."""
    known = AddonsSet()
    known.add_from_addons_dirs([wheels, ours])
    needed = {name for addon in known.values() for name in addon.manifest.depends}
    for name in sorted(needed - set(known)):
        if is_core_addon(name, SERIES):
            licence = get_core_addon_license(name, SERIES)
            manifest = Manifest.from_dict({"name": name, "license": licence})
            known[name] = Addon(manifest, ours / name / "__manifest__.py")
    return known


def main(arguments):
    if arguments:
        print(__doc__, file=sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    ours = Path("addons")
    wheels = Path(sysconfig.get_path("purelib"), "odoo", "addons")
    known = addons_set(ours, wheels)
    selection = AddonsSelection()
    selection.add_addons_dirs([ours])
    errors = list(check_licenses_command(selection, known, True, SERIES))
    print("\n".join(errors), end="\n" if errors else "")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
