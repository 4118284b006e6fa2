# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class TierDefinition(models.Model):
    """Ready-made tiers: installed inactive, switched on with one click.

    A preset is a definition whose domain is written with the words ``%(threshold)s``
    and ``%(categories)s``; addons ship them as data for their documents, inactive.
    """

    _inherit = "tier.definition"

    jxc_preset = fields.Char(
        string="Preset",
        readonly=True,
        index="btree_not_null",
        help="Technical name of the preset that this tier was made from.",
    )
    jxc_preset_domain = fields.Char(
        string="Preset Domain",
        readonly=True,
        export_string_translation=False,
    )
    jxc_threshold = fields.Float(
        string="Applies from",
        help="The tier applies from this value on: an amount in company currency, or a"
        " percentage.",
    )
    jxc_category_ids = fields.Many2many(
        comodel_name="product.category",
        relation="jxc_tier_definition_category_rel",
        string="Product Categories",
        help="The tier applies to products of these categories and those below them.",
    )
    jxc_has_threshold = fields.Boolean(
        compute="_compute_jxc_uses",
        export_string_translation=False,
    )
    jxc_has_categories = fields.Boolean(
        compute="_compute_jxc_uses",
        export_string_translation=False,
    )
    definition_domain = fields.Char(
        compute="_compute_definition_domain",
        store=True,
        readonly=False,
    )

    @api.depends("jxc_preset_domain")
    def _compute_jxc_uses(self):
        for definition in self:
            words = definition.jxc_preset_domain or ""
            definition.jxc_has_threshold = "%(threshold)s" in words
            definition.jxc_has_categories = "%(categories)s" in words

    @api.depends("jxc_preset_domain", "jxc_threshold", "jxc_category_ids")
    def _compute_definition_domain(self):
        for definition in self:
            words = definition.jxc_preset_domain
            if words:
                definition.definition_domain = words % {
                    "threshold": repr(definition.jxc_threshold),
                    "categories": repr(definition.jxc_category_ids.ids),
                }
            else:
                definition.definition_domain = definition.definition_domain

    @api.constrains("jxc_threshold")
    def _check_jxc_threshold(self):
        for definition in self:
            if definition.jxc_threshold < 0:
                raise ValidationError(
                    self.env._(
                        "%s: the value from which a tier applies cannot be below zero.",
                        definition.name,
                    )
                )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_jxc_activate(self):
        """Switch presets on: from now on documents that match need this approval.

        :raise AccessError: the user is no administrator
        :raise UserError: naming the preset that nobody would decide, or that has no
            category
        """
        self.check_access("write")
        for definition in self:
            definition._jxc_check_complete()
        self.active = True
        return True

    def action_jxc_deactivate(self):
        """Switch presets off; reviews that are open already stay.

        :raise AccessError: the user is no administrator
        """
        self.check_access("write")
        self.active = False
        return True

    def _jxc_check_complete(self):
        """:raise UserError: see :meth:`action_jxc_activate`"""
        self.ensure_one()
        group = self.reviewer_group_id
        decided = {
            "individual": self.reviewer_id,
            "group": group.all_user_ids,
            "field": self.reviewer_field_id,
        }
        if not decided[self.review_type]:
            raise UserError(
                self.env._(
                    "%s: choose a group with at least one member, or a person, to"
                    " decide this tier.",
                    self.name,
                )
            )
        if self.jxc_has_categories and not self.jxc_category_ids:
            raise UserError(
                self.env._(
                    "%s: choose the product categories that need this approval.",
                    self.name,
                )
            )
