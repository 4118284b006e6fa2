# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Services that take vouchers one at a time.

A service knows how to ask whether a voucher is there (``find``) and how to send one
(``send``). What can go wrong is told apart by the exceptions of ``base``, as everything
else depends on it: ``NotSentError`` is tried again, ``NoAnswerError`` is looked up
first, ``RefusedError`` is for people.
"""

from .base import Access, Found, RefusedError
from .eas import KingdeeEas
from .kingdee_cloud import KingdeeCloudApi
from .tplus import TPlus
from .u8_eai import U8Eai

SERVICES = {kind.code: kind for kind in (KingdeeEas, KingdeeCloudApi, U8Eai, TPlus)}
