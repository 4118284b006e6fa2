# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import models
from . import reports
from . import wizards
from .hooks import uninstall_hook
