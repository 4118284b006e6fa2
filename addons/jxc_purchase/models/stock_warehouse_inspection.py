# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError


class StockWarehouse(models.Model):
    """The places of goods to inspect and of rejected ones, made when first needed."""

    _inherit = "stock.warehouse"

    jxc_inspection_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Inspection Place",
        domain="[('usage', '=', 'internal'), ('jxc_status', '=', 'inspect'),"
        " ('warehouse_id', '=', id)]",
        check_company=True,
        copy=False,
        help="Received goods lie here until their inspection is done. Only receipts"
        " bring goods here, and only inspections take them away. Empty: made when the"
        " first goods come.",
    )
    jxc_defective_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Place of Rejected Goods",
        domain="[('usage', '=', 'internal'), ('jxc_status', '=', 'defective'),"
        " ('warehouse_id', '=', id)]",
        check_company=True,
        copy=False,
        help="Inspections bring rejected goods here. Empty: made with the first ones.",
    )

    @api.constrains("jxc_inspection_location_id", "jxc_defective_location_id")
    def _check_jxc_inspection_places(self):
        for warehouse in self:
            for name, status in (
                ("jxc_inspection_location_id", "inspect"),
                ("jxc_defective_location_id", "defective"),
            ):
                place = warehouse[name]
                if place and (
                    place.jxc_status != status
                    or place.usage != "internal"
                    or place.warehouse_id != warehouse
                ):
                    statuses = place._fields["jxc_status"]
                    raise ValidationError(
                        self.env._(
                            "%(place)s cannot be “%(field)s” of %(warehouse)s: that is"
                            " an internal location of the warehouse with the status"
                            " “%(status)s”.",
                            place=place.display_name,
                            field=self._fields[name]._description_string(self.env),
                            warehouse=warehouse.display_name,
                            status=dict(statuses._description_selection(self.env))[
                                status
                            ],
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Goods to inspect cannot be set free by naming another place.

        :raise UserError: naming the place that still holds goods
        """
        if "jxc_inspection_location_id" not in vals:
            return super().write(vals)
        for warehouse in self:
            place = warehouse.jxc_inspection_location_id
            if place and place.id != vals["jxc_inspection_location_id"]:
                warehouse._jxc_check_emptied(place)
        self.env.registry.clear_cache()
        return super().write(vals)

    def _jxc_check_emptied(self, place):
        quants = self.env["stock.quant"].sudo()
        if quants.search_count(
            [("location_id", "child_of", place.id), ("quantity", "!=", 0)], limit=1
        ):
            raise UserError(
                self.env._(
                    "%(place)s holds goods to inspect. Finish their inspections before"
                    " you choose another place.",
                    place=place.display_name,
                )
            )

    def _jxc_inspection_place(self):
        """The place of goods to inspect, made when it is missing."""
        return self._jxc_place("jxc_inspection_location_id", "inspect")

    def _jxc_defective_place(self):
        """The place of rejected goods, made when it is missing."""
        return self._jxc_place("jxc_defective_location_id", "defective")

    def _jxc_place(self, name, status):
        self.ensure_one()
        # Whoever receives goods need not have the right to set up warehouses.
        warehouse = self.sudo()
        if not warehouse[name]:
            # Two at once: the second one meets a changed row and is started again.
            warehouse[name] = warehouse.env["stock.location"].create(
                {
                    "name": warehouse._jxc_place_label(status),
                    "location_id": warehouse.view_location_id.id,
                    "usage": "internal",
                    "company_id": warehouse.company_id.id,
                    "jxc_stock_status": status,
                }
            )
            warehouse.flush_recordset([name])
        return warehouse[name].with_env(self.env)

    def _jxc_place_label(self, status):
        """What a place is called by everybody: in the language of the company."""
        texts = self.with_context(lang=self.company_id._jxc_lang()).env
        return texts._("To Inspect") if status == "inspect" else texts._("Defective")


class StockLocation(models.Model):
    _inherit = "stock.location"

    @api.constrains("jxc_stock_status", "location_id", "usage", "active")
    def _check_jxc_inspection_place(self):
        """A place of a warehouse for goods to inspect stays one."""
        warehouses = self.env["stock.warehouse"].sudo()
        domain = [
            "|",
            ("jxc_inspection_location_id", "in", self.ids),
            ("jxc_defective_location_id", "in", self.ids),
        ]
        for warehouse in warehouses.search(domain):
            warehouse._check_jxc_inspection_places()
            place = warehouse.jxc_inspection_location_id
            if place in self and not place.active:
                warehouse._jxc_check_emptied(place)

    @tools.ormcache()
    def _jxc_inspection_ids(self):
        """Ids of all places of goods to inspect, with what is below them."""
        warehouses = self.env["stock.warehouse"].sudo()
        warehouses = warehouses.with_context(active_test=False).search(
            [("jxc_inspection_location_id", "!=", False)]
        )
        places = self.sudo().with_context(active_test=False)
        roots = warehouses.jxc_inspection_location_id.ids
        return frozenset(places.search([("id", "child_of", roots)]).ids)
