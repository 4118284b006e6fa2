# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from odoo.fields import Command

from .common import TODAY, CustomerClassCommon


class RepurchaseCommon(CustomerClassCommon):
    """Goods sold by the piece and by the box of twelve; orders of several lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls.env.ref("uom.product_uom_unit")
        cls.box = cls.env["uom.uom"].create(
            {
                "name": "Box of 12 for tests",
                "relative_uom_id": cls.piece.id,
                "relative_factor": 12,
            }
        )
        cls.soy, cls.vinegar, cls.rice, cls.salt = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "consu",
                    "list_price": 10,
                    "uom_id": cls.piece.id,
                    "uom_ids": [Command.set(cls.box.ids)],
                    "taxes_id": [Command.clear()],
                }
                for name in ("Soy", "Vinegar", "Rice", "Salt")
            ]
        )
        cls.cycles = cls.env["jxc.repurchase.cycle"]
        cls.affinity = cls.env["jxc.product.affinity"]

    @classmethod
    def _buy(cls, partner, days_ago, *lines, company=None, hour=12):
        """A confirmed order; lines are (product, quantity) or (product, qty, unit)."""
        company = company or cls.company
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": line[0].id,
                                "product_uom_qty": line[1],
                                "product_uom_id": (*line, cls.piece)[2].id,
                                "price_unit": 10,
                                "tax_ids": [Command.clear()],
                            }
                        )
                        for line in lines
                    ],
                }
            )
        )
        order.action_confirm()
        order.date_order = datetime.datetime.combine(
            TODAY - datetime.timedelta(days=days_ago), datetime.time(hour)
        )
        return order

    def _cycle(self, partner, product=None, company=None):
        return self.cycles.search(
            [
                ("partner_id", "=", partner.id),
                ("product_id", "=", (product or self.soy).id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def _recompute_cycles(self, company=None, day=TODAY):
        return self.cycles._recompute(company or self.company, day)
