# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import einvoice
from . import formats
from . import limits
from . import sender
from . import services
from . import voucher
from . import xml_reader
