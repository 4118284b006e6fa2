# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import (
    books,
    capitals,
    token,
    einvoice,
    formats,
    limits,
    sender,
    services,
    voucher,
    xml_reader,
)
