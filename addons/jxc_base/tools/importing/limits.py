# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What one import accepts at most. Everything larger is refused before it is read."""


class Limits:
    """Sizes in bytes and counts; generous for a company, small for a server."""

    FILE_BYTES = 100 * 1024 * 1024
    TOTAL_BYTES = 300 * 1024 * 1024
    COMPRESSION_RATIO = 200
    ARCHIVE_ENTRIES = 200
    ROWS = 500_000
    SHEET_ROWS = 1_048_576
    COLUMNS = 100
    CELL_CHARACTERS = 4_000
    NUMBER = 10**12
    DECIMALS = 12
    INTEGER = 2_147_483_647
    FIRST_YEAR = 1900
    LAST_YEAR = 2199
