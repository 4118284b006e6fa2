# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import sms_template


class JxcSmsGatewayTemplate(models.Model):
    """One of our texts and what the provider calls it."""

    _name = "jxc.sms.gateway.template"
    _description = "Template of an SMS Gateway"
    _order = "sequence, id"
    _check_company_auto = True

    gateway_id = fields.Many2one(
        comodel_name="jxc.sms.gateway",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="gateway_id.company_id",
        store=True,
    )
    sequence = fields.Integer(
        default=10,
    )
    name = fields.Char(
        required=True,
        help="What programs call it when they send.",
    )
    code = fields.Char(
        string="Provider's Code",
        help="Number of the approved template (模板编号): {template} in the"
        " parameters.",
    )
    sms_template_id = fields.Many2one(
        comodel_name="sms.template",
        string="Own Template",
        ondelete="restrict",
        help="Messages made of this template go out with the provider's code.",
    )
    content = fields.Text(
        help="The text with {name} for what changes. Empty: the text of the own"
        " template, whose placeholders are numbered 1, 2, 3…",
    )
    parameters = fields.Char(
        string="Order of Parameters",
        help="Names separated by commas, in the provider's order. Empty: as in the"
        " text.",
    )
    parameter_names = fields.Char(
        string="Provider's Names",
        help="What the provider calls them in {params}, in the same order. Empty: as"
        " here.",
    )
    is_marketing = fields.Boolean(
        string="Marketing",
        help="Not for numbers that opted out, and not in quiet hours.",
    )

    _name_unique = models.Constraint(
        "UNIQUE (gateway_id, name)",
        "There is already a template of this name.",
    )

    @api.constrains("content", "sms_template_id", "parameters", "parameter_names")
    def _check_parameters(self):
        for template in self:
            content = template._get_contents()[:1]
            known = sms_template.holes(content[0]) if content else []
            named = template._get_order("parameters") or known
            provider = template._get_order("parameter_names")
            unknown = sorted(set(named) - set(known))
            if not content or unknown or (provider and len(provider) != len(named)):
                raise ValidationError(
                    self.env._(
                        "SMS template %(name)s needs a text, its parameters must be of"
                        " that text (%(known)s), and the provider's names as many.",
                        name=template.name,
                        known=", ".join(known) or "–",
                    )
                )

    def _get_order(self, name):
        text = (self[name] or "").replace("，", ",")
        return [part.strip() for part in text.split(",") if part.strip()]

    def _get_contents(self):
        """Texts that count as this template, in every language."""
        self.ensure_one()
        if self.content:
            return [self.content.strip()]
        # sudo: senders need not see templates of the platform
        own = self.sudo().sms_template_id
        if not own:
            return []
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        bodies = [own.with_context(lang=code).body for code in languages]
        return list(dict.fromkeys(body.strip() for body in bodies if body))

    def _match(self, body):
        """Return (template, values) that a text was made of, (none, {}) if none."""
        for template in self:
            for content in template._get_contents():
                values = sms_template.values_of(content, body)
                if values is not None:
                    return template, values
        return self.browse(), {}

    def _get_parameters(self, values):
        """Return the parameters as [provider's name, text] in the provider's order."""
        order = self._get_order("parameters")
        if not order:
            order = sms_template.holes(self._get_contents()[0])
        names = self._get_order("parameter_names") or order
        return [
            [name, str(values[key])] for name, key in zip(names, order, strict=True)
        ]
