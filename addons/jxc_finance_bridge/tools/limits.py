# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What is read from others at most; everything larger is refused unparsed."""

#: bytes of a file with vouchers
FILE_BYTES = 50_000_000
#: bytes of all parts of a workbook, unpacked
UNPACKED_BYTES = 500_000_000
#: bytes of an electronic invoice in XML
INVOICE_BYTES = 5_000_000
#: entries of a file with vouchers
ENTRIES = 1_000_000
#: bytes and transactions of a bank statement
BANK_BYTES = 20_000_000
BANK_ROWS = 50_000
#: bytes of one uploaded file of an invoice, and how many at once
UPLOAD_BYTES = 10_000_000
UPLOADS = 200
#: entries of an OFD package, and bytes of all its XML, unpacked
PACKAGE_ENTRIES = 500
PACKAGE_BYTES = 20_000_000
