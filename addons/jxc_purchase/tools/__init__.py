# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import amounts
from . import coverage
from . import distribution
from . import inspection_mark
from . import demand
from . import matching
from . import periods
from . import scoring
from . import sampling
from . import modes
from . import limits
from . import sources
from . import token
