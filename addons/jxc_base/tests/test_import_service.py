# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import copy
import pickle
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.jxc_base.tools.importing import ImportRefused, is_history
from odoo.addons.jxc_base.tools.importing.history import HISTORY

from .import_common import PARTNERS, PRODUCTS, ImportCase
from .test_import_readers import make_xlsx


@tagged("post_install", "-at_install")
class TestImportService(ImportCase):
    """All or nothing, every problem at once, in the right order, by the right user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register_probes()
        cls.probe = cls.env["res.partner"].create({"name": "Probe", "ref": "PROBE"})

    def loaded(self):
        """[number, history, language] of the documents in the order of loading."""
        text = self.probe.comment.striptags()
        return [entry.split(" ") for entry in text.split("|")]

    # -- what is refused ----------------------------------------------------------

    def test_every_problem_of_every_file_at_once(self):
        problems = self.refuse(
            {
                "partners": [
                    {"ref": "C1", "name": "", "kind": "customer", "colour": "red"},
                    {"ref": "C2", "name": "b", "kind": "client", "colour": ""},
                    {"ref": "C3", "name": "c", "kind": "both", "colour": ""},
                    {"ref": "C3", "name": "d", "kind": "both", "colour": ""},
                ],
                "products": [
                    {"code": "P1", "base_unit": "瓶", "cost": "1,5"},
                    {"code": "P2", "base_unit": "瓶", "cost": "２"},
                ],
                "probe_buys": [{"number": "B1", "date": "2024/1/5", "qty": "0"}],
                "wages": [{"name": "x"}],
            }
        )
        places = {problem[:3] for problem in problems}
        self.assertEqual(
            places,
            {
                ("partners", 1, "colour"),
                ("partners", 2, "name"),
                ("partners", 3, "kind"),
                ("partners", 5, "ref"),
                ("products", 1, "name"),
                ("products", 2, "cost"),
                ("products", 3, "cost"),
                ("probe_buys", 2, "date"),
                ("probe_buys", 2, "qty"),
                ("wages", None, None),
            },
        )
        texts = {problem[:3]: problem[3] for problem in problems}
        self.assertIn("customer, vendor, both", texts["partners", 3, "kind"])
        self.assertIn("row 4", texts["partners", 5, "ref"])
        self.assertFalse(self.partner("C3"))

    def test_file_and_column_of_an_addon_that_is_not_installed(self):
        handlers = self.service._jxc_handlers()
        kept = {file: handlers[file] for file in ("partners", "products")}
        base = self.registry["jxc.import.partners"]
        without = [c for c in base._jxc_columns(self.env["jxc.import.partners"])]
        without = [c for c in without if c.name not in ("tier", "credit_limit")]
        with (
            patch.object(
                self.registry["jxc.import"], "_jxc_handlers", lambda self: kept
            ),
            patch.object(base, "_jxc_columns", lambda self: without),
        ):
            problems = self.refuse(
                {
                    "partners": [{**PARTNERS[0], "credit_limit": "5"}],
                    "sale_orders": [{"number": "S1"}],
                }
            )
        self.assertEqual(
            [problem[:3] for problem in problems],
            [("partners", 1, "credit_limit"), ("sale_orders", None, None)],
        )
        for problem in problems:
            self.assertIn("jxc_sales", problem[3])

    def test_message_names_places_and_says_nothing_was_imported(self):
        rows = [{"ref": f"X{n}", "name": "", "kind": "both"} for n in range(60)]
        with self.assertRaises(ImportRefused) as refusal:
            self.run_tables(files={"partners": rows})
        message = str(refusal.exception)
        self.assertIn("60 problems", message)
        self.assertIn("partners:2 [name]", message)
        self.assertIn("10 more", message)
        self.assertEqual(len(refusal.exception.problems), 60)

    def test_problems_are_in_the_users_language(self):
        if not self.env["res.lang"]._lang_get("zh_CN"):
            self.env["res.lang"]._activate_lang("zh_CN")
        service = self.service.with_context(lang="zh_CN")
        with self.assertRaises(ImportRefused) as refusal:
            self.run_tables(
                service, files={"partners": [{**PARTNERS[0], "lang": "xx", "vat": "="}]}
            )
        texts = {p.column: p.message for p in refusal.exception.problems}
        self.assertRegex(texts["vat"], "[\u4e00-\u9fff]")

    def test_nothing_to_import(self):
        self.assertTrue(self.refuse({}))
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(ImportRefused):
                self.service.run_folder(folder)

    def test_row_with_a_problem_is_still_known_to_other_files(self):
        problems = self.refuse(
            {
                "products": [{**PRODUCTS[0], "cost": "cheap"}],
                "probe_buys": [
                    {"number": "B1", "date": "2024-01-05", "code": "P1"},
                    {"number": "B2", "date": "2024-01-05", "code": "P9"},
                ],
            }
        )
        self.assertEqual(
            [problem[:3] for problem in problems],
            [("probe_buys", 3, "code"), ("products", 2, "cost")],
        )

    def test_readable_cells_of_a_row_with_a_problem(self):
        """A wrong date hides no unknown customer; stand-ins are never reported."""
        problems = self.refuse(
            {
                "partners": [{"ref": "C1", "name": "", "kind": "both", "country": "X"}],
                "probe_buys": [
                    {"number": "B1", "date": "2024-13-05", "code": "P9"},
                    {"number": "B2", "date": "2024-01-05", "code": "\0"},
                ],
            }
        )
        self.assertEqual(
            [problem[:3] for problem in problems],
            [
                ("partners", 2, "name"),
                ("partners", 2, "country"),
                ("probe_buys", 2, "date"),
                ("probe_buys", 2, "code"),
                ("probe_buys", 3, "code"),
            ],
        )

    def test_any_cell_that_cannot_be_read(self):
        """Every installed file tells any unreadable cell, whatever else is there."""
        for file, handler in self.service._jxc_handlers().items():
            columns = handler._jxc_columns()
            row = {
                column.name: column.format(column.stand_in()) or "x"
                for column in columns
                if column.type != "set"
            }
            for column in columns:
                with self.subTest(file=file, column=column.name):
                    problems = self.refuse({file: [{**row, column.name: "\0"}]})
                    places = [problem[:3] for problem in problems]
                    self.assertEqual(places.count((file, 2, column.name)), 1)

    def test_problem_while_loading_rolls_everything_back(self):
        problems = self.refuse(
            {
                "partners": PARTNERS,
                "probe_buys": [{"number": "BLOCKED", "date": "2024-01-05"}],
            }
        )
        self.assertEqual(problems, [("probe_buys", 2, None, "over the limit")])
        self.assertFalse(self.partner("C1"))
        self.assertFalse(self.env["jxc.import.run"].search_count([]))

    @mute_logger("odoo.sql_db")
    def test_failure_while_loading_rolls_everything_back(self):
        files = {
            "partners": PARTNERS,
            "probe_buys": [{"number": "FAILS", "date": "2024-01-05"}],
        }
        problems = self.refuse(files)
        self.assertEqual([problem[0] for problem in problems], ["probe_buys"])
        self.assertFalse(self.partner("C1"))
        self.assertFalse(
            self.env["res.partner"].search_count([("name", "=", "half written")])
        )

    def test_check_only_writes_nothing(self):
        run = self.run_tables(files={"partners": PARTNERS}, check_only=True)
        self.assertFalse(run.id)
        self.assertEqual(run.report["rows"], 2)
        self.assertFalse(self.partner("C1"))
        self.assertTrue(self.refuse({"partners": [{"ref": "C1"}]}, check_only=True))

    # -- how it is loaded ---------------------------------------------------------

    def test_periods_before_files(self):
        """What is bought in a month is there before it is sold, month by month."""
        self.run_tables(
            files={
                "probe_sales": [
                    {"number": "S1", "date": "2024-01-02"},
                    {"number": "S2", "date": "2024-02-02"},
                ],
                "probe_buys": [
                    {"number": "B2", "date": "2024-02-28"},
                    {"number": "B1", "date": "2024-01-31"},
                ],
            }
        )
        numbers = [entry[0] for entry in self.loaded()]
        self.assertEqual(numbers, ["B1", "S1", "B2", "S2"])

    def test_counts_totals_progress_and_log(self):
        steps = []
        run = self.run_tables(
            files={
                "partners": PARTNERS,
                "probe_buys": [
                    {"number": "B1", "date": "2024-01-05", "qty": "0.1"},
                    {"number": "B2", "date": "2024-02-05", "qty": "0.2"},
                ],
            },
            progress=lambda *step: steps.append(step),
            history=True,
        )
        self.assertEqual(self.figures(run, "probe_buys"), (2, 0, 0))
        self.assertEqual(run.report["files"][1]["totals"], {"quantity": 0.3})
        self.assertEqual(steps[0], ("partners", 2, 4))
        self.assertEqual(steps[-1], ("probe_buys", 4, 4))
        self.assertEqual([done for _f, done, _a in steps], [2, 2, 3, 4])
        log = self.env["jxc.import.run"].search([])
        self.assertEqual(log, run)
        self.assertRecordValues(
            log,
            [
                {
                    "user_id": self.env.uid,
                    "company_id": self.env.company.id,
                    "files": "partners, probe_buys",
                    "history": True,
                    "row_count": 4,
                }
            ],
        )
        self.assertIn("quantity 0.30", log.report_html)

    def test_figures_for_people(self):
        """Totals are in the reader's language, and counts have no decimals."""
        self.env["res.lang"]._activate_lang("zh_CN")
        totals = {"lines": 2155, "untaxed": 1265793.29, "own": 3}
        figures = {"file": "sale_orders", "rows": 2155, "totals": totals}
        figures |= {"created": 830, "updated": 0, "unchanged": 0}
        run = self.env["jxc.import.run"].new({"report": {"files": [figures]}})
        shown = run.with_context(lang="zh_CN")._jxc_render_report()
        self.assertIn("订单行数 2,155, 不含税金额 1,265,793.29, own 3<", shown)

    def test_handlers_get_a_context_of_their_own(self):
        service = self.service.with_context(
            lang="en_US", skip_validation_check=True, jxc_history=True
        )
        self.run_tables(
            service, files={"probe_buys": [{"number": "B1", "date": "2024-01-05"}]}
        )
        self.assertEqual(self.loaded(), [["B1", "False", "en_US"]])
        seen = []
        handler = self.registry["jxc.import.probe_buys"]
        with patch.object(
            handler, "_jxc_load", lambda self, rows, s: seen.append(self.env.context)
        ):
            self.run_tables(
                service, files={"probe_buys": [{"number": "B1", "date": "2024-01-05"}]}
            )
        self.assertNotIn("skip_validation_check", seen[0])
        self.assertEqual(seen[0]["allowed_company_ids"], self.env.company.ids)

    # -- history ------------------------------------------------------------------

    def test_history_only_inside_a_history_run(self):
        files = {"probe_buys": [{"number": "B1", "date": "2024-01-05"}]}
        run = self.run_tables(files=files, history=True)
        self.assertEqual(self.loaded(), [["B1", "True", "en_US"]])
        self.assertFalse(is_history(run.env))
        self.assertFalse(is_history(self.env))

    def test_history_mark_cannot_be_made_from_values(self):
        for value in (True, 1, "<history import>", repr(HISTORY), [HISTORY], {}, None):
            self.assertFalse(is_history(self.env(context={"jxc_history": value})))
        self.assertIs(copy.deepcopy({"x": HISTORY})["x"], HISTORY)
        with self.assertRaises(TypeError):
            pickle.dumps(HISTORY)

    # -- who may ------------------------------------------------------------------

    def test_only_administrators(self):
        manager = new_test_user(
            self.env, "import_manager", groups="base.group_partner_manager"
        )
        service = self.service.with_user(manager)
        for call in (
            lambda: self.run_tables(service, files={"partners": PARTNERS}),
            lambda: service.run_folder("/tmp"),
            lambda: service.run_xlsx(b""),
            lambda: service.run_upload("x.zip", b""),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_log_is_written_by_nobody(self):
        run = self.run_tables(files={"partners": PARTNERS})
        admin = new_test_user(self.env, "import_admin", groups="base.group_system")
        for call in (
            lambda log: log.write({"history": False}),
            lambda log: log.unlink(),
            lambda log: log.create({"company_id": self.env.company.id}),
        ):
            with self.assertRaises(AccessError):
                call(run.with_user(admin))
        executive = new_test_user(
            self.env, "import_boss", groups="jxc_base.group_executive"
        )
        self.assertEqual(run.with_user(executive).files, "partners")
        clerk = new_test_user(self.env, "import_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            run.with_user(clerk).read(["files"])

    # -- sources ------------------------------------------------------------------

    def test_workbook_equals_folder(self):
        header = list(PARTNERS[0])
        rows = [header, *([row[name] for name in header] for row in PARTNERS)]
        with tempfile.TemporaryDirectory() as folder:
            text = "\n".join(",".join(row) for row in rows)
            Path(folder, "partners.csv").write_text(text, encoding="utf-8-sig")
            first = self.service.run_folder(folder)
        self.assertEqual(self.figures(first, "partners"), (2, 0, 0))
        second = self.service.run_xlsx(make_xlsx({"partners": rows}))
        self.assertEqual(self.figures(second, "partners"), (0, 0, 2))


@tagged("post_install", "-at_install")
class TestImportRpc(HttpCase):
    """What a client of the RPC interfaces can and cannot do."""

    def call(self, model, method, args, context):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {
                "model": model,
                "method": method,
                "args": args,
                "kwargs": {"context": context},
            },
        )

    def test_history_cannot_be_claimed_over_rpc(self):
        new_test_user(self.env, "import_rpc", groups="base.group_system")
        self.authenticate("import_rpc", "import_rpc")
        contexts = []
        partners = self.registry["res.partner"]

        def probe(self, *args, **kwargs):
            contexts.append((self.env.context.get("jxc_history"), is_history(self.env)))
            return []

        forged = [True, 1, "HISTORY", {"__class__": "_HistoryMark"}, ["x"]]
        with patch.object(partners, "name_search", probe):
            for value in forged:
                self.call("res.partner", "name_search", [[]], {"jxc_history": value})
                self.xmlrpc_object.execute_kw(
                    self.env.cr.dbname,
                    self.uid_of("import_rpc"),
                    "import_rpc",
                    "res.partner",
                    "name_search",
                    [[]],
                    {"context": {"jxc_history": value}},
                )
        self.assertEqual(len(contexts), 2 * len(forged))
        for value, history in contexts:
            self.assertTrue(value, "the forged value must have arrived")
            self.assertFalse(history)

    def uid_of(self, login):
        return self.env["res.users"].search([("login", "=", login)]).id

    @mute_logger("odoo.http")
    def test_service_is_closed_to_rpc(self):
        """Files of the server cannot be read through the import, even by admins."""
        new_test_user(self.env, "import_rpc", groups="base.group_system")
        self.authenticate("import_rpc", "import_rpc")
        for method, arguments in (
            ("run_folder", ["/etc"]),
            ("run_tables", [{}]),
            ("run_xlsx", [""]),
            ("run_upload", ["x.zip", ""]),
            ("_jxc_run", [[], [], True, None, False]),
        ):
            with self.assertRaisesRegex(JsonRpcException, "AccessError"):
                self.call("jxc.import", method, [[], *arguments], {})
