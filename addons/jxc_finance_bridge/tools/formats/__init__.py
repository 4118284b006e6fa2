# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Files that finance systems import vouchers from.

A format has a code, the extension and type of its files, and

* ``normal(voucher)``: the voucher as far as the file can hold it,
* ``problems(voucher)``: why the other system would refuse it,
* ``dump(vouchers, settings)``: the file,
* ``load(content)``: the vouchers of a file; reading what was written gives what
  ``normal`` returns.
"""

from .base import Settings
from .gbt24589 import Gbt24589
from .kingdee_cloud import KingdeeCloud
from .kingdee_k3 import KingdeeK3
from .u8_text import U8Text
from .u8_xml import U8Xml

FORMATS = {
    kind.code: kind() for kind in (KingdeeK3, KingdeeCloud, U8Text, U8Xml, Gbt24589)
}
