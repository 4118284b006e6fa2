#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Find APIs that Odoo 19 dropped or renamed and that no other linter reports.

Many of them raise no error: a constraint that is never created, a search that never
matches, a precision that silently falls back to two digits. Python is read as a syntax
tree and XML as a tree, so comments and documentation never count.

A finding that is right after all is allowed on its own line, or on the line above it:

    # odoo19-ok: <rule> <reason>        (Python, JavaScript)
    <!-- odoo19-ok: <rule> <reason> --> (XML)

Usage: check_odoo19.py [PATH ...]       default: addons
Exit status: 0 clean, 1 findings, 2 wrong usage.
"""

import ast
import csv
import io
import re
import sys
from pathlib import Path

from lxml import etree

from odoo19_rules import (
    OLD_CALLS,
    OLD_FIELD_PARAMETERS,
    OLD_IMPORTS,
    OLD_METHODS,
    OLD_MODELS,
    OLD_NAMES,
    ORDER_LINKS,
    ORDER_MODELS,
    ORDER_VARIABLES,
    RULES,
    SEARCHES,
    UNIT_CHECKS,
)

OURSELVES = {"check_odoo19.py", "odoo19_rules.py"}
ALLOWED = re.compile(r"odoo19-ok: ([a-z-]+) \S")


class PythonChecker(ast.NodeVisitor):
    """Collects ``(line, rule, detail)`` of one Python file."""

    def __init__(self, path, source):
        self.findings = []
        self.in_tests = path.name.startswith("test_") and path.parent.name == "tests"
        self.units_checked = any(name in source for name in UNIT_CHECKS)
        self.order_classes = 0

    def add(self, node, rule, detail):
        self.findings.append((node.lineno, rule, detail))

    def visit_ClassDef(self, node):
        models = {
            value.value
            for item in node.body
            if isinstance(item, ast.Assign)
            and any(_name(target) in ("_name", "_inherit") for target in item.targets)
            for value in ast.walk(item.value)
            if isinstance(value, ast.Constant)
        }
        on_order = bool(models & ORDER_MODELS)
        self.order_classes += on_order
        self._check_test_tags(node)
        self.generic_visit(node)
        self.order_classes -= on_order

    def _check_test_tags(self, node):
        has_tests = any(
            isinstance(item, ast.FunctionDef) and item.name.startswith("test_")
            for item in node.body
        )
        if not (self.in_tests and has_tests):
            return
        tags = {
            arg.value
            for decorator in node.decorator_list
            if isinstance(decorator, ast.Call) and _name(decorator.func) == "tagged"
            for arg in decorator.args
            if isinstance(arg, ast.Constant)
        }
        if not {"post_install", "-at_install"} <= tags:
            self.add(node, "test-tags", node.name)

    def visit_Assign(self, node):
        for target in node.targets:
            name = _name(target)
            if name == "_sql_constraints":
                self.add(node, "sql-constraints", name)
            elif name in OLD_NAMES and isinstance(target, ast.Name):
                self.add(node, "old-name", f"{name} -> {OLD_NAMES[name]}")
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        if node.name in OLD_METHODS:
            self.add(node, "old-method", f"{node.name} -> {OLD_METHODS[node.name]}")
        for decorator in node.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            dotted = ast.unparse(target)
            if dotted in ("api.multi", "api.one", "api.returns"):
                self.add(decorator, "old-decorator", dotted)
            elif dotted == "api.model" and node.name == "create":
                self.add(node, "create-single", "@api.model def create")
        self.generic_visit(node)

    def visit_Call(self, node):
        name = _name(node.func)
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        if isinstance(node.func, ast.Attribute):
            if _name(node.func.value) == "fields":
                for old in sorted(keywords.keys() & OLD_FIELD_PARAMETERS):
                    detail = f"{old} -> {OLD_FIELD_PARAMETERS[old]}"
                    self.add(node, "field-parameter", detail)
            if name in OLD_CALLS:
                self.add(node, "old-call", f"{name} -> {OLD_CALLS[name]}")
            elif name == "_compute_quantity" and not self.units_checked:
                self.add(node, "unit-unchecked", ast.unparse(node.func))
            elif name in SEARCHES and _env_model(node.func.value) in ORDER_MODELS:
                self._check_order_domain(node)
            if name == "search" and "count" in keywords:
                self.add(node, "search-count", "count=")
        if name == "route" and _constant(keywords.get("type")) == "json":
            self.add(node, "route-json", 'type="json"')
        for old, value in keywords.items():
            if old in OLD_NAMES:
                self.add(node, "old-name", f"{old} -> {OLD_NAMES[old]}")
            self._check_type(old, value)
        self.generic_visit(node)

    def _check_order_domain(self, node):
        for item in ast.walk(node):
            if isinstance(item, ast.Tuple) and _is_done_condition(item, "state"):
                self.add(item, "order-state-done", ast.unparse(item))

    def visit_Dict(self, node):
        for key, value in zip(node.keys, node.values, strict=True):
            self._check_type(_constant(key), value)
        self.generic_visit(node)

    def _check_type(self, name, value):
        if name in ("type", "default_type") and _constant(value) == "product":
            self.add(value, "storable-type", "type 'product'")

    def visit_Tuple(self, node):
        if len(node.elts) == 3:
            field, operator, value = map(_constant, node.elts)
            if isinstance(field, str) and operator in ("<>", "=="):
                self.add(node, "domain-operator", ast.unparse(node))
            if field == "type" and value == "product":
                self.add(node, "storable-type", ast.unparse(node))
            for link in ORDER_LINKS:
                if _is_done_condition(node, f"{link}.state"):
                    self.add(node, "order-state-done", ast.unparse(node))
        self.generic_visit(node)

    def visit_Compare(self, node):
        compared = [
            item.value
            for comparator in node.comparators
            for item in ast.walk(comparator)
            if isinstance(item, ast.Constant)
        ]
        if "done" in compared and self._is_order_state(node.left):
            self.add(node, "order-state-done", ast.unparse(node))
        self.generic_visit(node)

    def _is_order_state(self, node):
        if not (isinstance(node, ast.Attribute) and node.attr == "state"):
            return False
        owner = node.value
        if isinstance(owner, ast.Name):
            return owner.id in ORDER_VARIABLES or (
                owner.id == "self" and self.order_classes
            )
        return _name(owner) in ORDER_LINKS

    def visit_Attribute(self, node):
        if node.attr in OLD_NAMES:
            self.add(node, "old-name", f"{node.attr} -> {OLD_NAMES[node.attr]}")
        dotted = ast.unparse(node)
        if dotted in ("odoo.registry", "odoo.osv"):
            self.add(node, "old-import", f"{dotted} -> {OLD_IMPORTS[dotted]}")
        self.generic_visit(node)

    def visit_Constant(self, node):
        if not isinstance(node.value, str):
            return
        if node.value in OLD_MODELS:
            self.add(node, "old-model", f"{node.value} -> {OLD_MODELS[node.value]}")
        elif node.value == "Product Unit of Measure":
            self.add(node, "precision-name", node.value)
        else:
            for part in node.value.split("."):
                if part in OLD_NAMES and re.fullmatch(r"[a-z_.]+", node.value):
                    self.add(node, "old-name", f"{part} -> {OLD_NAMES[part]}")

    def visit_Import(self, node):
        for alias in node.names:
            self._check_import(node, alias.name)

    def visit_ImportFrom(self, node):
        for alias in node.names:
            self._check_import(node, f"{node.module}.{alias.name}")

    def _check_import(self, node, name):
        for old, new in OLD_IMPORTS.items():
            if f"{name}.".startswith(f"{old}."):
                self.add(node, "old-import", f"{old} -> {new}")


def _name(node):
    """The last word of a name or attribute, else an empty string."""
    return getattr(node, "attr", None) or getattr(node, "id", "")


def _constant(node):
    return node.value if isinstance(node, ast.Constant) else None


def _env_model(node):
    """``env["x"]`` -> ``x``, also behind ``sudo()`` and the like."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    if isinstance(node, ast.Subscript) and _name(node.value) == "env":
        return _constant(node.slice)
    return None


