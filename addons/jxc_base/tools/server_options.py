# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Options that only the person who runs the server can set.

They stand in a section ``[jxc]`` of Odoo's configuration file, as Odoo warns about
unknown names in its own section; an environment variable ``JXC_<NAME>`` wins.
"""

import os
from configparser import ConfigParser
from configparser import Error as ConfigError

from odoo.tools import config

SECTION = "jxc"


def server_option(name):
    """Return the text of an option, "" when it is not set.

    :param str name: name of the option in lower case
    """
    value = os.environ.get(f"JXC_{name.upper()}")
    if value is None:
        parser = ConfigParser(interpolation=None)
        try:
            parser.read(config["config"] or [], encoding="utf-8")
        except (OSError, ConfigError):
            return ""
        value = parser.get(SECTION, name, fallback="")
    return value.strip()


def server_list(name):
    """Return an option that holds several texts, separated by commas or blanks."""
    return server_option(name).replace(",", " ").split()
