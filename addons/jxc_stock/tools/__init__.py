# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import abc
from . import allocation
from . import catalog
from . import catch_weight
from . import compound
from . import period
from . import valuation
from . import stock_flow
from . import rounding
