# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import secret
from ..tools.outbound import NotSentError, check_url, pause

#: the group that nobody is in
NO_ACCESS = "."
#: failures in a row that followers are told of
TOLD_AFTER = 5


class JxcOutsideSystemMixin(models.AbstractModel):
    """A system outside that Odoo talks to over HTTP.

    Its password is encrypted at rest, is never shown again, and belongs to one address:
    who points the record somewhere else types it again. Failures in a row are kept by
    the sending, which waits longer after each.

    A model sets ``_jxc_address_field``, adds to ``_jxc_address_fields`` what else a
    password is for, and gives ``secret`` and the address the groups that may set them.
    """

    _name = "jxc.outside.system.mixin"
    _description = "System Outside"
    _inherit = ["jxc.server.fields.mixin"]

    _jxc_server_fields = frozenset(
        {"secret_token", "failure_count", "next_try", "last_error"}
    )
    #: the field with the address
    _jxc_address_field = "endpoint"
    #: a password is for these; a change of one of them forgets it
    _jxc_address_fields = ("endpoint", "login")

    secret = fields.Char(
        string="Password",
        compute="_compute_secret",
        inverse="_inverse_secret",
        groups="base.group_system",
        exportable=False,
        copy=False,
    )
    secret_token = fields.Char(
        groups=NO_ACCESS,
        exportable=False,
        copy=False,
        export_string_translation=False,
    )
    has_secret = fields.Boolean(
        string="Password Is Set",
        compute="_compute_has_secret",
        compute_sudo=True,
    )
    failure_count = fields.Integer(
        string="Failures in a Row",
        readonly=True,
        copy=False,
    )
    next_try = fields.Datetime(
        readonly=True,
        copy=False,
    )
    last_error = fields.Text(
        readonly=True,
        copy=False,
    )

    def _compute_secret(self):
        self.secret = False

    def _inverse_secret(self):
        for system in self:
            if system.secret:
                # sudo: nobody can reach the field
                system.sudo().secret_token = secret.encrypt(self.env, system.secret)

    @api.depends("secret_token")
    def _compute_has_secret(self):
        for system in self:
            system.has_secret = bool(system.secret_token)

    def write(self, vals):
        """Write settings.

        :raise AccessError: naming what only the sending writes
        """
        moving = self.browse()
        if not vals.get("secret"):
            moving = self.filtered(lambda system: system._jxc_moves_away(vals))
        result = super().write(vals)
        # Who changes the address must know the password.
        # sudo: nobody can reach the field
        moving.sudo().secret_token = False
        return result

    def _jxc_moves_away(self, vals):
        system = self.sudo()
        names = vals.keys() & set(self._jxc_address_fields)
        return any(system[name] != vals[name] for name in names)

    def _jxc_get_secret(self):
        """Return the password in plain; never for clients.

        :raise UserError: the server has not the key it was encrypted with
        """
        self.ensure_one()
        return secret.decrypt(self.env, self.sudo().secret_token)

    def _jxc_check_address(self):
        """Refuse addresses that must not be asked, before anything waits for them.

        :raise ValidationError: naming the record, the address and the way out
        """
        for system in self.sudo():
            try:
                check_url(system[self._jxc_address_field])
            except NotSentError as error:
                raise ValidationError(
                    self.env._(
                        "%(system)s: %(problem)s",
                        system=system.display_name,
                        problem=self.env._(error.message),
                    )
                ) from error

    def _jxc_note_success(self):
        """Forget the failures before."""
        self.ensure_one()
        if self.failure_count:
            self.write({"failure_count": 0, "next_try": False, "last_error": False})

    def _jxc_note_failure(self, error):
        """Keep a failure and wait longer; the fifth in a row is told to the followers.

        :param str error: what happened
        """
        self.ensure_one()
        failures = self.failure_count + 1
        wait = timedelta(seconds=pause(failures))
        self.write(
            {
                "failure_count": failures,
                "next_try": fields.Datetime.now() + wait,
                "last_error": error,
            }
        )
        if failures == TOLD_AFTER:
            self.message_post(body=self._jxc_failing_text(error))

    def _jxc_failing_text(self, error):
        """What followers are told after failures in a row: hook."""
        return self.env._(
            "%(system)s does not answer: %(error)s",
            system=self.display_name,
            error=error,
        )
