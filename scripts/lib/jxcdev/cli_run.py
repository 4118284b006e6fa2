# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""scripts/run: set up everything and run jxc."""

import argparse
import os
import secrets

from . import addons, environment, options, postgres, running
from .steps import Failure

EPILOG = """
The administrator's login is admin. The password is JXC_ADMIN_PASSWORD when that is set,
else a random one that is shown once, when the database is made.

Everything is kept below .venv/ and .local/ in this folder. Variables that are read:
  JXC_ODOO            an Odoo 19: source tree, .deb or archive
  JXC_ODOO_URL        address of a source archive, used when nothing else is found
  JXC_DEBIAN_MIRROR   Debian mirror with the package odoo-19
  JXC_PYTHON          the Python to use (3.10 to 3.13)
  JXC_CHROMIUM        the browser that prints PDF reports
  PGHOST PGPORT PGUSER PGPASSWORD   a PostgreSQL server to use instead of an own one
"""


def build_parser():
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/run",
        description="Set up everything below this folder and run a Chinese company.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--db",
        metavar="NAME",
        type=options.database_name,
        default="jxc",
        help="database (jxc)",
    )
    add("--port", metavar="N", type=options.port, default=8069, help="HTTP port (8069)")
    add(
        "--interface",
        metavar="ADDRESS",
        default="127.0.0.1",
        help="listen here (127.0.0.1)",
    )
    add(
        "--workers",
        metavar="N",
        type=options.workers,
        default=0,
        help="processes (0: threads)",
    )
    add(
        "--no-demo",
        action="store_true",
        help="an empty company, without the Northwind data",
    )
    add("--addons", metavar="A,B", type=options.names, help="only these addons (all)")
    add(
        "--lang",
        metavar="CODE",
        type=options.language,
        default="zh_CN",
        help="language (zh_CN)",
    )
    add(
        "--chart",
        choices=("small", "asbe"),
        default="small",
        help="chart of accounts: small 小企业会计准则 (default), asbe 企业会计准则",
    )
    add("--background", action="store_true", help="return when the server answers")
    add(
        "--stop",
        action="store_true",
        help="stop the server that runs in the background",
    )
    add("--reset", action="store_true", help="delete the database and make it anew")
    return parser


def main(argv):
    """Run the command; see entry.main for the exit status."""
    parser = build_parser()
    chosen = parser.parse_args(argv)
    password = os.environ.get("JXC_ADMIN_PASSWORD") or secrets.token_urlsafe(9)
    if password == "admin":
        parser.error("JXC_ADMIN_PASSWORD must not be admin")
    if chosen.stop and (chosen.reset or chosen.background):
        parser.error("--stop goes with no other action")
    if chosen.stop:
        return stop()
    if not chosen.reset and _already_running(chosen):
        return 0
    unknown = set(chosen.addons or ()) - set(addons.manifests())
    if unknown:
        known = ", ".join(addons.manifests()) or "none"
        parser.error(f"unknown addon {', '.join(sorted(unknown))}; addons/ has {known}")
    names = addons.choose(chosen.addons)
    state = running.find()
    if state:
        running.stop(state)
    running.check_port(chosen.interface, chosen.port)
    identity = environment.prepare("run", argv)
    # importable only now, on the Python of .venv
    from . import odoo, serving

    if chosen.lang not in odoo.languages():
        parser.error(f"Odoo has no language {chosen.lang}; Chinese is zh_CN")

    return serving.run(chosen, names, identity, password)


def stop():
    """Stop the background server and, when nobody else uses it, PostgreSQL."""
    state = running.find()
    if state:
        running.stop(state)
        print(f"stopped {state['url']}")
    else:
        print("no server of this folder is running")
    if (postgres.CLUSTER / "PG_VERSION").exists():
        postgres.stop_when_unused(patience=5 if state else 0)
    return 0


def _already_running(chosen):
    state = running.find()
    if not state:
        return False
    if state["database"] != chosen.db:
        raise Failure(
            "A server of this folder",
            f"already serves database {state['database']} at {state['url']}",
            "Stop it with --stop",
        )
    print(f"jxc is already running at {state['url']} (stop it with --stop)")
    return True
