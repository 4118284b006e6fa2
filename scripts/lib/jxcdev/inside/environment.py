# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Open a database from a script, the way Odoo's own shell does."""

import argparse
import logging
from contextlib import contextmanager

import odoo.api
from odoo.modules.registry import Registry
from odoo.tools import config


def parser(description):
    """Return an argument parser with what every script here takes."""
    result = argparse.ArgumentParser(description=description)
    result.add_argument("--config", required=True)
    result.add_argument("--database", required=True)
    return result


@contextmanager
def environment(options):
    """Give an environment of the superuser; commit when the block ends well."""
    config.parse_config(
        ["-c", options.config, "-d", options.database, "--log-level=warn"],
        setup_logging=True,
    )
    logging.getLogger("odoo.tools.translate").setLevel(logging.ERROR)
    with Registry(options.database).cursor() as cr:
        yield odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})
        cr.commit()
