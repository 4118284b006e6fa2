# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools.importing import (
    BadCell,
    ImportRefused,
    Problem,
    Row,
    Session,
    Table,
    layout,
    read_folder,
    read_upload,
    read_xlsx,
)


class JxcImport(models.AbstractModel):
    """The import service: all or nothing, every problem at once.

    The public methods are closed to RPC; a client uses the wizard, which uploads.
    """

    _name = "jxc.import"
    _description = "Data Import"

    # -- entrances ----------------------------------------------------------------

    @api.private
    def run_folder(self, path, history=False, progress=None, check_only=False):
        """Import all CSV files of a folder on the server into the current company.

        :param path: folder
        :param history: record past documents without enforcing budget and credit
        :param progress: callable(file, rows done, rows in all)
        :param check_only: find problems, write nothing
        :return: jxc.import.run (not stored when only checked); ``run.report`` has
            the figures
        :raise ImportRefused: with all problems; nothing was written
        :raise AccessError: unless the user administers the system
        """
        self._jxc_check_allowed()
        tables, problems = read_folder(path)
        return self._jxc_run(tables, problems, history, progress, check_only)

    @api.private
    def run_xlsx(self, content, history=False, progress=None, check_only=False):
        """Import a workbook given as bytes; see :meth:`run_folder`."""
        self._jxc_check_allowed()
        tables, problems = read_xlsx(content)
        return self._jxc_run(tables, problems, history, progress, check_only)

    @api.private
    def run_upload(
        self, filename, content, history=False, progress=None, check_only=False
    ):
        """Import an uploaded .xlsx or .zip; see :meth:`run_folder`."""
        self._jxc_check_allowed()
        tables, problems = read_upload(filename, content)
        return self._jxc_run(tables, problems, history, progress, check_only)

    @api.private
    def run_tables(self, tables, history=False, progress=None, check_only=False):
        """Import {file: [(line number, {column: text})]}; see :meth:`run_folder`."""
        self._jxc_check_allowed()
        tables = [
            Table(file, list(dict.fromkeys(c for _n, row in rows for c in row)), rows)
            for file, rows in tables.items()
        ]
        return self._jxc_run(tables, [], history, progress, check_only)

    def _jxc_check_allowed(self):
        if not (self.env.su or self.env.user.has_group("base.group_system")):
            raise AccessError(
                self.env._(
                    "Only an administrator (Administration: Settings) may import"
                    " company data."
                )
            )

    # -- the run ------------------------------------------------------------------

    def _jxc_run(self, tables, problems, history, progress, check_only):
        session = Session(self.env, history=history, progress=progress)
        service = self.with_env(session.user_env)
        session.problems += problems
        handlers = service._jxc_select_handlers(tables, session)
        service._jxc_parse(tables, handlers, session)
        service._jxc_check_rows(handlers, session)
        service._jxc_refuse_problems(session)
        if not check_only:
            service._jxc_load_or_refuse(handlers, session)
        return service._jxc_log_run(session, check_only).with_env(self.env)

    def _jxc_handlers(self):
        """{file: handler} of all installed addons, in the order of loading."""
        handlers = (
            self.env[name]
            for name, model in self.env.registry.items()
            if getattr(model, "_jxc_file", None)
        )
        return {
            handler._jxc_file: handler
            for handler in sorted(
                handlers, key=lambda h: (h._jxc_sequence, h._jxc_file)
            )
        }

    def _jxc_select_handlers(self, tables, session):
        """Handlers of the given tables in the order of loading; report unknown ones."""
        handlers = self._jxc_handlers()
        for table in tables:
            if table.file not in handlers:
                self._jxc_report(
                    session, table, None, self._jxc_unknown_file(table.file, handlers)
                )
        names = {table.file for table in tables}
        if not names and not session.problems:
            session.problems.append(
                Problem(
                    "import",
                    None,
                    None,
                    self.env._(
                        "holds no data. Files read here: %(files)s",
                        files=", ".join(f"{file}.csv" for file in handlers),
                    ),
                )
            )
        return {file: h for file, h in handlers.items() if file in names}

    def _jxc_unknown_file(self, file, handlers):
        addon = layout.FILES.get(file)
        if addon:
            return self.env._(
                "needs the addon %(addon)s, which is not installed", addon=addon
            )
        return self.env._(
            "is not a file of the layout. Files read here: %(files)s",
            files=", ".join(handlers),
        )

    # -- parsing ------------------------------------------------------------------

    def _jxc_parse(self, tables, handlers, session):
        """Turn texts into typed rows and report what cannot be read."""
        by_file = {table.file: table for table in tables}
        for file, handler in handlers.items():
            table = by_file[file]
            columns = handler._jxc_columns()
            self._jxc_check_header(table, columns, session)
            rows = self._jxc_parse_rows(table, columns, session)
            session.add_rows(file, rows)
            self._jxc_check_keys(table, rows, handler._jxc_key, session)

    def _jxc_check_header(self, table, columns, session):
        known = [column.name for column in columns]
        for name in table.columns:
            if name not in known:
                message = self._jxc_unknown_column(table.file, name, known)
                self._jxc_report(session, table, name, message, row=1)
        for column in columns:
            if column.required and column.name not in table.columns and table.rows:
                message = self.env._("the column is required and missing")
                self._jxc_report(session, table, column.name, message, row=1)

    def _jxc_unknown_column(self, file, name, known):
        addon = layout.COLUMNS.get((file, name))
        if addon:
            return self.env._(
                "needs the addon %(addon)s, which is not installed", addon=addon
            )
        return self.env._(
            "is not a column of this file, accepted are: %(columns)s",
            columns=", ".join(known),
        )

    def _jxc_parse_rows(self, table, columns, session):
        present = frozenset(table.columns)
        absent = [column for column in columns if column.name not in present]
        columns = [column for column in columns if column.name in present]
        empty = {column.name: None for column in absent}
        missing = {column.name for column in absent if column.required}
        rows = []
        for number, cells in table.rows:
            values, bad = dict(empty), set(missing)
            for column in columns:
                try:
                    values[column.name] = column.parse(cells.get(column.name, ""))
                except BadCell as error:
                    values[column.name] = None
                    bad.add(column.name)
                    message = self.env._(error.text)
                    self._jxc_report(session, table, column.name, message, row=number)
            rows.append(Row(table.file, number, values, present, bad))
        return rows

    def _jxc_check_keys(self, table, rows, key, session):
        first = {}
        for row in rows:
            if not key or row.bad.intersection(key):
                continue
            value = tuple(row[column] for column in key)
            if value not in first:
                first[value] = row.number
                continue
            message = self.env._(
                "%(value)s is already in row %(row)s, each may be there once",
                value=" / ".join(str(part) for part in value if part is not None),
                row=first[value],
            )
            self._jxc_report(session, table, ", ".join(key), message, row=row.number)

    def _jxc_report(self, session, table, column, message, row=None):
        session.problems.append(Problem(table.file, row, column, message))

    # -- checking and loading -----------------------------------------------------

    def _jxc_check_rows(self, handlers, session):
        """Let the handlers check what could be read, in the user's language."""
        for file, handler in handlers.items():
            session.file = file
            handler = handler.with_env(session.env)
            rows = [row for row in session.rows(file) if not row.bad]
            if rows:
                handler._jxc_check(rows, session)
            self._jxc_check_rest(handler, session)

    def _jxc_check_rest(self, handler, session):
        """Check the readable texts of rows in which something else cannot be read.

        A row with a wrong date is also told that nobody knows its customer. Stand-ins
        take the place of unreadable cells, so what they lead to is not believed, nor
        what depends on numbers and dates.
        """
        columns = handler._jxc_columns()
        names = {column.name for column in columns if column.type == "char"}
        bad = {row.number: row for row in session.rows(session.file) if row.bad}
        if not bad:
            return
        known = session.problems[:]
        handler._jxc_check([row.filled(columns) for row in bad.values()], session)
        found = session.problems[len(known) :]
        session.problems[:] = known + [
            problem
            for problem in found
            if problem.file == session.file
            and problem.row in bad
            and problem.column in names - bad[problem.row].bad
        ]

    def _jxc_load_or_refuse(self, handlers, session):
        """Load everything, or roll back and say why."""
        try:
            with self.env.cr.savepoint():
                self._jxc_load_rows(handlers, session)
                self._jxc_refuse_problems(session)
        except ImportRefused:
            raise
        except UserError as error:
            session.problem(None, None, error.args[0])
        except psycopg2.IntegrityError as error:
            session.problem(None, None, error.diag.message_primary or str(error))
        self._jxc_refuse_problems(session)

    def _jxc_load_rows(self, handlers, session):
        """Load the handlers' jobs: undated ones by file, then period by period."""
        session.start_loading()
        jobs = []
        for position, (file, handler) in enumerate(handlers.items()):
            handler = handler.with_env(session.env)
            for job in handler._jxc_plan(session.rows(file), session):
                when = job.period.isoformat() if job.period else ""
                jobs.append((when, position, file, handler, job))
        for _when, _position, file, handler, job in sorted(
            jobs, key=lambda planned: planned[:2]
        ):
            session.file = file
            goal = session.done + len(job.rows)
            handler._jxc_load(job.rows, session)
            # Writes whatever is pending, and frees what the job has read.
            self.env.invalidate_all()
            session.reach(goal)

    def _jxc_refuse_problems(self, session):
        if not session.problems:
            return
        problems = dict.fromkeys(
            Problem(p.file, p.row, p.column, self._jxc_text(p.message))
            for p in session.problems
        )
        problems = sorted(problems, key=lambda p: (p.file, p.row or 0))
        hidden = len(problems) - ImportRefused.SHOWN
        raise ImportRefused(
            self.env._(
                "Nothing was imported: %(count)s problems to correct.",
                count=len(problems),
            ),
            problems,
            self.env._("… and %(count)s more", count=hidden) if hidden > 0 else "",
        )

    def _jxc_text(self, message):
        return message if isinstance(message, str) else self.env._(message)

    # -- log ----------------------------------------------------------------------

    def _jxc_log_run(self, session, check_only):
        values = {
            "user_id": self.env.uid,
            "company_id": session.company.id,
            "files": ", ".join(session.files),
            "history": session.history,
            "report": session.report(),
        }
        Run = self.env["jxc.import.run"]
        if check_only:
            return Run.new(values)
        # The log may be written by nobody, not even administrators.
        return Run.sudo().create(values).sudo(False)
