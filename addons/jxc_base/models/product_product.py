# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import ValidationError


class ProductProduct(models.Model):
    _inherit = "product.product"

    jxc_import_cost = fields.Float(
        string="Imported Cost",
        min_display_digits="Product Price",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups="base.group_system",
        export_string_translation=False,
        help="Cost given by the last import. The cost itself moves on with receipts; "
        "an import changes it only when the imported one changes.",
    )

    def _jxc_check_unit(self, unit):
        """Refuse a unit in which this product is not counted.

        :param unit: uom.uom, may be empty as the product may
        :raise ValidationError: see :meth:`_jxc_unit_problem`
        """
        if self and unit and (problem := self._jxc_unit_problem(unit)):
            raise ValidationError(problem)

    def _jxc_unit_problem(self, unit):
        """Why a document may not give a quantity of this product in a unit: hook.

        The platform converts kilograms to pieces without a word.

        :param unit: uom.uom
        :return: text for people with the accepted units, empty when it may be used
        """
        self.ensure_one()
        base = self.uom_id
        if unit == base or unit._has_common_reference(base):
            return ""
        return self.env._(
            "%(product)s is counted in %(base)s, and %(unit)s does not convert to it."
            " Accepted are: %(units)s; others are added to the product first.",
            product=self.display_name,
            base=base.name,
            unit=unit.name,
            units=", ".join((base | self.uom_ids).mapped("name")),
        )

    def _jxc_booked_worths(self, company, cut):
        """What the books say these products were worth just before a moment: hook.

        For the addon that books stock at movement; the stock ledger asks.

        :param company: res.company
        :param cut: datetime
        :return: ``{product id: value}`` in company currency, of products for which the
            books know better than the stock moves do
        """
        return {}
