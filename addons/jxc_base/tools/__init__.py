# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import approval
from . import capitals
from . import gate
from . import guard
from . import importing
from . import moving_average
from . import outbound
from . import prefetch
from . import secret
from . import server_options
