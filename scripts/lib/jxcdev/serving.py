# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The second half of scripts/run: from PostgreSQL to a server that answers."""

import os
import time

from . import browser, company, databases, environment, postgres, running
from .server import OdooServer
from .steps import Failure, say, step


def run(chosen, names, identity, password):
    """Provide PostgreSQL, a browser and the database, and serve it.

    :param chosen: options of the command line
    :param names: addons for a new database
    :param str identity: identity of the Odoo in use
    :param str password: the administrator's, for a new database
    :return: exit status
    """
    with step("Browser for PDF reports") as current:
        try:
            browser.provide(current)
        except Failure as failure:
            current.result(f"none, so reports cannot be printed ({failure})")
    with postgres.provide() as cluster:
        with environment.one_at_a_time("database"):
            if chosen.reset:
                databases.drop(cluster, chosen.db)
            fresh = not databases.exists(cluster, chosen.db)
            if fresh:
                company.create(cluster, chosen, names, identity, password)
            else:
                company.update(cluster, chosen)
        _serve(cluster, chosen, password if fresh else None)
    return 0


def _serve(cluster, chosen, password):
    odoo_server = OdooServer(
        cluster,
        chosen.db,
        http_interface=chosen.interface,
        http_port=chosen.port,
        workers=chosen.workers,
    )
    with step("Odoo server"), postgres.handed_on() as descriptor:
        keep = (descriptor,) if cluster.own else ()
        odoo_server.start(detached=chosen.background, keep=keep)
    running.remember(odoo_server)
    _welcome(odoo_server, password)
    if chosen.background:
        return
    try:
        while odoo_server.process.poll() is None:
            time.sleep(0.5)
        raise Failure("Odoo", "the server ended by itself", f"See {odoo_server.log}")
    except KeyboardInterrupt:
        print("\nstopping", flush=True)
    finally:
        odoo_server.stop()
        running.forget()


def _welcome(odoo_server, password):
    say(f"Log: {odoo_server.log}")
    print()
    print(f"  jxc       {odoo_server.url}")
    print("  login     admin")
    if password and not os.environ.get("JXC_ADMIN_PASSWORD"):
        print(f"  password  {password}   (shown only now)")
    elif password:
        print("  password  as in JXC_ADMIN_PASSWORD")
    else:
        print("  password  as set when the database was made")
    print(flush=True)
