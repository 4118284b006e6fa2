# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_list

from .jxc_product_unit import NAMES_SHOWN


class JxcProductUnit(models.Model):
    """What uses a unit, so that its content may no longer change."""

    _inherit = "jxc.product.unit"

    def _jxc_check_unused(self):
        """Refuse what would change the meaning of quantities that are there.

        :raise UserError: listing what uses the units
        """
        usages = self._jxc_unit_usage() if self else []
        if usages:
            raise UserError(
                self.env._(
                    "%(units)s of %(products)s cannot be changed or deleted, in use:\n"
                    "%(usages)s\nAdd the right unit beside it and archive this one.",
                    units=format_list(self.env, self.mapped("display_name")),
                    products=self._jxc_product_names(),
                    usages="\n".join(f"- {usage}" for usage in usages),
                )
            )

    def _jxc_unit_usage(self):
        """What stands in the way of changing or deleting these units.

        Extend it where units are used: ``super()`` plus own texts. Batch: the units
        may be of many products.

        :return: list of texts for people, [] when nothing uses them
        """
        return (
            self._jxc_stock_usage() + self._jxc_move_usage() + self._jxc_invoice_usage()
        )

    def _jxc_documents(self, lines, document, domain):
        """Documents with lines in these units, by product.

        A unit is shared by all companies and everybody in them, so all of them count.

        :param lines: model of lines with ``product_id`` and ``product_uom_id``
        :param document: its field for the document
        :param domain: which lines count
        :return: iterator of values for texts: product, count and names
        """
        pairs = {(unit.product_tmpl_id, unit.uom_id) for unit in self}
        goods = Domain("product_id.product_tmpl_id", "in", self.product_tmpl_id.ids)
        goods &= Domain("product_uom_id", "in", self.uom_id.ids)
        groups = lines.sudo()._read_group(
            goods & Domain(domain),
            ["product_id", "product_uom_id"],
            [f"{document}:recordset"],
        )
        for product, uom, documents in groups:
            if (product.product_tmpl_id, uom) in pairs:
                some = documents.sorted("id")[: NAMES_SHOWN + 1]
                yield {
                    "count": len(documents),
                    "product": product.display_name,
                    "names": self._jxc_some(some.mapped("display_name")),
                }

    def _jxc_invoice_usage(self):
        """Invoices and bills in these units, cancelled ones aside."""
        return [
            self.env._("%(count)s invoices of %(product)s: %(names)s", **values)
            for values in self._jxc_documents(
                self.env["account.move.line"],
                "move_id",
                [("display_type", "=", "product"), ("parent_state", "!=", "cancel")],
            )
        ]

    def _jxc_stock_usage(self):
        """Stock of the products: its boxes on the shelf hold what they hold."""
        # A unit is shared by all companies, so stock of any company counts.
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("product_id.product_tmpl_id", "in", self.product_tmpl_id.ids),
                    ("location_id.usage", "in", ("internal", "transit")),
                    ("quantity", "!=", 0),
                ],
                ["product_id"],
                ["quantity:sum"],
            )
        )
        return [
            self.env._(
                "stock on hand: %(quantity)s of %(product)s",
                quantity=product.jxc_format_qty(quantity),
                product=product.display_name,
            )
            for product, quantity in groups
            if not product.uom_id.is_zero(quantity)
        ]

    def _jxc_move_usage(self):
        """Stock moves in these units, cancelled ones aside."""
        domain = Domain("state", "!=", "cancel") & Domain.OR(
            Domain("product_id.product_tmpl_id", "=", unit.product_tmpl_id.id)
            & (
                Domain("product_uom", "=", unit.uom_id.id)
                | Domain("move_line_ids.product_uom_id", "=", unit.uom_id.id)
            )
            for unit in self
        )
        moves = self.env["stock.move"].sudo()
        usages = []
        for product, count in moves._read_group(domain, ["product_id"], ["__count"]):
            some = moves.search(
                domain & Domain("product_id", "=", product.id), limit=NAMES_SHOWN + 1
            )
            names = some.mapped(lambda move: move.reference or move.display_name)
            usages.append(
                self.env._(
                    "%(count)s stock moves of %(product)s: %(names)s",
                    count=count,
                    product=product.display_name,
                    names=self._jxc_some(list(dict.fromkeys(names))),
                )
            )
        return usages
