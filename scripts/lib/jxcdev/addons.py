# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The addons of this repository, as their manifests tell."""

import ast

from . import paths
from .steps import Failure, digest

# What neither needs a new database nor changes one
NOT_INSTALLED = {"tests", "readme", "__pycache__"}


def manifests():
    """Return {name: manifest} of the installable addons."""
    found = {}
    for file in sorted(paths.ADDONS.glob("*/__manifest__.py")):
        try:
            manifest = ast.literal_eval(file.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            where = file.relative_to(paths.ROOT)
            raise Failure(str(where), error, "Mend the manifest") from error
        if manifest.get("installable", True):
            found[file.parent.name] = manifest
    return found


def choose(names=None):
    """Return the addons to install: those named with what they need, or all."""
    known = manifests()
    chosen, queue = set(), list(names or known)
    while queue:
        name = queue.pop()
        if name not in chosen:
            chosen.add(name)
            queue += [need for need in known[name].get("depends", []) if need in known]
    return sorted(chosen)


def platform_depends(chosen):
    """Return the modules of Odoo and OCA that the chosen addons need."""
    known = manifests()
    needs = {need for name in chosen for need in known[name].get("depends", [])}
    return sorted(needs - set(known))


def content_key(chosen):
    """Return a key that changes with whatever the installed addons consist of."""
    parts = []
    for name in chosen:
        for file in sorted((paths.ADDONS / name).rglob("*")):
            inside = file.relative_to(paths.ADDONS / name)
            if file.is_file() and not NOT_INSTALLED.intersection(inside.parts):
                parts += [str(inside), file]
    return digest(*chosen, *parts)
