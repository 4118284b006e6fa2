# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.orm.model_classes import add_to_registry  # odoo19-ok: old-import tests only
from odoo.tests import TransactionCase

from odoo.addons.jxc_base.tools.importing import ImportRefused

PARTNERS = [
    {"ref": "C1", "name": "华联超市", "kind": "customer", "country": "CN"},
    {"ref": "V1", "name": "Exotic Liquids", "kind": "vendor", "country": "GB"},
]
PRODUCTS = [
    {"code": "P1", "name": "红酒", "base_unit": "瓶", "category": "饮料 / 酒"},
    {"code": "P2", "name": "Chai", "base_unit": "公斤", "cost": "3.5"},
]


class ImportCase(TransactionCase):
    """Imports tables of texts and compares what came of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.env["jxc.import"].with_context(lang="en_US")

    @classmethod
    def register_probes(cls):
        """Install the two files of import_probe for this test class."""
        from .import_probe import ImportProbeBuys, ImportProbeSales

        names = []
        for definition in (ImportProbeBuys, ImportProbeSales):
            add_to_registry(cls.registry, definition)
            names.append(definition._name)
            cls.addClassCleanup(cls.registry.__delitem__, definition._name)
        cls.registry._setup_models__(cls.env.cr, names)

    @staticmethod
    def numbered(rows):
        return list(enumerate(rows, start=2))

    def run_tables(self, service=None, **options):
        """Import {file: [row, …]}; other options go to the service."""
        service = self.service if service is None else service
        files = options.pop("files")
        tables = {file: self.numbered(rows) for file, rows in files.items()}
        return service.run_tables(tables, **options)

    def refuse(self, files, **options):
        """Import what must be refused.

        :return: [(file, row, column, message)]
        """
        with self.assertRaises(ImportRefused) as refusal:
            self.run_tables(files=files, **options)
        return [
            (p.file, p.row, p.column, p.message) for p in refusal.exception.problems
        ]

    def figures(self, run, file):
        """(created, updated, unchanged) of one file."""
        (figures,) = [f for f in run.report["files"] if f["file"] == file]
        return figures["created"], figures["updated"], figures["unchanged"]

    def partner(self, ref):
        return self.env["res.partner"].search([("ref", "=", ref)])

    def product(self, code):
        return (
            self.env["product.product"]
            .with_context(active_test=False)
            .search([("default_code", "=", code)])
        )
