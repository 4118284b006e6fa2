# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import comment_wizard
from . import jxc_approval_decision
from . import jxc_import_wizard
from . import jxc_import_wizard_problem