def _is_done_condition(node, field):
    if len(node.elts) != 3 or _constant(node.elts[0]) != field:
        return False
    return any(_constant(item) == "done" for item in ast.walk(node.elts[2]))


def check_python(path, source):
    """Findings ``(line, rule, detail)`` of a Python source text."""
    checker = PythonChecker(path, source)
    checker.visit(ast.parse(source, str(path)))
    return checker.findings


def check_xml(_path, source):
    """Findings of an XML data, view or template file."""
    findings = []
    root = etree.fromstring(source.encode())
    for element in root.iter(etree.Element):
        for rule, detail in (*_arch_rules(element), *_record_rules(element)):
            findings.append((element.sourceline, rule, detail))
    return findings


def _arch_rules(element):
    """Rules about one element wherever it stands."""
    tag, get = element.tag, element.get
    if tag == "tree":
        yield "xml-tree", "<tree>"
    for old in ("attrs", "states"):
        if get(old) is not None:
            yield "xml-attrs", old
    if "oe_chatter" in (get("class") or ""):
        yield "xml-chatter", "oe_chatter"
    if get("t-name") == "kanban-box":
        yield "xml-kanban-box", "kanban-box"
    if tag == "group" and (get("expand") or get("string")):
        if any(ancestor.tag == "search" for ancestor in element.iterancestors()):
            yield "xml-search-group", "<group>"
    for old in ("t-esc", "t-raw"):
        if get(old) is not None:
            yield "xml-t-esc", old
    if "@string" in (get("expr") or ""):
        yield "xml-string-locator", get("expr")
    if tag == "field" and get("name") in OLD_NAMES:
        yield "xml-old-name", f"{get('name')} -> {OLD_NAMES[get('name')]}"


