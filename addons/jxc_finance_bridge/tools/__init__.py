# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from . import (
    bank_statement,
    books,
    token,
    einvoice,
    formats,
    invoice_match,
    limits,
    open_goods,
    sender,
    services,
    settlement,
    voucher,
    xml_reader,
    ageing,
    open_items,
    einvoice_file,
)
