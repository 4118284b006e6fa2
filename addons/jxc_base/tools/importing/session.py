# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What the handlers of one import share: rows, problems, figures, lookups."""

import time

from odoo import fields
from odoo.fields import Domain
from odoo.tools import split_every

from .history import HISTORY, HISTORY_KEY
from .problems import Problem

BATCH = 1_000


class Session:
    """State of one import; handlers get it in every hook.

    :ivar env: environment of the importing user for the company of the import. Its
        language is the user's while rows are checked (problems are read by the user)
        and en_US while they are loaded (names of records fall back from it).
    :ivar user_env: the same, always in the user's language.
    :ivar text_env: the same, in the company's language: for texts in documents and
        their chatters, which everybody reads.
    :ivar company: the company all data goes to
    :ivar today: the day it is in the company
    :ivar history: True when past documents are recorded without limits
    :ivar cache: free for handlers, to share lookups
    """

    def __init__(self, env, history=False, progress=None):
        self.company = env.company
        self.history = bool(history)
        # A fresh context: nothing the caller put into its own reaches the handlers.
        context = {
            "allowed_company_ids": env.company.ids,
            "tz": env.user.tz,
            "tracking_disable": True,
            "mail_create_nosubscribe": True,
            "mail_auto_subscribe_no_notify": True,
        }
        if self.history:
            context[HISTORY_KEY] = HISTORY
        language = env.context.get("lang") or env.user.lang or "en_US"
        self.user_env = env(context=dict(context, lang=language))
        own_language = self.company.with_env(self.user_env)._jxc_lang()
        self.text_env = env(context=dict(context, lang=own_language))
        self.today = fields.Date.context_today(
            self.company.with_context(tz=self.company._jxc_timezone())
        )
        self.load_env = env(context=dict(context, lang="en_US"))
        self.env = self.user_env
        self.problems = []
        self.cache = {}
        self.file = None
        self._progress = progress
        self._tables = {}
        self._counts = {}
        self._totals = {}
        self._done = 0
        self._all = 0
        self._started = time.monotonic()

    # -- rows ---------------------------------------------------------------------

    def add_rows(self, file, rows):
        """Make the parsed rows of a file known; done by the service."""
        self._tables[file] = rows
        self._counts[file] = {"created": 0, "updated": 0, "unchanged": 0}
        self._totals[file] = {}
        self._all += len(rows)

    @property
    def files(self):
        """Names of the files of this import."""
        return list(self._tables)

    def rows(self, file):
        """All rows of another file of this import, [] when it has none.

        While rows are checked, rows with problems of their own are among them, with
        None in place of values that cannot be read: a product whose cost is wrong
        is still a known product.
        """
        return self._tables.get(file, [])

    def batches(self, rows, size=BATCH):
        """Yield rows in lists of at most ``size``, moving the progress bar."""
        for batch in split_every(size, rows, list):
            yield batch
            self.advance(len(batch))

    # -- results ------------------------------------------------------------------

    def problem(self, row, column, message):
        """Report something to correct. Also while loading: then all is rolled back.

        :param row: the Row, or None for the file as a whole
        :param column: name of the column, or None for the row as a whole
        :param message: what is wrong and what would be accepted, in the user's
            language (``self.env._``)
        """
        file = row.file if row is not None else self.file
        number = row.number if row is not None else None
        self.problems.append(Problem(file, number, column, str(message)))

    def count(self, file=None, created=0, updated=0, unchanged=0):
        """Add to the figures of a file (default: the one in work)."""
        counts = self._counts[file or self.file]
        counts["created"] += created
        counts["updated"] += updated
        counts["unchanged"] += unchanged

    def total(self, name, value, file=None):
        """Add to a total of a file, to be compared with the source."""
        totals = self._totals[file or self.file]
        totals[name] = totals.get(name, 0) + value

    def advance(self, rows):
        """Say that ``rows`` more rows are loaded."""
        self.reach(self._done + rows)

    def reach(self, done):
        """Say that ``done`` rows in all are loaded; never goes back."""
        self._done = min(max(done, self._done), self._all)
        if self._progress:
            self._progress(self.file, self._done, self._all)

    @property
    def done(self):
        return self._done

    def report(self):
        """Figures of the import so far, made of plain JSON values."""
        seconds = time.monotonic() - self._started
        rows = sum(map(len, self._tables.values()))
        return {
            "files": [
                {
                    "file": file,
                    "rows": len(rows),
                    **self._counts[file],
                    "totals": {
                        name: round(value, 6)
                        for name, value in self._totals[file].items()
                    },
                }
                for file, rows in self._tables.items()
            ],
            "rows": rows,
            "seconds": round(seconds, 2),
            "rows_per_second": round(rows / max(seconds, 0.001), 1),
        }

    # -- lookups ------------------------------------------------------------------

    def find(self, model, field, values):
        """One record for each value, in one search; archived ones included.

        The company's own records come before shared ones, active before archived.

        :param model: name of the model
        :param field: name of a stored field
        :param values: values to look for, empty ones are left out
        :return: {value: record}, values without record are absent
        """
        found = self.find_all(model, field, values)
        # Not records[0]: that would read each record on its own.
        return {value: next(iter(records)) for value, records in found.items()}

    def find_all(self, model, field, values):
        """All records for each value: {value: records}, see :meth:`find`."""
        values = list(dict.fromkeys(value for value in values if value))
        if not values:
            return {}
        records = self.env[model].with_context(active_test=False)
        domain = Domain(field, "in", values)
        if "company_id" in records._fields:
            domain &= Domain("company_id", "in", [False, self.company.id])
        records = records.search(domain)
        if "company_id" in records._fields:
            records = records.sorted(lambda record: not record.company_id)
        if "active" in records._fields:
            records = records.sorted(lambda record: not record.active)
        # Records of one search are read together, whichever of them comes first.
        return {
            value: self.env[model].browse(group.ids).with_prefetch(records.ids)
            for value, group in records.grouped(field).items()
        }

    # -- phases -------------------------------------------------------------------

    def start_loading(self):
        """From now on records are written: their names in en_US."""
        self.env = self.load_env