def _record_rules(element):
    """Rules about records and their field values."""
    text = (element.text or "").strip()
    parent = element.getparent()
    for old in {element.get("model"), text} & OLD_MODELS.keys():
        yield "xml-old-name", f"{old} -> {OLD_MODELS[old]}"
    if parent is None:
        return
    if element.tag in ("act_window", "report") and parent.tag in ("odoo", "data"):
        yield "xml-shortcut", f"<{element.tag}>"
    if parent.tag != "record":
        return
    model, field = parent.get("model"), element.get("name")
    if field == "view_mode" and "tree" in text.split(","):
        yield "xml-view-mode", text
    if field == "target" and text == "inline":
        yield "xml-inline", text
    if model == "res.groups" and field in ("category_id", "users"):
        yield "xml-group-category", field
    if model == "ir.cron" and field in ("numbercall", "doall"):
        yield "xml-cron", field
    if model == "ir.ui.view" and field in ("group_ids", "groups_id"):
        if any(item.get("name") == "inherit_id" for item in parent):
            yield "xml-view-groups", parent.get("id") or ""


def check_acl(_path, source):
    """Findings of an ``ir.model.access.csv``."""
    reader = csv.DictReader(io.StringIO(source))
    return [
        (reader.line_num, "acl-group", row.get("id") or "")
        for row in reader
        if not (row.get("group_id:id") or row.get("group_id/id"))
    ]


def check_javascript(_path, source):
    """Findings of a front-end module."""
    findings = []
    for number, line in enumerate(source.splitlines(), 1):
        service = re.search(r"""useService\(["'](rpc|user)["']\)""", line)
        if service:
            findings.append((number, "js-service", service[1]))
        if "@odoo-module" in line and "alias" not in line:
            findings.append((number, "js-header", line.strip()))
    return findings


CHECKERS = {".py": check_python, ".xml": check_xml, ".js": check_javascript}


def check_text(path, source):
    """Findings of one file's text that no ``odoo19-ok`` comment allows."""
    is_acl = path.name == "ir.model.access.csv"
    checker = check_acl if is_acl else CHECKERS.get(path.suffix)
    if checker is None:
        return []
    lines = source.splitlines()
    kept = []
    for line, rule, detail in sorted(set(checker(path, source))):
        near = lines[max(line - 2, 0) : line]
        if rule not in ALLOWED.findall("\n".join(near)):
            kept.append((line, rule, detail))
    return kept


def files_of(paths):
    """Every file below the paths, but libraries of others and this check itself."""
    for path in map(Path, paths):
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in found:
            others = "static/lib" in file.as_posix()
            if file.is_file() and not others and file.name not in OURSELVES:
                yield file


def main(arguments):
    if any(argument.startswith("-") for argument in arguments):
        print(__doc__, file=sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    paths = arguments or ["addons"]
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        print(f"check_odoo19: no such path: {', '.join(missing)}", file=sys.stderr)
        return 2
    count = 0
    for path in files_of(paths):
        if path.suffix not in CHECKERS and path.name != "ir.model.access.csv":
            continue
        try:
            findings = check_text(path, path.read_text(encoding="utf-8"))
        except (SyntaxError, etree.XMLSyntaxError, UnicodeDecodeError) as error:
            findings = [(1, "unreadable", str(error))]
        for line, rule, detail in findings:
            count += 1
            print(f"{path}:{line}: {rule}: {detail} ({RULES.get(rule, 'unreadable')})")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
