# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import inspect

from odoo.tests import TransactionCase, tagged

FIELDS = {
    "account.move": "jxc_voucher_word jxc_voucher_no jxc_voucher_period"
    " jxc_attachment_count jxc_pl_closing jxc_checked_by jxc_cashier_id",
    "jxc.finance.period": "company_id date_from date_to state",
    "jxc.stock.accrual": "purchase_line_id",
    "jxc.fapiao": "number kind direction seller_vat buyer_vat date amount_untaxed"
    " amount_tax amount_total move_ids state",
    "jxc.invoice.match": "state",
    "jxc.settlement": "kind",
    "jxc.settlement.line": "settlement_id",
    "jxc.finance.target": "code adapter endpoint mappings",
    "jxc.finance.outbox": "target_id move_id key state tries answer",
}
METHODS = {
    "jxc.finance.period": {
        "action_check": [],
        "action_close": [],
        "action_reopen": None,
    },
    "jxc.settlement": {"action_propose": [], "action_apply": [], "action_undo": []},
    "jxc.voucher": {
        "export_vouchers": ["date_from", "date_to", "format"],
        "get_vouchers": None,
        "get_balances": None,
        "get_open_items": None,
        "get_statement": None,
    },
}


@tagged("post_install", "-at_install")
class TestPublicInterface(TransactionCase):
    """The names that others build on stay what they are."""

    def test_fields(self):
        for name, fields in FIELDS.items():
            missing = set(fields.split()) - set(self.env[name]._fields)
            self.assertFalse(missing, name)

    def test_methods(self):
        """There, open to RPC, and with the parameters that were promised first."""
        for name, methods in METHODS.items():
            for method, wanted in methods.items():
                function = getattr(type(self.env[name]), method)
                self.assertFalse(getattr(function, "_api_private", False), method)
                names = list(inspect.signature(function).parameters)[1:]
                if wanted is not None:
                    self.assertEqual(names[: len(wanted)], wanted, method)
                self.assertTrue(function.__doc__, method)

    def test_mappings_are_written_through_it(self):
        """Codes of a finance system are given by its name for them."""
        target = self.env["jxc.finance.target"].create(
            {
                "name": "Books",
                "code": "INTERFACE",
                "mappings": [
                    (0, 0, {"kind": "word", "word": "记", "external_code": "J"})
                ],
            }
        )
        self.assertEqual(target.mappings.external_code, "J")
        self.assertEqual(target.mappings.target_id, target)
