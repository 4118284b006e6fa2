# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What must hold for the repository as a whole; nothing here needs a database."""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

import odoo.addons

from odoo19_examples import EXAMPLES

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import check_odoo19  # noqa: E402
import check_translations  # noqa: E402
import check_tree  # noqa: E402
import check_xml  # noqa: E402

ADDONS = sorted(path.parent for path in ROOT.glob("addons/*/__manifest__.py"))
NAMES = [addon.name for addon in ADDONS]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("addons/*/readme/*.md")]
)
MANIFEST_KEYS = {
    *("name", "summary", "version", "license", "author", "website", "category"),
    *("depends", "external_dependencies", "data", "demo", "assets", "application"),
    *("pre_init_hook", "post_init_hook", "uninstall_hook", "images"),
}
# The map of the design: what an addon may build on, besides jxc_base
LIBRARIES = {"report_xlsx", "auditlog", "queue_job", "date_range"}
MAY_DEPEND = {
    "jxc_base": {"mail", "product", "uom", "base_tier_validation"},
    "jxc_stock": {"barcodes", "stock_account", "product_expiry"},
    "jxc_purchase": {
        *("jxc_stock", "purchase_stock"),
        *("purchase_requisition_stock", "stock_dropshipping"),
    },
    "jxc_sales": {"jxc_stock", "sale_stock", "sale_management", "sale_loyalty"},
    "jxc_finance_bridge": {
        *("account", "stock_account", "purchase_stock", "sale_stock"),
        *("l10n_cn", "mis_builder", "account_financial_report"),
    },
    # Mailings, ratings, promotions for segments, deliveries and lots: the platform's
    "jxc_crm_lite": {
        *("sale_crm", "crm_sms", "helpdesk_mgmt"),
        *("mass_mailing_sms", "rating", "repair", "sale_loyalty", "sale_stock"),
    },
}
INSTALLABLE_WITHOUT = {
    "jxc_base": {"stock", "account", "sale", "purchase", "crm"},
    "jxc_stock": {"purchase", "sale"},
    "jxc_purchase": {"jxc_sales"},
    "jxc_sales": {"purchase", "jxc_purchase"},
    "jxc_finance_bridge": {"jxc_purchase", "jxc_sales"},
    "jxc_crm_lite": {"jxc_purchase", "jxc_finance_bridge"},
}


@cache
def manifest(name):
    """The manifest of an addon of ours, of OCA or of Odoo."""
    for folder in (str(ROOT / "addons"), *odoo.addons.__path__):
        path = Path(folder, name, "__manifest__.py")
        if path.is_file():
            return ast.literal_eval(path.read_text(encoding="utf-8"))
    raise LookupError(f"no addon {name}")


@cache
def needs(name):
    """Every addon that must be installed for this one."""
    depends = set(manifest(name).get("depends", [] if name == "base" else ["base"]))
    return depends.union(*(needs(depend) for depend in depends))


def test_the_six_addons_are_there():
    assert set(NAMES) == set(MAY_DEPEND)


@pytest.mark.parametrize("name", NAMES)
def test_manifest(name):
    values = manifest(name)
    assert set(values) <= MANIFEST_KEYS
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", values["version"])
    assert (values["license"], values["author"]) == ("AGPL-3", "jxc")
    assert values["summary"] and values["category"] and values["website"]
    for key in ("data", "demo"):
        for file in values.get(key, []):
            assert (ROOT / "addons" / name / file).is_file(), file


@pytest.mark.parametrize("name", NAMES)
def test_depends_on_what_the_design_allows(name):
    allowed = MAY_DEPEND[name] | LIBRARIES
    assert set(manifest(name)["depends"]) - {"jxc_base"} <= allowed


@pytest.mark.parametrize("name", NAMES)
def test_installable_without(name):
    assert not needs(name) & INSTALLABLE_WITHOUT[name]


@pytest.mark.parametrize("name", NAMES)
def test_imports_only_what_it_depends_on(name):
    imported = {}
    for path in sorted((ROOT / "addons" / name).rglob("*.py")):
        for found in re.findall(
            r"^\s*(?:from|import) odoo\.addons\.(\w+)", path.read_text("utf-8"), re.M
        ):
            imported.setdefault(found, path)
    strangers = {k: v for k, v in imported.items() if k not in needs(name) | {name}}
    assert not strangers


