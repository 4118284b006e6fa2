# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import controllers, models, reports, tools, wizards
from .hooks import post_init_hook, uninstall_hook