@pytest.mark.parametrize("name", NAMES)
def test_translated(name):
    assert check_translations.check_addon(ROOT / "addons" / name) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_test_file_is_imported(name):
    folder = ROOT / "addons" / name / "tests"
    files = {path.stem for path in folder.glob("test_*.py")}
    tree = ast.parse((folder / "__init__.py").read_text("utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert files and files <= imported


@pytest.mark.parametrize("rule", sorted(check_odoo19.RULES))
def test_old_api_rule(rule):
    file, wrong, right = EXAMPLES[rule]
    if file.endswith(".xml"):
        wrong, right = f"<data>\n{wrong}\n</data>", f"<data>\n{right}\n</data>"
    found = [name for _, name, _ in check_odoo19.check_text(Path(file), wrong)]
    assert found == [rule]
    assert check_odoo19.check_text(Path(file), right) == []


def test_old_api_exception_names_its_rule_and_reason():
    def check(comment):
        text = f"# {comment}\nself.read_group([])"
        return [name for _, name, _ in check_odoo19.check_text(Path("x.py"), text)]

    assert check("odoo19-ok: old-call the model of a client library") == []
    assert check("odoo19-ok: old-name another rule") == ["old-call"]
    assert check("odoo19-ok: old-call") == ["old-call"], "no reason given"


def test_xml_layout():
    wrong = (
        '<?xml version="1.0"?>\n<odoo>\n<record id="a"\n model="m">\n'
        '  <field name="help">one\n two</field> \n</record></odoo>'
    )
    right = (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<odoo>\n    <record id="a"\n'
        '        model="m">\n        <field name="help">one\n two</field>\n'
        "    </record></odoo>\n"
    )
    assert check_xml.layout(wrong) == right
    assert check_xml.layout(right) == right
    assert check_xml.findings(wrong) and check_xml.findings(right) == []


def test_xml_layout_keeps_values_and_comments():
    text = (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<odoo>\n'
        "    <!-- a\n  > b -->\n    <field domain=\"[\n  ('a', '>', 1),\n]\"/>\n"
        "    <x><![CDATA[\n<y>\n]]></x>\n</odoo>\n"
    )
    assert check_xml.layout(text) == text


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        ("a = '/ro" + "ot/x/y'\n", "path of one machine"),
        ("a = 'https://registry.npm" + "js.org'\n", "package registry host"),
        ("a = 1 \n", "end of the line"),
        ("a = 1", "one newline"),
        ("a = 1\n" * 451, "451 lines"),
        ("<<<<<<" + "< HEAD\n", "merge conflict"),
        ("#!/bin/sh\n", "not executable"),
        ("a = '/odoo/ro" + "ot/x'\n", None),
        ("a = 1\n" * 450, None),
    ],
)
def test_tree_check(tmp_path, content, finding):
    path = tmp_path / "x.py"
    path.write_text(content)
    texts = [text for _, text in check_tree.check_file(path)]
    assert len(texts) == (1 if finding else 0)
    assert finding is None or finding in texts[0]


@pytest.mark.parametrize(
    ("entry", "finding"),
    [
        ('msgid "a"\nmsgstr "甲"\n', None),
        ('msgid "a"\nmsgstr ""\n', "empty"),
        ('#, fuzzy\nmsgid "a"\nmsgstr "甲"\n', "fuzzy"),
        ('msgid "a"\nmsgstr "甲"\n\nmsgid "b"\nmsgstr "乙"\n', "not in the template"),
        ("", "not translated"),
    ],
)
def test_translation_check(tmp_path, entry, finding):
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    folder = tmp_path / "jxc_x" / "i18n"
    folder.mkdir(parents=True)
    (folder / "jxc_x.pot").write_text(f'{header}msgid "a"\nmsgstr ""\n', "utf-8")
    (folder / "zh_CN.po").write_text(header + entry, "utf-8")
    findings = check_translations.check_addon(folder.parent)
    assert len(findings) == (1 if finding else 0)
    assert finding is None or finding in findings[0]


def test_translation_check_wants_both_files(tmp_path):
    assert len(check_translations.check_addon(tmp_path)) == 2


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_documents_point_at_what_exists(path):
    text = path.read_text("utf-8")
    scripts = re.findall(r"(?<![\w/])(?:\./)?((?:scripts|\.ci)/[\w/.-]*\w)", text)
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    missing = [name for name in scripts if not (ROOT / name).exists()]
    missing += [name for name in links if not (path.parent / name).exists()]
    assert not missing


@pytest.mark.parametrize("document", ["README.md", "README.zh_CN.md"])
def test_documented_options_exist(document):
    text = (ROOT / document).read_text("utf-8")
    chapter = r"^#+ [^\n]*`\./scripts/(\w+)`\n(.*?)(?=^#)"
    sections = dict(re.findall(chapter, text, re.M | re.S))
    assert {"run", "test"} <= set(sections)
    for script, section in sections.items():
        options = set(re.findall(r"`(--[a-z-]+)", section))
        known = run_script(script, "--help")
        assert known.returncode == 0
        assert not {o for o in options if o not in known.stdout}, script


@pytest.mark.parametrize("addon", ADDONS, ids=NAMES)
def test_wizards_belong_to_who_opened_them(addon):
    """The platform keeps nobody from reading the wizards of others, by their ids."""
    owned = set()
    for file in addon.glob("security/*.xml"):
        for rule in ElementTree.parse(file).iterfind(".//record[@model='ir.rule']"):
            values = {field.get("name"): field for field in rule.iterfind("field")}
            if "create_uid" in (values["domain_force"].text or ""):
                owned.add(values["model_id"].get("ref"))
    wizards = set()
    for file in addon.glob("**/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base) for base in node.bases}
                names = [
                    statement.value.value
                    for statement in node.body
                    if isinstance(statement, ast.Assign)
                    and ast.unparse(statement.targets[0]) == "_name"
                ]
                if names and "models.TransientModel" in bases:
                    wizards.add("model_" + names[0].replace(".", "_"))
    assert sorted(wizards - owned) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--no-such-option"],
        ["test", "no/such/path"],
        ["lint", "--no-such-option"],
        ["lint", "no/such/path"],
        ["import", "--no-such-option"],
        ["../.ci/run", "--no-such-option"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_answered_with_usage(arguments):
    answer = run_script(*arguments)
    assert answer.returncode == 2
    assert "usage" in answer.stderr.lower()


def run_script(script, *arguments):
    return subprocess.run(
        [ROOT / "scripts" / script, *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        timeout=120,
        check=False,
    )
